"""Visit partners' feeds: fetch over HTTP or from a folder, judge, and store what comes of it in one transaction."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, NotFound, TandemError
from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.exchange.adapters import signing
from tandem.exchange.domain.feeds.canonical import canonical, read_canonical
from tandem.exchange.domain.feeds.event import START, Action, Event, Kind, event_of
from tandem.exchange.domain.feeds.head import Head, Tip, read_head
from tandem.exchange.domain.feeds.reading import Known, Line, Status
from tandem.exchange.domain.feeds.refusal import FeedTooLarge, Malformed
from tandem.exchange.domain.trust import TrustList
from tandem.exchange.models import OwnEvent, PartnerEvent, PartnerFeed
from tandem.exchange.services import applying, trusting
from tandem.exchange.services.following import Fetch, Visit, compare_notes, follow
from tandem.kit import installation
from tandem.kit.fetch import Fetcher, TooLarge, host_and_port

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=12)
SECONDS = 30.0
MOST_FINDINGS = 50
_KINDS = {kind.value for kind in Kind}


class NoPartner(NotFound):
    """The configuration names no such partner city."""

    code = "exchange.no-partner"

    def __init__(self, city: str) -> None:
        super().__init__(say("There is no partner city {city} in the configuration.", city=city))


class OvertakenVisit(Conflict):
    """Something that the visit relied on has changed meanwhile; nothing of it was stored."""

    code = "exchange.feed.overtaken-visit"

    def __init__(self, city: str) -> None:
        super().__init__(
            say("Somebody else visited {city}, or keys were changed meanwhile. Visit it again.", city=city)
        )


class NotStopped(Conflict):
    """The feed is not stopped, so there is nothing to decide."""

    code = "exchange.feed.not-stopped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a visit.

    Attributes:
        taken: How many events are new.
        findings: About the visit and about single events.
    """

    feed: PartnerFeed
    taken: int
    complete: bool
    findings: Sequence[Finding]


# --- where --------------------------------------------------------------------------------------
def address_of(city: str) -> str:
    """Return where a partner's feed is, with a slash at the end.

    Raises:
        NoPartner: The configuration names none of that id.
    """
    partner = installation.config().partner(city)
    if partner is None:
        raise NoPartner(city)
    return f"{partner.url}/feed/"


def fetch_from(city: str) -> Fetch:
    """Return what fetches the files of a partner's feed over HTTP, guarded like every way out.

    Raises:
        NoPartner: The configuration names none of that id.
    """
    address = address_of(city)
    partner = installation.config().partner(city)
    is_local = partner is not None and partner.may_be_local
    allowed = frozenset([host_and_port(address)] if is_local else [])

    def fetch(path: str, most_bytes: int) -> bytes:
        fetcher = Fetcher(allowed=allowed, max_bytes=most_bytes, seconds=SECONDS, pause_seconds=SECONDS / 2)
        try:
            return fetcher.fetch(f"{address}{path}").content
        except TooLarge as error:
            sentence = say("{path} has more than {most} bytes.", path=f"{city}/{path}", most=most_bytes)
            raise FeedTooLarge(sentence, f"{city}/{path}") from error

    return fetch


def feed_of(city: str) -> PartnerFeed:
    """Return the row of a partner's feed, made the first time."""
    return PartnerFeed.objects.get_or_create(city=city, defaults={"hash": START})[0]


# --- visit --------------------------------------------------------------------------------------
def visit(city: str, *, now: datetime, fetch: Fetch | None = None) -> Outcome:
    """Visit a partner's feed once, and take over what its city has signed since the last visit.

    Nothing is raised for what may be wrong with the feed: it becomes a finding, kept with the feed.

    Args:
        fetch: Where the files come from; over HTTP from the partner's portal without it.

    Raises:
        NoPartner: The configuration names none of that id.
        OvertakenVisit: Another visit, or a person who pinned or revoked a key, was faster. Nothing is stored.
    """
    fetch = fetch or fetch_from(city)
    feed, trust = feed_of(city), trusting.trust_list()
    known = _known(feed)
    done = follow(known, fetch=fetch, trust=trust, verify=signing.verify, now=now)
    with transaction.atomic():
        current = PartnerFeed.objects.select_for_update().get(pk=feed.pk)
        if _known(current) != known or trusting.trust_list() != trust:
            raise OvertakenVisit(city)
        outcome = _store(current, done, trust, now)
    log.info(
        "exchange.feed.visit",
        extra={"city": city, "sequence": outcome.feed.sequence, "findings": len(outcome.findings)},
    )
    return outcome


def _known(feed: PartnerFeed) -> Known:
    tip = Tip(feed.city, feed.tip_sequence, feed.tip_hash, feed.tip_signature) if feed.tip_signature else None
    return Known(feed.city, feed.sequence, feed.hash, feed.published, tip, Status(feed.status))


def _store(feed: PartnerFeed, done: Visit, trust: TrustList, now: datetime) -> Outcome:
    trusting.store(trust, done.trust)
    was = feed.status
    feed.sequence, feed.hash, feed.published = done.known.sequence, done.known.hash, done.known.published
    feed.status = done.known.status.value
    if done.known.tip:
        tip = done.known.tip
        feed.tip_sequence, feed.tip_hash, feed.tip_signature = tip.sequence, tip.hash, tip.signature
    if done.head:
        feed.head, feed.waiting = done.head.bytes.decode(), {}
    if done.quarantined:
        waits = done.quarantined
        feed.waiting = {
            "data": waits.data.decode("utf-8", "replace"),
            "signature": waits.signature,
            "signer": waits.signer,
        }
    about = _apply(feed, done, now)
    _keep_lines(feed, done, about, now)
    _schedule(feed, done, now)
    feed.findings = [each.as_dict() for each in _of_the_visit(done)][:MOST_FINDINGS]
    feed.save()
    if feed.status != was and feed.status == Status.STOPPED:
        audit.record(None, "exchange.feed.stop", address_of(feed.city), {"city": feed.city})
    _gossip(feed)
    every = [*done.findings, *(each for found in about.values() for each in found)]
    return Outcome(feed, len(done.lines), done.complete, every)


def _of_the_visit(done: Visit) -> list[Finding]:
    """Return the findings about the visit itself; those about an event stand with the event."""
    city = done.known.city
    return [each for each in done.findings if _place_of(each, city) is None]


def _schedule(feed: PartnerFeed, done: Visit, now: datetime) -> None:
    """Say when to come again: soon where there is more, later and later where nothing comes of it."""
    feed.visited_at = now
    feed.failures = 0 if done.head else feed.failures + 1
    pause = min(EVERY * 2 ** min(feed.failures, 10), LONGEST_PAUSE)
    feed.visit_at = now if done.head and not done.complete and done.lines else now + pause


# --- events -------------------------------------------------------------------------------------
def about_iri(iri: str) -> str:
    """Return what an IRI is found by among the events."""
    return sha256(iri.encode()).hexdigest()


def _apply(feed: PartnerFeed, done: Visit, now: datetime) -> dict[int, list[Finding]]:
    gone = PartnerEvent.objects.filter(feed=feed, action=Action.DELETE, is_set_aside=False)
    by_about = {about_iri(event.iri): event.iri for event in done.events}
    deleted = [by_about[each] for each in gone.values_list("about", flat=True) if each in by_about]
    seen: dict[str, Event] = {}

    def before(iri: str) -> Event | None:
        return _said_before(feed, iri, seen)

    return applying.apply(_noting(done.events, seen), gone=deleted, before=before, now=now)


def _noting(events: Iterable[Event], seen: dict[str, Event]) -> Iterable[Event]:
    """Yield events, and remember of each object what was said of it before the event at hand."""
    last: Event | None = None
    for event in events:
        if last is not None and last.action is not Action.DELETE:
            seen[last.iri] = last
        last = event
        yield event


def _said_before(feed: PartnerFeed, iri: str, seen: Mapping[str, Event]) -> Event | None:
    if iri in seen:
        return seen[iri]
    rows = PartnerEvent.objects.filter(feed=feed, about=about_iri(iri), is_set_aside=False)
    row = rows.exclude(action__in=["", Action.DELETE]).order_by("-sequence").first()
    return event_of(read_canonical(row.line.encode()), iri) if row else None


def _keep_lines(
    feed: PartnerFeed, done: Visit, about: Mapping[int, Sequence[Finding]], now: datetime
) -> None:
    counted = {event.sequence: event for event in done.events}
    findings: dict[int, list[Finding]] = {}
    for finding in done.findings:
        if place := _place_of(finding, feed.city):
            findings.setdefault(place, []).append(finding)
    for sequence, found in about.items():
        findings.setdefault(sequence, []).extend(found)
    PartnerEvent.objects.bulk_create(
        [
            _row(feed, line, counted.get(line.sequence), findings.get(line.sequence, ()), now)
            for line in done.lines
        ],
        batch_size=500,
    )


def _place_of(finding: Finding, city: str) -> int | None:
    """Return the sequence of the event that a finding is about.

    >>> from tandem.core.findings import Severity
    >>> _place_of(Finding(Severity.ERROR, "a", "hamm#12/content", ""), "hamm")
    12
    """
    place = finding.path.removeprefix(f"{city}#").partition("/")[0]
    return int(place) if finding.path.startswith(f"{city}#") and place.isdecimal() else None


def _row(
    feed: PartnerFeed, line: Line, event: Event | None, found: Iterable[Finding], now: datetime
) -> PartnerEvent:
    said = event or _event_or_none(line)
    return PartnerEvent(
        feed=feed,
        sequence=line.sequence,
        hash=line.hash,
        action=said.action.value if said else "",
        kind=said.kind if said and said.kind in _KINDS else "",
        about=about_iri(said.iri) if said else "",
        line=canonical(line.values).decode(),
        findings=[each.as_dict() for each in found],
        is_set_aside=event is None,
        taken_at=now,
    )


def _event_or_none(line: Line) -> Event | None:
    try:
        return event_of(line.values, "")
    except Malformed:
        return None


# --- comparing notes ----------------------------------------------------------------------------
def _gossip(fresh: PartnerFeed) -> None:
    """Compare what every partner has seen of others with what is known here, and stop a feed with two faces."""
    feeds = {row.city: row for row in PartnerFeed.objects.all()}
    heads = {city: read_head(row.head.encode(), city) for city, row in feeds.items() if row.head}
    hashes = _hashes([tip for head in heads.values() for tip in head.seen])
    trust = trusting.trust_list()
    for teller, head in heads.items():
        notes = compare_notes(
            _without_settled(head, feeds), hash_at=hashes, trust=trust, verify=signing.verify
        )
        if notes.findings:
            _keep_notes(feeds[teller], notes.findings)
        for tip in notes.two_faced:
            _stop(feeds.get(tip.city), tip)
    if fresh.city in feeds:
        fresh.refresh_from_db()


def _without_settled(head: Head, feeds: Mapping[str, PartnerFeed]) -> Head:
    kept = tuple(
        tip for tip in head.seen if tip.city not in feeds or _settled(tip) not in feeds[tip.city].settled
    )
    return replace(head, seen=kept)


def _settled(tip: Tip) -> str:
    return f"{tip.sequence}:{tip.hash}"


def _hashes(tips: Sequence[Tip]) -> Callable[[str, int], str | None]:
    """Return what knows the hashes of all events that tips speak of, our own included; takes two queries."""
    own = installation.city().id
    wanted = {tip.sequence for tip in tips}
    rows = PartnerEvent.objects.filter(feed__city__in={tip.city for tip in tips}, sequence__in=wanted)
    known = {
        (city, number): hash_ for city, number, hash_ in rows.values_list("feed__city", "sequence", "hash")
    }
    ours = OwnEvent.objects.filter(sequence__in={tip.sequence for tip in tips if tip.city == own})
    known |= {(own, number): hash_ for number, hash_ in ours.values_list("sequence", "hash") if number}
    return lambda city, sequence: known.get((city, sequence))


def _keep_notes(feed: PartnerFeed, found: Sequence[Finding]) -> None:
    said = [each.as_dict() for each in found]
    feed.findings = [*(each for each in feed.findings if each not in said), *said][-MOST_FINDINGS:]
    feed.save(update_fields=["findings"])


def _stop(feed: PartnerFeed | None, tip: Tip) -> None:
    if feed is None or feed.status == Status.STOPPED:
        return
    feed.status = Status.STOPPED.value
    feed.save(update_fields=["status"])
    audit.record(
        None, "exchange.feed.stop", address_of(feed.city), {"city": feed.city, "event": tip.sequence}
    )
    log.warning("exchange.feed.two-faced", extra={"city": feed.city, "sequence": tip.sequence})


# --- decide -------------------------------------------------------------------------------------
@transaction.atomic
def go_on(city: str, *, reason: str, person: Person | None, now: datetime) -> None:
    """Follow a stopped feed again, and go on believing the history that is known here.

    Raises:
        NotStopped: It is not stopped.
    """
    feed = _stopped(city)
    _settle(feed)
    _follow_again(feed, now)
    audit.record(person, "exchange.feed.go-on", address_of(city), {"city": city, "reason": reason})


@transaction.atomic
def begin_anew(city: str, *, reason: str, person: Person | None, now: datetime) -> None:
    """Follow a stopped feed from its beginning, and believe what its city signs now.

    What it had told no longer counts; measures come back as it tells of them again.

    Raises:
        NotStopped: It is not stopped.
    """
    feed = _stopped(city)
    _settle(feed)
    applying.forget(city, now=now)
    feed.events.all().delete()
    feed.sequence, feed.hash, feed.published, feed.head = 0, START, None, ""
    feed.tip_sequence, feed.tip_hash, feed.tip_signature = 0, "", ""
    _follow_again(feed, now)
    audit.record(person, "exchange.feed.begin-anew", address_of(city), {"city": city, "reason": reason})


@transaction.atomic
def stay_stopped(city: str, *, reason: str, person: Person | None) -> None:
    """Leave a feed stopped, and keep why.

    Raises:
        NotStopped: It is not stopped.
    """
    _stopped(city)
    audit.record(person, "exchange.feed.stay", address_of(city), {"city": city, "reason": reason})


def _stopped(city: str) -> PartnerFeed:
    feed = PartnerFeed.objects.select_for_update().filter(city=city, status=Status.STOPPED).first()
    if feed is None:
        raise NotStopped(say("The feed of {city} is not stopped. Reload the page.", city=city))
    return feed


def _settle(feed: PartnerFeed) -> None:
    """Remember which contradictions were decided on, so that they do not stop the feed again."""
    tips = [
        tip
        for row in PartnerFeed.objects.exclude(head="")
        for tip in read_head(row.head.encode(), row.city).seen
        if tip.city == feed.city
    ]
    feed.settled = sorted({*feed.settled, *map(_settled, tips)})


def _follow_again(feed: PartnerFeed, now: datetime) -> None:
    feed.status, feed.waiting, feed.findings = Status.FOLLOWED.value, {}, []
    feed.failures, feed.visit_at = 0, now
    feed.save()
    log.info("exchange.feed.follow-again", extra={"city": feed.city})


# --- what is due --------------------------------------------------------------------------------
def due(now: datetime) -> list[str]:
    """Return the partners whose feeds are to be visited again. A stopped feed waits for a decision."""
    known: dict[str, Any] = {row.city: row for row in PartnerFeed.objects.all()}
    cities = [each.id for each in installation.config().partners]
    return [
        city
        for city in cities
        if city not in known or (known[city].status != Status.STOPPED and known[city].visit_at <= now)
    ]


def visit_or_log(city: str, *, now: datetime) -> Outcome | None:
    """Visit a partner as ``visit`` does; what prevents it is logged, and the next time tries again."""
    try:
        return visit(city, now=now)
    except TandemError:
        log.exception("exchange.feed.not-visited", extra={"city": city})
        return None
