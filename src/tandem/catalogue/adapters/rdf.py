"""RDF in and out: parse whatever a partner sends, record by record, and serialise what we say."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import pyoxigraph as ox

from tandem.catalogue.adapters import rdf_text
from tandem.catalogue.adapters.rdf_blank import scoped
from tandem.catalogue.adapters.rdf_spool import Spool
from tandem.catalogue.adapters.rdf_text import DangerousXml, NotRdf
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

__all__ = ["DangerousXml", "NotRdf", "Parsed", "from_lines", "iri", "name", "parse", "serialise", "to_lines"]

MEDIA_TYPES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}
FORMATS = {
    "ttl": (ox.RdfFormat.TURTLE, "text/turtle"),
    "rdf": (ox.RdfFormat.RDF_XML, "application/rdf+xml"),
    "jsonld": (ox.RdfFormat.JSON_LD, "application/ld+json"),
    "nt": (ox.RdfFormat.N_TRIPLES, "application/n-triples"),
}
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "http://schema.org/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "geodcatap": "http://data.europa.eu/930/",
}
Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
MOST_ERRORS = 1_000_000
SELF = ox.NamedNode("urn:tandem:self")
_QUOTED_IN_XML = re.compile(rb"""parseType\s*=\s*["']Triple|:annotation""")
_BAD_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What could be read of a document.

    Attributes:
        sink: Takes the statements.
        doubtful: IRIs of records that were being read where something broke: parts of them may be missing.
    """

    sink: Spool
    findings: list[Finding] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)


@lru_cache(maxsize=1_000)
def name(prefixed: str) -> ox.NamedNode:
    """Return the IRI that a prefixed name stands for: ``dct:title``."""
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def parse(path: Path, spool: Spool, *, media_type: str, base_iri: str) -> Parsed:
    """Read statements into a spool; what is broken is repaired or left out, and reported.

    The whole is read strictly. Only if that fails, it is read again leniently, RDF/XML record by record.

    Args:
        path: The document; it may be written anew where its encoding or its XML is mended.
        spool: Takes the statements.
        media_type: As the server said; the content counts where it says otherwise.
        base_iri: Absolute address that relative ones refer to.

    Raises:
        DangerousXml: The XML has external or nested entities.
        NotRdf: Nothing could be read.
    """
    findings, has_type = rdf_text.as_utf8(path), False
    kind = _sniff(rdf_text.beginning(path), media_type)
    if kind == ox.RdfFormat.RDF_XML:
        has_type = rdf_text.refuse_dangerous(path)
    if kind == ox.RdfFormat.JSON_LD:
        content, changes = rdf_text.mend_json_ids(path.read_bytes(), iri)
        path.write_bytes(content)
        findings += [_repaired(became, was, became) for was, became in changes]
    parsed = Parsed(spool, findings)
    if not _parse_strictly(parsed, path, kind, base_iri):
        spool.clear()
        _parse_leniently(parsed, path, kind, base_iri, has_type=has_type)
    spool.seal()
    if spool.count == 0:
        raise NotRdf(parsed.findings[-1].message.rstrip(".") if parsed.findings else "the document is empty")
    return parsed


def _parse_strictly(parsed: Parsed, path: Path, kind: ox.RdfFormat, base_iri: str) -> bool:
    try:
        for statement in ox.parse(path=path, format=kind, base_iri=base_iri):
            if isinstance(statement.object, ox.Triple):
                return False
            parsed.sink.add(statement.triple)
    except (SyntaxError, ValueError, OSError, MemoryError):
        return False
    return True


def _sniff(content: bytes, media_type: str) -> ox.RdfFormat:
    begin = content[:2_000].lstrip()
    if begin[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise NotRdf("the server sent a web page")
    if begin.startswith((b"<?xml", b"<rdf:", b"<!DOCTYPE")):
        return ox.RdfFormat.RDF_XML
    if begin.startswith((b"{", b"[{", b"[ {")):
        return ox.RdfFormat.JSON_LD
    return MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower(), ox.RdfFormat.TURTLE)


def _parse_leniently(
    parsed: Parsed, path: Path, kind: ox.RdfFormat, base_iri: str, *, has_type: bool
) -> None:
    if kind != ox.RdfFormat.RDF_XML:
        _take(parsed, path, kind, base_iri)
        return
    if rdf_text.line_of_xml_error(path):
        if rdf_text.mend_xml_file(path, has_type=has_type):
            message = say(
                "There are bare ampersands, HTML's entities or control characters; they were read as meant."
            )
            parsed.findings.append(Finding(Severity.WARNING, "catalogue.rdf.bad-xml", "", message))
        line = rdf_text.line_of_xml_error(path)
        if line:
            _take(parsed, path, kind, base_iri, line=line)
            return
    for about, record in rdf_text.xml_records(path):
        _take_record(parsed, about, record, base_iri)


def _take_record(parsed: Parsed, about: str, record: bytes, base_iri: str) -> None:
    """Take a record of RDF/XML over; where it breaks off, the others do not."""
    alone = Parsed(parsed.sink)
    _take(alone, record, ox.RdfFormat.RDF_XML, base_iri, line=0)
    parsed.doubtful.update(alone.doubtful)
    parsed.findings.extend(replace(each, path=about or each.path) for each in alone.findings)
    if any(each.severity is Severity.ERROR for each in alone.findings):
        parsed.doubtful.update({about} - {""})


def _take(
    parsed: Parsed, document: Path | bytes, kind: ox.RdfFormat, base_iri: str, *, line: int | None = None
) -> None:
    """Take what can be read into the spool.

    ``line`` is that of the error in XML, whose parser knows none and cannot go on behind it (0: unknown). It
    is None where the parser finds the next statement by itself.
    """
    where = {"input": document} if isinstance(document, bytes) else {"path": document}
    statements = iter(ox.parse(**where, format=kind, base_iri=base_iri, lenient=True))
    lines = _Lines(document) if kind == ox.RdfFormat.N_TRIPLES and isinstance(document, Path) else None
    latest, reported = "", set[str]()
    for _error in range(MOST_ERRORS):
        try:
            for statement in statements:
                latest = _add(parsed, statement, reported) or latest
        except (SyntaxError, ValueError, MemoryError, OSError) as error:
            if "LoadDocumentCallback" in str(error):
                raise NotRdf(
                    "its JSON-LD needs a context from elsewhere, and nothing is fetched to read it"
                ) from error
            place = line or getattr(error, "lineno", None)
            parsed.findings.append(_broken(error, place, latest))
            named = lines.subject(place) if lines and place else ""
            parsed.doubtful.update({latest, named} - {""})
            if line is None:
                continue
        return


class _Lines:
    """The lines of N-Triples, where each stands alone; asked for from the first to the last."""

    def __init__(self, path: Path) -> None:
        self._path, self._at, self._offset = path, 1, 0

    def subject(self, number: int) -> str:
        """Return the subject of a line, where it can be told."""
        with self._path.open("rb") as source:
            source.seek(self._offset)
            while self._at < number and source.readline():
                self._at += 1
            self._offset = source.tell()
            text = source.readline(10_000).decode(errors="replace")
        found = re.match(r"\s*<([^>]*)>", text)
        return found[1] if found else ""


def _broken(error: Exception, line: int | None, latest: str) -> Finding:
    where = f"line {line}" if line else latest
    near = f" The record being read was {latest}." if latest else ""
    message = say("Something here cannot be read and was left out: {error}.{near}", error=error, near=near)
    return Finding(Severity.ERROR, "catalogue.rdf.syntax", where, message)


def _add(parsed: Parsed, statement: ox.Quad, reported: set[str]) -> str:
    """Add a statement, repaired; return its subject, if that has an IRI."""
    terms = (statement.subject, statement.predicate, statement.object)
    if any(isinstance(term, ox.Triple) for term in terms):
        return _leave_out(parsed, statement)
    repaired = [sound(term) for term in terms]
    subject = repaired[0].value if isinstance(repaired[0], ox.NamedNode) else ""
    for term, was in zip(repaired, terms, strict=True):
        if term != was and str(was) not in reported:
            reported.add(str(was))
            parsed.findings.append(_repaired(subject, _shown(was), _shown(term)))
    parsed.sink.add(ox.Triple(*repaired))
    return subject


def _leave_out(parsed: Parsed, statement: ox.Quad) -> str:
    subject = statement.subject.value if isinstance(statement.subject, ox.NamedNode) else ""
    message = say(
        "{property} speaks of a statement (RDF 1.2), which DCAT does not; it was left out.",
        property=statement.predicate.value,
    )
    parsed.findings.append(Finding(Severity.WARNING, "catalogue.rdf.quoted-statement", subject, message))
    return subject


def _repaired(subject: str, was: str, becomes: str) -> Finding:
    message = say(
        "{was} has an invalid IRI or language; it was read as {becomes}.",
        was=repr(was),
        becomes=repr(becomes),
    )
    return Finding(Severity.WARNING, "catalogue.rdf.bad-iri", subject, message)


def sound(term: Term) -> Term:
    """Return a term that every parser accepts: IRIs percent-encoded, languages mended or left out."""
    if isinstance(term, ox.NamedNode):
        return term if _is_iri(term.value) else ox.NamedNode(iri(term.value))
    if isinstance(term, ox.Literal):
        if term.language is not None:
            language = sound_language(term.language)
            return ox.Literal(term.value, language=language) if language else ox.Literal(term.value)
        if not _is_iri(term.datatype.value):
            return ox.Literal(term.value)
    return term


def _shown(term: Term) -> str:
    language = term.language if isinstance(term, ox.Literal) else None
    return f"{term.value[:100]}@{language}" if language else str(term.value)


@lru_cache(maxsize=1_000)
def sound_language(tag: str) -> str:
    """Return a language tag in lower case, mended where it was wrong; empty where that is impossible.

    >>> sound_language("de_DE")
    'de-de'
    """
    tag = tag.replace("_", "-").lower()
    try:
        return str(ox.Literal("", language=tag).language)
    except ValueError:
        return ""


@lru_cache(maxsize=10_000)
def _is_iri(value: str) -> bool:
    if _BAD_IRI.search(value):
        return False
    try:
        ox.NamedNode(value)
    except ValueError:
        return False
    return True


def iri(value: str) -> str:
    """Return ``value`` as a valid IRI: what may not stand in one is percent-encoded.

    >>> iri('http://example.org/a b"')
    'http://example.org/a%20b%22'
    """
    if _is_iri(value):
        return value
    encoded = quote(value, safe="!#$%&'()*+,/:;=?@[]~", encoding="utf-8")
    encoded = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)
    return encoded if _is_iri(encoded) else f"urn:tandem:repaired:{quote(value, safe='')}"


def serialise(statements: Iterable[ox.Triple], wanted: str) -> bytes:
    """Return statements as ``ttl``, ``rdf``, ``jsonld`` or ``nt``, in a stable order."""
    kind, _media_type = FORMATS[wanted]
    ordered = sorted(set(statements), key=str)
    written = ox.serialize(_by_subject(ordered), format=kind, prefixes=PREFIXES)
    return bytes(written or b"")


def _by_subject(statements: list[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield statements subject by subject, the type first, so that Turtle reads well."""
    type_ = name("rdf:type")
    groups: dict[Node, list[ox.Triple]] = {}
    for each in statements:
        groups.setdefault(each.subject, []).append(each)
    for group in groups.values():
        yield from sorted(group, key=lambda each: (each.predicate != type_, each.predicate.value))


def to_lines(statements: Iterable[ox.Triple]) -> tuple[str, ...]:
    """Return statements as sorted N-Triples lines."""
    return tuple(sorted(f"{each} ." for each in statements))


def from_lines(lines: Iterable[str], *, scope: str, myself: Node | None = None) -> Iterator[ox.Triple]:
    """Yield the statements of N-Triples lines.

    Args:
        lines: As ``to_lines`` made them.
        scope: IRI of the record that they belong to, so that its blank nodes stay its own.
        myself: What ``<urn:tandem:self>`` stands for: the part of the record that they speak of.
    """
    quads = ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    statements = scoped((quad.triple for quad in quads), scope)
    yield from (renamed(each, SELF, myself) for each in statements) if myself else statements


def speak_only_of(lines: Sequence[str], iri: str) -> bool:
    """Return whether lines are N-Triples, each of one thing or of blank nodes."""
    try:
        found = list(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError):
        return False
    about = ox.NamedNode(iri)
    return all(each.subject == about or isinstance(each.subject, ox.BlankNode) for each in found)


def renamed(statement: ox.Triple, former: Node, node: Node) -> ox.Triple:
    """Return a statement with one node in place of another."""
    subject = node if statement.subject == former else statement.subject
    return ox.Triple(subject, statement.predicate, node if statement.object == former else statement.object)
