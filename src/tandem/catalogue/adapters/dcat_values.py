"""Read single values of a node from RDF: what is understood is marked as read, the rest can be asked for."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import pyoxigraph as ox

from tandem.catalogue.adapters import dcat_terms as t
from tandem.catalogue.adapters.rdf import Node, iri, name, renamed, sound, sound_language, to_lines
from tandem.catalogue.adapters.rdf_blank import canonical
from tandem.catalogue.adapters.rdf_spool import Graph
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import Words
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

_ADDRESS = re.compile(r"^(https?|ftp)://\S+$", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DURATION = re.compile(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def finding(code: str, path: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    """Return a finding of the reader; ``path`` is the record's IRI."""
    return Finding(severity, f"catalogue.dcat.{code}", path, message)


def language_of(value: ox.Literal) -> str:
    """Return a text's language, ``und`` where it has none."""
    return (sound_language(value.language) if value.language else "") or "und"


def texts_of(values: Iterable[Any]) -> dict[str, str]:
    """Return one text for each language."""
    found: dict[str, str] = {}
    for value in sorted(
        (each for each in values if isinstance(each, ox.Literal)), key=lambda each: each.value
    ):
        if value.value.strip():
            found.setdefault(language_of(value).partition("-")[0], value.value)
    return found


# --- what a text means where an IRI is asked for --------------------------------------------------
def _is_term(values: vocabulary.Vocabulary[Any]) -> Callable[[str], str]:
    def meaning(text: str) -> str:
        term = values.by_text(text)
        return term.iri if term else ""

    return meaning


def _as_format(text: str) -> str:
    found = vocabulary.FILE_TYPES.by_text(text) or vocabulary.file_type_of(
        f"x.{text.strip('. ')}", text.strip()
    )
    return found.iri if found else ""


def _as_media_type(text: str) -> str:
    found = re.fullmatch(r"\s*([a-z]+/[\w.+-]+)\s*(;.*)?", text.lower())
    if found:
        return vocabulary.media_type_iri(found[1])
    file_type = vocabulary.FILE_TYPES.by_text(text)
    return vocabulary.media_type_iri(file_type.media_type) if file_type else ""


def _as_language(text: str) -> str:
    term = vocabulary.LANGUAGES.by_code(vocabulary.LANGUAGE_CODES.get(text.strip().lower()[:2], ""))
    named = vocabulary.LANGUAGES.by_text(text)
    return named.iri if named else term.iri if term and len(text.strip()) in {2, 5} else ""


def _as_address(text: str) -> str:
    return iri(text.strip()) if _ADDRESS.match(text.strip()) else ""


MEANINGS: dict[ox.NamedNode, Callable[[str], str]] = {
    name("dct:format"): _as_format,
    name("dcat:mediaType"): _as_media_type,
    name("dcat:compressFormat"): _as_media_type,
    name("dcat:packageFormat"): _as_media_type,
    name("dct:language"): _as_language,
    name("dct:license"): _is_term(vocabulary.LICENCES),
    name("dcat:theme"): _is_term(vocabulary.THEMES),
    name("dct:accrualPeriodicity"): _is_term(vocabulary.FREQUENCIES),
    name("dct:accessRights"): _is_term(vocabulary.ACCESS_RIGHTS),
    name("dcatap:hvdCategory"): _is_term(vocabulary.HVD_CATEGORIES),
    name("dcatap:availability"): _is_term(vocabulary.AVAILABILITIES),
}


class Values:
    """The statements of one record and its parts; what is read is marked, so that the rest can be kept.

    Attributes:
        findings: What was repaired, left out or missing; paths are the record's IRI.
    """

    def __init__(self, store: Graph, subject: ox.NamedNode) -> None:
        self.store, self.subject = store, subject
        self.iri = str(subject.value)
        self.findings: list[Finding] = []
        self._read: set[ox.Triple] = set()
        self._named: set[ox.NamedNode] = set()
        self._nodes: dict[Node, dict[ox.NamedNode, list[ox.Quad]]] = {}

    def tell(self, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        """Add a finding."""
        self.findings.append(finding(code, self.iri, message, severity))

    # --- statements -----------------------------------------------------------------------------
    def _of_node(self, node: Node) -> dict[ox.NamedNode, list[ox.Quad]]:
        found = self._nodes.get(node)
        if found is None:
            found = self._nodes[node] = {}
            for quad in self.store.quads_for_pattern(node, None, None, None):
                found.setdefault(t.SUCCESSORS.get(quad.predicate, quad.predicate), []).append(quad)
        return found

    def quads(self, node: Node, predicate: ox.NamedNode) -> list[ox.Quad]:
        """Return the statements of a property and of its former names."""
        return self._of_node(node).get(predicate, [])

    def sorted_quads(self, node: Node, predicate: ox.NamedNode) -> list[ox.Quad]:
        """Return the statements with IRIs first and former names last."""
        found = self.quads(node, predicate)
        if len(found) < 2:
            return found
        return sorted(
            found,
            key=lambda quad: (
                not isinstance(quad.object, ox.NamedNode),
                quad.predicate != predicate,
                str(quad.object),
            ),
        )

    def mark(self, quad: ox.Quad) -> None:
        """Mark a statement as read."""
        self._read.add(quad.triple)

    def note_named(self, node: ox.NamedNode, kind: ox.NamedNode | None) -> None:
        """Note something that the record names by its IRI, such as a place or a standard.

        What the document says of it belongs to the record as well, unless it is a record or a term itself.
        """
        if kind:
            self.mark_types(node, kind)
        if vocabulary.term_of(node.value) is None:
            self._named.add(node)

    def mark_types(self, node: Node, *classes: ox.NamedNode) -> None:
        """Mark a node's types as read."""
        self._read.update(ox.Triple(node, t.A, each) for each in classes)

    def values(self, node: Node, predicate: ox.NamedNode, *kinds: type) -> Iterator[Any]:
        """Yield the objects of the wanted kinds, and mark them as read; others are told."""
        for quad in self.quads(node, predicate):
            if isinstance(quad.object, kinds):
                self.mark(quad)
                yield quad.object
            else:
                message = say(
                    "{property} has the value {value}, which is of the wrong kind.",
                    property=predicate.value,
                    value=repr(quad.object.value),
                )
                self.tell("wrong-kind", message, Severity.INFO)

    # --- values ---------------------------------------------------------------------------------
    def properties(self, node: Node, asked: t.Properties) -> dict[str, Any]:
        """Return the values of a class's simple properties, by field; those without a value are left out."""
        self.mark_types(node, *map(name, asked.classes))
        there = self._of_node(node)
        found: dict[str, Any] = {}
        for names, read in (
            (asked.texts, self.text_map),
            (asked.words, self.words),
            (asked.iris, self.iris),
            (asked.iri, self.one_iri),
            (asked.dates, self.one),
            (asked.literal, self.one),
            (asked.literals, self.literals),
            (asked.decimals, partial(self.one, pattern=_DECIMAL)),
            (asked.durations, partial(self.one, pattern=_DURATION)),
        ):
            for field, predicate in names.items():
                if predicate not in there:
                    continue
                if field in t.SCHEMES:
                    found[field] = self.direct(node, predicate, t.SCHEMES[field])
                else:
                    found[field] = read(node, predicate)
        return found

    def iris(self, node: Node, predicate: ox.NamedNode) -> tuple[str, ...]:
        """Return the IRIs of a property, sorted."""
        found = {self._meant(quad) for quad in self.sorted_quads(node, predicate)}
        return tuple(sorted(found - {""}))

    def one_iri(self, node: Node, predicate: ox.NamedNode) -> str:
        """Return one IRI of a property; further ones are kept."""
        return next(filter(None, map(self._meant, self.sorted_quads(node, predicate))), "")

    def direct(self, node: Node, predicate: ox.NamedNode, scheme: str) -> str:
        """Return an e-mail address or a telephone number without ``mailto:`` or ``tel:``."""
        for quad in self.sorted_quads(node, predicate):
            value = str(quad.object.value).strip()
            bare = value[len(scheme) :] if value.lower().startswith(scheme) else value
            if isinstance(quad.object, ox.BlankNode) or not bare or ":" in bare:
                continue
            self.mark(quad)
            return bare
        return ""

    def _meant(self, quad: ox.Quad) -> str:
        """Return the IRI that a statement's object is, or that its text means; the text is kept as well."""
        if isinstance(quad.object, ox.NamedNode):
            self.mark(quad)
            self.note_named(quad.object, t.OBJECT_CLASSES.get(quad.predicate))
            return str(quad.object.value)
        text = self.label(quad.object)
        value = MEANINGS.get(quad.predicate, _as_address)(text) or _as_address(text)
        if value == text and isinstance(quad.object, ox.Literal):
            self.mark(quad)
        elif value:
            message = say(
                "{property} is the text {text}; it was read as {value}.",
                property=quad.predicate.value,
                text=repr(text),
                value=value,
            )
            self.tell("text-for-iri", message, Severity.INFO)
        elif text:
            message = say(
                "{property} is the text {text}; an IRI is asked for. It was kept as it is.",
                property=quad.predicate.value,
                text=repr(text),
            )
            self.tell("literal-for-iri", message)
        return value

    def label(self, node: Node | ox.Literal) -> str:
        """Return a literal's text, or that of a blank node which has just a label."""
        if isinstance(node, ox.Literal):
            return str(node.value)
        for predicate in t.LABELS:
            for quad in self.quads(node, predicate):
                if isinstance(quad.object, ox.Literal):
                    return str(quad.object.value)
        return ""

    def literals(self, node: Node, predicate: ox.NamedNode) -> tuple[str, ...]:
        """Return the texts of a property, sorted."""
        return tuple(sorted({str(each.value) for each in self.values(node, predicate, ox.Literal)}))

    def one(self, node: Node, predicate: ox.NamedNode, pattern: re.Pattern[str] | None = None) -> str:
        """Return one text of a property, stripped; what does not look as it should is kept elsewhere."""
        for quad in self.sorted_quads(node, predicate):
            if not isinstance(quad.object, ox.Literal):
                continue
            text = str(quad.object.value).strip()
            if text and (pattern is None or pattern.fullmatch(text)):
                if str(quad.object.value) == text:
                    self.mark(quad)
                return text
        return ""

    def words(self, node: Node, predicate: ox.NamedNode) -> Words:
        """Return the words of each language."""
        found: dict[str, set[str]] = {}
        for each in self.values(node, predicate, ox.Literal):
            found.setdefault(language_of(each), set()).add(str(each.value))
        return {language: tuple(sorted(words)) for language, words in sorted(found.items())}

    def text_map(self, node: Node, predicate: ox.NamedNode) -> dict[str, str]:
        """Return one text per language; a second one of the same language is kept elsewhere."""
        quads = self.quads(node, predicate)
        found = texts_of(quad.object for quad in quads)
        for quad in quads:
            value = quad.object
            if isinstance(value, ox.Literal):
                language = language_of(value).partition("-")[0]
                if found.get(language) == value.value:
                    self.mark(quad)
        return found

    # --- what no field took ---------------------------------------------------------------------
    def is_whole(self, part: Node) -> bool:
        """Return whether fields took everything that is said of a part; if not, it counts as unread again."""
        if isinstance(part, ox.NamedNode) or not self._unread(part):
            return True
        self.forget(part)
        return False

    def _is_part(self, node: ox.NamedNode) -> bool:
        """Return whether something that is named is neither a record nor a term of its own."""
        kinds = {quad.object for quad in self.quads(node, t.A)}
        return bool(self._of_node(node)) and node != self.subject and not kinds & t.RECORDS

    def forget(self, part: Node) -> None:
        """Let what is said of a part count as unread again."""
        for quads in self._of_node(part).values():
            self._read.difference_update(quad.triple for quad in quads)

    def rest(self, node: Node, *, named: ox.NamedNode | None = None) -> tuple[str, ...]:
        """Return the statements of a node, and of the blank nodes that only they lead to, that no field took.

        Args:
            node: Whose.
            named: What stands for the node in the lines; without it, its own name.
        """
        found = self._unread(node)
        self._read.update(found)
        spoken = (renamed(each, node, named) for each in found) if named else iter(found)
        return to_lines(canonical(ox.Triple(*map(sound, each)) for each in spoken)) if found else ()

    def _unread(self, node: Node) -> list[ox.Triple]:
        named = [each for each in self._named if self._is_part(each)] if node == self.subject else []
        found, waiting = list[ox.Triple](), [node, *named]
        seen = set(waiting)
        for each in named:
            given = (quad for quad in self.quads(each, t.A) if quad.object in t.GIVEN_CLASSES)
            self._read.update(quad.triple for quad in given)
        while waiting:
            quads = (quad for some in self._of_node(waiting.pop()).values() for quad in some)
            for quad in quads:
                if quad.triple in self._read:
                    continue
                found.append(quad.triple)
                if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    waiting.append(quad.object)
        return found
