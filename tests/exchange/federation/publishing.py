"""A city that publishes a feed, its files held in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tandem.core.errors import Unavailable
from tandem.exchange.domain.feeds.event import Action, Event, hash_of
from tandem.exchange.domain.feeds.feed import Feed
from tandem.exchange.domain.feeds.head import HEAD, SIGNATURE, Head, Tip, page_of, page_path
from tandem.exchange.domain.trust import TrustList
from tests.exchange.federation.keys import Pen

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


class Gone(Unavailable):
    """There is no such file."""

    code = "tests.gone"


class Publisher:
    """A city with a key and a feed; what it has published is in ``files``."""

    def __init__(self, city: str, pen: Pen | None = None) -> None:
        self.city, self.pen = city, pen or Pen(city)
        self.feed = Feed(city)
        self.lines: list[bytes] = []
        self.events: list[Event] = []
        self.files: dict[str, bytes] = {}
        self.published = 0

    def iri(self, name: object) -> str:
        return f"https://{self.city}.example/{name}"

    def say(
        self,
        name: object,
        action: Action = Action.CREATE,
        *,
        kind: str = "measure",
        iri: str = "",
        content: dict | None = None,
    ) -> Event:
        """Add an event about one of the city's own things, or about ``iri``."""
        content = {"version": len(self.lines) + 1} if content is None else content
        if action is Action.DELETE:
            content = {}
        self.feed, event = self.feed.add(action, iri or self.iri(name), kind, content, published=NOW)
        self._add(event)
        return event

    def change_key(self, pen: Pen) -> Event:
        """Hand over to another key."""
        self.feed, event = self.feed.change_key(
            self.iri(f"keys/{pen.fingerprint}"),
            old=self.pen.fingerprint,
            new=pen.fingerprint,
            by_old=self.pen.sign,
            by_new=pen.sign,
            published=NOW,
        )
        self.pen = pen
        self._add(event)
        return event

    def publish(
        self, now: datetime = NOW, *, lasts: timedelta = timedelta(days=30), seen: Sequence[Tip] = ()
    ) -> Head:
        """Write the pages that have changed, and then the head."""
        for number in range(page_of(self.published + 1), page_of(self.feed.sequence) + 1):
            lines = self.lines[(number - 1) * 100 : number * 100]
            self.files[page_path(number)] = b"".join(b"%b\n" % line for line in lines)
        self.published = self.feed.sequence
        head, signature = self.feed.head(
            key=self.pen.fingerprint, sign=self.pen.sign, published=now, lasts=lasts, seen=seen
        )
        self.files |= {HEAD: head.bytes, SIGNATURE: signature.encode()}
        return head

    def fetch(self, path: str, most: int) -> bytes:
        """Return a file, as a web server would that stops a byte behind what is allowed."""
        if path not in self.files:
            raise Gone(path)
        return self.files[path][: most + 1]

    def hash_at(self, sequence: int) -> str | None:
        return hash_of(self.lines[sequence - 1]) if 0 < sequence <= len(self.lines) else None

    def _add(self, event: Event) -> None:
        self.events.append(event)
        self.lines.append(event.line)


def trusting(*publishers: Publisher) -> TrustList:
    """Return the trust list of a city that has compared the keys of all of these."""
    trust = TrustList(prefixes={each.city: (each.iri(""),) for each in publishers})
    for each in publishers:
        trust = trust.pinned(each.city, each.pen.fingerprint, now=NOW)
    return trust
