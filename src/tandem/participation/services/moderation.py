"""Moderation: what somebody should look at, and what is decided about it."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tandem.participation.domain.triage import triage
from tandem.participation.models import Process, QueueItem


def look_at(
    process: Process,
    subject_kind: str,
    subject_id: UUID,
    *,
    text: str,
    now: datetime,
    admission: bool = False,
) -> QueueItem | None:
    """Put something new into the queue if triage noticed something, or if it has to be admitted first.

    Nothing is hidden or refused by this: people decide.

    Args:
        subject_kind: ``contribution``, ``comment`` or ``poll-statement``.
        text: Everything that will be public of it.
        admission: Whether it is not public before somebody admits it.

    Returns:
        The item, or None where nobody needs to look.
    """
    hints = [{"code": each.code.value, "start": each.start, "end": each.end} for each in triage(text)]
    if not hints and not admission:
        return None
    cause = "admission" if admission else "triage"
    try:
        with transaction.atomic():
            return QueueItem.objects.create(
                process=process,
                subject_kind=subject_kind,
                subject_id=subject_id,
                cause=cause,
                hints=hints,
                opened_at=now,
            )
    except IntegrityError:  # somebody is to look at it already
        return QueueItem.objects.get(subject_kind=subject_kind, subject_id=subject_id, closed_at=None)
