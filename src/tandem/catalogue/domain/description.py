"""What a catalogue says of its content, as DCAT-AP 3.0.1 names it: datasets, services, series, agents.

Values only: no database, no RDF. Vocabulary terms are IRIs as they came; texts are by language (``und`` where
the source gave none). What no field here holds is kept in ``extra``, so that a round trip loses nothing.
"""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Texts = Mapping[str, str]
Words = Mapping[str, tuple[str, ...]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AgentDescription:
    """A publisher or another body (foaf:Agent).

    Attributes:
        iri: Its address as an identifier; empty for one without.
        kind: IRI of its type (dct:type).
        identifier: Such as the Italian IPA code.
        extra: Further statements, one N-Triples line each; the agent is ``<urn:tandem:self>`` in them.
    """

    names: Texts = field(default_factory=dict)
    iri: str = ""
    kind: str = ""
    homepage: str = ""
    mail: str = ""
    identifier: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactDescription:
    """Whom to ask (vcard:Kind).

    Attributes:
        iri: Its address as an identifier; empty for one without.
        kind: IRI of a class of vCard, such as ``Organization`` or ``Individual``.
        organisation: The body that the contact belongs to.
        extra: Further statements, one N-Triples line each; the contact is ``<urn:tandem:self>`` in them.
    """

    name: str = ""
    mail: str = ""
    url: str = ""
    phone: str = ""
    iri: str = ""
    kind: str = ""
    organisation: str = ""
    unit: str = ""
    role: str = ""
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodOfTime:
    """A span of time (dct:PeriodOfTime): ISO dates or date-times, either end may be empty.

    Attributes:
        extra: Further statements, one N-Triples line each; the period is ``<urn:tandem:self>`` in them.
    """

    start: str = ""
    end: str = ""
    extra: tuple[str, ...] = ()
    iri: str = ""


@dataclass(frozen=True, slots=True)
class StatementDescription:
    """Something said in words, such as where data come from (dct:ProvenanceStatement).

    Attributes:
        extra: Further statements, one N-Triples line each; it is ``<urn:tandem:self>`` in them.
    """

    texts: Texts = field(default_factory=dict)
    iri: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributionDescription:
    """What somebody did for a dataset (prov:Attribution).

    Attributes:
        role: IRI of a role.
        extra: Further statements, one N-Triples line each; the attribution is ``<urn:tandem:self>`` in them.
    """

    agent: AgentDescription | None = None
    role: str = ""
    iri: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationDescription:
    """How a dataset relates to something else (dcat:Relationship).

    Attributes:
        target: IRI of what it relates to.
        role: IRI of how.
        extra: Further statements, one N-Triples line each; the relation is ``<urn:tandem:self>`` in them.
    """

    target: str = ""
    role: str = ""
    iri: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentifierDescription:
    """A name that a dataset has elsewhere, such as a DOI (adms:Identifier).

    Attributes:
        scheme: IRI of the kind of name: the datatype of its notation.
        extra: Further statements, one N-Triples line each; the identifier is ``<urn:tandem:self>`` in them.
    """

    notation: str = ""
    scheme: str = ""
    iri: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DistributionDescription:
    """One form in which a dataset can be had (dcat:Distribution).

    Attributes:
        iri: Its identifier.
        format: IRI of the file type.
        media_type: IRI of the IANA media type.
        compress_format: IRI of the media type of the compression.
        package_format: IRI of the media type of the archive.
        licence: IRI.
        attribution: Text that BY licences ask to be shown.
        availability: IRI of the planned availability.
        status: IRI of how ripe it is (adms:status).
        byte_size: Bytes; None where unknown.
        checksum: Hexadecimal; SHA-256 unless an algorithm is named.
        checksum_algorithm: IRI of another algorithm than SHA-256.
        spatial_resolution: Metres, as XSD writes decimals.
        temporal_resolution: As XSD writes durations: ``PT15M``.
        services: IRIs of the data services that give access to it.
        conforms_to: IRIs of standards or schemas.
        pages: IRIs of documentation.
        policy: IRI of an ODRL policy.
        legislation: IRIs of applicable legislation.
        extra: Further statements, one N-Triples line each.
    """

    iri: str
    access_url: str = ""
    download_url: str = ""
    titles: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    format: str = ""
    media_type: str = ""
    compress_format: str = ""
    package_format: str = ""
    licence: str = ""
    attribution: str = ""
    availability: str = ""
    status: str = ""
    byte_size: int | None = None
    checksum: str = ""
    checksum_algorithm: str = ""
    issued: str = ""
    modified: str = ""
    rights: str = ""
    policy: str = ""
    spatial_resolution: str = ""
    temporal_resolution: str = ""
    languages: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    legislation: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetDescription:
    """A dataset (dcat:Dataset).

    Attributes:
        iri: Its identifier for ever.
        keywords: By language.
        themes: IRIs of EU data themes.
        creators: Who made it; ``originators`` and ``custodians`` are GeoDCAT-AP's finer roles.
        frequency: IRI.
        spatial: IRIs of places.
        bounds: West, south, east, north in degrees (WGS 84), or empty.
        languages: IRIs.
        access_rights: IRI.
        geocoding_level: IRI (DCAT-AP.de).
        geocoding_descriptions: The place in words (DCAT-AP.de up to 2).
        availability: IRI of the planned availability (DCAT-AP.de).
        contributor_ids: IRIs of who delivers it to GovData (DCAT-AP.de).
        legal_bases: In words (DCAT-AP.de up to 2; ``legislation`` is its successor).
        quality_process: IRI of how quality is seen to (DCAT-AP.de up to 2).
        hvd_categories: IRIs of high-value dataset categories.
        legislation: IRIs of applicable legislation.
        kinds: IRIs of the dataset's type.
        in_series: IRIs of the series that it is part of.
        versions: IRIs of its versions; ``version_of`` and ``previous_version`` point the other ways.
        related: IRIs of whatever it has to do with.
        extra: Further statements, one N-Triples line each.
    """

    iri: str
    titles: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    keywords: Words = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    publisher: AgentDescription | None = None
    rights_holder: AgentDescription | None = None
    creators: tuple[AgentDescription, ...] = ()
    contributors: tuple[AgentDescription, ...] = ()
    originators: tuple[AgentDescription, ...] = ()
    custodians: tuple[AgentDescription, ...] = ()
    contacts: tuple[ContactDescription, ...] = ()
    attributions: tuple[AttributionDescription, ...] = ()
    identifiers: tuple[str, ...] = ()
    other_identifiers: tuple[IdentifierDescription, ...] = ()
    landing_page: str = ""
    pages: tuple[str, ...] = ()
    frequency: str = ""
    spatial: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    spatial_resolution: str = ""
    temporal: tuple[PeriodOfTime, ...] = ()
    temporal_resolution: str = ""
    languages: tuple[str, ...] = ()
    access_rights: str = ""
    geocoding_level: str = ""
    geocoding_descriptions: Texts = field(default_factory=dict)
    availability: str = ""
    contributor_ids: tuple[str, ...] = ()
    legal_bases: Texts = field(default_factory=dict)
    quality_process: str = ""
    hvd_categories: tuple[str, ...] = ()
    legislation: tuple[str, ...] = ()
    issued: str = ""
    modified: str = ""
    version: str = ""
    version_notes: Texts = field(default_factory=dict)
    versions: tuple[str, ...] = ()
    version_of: tuple[str, ...] = ()
    previous_version: str = ""
    in_series: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    provenance: tuple[StatementDescription, ...] = ()
    generated_by: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    relations: tuple[RelationDescription, ...] = ()
    references: tuple[str, ...] = ()
    referenced_by: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    distributions: tuple[DistributionDescription, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """A data service (dcat:DataService): an address that programs ask for data.

    Attributes:
        iri: Its identifier for ever.
        endpoint_urls: Where it is asked.
        endpoint_descriptions: IRIs of what it can be asked: OpenAPI, capabilities.
        serves: IRIs of the datasets that it gives.
        formats: IRIs of file types that it answers with.
        conforms_to: IRIs of standards, such as of OGC.
        pages: IRIs of documentation.
        attribution: Text that BY licences ask to be shown.
        extra: Further statements, one N-Triples line each.
    """

    iri: str
    titles: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    keywords: Words = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    publisher: AgentDescription | None = None
    rights_holder: AgentDescription | None = None
    creators: tuple[AgentDescription, ...] = ()
    contacts: tuple[ContactDescription, ...] = ()
    identifiers: tuple[str, ...] = ()
    endpoint_urls: tuple[str, ...] = ()
    endpoint_descriptions: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    landing_page: str = ""
    licence: str = ""
    attribution: str = ""
    rights: str = ""
    access_rights: str = ""
    availability: str = ""
    contributor_ids: tuple[str, ...] = ()
    hvd_categories: tuple[str, ...] = ()
    legislation: tuple[str, ...] = ()
    issued: str = ""
    modified: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesDescription:
    """A dataset series (dcat:DatasetSeries): datasets that are published apart and belong together.

    Attributes:
        iri: Its identifier for ever.
        extra: Further statements, one N-Triples line each.
    """

    iri: str
    titles: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    keywords: Words = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    publisher: AgentDescription | None = None
    contacts: tuple[ContactDescription, ...] = ()
    identifiers: tuple[str, ...] = ()
    landing_page: str = ""
    frequency: str = ""
    spatial: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    temporal: tuple[PeriodOfTime, ...] = ()
    languages: tuple[str, ...] = ()
    contributor_ids: tuple[str, ...] = ()
    hvd_categories: tuple[str, ...] = ()
    legislation: tuple[str, ...] = ()
    issued: str = ""
    modified: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueDescription:
    """A catalogue (dcat:Catalog).

    Attributes:
        catalogues: IRIs of the catalogues that it takes in.
    """

    iri: str
    titles: Texts
    descriptions: Texts
    publisher: AgentDescription
    creator: AgentDescription | None = None
    homepage: str = ""
    languages: tuple[str, ...] = ()
    licence: str = ""
    rights: str = ""
    spatial: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    legislation: tuple[str, ...] = ()
    catalogues: tuple[str, ...] = ()
    issued: str = ""
    modified: str = ""


def to_json(value: Any) -> Any:
    """Return a description as plain JSON values; what is empty is left out."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if is_dataclass(value):
        named = ((name, getattr(value, name)) for name in _names(typing.cast(Any, type(value))))
        found = ((name, to_json(item)) for name, item in named if item or item == 0)
        return {name: item for name, item in found if item not in (None, "", [], {})}
    return value


@lru_cache(maxsize=100)
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


@lru_cache(maxsize=100)
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def sort_key(value: Any) -> str:
    """Return what descriptions are sorted by and told apart by: all that they say, in one order."""
    return json.dumps(to_json(value), sort_keys=True, ensure_ascii=False)


def from_json(kind: type[T], values: Mapping[str, Any]) -> T:
    """Return the description that ``to_json`` made.

    >>> from_json(PeriodOfTime, to_json(PeriodOfTime(start="2024-01-01")))
    PeriodOfTime(start='2024-01-01', end='', extra=(), iri='')
    """
    hints = _hints(typing.cast(Any, kind))
    return kind(**{name: typed(item, hints[name]) for name, item in values.items() if name in hints})


def typed(item: Any, hint: Any) -> Any:
    """Return a plain JSON value as what a field's kind says."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return (
            None if item is None else typed(item, next(each for each in arguments if each is not type(None)))
        )
    if origin is tuple:
        return tuple(typed(each, arguments[0]) for each in item)
    if is_dataclass(hint):
        return from_json(typing.cast(type[Any], hint), item)
    if isinstance(item, Mapping):
        return {key: tuple(each) if isinstance(each, list) else each for key, each in item.items()}
    return item
