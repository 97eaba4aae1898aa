"""What a catalogue says of its content: datasets, distributions, agents, as DCAT-AP 3.0.1 names them.

Values only: no database, no RDF. Vocabulary terms are IRIs as they came; texts are by language (``und`` where
the source gave none). What no field here holds is kept in ``extra``, so that a round trip loses nothing.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
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
        extra: Further statements, one N-Triples line each; the contact is ``<urn:tandem:self>`` in them.
    """

    name: str = ""
    mail: str = ""
    url: str = ""
    phone: str = ""
    iri: str = ""
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


@dataclass(frozen=True, slots=True)
class DistributionDescription:
    """One form in which a dataset can be had (dcat:Distribution).

    Attributes:
        iri: Its identifier.
        format: IRI of the file type.
        media_type: IRI of the IANA media type.
        licence: IRI.
        attribution: Text that BY licences ask to be shown.
        availability: IRI of the planned availability.
        byte_size: Bytes; None where unknown.
        checksum: SHA-256, hexadecimal.
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
    licence: str = ""
    attribution: str = ""
    availability: str = ""
    byte_size: int | None = None
    checksum: str = ""
    issued: str = ""
    modified: str = ""
    rights: str = ""
    languages: tuple[str, ...] = ()
    legislation: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetDescription:
    """A dataset (dcat:Dataset).

    Attributes:
        iri: Its identifier for ever.
        keywords: By language.
        themes: IRIs of EU data themes.
        frequency: IRI.
        spatial: IRIs of places.
        bounds: West, south, east, north in degrees (WGS 84), or empty.
        languages: IRIs.
        access_rights: IRI.
        geocoding_level: IRI (DCAT-AP.de).
        availability: IRI of the planned availability (DCAT-AP.de).
        hvd_categories: IRIs of high-value dataset categories.
        legislation: IRIs of applicable legislation.
        extra: Further statements, one N-Triples line each.
    """

    iri: str
    titles: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    keywords: Words = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    publisher: AgentDescription | None = None
    rights_holder: AgentDescription | None = None
    contacts: tuple[ContactDescription, ...] = ()
    identifiers: tuple[str, ...] = ()
    landing_page: str = ""
    frequency: str = ""
    spatial: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    temporal: tuple[PeriodOfTime, ...] = ()
    languages: tuple[str, ...] = ()
    access_rights: str = ""
    geocoding_level: str = ""
    availability: str = ""
    hvd_categories: tuple[str, ...] = ()
    legislation: tuple[str, ...] = ()
    issued: str = ""
    modified: str = ""
    distributions: tuple[DistributionDescription, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueDescription:
    """A catalogue (dcat:Catalog)."""

    iri: str
    titles: Texts
    descriptions: Texts
    publisher: AgentDescription
    homepage: str = ""
    languages: tuple[str, ...] = ()
    licence: str = ""
    spatial: tuple[str, ...] = ()
    modified: str = ""


def to_json(value: Any) -> Any:
    """Return a description as plain JSON values; what is empty is left out."""
    if is_dataclass(value):
        found = ((each.name, to_json(getattr(value, each.name))) for each in fields(value))
        return {name: item for name, item in found if item not in (None, "", [], {})}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[T], values: Mapping[str, Any]) -> T:
    """Return the description that ``to_json`` made.

    >>> from_json(PeriodOfTime, to_json(PeriodOfTime(start="2024-01-01")))
    PeriodOfTime(start='2024-01-01', end='', extra=())
    """
    hints = _hints(typing.cast(Any, kind))
    return kind(**{name: typed(item, hints[name]) for name, item in values.items() if name in hints})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


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
