"""What the search knows: documents that rooms want found, kept in a table."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q

from tandem.kit.models import SearchEntry

BATCH = 2_000
_LOCK = 7_261_733


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What a room wants found.

    Attributes:
        uri: Its identity.
        titles: By language; so are ``texts`` and ``keywords``.
        path: Where its page is, after the language: ``data/baeume/``.
        facets: Values to narrow down by. ``room``, ``kind`` and ``city`` are facets without being named here.
        city: Id of the city that it is from.
        usefulness: How much it is worth to somebody who looks for it, 0 to 5: of documents that fit a query about as
            well, the more useful come first.
        terms: Values that programs select by (``select``); pages neither show nor count them.
        sort_keys: Texts that programs sort by.
        order: What ``select`` sorts by where nothing else is asked for, 0 to 2⁶⁴ - 1.
        created_at: When it was made; without it, it is as if it were made when it was changed.
    """

    uri: str
    room: str
    kind: str
    titles: Mapping[str, str]
    path: str
    updated_at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    city: str = ""
    usefulness: int = 0
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort_keys: Mapping[str, str] = field(default_factory=dict)
    order: int = 0
    created_at: datetime | None = None


@transaction.atomic
def put(documents: Iterable[SearchDocument]) -> None:
    """Let the search know documents, or their new state, once the caller's transaction is done."""
    _write({each.uri: _as_json(each) for each in documents})


@transaction.atomic
def remove(uris: Iterable[str]) -> None:
    """Let the search forget documents; those that it does not know are left out."""
    known = SearchEntry.objects.filter(uri__in=list(uris), document__isnull=False)
    _write(dict.fromkeys(known.values_list("uri", flat=True)))


def newest_revision() -> int:
    """Return the newest revision of the table, 0 where it is empty."""
    return int(SearchEntry.objects.aggregate(newest=Max("revision"))["newest"] or 0)


def changes_since(revision: int, *, room: str, limit: int = BATCH) -> list[tuple[int, str]]:
    """Return what changed after a revision, oldest first: (revision, uri), removed documents of any room included.

    For what follows the documents as the index does: asked again with the last revision until nothing comes.
    """
    rows = SearchEntry.objects.filter(revision__gt=revision).order_by("revision")
    rows = rows.filter(Q(document__isnull=True) | Q(document__room=room))
    return list(rows.values_list("revision", "uri")[:limit])


def _write(values: Mapping[str, dict[str, Any] | None]) -> None:
    """Write rows with new revisions, which become visible in their order.

    A revision is also a time, in nanoseconds: one that was rolled back never comes again.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    first = max(newest_revision() + 1, time.time_ns())
    rows = [
        SearchEntry(uri=uri, revision=revision, document=document)
        for revision, (uri, document) in enumerate(values.items(), start=first)
    ]
    SearchEntry.objects.bulk_create(
        rows, BATCH, update_conflicts=True, unique_fields=["uri"], update_fields=["revision", "document"]
    )


def _as_json(document: SearchDocument) -> dict[str, Any]:
    values = asdict(document)
    values["updated_at"] = document.updated_at.astimezone(UTC).isoformat()
    values["created_at"] = (document.created_at or document.updated_at).astimezone(UTC).isoformat()
    return values
