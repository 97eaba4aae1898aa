"""The index of similar ideas: one for each process and kind, kept in memory and brought up to date when asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

from tandem.participation.domain.similarity import SimilarityIndex
from tandem.participation.models import Contribution

MOST_KEPT = 50
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Known:
    index: SimilarityIndex = field(default_factory=SimilarityIndex)
    until: datetime = _EVER
    lock: Lock = field(default_factory=Lock)


_known: dict[tuple[UUID, str], _Known] = {}
_guard = Lock()


def similar(process_id: UUID, kind: str, title: str, text: str, *, but: str | None = None) -> list[str]:
    """Return the ids of contributions that are like a text, the most alike first. One query.

    Args:
        but: The id of the text itself, where it is stored already.
    """
    known = _of(process_id, kind)
    with known.lock:
        _catch_up(known, process_id, kind)
        return [each.id for each in known.index.similar(title, text, but=but)]


def _of(process_id: UUID, kind: str) -> _Known:
    with _guard:
        if len(_known) >= MOST_KEPT and (process_id, kind) not in _known:
            _known.pop(next(iter(_known)))
        return _known.setdefault((process_id, kind), _Known())


def _catch_up(known: _Known, process_id: UUID, kind: str) -> None:
    """Take in what has changed. Those of the last moment are read again: a transaction may have ended late."""
    rows = Contribution.objects.filter(process=process_id, kind=kind, changed_at__gte=known.until)
    for row in rows.only("title", "text", "hidden_at", "withdrawn_at", "changed_at").order_by("changed_at"):
        if row.is_public:
            known.index.put(str(row.pk), row.title, row.text)
        else:
            known.index.remove(str(row.pk))
        known.until = row.changed_at
