"""What people look at before they trust: our own key and feed, and each partner's keys, feed and findings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet

from tandem.core.findings import Finding
from tandem.exchange.domain.feeds.canonical import read_canonical
from tandem.exchange.domain.trust import Standing
from tandem.exchange.models import PartnerEvent, PartnerFeed, PartnerKey, WaitingBundle
from tandem.exchange.services import keys, own_feed
from tandem.exchange.services.own_feed import OwnFeed
from tandem.kit import installation

MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class CityTrust:
    """What is known of a partner.

    Attributes:
        url: Of its portal; empty where the configuration no longer names it.
        feed: None where it was never visited.
        keys: The newest first.
        events: Taken over; ``set_aside`` of them do not count.
        passed_on: What the last visits to other cities found that is about this one.
    """

    city: str
    url: str
    feed: PartnerFeed | None
    keys: Sequence[PartnerKey]
    events: int = 0
    set_aside: int = 0
    passed_on: Sequence[Finding] = ()

    @property
    def standing(self) -> Standing | None:
        """What its best key counts for; None without any."""
        states = {key.state for key in self.keys}
        order = (Standing.PINNED, Standing.SEEN, Standing.REVOKED, Standing.RETIRED)
        return next((each for each in order if each in states), None)

    @property
    def seen(self) -> PartnerKey | None:
        """The key that people have to compare; None where there is none."""
        return next((key for key in self.keys if key.state == Standing.SEEN), None)


@dataclass(frozen=True, slots=True)
class Overview:
    """Our own key and feed, and all partners."""

    fingerprint: str
    own: OwnFeed
    cities: Sequence[CityTrust]


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event of a partner with what there is to say of it.

    Attributes:
        iri: Of the thing that it speaks of; empty where the line is no event.
    """

    event: PartnerEvent
    iri: str
    findings: Sequence[Finding]


def overview() -> Overview:
    """Return everything in a few queries, however many partners there are."""
    feeds = {row.city: row for row in _feeds()}
    known: dict[str, list[PartnerKey]] = {}
    for row in PartnerKey.objects.order_by("-since", "-id"):
        known.setdefault(row.city, []).append(row)
    partners = {each.id: each.url for each in installation.config().partners}
    cities = [*partners, *sorted({*feeds, *known} - {*partners})]
    return Overview(
        keys.fingerprint(),
        own_feed.standing(),
        [_city(each, partners.get(each, ""), feeds.get(each), known.get(each, [])) for each in cities],
    )


def find(city: str) -> CityTrust | None:
    """Return what is known of a partner; None where nobody knows of such a city."""
    partner = installation.config().partner(city)
    feeds = list(_feeds().filter(Q(city=city) | ~Q(findings=[])))
    feed = next((row for row in feeds if row.city == city), None)
    known = list(PartnerKey.objects.filter(city=city).select_related("decided_by").order_by("-since", "-id"))
    if partner is None and feed is None and not known:
        return None
    found = [Finding.from_dict(each) for row in feeds if row.city != city for each in row.findings]
    passed_on = [each for each in found if each.path.startswith(f"{city}#")]
    return replace(_city(city, partner.url if partner else "", feed, known), passed_on=passed_on)


def findings_of(found: CityTrust) -> list[Finding]:
    """Return what the last visit found, and what other cities' heads say of this city."""
    own = [Finding.from_dict(each) for each in found.feed.findings] if found.feed else []
    return [*own, *found.passed_on]


def doubtful(found: CityTrust) -> "list[SetAside]":
    """Return the newest events of a city that do not count, or that are doubtful, with why."""
    if found.feed is None:
        return []
    rows = found.feed.events.exclude(findings=[]).order_by("-sequence")[:20]
    return [SetAside(row, _iri(row), [Finding.from_dict(each) for each in row.findings]) for row in rows]


def waiting(city: str) -> "QuerySet[WaitingBundle]":
    """Return the newest bundles that wait until a key of a city is compared."""
    return WaitingBundle.objects.filter(city=city)[:MOST_WAITING]


def _feeds() -> "QuerySet[PartnerFeed]":
    return PartnerFeed.objects.annotate(
        events_count=Count("events"), aside_count=Count("events", filter=Q(events__is_set_aside=True))
    )


def _city(city: str, url: str, feed: PartnerFeed | None, known: Sequence[PartnerKey]) -> CityTrust:
    counts = (getattr(feed, "events_count", 0), getattr(feed, "aside_count", 0))
    return CityTrust(city, url, feed, known, *counts)


def _iri(row: PartnerEvent) -> str:
    return str(read_canonical(row.line.encode())["object"]["id"]) if row.about else ""
