"""Follow a partner's feed: one visit, without a database. Whoever calls stores what comes of it, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tandem.core.errors import Unavailable
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.exchange.domain.feeds.admission import objections, personal_data
from tandem.exchange.domain.feeds.event import Event, event_of
from tandem.exchange.domain.feeds.gossip import Compared, HashAt, compared
from tandem.exchange.domain.feeds.head import HEAD, SIGNATURE, Head, page_of, page_path
from tandem.exchange.domain.feeds.reading import (
    MOST_PAGE_BYTES,
    Forged,
    Known,
    Limits,
    Line,
    Rewritten,
    Status,
    check_against_known,
    check_times,
    read_page,
    signed_head,
    taken,
)
from tandem.exchange.domain.feeds.refusal import FeedRefused, FeedTooLarge, Malformed
from tandem.exchange.domain.trust import TrustList, UnknownKey, Verify

Fetch = Callable[[str, int], bytes]
"""Returns a file of the feed by its path beside the head, of so many bytes at most; raises ``Unavailable``."""

STOPPED = "exchange.feed.stopped"


@dataclass(frozen=True, slots=True)
class ReceivedHead:
    """A head as it came, signed by whomever.

    Attributes:
        signer: Fingerprint of the key that the signature was made with.
    """

    city: str
    data: bytes
    signature: str
    signer: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a visit.

    Attributes:
        known: From where the next visit goes on.
        trust: With a key seen for the first time, or one that was handed over to.
        head: If it was accepted.
        lines: All that are new, for the record: sequence, hash, JSON. Those set aside included.
        events: Those that count, in order, to be applied.
        findings: What was refused, set aside, or is doubtful.
        quarantined: A head that a person has to look at: its key is unknown, or it contradicts what is known.
    """

    known: Known
    trust: TrustList
    head: Head | None = None
    lines: tuple[Line, ...] = ()
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    quarantined: ReceivedHead | None = None

    @property
    def complete(self) -> bool:
        """Whether all was taken over that the accepted head speaks of."""
        return self.head is not None and self.known.sequence >= self.head.sequence


def follow(
    known: Known,
    *,
    fetch: Fetch,
    trust: TrustList,
    verify: Verify,
    now: datetime,
    limits: Limits | None = None,
) -> Visit:
    """Visit a partner's feed once, and take over what its city has signed since the last visit.

    Nothing is raised for what may be wrong with the feed: it becomes a finding, and what was proven before that stays.
    """
    limits = limits or Limits()
    if known.status is Status.STOPPED:
        return Visit(known, trust, findings=(_stopped(known),))
    visit = Visit(known, trust)
    try:
        received = _fetch_head(known.city, fetch, verify, limits)
    except (FeedRefused, Unavailable) as error:
        return _with(visit, _finding(error, known.city))
    try:
        head, trust = signed_head(
            received.data, received.signer, city=known.city, trust=trust, verify=verify, now=now
        )
        visit = replace(visit, trust=trust)
        stale = check_times(head, now=now, grace=limits.grace)
        check_against_known(head, known)
        accepted = replace(known, status=Status.FOLLOWED, published=head.published, tip=head.tip)
        visit = replace(visit, known=accepted, head=head, findings=tuple(stale))
        return _take_pages(visit, head, fetch, verify, limits)
    except FeedRefused as error:
        return _refused(visit, error, received, now)


def compare_notes(teller: Head, *, hash_at: HashAt, trust: TrustList, verify: Verify) -> Compared:
    """Compare what a city has seen of others with what is known here. Call it again as more becomes known.

    A city in ``two_faced`` is to be stopped: ``stopped`` says how.
    """
    return compared(teller.city, teller.seen, hash_at=hash_at, trust=trust, verify=verify)


def stopped(known: Known) -> Known:
    """Stop following a feed until a person has decided."""
    return replace(known, status=Status.STOPPED)


def _fetch_head(city: str, fetch: Fetch, verify: Verify, limits: Limits) -> ReceivedHead:
    """Return head and signature; fetched again where they do not fit: they may be changing just now."""
    for _attempt in range(2):
        data = _within(fetch, HEAD, limits.head_bytes, city)
        signature = _within(fetch, SIGNATURE, limits.signature_bytes, city).decode("ascii", "replace").strip()
        signer = verify(data, signature)
        if signer is not None:
            return ReceivedHead(city, data, signature, signer.fingerprint)
    raise Forged(say("{city}: the signature is not that of the head.", city=city), f"{city}/{SIGNATURE}")


def _within(fetch: Fetch, path: str, most: int, city: str) -> bytes:
    data = fetch(path, most)
    if len(data) > most:
        where = f"{city}/{path}"
        raise FeedTooLarge(say("{path} has more than {most} bytes.", path=where, most=most), where)
    return data


def _take_pages(visit: Visit, head: Head, fetch: Fetch, verify: Verify, limits: Limits) -> Visit:
    """Return the visit with what the pages say, up to the first that is not as it should be."""
    if visit.complete:
        return visit
    first = page_of(visit.known.sequence + 1)
    last = min(page_of(head.sequence), first + limits.pages - 1)
    for number in range(first, last + 1):
        try:
            data = _within(fetch, page_path(number), MOST_PAGE_BYTES, head.city)
            lines = read_page(data, number, head=head, known=visit.known)
        except Unavailable as error:
            return _with(visit, _finding(error, f"{head.city}/{page_path(number)}"))
        except Rewritten:
            raise
        except FeedRefused as error:
            return _with(visit, error.finding)
        visit = _take(visit, lines, verify)
    return visit


def _take(visit: Visit, lines: list[Line], verify: Verify) -> Visit:
    events, findings = [], []
    for line in lines:
        event, said = _judge(line, visit.known.city, visit.trust, verify)
        findings += said
        if event is not None:
            events.append(event)
    return replace(
        visit,
        known=taken(visit.known, lines),
        lines=(*visit.lines, *lines),
        events=(*visit.events, *events),
        findings=(*visit.findings, *findings),
    )


def _judge(line: Line, city: str, trust: TrustList, verify: Verify) -> tuple[Event | None, list[Finding]]:
    """Return the event of a line if it counts, and what there is to say of it."""
    try:
        event = event_of(line.values, f"{city}#{line.sequence}")
    except Malformed as error:
        return None, [error.finding]
    against = objections(event, city=city, trust=trust, verify=verify)
    return (None if against else event), against + personal_data(event)


def _refused(visit: Visit, error: FeedRefused, received: ReceivedHead, now: datetime) -> Visit:
    visit = _with(visit, error.finding)
    if isinstance(error, Rewritten):
        return replace(visit, known=stopped(visit.known), quarantined=received)
    if isinstance(error, UnknownKey):
        waiting = replace(visit.known, status=Status.QUARANTINED)
        trust = visit.trust.seen(received.city, error.fingerprint, now=now)
        return replace(visit, known=waiting, trust=trust, quarantined=received)
    return visit


def _with(visit: Visit, finding: Finding) -> Visit:
    return replace(visit, findings=(*visit.findings, finding))


def _finding(error: FeedRefused | Unavailable, path: str) -> Finding:
    if isinstance(error, FeedRefused):
        return error.finding
    return Finding(Severity.WARNING, error.code, path, error.sentence)


def _stopped(known: Known) -> Finding:
    sentence = say("The feed of {city} is stopped until somebody decides what to believe.", city=known.city)
    return Finding(Severity.ERROR, STOPPED, known.city, sentence)
