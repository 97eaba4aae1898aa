"""Reading a partner's feed: what of it is accepted, checked against its signed head and against what is known.

Only what the city itself has signed can stop its feed for good. Whatever else may be wrong, somebody on the way may
have done it, and the next visit tries again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.exchange.domain.feeds.event import MOST_EVENT_BYTES, START, hash_of
from tandem.exchange.domain.feeds.fields import parsed
from tandem.exchange.domain.feeds.head import HEAD, PAGE_EVENTS, Head, Tip, page_path, read_head
from tandem.exchange.domain.feeds.refusal import FeedRefused, FeedTooLarge, Malformed
from tandem.exchange.domain.trust import TrustList, Verify, WrongCity

LONGEST = timedelta(days=100)
MOST_PAGE_BYTES = (MOST_EVENT_BYTES + 1) * PAGE_EVENTS
SKEW = timedelta(hours=1)


class Forged(FeedRefused):
    """It is not what the city has signed."""

    code = "exchange.feed.forged"


class Replayed(FeedRefused):
    """An old head was given out again."""

    code = "exchange.feed.replayed"


class Expired(FeedRefused):
    """The head is too old to be believed."""

    code = "exchange.feed.expired"


class FromTheFuture(FeedRefused):
    """The head is dated ahead of time."""

    code = "exchange.feed.from-the-future"


class Rewritten(FeedRefused):
    """The city has signed two histories. People have to talk."""

    code = "exchange.feed.rewritten"


class Truncated(FeedRefused):
    """Events are missing at the end."""

    code = "exchange.feed.truncated"


class OutOfOrder(FeedRefused):
    """An event is missing in between, or there twice."""

    code = "exchange.feed.out-of-order"


class Status(StrEnum):
    """How it stands with a partner's feed."""

    FOLLOWED = "followed"
    QUARANTINED = "quarantined"  # signed by a key that nobody has compared yet
    STOPPED = "stopped"  # two histories were signed; a person has to decide


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a partner's feed.

    Attributes:
        sequence: Of the last event that was taken over.
        hash: Of that event.
        published: When the newest head was that was accepted.
        tip: Of that head; may be ahead of ``sequence`` while catching up.
    """

    city: str
    sequence: int = 0
    hash: str = START
    published: datetime | None = None
    tip: Tip | None = None
    status: Status = Status.FOLLOWED


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader is prepared to take in.

    Attributes:
        pages: In one visit; the next goes on from there.
        grace: How long an expired head is still read, with a warning: the partner may be on holiday.
    """

    head_bytes: int = 262_144
    signature_bytes: int = 4_096
    pages: int = 50
    grace: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a feed that its owner signed: chained from what is known up to the signed head.

    Attributes:
        values: Its JSON.
    """

    sequence: int
    hash: str
    values: Any


def signed_head(
    data: bytes, signer: str, *, city: str, trust: TrustList, verify: Verify, now: datetime
) -> tuple[Head, TrustList]:
    """Return the head of a city's feed if that city has signed it, and the trust list after its changes of key.

    Args:
        data: The head as a file.
        signer: Fingerprint of the key that its signature was made with.

    Raises:
        Malformed: It is no head.
        Forged: The signature is not that of the key that the head names.
        WrongCity: It is another city's.
        UnknownKey: Nobody has compared the key yet.
        RevokedKey: The key counts no more.
        DisputedKey: Its predecessor has handed over to another.
    """
    path = f"{city}/{HEAD}"
    head = read_head(data, path)
    by_tip = verify(head.tip.statement, head.tip.signature)
    if by_tip is None or not signer == by_tip.fingerprint == head.key:
        raise Forged(say("{path} is not signed by the key that it names.", path=path), path)
    if head.city != city:
        sentence = say("{path} is the head of {other}. It was not read.", path=path, other=head.city)
        raise WrongCity(sentence, path)
    for change in head.changes:
        trust = trust.after(change, verify=verify, now=now)
    trust.require(city, head.key)
    return head, trust


def check_times(head: Head, *, now: datetime, grace: timedelta) -> list[Finding]:
    """Check when a head was published and until when it is to be believed.

    Raises:
        FromTheFuture: It is dated more than an hour ahead.
        Malformed: It wants to be believed for more than 100 days, or expires before it was published.
        Expired: It has expired, and the days of grace are over.
    """
    path = f"{head.city}/{HEAD}"
    if head.published > now + SKEW:
        sentence = say(
            "{path} is dated ahead of time: {at}. Compare the clocks.", path=path, at=head.published
        )
        raise FromTheFuture(sentence, path)
    if not timedelta(0) < head.expires - head.published <= LONGEST:
        raise Malformed(say("{path} must last for {days} days at most.", path=path, days=LONGEST.days), path)
    if now < head.expires:
        return []
    sentence = say(
        "{path} has expired on {day}: something newer may be held back. Ask the city to sign again.",
        path=path,
        day=head.expires.date(),
    )
    if now >= head.expires + grace:
        raise Expired(sentence, path)
    return [Finding(Severity.WARNING, Expired.code, path, sentence)]


def check_against_known(head: Head, known: Known) -> None:
    """Check that a head goes on from what is known.

    Raises:
        Replayed: It is older than what is known.
        Rewritten: It is another history than what is known.
    """
    path = f"{head.city}/{HEAD}"
    if head.sequence < known.sequence:
        if known.published is not None and head.published > known.published:
            raise _rewritten(head, path)
        sentence = say(
            "{path} goes to event {sequence}, but {known} are known already. It was not read.",
            path=path,
            sequence=head.sequence,
            known=known.sequence,
        )
        raise Replayed(sentence, path)
    full, rest = divmod(known.sequence, PAGE_EVENTS)
    ends = head.tip.hash if head.sequence == known.sequence else None if rest else head.hash_at_end_of(full)
    if ends not in (known.hash, None):
        raise _rewritten(head, path)


def read_page(data: bytes, number: int, *, head: Head, known: Known) -> list[Line]:
    """Return the lines of a page that are new, once the page is proven to be what the head was signed for.

    What stands behind the head's last event is passed over: the city may be writing just now.

    Args:
        known: The last event that is known must be on this page or be the last of the page before.

    Raises:
        FeedTooLarge: An event is larger than allowed.
        Truncated: Events are missing at the end.
        OutOfOrder: An event is missing in between, or there twice.
        Forged: The page is not the one that was signed.
        Malformed: A line is no canonical JSON.
        Rewritten: The page is what was signed, and not what is known.
    """
    path = f"{head.city}/{page_path(number)}"
    first = (number - 1) * PAGE_EVENTS + 1
    expected = min(PAGE_EVENTS, head.sequence - first + 1)
    lines = data.split(b"\n", PAGE_EVENTS)[:-1][:expected]
    if len(lines) < expected:
        raise Truncated(
            say("{path} ends too early, after {lines} events.", path=path, lines=len(lines)), path
        )
    if any(len(line) > MOST_EVENT_BYTES for line in lines):
        most = MOST_EVENT_BYTES
        raise FeedTooLarge(say("{path} has an event of more than {most} bytes.", path=path, most=most), path)
    if hash_of(lines[-1]) != head.hash_at_end_of(number):
        raise _forged(path)
    passed = known.sequence - first + 1
    start = hash_of(lines[passed - 1]) if passed else known.hash
    new = list(_chained(lines[passed:], known.sequence + 1, start, path))
    if start != known.hash:
        raise _rewritten(head, path)
    return new


def taken(known: Known, lines: Sequence[Line]) -> Known:
    """Return what is known once lines were taken over."""
    return replace(known, sequence=lines[-1].sequence, hash=lines[-1].hash) if lines else known


def _chained(lines: Sequence[bytes], first: int, previous: str, path: str) -> Iterator[Line]:
    for sequence, line in enumerate(lines, start=first):
        values = parsed(line, f"{path}#{sequence}")
        link = (values.get("sequence"), values.get("previous")) if isinstance(values, dict) else (None, None)
        if link[0] != sequence:
            sentence = say(
                "{path}: event {sequence} is missing, or others are there twice.",
                path=path,
                sequence=sequence,
            )
            raise OutOfOrder(sentence, path)
        if link[1] != previous:
            raise _forged(path)
        previous = hash_of(line)
        yield Line(sequence, previous, values)


def _forged(path: str) -> Forged:
    return Forged(
        say("{path} is not what its city has signed. It was changed on the way, or damaged.", path=path), path
    )


def _rewritten(head: Head, path: str) -> Rewritten:
    sentence = say(
        "{city} has signed another history than the one that is known here. The feed is stopped: call the city, and "
        "decide what to believe.",
        city=head.city,
    )
    return Rewritten(sentence, path)
