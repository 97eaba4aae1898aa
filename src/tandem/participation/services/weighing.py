"""Weighing: statements cut into segments, weighed, decided, replied to; equal letters at once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tandem.accounts.adapters import mail
from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.participation.domain import statement as steps
from tandem.participation.domain.mass import group_statements
from tandem.participation.domain.segments import Segmentation, Span, by_paragraph
from tandem.participation.domain.statement import (
    Decision,
    Outcome,
    Reply,
    Segment,
    Statement,
    Weighing,
)
from tandem.participation.models import Phase, PlanStatement

LONGEST_QUOTE = 300


# --- rows and values ----------------------------------------------------------------------------
def value_of(row: PlanStatement) -> Statement:
    """Return a statement as a value that steps can be taken with."""
    segments: tuple[Segment, ...] = ()
    if row.cuts is not None:
        spans = steps.spans_of(Segmentation(row.text, tuple(row.cuts)))
        segments = tuple(_segment(span, kept) for span, kept in zip(spans, row.segments, strict=True))
    return Statement(
        text=row.text,
        late=row.is_late,
        segments=segments,
        reply=_reply(row.reply),
        withdrawn_at=row.withdrawn_at,
    )


def _segment(span: Span, kept: dict[str, Any]) -> Segment:
    weighing, decision = kept.get("weighing"), kept.get("decision")
    return Segment(
        span,
        Weighing(
            Outcome(weighing["outcome"]),
            weighing["reasons"],
            weighing["by"],
            datetime.fromisoformat(weighing["at"]),
        )
        if weighing
        else None,
        Decision(
            Outcome(decision["outcome"]),
            decision["body"],
            date.fromisoformat(decision["decided_on"]),
            decision["resolution"],
        )
        if decision
        else None,
    )


def _reply(kept: dict[str, Any]) -> Reply | None:
    return Reply(kept["text"], datetime.fromisoformat(kept["at"]), kept["public"]) if kept else None


def _keep(row: PlanStatement, value: Statement) -> None:
    """Write back what a step has changed."""
    if value.segments:
        row.cuts = [each.span.start for each in value.segments[1:]]
        row.segments = [_segment_json(each) for each in value.segments]
    row.reply = _plain(value.reply) if value.reply else {}
    row.save(update_fields=["cuts", "segments", "reply"])


def _segment_json(segment: Segment) -> dict[str, Any]:
    parts = {"weighing": segment.weighing, "decision": segment.decision}
    return {name: _plain(part) for name, part in parts.items() if part}


def _plain(value: Any) -> dict[str, Any]:
    return {
        name: each.isoformat() if isinstance(each, date | datetime) else each
        for name, each in asdict(value).items()
    }


def _step(row: PlanStatement, change: Callable[[Statement], Statement]) -> PlanStatement:
    """Take one step with the newest state of a row, so that two at work do not undo each other."""
    with transaction.atomic():
        fresh = (
            PlanStatement.objects.select_for_update(of=("self",))
            .select_related("phase__process")
            .get(pk=row.pk)
        )
        _keep(fresh, change(value_of(fresh)))
    return fresh


# --- steps --------------------------------------------------------------------------------------
def begin(row: PlanStatement) -> PlanStatement:
    """Cut a statement by its paragraphs, to begin with.

    Raises:
        StepNotPossible: It is replied to or withdrawn.
    """
    return _step(row, lambda value: steps.segmented(value, by_paragraph(value.text)))


def cut(row: PlanStatement, at: int, *, together: bool = False) -> PlanStatement:
    """Cut a statement at a character, or put together what is cut there.

    Raises:
        BadSegments: There is no such place.
        StepNotPossible: A segment that is decided would change.
    """

    def change(value: Statement) -> Statement:
        now = Segmentation(value.text, tuple(each.span.start for each in value.segments[1:]))
        return steps.segmented(value, now.join(at) if together else now.cut(at))

    return _step(row, change)


def weigh(
    row: PlanStatement, segment: int, *, outcome: Outcome, reasons: str, person: Person, now: datetime
) -> PlanStatement:
    """Keep what the administration proposes for a segment.

    Raises:
        StepNotPossible: It is decided, or left out as late though it came in time.
        IncompleteStep: There are no reasons.
    """
    weighing = Weighing(outcome, reasons, person.pseudonym, now)
    done = _step(row, lambda value: steps.weighed(value, segment, weighing))
    audit.record(person, "participation.statement.weigh", row.phase.process.iri, {"number": row.number})
    return done


@transaction.atomic
def decide_as_proposed(
    phase: Phase, *, body: str, decided_on: date, resolution: str, person: Person, only: str = ""
) -> int:
    """Decide every weighed segment as it was proposed; return how many segments there were.

    Args:
        only: The number of the one statement that is meant; empty for all of the phase.

    Raises:
        IncompleteStep: No body is named.
    """
    rows = phase.statements.select_for_update().filter(
        withdrawn_at=None, **({"number": only} if only else {})
    )
    count = 0
    for row in rows:
        value = value_of(row)
        weighed = [
            number for number, each in enumerate(value.segments) if each.weighing and not each.decision
        ]
        if not weighed or value.reply is not None:
            continue
        for number in weighed:
            proposed = value.segments[number].weighing
            if proposed:
                decision = Decision(proposed.outcome, body, decided_on, resolution)
                value = steps.decided(value, number, decision)
        _keep(row, value)
        count += len(weighed)
    about = {"segments": count, "resolution": resolution, **({"number": only} if only else {})}
    audit.record(person, "participation.statement.decide", phase.process.iri, about)
    return count


def reopen(row: PlanStatement, segment: int, *, person: Person) -> PlanStatement:
    """Take the decision on a segment back.

    Raises:
        StepNotPossible: It is not decided, or the author was told.
    """
    done = _step(row, lambda value: steps.reopened(value, segment))
    audit.record(person, "participation.statement.reopen", row.phase.process.iri, {"number": row.number})
    return done


# --- replies ------------------------------------------------------------------------------------
def draft_reply(row: PlanStatement, *, outcome_texts: dict[Outcome, str], opening: str, closing: str) -> str:
    """Return a reply made of what was weighed and decided: each point, what came of it, and why."""
    value = value_of(row)
    parts = [opening]
    for number, each in enumerate(value.segments, start=1):
        if each.decision and each.weighing:
            said = _text_of(value, each).strip()
            shown = said if len(said) <= LONGEST_QUOTE else f"{said[:LONGEST_QUOTE].rstrip()} …"
            quoted = f"„{shown}“\n" if shown else ""
            parts.append(f"{number}. {quoted}{outcome_texts[each.decision.outcome]} {each.weighing.reasons}")
    return "\n\n".join([*parts, closing]).strip()


def reply(
    row: PlanStatement, text: str, *, person: Person, now: datetime, public: bool = False
) -> PlanStatement:
    """Keep the reply to a statement, and mail it where an address was given.

    Args:
        public: Given by making it open to inspection, as for many equal statements.

    Raises:
        StepNotPossible: A segment is not weighed or not decided.
        MailNotSent: The mail server did not take it; then nothing is kept.
    """
    with transaction.atomic():
        done = _step(row, lambda value: steps.replied(value, Reply(text, now, public)))
        audit.record(person, "participation.statement.reply", row.phase.process.iri, {"number": row.number})
        if done.author_email and not public:
            _mail_reply(done, text)
    return done


def reply_to_all(
    phase: Phase, *, draft: Callable[[PlanStatement], str], person: Person, now: datetime
) -> tuple[int, int]:
    """Reply to every statement that is decided; return how many were told, and to how many that was not possible.

    Each one counts by itself: a mail that the server does not take keeps no other from being sent.

    Args:
        draft: Makes the text of a reply.
    """
    told, failed = 0, 0
    for row in phase.statements.filter(withdrawn_at=None):
        row.phase = phase
        if steps.state_of(value_of(row)) is not steps.State.DECIDED:
            continue
        try:
            reply(row, draft(row), person=person, now=now)
        except TandemError:
            failed += 1
        else:
            told += 1
    return told, failed


def _mail_reply(row: PlanStatement, text: str) -> None:
    context = {"number": row.number, "text": text, "title": pick(row.phase.process.titles, row.language)}
    mail.send("participation/mail/reply", row.author_email, language=row.language, context=context)


# --- many ---------------------------------------------------------------------------------------
@transaction.atomic
def group(phase: Phase, *, person: Person) -> int:
    """Find the statements that are one letter, sent by many; return how many groups there are."""
    rows = {each.number: each for each in phase.statements.filter(withdrawn_at=None).order_by("sequence")}
    groups = group_statements((number, row.text) for number, row in rows.items())
    PlanStatement.objects.filter(phase=phase).update(model="")
    for each in groups:
        PlanStatement.objects.filter(phase=phase, number__in=each.members).update(model=each.model)
    audit.record(person, "participation.statement.group", phase.process.iri, {"groups": len(groups)})
    return len(groups)


@transaction.atomic
def weigh_like_model(phase: Phase, model: str, *, person: Person) -> int:
    """Give each letter of a group the weighing of its model, segment by equal segment; return how many letters.

    What somebody added to the letter stays unweighed, to be weighed on its own.
    """
    rows = phase.statements.select_for_update().filter(withdrawn_at=None)
    source = rows.get(number=model)
    value = value_of(source)
    known = {plain_text(_text_of(value, each)): each.weighing for each in value.segments if each.weighing}
    count = 0
    for row in rows.filter(model=model).exclude(number=model):
        count += _weigh_by(row, known)
    audit.record(
        person, "participation.statement.weigh", phase.process.iri, {"model": model, "letters": count}
    )
    return count


def _weigh_by(row: PlanStatement, known: Mapping[str, Weighing]) -> int:
    value = value_of(row)
    if value.reply is not None:
        return 0
    if not value.segments:
        value = steps.segmented(value, by_paragraph(value.text))
    for number, each in enumerate(value.segments):
        weighing = known.get(plain_text(_text_of(value, each)))
        if (
            weighing
            and not each.decision
            and not (weighing.outcome is Outcome.LEFT_OUT_LATE and not value.late)
        ):
            value = steps.weighed(value, number, weighing)
    _keep(row, value)
    return 1


def _text_of(value: Statement, segment: Segment) -> str:
    return value.text[segment.span.start : segment.span.end]


def plain_text(text: str) -> str:
    """Return a text as two letters are compared: without capitals and what spaces there are between words."""
    return " ".join(text.split()).casefold()
