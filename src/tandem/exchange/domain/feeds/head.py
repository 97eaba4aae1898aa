"""The signed head of a feed: how far it goes, until when that is to be believed, and what its city saw of others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tandem.core.text import say
from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.feeds.event import START
from tandem.exchange.domain.feeds.fields import Fields, in_utc, is_hash, parsed
from tandem.exchange.domain.feeds.refusal import Malformed
from tandem.exchange.domain.trust import KeyChange

FORMAT = "tandem-feed-1"
HEAD, SIGNATURE = "head.json", "head.jws"
PAGE_EVENTS = 100
_MEMBERS = {
    "changes",
    "city",
    "expires",
    "format",
    "hash",
    "key",
    "pages",
    "published",
    "seen",
    "sequence",
    "tip",
}
_CHANGE = {"by_new", "by_old", "new", "old", "previous", "sequence"}


@dataclass(frozen=True, slots=True)
class Tip:
    """How far a city's feed went, signed by that city on its own, so that others can pass it on as proof.

    Attributes:
        hash: Of the event with that sequence.
        signature: Of ``statement``.
    """

    city: str
    sequence: int
    hash: str
    signature: str = ""

    @property
    def statement(self) -> bytes:
        """What is signed."""
        return canonical(
            {"city": self.city, "hash": self.hash, "sequence": self.sequence, "type": "tandem-feed-tip"}
        )


@dataclass(frozen=True, slots=True)
class Head:
    """A feed at one moment.

    Attributes:
        tip: The city, its last event and that event's hash.
        key: Fingerprint of the key that signs.
        pages: Hash of the last event of each full page, in order.
        published: To the second, like ``expires``: from then on it is stale.
        seen: The newest tips of other feeds that the city follows.
        changes: All changes of its key so far.
    """

    tip: Tip
    key: str
    pages: tuple[str, ...]
    published: datetime
    expires: datetime
    seen: tuple[Tip, ...] = ()
    changes: tuple[KeyChange, ...] = ()

    @property
    def city(self) -> str:
        """Whose feed it is."""
        return self.tip.city

    @property
    def sequence(self) -> int:
        """Of the last event; 0 of a feed without any."""
        return self.tip.sequence

    @property
    def bytes(self) -> bytes:
        """The head as a file, as it is signed."""
        return canonical(
            {
                "changes": [change_content(change) for change in self.changes],
                "city": self.city,
                "expires": in_utc(self.expires),
                "format": FORMAT,
                "hash": self.tip.hash,
                "key": self.key,
                "pages": list(self.pages),
                "published": in_utc(self.published),
                "seen": [_tip_content(tip) for tip in self.seen],
                "sequence": self.sequence,
                "tip": self.tip.signature,
            }
        )

    def hash_at_end_of(self, page: int) -> str:
        """Return the hash of the last event of a page, from 1; ``START`` of page 0."""
        if not page:
            return START
        return self.pages[page - 1] if page <= len(self.pages) else self.tip.hash


def page_of(sequence: int) -> int:
    """Return the number of the page, from 1, that an event is on.

    >>> page_of(100), page_of(101)
    (1, 2)
    """
    return (sequence - 1) // PAGE_EVENTS + 1


def page_path(number: int) -> str:
    """Return where a page is, beside the head.

    >>> page_path(3)
    'pages/00000003.jsonl'
    """
    return f"pages/{number:08}.jsonl"


def change_content(change: KeyChange) -> dict[str, Any]:
    """Return a change of key as an event and a head carry it."""
    return {
        "by_new": change.by_new,
        "by_old": change.by_old,
        "new": change.new,
        "old": change.old,
        "previous": change.previous,
        "sequence": change.sequence,
    }


def change_of(values: Any, city: str, path: str) -> KeyChange:
    """Return the change of key that an event or a head of a city carries.

    Raises:
        Malformed: A member is missing or strange.
    """
    fields = Fields(values, _CHANGE, path)
    return KeyChange(
        city=city,
        old=fields.hash("old"),
        new=fields.hash("new"),
        sequence=fields.number("sequence"),
        previous=fields.hash("previous"),
        by_old=fields.text("by_old"),
        by_new=fields.text("by_new"),
    )


def read_head(data: bytes, path: str) -> Head:
    """Return the head that a file says. Nothing of it is checked but its form.

    Raises:
        Malformed: It is no head.
    """
    fields = Fields(parsed(data, path), _MEMBERS, path)
    fields.constant("format", FORMAT)
    city = fields.city("city")
    head = Head(
        tip=Tip(city, fields.number("sequence"), fields.hash("hash"), fields.text("tip")),
        key=fields.hash("key"),
        pages=tuple(fields.rows("pages")),
        published=fields.moment("published"),
        expires=fields.moment("expires"),
        seen=tuple(_tip_of(each, path) for each in fields.rows("seen")),
        changes=tuple(change_of(each, city, path) for each in fields.rows("changes")),
    )
    if not _pages_fit(head):
        raise Malformed(say("{path} does not name the last event of each full page.", path=path), path)
    return head


def _pages_fit(head: Head) -> bool:
    full, rest = divmod(head.sequence, PAGE_EVENTS)
    ends = head.pages[-1] if full else START
    return len(head.pages) == full and all(map(is_hash, head.pages)) and (rest > 0 or head.tip.hash == ends)


def _tip_content(tip: Tip) -> dict[str, Any]:
    return {"city": tip.city, "hash": tip.hash, "sequence": tip.sequence, "signature": tip.signature}


def _tip_of(values: Any, path: str) -> Tip:
    fields = Fields(values, {"city", "hash", "sequence", "signature"}, path)
    return Tip(fields.city("city"), fields.number("sequence"), fields.hash("hash"), fields.text("signature"))
