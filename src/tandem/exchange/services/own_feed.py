"""This city's own feed: what was told is given its place, signed, and written as files for everybody to read."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F

from tandem.accounts.services import audit
from tandem.core.errors import Conflict, TandemError
from tandem.core.text import Sentence, say
from tandem.exchange.adapters import signing
from tandem.exchange.adapters.feed_files import FeedFolder
from tandem.exchange.domain.feeds.event import START, Action, Event, Kind, hash_of
from tandem.exchange.domain.feeds.feed import Feed
from tandem.exchange.domain.feeds.head import PAGE_EVENTS, Head, Tip, change_of
from tandem.exchange.models import OwnEvent, PartnerFeed
from tandem.exchange.services import keys
from tandem.kit import installation

log = logging.getLogger(__name__)
FOLDER = "feed"
RENEWED_AFTER = timedelta(days=7)
PASSED_ON_AFTER = timedelta(hours=1)  # what was seen of others meanwhile


class EventChanged(Conflict):
    """A row says something else than what was published."""

    code = "exchange.feed.event-changed"

    def __init__(self, sequence: int) -> None:
        super().__init__(
            say(
                "Event {sequence} of the own feed is not what was published. Nothing was written. Restore it from a "
                "backup.",
                sequence=sequence,
            )
        )


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """How it stands with the own feed.

    Attributes:
        head: That was published last; None where there is none yet.
        waiting: Events that are not published yet.
        problem: Why it cannot be published; empty where it can.
    """

    head: Head | None
    waiting: int
    problem: Sentence | str = ""


def folder() -> FeedFolder:
    """Return where the own feed's files are."""
    return FeedFolder(installation.folder(FOLDER))


# --- publish ------------------------------------------------------------------------------------
def publish(now: datetime, *, renew: bool = False) -> Head:
    """Write what was told since, and sign the feed again where it is time to; return the head that is out now.

    Killed at any moment, it goes on the next time. The rows are stored before the files are written.

    Args:
        renew: Sign again though nothing asks for it.

    Raises:
        OtherHistory: The files go further than the rows: the database is an older one.
        EventChanged: A row was changed after it was published.
    """
    target = folder()
    with target.only_writer():
        keys.hand_over()
        _place()
        out = target.published()
        feed, tips = feed_so_far(), seen_tips()
        if out and not renew and not _is_due(*out, feed, tips, now):
            return out[0]
        events = list(_events(after=out[0].sequence if out else 0))
        head, signature = feed.head(key=keys.fingerprint(), sign=keys.sign, published=now, seen=tips)
        target.publish(events, head, signature)
    log.info("exchange.feed.publish", extra={"sequence": head.sequence, "events": len(events)})
    return head


def change_key(now: datetime) -> str:
    """Hand over to a new key, tell everybody, and return its fingerprint.

    Raises:
        OtherHistory, EventChanged: The feed cannot be published; nothing is changed.
    """
    publish(now)
    with folder().only_writer(), transaction.atomic():
        _place()
        coming = keys.next_key()
        city, new = installation.city().id, signing.fingerprint_of(coming.public_key())
        feed, event = feed_so_far().change_key(
            f"{installation.config().server.url}/id/key/{new}",
            old=keys.fingerprint(),
            new=new,
            by_old=keys.sign,
            by_new=partial(signing.sign, key=coming, city=city),
            published=now,
        )
        OwnEvent.objects.create(
            sequence=event.sequence,
            hash=feed.hash,
            action=event.action.value,
            kind=event.kind,
            iri=event.iri,
            content=dict(event.content),
            at=event.published,
        )
        audit.record(None, "exchange.key.change", event.iri, {"new": new})
    publish(now)
    log.info("exchange.key.change", extra={"new": new})
    return new


def publish_due(now: datetime) -> bool:
    """Publish as ``publish`` does; what is in the way is logged, and shown on the page about trust."""
    try:
        publish(now)
    except (TandemError, OSError) as error:
        log.exception("exchange.feed.not-published", extra={"problem": str(error)})
        return False
    return True


def nudge(now: datetime) -> None:
    """Publish as soon as the transaction that is going on is done."""
    transaction.on_commit(partial(publish_due, now), robust=True)


def _is_due(head: Head, signature: str, feed: Feed, tips: Sequence[Tip], now: datetime) -> bool:
    signer = signing.verify(head.bytes, signature)
    if signer is None or signer.fingerprint != keys.fingerprint() or head.sequence != feed.sequence:
        return True
    age = now - head.published
    return age >= RENEWED_AFTER or (age >= PASSED_ON_AFTER and head.seen != tuple(tips))


@transaction.atomic
def _place() -> None:
    """Give what waits its places at the end of the feed, in the order in which it was told."""
    waiting = list(OwnEvent.objects.select_for_update().filter(sequence=None).order_by("id"))
    feed = feed_so_far()
    for row in waiting:
        feed, event = feed.add(Action(row.action), row.iri, row.kind, row.content, published=row.at)
        row.sequence, row.hash = event.sequence, feed.hash
        row.save(update_fields=["sequence", "hash"])


def feed_so_far() -> Feed:
    """Return how far the own feed goes, by the rows that have their places."""
    placed = OwnEvent.objects.exclude(sequence=None).order_by("sequence")
    last = placed.last()
    if last is None or last.sequence is None:
        return Feed(installation.city().id)
    ends = placed.annotate(rest=F("sequence") % PAGE_EVENTS).filter(rest=0)
    city = installation.city().id
    changes = [change_of(row.content, city, row.iri) for row in placed.filter(kind=Kind.KEY_CHANGE)]
    return Feed(city, last.sequence, last.hash, tuple(ends.values_list("hash", flat=True)), tuple(changes))


def _events(*, after: int) -> Iterator[Event]:
    """Yield the events behind a place in the feed, as they were published or are going to be."""
    city, previous = installation.city().id, START
    if after:
        previous = OwnEvent.objects.filter(sequence=after).values_list("hash", flat=True).first() or ""
    rows = OwnEvent.objects.filter(sequence__gt=after).order_by("sequence")
    for sequence, row in enumerate(rows.iterator(), start=after + 1):
        moment = row.at.replace(microsecond=0)
        event = Event(city, sequence, Action(row.action), row.iri, row.kind, row.content, moment, previous)
        if hash_of(event.line) != row.hash:
            raise EventChanged(sequence)
        yield event
        previous = row.hash


# --- look ---------------------------------------------------------------------------------------
def seen_tips() -> list[Tip]:
    """Return how far the partners' feeds were seen to go, to be passed on; in a fixed order."""
    rows = PartnerFeed.objects.exclude(tip_signature="").order_by("city")
    return [Tip(row.city, row.tip_sequence, row.tip_hash, row.tip_signature) for row in rows]


def standing() -> OwnFeed:
    """Return how it stands with the own feed."""
    waiting = OwnEvent.objects.filter(sequence=None).count()
    try:
        out = folder().published()
    except TandemError as error:
        return OwnFeed(None, waiting, error.sentence)
    return OwnFeed(out[0] if out else None, waiting, _problem(out[0]) if out else "")


def _problem(head: Head) -> Sentence | str:
    """Return why nothing can be published; empty where the rows know what was published last."""
    if not head.sequence or OwnEvent.objects.filter(sequence=head.sequence, hash=head.tip.hash).exists():
        return ""
    return say(
        "The feed that is out goes to event {sequence}, which this database does not know. It is an older one: "
        "restore a newer backup, or tell the partners what happened.",
        sequence=head.sequence,
    )
