"""Read a catalogue from RDF: one description per record, findings instead of failures, nothing lost."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox

from tandem.catalogue.adapters import dcat_terms as t
from tandem.catalogue.adapters.dcat_values import Values, finding, language_of, texts_of
from tandem.catalogue.adapters.rdf import SELF, Node, Parsed, name, parse
from tandem.catalogue.adapters.rdf_spool import Graph, Spool, TooMuch
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import (
    AgentDescription,
    AttributionDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    IdentifierDescription,
    PeriodOfTime,
    RelationDescription,
    SeriesDescription,
    ServiceDescription,
    StatementDescription,
    Texts,
    sort_key,
    to_json,
)
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

_NEXT = (name("hydra:next"), name("hydra:nextPage"))
_TOTAL = name("hydra:totalItems")
READ_AT_ONCE = 200
_WKT_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_BYTES = re.compile(r"\d{1,15}(\.0*)?")
_PLAIN = ox.Literal("").datatype
PartT = TypeVar("PartT")


@dataclass(frozen=True, slots=True)
class CatalogueRead:
    """What a document held.

    Attributes:
        titles: The catalogue's.
        next_page: Address of the next page, or None.
        findings: What was repaired, left out or missing; paths are the records' IRIs.
        doubtful: IRIs of datasets that were being read where the document broke: parts may be missing.
    """

    titles: Texts
    datasets: list[DatasetDescription]
    next_page: str | None
    findings: list[Finding]
    doubtful: frozenset[str] = frozenset()
    services: list[ServiceDescription] = field(default_factory=list)
    series: list[SeriesDescription] = field(default_factory=list)


def read_catalogue(content: bytes, *, media_type: str, base_iri: str) -> CatalogueRead:
    """Read a document of a DCAT feed.

    Args:
        content: Turtle, RDF/XML, JSON-LD or N-Triples.
        media_type: As the server said; the content counts where it says otherwise.
        base_iri: Address that the document came from.

    Raises:
        DangerousXml: The XML has external or nested entities.
        NotRdf: Nothing could be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document"
        path.write_bytes(content)
        with open_document(path, media_type=media_type, base_iri=base_iri) as document:
            datasets: list[DatasetDescription] = []
            findings = list(document.findings)
            doubtful: set[str] = set()
            for each in document.datasets():
                findings.extend(each.findings)
                if each.description is not None:
                    datasets.append(each.description)
                    doubtful.update({each.iri} if each.doubtful else ())
            services, series = list(document.services()), list(document.series())
    findings.extend(document.findings_of_others)
    datasets.sort(key=lambda dataset: dataset.iri)
    return CatalogueRead(
        document.titles, datasets, document.next_page, findings, frozenset(doubtful), services, series
    )


@dataclass(frozen=True, slots=True)
class DatasetRead:
    """A dataset of a document, or why it could not be read.

    Attributes:
        iri: Empty for one without.
        doubtful: Whether parts may be missing, because the document broke where they stood.
    """

    iri: str
    description: DatasetDescription | None
    findings: list[Finding]
    doubtful: bool = False


class Document:
    """A document of a DCAT feed: its datasets are read one after another, from the disk.

    Attributes:
        findings: What holds for the document as a whole.
        findings_of_others: What was noticed at services and series, once they were read.
        total: Datasets on all pages, as the document says; None where it does not.
    """

    def __init__(self, spool: Spool, parsed: Parsed) -> None:
        self._spool, self._doubtful = spool, parsed.doubtful
        self.findings = parsed.findings
        self.findings_of_others: list[Finding] = []
        self.next_page = next(
            (str(each.object.value) for wanted in _NEXT for each in spool.paging if each.predicate == wanted),
            None,
        )
        self.total = next((_whole(each.object) for each in spool.paging if each.predicate == _TOTAL), None)
        self.titles = self._titles()

    def _titles(self) -> Texts:
        for subject in self._spool.records("Catalog"):
            store = self._spool.graph([subject])
            return texts_of(each.object for each in store.quads_for_pattern(_node(subject), t.TITLE, None))
        return {}

    def datasets(self) -> Iterator[DatasetRead]:
        """Yield the datasets in the order of their IRIs."""
        waiting: list[str] = []
        series = set(self._spool.records("DatasetSeries"))
        for subject in self._spool.records("Dataset"):
            if subject in series:
                continue
            if subject.startswith("_:"):
                message = say("A dataset has no IRI; it was left out, as it could not be found again.")
                yield DatasetRead("", None, [finding("no-iri", "", message)])
                continue
            waiting.append(subject)
            if len(waiting) >= READ_AT_ONCE:
                yield from self._read(waiting)
                waiting = []
        yield from self._read(waiting)

    def services(self) -> Iterator[ServiceDescription]:
        """Yield the data services in the order of their IRIs."""
        yield from self._others("DataService", Record.service)

    def series(self) -> Iterator[SeriesDescription]:
        """Yield the dataset series in the order of their IRIs."""
        yield from self._others("DatasetSeries", Record.series)

    def _others(self, kind: str, read: Callable[["Record"], PartT]) -> Iterator[PartT]:
        for subject in [each for each in self._spool.records(kind) if not each.startswith("_:")]:
            try:
                record = Record(self._spool.graph([subject]), _node(subject))
            except TooMuch:
                continue
            yield read(record)
            self.findings_of_others.extend(record.findings)

    def _read(self, subjects: list[str]) -> Iterator[DatasetRead]:
        try:
            store = self._spool.graph(subjects)
        except TooMuch:
            if len(subjects) > 1:
                for each in subjects:
                    yield from self._read([each])
                return
            message = say("It reaches more statements than a dataset may have; it was left out.")
            found = finding("too-large", subjects[0][1:-1], message, Severity.ERROR)
            yield DatasetRead(subjects[0][1:-1], None, [found], doubtful=True)
            return
        for subject in subjects:
            read = read_record(store, _node(subject))
            assert read.description is not None  # noqa: S101 - it always has one
            doubtful = bool(self._doubtful & {read.iri, *_part_iris(read.description)})
            yield replace(read, doubtful=doubtful)


def read_record(store: Graph, subject: ox.NamedNode) -> DatasetRead:
    """Read one dataset of which all statements are at hand."""
    record = Record(store, subject)
    description = record.dataset()
    return DatasetRead(description.iri, description, record.findings)


@contextmanager
def open_document(path: Path, *, media_type: str, base_iri: str) -> Iterator[Document]:
    """Open a document of a DCAT feed; beside it a file is made, and removed in the end.

    Raises:
        DangerousXml: The XML has external or nested entities.
        NotRdf: Nothing could be read.
    """
    with Spool(path.with_suffix(".spool")) as spool:
        yield Document(spool, parse(path, spool, media_type=media_type, base_iri=base_iri))


def _node(subject: str) -> ox.NamedNode:
    return ox.NamedNode(subject[1:-1])


def _whole(value: Any) -> int | None:
    return int(value.value) if re.fullmatch(r"\d{1,9}", str(value.value)) else None


def _part_iris(dataset: DatasetDescription) -> set[str]:
    return {part.iri for part in dataset.distributions}


class Record(Values):
    """One dataset, service or series with its parts; what no field takes becomes ``extra``."""

    def __init__(self, store: Graph, subject: ox.NamedNode) -> None:
        super().__init__(store, subject)
        self._known_agents: dict[Any, AgentDescription] = {}

    def dataset(self) -> DatasetDescription:
        """Return the description, with what is missing told."""
        node = self.subject
        values = self._resource(t.DATASET)
        values["spatial"], values["bounds"] = self._places(node)
        values["temporal"] = self._parts(node, t.TEMPORAL, self._period)
        values["attributions"] = self._parts(node, t.ATTRIBUTION, self._attribution)
        values["relations"] = self._parts(node, t.RELATION, self._relation)
        values["other_identifiers"] = self._parts(node, t.OTHER_IDENTIFIER, self._other_identifier)
        values["provenance"] = self._parts(node, t.PROVENANCE, self._statement)
        values["distributions"] = tuple(self._distributions(node))
        found = DatasetDescription(iri=self.iri, **values, extra=self.rest(node))
        self._tell_missing(found)
        for distribution in found.distributions:
            self._tell_of_distribution(distribution)
        return found

    def service(self) -> ServiceDescription:
        """Return the description of a data service, with what is missing told."""
        values = self._resource(t.SERVICE)
        found = ServiceDescription(iri=self.iri, **values, extra=self.rest(self.subject))
        self._tell_missing(found, optional=True)
        return found

    def series(self) -> SeriesDescription:
        """Return the description of a dataset series, with what is missing told."""
        node = self.subject
        values = self._resource(t.SERIES)
        self.mark_types(node, name("dcat:Dataset"))
        values["spatial"], values["bounds"] = self._places(node)
        values["temporal"] = self._parts(node, t.TEMPORAL, self._period)
        found = SeriesDescription(iri=self.iri, **values, extra=self.rest(node))
        self._tell_missing(found)
        return found

    def _resource(self, asked: t.Properties) -> dict[str, Any]:
        node = self.subject
        values = self.properties(node, asked)
        values |= {key: self._agent(node, predicate) for key, predicate in asked.agent.items()}
        values |= {key: self._agents(node, predicate) for key, predicate in asked.agents.items()}
        values["contacts"] = self._parts(node, t.CONTACT, self._contact)
        return values

    def _tell_missing(self, found: Any, *, optional: bool = False) -> None:
        for key, what in (("titles", "dct:title"), ("descriptions", "dct:description")):
            if not getattr(found, key) and not (optional and key == "descriptions"):
                severity = Severity.ERROR if key == "titles" else Severity.WARNING
                self.tell("missing", say("{what} is missing; DCAT-AP asks for it.", what=what), severity)

    def _tell_of_distribution(self, part: DistributionDescription) -> None:
        if not part.access_url:
            self.tell(
                "missing", say("dcat:accessURL of {iri} is missing; DCAT-AP asks for it.", iri=part.iri)
            )
        for what, value, known in (
            ("dct:format", part.format, vocabulary.FILE_TYPES),
            ("dct:license", part.licence, vocabulary.LICENCES),
        ):
            if value and known.by_iri(value) is None:
                message = say(
                    "{what} {value} of {iri} is in no vocabulary known here; it was kept as it is.",
                    what=what,
                    value=value,
                    iri=part.iri,
                )
                self.tell("unknown-term", message, Severity.INFO)

    # --- parts ----------------------------------------------------------------------------------
    def _parts(self, node: Node, predicate: ox.NamedNode, read: Callable[[Node], PartT]) -> tuple[PartT, ...]:
        """Return the parts that a property leads to, sorted by what they say."""
        if not self.quads(node, predicate):
            return ()
        found = (read(one) for one in self.values(node, predicate, ox.NamedNode, ox.BlankNode))
        return _in_order(found)

    def _agent(self, node: Node, predicate: ox.NamedNode) -> AgentDescription | None:
        """Return one agent; further ones are kept as they are."""
        for quad in self.sorted_quads(node, predicate)[:1]:
            self.mark(quad)
            agent = self._agent_of(quad.object, predicate)
            return agent if agent != AgentDescription() else None
        return None

    def _agents(self, node: Node, predicate: ox.NamedNode) -> tuple[AgentDescription, ...]:
        found = []
        for quad in self.sorted_quads(node, predicate):
            self.mark(quad)
            found.append(self._agent_of(quad.object, predicate))
        return _in_order(each for each in found if each != AgentDescription())

    def _agent_of(self, one: Any, predicate: ox.NamedNode) -> AgentDescription:
        if isinstance(one, ox.Literal):
            self.tell("literal-for-iri", say("{property} is a text, not an agent.", property=predicate.value))
            return AgentDescription({language_of(one): str(one.value)})
        if one not in self._known_agents:
            values = self.properties(one, t.AGENT)
            extra = self.rest(one, named=SELF)
            self._known_agents[one] = AgentDescription(**values, iri=_iri_of(one), extra=extra)
        return self._known_agents[one]

    def _contact(self, one: Node) -> ContactDescription:
        values = self.properties(one, t.CONTACT_PROPERTIES)
        return ContactDescription(
            **values,
            **self._address(one),
            kind=self._vcard_kind(one),
            iri=_iri_of(one),
            extra=self.rest(one, named=SELF),
        )

    def _vcard_kind(self, one: Node) -> str:
        for quad in self.sorted_quads(one, t.A):
            if quad.object in t.VCARD_KINDS:
                self.mark(quad)
                return str(quad.object.value)
        return ""

    def _address(self, one: Node) -> dict[str, str]:
        """Return a contact's postal address, if it is a single one without a name of its own."""
        quads = self.quads(one, t.VCARD_ADDRESS)
        if len(quads) != 1 or not isinstance(quads[0].object, ox.BlankNode):
            return {}
        place = quads[0].object
        found = {key: self.one(place, predicate) for key, predicate in t.ADDRESS.items()}
        self.mark_types(place, t.VCARD_ADDRESS_CLASS)
        if any(found.values()) and self.is_whole(place):
            self.mark(quads[0])
            return found
        return {}

    def _attribution(self, one: Node) -> AttributionDescription:
        self.mark_types(one, name("prov:Attribution"))
        agent, role = self._agent(one, t.ATTRIBUTED), self.one_iri(one, t.ROLE)
        return AttributionDescription(agent, role, _iri_of(one), self.rest(one, named=SELF))

    def _relation(self, one: Node) -> RelationDescription:
        self.mark_types(one, name("dcat:Relationship"))
        target, role = self.one_iri(one, t.RELATED), self.one_iri(one, t.ROLE)
        return RelationDescription(target, role, _iri_of(one), self.rest(one, named=SELF))

    def _other_identifier(self, one: Node) -> IdentifierDescription:
        self.mark_types(one, name("adms:Identifier"))
        notation = scheme = ""
        for quad in self.sorted_quads(one, t.NOTATION)[:1]:
            if isinstance(quad.object, ox.Literal) and not quad.object.language:
                self.mark(quad)
                notation = str(quad.object.value)
                scheme = "" if quad.object.datatype == _PLAIN else str(quad.object.datatype.value)
        return IdentifierDescription(notation, scheme, _iri_of(one), self.rest(one, named=SELF))

    def _statement(self, one: Node) -> StatementDescription:
        self.mark_types(one, name("dct:ProvenanceStatement"))
        texts = self.text_map(one, t.LABEL)
        return StatementDescription(texts, _iri_of(one), self.rest(one, named=SELF))

    def _places(self, node: Node) -> tuple[tuple[str, ...], tuple[float, ...]]:
        iris: set[str] = set()
        bounds: tuple[float, ...] = ()
        for quad in self.sorted_quads(node, t.SPATIAL):
            if isinstance(quad.object, ox.NamedNode):
                self.mark(quad)
                self.note_named(quad.object, name("dct:Location"))
                iris.add(str(quad.object.value))
            elif isinstance(quad.object, ox.BlankNode) and not bounds:
                bounds = self._bounds(quad)
        return tuple(sorted(iris)), bounds

    def _bounds(self, quad: ox.Quad) -> tuple[float, ...]:
        for each in self.quads(quad.object, t.BBOX):
            text = str(each.object.value)
            numbers = [float(number) for number in _WKT_NUMBERS.findall(text)]
            if text.startswith("POLYGON") and len(numbers) == 10:
                self.mark(each)
                self.mark_types(quad.object, name("dct:Location"))
                if not self.is_whole(quad.object):
                    return ()
                self.mark(quad)
                xs, ys = numbers[0::2], numbers[1::2]
                return (min(xs), min(ys), max(xs), max(ys))
        return ()

    def _period(self, one: Node) -> PeriodOfTime:
        self.mark_types(one, name("dct:PeriodOfTime"))
        start = self.one(one, t.START) or self.one(one, t.OLD_START)
        end = self.one(one, t.END) or self.one(one, t.OLD_END)
        return PeriodOfTime(start, end, self.rest(one, named=SELF), _iri_of(one))

    # --- distributions --------------------------------------------------------------------------
    def _distributions(self, node: Node) -> list[DistributionDescription]:
        """Return the files; those without an IRI get one from their place, sorted by what they say."""
        subjects = list(self.values(node, t.DISTRIBUTION, ox.NamedNode, ox.BlankNode))
        found = [self._distribution(one) for one in subjects]
        blank = sorted((each for each in found if each.iri == SELF.value), key=sort_key)
        named = sorted((each for each in found if each.iri != SELF.value), key=lambda each: each.iri)
        return [*named, *(_with_iri(each, f"{self.iri}#distribution-{n}") for n, each in enumerate(blank))]

    def _distribution(self, node: Node) -> DistributionDescription:
        values = self.properties(node, t.DISTRIBUTION_PROPERTIES)
        values["checksum"], values["checksum_algorithm"] = self._checksum(node)
        named = node if isinstance(node, ox.NamedNode) else SELF
        return DistributionDescription(
            iri=str(named.value),
            byte_size=self._byte_size(node),
            **values,
            extra=self.rest(node, named=named),
        )

    def _byte_size(self, node: Node) -> int | None:
        size = self.one(node, t.BYTE_SIZE, _BYTES)
        return int(size.partition(".")[0]) if size else None

    def _checksum(self, node: Node) -> tuple[str, str]:
        """Return a checksum and its algorithm's IRI, empty for SHA-256."""
        for quad in self.quads(node, t.CHECKSUM):
            part = quad.object
            if isinstance(part, ox.Literal) or not self.quads(part, t.CHECKSUM_VALUE):
                continue
            algorithm, value = self.one_iri(part, t.CHECKSUM_ALGORITHM), self.one(part, t.CHECKSUM_VALUE)
            self.mark_types(part, name("spdx:Checksum"))
            if algorithm and value and self.is_whole(part):
                self.mark(quad)
                return value, "" if algorithm == t.SHA256.value else algorithm
            self.forget(part)
        return "", ""


def _iri_of(node: Node) -> str:
    return str(node.value) if isinstance(node, ox.NamedNode) else ""


def _in_order(parts: Iterable[PartT]) -> tuple[PartT, ...]:
    """Return parts sorted by what they say, each once. A part that says nothing is none."""
    said = [each for each in parts if to_json(each)]
    if len(said) < 2:
        return tuple(said)
    found = {sort_key(each): each for each in said}
    return tuple(found[key] for key in sorted(found))


def _with_iri(part: DistributionDescription, new: str) -> DistributionDescription:
    lines = tuple(sorted(line.replace(str(SELF), str(ox.NamedNode(new))) for line in part.extra))
    return replace(part, iri=new, extra=lines)
