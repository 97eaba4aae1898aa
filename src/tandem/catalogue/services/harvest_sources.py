"""The catalogues that are taken in: those of the configuration, and those that an officer adds."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max, Q

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.adapters.ckan_source import answers_as_ckan
from tandem.catalogue.domain.description import from_json, to_json
from tandem.catalogue.domain.harvest_rules import HarvestRules, Kind, Schedule, guessed_kind, is_due
from tandem.catalogue.models import HarvestSource
from tandem.catalogue.services import harvest_writing
from tandem.core.errors import Conflict, NotFound
from tandem.core.text import say
from tandem.kit import installation
from tandem.kit.fetch import Fetcher, host_and_port
from tandem.kit.slugs import first_free, slug_of

READER = 1  # to be raised when the same document would be read differently


class SourceNotFound(NotFound):
    """There is no harvest source of that name."""

    code = "catalogue.source-not-found"

    def __init__(self, key: str, known: Iterable[str]) -> None:
        listed = ", ".join(known) or "none"
        super().__init__(
            say("There is no harvest source {key}. Known: {known}.", key=repr(key), known=listed)
        )


class SourceConfigured(Conflict):
    """The source is a partner of the configuration."""

    code = "catalogue.source-configured"

    def __init__(self, key: str) -> None:
        super().__init__(
            say("{key} is named in the configuration; an administrator removes it there.", key=repr(key))
        )


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What an officer says of a source.

    Attributes:
        url: Its address; a configured partner keeps its own.
        kind: Empty: it is found out at the first harvest.
    """

    name: str
    url: str
    kind: str = ""
    active: bool = True
    schedule: Schedule = Schedule.DEFAULT
    rules: HarvestRules = field(default_factory=HarvestRules)


def ensure_sources() -> None:
    """Make a source of each partner city that the configuration names; follow changed addresses."""
    held = {source.key: source for source in HarvestSource.objects.all()}
    for partner in installation.config().partners:
        values = {
            "titles": dict(partner.names),
            "url": partner.catalogue_url,
            "homepage": partner.url,
            "city": partner.id,
        }
        former = held.get(partner.id)
        if former is None or any(getattr(former, name) != value for name, value in values.items()):
            HarvestSource.objects.update_or_create(key=partner.id, defaults=values)


def source(key: str) -> HarvestSource:
    """Return the source of that key.

    Raises:
        SourceNotFound: There is none.
    """
    ensure_sources()
    found = HarvestSource.objects.filter(key=key).first()
    if found is None:
        raise SourceNotFound(key, HarvestSource.objects.order_by("key").values_list("key", flat=True))
    return found


def rules_of(found: HarvestSource) -> HarvestRules:
    """Return what of a source is wanted."""
    return from_json(HarvestRules, found.rules)


def fingerprint(found: HarvestSource) -> str:
    """Return a hash of all settings that what is taken over depends on."""
    values = [READER, found.url, found.kind, found.rules, installation.city().languages[0]]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


# --- change -------------------------------------------------------------------------------------
@transaction.atomic
def add(settings: SourceSettings, *, person: Person | None) -> HarvestSource:
    """Add a source; nothing is taken over yet."""
    found = HarvestSource(key=_free_key(settings.name or urlsplit(settings.url).hostname or "source"))
    _set(found, settings)
    found.save()
    audit.record(person, "catalogue.source.add", found.url, {"key": found.key})
    return found


@transaction.atomic
def change(found: HarvestSource, settings: SourceSettings, *, person: Person | None) -> None:
    """Change a source. A new address or new rules have it read in full the next time."""
    before = fingerprint(found)
    _set(found, settings)
    if fingerprint(found) != before:
        found.cursor, found.full_read_at = "", None
    found.save()
    audit.record(person, "catalogue.source.change", found.url, {"key": found.key, "active": found.active})


def remove(found: HarvestSource, *, person: Person | None) -> None:
    """Remove a source with all that it brought, a batch at a time: what is interrupted can be asked for again.

    Raises:
        SourceConfigured: The configuration names it.
    """
    if installation.config().partner(found.key):
        raise SourceConfigured(found.key)
    iris = list(found.datasets.values_list("iri", flat=True))
    harvest_writing.Writer(found, found.added_at).remove(iris)
    with transaction.atomic():
        audit.record(person, "catalogue.source.remove", found.url, {"key": found.key, "datasets": len(iris)})
        found.delete()


def _set(found: HarvestSource, settings: SourceSettings) -> None:
    if not found.city:
        if found.url != settings.url:
            found.kind = ""
        language = installation.city().languages[0]
        found.titles = {**found.titles, language: settings.name or urlsplit(settings.url).hostname or ""}
        found.url = settings.url
        parts = urlsplit(settings.url)
        found.homepage = f"{parts.scheme}://{parts.netloc}/"
    found.kind = settings.kind or found.kind
    found.active, found.schedule = settings.active, settings.schedule
    found.rules = to_json(settings.rules)


def _free_key(name: str) -> str:
    stem = slug_of(name, otherwise="source")[:50].strip("-")
    stem = f"source-{stem}" if stem.isdigit() else stem  # numbers are runs
    taken = set(HarvestSource.objects.filter(key__startswith=stem).values_list("key", flat=True))
    cities = {installation.city().id, *(partner.id for partner in installation.config().partners)}
    return first_free(stem, taken | cities)


def settings_of(found: HarvestSource) -> SourceSettings:
    """Return what is said of a source."""
    name = found.titles.get(installation.city().languages[0]) or next(iter(found.titles.values()), found.key)
    return SourceSettings(
        name, found.url, found.kind, found.active, Schedule(found.schedule), rules_of(found)
    )


# --- ask ----------------------------------------------------------------------------------------
def fetcher() -> Fetcher:
    """Return what fetches from sources, within the limits of the configuration."""
    config = installation.config()
    local = (host_and_port(partner.catalogue_url) for partner in config.partners if partner.may_be_local)
    return Fetcher(
        allowed=frozenset(local),
        max_bytes=config.catalogue.harvest_mb * 1_000_000,
        seconds=config.catalogue.harvest_minutes * 60,
    )


def kind_of(found: HarvestSource) -> Kind:
    """Return what a source speaks; where nobody knows yet, it is asked, and its answer remembered."""
    if not found.kind:
        guess = guessed_kind(found.url)
        if guess is None:
            answer = answers_as_ckan(fetcher(), found.url)
            if answer is None:
                return Kind.DCAT  # nobody answers; the harvest will say so
            guess = Kind.CKAN if answer else Kind.DCAT
        found.kind = guess
        HarvestSource.objects.filter(pk=found.pk).update(kind=guess)
    return Kind(found.kind)


def due(now: datetime) -> list[HarvestSource]:
    """Return the sources that are to be asked again by their schedules."""
    ensure_sources()
    hours = installation.config().catalogue.harvest_hours
    asked = HarvestSource.objects.filter(active=True).annotate(
        last=Max("runs__started_at", filter=Q(runs__dry_run=False))
    )
    return [
        each
        for each in asked
        if is_due(Schedule(each.schedule), last=each.last, default_hours=hours, now=now)
    ]
