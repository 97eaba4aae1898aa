"""RDF in and out: parse whatever a partner sends, record by record, and serialise what we say."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote

import pyoxigraph as ox

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity

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
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal
_LONGEST_ENTITY = 500
_BAD_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


class DangerousXml(InvalidInput):
    """The XML tries to make the reader fetch or inflate something."""

    code = "catalogue.dangerous-xml"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The RDF/XML was not read: {problem}. Ask its publisher for RDF/XML without a document type.")


class NotRdf(InvalidInput):
    """Not a single statement could be read."""

    code = "catalogue.not-rdf"

    def __init__(self, problem: str) -> None:
        super().__init__(f"No RDF could be read: {problem}. Is the address that of a DCAT feed?")


def name(prefixed: str) -> ox.NamedNode:
    """Return the IRI that a prefixed name stands for: ``dct:title``."""
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def parse(content: bytes, *, media_type: str, base_iri: str) -> tuple[ox.Store, list[Finding]]:
    """Read statements into a store; what is broken is repaired or left out, and reported.

    Args:
        content: The document.
        media_type: As the server said; the content counts where it says otherwise.
        base_iri: Absolute address that relative ones refer to.

    Raises:
        DangerousXml: The XML has external or nested entities.
        NotRdf: Nothing could be read.
    """
    kind = _sniff(content, media_type)
    if kind == ox.RdfFormat.RDF_XML:
        _refuse_dangerous(content)
    store = ox.Store()
    try:
        store.bulk_load(content, format=kind, base_iri=base_iri)
    except (SyntaxError, ValueError, OSError):
        store, findings = _parse_leniently(content, kind, base_iri)
        if len(store) == 0:
            raise NotRdf(findings[-1].message if findings else "the document is empty") from None
        return store, findings
    return store, []


def _sniff(content: bytes, media_type: str) -> ox.RdfFormat:
    begin = content[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if begin.startswith((b"<?xml", b"<rdf:", b"<!DOCTYPE rdf")):
        return ox.RdfFormat.RDF_XML
    if begin.startswith((b"{", b"[{", b"[ {")):
        return ox.RdfFormat.JSON_LD
    if begin[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise NotRdf("the server sent a web page")
    return MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower(), ox.RdfFormat.TURTLE)


def _refuse_dangerous(content: bytes) -> None:
    head = content[:100_000]
    if b"<!ENTITY" not in head and b"<!DOCTYPE" not in head:
        return
    if re.search(rb"<!(DOCTYPE|ENTITY)[^>\[]*\b(SYSTEM|PUBLIC)\b", content):
        raise DangerousXml("it refers to an external document type or entity")
    for value in re.findall(rb"<!ENTITY\s+\S+\s+(?:\"([^\"]*)\"|'[^']*')", content):
        if b"&" in value or len(value) > _LONGEST_ENTITY:
            raise DangerousXml("it has nested or huge entities")


def _parse_leniently(content: bytes, kind: ox.RdfFormat, base_iri: str) -> tuple[ox.Store, list[Finding]]:
    store, findings, reported = ox.Store(), [], set()
    statements = iter(ox.parse(content, format=kind, base_iri=base_iri, lenient=True))
    while True:
        try:
            statement = next(statements)
        except StopIteration:
            break
        except (SyntaxError, ValueError) as error:
            findings.append(
                Finding(
                    Severity.ERROR,
                    "catalogue.rdf.syntax",
                    f"line {getattr(error, 'lineno', None) or '?'}",
                    f"The document breaks off here: {error}. What stands before it was read.",
                )
            )
            break
        except OSError as error:
            raise NotRdf(str(error)) from error
        terms = (statement.subject, statement.predicate, statement.object)
        repaired = [_repair(term) for term in terms]
        for term, was in zip(repaired, terms, strict=True):
            if term is not was and was.value not in reported:
                reported.add(was.value)
                findings.append(_repaired(repaired[0], was.value, term.value))
        store.add(ox.Quad(*repaired))
    return store, findings


def _repaired(subject: Node, was: str, becomes: str) -> Finding:
    message = f"{was!r} is no valid IRI; it was read as {becomes!r}."
    return Finding(Severity.WARNING, "catalogue.rdf.bad-iri", _path(subject), message)


def _path(subject: Node) -> str:
    return subject.value if isinstance(subject, ox.NamedNode) else ""


def _repair(term: Term) -> Term:
    if not isinstance(term, ox.NamedNode) or _is_iri(term.value):
        return term
    return ox.NamedNode(iri(term.value))


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


def from_lines(lines: Iterable[str]) -> Iterator[ox.Triple]:
    """Yield the statements of N-Triples lines."""
    for quad in ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES):
        yield quad.triple
