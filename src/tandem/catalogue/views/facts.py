"""The lines of facts on a dataset's page: who, what for, how often, from where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime
from django.utils.translation import gettext

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.forms import FIELD_NAMES
from tandem.catalogue.models import Dataset, HarvestRecord, HarvestSource
from tandem.core.text import pick


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of facts."""

    label: Any
    value: Any
    url: str = ""
    external: bool = False


def facts_of(found: Dataset, described: DatasetDescription, language: str) -> Iterator[Fact]:
    """Return what a dataset says of itself, line by line."""
    yield from _who_publishes(described, language)
    yield from _licences(described, language)
    yield from _who_made(described, language)
    yield from _background(described, language)
    yield from _what_and_when(described, language)
    if found.source is not None:
        yield from _provenance(found, found.source)


def _who_publishes(described: DatasetDescription, language: str) -> Iterator[Fact]:
    if described.publisher:
        name = pick(described.publisher.names, language)
        yield Fact(FIELD_NAMES["publisher"], name, described.publisher.homepage, external=True)
    for contact in described.contacts[:1]:
        url = f"mailto:{contact.mail}" if contact.mail else contact.url
        yield Fact(FIELD_NAMES["contact"], contact.name or contact.mail or contact.url, url)


def _licences(described: DatasetDescription, language: str) -> Iterator[Fact]:
    for iri in dict.fromkeys(part.licence for part in described.distributions if part.licence):
        licence = vocabulary.LICENCES.by_iri(iri)
        name, page = (pick(licence.names, language), licence.page) if licence else (iri, iri)
        yield Fact(FIELD_NAMES["licence"], name, page, external=True)


def _who_made(described: DatasetDescription, language: str) -> Iterator[Fact]:
    for field in ("creators", "originators", "custodians"):
        for agent in getattr(described, field):
            name = pick(agent.names, language, default=agent.iri)
            yield Fact(FIELD_NAMES[field], name, agent.homepage, external=True)


def _background(described: DatasetDescription, language: str) -> Iterator[Fact]:
    if described.version:
        yield Fact(FIELD_NAMES["version"], described.version)
    for statement in described.provenance:
        yield Fact(FIELD_NAMES["provenance"], pick(statement.texts, language))
    for field in ("pages", "conforms_to", "sources"):
        for iri in getattr(described, field):
            yield Fact(FIELD_NAMES[field], iri, iri, external=True)
    for text in dict.fromkeys(part.attribution for part in described.distributions if part.attribution):
        yield Fact(FIELD_NAMES["attribution"], text)


def _what_and_when(described: DatasetDescription, language: str) -> Iterator[Fact]:
    themes = [term for iri in described.themes if (term := vocabulary.THEMES.by_iri(iri))]
    if themes:
        yield Fact(FIELD_NAMES["themes"], ", ".join(pick(term.names, language) for term in themes))
    for period in described.temporal[:1]:
        ends = dict.fromkeys(filter(None, (_date(period.start), _date(period.end))))
        yield Fact(FIELD_NAMES["temporal"], " – ".join(ends))
    frequency = vocabulary.FREQUENCIES.by_iri(described.frequency)
    if frequency:
        yield Fact(FIELD_NAMES["frequency"], pick(frequency.names, language))
    for field in ("issued", "modified"):
        if getattr(described, field):
            yield Fact(FIELD_NAMES[field], _date(getattr(described, field)))


def _provenance(found: Dataset, source: HarvestSource) -> Iterator[Fact]:
    yield Fact(gettext("Taken over from"), source.url, source.url, external=True)
    record: HarvestRecord | None = getattr(found, "harvest_record", None)
    if record is None:
        return
    if record.original_url:
        yield Fact(gettext("Original record"), record.original_url, record.original_url, external=True)
    for label, at in (
        (gettext("First seen there"), record.first_seen_at),
        (gettext("Last seen there"), record.last_seen_at),
    ):
        yield Fact(label, formats.date_format(localtime(at), "SHORT_DATETIME_FORMAT"))


def _date(text: str) -> str:
    try:
        parsed = parse_date(text[:10])
    except ValueError:
        parsed = None
    return formats.date_format(parsed, "DATE_FORMAT") if parsed else text
