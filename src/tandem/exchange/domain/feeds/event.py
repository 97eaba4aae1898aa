"""An event: one line of a feed, in the words of ActivityStreams, chained to the line before by its hash.

Source:
    W3C, Activity Streams 2.0 (Create, Update, Delete); SEMIC, DCAT-AP Feeds 1.0, which carries changes so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from tandem.core.text import say
from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.feeds.fields import Fields, in_utc
from tandem.exchange.domain.feeds.refusal import Malformed

CONTEXT = "https://www.w3.org/ns/activitystreams"
MOST_EVENT_BYTES = 32_768
START = "0" * 64  # what the first event is chained to
_MEMBERS = {"@context", "actor", "object", "previous", "published", "sequence", "type"}


class Action(StrEnum):
    """What happened to the object."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


_ACTIONS = frozenset(action.value for action in Action)


class Kind(StrEnum):
    """What the object is. A kind that is not listed is kept as it is: it comes from a newer Tandem."""

    MEASURE = "measure"  # one version of a measure
    RECEIPT = "receipt"  # of an adoption, to the city that the measure is from
    EVIDENCE = "evidence"
    TANDEM = "tandem"
    KEY_CHANGE = "key-change"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a city says of something of its own.

    Attributes:
        city: Who says it.
        sequence: From 1, without gaps.
        iri: Of the object.
        kind: Of the object, mostly a ``Kind``.
        content: Plain JSON; empty of a deletion.
        published: To the second.
        previous: Hash of the event before; ``START`` of the first.
    """

    city: str
    sequence: int
    action: Action
    iri: str
    kind: str
    content: Mapping[str, Any]
    published: datetime
    previous: str

    @property
    def line(self) -> bytes:
        """The event as it stands in a page, without its line end."""
        return canonical(
            {
                "@context": CONTEXT,
                "actor": self.city,
                "object": {"content": dict(self.content), "id": self.iri, "type": self.kind},
                "previous": self.previous,
                "published": in_utc(self.published),
                "sequence": self.sequence,
                "type": self.action.value,
            }
        )


def hash_of(line: bytes) -> str:
    """Return the hash that the next event names as its ``previous``: what ``sha256sum`` says of the line."""
    return sha256(line).hexdigest()


def event_of(values: Any, path: str) -> Event:
    """Return the event that a line's JSON says.

    Raises:
        Malformed: A member is missing, strange, or of another kind.
    """
    fields = Fields(values, _MEMBERS, path)
    fields.constant("@context", CONTEXT)
    inner = Fields(fields.mapping("object"), {"content", "id", "type"}, path)
    action, content = fields.text("type"), inner.mapping("content")
    if action not in _ACTIONS or (action == Action.DELETE and content):
        raise Malformed(
            say("{path}: an event creates, updates, or deletes without a content.", path=path), path
        )
    return Event(
        city=fields.city("actor"),
        sequence=fields.number("sequence"),
        action=Action(action),
        iri=inner.iri("id"),
        kind=inner.text("type"),
        content=content,
        published=fields.moment("published"),
        previous=fields.hash("previous"),
    )
