"""Read a catalogue from RDF: one description per dataset, findings instead of failures, unknown properties kept."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from tandem.catalogue.adapters import dcat_terms as t
from tandem.catalogue.adapters.rdf import Node, name, parse, to_lines
from tandem.catalogue.domain.description import (
    AgentDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    PeriodOfTime,
    Texts,
    Words,
)
from tandem.core.findings import Finding, Severity

_NEXT = (name("hydra:next"), name("hydra:nextPage"))
_WKT_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_VCARD_DIRECT = re.compile(r"^(mailto|tel):")


@dataclass(frozen=True, slots=True)
class CatalogueRead:
    """What a document held.

    Attributes:
        titles: The catalogue's.
        next_page: Address of the next page, or None.
        findings: What was repaired, left out or missing; paths are the records' IRIs.
    """

    titles: Texts
    datasets: list[DatasetDescription]
    next_page: str | None
    findings: list[Finding]


def read_catalogue(content: bytes, *, media_type: str, base_iri: str) -> CatalogueRead:
    """Read a document of a DCAT feed.

    Args:
        content: Turtle, RDF/XML, JSON-LD or N-Triples.
        base_iri: Address that the document came from.

    Raises:
        DangerousXml: The XML has external or nested entities.
        NotRdf: Nothing could be read.
    """
    store, findings = parse(content, media_type=media_type, base_iri=base_iri)
    datasets: list[DatasetDescription] = []
    for quad in store.quads_for_pattern(None, t.A, name("dcat:Dataset"), None):
        subject = quad.subject
        if isinstance(subject, ox.BlankNode):
            findings.append(_finding("no-iri", "", "A dataset has no IRI; it was left out, as it could not be found again."))
            continue
        record = _Record(store, subject)
        datasets.append(record.dataset())
        findings.extend(record.findings)
    datasets.sort(key=lambda dataset: dataset.iri)
    return CatalogueRead(_catalogue_titles(store), datasets, _next_page(store), findings)


def _finding(code: str, path: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(severity, f"catalogue.dcat.{code}", path, message)


def _catalogue_titles(store: ox.Store) -> Texts:
    for quad in store.quads_for_pattern(None, t.A, name("dcat:Catalog"), None):
        return _texts(each.object for each in store.quads_for_pattern(quad.subject, t.TITLE, None, None))
    return {}


def _next_page(store: ox.Store) -> str | None:
    for predicate in _NEXT:
        for quad in store.quads_for_pattern(None, predicate, None, None):
            return str(quad.object.value)
    return None


def _texts(values: Iterable[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in sorted((each for each in values if isinstance(each, ox.Literal)), key=lambda each: each.value):
        if value.value.strip():
            found.setdefault((value.language or "und").partition("-")[0].lower(), value.value)
    return found


class _Record:
    """One dataset's statements; what is read is marked, the rest becomes ``extra``."""

    def __init__(self, store: ox.Store, subject: ox.NamedNode) -> None:
        self.store, self.subject = store, subject
        self.iri = str(subject.value)
        self.findings: list[Finding] = []
        self._read: set[ox.Triple] = set()

    def dataset(self) -> DatasetDescription:
        """Return the description, with what is missing told."""
        node = self.subject
        self._take_types(node, "dcat:Dataset", "dcatapit:Dataset")
        values: dict[str, Any] = {field: _texts(self._values(node, p, ox.Literal)) for field, p in t.TEXTS.items()}
        values |= {field: self._iris(node, predicate) for field, predicate in t.DATASET_IRIS.items()}
        values |= {field: self._one_iri(node, predicate) for field, predicate in t.DATASET_IRI.items()}
        values |= {field: self._one(node, predicate) for field, predicate in t.DATES.items()}
        values["keywords"] = self._words(node)
        values["identifiers"] = tuple(self._literals(node, t.IDENTIFIER))
        values["publisher"] = self._agent(node, t.PUBLISHER)
        values["rights_holder"] = self._agent(node, t.RIGHTS_HOLDER)
        values["contacts"] = tuple(self._contacts(node))
        values["spatial"], values["bounds"] = self._places(node)
        values["temporal"] = tuple(self._periods(node))
        values["distributions"] = tuple(self._distributions(node))
        found = DatasetDescription(iri=self.iri, **values, extra=self._rest(node))
        self._tell_missing(found)
        return found

    def _tell_missing(self, found: DatasetDescription) -> None:
        for field, what in (("titles", "dct:title"), ("descriptions", "dct:description")):
            if not getattr(found, field):
                severity = Severity.ERROR if field == "titles" else Severity.WARNING
                self.findings.append(_finding("missing", self.iri, f"{what} is missing; DCAT-AP asks for it.", severity))
        for distribution in found.distributions:
            if not distribution.access_url:
                message = f"dcat:accessURL of {distribution.iri} is missing; DCAT-AP asks for it."
                self.findings.append(_finding("missing", self.iri, message))

    # --- values ---------------------------------------------------------------------------------
    def _values(self, node: Node, predicate: ox.NamedNode, *kinds: type) -> Iterator[Any]:
        """Yield the objects of the wanted kinds, and mark them as read; others stay for ``extra``."""
        for quad in self.store.quads_for_pattern(node, predicate, None, None):
            if not kinds or isinstance(quad.object, kinds):
                self._read.add(quad.triple)
                yield quad.object
            else:
                message = f"{predicate.value} has the value {quad.object.value!r}, which is of the wrong kind."
                self.findings.append(_finding("wrong-kind", self.iri, message, Severity.INFO))

    def _iris(self, node: Node, predicate: ox.NamedNode) -> tuple[str, ...]:
        found = sorted(str(each.value) for each in self._values(node, predicate, ox.NamedNode))
        for each in found:
            self._take_types(ox.NamedNode(each), *_class_names(predicate))
        return tuple(found)

    def _one_iri(self, node: Node, predicate: ox.NamedNode) -> str:
        objects = sorted(
            (q for q in self.store.quads_for_pattern(node, predicate, None, None)), key=lambda q: str(q.object)
        )
        for quad in objects:
            if isinstance(quad.object, ox.NamedNode):
                self._read.add(quad.triple)
                self._take_types(quad.object, *_class_names(predicate))
                return str(quad.object.value)
            if isinstance(quad.object, ox.Literal):
                message = f"{predicate.value} is the text {quad.object.value!r}; an IRI is asked for. It was kept as it is."
                self.findings.append(_finding("literal-for-iri", self.iri, message))
        return ""

    def _literals(self, node: Node, predicate: ox.NamedNode) -> list[str]:
        return sorted(str(each.value) for each in self._values(node, predicate, ox.Literal))

    def _one(self, node: Node, predicate: ox.NamedNode) -> str:
        quads = sorted(self.store.quads_for_pattern(node, predicate, None, None), key=lambda q: str(q.object))
        for quad in quads:
            if isinstance(quad.object, ox.Literal) and quad.object.value.strip():
                if str(quad.object.value) == quad.object.value.strip():
                    self._read.add(quad.triple)
                return str(quad.object.value).strip()
        return ""

    def _words(self, node: Node) -> Words:
        words: dict[str, list[str]] = {}
        for each in self._values(node, t.KEYWORD, ox.Literal):
            words.setdefault(each.language or "und", []).append(str(each.value))
        return {language: tuple(sorted(found)) for language, found in sorted(words.items())}

    # --- parts ----------------------------------------------------------------------------------
    def _take_types(self, node: Node, *classes: str) -> None:
        for each in classes:
            self._read.add(ox.Triple(node, t.A, name(each) if ":" in each and "/" not in each else ox.NamedNode(each)))

    def _agent(self, node: Node, predicate: ox.NamedNode) -> AgentDescription | None:
        quads = sorted(self.store.quads_for_pattern(node, predicate, None, None), key=lambda q: str(q.object))
        for quad in quads[:1]:
            one = quad.object
            self._read.add(quad.triple)
            if isinstance(one, ox.Literal):
                self.findings.append(_finding("literal-for-iri", self.iri, f"{predicate.value} is a text, not an agent."))
                return AgentDescription({(one.language or "und"): str(one.value)})
            self._take_types(one, "foaf:Agent", "dcatapit:Agent")
            names = _texts(self._values(one, t.AGENT_NAME, ox.Literal))
            mail = self._one_iri(one, t.MAILBOX)
            return AgentDescription(
                names,
                iri=str(one.value) if isinstance(one, ox.NamedNode) else "",
                kind=self._one_iri(one, t.AGENT_KIND),
                homepage=self._one_iri(one, t.HOMEPAGE),
                mail=mail.removeprefix("mailto:"),
                identifier=self._one(one, t.IDENTIFIER),
            )
        return None

    def _contacts(self, node: Node) -> Iterator[ContactDescription]:
        found = []
        for one in self._values(node, t.CONTACT, ox.NamedNode, ox.BlankNode):
            self._take_types(one, "vcard:Kind", "vcard:Organization", "vcard:Individual")
            found.append(
                ContactDescription(
                    name=self._one(one, t.VCARD_NAME),
                    mail=_VCARD_DIRECT.sub("", self._one_iri(one, t.VCARD_MAIL)),
                    url=self._one_iri(one, t.VCARD_URL),
                    phone=_VCARD_DIRECT.sub("", self._one_iri(one, t.VCARD_PHONE)),
                )
            )
        return iter(sorted(found, key=str))

    def _places(self, node: Node) -> tuple[tuple[str, ...], tuple[float, ...]]:
        iris, bounds = [], ()
        for quad in list(self.store.quads_for_pattern(node, t.SPATIAL, None, None)):
            if isinstance(quad.object, ox.NamedNode):
                self._read.add(quad.triple)
                self._take_types(quad.object, "dct:Location")
                iris.append(str(quad.object.value))
            elif isinstance(quad.object, ox.BlankNode) and not bounds:
                bounds = self._bounds(quad)
        return tuple(sorted(iris)), bounds

    def _bounds(self, quad: ox.Quad) -> tuple[float, ...]:
        for each in self.store.quads_for_pattern(quad.object, t.BBOX, None, None):
            text = str(each.object.value)
            numbers = [float(number) for number in _WKT_NUMBERS.findall(text)]
            if text.startswith("POLYGON") and len(numbers) == 10:
                self._read |= {quad.triple, each.triple}
                self._take_types(quad.object, "dct:Location")
                xs, ys = numbers[0::2], numbers[1::2]
                return (min(xs), min(ys), max(xs), max(ys))
        return ()

    def _periods(self, node: Node) -> Iterator[PeriodOfTime]:
        found = []
        for one in self._values(node, t.TEMPORAL, ox.NamedNode, ox.BlankNode):
            self._take_types(one, "dct:PeriodOfTime")
            found.append(PeriodOfTime(self._one(one, t.START), self._one(one, t.END)))
        return iter(sorted((each for each in found if each.start or each.end), key=str))

    def _distributions(self, node: Node) -> Iterator[DistributionDescription]:
        subjects = list(self._values(node, t.DISTRIBUTION, ox.NamedNode, ox.BlankNode))
        for number, one in enumerate(sorted(subjects, key=lambda each: each.value)):
            yield self._distribution(one, number)

    def _distribution(self, node: Node, number: int) -> DistributionDescription:
        self._take_types(node, "dcat:Distribution", "dcatapit:Distribution")
        values: dict[str, Any] = {field: _texts(self._values(node, p, ox.Literal)) for field, p in t.TEXTS.items()}
        values |= {field: self._iris(node, predicate) for field, predicate in t.DISTRIBUTION_IRIS.items()}
        values |= {field: self._one_iri(node, predicate) for field, predicate in t.DISTRIBUTION_IRI.items()}
        values |= {field: self._one(node, predicate) for field, predicate in t.DATES.items()}
        size = self._one(node, t.BYTE_SIZE)
        return DistributionDescription(
            iri=str(node.value) if isinstance(node, ox.NamedNode) else f"{self.iri}#distribution-{number}",
            attribution=self._one(node, t.ATTRIBUTION),
            byte_size=int(float(size)) if re.fullmatch(r"\d{1,15}(\.\d+)?", size) else None,
            checksum=self._checksum(node),
            **values,
            extra=self._rest(node) if isinstance(node, ox.NamedNode) else (),
        )

    def _checksum(self, node: Node) -> str:
        for quad in list(self.store.quads_for_pattern(node, t.CHECKSUM, None, None)):
            part = quad.object
            algorithm = ox.Triple(part, t.CHECKSUM_ALGORITHM, t.SHA256)
            if not isinstance(part, ox.Literal) and ox.Quad(*algorithm) in self.store:
                self._read |= {quad.triple, algorithm}
                self._take_types(part, "spdx:Checksum")
                return self._one(part, t.CHECKSUM_VALUE)
        return ""

    def _rest(self, node: Node) -> tuple[str, ...]:
        """Return the statements of a node, and of the blank nodes that only they lead to, that no field took."""
        found, waiting, seen = [], [node], {node}
        while waiting:
            for quad in self.store.quads_for_pattern(waiting.pop(), None, None, None):
                if quad.triple in self._read:
                    continue
                found.append(quad.triple)
                if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    waiting.append(quad.object)
        self._read.update(found)
        return to_lines(_relabel(found)) if found else ()


def _class_names(predicate: ox.NamedNode) -> tuple[str, ...]:
    known = t.OBJECT_CLASSES.get(predicate)
    return (known.value,) if known else ()


def _relabel(triples: list[ox.Triple]) -> Iterable[ox.Triple]:
    """Return statements with blank nodes named canonically, so that two harvests give the same lines."""
    dataset = ox.Dataset(ox.Quad(*each) for each in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return [quad.triple for quad in dataset]
