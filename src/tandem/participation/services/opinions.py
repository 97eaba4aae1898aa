"""The opinion map: short statements, and votes on them that can be changed until it closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput, NotFound
from tandem.core.text import say
from tandem.participation.domain.opinion.votes import AGREE, DISAGREE, PASS
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen, PhaseState
from tandem.participation.domain.phase_settings import OpinionSettings
from tandem.participation.domain.poll_order import in_order
from tandem.participation.domain.similarity import SimilarityIndex
from tandem.participation.models import OpinionResult, Participant, Phase, PollSheet, PollStatement, PollVote
from tandem.participation.services import moderation

ATTEMPTS = 20
VALUES = (AGREE, PASS, DISAGREE)


class NoSuchStatement(NotFound):
    """There is no such statement to vote on."""

    code = "participation.opinion.no-statement"

    def __init__(self) -> None:
        super().__init__(say("This statement is not voted on. Load the page again."))


class BadStatement(InvalidInput):
    """A statement is empty or too long."""

    code = "participation.opinion.bad-statement"


class BadVote(InvalidInput):
    """A vote says none of what it can say."""

    code = "participation.opinion.bad-vote"


class SaidAlready(Conflict):
    """Somebody else has written the same words."""

    code = "participation.opinion.said-already"

    def __init__(self) -> None:
        super().__init__(say("Somebody has written the same already. Vote on it, or say it in another way."))


class HasVotes(Conflict):
    """Something cannot be done once people have voted."""

    code = "participation.opinion.has-votes"


class SheetKnown(Conflict):
    """A paper form was entered before."""

    code = "participation.opinion.sheet-known"

    def __init__(self, sheet: str) -> None:
        super().__init__(say("Form {sheet} has been entered already; nothing was changed.", sheet=sheet))


def settings_of(phase: Phase) -> OpinionSettings:
    """Return what is set in an opinion map."""
    return OpinionSettings.from_json(phase.settings)


def require_open(phase: Phase, now: datetime) -> None:
    """Do nothing while an opinion map is open.

    Raises:
        PhaseNotOpen: It is not.
    """
    if phase.phase_kind is not PhaseKind.OPINION_MAP or phase.state(now) is not PhaseState.OPEN:
        raise PhaseNotOpen(say("The opinion map is not open."), phase.state(now))


# --- statements ---------------------------------------------------------------------------------
def add_statement(
    phase: Phase,
    text: str,
    *,
    language: str,
    now: datetime,
    participant: Participant | None = None,
    person: Person | None = None,
    channel: str = "web",
) -> PollStatement:
    """Take a statement in; sent twice it counts once.

    A citizen's waits until it is admitted, where the phase says so, and its author agrees with it. The city's own is
    voted on at once.

    Args:
        participant: Its author.
        person: The member of staff who enters it.
        channel: ``web`` for the city's own; how it came, where staff enter it for somebody.

    Raises:
        PhaseNotOpen: A citizen's came too early or too late.
        BadStatement: It is empty or too long.
        SaidAlready: Somebody else has written the same.
    """
    if person is None:
        require_open(phase, now)
    said = " ".join(text.split())
    _check_length(phase, said)
    for attempt in range(ATTEMPTS):
        known = phase.poll_statements.filter(text__iexact=said).first()
        if known:
            return _known(known, participant, person)
        try:
            with transaction.atomic():
                return _create(phase, said, language, now, participant, person, channel)
        except IntegrityError:  # somebody took the number first, or sent the same at the same time
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _check_length(phase: Phase, said: str) -> None:
    most = settings_of(phase).longest_text
    if not said or len(said) > most:
        raise BadStatement(
            say("A statement has 1 to {most} characters; this one has {count}.", most=most, count=len(said))
        )


def _known(known: PollStatement, participant: Participant | None, person: Person | None) -> PollStatement:
    if person is None and (participant is None or known.participant_id != participant.pk):
        raise SaidAlready
    return known


def _create(
    phase: Phase,
    said: str,
    language: str,
    now: datetime,
    participant: Participant | None,
    person: Person | None,
    channel: str,
) -> PollStatement:
    waits = settings_of(phase).admit_first and person is None
    row = PollStatement.objects.create(
        phase=phase,
        number=(phase.poll_statements.aggregate(last=Max("number"))["last"] or 0) + 1,
        text=said,
        language=language,
        participant=participant,
        author_label=str(participant) if participant else "",
        channel=channel,
        at=now,
        state="waiting" if waits else "admitted",
        is_seed=person is not None and channel == "web",
    )
    if participant is not None:
        PollVote.objects.create(phase=phase, statement=row, participant=participant, value=AGREE, at=now)
    if person is None:
        moderation.look_at(phase.process, "poll-statement", row.pk, text=said, now=now, admission=waits)
    else:
        audit.record(person, "participation.opinion.seed", phase.process.iri, {"number": row.number})
    return row


@transaction.atomic
def remove_statement(phase: Phase, number: int, *, person: Person) -> None:
    """Take away a statement of the city that nobody has voted on.

    Raises:
        NoSuchStatement: There is no such statement of the city's.
        HasVotes: Somebody has voted on it: moderation can take it out, with reasons.
    """
    row = phase.poll_statements.select_for_update().filter(number=number, is_seed=True).first()
    if row is None:
        raise NoSuchStatement
    if row.votes.exists():
        raise HasVotes(say("People have voted on this statement. Only moderation can take it out now."))
    row.delete()
    audit.record(person, "participation.opinion.remove", phase.process.iri, {"number": number})


def similar_to(phase: Phase, text: str) -> list[PollStatement]:
    """Return statements that are voted on and like what somebody writes, the most alike first. One query."""
    rows = {str(each.pk): each for each in phase.poll_statements.filter(state="admitted")}
    index = SimilarityIndex((key, each.text, "") for key, each in rows.items())
    return [rows[each.id] for each in index.similar(text, "", least_alike_share=0.35)]


# --- votes --------------------------------------------------------------------------------------
def vote(phase: Phase, number: int, value: int, *, participant: Participant, now: datetime) -> None:
    """Keep what somebody thinks of a statement; until the map closes the last vote counts.

    One statement of SQL makes or changes the vote, so that two at the same time count once.

    Raises:
        PhaseNotOpen: It came too early or too late.
        NoSuchStatement: The statement is not voted on.
        BadVote: The value is none of 1, 0, -1.
    """
    require_open(phase, now)
    _check_value(value)
    statement = phase.poll_statements.filter(number=number, state="admitted").only("pk").first()
    if statement is None:
        raise NoSuchStatement
    _put([PollVote(phase=phase, statement=statement, participant=participant, value=value, at=now)])


def _check_value(value: int) -> None:
    if value not in VALUES:
        raise BadVote(say("A vote is 1, 0 or -1, not {value}.", value=value))


def _put(votes: Sequence[PollVote]) -> None:
    PollVote.objects.bulk_create(
        votes,
        update_conflicts=True,
        unique_fields=["statement", "participant"],
        update_fields=["value", "at"],
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Where somebody is.

    Attributes:
        statement: What to ask next; None where everything is answered.
        last: The statement that they voted on last, and how; None before the first vote.
    """

    statement: PollStatement | None
    answered: int
    total: int
    last: tuple[PollStatement, int] | None


def ask(phase: Phase, participant: Participant | None) -> Asked:
    """Return where somebody is, and what to ask next. Three queries at the most."""
    rows = {each.pk: each for each in phase.poll_statements.filter(state="admitted")}
    given = votes_by(phase, participant)
    answered = [(key, value) for key, value in given.items() if key in rows]
    last = (rows[answered[-1][0]], answered[-1][1]) if answered else None
    left = {str(row.number): row for key, row in rows.items() if key not in given}
    if not left:
        return Asked(None, len(answered), len(rows), last)
    kept = OpinionResult.objects.filter(phase=phase).values_list("result__weights", flat=True).first() or {}
    first = in_order(left, kept, who=str(participant.pk) if participant else "")[0]
    return Asked(left[first], len(answered), len(rows), last)


def votes_by(phase: Phase, participant: Participant | None) -> dict[UUID, int]:
    """Return somebody's votes by statement, the last one at the end."""
    if participant is None:
        return {}
    # sorted here: a database that is asked to sort may walk through everybody's votes in the order of time
    rows = PollVote.objects.filter(phase=phase, participant=participant).order_by()
    given = sorted(rows.values_list("at", "pk", "statement_id", "value"))
    return {statement: value for _at, _pk, statement, value in given}


# --- paper --------------------------------------------------------------------------------------
@transaction.atomic
def record_paper(
    phase: Phase, votes: dict[int, int], *, sheet: str, person: Person, now: datetime, language: str
) -> None:
    """Take in a form with votes that came on paper.

    Args:
        votes: By the number of the statement.
        sheet: The form's number.

    Raises:
        PhaseNotOpen: The opinion map has not begun.
        SheetKnown: A form of that number was entered before.
        NoSuchStatement: A statement is not voted on.
        BadVote: A value is none of 1, 0, -1.
    """
    if phase.phase_kind is not PhaseKind.OPINION_MAP or phase.state(now) is PhaseState.PLANNED:
        raise PhaseNotOpen(say("The opinion map has not begun."), phase.state(now))
    for value in votes.values():
        _check_value(value)
    rows = {each.number: each for each in phase.poll_statements.filter(number__in=votes, state="admitted")}
    if len(rows) < len(votes):
        raise NoSuchStatement
    someone = _from_paper(phase, sheet, language)
    _put(
        [
            PollVote(phase=phase, statement=rows[number], participant=someone, value=value, at=now)
            for number, value in votes.items()
        ]
    )
    audit.record(person, "participation.opinion.record", phase.process.iri, {"sheet": sheet})


def _from_paper(phase: Phase, sheet: str, language: str) -> Participant:
    """Return a guest for a paper form.

    Raises:
        SheetKnown: There is one already.
    """
    try:
        with transaction.atomic():
            made = Participant.objects.create(kind="guest", language=language)
            PollSheet.objects.create(phase=phase, participant=made, sheet=sheet)
    except IntegrityError as error:
        raise SheetKnown(sheet) from error
    return made
