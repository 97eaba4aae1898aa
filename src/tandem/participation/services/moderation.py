"""Moderation: one queue for everything, notices, decisions with reasons, appeals. People decide, never a program."""

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, NotFound
from tandem.core.text import say
from tandem.participation.domain.moderation import (
    AGAINST,
    Measure,
    require_appealable,
    require_possible,
)
from tandem.participation.domain.receipt import receipt_number
from tandem.participation.domain.triage import fingerprint, triage
from tandem.participation.models import (
    Comment,
    Contribution,
    Decision,
    Notice,
    Participant,
    Phase,
    PollStatement,
    Process,
    QueueItem,
)
from tandem.participation.services import notifying

log = logging.getLogger(__name__)
MODELS: Mapping[str, Any] = {
    "contribution": Contribution,
    "comment": Comment,
    "poll-statement": PollStatement,
}
_PROCESS = {"contribution": "process", "comment": "contribution__process", "poll-statement": "phase__process"}
SHORTEST_REPEATED = 40
_URGENCY = ("triage", "admission", "notice", "appeal")


class SubjectGone(NotFound):
    """What was to be looked at is not there."""

    code = "participation.moderation.gone"

    def __init__(self) -> None:
        super().__init__(say("What this is about does not exist any more."))


class DecidedAlready(Conflict):
    """Another moderator was quicker."""

    code = "participation.moderation.decided"

    def __init__(self) -> None:
        super().__init__(
            say("Somebody has decided this already; your decision was not kept. Look at the next one.")
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item of the queue is about.

    Attributes:
        phase: In which it was written.
        path: Where it is shown, after the language.
    """

    kind: str
    row: Any
    phase: Phase
    title: str
    text: str
    author: Participant | None
    author_label: str
    path: str
    is_hidden: bool


# --- into the queue -----------------------------------------------------------------------------
def look_at(
    process: Process,
    subject_kind: str,
    subject_id: UUID,
    *,
    text: str,
    body: str = "",
    now: datetime,
    admission: bool = False,
) -> QueueItem | None:
    """Put something new into the queue if triage noticed something, or if it has to be admitted first.

    Nothing is hidden or refused by this: people decide.

    Args:
        subject_kind: ``contribution``, ``comment`` or ``poll-statement``.
        text: Everything that will be public of it.
        body: The part of it that is noticed where it comes again and again.
        admission: Whether it is not public before somebody admits it.

    Returns:
        The item, or None where nobody needs to look.
    """
    known = {fingerprint(text)} if _came_before(process, subject_kind, subject_id, body) else ()
    notes = triage(text, known=known)
    hints = [{"code": each.code.value, "start": each.start, "end": each.end} for each in notes]
    if not hints and not admission:
        return None
    return _open(process, subject_kind, subject_id, "admission" if admission else "triage", now, hints)


def _came_before(process: Process, kind: str, key: UUID, body: str) -> bool:
    """Return whether the same words were sent before in this process; what is as short as a thank-you is left out."""
    if len(body) < SHORTEST_REPEATED:
        return False
    same = MODELS[kind].objects.filter(**{_PROCESS[kind]: process}, text__iexact=body)
    return bool(same.exclude(pk=key).exists())


def _open(
    process: Process,
    subject_kind: str,
    subject_id: UUID,
    cause: str,
    now: datetime,
    hints: Sequence[Any] = (),
) -> QueueItem:
    """Return the open item of a subject, made if need be; the more pressing cause stays."""
    try:
        with transaction.atomic():
            return QueueItem.objects.create(
                process=process,
                subject_kind=subject_kind,
                subject_id=subject_id,
                cause=cause,
                hints=list(hints),
                opened_at=now,
            )
    except IntegrityError:  # somebody is to look at it already
        item = QueueItem.objects.get(subject_kind=subject_kind, subject_id=subject_id, closed_at=None)
    item.cause = max(item.cause, cause, key=_URGENCY.index)
    item.hints = list(hints) or item.hints
    item.save(update_fields=["cause", "hints"])
    return item


@transaction.atomic
def report(
    subject: Subject,
    *,
    ground: str,
    text: str,
    participant: Participant | None,
    now: datetime,
) -> Notice:
    """Take in a notice that something should not be here. The same person's second notice on it is the first.

    Args:
        participant: Who reports, where known: they hear of the decision.
    """
    process = process_of(subject)
    item = _open(process, subject.kind, subject.row.pk, "notice", now)
    if participant:
        known = Notice.objects.filter(item=item, participant=participant).first()
        if known:
            return known
    number = receipt_number("N", now.year, secrets.randbelow(899_999) + 100_000)
    return Notice.objects.create(
        item=item, number=number, reason=ground, text=text, participant=participant, at=now
    )


# --- what it is about ---------------------------------------------------------------------------
def process_of(subject: Subject) -> Process:
    """Return the process that something was written in."""
    row = subject.row
    holder = row.contribution if subject.kind == "comment" else row
    process: Process = holder.phase.process if subject.kind == "poll-statement" else holder.process
    return process


def subject(kind: str, key: UUID) -> Subject:
    """Return what somebody wrote.

    Raises:
        SubjectGone: There is no such thing.
    """
    found = subjects([(kind, key)])
    if not found:
        raise SubjectGone
    return found[kind, key]


def subjects(wanted: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], Subject]:
    """Return what items are about, by kind and id; at most one query for each kind."""
    keys: dict[str, list[UUID]] = {}
    for kind, key in wanted:
        keys.setdefault(kind, []).append(key)
    related = {
        "contribution": ("process", "phase__process", "participant__person"),
        "comment": ("contribution__process", "contribution__phase__process", "participant__person"),
        "poll-statement": ("phase__process", "participant__person"),
    }
    found = {}
    for kind, ids in keys.items():
        if kind in MODELS:
            for row in MODELS[kind].objects.select_related(*related[kind]).filter(pk__in=ids):
                found[kind, row.pk] = _subject(kind, row)
    return found


def _subject(kind: str, row: Any) -> Subject:
    phase = row.contribution.phase if kind == "comment" else row.phase
    if kind == "contribution":
        path, title, text = _path(row), row.title, f"{row.title}\n{row.text}\n{row.place}"
    elif kind == "comment":
        path, title, text = _path(row.contribution), row.contribution.title, row.text
    else:
        path, title, text = f"take-part/{row.phase.process.slug}/{row.phase.number}/", row.text, row.text
    hidden = row.state == "refused" if kind == "poll-statement" else row.hidden_at is not None
    return Subject(kind, row, phase, title, text, row.participant, row.author_label, path, hidden)


def _path(row: Contribution) -> str:
    return f"take-part/{row.process.slug}/{row.phase.number}/ideas/{row.number}/"


# --- decide -------------------------------------------------------------------------------------
@transaction.atomic
def decide(
    item: QueueItem, measure: Measure, *, ground: str, reasons: str, person: Person, now: datetime
) -> Decision:
    """Decide an item in one step: do it, keep why, tell the author and those who reported it.

    Raises:
        DecidedAlready: Somebody was quicker.
        NotPossible: The measure does not fit.
        SubjectGone: It does not exist any more.
    """
    measure = Measure(measure)
    require_possible(item.subject_kind, measure)
    about = subject(item.subject_kind, item.subject_id)
    if not QueueItem.objects.filter(pk=item.pk, closed_at=None).update(closed_at=now):
        raise DecidedAlready
    _carry_out(about, measure, now)
    made = Decision.objects.create(
        item=item, action=measure, reason=ground, reasons=reasons, author=about.author, by=person, at=now
    )
    if item.cause == "appeal":
        _answer_appeal(item, measure, reasons, now)
    audit.record(
        person,
        "participation.moderation.decide",
        process_of(about).iri,
        {"measure": measure, "ground": ground, "subject": f"{about.kind} {about.row.pk}"},
    )
    _tell(item, about, made, measure, now)
    return made


def _carry_out(about: Subject, measure: Measure, now: datetime) -> None:
    if about.kind == "poll-statement":
        states = {Measure.ADMIT: "admitted", Measure.REFUSE: "refused", Measure.BLOCK: "refused"}
        PollStatement.objects.filter(pk=about.row.pk).update(state=states[measure])
    elif measure in {Measure.HIDE, Measure.BLOCK}:
        _hide(about, now)
    elif measure is Measure.RESTORE:
        _restore(about, now)
    if measure is Measure.BLOCK and about.author:
        Participant.objects.filter(pk=about.author.pk, blocked_at=None).update(blocked_at=now)


def _hide(about: Subject, now: datetime) -> None:
    rows = MODELS[about.kind].objects.filter(pk=about.row.pk, hidden_at=None)
    if about.kind == "contribution":
        rows.update(hidden_at=now, changed_at=now)
    elif rows.update(hidden_at=now) and about.row.withdrawn_at is None:
        _count_comments(about.row, -1)


def _restore(about: Subject, now: datetime) -> None:
    rows = MODELS[about.kind].objects.filter(pk=about.row.pk, hidden_at__isnull=False)
    if about.kind == "contribution":
        rows.update(hidden_at=None, changed_at=now)
    elif rows.update(hidden_at=None) and about.row.withdrawn_at is None:
        _count_comments(about.row, 1)
    if about.author:
        Participant.objects.filter(pk=about.author.pk).update(blocked_at=None)


def _count_comments(comment: Comment, change: int) -> None:
    rows = Contribution.objects.filter(pk=comment.contribution_id)
    rows.update(comment_count=F("comment_count") + change)


def _answer_appeal(item: QueueItem, measure: Measure, reasons: str, now: datetime) -> None:
    """Keep what became of the open appeal about the same subject."""
    reversed_by = {Measure.RESTORE, Measure.ADMIT, Measure.KEEP}
    open_appeal = Decision.objects.filter(
        item__subject_kind=item.subject_kind,
        item__subject_id=item.subject_id,
        appealed_at__isnull=False,
        appeal_decided_at=None,
    )
    open_appeal.update(
        appeal_outcome="reversed" if measure in reversed_by else "upheld",
        appeal_answer=reasons,
        appeal_decided_at=now,
    )


def _tell(item: QueueItem, about: Subject, made: Decision, measure: Measure, now: datetime) -> None:
    """Tell the author where something was taken or given back, and everybody who reported it."""
    project = process_of(about).project
    if about.author and (measure in AGAINST or item.cause == "appeal"):
        notifying.notify(
            [about.author],
            said=say(
                "We have decided about what you wrote (“{title}”), and say why.", title=about.title[:80]
            ),
            path=f"take-part/decisions/{made.pk}/",
            project=project,
            now=now,
            urgent=True,
        )
    reporters = [
        each.participant for each in item.notices.select_related("participant__person") if each.participant
    ]
    notifying.notify(
        reporters,
        said=say("We have decided about “{title}”, which you reported.", title=about.title[:80]),
        path=about.path,
        project=project,
        now=now,
        urgent=True,
    )


@transaction.atomic
def appeal(made: Decision, text: str, *, now: datetime) -> None:
    """Let the author of something appeal against a decision; it comes back into the queue.

    Raises:
        NoAppeal: Nobody can appeal here, or not any more.
    """
    require_appealable(
        Measure(made.action), decided_at=made.at, appealed=made.appealed_at is not None, now=now
    )
    made.appeal, made.appealed_at = text, now
    made.save(update_fields=["appeal", "appealed_at"])
    item = made.item
    _open(item.process, item.subject_kind, item.subject_id, "appeal", now, item.hints)
