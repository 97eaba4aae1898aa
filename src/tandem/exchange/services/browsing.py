"""Find measures, and read one with everything about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from tandem.accounts.models import Person
from tandem.core.text import pick
from tandem.exchange.domain.card import Card, Indicator
from tandem.exchange.domain.lifecycle import UNSEEN
from tandem.exchange.models import Evidence, Measure, MeasureVersion, Receipt, Watch
from tandem.exchange.services.indexing import KIND, ROOM, STOPPED
from tandem.exchange.services.measures import card_of
from tandem.kit import installation, search

PER_PAGE = 20
FACETS = ("status", "tag", "city", "parts")
MOST_ANNOUNCED = 20


# --- many ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """A measure in a list.

    Attributes:
        snippet: The part of its text that fits the query, safe HTML; empty without a query.
        adopters: How many cities have it in use.
        newest: Number of its newest version; empty without one.
    """

    measure: Measure
    card: Card
    adopters: int
    newest: str
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search for measures."""

    rows: Sequence[Row]
    total: int
    number: int
    num_pages: int
    facets: Mapping[str, list[tuple[str, int]]]


def search_measures(query: str, *, language: str, chosen: Mapping[str, Sequence[str]], page: int) -> Found:
    """Return one page of the public measures that fit, with counts to narrow them down by."""
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
    rows = {
        row.iri: row for row in _with_figures(Measure.objects.filter(iri__in=[h.uri for h in results.hits]))
    }
    shown = [
        _row(rows[hit.uri], snippet=hit.snippet if query else "") for hit in results.hits if hit.uri in rows
    ]
    pages = max(1, -(-results.total // PER_PAGE))
    counts = {name: list(results.facet_counts.get(name, [])) for name in FACETS}
    return Found(shown, results.total, min(page, pages), pages, counts)


def announced() -> list[Row]:
    """Return the measures of which everybody may know that they are being prepared, the newest first."""
    rows = Measure.objects.filter(status__in=UNSEEN, city=installation.city().id).exclude(announcement={})
    return [_row(each) for each in _with_figures(rows.order_by("-changed_at"))[:MOST_ANNOUNCED]]


def watched_by(person: Person) -> list[Row]:
    """Return what a person watches, the newest first."""
    rows = Measure.objects.filter(watches__person=person).order_by("-watches__since")
    return [_row(each) for each in _with_figures(rows)]


def _with_figures(rows: "QuerySet[Measure]") -> "QuerySet[Measure]":
    newest = MeasureVersion.objects.filter(measure=OuterRef("pk")).order_by("-released_at", "-id")
    in_use = ~Q(receipts__state__in=STOPPED)
    return rows.annotate(
        adopters=Count("receipts__city", filter=in_use, distinct=True),
        newest=Subquery(newest.values("number")[:1]),
    )


def _row(measure: Any, snippet: str = "") -> Row:
    return Row(measure, card_of(measure), measure.adopters, measure.newest or "", snippet)


def city_name(city_id: str, language: str) -> str:
    """Return the name of our city or of a partner; the id of any other."""
    config = installation.config()
    if city_id == config.city.id:
        return config.city.name(language)
    partner = config.partner(city_id)
    return partner.name(language) if partner else city_id


# --- one ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Value:
    """A measured value."""

    on: date
    value: float


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator in one city.

    Attributes:
        city: Empty where nobody has measured yet.
        first: The earliest value.
        last: The latest; None where there is one only.
    """

    indicator: Indicator
    city: str = ""
    first: Value | None = None
    last: Value | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A measure with everything about it.

    Attributes:
        card: With the values of our own evidence.
        reports: Evidence that is no value of an indicator on the card.
        is_watched: By whoever asks.
    """

    measure: Measure
    card: Card
    versions: Sequence[MeasureVersion] = ()
    measured: Sequence[Measured] = ()
    reports: Sequence[Evidence] = ()
    receipts: Sequence[Receipt] = ()
    is_watched: bool = False


def find(slug: str, person: Person | None = None) -> Any:
    """Return the measure with that slug, and in ``is_watched`` whether a person watches it; None without one."""
    watching = Watch.objects.filter(measure=OuterRef("pk"), person=person)
    return Measure.objects.filter(slug=slug).annotate(is_watched=Exists(watching)).first()


def whole(measure: Any) -> Whole:
    """Return everything about a measure, as ``find`` returned it, by three queries."""
    evidence, receipts = list(measure.evidence.all()), list(measure.receipts.all())
    card = card_of(measure, evidence)
    known = {each.key for each in card.indicators}
    return Whole(
        measure=measure,
        card=card,
        versions=list(measure.versions.all()),
        measured=_measured(card, receipts),
        reports=[each for each in evidence if each.value is None or each.indicator not in known],
        receipts=receipts,
        is_watched=measure.is_watched,
    )


def _measured(card: Card, receipts: Sequence[Receipt]) -> list[Measured]:
    series: dict[str, dict[str, list[Value]]] = {each.key: {} for each in card.indicators}
    for each in card.evidence:
        series[each.indicator].setdefault(each.city, []).append(Value(each.on, each.value))
    for receipt in receipts:
        for told in receipt.values:
            if told["indicator"] in series:
                value = Value(date.fromisoformat(told["on"]), float(told["value"]))
                series[told["indicator"]].setdefault(receipt.city, []).append(value)
    return [row for each in card.indicators for row in _rows(each, series[each.key])]


def _rows(indicator: Indicator, series: Mapping[str, list[Value]]) -> list[Measured]:
    rows = []
    for city, values in series.items():
        ordered = sorted(values, key=lambda each: each.on)
        last = ordered[-1] if len(ordered) > 1 else None
        rows.append(Measured(indicator, city, ordered[0], last))
    return rows or [Measured(indicator)]


def public_address(measure: Measure) -> str:
    """Return where a measure's bundles and its description for machines lie: an address without a language."""
    return f"{installation.config().server.url}/id/measure/{measure.pk}"


def as_json(found: Whole) -> dict[str, Any]:
    """Return what machines read of a public measure of ours."""
    address = public_address(found.measure)
    return {
        "iri": found.measure.iri,
        "card": found.measure.card,
        "changed_at": found.measure.changed_at.isoformat(),
        "is_example": found.measure.is_example,
        "versions": [
            {
                "number": each.number,
                "released_at": each.released_at.isoformat(),
                "changes": each.changes,
                "sha256": each.sha256,
                "byte_size": each.byte_size,
                "bundle": f"{address}/{each.number}.zip",
            }
            for each in found.versions
        ],
        "page": f"{installation.config().server.url}/measures/{found.measure.slug}/",
    }


def withdrawn_json(measure: Measure) -> dict[str, Any]:
    """Return what is still said of a measure that was withdrawn."""
    return {
        "iri": measure.iri,
        "title": measure.card.get("title", {}),
        "withdrawn_at": measure.changed_at.isoformat(),
        "because": measure.withdrawn_because,
    }


def title_of(measure: Measure, language: str) -> str:
    """Return what a measure is called in a language, or the nearest."""
    return pick(measure.card.get("title", {}), language, default=measure.slug)
