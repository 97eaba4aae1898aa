"""A city's own feed as it grows: events are added, heads are signed, nothing is ever changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tandem.core.text import say
from tandem.exchange.domain.feeds.canonical import read_canonical
from tandem.exchange.domain.feeds.event import MOST_EVENT_BYTES, START, Action, Event, Kind, event_of, hash_of
from tandem.exchange.domain.feeds.head import PAGE_EVENTS, Head, Tip, change_content
from tandem.exchange.domain.feeds.refusal import FeedTooLarge
from tandem.exchange.domain.trust import KeyChange, Sign

LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Feed:
    """How far a city's own feed goes.

    Attributes:
        sequence: Of the last event.
        hash: Of the last event.
        pages: Hash of the last event of each full page.
        changes: Of the city's key.
    """

    city: str
    sequence: int = 0
    hash: str = START
    pages: tuple[str, ...] = ()
    changes: tuple[KeyChange, ...] = ()

    def add(
        self, action: Action, iri: str, kind: str, content: Mapping[str, Any], *, published: datetime
    ) -> tuple["Feed", Event]:
        """Return the feed with one event more, and the event. What no reader would accept is refused here.

        Raises:
            NotCanonical: The content cannot be written as canonical JSON.
            Malformed: The IRI is none, or a deletion has a content.
            FeedTooLarge: The event has more than 32,768 bytes.
        """
        moment = published.replace(microsecond=0)
        event = Event(self.city, self.sequence + 1, action, iri, kind, content, moment, self.hash)
        line = event.line
        if len(line) > MOST_EVENT_BYTES:
            raise FeedTooLarge(say("{iri} has too much content for an event.", iri=iri), iri)
        event_of(read_canonical(line), iri)
        ends = hash_of(line)
        pages = self.pages if event.sequence % PAGE_EVENTS else (*self.pages, ends)
        return replace(self, sequence=event.sequence, hash=ends, pages=pages), event

    def change_key(
        self, iri: str, *, old: str, new: str, by_old: Sign, by_new: Sign, published: datetime
    ) -> tuple["Feed", Event]:
        """Return the feed with the event by which its key hands over to another, and the event.

        Args:
            iri: Of the change; one of the city's own.
            old: Fingerprint of the key that signed until now.
            new: Fingerprint of the key that signs from the next head on.
        """
        change = KeyChange(self.city, old, new, self.sequence + 1, self.hash).signed(by_old, by_new)
        content = change_content(change)
        feed, event = self.add(Action.CREATE, iri, Kind.KEY_CHANGE, content, published=published)
        return replace(feed, changes=(*self.changes, change)), event

    def head(
        self,
        *,
        key: str,
        sign: Sign,
        published: datetime,
        lasts: timedelta = LASTS,
        seen: Sequence[Tip] = (),
    ) -> tuple[Head, str]:
        """Return a head of the feed as it is now, and the head's signature.

        Args:
            key: Fingerprint of the key that ``sign`` signs with.
            lasts: How long it is to be believed; a city that has nothing new signs again before.
            seen: The newest tips of the feeds that the city follows.
        """
        tip = Tip(self.city, self.sequence, self.hash)
        head = Head(
            tip=replace(tip, signature=sign(tip.statement)),
            key=key,
            pages=self.pages,
            published=published.replace(microsecond=0),
            expires=(published + lasts).replace(microsecond=0),
            seen=tuple(seen),
            changes=self.changes,
        )
        return head, sign(head.bytes)
