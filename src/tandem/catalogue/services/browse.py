"""Find datasets, and see what came from whom."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, HarvestSource
from tandem.catalogue.services.indexing import KIND, ROOM
from tandem.core.text import pick
from tandem.kit import installation, search

PER_PAGE = 20
NEWEST = 5
FACETS = ("city", "theme", "format", "licence", "publisher", "place", "quality")


@dataclass(frozen=True, slots=True)
class Hit:
    """A dataset in a list."""

    uri: str
    title: str
    url: str
    snippet: str
    facts: list[str]
    lang_attr: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search for datasets."""

    hits: list[Hit]
    total: int
    number: int
    num_pages: int
    facets: Mapping[str, list[tuple[str, int]]]


def search_datasets(query: str, *, language: str, chosen: Mapping[str, Sequence[str]], page: int) -> Found:
    """Return one page of the datasets that fit, with counts to narrow them down by."""
    results = search.search(
        query,
        language=language,
        rooms=[ROOM],
        kinds=[KIND],
        facets={name: list(values) for name, values in chosen.items()},
        facet_fields=list(FACETS),
        offset=(page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    pages = max(1, -(-results.total // PER_PAGE))
    hits = [_hit(each, language) for each in results.hits]
    counts = {name: list(results.facet_counts.get(name, [])) for name in FACETS}
    return Found(hits, results.total, min(page, pages), pages, counts)


def _hit(found: search.Hit, language: str) -> Hit:
    facts = []
    if found.city != installation.city().id:
        facts.append(gettext("from %(city)s") % {"city": city_name(found.city, language)})
    formats_found = found.facets.get("format", [])
    if formats_found:
        facts.append(", ".join(formats_found[:4]))
    facts.append(formats.date_format(found.updated_at, "SHORT_DATE_FORMAT"))
    url = f"{reverse('home')}{found.path}"
    return Hit(found.uri, pick(found.titles, language, default=found.uri), url, found.snippet, facts)


def city_name(city_id: str, language: str) -> str:
    """Return the name of our city, a partner's, or that of another portal which is harvested."""
    if city_id == installation.city().id:
        return installation.city().name(language)
    partner = installation.config().partner(city_id)
    if partner:
        return partner.name(language)
    return pick(_source_titles(int(time.monotonic() // 60)).get(city_id, {}), language, default=city_id)


@lru_cache(maxsize=1)
def _source_titles(_minute: int) -> dict[str, dict[str, str]]:
    """Return the names of all sources, asked for once a minute."""
    return dict(HarvestSource.objects.values_list("key", "titles"))


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner's part of the catalogue."""

    source: HarvestSource
    count: int
    last_harvest: datetime | None
    newest: list[Dataset]


def partners() -> list[Partner]:
    """Return the partners, and the other sources of which something is here, with what was taken over from each."""
    sources = HarvestSource.objects.annotate(
        count=Count("datasets", filter=Q(datasets__status=Status.PUBLISHED), distinct=True),
        last=Max("runs__finished_at", filter=Q(runs__state="succeeded", runs__dry_run=False)),
    ).filter(Q(count__gt=0) | ~Q(city=""))
    newest: dict[int | None, list[Dataset]] = {}
    for row in _newest_of_each():
        newest.setdefault(row.source_id, []).append(row)
    return [Partner(each, each.count, each.last, newest.get(each.pk, [])) for each in sources]


def _newest_of_each() -> "QuerySet[Dataset]":
    """Return the datasets that changed last of each source, the newest first."""
    place = Window(RowNumber(), partition_by="source", order_by=["-changed_at", "pk"])
    taken_over = Dataset.objects.filter(source__isnull=False, status=Status.PUBLISHED)
    return taken_over.annotate(place=place).filter(place__lte=NEWEST).order_by("place")
