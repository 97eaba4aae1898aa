"""A feed as plain files in a folder: any web server can serve it, and a stick can carry it.

    head.json   head.jws   pages/00000001.jsonl   pages/00000002.jsonl …

Each line of a page is an event. A page of a hundred events never changes again.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tandem.core.errors import Conflict, Unavailable
from tandem.core.text import say
from tandem.exchange.domain.feeds.event import Event, hash_of
from tandem.exchange.domain.feeds.head import (
    HEAD,
    PAGE_EVENTS,
    SIGNATURE,
    Head,
    page_of,
    page_path,
    read_head,
)


class OtherHistory(Conflict):
    """The folder holds another feed, or not all of it."""

    code = "exchange.feed.other-history"


class NotReadable(Unavailable):
    """A file of the feed is not there, or no file of its own."""

    code = "exchange.feed.not-readable"


class FeedFolder:
    """The folder of a feed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def only_writer(self) -> Iterator[None]:
        """Wait until no other process of this machine writes, and keep the others waiting."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def published(self) -> tuple[Head, str] | None:
        """Return the head that was published last, and its signature as it is; None where there is no head.

        Raises:
            Malformed: The head in the folder is damaged.
        """
        path = self._folder / HEAD
        if not path.exists():
            return None
        signature = self._folder / SIGNATURE
        signed = signature.read_bytes().decode("ascii", "replace").strip() if signature.exists() else ""
        return read_head(path.read_bytes(), HEAD), signed

    def publish(self, events: Sequence[Event], head: Head, signature: str) -> None:
        """Add events, and then put the head in place that speaks of them.

        Killed at any point, it leaves a feed that can be read as before; publishing again with the same events
        ends as if nothing had happened. A database restored from an older backup cannot rewrite what was published.

        Args:
            events: All since the last head that was published, in order, or from earlier on; none to renew a head.

        Raises:
            OtherHistory: They do not go on from what is in the folder.
            Malformed: The head in the folder is damaged.
        """
        self._check_goes_on(events, head)
        by_page: dict[int, list[Event]] = {}
        for event in events:
            by_page.setdefault(page_of(event.sequence), []).append(event)
        for number, added in by_page.items():
            self._write(page_path(number), self._page(number, added))
        self._write(HEAD, head.bytes)
        self._write(SIGNATURE, signature.encode())

    def copy_to(self, other: "FeedFolder") -> Head:
        """Copy the feed into another folder, pages before the head, and return the head. A copy is brought up to date.

        Raises:
            NotReadable: There is no feed here.
            OtherHistory: The other folder holds another feed, or a newer state of this one.
            Malformed: A head is damaged.
        """
        with self.only_writer():
            out = self.published()
            if out is None:
                raise NotReadable(say("{path} of the feed is no file.", path=HEAD))
            head, signature = out
            there = other.published()
            if there and not self._holds(there[0], head):
                raise _other_history(there[0].sequence)
            for number in range(1, (page_of(head.sequence) if head.sequence else 0) + 1):
                other._write(page_path(number), (self._folder / page_path(number)).read_bytes())
            other._write(HEAD, head.bytes)
            other._write(SIGNATURE, signature.encode())
        return head

    def _holds(self, former: Head, head: Head) -> bool:
        """Return whether a head that was copied before is in the history of this feed."""
        if former.city != head.city or former.sequence > head.sequence:
            return False
        return not former.sequence or self._hash_at(former.sequence) == former.tip.hash

    def fetch(self, path: str, most_bytes: int) -> bytes:
        """Return a file of the feed, cut off one byte behind ``most_bytes`` where it is longer.

        Raises:
            NotReadable: There is none, or something else has its name: a link, a folder, a device.
        """
        found = self._folder / path
        try:
            if found.is_symlink() or found.parent.is_symlink() or not found.is_file():
                raise NotReadable(say("{path} of the feed is no file.", path=path))
            with found.open("rb") as file:
                return file.read(most_bytes + 1)
        except OSError as error:
            raise NotReadable(say("{path} of the feed cannot be read.", path=path)) from error

    def _check_goes_on(self, events: Sequence[Event], head: Head) -> None:
        """Check that the events follow the line before them, and that the head published last is in their history."""
        ends = {event.sequence: hash_of(event.line) for event in events} | {head.sequence: head.tip.hash}
        if events:
            before = events[0].sequence - 1
            ends[before] = events[0].previous
            if before and self._hash_at(before) != events[0].previous:
                raise _other_history(events[0].sequence)
        published = self.published()
        if published:
            last = published[0]
            if head.sequence < last.sequence or ends.get(last.sequence) != last.tip.hash:
                raise _other_history(last.sequence)

    def _page(self, number: int, added: Sequence[Event]) -> bytes:
        """Return a page with events added; what a killed writer left behind the events before them is dropped."""
        kept = self._lines(number)[: (added[0].sequence - 1) % PAGE_EVENTS]
        return b"".join(b"%b\n" % line for line in [*kept, *(event.line for event in added)])

    def _hash_at(self, sequence: int) -> str | None:
        place = (sequence - 1) % PAGE_EVENTS
        return next(map(hash_of, self._lines(page_of(sequence))[place : place + 1]), None)

    def _lines(self, number: int) -> list[bytes]:
        path = self._folder / page_path(number)
        return path.read_bytes().split(b"\n")[:-1] if path.exists() else []

    def _write(self, path: str, data: bytes) -> None:
        """Write a file so that whoever reads it sees the old one or the new one."""
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_suffix(f"{target.suffix}.new")
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)


def _other_history(sequence: int) -> OtherHistory:
    return OtherHistory(
        say(
            "{path} of the feed does not fit at event {sequence}. Nothing was written, because what was published "
            "must not change.",
            sequence=sequence,
            path=page_path(page_of(sequence)),
        )
    )
