"""Names of blank nodes: equal for equal statements when compared, apart for each record when written."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

MOST_ROUNDS = 50


def canonical(statements: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return statements with blank nodes named ``b0``, ``b1`` … by what is said of them.

    The names do not depend on the names before, nor on the order. Time grows with statements times rounds and
    no faster. (Canonicalisation in full, RDFC-1.0, takes three seconds for eight nodes that all refer to each
    other and about ten times longer for each further one, so that a partner could stop us.) Nodes that still
    look alike after all rounds are named in any order; where they say the same that makes no difference.

    Source:
        Weisfeiler and Leman (1968), colour refinement.
    """
    found = list(statements)
    edges = _edges(found)
    colours = dict.fromkeys(edges, "")
    kinds = 1
    for _round in range(min(MOST_ROUNDS, len(edges))):
        colours = {node: _colour(colours[node], edges[node], colours) for node in edges}
        if len(set(colours.values())) == kinds:
            break
        kinds = len(set(colours.values()))
    order = sorted(edges, key=lambda node: colours[node])
    names = {node: ox.BlankNode(f"b{number}") for number, node in enumerate(order)}
    return [_renamed(each, names) for each in found]


def scoped(statements: Iterable[ox.Triple], scope: str) -> Iterator[ox.Triple]:
    """Yield statements with blank nodes that no other record's can be taken for."""
    for each in statements:
        nodes = (term for term in (each.subject, each.object) if isinstance(term, ox.BlankNode))
        yield _renamed(each, {node: scoped_node(scope, node.value) for node in nodes})


def scoped_node(scope: str, label: str) -> ox.BlankNode:
    """Return the blank node of that label in a scope, such as the IRI of a record."""
    digest = hashlib.sha256(f"{scope}\x1f{label}".encode()).hexdigest()
    return ox.BlankNode(f"b{digest[:24]}")


_Edges = dict[ox.BlankNode, list[tuple[str, str, object]]]


def _edges(statements: list[ox.Triple]) -> _Edges:
    edges: _Edges = defaultdict(list)
    for each in statements:
        if isinstance(each.subject, ox.BlankNode):
            edges[each.subject].append(("out", each.predicate.value, each.object))
        if isinstance(each.object, ox.BlankNode):
            edges[each.object].append(("in", each.predicate.value, each.subject))
    return edges


def _colour(former: str, edges: list[tuple[str, str, object]], colours: dict[ox.BlankNode, str]) -> str:
    seen = sorted(
        f"{way} {predicate} {colours[other] if isinstance(other, ox.BlankNode) else other}"
        for way, predicate, other in edges
    )
    return hashlib.sha256("\n".join((former, *seen)).encode()).hexdigest()


def _renamed(statement: ox.Triple, names: dict[ox.BlankNode, ox.BlankNode]) -> ox.Triple:
    subject, object_ = statement.subject, statement.object
    return ox.Triple(names.get(subject, subject), statement.predicate, names.get(object_, object_))
