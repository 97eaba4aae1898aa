"""CQL2 filters: from their JSON form to a condition with values apart, so that no value is ever part of SQL.

What a filter may name is given: the columns of one table and its geometry. Everything else is refused with a
sentence. Instants without a zone are compared as UTC; a date is compared by the day.

Source: OGC 21-065r2, Common Query Language (CQL2), clauses 6 to 8; OGC 19-079r2, OGC API Features part 3.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tandem.catalogue.domain.cql2_geometry import bounds_of, checked_geometry
from tandem.catalogue.domain.moments import as_moment
from tandem.core.errors import InvalidInput
from tandem.core.text import say

MOST_NODES, MOST_DEPTH, MOST_WILDCARDS = 500, 40, 12
GEOMETRY = "geometry"
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
SPATIAL = ("contains", "crosses", "disjoint", "equals", "intersects", "overlaps", "touches", "within")
# Of two intervals [a, A] and [b, B]; an instant is an interval whose ends are one. Source: OGC 21-065r2, table 10.
TEMPORAL: Mapping[str, str] = {
    "after": "{a} > {B}",
    "before": "{A} < {b}",
    "contains": "{a} < {b} AND {A} > {B}",
    "disjoint": "{A} < {b} OR {a} > {B}",
    "during": "{a} > {b} AND {A} < {B}",
    "equals": "{a} = {b} AND {A} = {B}",
    "finishedby": "{a} < {b} AND {A} = {B}",
    "finishes": "{a} > {b} AND {A} = {B}",
    "intersects": "{a} <= {B} AND {A} >= {b}",
    "meets": "{A} = {b}",
    "metby": "{a} = {B}",
    "overlappedby": "{a} > {b} AND {a} < {B} AND {A} > {B}",
    "overlaps": "{a} < {b} AND {A} > {b} AND {A} < {B}",
    "startedby": "{a} = {b} AND {A} > {B}",
    "starts": "{a} = {b} AND {A} < {B}",
}
_ARITHMETIC = {
    "+": "({} + {})",
    "-": "({} - {})",
    "*": "({} * {})",
    "/": "({} / nullif({}, 0))",
    "%": "({} % nullif({}, 0))",
    "div": "trunc({} / nullif({}, 0))",
    "^": "TRY(pow({}, {}))",
}
_KINDS = {"integer": "number", "decimal": "number"}
_ORDERED = frozenset({"number", "text", "date", "datetime", "time"})


class BadFilter(InvalidInput):
    """The filter cannot be applied to this table."""

    code = "catalogue.features.bad-filter"


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of SQL with the values of its question marks.

    Attributes:
        kind: ``number``, ``text``, ``boolean``, ``date``, ``datetime``, ``time`` or ``geometry``.
        bounds: West, south, east, north of a geometry that is written in the filter.
    """

    sql: str
    values: tuple[Any, ...] = ()
    kind: str = "boolean"
    bounds: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What a filter may name.

    Attributes:
        kinds: The kind of each column, by its key.
        geometry: SQL of the geometry, in longitude and latitude; empty where the rows have none.
        box: SQL of the geometry's least x, least y, most x, most y, in degrees; the same twice where all
            geometries are points, so that fewer columns are read.
        in_degrees: Returns a geometry in longitude and latitude, as GeoJSON; it is given one as the filter has it.
    """

    kinds: Mapping[str, str]
    geometry: str = GEOMETRY
    box: tuple[str, str, str, str] = ("xmin", "ymin", "xmax", "ymax")
    in_degrees: Callable[[str], str] = str


def condition_of(expression: Any, names: Names) -> Term:
    """Return the condition that a filter stands for.

    Args:
        expression: A filter in CQL2's JSON form, as plain values.
        names: What it may name.

    Raises:
        BadFilter: It names something unknown, compares what cannot be compared, or is too large.

    >>> condition_of({"op": "=", "args": [{"property": "kind"}, "oak"]}, Names({"kind": "text"}))
    Term(sql='("kind" = ?)', values=('oak',), kind='boolean', bounds=None)
    """
    term = _Translation(names).term(expression, 0)
    if term.kind != "boolean":
        raise BadFilter(
            say(
                "A filter must be something that is true or false; this is of the kind {kind}.",
                kind=term.kind,
            )
        )
    return term


class _Translation:
    """One filter on its way to SQL; counts its nodes."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.nodes = 0

    def term(self, node: Any, depth: int) -> Term:
        """Return what a node of the filter stands for."""
        self.nodes += 1
        if depth > MOST_DEPTH or self.nodes > MOST_NODES:
            raise BadFilter(
                say(
                    "The filter is too large: at most {nodes} parts, {depth} deep.",
                    nodes=MOST_NODES,
                    depth=MOST_DEPTH,
                )
            )
        if not isinstance(node, Mapping):
            return _literal(node)
        if "op" in node:
            return self._operation(node, depth)
        if "property" in node:
            return self._property(node["property"])
        if "date" in node or "timestamp" in node:
            return _moment(node.get("date", node.get("timestamp")), "date" if "date" in node else "datetime")
        if "bbox" in node or "type" in node:
            return self._geometry(node)
        raise BadFilter(say("This is no part of a filter: {part}.", part=_short(node)))

    def _property(self, name: Any) -> Term:
        kind = self.names.kinds.get(name) if isinstance(name, str) else None
        if kind is None and name == GEOMETRY and self.names.geometry:
            return Term(self.names.geometry, kind="geometry")
        if kind is None or kind == "geometry":
            known = ", ".join(key for key, each in self.names.kinds.items() if each != "geometry")
            raise BadFilter(say("There is no property {name}. Known: {known}.", name=repr(name), known=known))
        return Term(quoted(str(name)), kind=_KINDS.get(kind, kind))

    def _operation(self, node: Mapping[str, Any], depth: int) -> Term:
        op, args = str(node["op"]).lower(), node.get("args")
        if not isinstance(args, Sequence) or isinstance(args, str):
            raise BadFilter(say("{op} needs a list of arguments.", op=op))
        known = (
            (op in {"and", "or"}, self._junction),
            (op == "not", self._not),
            (op in COMPARISONS, self._comparison),
            (op == "like", self._like),
            (op == "between", self._between),
            (op == "in", self._in),
            (op == "isnull", self._is_null),
            (op in {"casei", "accenti"}, self._folded),
            (op in _ARITHMETIC, self._arithmetic),
            (op.removeprefix("s_") in SPATIAL and op.startswith("s_"), self._spatial),
            (op.removeprefix("t_") in TEMPORAL and op.startswith("t_"), self._temporal),
        )
        made = next((make for fits, make in known if fits), None)
        if made is None:
            raise BadFilter(
                say(
                    "{op} is not supported here. See the conformance page for what is.", op=_short(node["op"])
                )
            )
        return made(op, args, depth + 1)

    def _several(self, op: str, args: Sequence[Any], depth: int, number: int) -> list[Term]:
        if len(args) != number:
            raise BadFilter(
                say("{op} needs {number} arguments, and has {given}.", op=op, number=number, given=len(args))
            )
        return [self.term(each, depth) for each in args]

    def _junction(self, op: str, args: Sequence[Any], depth: int) -> Term:
        if not args:
            raise BadFilter(say("{op} needs a list of arguments.", op=op))
        terms = [_of_kind(op, self.term(each, depth), "boolean") for each in args]
        return _joined(f" {op.upper()} ".join("{}" for _ in terms), *terms)

    def _not(self, op: str, args: Sequence[Any], depth: int) -> Term:
        (term,) = self._several(op, args, depth, 1)
        return _joined("NOT {}", _of_kind(op, term, "boolean"))

    def _comparison(self, op: str, args: Sequence[Any], depth: int) -> Term:
        left, right = _alike(op, self._several(op, args, depth, 2))
        if left.kind == "geometry" or (left.kind == "boolean" and op not in {"=", "<>"}):
            raise BadFilter(say("{op} cannot compare values of the kind {kind}.", op=op, kind=left.kind))
        return _joined(f"{{}} {op} {{}}", left, right)

    def _like(self, op: str, args: Sequence[Any], depth: int) -> Term:
        cell, pattern = (_of_kind(op, term, "text") for term in self._several(op, args, depth, 2))
        if len(pattern.values) != 1:
            raise BadFilter(say("The pattern of like must be a text."))
        wanted = Term(pattern.sql, (_pattern(str(pattern.values[0])),), "text")
        return _joined("{} LIKE {} ESCAPE '\\'", cell, wanted)

    def _between(self, op: str, args: Sequence[Any], depth: int) -> Term:
        value, least, most = _alike(op, self._several(op, args, depth, 3))
        if value.kind not in _ORDERED:
            raise BadFilter(say("{op} cannot compare values of the kind {kind}.", op=op, kind=value.kind))
        return _joined("{} BETWEEN {} AND {}", value, least, most)

    def _in(self, op: str, args: Sequence[Any], depth: int) -> Term:
        if len(args) != 2 or not isinstance(args[1], Sequence) or isinstance(args[1], str) or not args[1]:
            raise BadFilter(say("in needs a value and a list of values."))
        value, *listed = _alike(op, [self.term(each, depth) for each in (args[0], *args[1])])
        return _joined("{} IN (" + ", ".join("{}" for _ in listed) + ")", value, *listed)

    def _is_null(self, op: str, args: Sequence[Any], depth: int) -> Term:
        return _joined("{} IS NULL", *self._several(op, args, depth, 1))

    def _folded(self, op: str, args: Sequence[Any], depth: int) -> Term:
        (term,) = self._several(op, args, depth, 1)
        function = "lower" if op == "casei" else "strip_accents"
        folded = _of_kind(op, term, "text")
        return Term(f"{function}({folded.sql})", folded.values, "text")

    def _arithmetic(self, op: str, args: Sequence[Any], depth: int) -> Term:
        terms = [_of_kind(op, term, "number") for term in self._several(op, args, depth, 2)]
        doubles = [Term(f"CAST({term.sql} AS DOUBLE)", term.values, "number") for term in terms]
        return _joined(_ARITHMETIC[op], *doubles, kind="number", bare=True)

    def _geometry(self, node: Mapping[str, Any]) -> Term:
        placed = self.names.in_degrees(checked_geometry(node))
        return Term("ST_GeomFromGeoJSON(?)", (placed,), "geometry", bounds_of(json.loads(placed)))

    def _spatial(self, op: str, args: Sequence[Any], depth: int) -> Term:
        one, other = (_of_kind(op, term, "geometry") for term in self._several(op, args, depth, 2))
        name = op.removeprefix("s_")
        if name == "disjoint":
            return _joined("NOT {}", self._near("intersects", one, other))
        return self._near(name, one, other)

    def _near(self, name: str, one: Term, other: Term) -> Term:
        """Return a spatial condition; where one side is written in the filter, rows far off are left out first."""
        exact = _joined(f"TRY(ST_{name.capitalize()}({{}}, {{}}))", one, other)
        written = [term.bounds for term in (one, other) if term.bounds]
        return touching(self.names.box, written[0], exact) if len(written) == 1 else exact

    def _temporal(self, op: str, args: Sequence[Any], depth: int) -> Term:
        if len(args) != 2:
            raise BadFilter(
                say("{op} needs {number} arguments, and has {given}.", op=op, number=2, given=len(args))
            )
        ends = dict(zip("aAbB", [end for each in args for end in self._interval(each, depth)], strict=True))
        template = TEMPORAL[op.removeprefix("t_")]
        used = [part.strip("{}") for part in template.split() if part.startswith("{")]
        values = tuple(value for name in used for value in ends[name].values)
        return Term(f"({template.format_map({name: term.sql for name, term in ends.items()})})", values)

    def _interval(self, node: Any, depth: int) -> tuple[Term, Term]:
        if not (isinstance(node, Mapping) and "interval" in node):
            moment = self._instant(node, depth, open_end="")
            return moment, moment
        ends = node["interval"]
        if not isinstance(ends, Sequence) or isinstance(ends, str) or len(ends) != 2:
            raise BadFilter(say("An interval has two ends."))
        return self._instant(ends[0], depth, "-infinity"), self._instant(ends[1], depth, "infinity")

    def _instant(self, node: Any, depth: int, open_end: str) -> Term:
        if node == ".." and open_end:
            return Term(f"CAST('{open_end}' AS TIMESTAMP)", kind="datetime")
        term = _moment(node, "") if isinstance(node, str) else self.term(node, depth)
        if term.kind not in {"date", "datetime"}:
            raise BadFilter(
                say(
                    "{given} is of the kind {kind}; a date or a moment is needed.",
                    given=_short(node),
                    kind=term.kind,
                )
            )
        return Term(f"CAST({term.sql} AS TIMESTAMP)", term.values, "datetime")


def touching(
    box: Sequence[str], bounds: tuple[float, float, float, float], exact: Term | None = None
) -> Term:
    """Return the condition that a box of columns and bounds touch, and further an exact one."""
    (west, south, east, north), (least_x, least_y, most_x, most_y) = box, bounds
    near = f"{east} >= ? AND {west} <= ? AND {north} >= ? AND {south} <= ?"
    values = (least_x, most_x, least_y, most_y)
    return Term(f"({near} AND {exact.sql})", (*values, *exact.values)) if exact else Term(f"({near})", values)


def quoted(name: str) -> str:
    """Return an identifier, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _joined(template: str, *terms: Term, kind: str = "boolean", bare: bool = False) -> Term:
    sql = template.format(*(term.sql for term in terms))
    return Term(sql if bare else f"({sql})", tuple(value for term in terms for value in term.values), kind)


def _literal(value: Any) -> Term:
    if isinstance(value, bool):
        return Term("?", (value,), "boolean")
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < 1e300:
        whole = abs(value) < 2**53 and value == int(value)
        return Term("?", (int(value) if whole else float(value),), "number")
    if isinstance(value, str) and "\0" not in value:
        return Term("?", (value,), "text")
    raise BadFilter(say("This is no value of a filter: {part}.", part=_short(value)))


def _moment(value: Any, kind: str) -> Term:
    """Return a date or a moment; ``kind`` says which it must be, or nothing."""
    found = as_moment(value) if isinstance(value, str) else None
    is_day = isinstance(found, date) and not isinstance(found, datetime)
    if found is None or (kind and (kind == "date") != is_day):
        raise BadFilter(
            say(
                "{given} is no date and no moment; write it like {example}.",
                given=_short(value),
                example="2024-05-31T08:00:00Z",
            )
        )
    return Term(
        "CAST(? AS DATE)" if is_day else "CAST(? AS TIMESTAMP)", (found,), "date" if is_day else "datetime"
    )


def _of_kind(op: str, term: Term, kind: str) -> Term:
    if term.kind != kind:
        raise BadFilter(
            say("{op} takes values of the kind {kind}, not {given}.", op=op, kind=kind, given=term.kind)
        )
    return term


def _alike(op: str, terms: Sequence[Term]) -> list[Term]:
    """Return values of one kind. A text beside a date is read as one; a moment beside a date counts by its day."""
    kinds = {term.kind for term in terms}
    moments = kinds & {"date", "datetime"}
    if moments and "text" in kinds:
        terms = [
            _moment(term.values[0], "") if term.sql == "?" and term.kind == "text" else term for term in terms
        ]
        kinds = {term.kind for term in terms}
    if kinds == {"time", "text"}:
        return [
            Term(f"TRY_CAST({each.sql} AS TIME)", each.values, "time") if each.kind == "text" else each
            for each in terms
        ]
    if kinds == {"date", "datetime"}:
        return [Term(f"CAST({each.sql} AS DATE)", each.values, "date") for each in terms]
    if len(kinds) > 1:
        raise BadFilter(
            say(
                "{op} cannot compare values of different kinds: {kinds}.",
                op=op,
                kinds=", ".join(sorted(kinds)),
            )
        )
    return list(terms)


def _pattern(written: str) -> str:
    """Return a pattern whose last character escapes nothing, with few enough wildcards to be quick."""
    escaped, wildcards, made = False, 0, []
    for character in written:
        wildcards += character == "%" and not escaped
        escaped = character == "\\" and not escaped
        made.append(character)
    if wildcards > MOST_WILDCARDS:
        raise BadFilter(say("A pattern has at most {most} wildcards.", most=MOST_WILDCARDS))
    return "".join(made) + ("\\" if escaped else "")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
