"""This city's own feed: what was told is given its place, signed, and written as files for everybody to read."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F

from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput, TandemError
from tandem.core.text import Sentence, say
from tandem.exchange.adapters import signing
from tandem.exchange.adapters.feed_files import FeedFolder
from tandem.exchange.domain.feeds.event import START, Action, Event, Kind, event_of, hash_of
from tandem.exchange.domain.feeds.feed import Feed
from tandem.exchange.domain.feeds.head import PAGE_EVENTS, Head, Tip, change_of, page_of, page_path
from tandem.exchange.domain.feeds.reading import MOST_PAGE_BYTES, Known, Line, read_page, taken
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


class NotOurFeed(InvalidInput):
    """A copy of a feed is not signed by this city."""

    code = "exchange.feed.not-ours"

    def __init__(self) -> None:
        super().__init__(say("This is no copy of our own feed: our key has not signed it."))


class FolderEmpty(Conflict):
    """The folder of the feed is empty though events were published: a backup was restored, or the folder was lost."""

    code = "exchange.feed.folder-empty"

    def __init__(self, events: int) -> None:
        super().__init__(
            say(
                "The folder of the own feed is empty, though {events} events were published. Partners may know more "
                "than this database. Bring the newest copy of the feed back with “tandem exchange feed recover”. Only "
                "if nothing newer was ever published, use “tandem exchange feed publish --anew”.",
                events=events,
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
def publish(now: datetime, *, renew: bool = False, anew: bool = False) -> Head:
    """Write what was told since, and sign the feed again where it is time to; return the head that is out now.

    Killed at any moment, it goes on the next time. The rows are stored before the files are written. An older
    database first takes back from the files what it does not know any more.

    Args:
        renew: Sign again though nothing asks for it.
        anew: Write all of it into an empty folder.

    Raises:
        FolderEmpty: The folder is empty, though events were published.
        Rewritten, OtherHistory: Rows and files say different things.
        EventChanged: A row was changed after it was published.
    """
    target = folder()
    with target.only_writer():
        keys.hand_over()
        if target.published():
            take_back(target)
        elif not anew:
            _begin(target, now)
        _place()
        out, feed, tips = target.published(), feed_so_far(), seen_tips()
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


def _begin(target: FeedFolder, now: datetime) -> None:
    """Publish a feed without events, so that an empty folder always means that something was lost."""
    feed = feed_so_far()
    if feed.sequence:
        raise FolderEmpty(feed.sequence)
    target.publish([], *feed.head(key=keys.fingerprint(), sign=keys.sign, published=now, seen=seen_tips()))


def _is_due(head: Head, signature: str, feed: Feed, tips: Sequence[Tip], now: datetime) -> bool:
    signer = signing.verify(head.bytes, signature)
    if signer is None or signer.fingerprint != keys.fingerprint() or head.sequence != feed.sequence:
        return True
    age = now - head.published
    return age >= RENEWED_AFTER or (age >= PASSED_ON_AFTER and head.seen != tuple(tips))


@transaction.atomic
def take_back(source: FeedFolder) -> int:
    """Take events back from a copy of the own feed that this database does not know any more; return how many.

    Raises:
        NotOurFeed: Another city has signed it.
        Rewritten: It is another history than the one that the rows know.
        FeedRefused: A file of it is damaged.
        NotReadable: A file of it is missing.
    """
    out, feed = source.published(), feed_so_far()
    if out is None or out[0].sequence <= feed.sequence:
        return 0
    head, signature = out
    signer = signing.verify(head.bytes, signature)
    if signer is None or signer.fingerprint not in {key.fingerprint for key in keys.own_standing()}:
        raise NotOurFeed
    known = Known(feed.city, feed.sequence, feed.hash)
    for number in range(page_of(known.sequence + 1), page_of(head.sequence) + 1):
        data = source.fetch(page_path(number), MOST_PAGE_BYTES)
        lines = read_page(data, number, head=head, known=known)
        OwnEvent.objects.bulk_create([_row(line, feed.city) for line in lines])
        known = taken(known, lines)
    log.warning("exchange.feed.take-back", extra={"events": known.sequence - feed.sequence})
    return known.sequence - feed.sequence


def _row(line: Line, city: str) -> OwnEvent:
    event = event_of(line.values, f"{city}#{line.sequence}")
    return OwnEvent(
        sequence=line.sequence,
        hash=line.hash,
        action=event.action.value,
        kind=event.kind,
        iri=event.iri,
        content=dict(event.content),
        at=event.published,
    )


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
    last = OwnEvent.objects.exclude(sequence=None).order_by("-sequence").first()
    if out is None:
        return OwnFeed(None, waiting, FolderEmpty(last.sequence or 0).sentence if last else "")
    return OwnFeed(out[0], waiting, _problem(out[0], last))


def _problem(head: Head, last: OwnEvent | None) -> Sentence | str:
    """Return why nothing can be published; empty where the rows go on from what was published last."""
    if not head.sequence or last is None or (last.sequence or 0) < head.sequence:
        return ""  # what the rows do not know any more is taken back the next time
    if OwnEvent.objects.filter(sequence=head.sequence, hash=head.tip.hash).exists():
        return ""
    return say(
        "The feed that is out has another event {sequence} than this database. Nothing is published, because what was "
        "published must not change. Restore another backup.",
        sequence=head.sequence,
    )
