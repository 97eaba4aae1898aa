"""Say a description in RDF, as DCAT-AP 3.0.1 asks, with what the German or Italian profile adds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from tandem.catalogue.adapters import dcat_terms as t
from tandem.catalogue.adapters.rdf import Node, from_lines, iri, name, sound_language
from tandem.catalogue.adapters.rdf_blank import scoped_node
from tandem.catalogue.domain.description import (
    AgentDescription,
    AttributionDescription,
    CatalogueDescription,
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
)
from tandem.catalogue.domain.vocabulary import LICENCES, STATUSES, THEMES, term_of

_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class PageOfCatalogue:
    """Which part of a catalogue a document holds (hydra paging).

    Attributes:
        url: Address of the whole feed; pages add ``?page=``.
        number: From 1.
        pages: How many there are.
        total: Datasets in all of them.
    """

    url: str
    number: int
    pages: int
    total: int
    per_page: int


@dataclass(frozen=True, slots=True)
class Besides:
    """What is said beside datasets: the services and the series that they belong to."""

    services: Sequence[ServiceDescription] = ()
    series: Sequence[SeriesDescription] = ()


NOTHING = Besides()


def catalogue_triples(
    catalogue: CatalogueDescription,
    datasets: Iterable[DatasetDescription],
    *,
    profile: str,
    page: PageOfCatalogue | None = None,
    besides: Besides = NOTHING,
) -> list[ox.Triple]:
    """Return the statements about a catalogue and the datasets of one page of it.

    Args:
        catalogue: Itself.
        datasets: Those of this page.
        profile: ``eu``, ``de`` or ``it``.
        page: Which page; None where there is only one.
        besides: Services and series of this page.
    """
    node = ox.NamedNode(iri(catalogue.iri))
    found = list(_catalogue(node, catalogue))
    for dataset in datasets:
        found.append(ox.Triple(node, name("dcat:dataset"), ox.NamedNode(iri(dataset.iri))))
        found.extend(_dataset(dataset))
    found.extend(
        ox.Triple(node, name("dcat:service"), ox.NamedNode(iri(each.iri))) for each in besides.services
    )
    found.extend(
        ox.Triple(node, name("dcat:resource"), ox.NamedNode(iri(each.iri))) for each in besides.series
    )
    found.extend(_besides(besides))
    if page:
        found.extend(_paging(page))
    return _finish(found, profile)


def _besides(besides: Besides) -> Iterator[ox.Triple]:
    for service in besides.services:
        yield from _service(service)
    for series in besides.series:
        yield from _series(series)


def dataset_triples(
    dataset: DatasetDescription, *, profile: str, besides: Besides = NOTHING
) -> list[ox.Triple]:
    """Return the statements about one dataset, its services and its series."""
    return _finish([*_dataset(dataset), *_besides(besides)], profile)


def service_triples(service: ServiceDescription, *, profile: str) -> list[ox.Triple]:
    """Return the statements about one data service."""
    return _finish(list(_service(service)), profile)


def series_triples(series: SeriesDescription, *, profile: str) -> list[ox.Triple]:
    """Return the statements about one dataset series."""
    return _finish(list(_series(series)), profile)


def agent_triples(agent: AgentDescription, *, profile: str) -> list[ox.Triple]:
    """Return the statements about one agent that has an IRI."""
    node = ox.NamedNode(iri(agent.iri))
    found = [*_properties(node, t.AGENT, agent), *from_lines(agent.extra, scope=agent.iri, myself=node)]
    return _finish(found, profile)


def withdrawn_triples(subject: str, *, kind: str, titles: Texts, reason: str, when: str) -> list[ox.Triple]:
    """Return what is still said of something that was withdrawn: what it was called, that it is gone, and why.

    Args:
        subject: Its IRI.
        kind: Prefixed name of its class: ``dcat:Dataset``.
        titles: What it was called.
        reason: Why it was withdrawn, for people.
        when: ISO date and time.
    """
    node = ox.NamedNode(iri(subject))
    gone = STATUSES.by_code("WITHDRAWN")
    found = [ox.Triple(node, t.A, name(kind)), *_texts(node, t.TITLE, titles)]
    found += [*_iris(node, name("adms:status"), [gone.iri if gone else ""])]
    found += [*_dates(node, name("dct:modified"), when)]
    if reason:
        found.append(ox.Triple(node, name("rdfs:comment"), ox.Literal(reason)))
    return _finish(found, "eu")


def _finish(found: list[ox.Triple], profile: str) -> list[ox.Triple]:
    if profile == "de":
        found = [_with_german_licence(each) for each in found]
    classes = [
        ox.Triple(each.object, t.A, t.OBJECT_CLASSES[each.predicate])
        for each in found
        if each.predicate in t.OBJECT_CLASSES and not isinstance(each.object, ox.Literal)
    ]
    found = list(dict.fromkeys((*found, *classes, *_terms(found))))
    if profile == "it":
        found += [
            ox.Triple(each.subject, t.A, t.ITALIAN_CLASSES[each.object])
            for each in found
            if each.predicate == t.A and each.object in t.ITALIAN_CLASSES
        ]
    return found


def _with_german_licence(statement: ox.Triple) -> ox.Triple:
    """Return a statement with a licence named as DCAT-AP.de's list names it, where the list has it."""
    licence = LICENCES.by_iri(statement.object.value) if statement.predicate == t.LICENCE else None
    if licence is None or not licence.german_iri:
        return statement
    return ox.Triple(statement.subject, statement.predicate, ox.NamedNode(licence.german_iri))


def _terms(found: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield what validators ask of terms and do not fetch: names, scheme, class."""
    for node in dict.fromkeys(each.object for each in found if isinstance(each.object, ox.NamedNode)):
        known = term_of(node.value)
        if known:
            term, scheme = known
            yield from _texts(node, name("skos:prefLabel"), term.names)
            yield ox.Triple(node, name("skos:inScheme"), ox.NamedNode(scheme))
        elif node == t.SHA256:
            yield ox.Triple(node, t.A, name("spdx:ChecksumAlgorithm"))


# --- records ------------------------------------------------------------------------------------
def _catalogue(node: Node, catalogue: CatalogueDescription) -> Iterator[ox.Triple]:
    yield from _properties(node, t.CATALOGUE, catalogue)
    if catalogue.bounds:
        yield from _bounds(node, catalogue.bounds)
    themes = ox.NamedNode(THEMES.scheme)
    yield ox.Triple(node, name("dcat:themeTaxonomy"), themes)
    yield ox.Triple(themes, t.A, name("skos:ConceptScheme"))
    yield from _texts(themes, t.TITLE, {"de": "Datenthemen", "it": "Temi dei dati", "en": "Data themes"})


def _dataset(dataset: DatasetDescription) -> Iterator[ox.Triple]:
    node = ox.NamedNode(iri(dataset.iri))
    yield from _properties(node, t.DATASET, dataset)
    yield from _time_and_place(node, dataset)
    for attribution in dataset.attributions:
        yield from _attribution(node, attribution)
    for relation in dataset.relations:
        yield from _relation(node, relation)
    for identifier in dataset.other_identifiers:
        yield from _other_identifier(node, identifier)
    for statement in dataset.provenance:
        yield from _provenance(node, statement)
    for distribution in dataset.distributions:
        yield ox.Triple(node, t.DISTRIBUTION, ox.NamedNode(iri(distribution.iri)))
        yield from _distribution(distribution)
    yield from from_lines(dataset.extra, scope=dataset.iri)


def _service(service: ServiceDescription) -> Iterator[ox.Triple]:
    yield from _properties(ox.NamedNode(iri(service.iri)), t.SERVICE, service)
    yield from from_lines(service.extra, scope=service.iri)


def _series(series: SeriesDescription) -> Iterator[ox.Triple]:
    node = ox.NamedNode(iri(series.iri))
    yield from _properties(node, t.SERIES, series)
    yield from _time_and_place(node, series)
    yield from from_lines(series.extra, scope=series.iri)


def _distribution(distribution: DistributionDescription) -> Iterator[ox.Triple]:
    node = ox.NamedNode(iri(distribution.iri))
    yield from _properties(node, t.DISTRIBUTION_PROPERTIES, distribution)
    if distribution.byte_size is not None:
        yield ox.Triple(node, t.BYTE_SIZE, _typed(str(distribution.byte_size), "nonNegativeInteger"))
    if distribution.checksum:
        yield from _checksum(node, distribution)
    yield from from_lines(distribution.extra, scope=distribution.iri)


def _properties(node: Node, says: t.Properties, value: Any) -> Iterator[ox.Triple]:
    """Yield what a description says with the simple properties of its class."""
    yield ox.Triple(node, t.A, name(says.classes[0]))
    for field, predicate in says.texts.items():
        yield from _texts(node, predicate, getattr(value, field))
    for field, predicate in says.words.items():
        for language, words in getattr(value, field).items():
            yield from (ox.Triple(node, predicate, _text(word, language)) for word in words)
    for field, predicate in says.iris.items():
        yield from _iris(node, predicate, getattr(value, field))
    for field, predicate in says.iri.items():
        found = getattr(value, field)
        yield from _iris(node, predicate, [f"{t.SCHEMES.get(field, '')}{found}" if found else ""])
    for field, predicate in says.dates.items():
        yield from _dates(node, predicate, getattr(value, field))
    for field, predicate in says.literals.items():
        yield from (ox.Triple(node, predicate, ox.Literal(each)) for each in getattr(value, field))
    yield from _single_literals(node, says, value)
    yield from _people(node, says, value)


def _single_literals(node: Node, says: t.Properties, value: Any) -> Iterator[ox.Triple]:
    for names, kind in ((says.literal, "string"), (says.decimals, "decimal"), (says.durations, "duration")):
        for field, predicate in names.items():
            found = getattr(value, field)
            if found:
                yield ox.Triple(node, predicate, _typed(found, kind))


def _people(node: Node, says: t.Properties, value: Any) -> Iterator[ox.Triple]:
    for field, predicate in says.agent.items():
        if agent := getattr(value, field):
            yield from _agent(node, predicate, agent)
    for field, predicate in says.agents.items():
        for agent in getattr(value, field):
            yield from _agent(node, predicate, agent)
    for contact in getattr(value, "contacts", ()):
        yield from _contact(node, contact)


def _time_and_place(node: Node, value: DatasetDescription | SeriesDescription) -> Iterator[ox.Triple]:
    yield from _iris(node, t.SPATIAL, value.spatial)
    if value.bounds:
        yield from _bounds(node, value.bounds)
    for period in value.temporal:
        yield from _period(node, period)


# --- parts --------------------------------------------------------------------------------------
def _part(node: Node, predicate: ox.NamedNode, part: Any, kind: str) -> tuple[Node, Iterator[ox.Triple]]:
    """Return a part's node, and the statements that lead to it, say its class and what no field holds."""
    one = ox.NamedNode(iri(part.iri)) if part.iri else _blank(node, predicate.value, sort_key(part))

    def statements() -> Iterator[ox.Triple]:
        yield ox.Triple(node, predicate, one)
        yield ox.Triple(one, t.A, name(kind))
        yield from from_lines(part.extra, scope=one.value, myself=one)

    return one, statements()


def _checksum(node: Node, described: DistributionDescription) -> Iterator[ox.Triple]:
    part = _blank(node, "checksum", f"{described.checksum} {described.checksum_algorithm}")
    algorithm = described.checksum_algorithm
    yield ox.Triple(node, t.CHECKSUM, part)
    yield ox.Triple(part, t.A, name("spdx:Checksum"))
    yield ox.Triple(part, t.CHECKSUM_ALGORITHM, ox.NamedNode(iri(algorithm)) if algorithm else t.SHA256)
    yield ox.Triple(part, t.CHECKSUM_VALUE, _typed(described.checksum, "hexBinary"))


def _agent(node: Node, predicate: ox.NamedNode, agent: AgentDescription) -> Iterator[ox.Triple]:
    one, statements = _part(node, predicate, agent, t.AGENT.classes[0])
    yield from statements
    yield from _properties(one, t.AGENT, agent)


def _contact(node: Node, contact: ContactDescription) -> Iterator[ox.Triple]:
    one, statements = _part(node, t.CONTACT, contact, t.CONTACT_PROPERTIES.classes[0])
    yield from statements
    yield from _properties(one, t.CONTACT_PROPERTIES, contact)
    yield from _iris(one, t.A, [contact.kind])
    lines = [(predicate, getattr(contact, field)) for field, predicate in t.ADDRESS.items()]
    if any(text for _predicate, text in lines):
        place = _blank(one, "address", str(lines))
        yield ox.Triple(one, t.VCARD_ADDRESS, place)
        yield ox.Triple(place, t.A, t.VCARD_ADDRESS_CLASS)
        yield from (ox.Triple(place, predicate, ox.Literal(text)) for predicate, text in lines if text)


def _attribution(node: Node, attribution: AttributionDescription) -> Iterator[ox.Triple]:
    one, statements = _part(node, t.ATTRIBUTION, attribution, "prov:Attribution")
    yield from statements
    if attribution.agent:
        yield from _agent(one, t.ATTRIBUTED, attribution.agent)
    yield from _iris(one, t.ROLE, [attribution.role])


def _relation(node: Node, relation: RelationDescription) -> Iterator[ox.Triple]:
    one, statements = _part(node, t.RELATION, relation, "dcat:Relationship")
    yield from statements
    yield from _iris(one, t.RELATED, [relation.target])
    yield from _iris(one, t.ROLE, [relation.role])


def _other_identifier(node: Node, identifier: IdentifierDescription) -> Iterator[ox.Triple]:
    one, statements = _part(node, t.OTHER_IDENTIFIER, identifier, "adms:Identifier")
    yield from statements
    if identifier.notation:
        kind = ox.NamedNode(iri(identifier.scheme)) if identifier.scheme else None
        yield ox.Triple(one, t.NOTATION, ox.Literal(identifier.notation, datatype=kind))


def _provenance(node: Node, statement: StatementDescription) -> Iterator[ox.Triple]:
    one, statements = _part(node, t.PROVENANCE, statement, "dct:ProvenanceStatement")
    yield from statements
    yield from _texts(one, t.LABEL, statement.texts)


def _bounds(node: Node, bounds: Sequence[float]) -> Iterator[ox.Triple]:
    west, south, east, north = bounds
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    wkt = f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
    place = _blank(node, "bounds", wkt)
    yield ox.Triple(node, t.SPATIAL, place)
    literal = ox.Literal(wkt, datatype=name("geosparql:wktLiteral"))
    yield ox.Triple(place, t.BBOX, literal)


def _period(node: Node, period: PeriodOfTime) -> Iterator[ox.Triple]:
    one, statements = _part(node, t.TEMPORAL, period, "dct:PeriodOfTime")
    yield from statements
    yield from _dates(one, t.START, period.start)
    yield from _dates(one, t.END, period.end)


# --- values -------------------------------------------------------------------------------------
def _texts(node: Node, predicate: ox.NamedNode, texts: Texts) -> Iterator[ox.Triple]:
    for language, text in texts.items():
        if text:
            yield ox.Triple(node, predicate, _text(text, language))


def _text(text: str, language: str) -> ox.Literal:
    tag = "" if language == "und" else sound_language(language)
    return ox.Literal(text, language=tag) if tag else ox.Literal(text)


def _typed(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(f"{_XSD}{kind}"))


def _iris(node: Node, predicate: ox.NamedNode, values: Iterable[str]) -> Iterator[ox.Triple]:
    for value in values:
        if value:
            yield ox.Triple(node, predicate, ox.NamedNode(iri(value)))


def _dates(node: Node, predicate: ox.NamedNode, value: str) -> Iterator[ox.Triple]:
    if value:
        yield ox.Triple(node, predicate, ox.Literal(value, datatype=ox.NamedNode(_XSD + _date_kind(value))))


def _date_kind(value: str) -> str:
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    return kinds.get(len(value), "dateTime")


def _blank(node: Node, role: str, content: str) -> ox.BlankNode:
    """Return a blank node whose label depends on its content alone, so that two writes are the same bytes."""
    return scoped_node(node.value, f"{role}\x1f{content}")


def _paging(page: PageOfCatalogue) -> Iterator[ox.Triple]:
    """Yield hydra's paging under its old and its new names."""

    def numbered(number: int) -> ox.NamedNode:
        return ox.NamedNode(iri(f"{page.url}?page={number}"))

    here = numbered(page.number)
    yield ox.Triple(here, t.A, name("hydra:PagedCollection"))
    yield ox.Triple(here, t.A, name("hydra:PartialCollectionView"))
    for old_and_new, number in (
        (("hydra:firstPage", "hydra:first"), 1),
        (("hydra:lastPage", "hydra:last"), page.pages),
        (("hydra:nextPage", "hydra:next"), page.number + 1 if page.number < page.pages else 0),
        (("hydra:previousPage", "hydra:previous"), page.number - 1),
    ):
        for each in old_and_new if number else ():
            yield ox.Triple(here, name(each), numbered(number))
    yield ox.Triple(here, name("hydra:totalItems"), _typed(str(page.total), "integer"))
    yield ox.Triple(here, name("hydra:itemsPerPage"), _typed(str(page.per_page), "integer"))
