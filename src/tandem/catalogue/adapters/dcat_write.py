"""Say a description in RDF, as DCAT-AP 3.0.1 asks, with what the German or Italian profile adds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from tandem.catalogue.adapters import dcat_terms as t
from tandem.catalogue.adapters.rdf import Node, from_lines, iri, name, sound_language
from tandem.catalogue.adapters.rdf_blank import scoped_node
from tandem.catalogue.domain.description import (
    AgentDescription,
    CatalogueDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    PeriodOfTime,
    Texts,
)
from tandem.catalogue.domain.vocabulary import LICENCES, THEMES, term_of

_PUBLISHER_TYPES = "http://purl.org/adms/publishertype/"
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


def catalogue_triples(
    catalogue: CatalogueDescription,
    datasets: Iterable[DatasetDescription],
    *,
    profile: str,
    page: PageOfCatalogue | None = None,
) -> list[ox.Triple]:
    """Return the statements about a catalogue and the datasets of one page of it.

    Args:
        catalogue: Itself.
        datasets: Those of this page.
        profile: ``eu``, ``de`` or ``it``.
        page: Which page; None where there is only one.
    """
    node = ox.NamedNode(iri(catalogue.iri))
    found = list(_catalogue(node, catalogue))
    for dataset in datasets:
        found.append(ox.Triple(node, name("dcat:dataset"), ox.NamedNode(iri(dataset.iri))))
        found.extend(_dataset(dataset))
    if page:
        found.extend(_paging(page))
    return _finish(found, profile)


def dataset_triples(dataset: DatasetDescription, *, profile: str) -> list[ox.Triple]:
    """Return the statements about one dataset."""
    return _finish(list(_dataset(dataset)), profile)


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
        elif node.value.startswith(_PUBLISHER_TYPES):
            yield ox.Triple(node, t.A, name("skos:Concept"))
            yield ox.Triple(
                node, name("skos:prefLabel"), ox.Literal(node.value.rpartition("/")[2], language="en")
            )
            yield ox.Triple(node, name("skos:inScheme"), ox.NamedNode(f"{_PUBLISHER_TYPES}1.0"))
        elif node == t.SHA256:
            yield ox.Triple(node, t.A, name("spdx:ChecksumAlgorithm"))


def _catalogue(node: Node, catalogue: CatalogueDescription) -> Iterator[ox.Triple]:
    yield ox.Triple(node, t.A, name("dcat:Catalog"))
    yield from _texts(node, t.TITLE, catalogue.titles)
    yield from _texts(node, t.DESCRIPTION, catalogue.descriptions)
    yield from _agent(node, t.PUBLISHER, catalogue.publisher)
    yield from _iris(node, name("foaf:homepage"), [catalogue.homepage])
    yield from _iris(node, name("dct:language"), catalogue.languages)
    yield from _iris(node, name("dct:license"), [catalogue.licence])
    yield from _iris(node, t.SPATIAL, catalogue.spatial)
    themes = ox.NamedNode(THEMES.scheme)
    yield ox.Triple(node, name("dcat:themeTaxonomy"), themes)
    yield ox.Triple(themes, t.A, name("skos:ConceptScheme"))
    yield from _texts(themes, t.TITLE, {"de": "Datenthemen", "it": "Temi dei dati", "en": "Data themes"})
    yield from _dates(node, t.DATES["modified"], catalogue.modified)


def _dataset(dataset: DatasetDescription) -> Iterator[ox.Triple]:
    node = ox.NamedNode(iri(dataset.iri))
    yield ox.Triple(node, t.A, name("dcat:Dataset"))
    yield from _texts(node, t.TITLE, dataset.titles)
    yield from _texts(node, t.DESCRIPTION, dataset.descriptions)
    for language, words in dataset.keywords.items():
        for word in words:
            yield ox.Triple(node, t.KEYWORD, _text(word, language))
    for field, predicate in t.DATASET_IRIS.items():
        yield from _iris(node, predicate, getattr(dataset, field))
    for field, predicate in t.DATASET_IRI.items():
        yield from _iris(node, predicate, [getattr(dataset, field)])
    for field, predicate in t.DATES.items():
        yield from _dates(node, predicate, getattr(dataset, field))
    for identifier in dataset.identifiers:
        yield ox.Triple(node, t.IDENTIFIER, ox.Literal(identifier))
    yield from _agents_and_places(node, dataset)
    for distribution in dataset.distributions:
        yield ox.Triple(node, t.DISTRIBUTION, ox.NamedNode(iri(distribution.iri)))
        yield from _distribution(distribution)
    yield from from_lines(dataset.extra, scope=dataset.iri)


def _agents_and_places(node: Node, dataset: DatasetDescription) -> Iterator[ox.Triple]:
    if dataset.publisher:
        yield from _agent(node, t.PUBLISHER, dataset.publisher)
    if dataset.rights_holder:
        yield from _agent(node, t.RIGHTS_HOLDER, dataset.rights_holder)
    for contact in dataset.contacts:
        yield from _contact(node, contact)
    yield from _iris(node, t.SPATIAL, dataset.spatial)
    if dataset.bounds:
        yield from _bounds(node, dataset.bounds)
    for period in dataset.temporal:
        yield from _period(node, period)


def _distribution(distribution: DistributionDescription) -> Iterator[ox.Triple]:
    node = ox.NamedNode(iri(distribution.iri))
    yield ox.Triple(node, t.A, name("dcat:Distribution"))
    yield from _texts(node, t.TITLE, distribution.titles)
    yield from _texts(node, t.DESCRIPTION, distribution.descriptions)
    for field, predicate in t.DISTRIBUTION_IRI.items():
        yield from _iris(node, predicate, [getattr(distribution, field)])
    for field, predicate in t.DISTRIBUTION_IRIS.items():
        yield from _iris(node, predicate, getattr(distribution, field))
    for field, predicate in t.DATES.items():
        yield from _dates(node, predicate, getattr(distribution, field))
    if distribution.attribution:
        yield ox.Triple(node, t.ATTRIBUTION, ox.Literal(distribution.attribution))
    if distribution.byte_size is not None:
        size = ox.Literal(str(distribution.byte_size), datatype=ox.NamedNode(f"{_XSD}nonNegativeInteger"))
        yield ox.Triple(node, t.BYTE_SIZE, size)
    if distribution.checksum:
        yield from _checksum(node, distribution.checksum)
    yield from from_lines(distribution.extra, scope=distribution.iri)


def _checksum(node: Node, checksum: str) -> Iterator[ox.Triple]:
    part = _blank(node, "checksum", checksum)
    yield ox.Triple(node, t.CHECKSUM, part)
    yield ox.Triple(part, t.A, name("spdx:Checksum"))
    yield ox.Triple(part, t.CHECKSUM_ALGORITHM, t.SHA256)
    value = ox.Literal(checksum, datatype=ox.NamedNode(f"{_XSD}hexBinary"))
    yield ox.Triple(part, t.CHECKSUM_VALUE, value)


def _agent(node: Node, predicate: ox.NamedNode, agent: AgentDescription) -> Iterator[ox.Triple]:
    one = ox.NamedNode(iri(agent.iri)) if agent.iri else _blank(node, "agent", str(agent))
    yield ox.Triple(node, predicate, one)
    yield ox.Triple(one, t.A, name("foaf:Agent"))
    yield from _texts(one, t.AGENT_NAME, agent.names)
    yield from _iris(one, t.AGENT_KIND, [agent.kind])
    yield from _iris(one, t.HOMEPAGE, [agent.homepage])
    yield from _iris(one, t.MAILBOX, [f"mailto:{agent.mail}" if agent.mail else ""])
    if agent.identifier:
        yield ox.Triple(one, t.IDENTIFIER, ox.Literal(agent.identifier))
    yield from from_lines(agent.extra, scope=one.value, myself=one)


def _contact(node: Node, contact: ContactDescription) -> Iterator[ox.Triple]:
    one = ox.NamedNode(iri(contact.iri)) if contact.iri else _blank(node, "contact", str(contact))
    yield ox.Triple(node, t.CONTACT, one)
    yield ox.Triple(one, t.A, name("vcard:Kind"))
    if contact.name:
        yield ox.Triple(one, t.VCARD_NAME, ox.Literal(contact.name))
    yield from _iris(one, t.VCARD_MAIL, [f"mailto:{contact.mail}" if contact.mail else ""])
    yield from _iris(one, t.VCARD_URL, [contact.url])
    yield from _iris(one, t.VCARD_PHONE, [f"tel:{contact.phone}" if contact.phone else ""])
    yield from from_lines(contact.extra, scope=one.value, myself=one)


def _bounds(node: Node, bounds: Sequence[float]) -> Iterator[ox.Triple]:
    west, south, east, north = bounds
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    wkt = f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
    place = _blank(node, "bounds", wkt)
    yield ox.Triple(node, t.SPATIAL, place)
    literal = ox.Literal(wkt, datatype=name("geosparql:wktLiteral"))
    yield ox.Triple(place, t.BBOX, literal)


def _period(node: Node, period: PeriodOfTime) -> Iterator[ox.Triple]:
    one = _blank(node, "period", str(period))
    yield ox.Triple(node, t.TEMPORAL, one)
    yield ox.Triple(one, t.A, name("dct:PeriodOfTime"))
    yield from _dates(one, t.START, period.start)
    yield from _dates(one, t.END, period.end)
    yield from from_lines(period.extra, scope=one.value, myself=one)


def _texts(node: Node, predicate: ox.NamedNode, texts: Texts) -> Iterator[ox.Triple]:
    for language, text in texts.items():
        if text:
            yield ox.Triple(node, predicate, _text(text, language))


def _text(text: str, language: str) -> ox.Literal:
    tag = "" if language == "und" else sound_language(language)
    return ox.Literal(text, language=tag) if tag else ox.Literal(text)


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
    whole = ox.NamedNode(f"{_XSD}integer")
    yield ox.Triple(here, name("hydra:totalItems"), ox.Literal(str(page.total), datatype=whole))
    yield ox.Triple(here, name("hydra:itemsPerPage"), ox.Literal(str(page.per_page), datatype=whole))
