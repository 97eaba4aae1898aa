"""What follows from a city's events: its objects as they are now, whatever order or number of times they came in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tandem.exchange.domain.feeds.event import Action, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as it is now.

    Attributes:
        sequence: Of the event that says so.
        deleted: A deleted object stays deleted; what it was called is not given to anything else.
    """

    sequence: int
    kind: str
    content: Mapping[str, Any]
    deleted: bool = False

    @classmethod
    def of(cls, event: Event) -> "Entry":
        """Return what an event says of its object."""
        return cls(event.sequence, event.kind, event.content, event.action is Action.DELETE)


Objects = Mapping[str, Entry]
"""A city's objects by IRI."""


def applied(objects: Objects, events: Iterable[Event]) -> Objects:
    """Return a city's objects once these events of its own were taken over.

    Of two events that speak of the same object a deletion counts before all others, then the later one. So neither
    order nor repeats matter.
    """
    now = dict(objects)
    for event in events:
        entry, known = Entry.of(event), now.get(event.iri)
        if known is None or (entry.deleted, entry.sequence) > (known.deleted, known.sequence):
            now[event.iri] = entry
    return now
