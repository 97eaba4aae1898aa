"""Voting on a budget: one ballot each, and nothing that joins a voter and a ballot.

A voter is known by a code from a letter, an account or a confirmed address. The register holds a keyed hash of that,
the ballots hold choices; neither names the other, and both are written in one transaction.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput
from tandem.core.findings import Finding
from tandem.core.text import Sentence, say
from tandem.participation.domain.budget.election import VoteType
from tandem.participation.domain.paper_ballots import PaperBallot, finding_of
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen, PhaseState
from tandem.participation.domain.phase_settings import VoteSettings
from tandem.participation.domain.voting_code import UnreadableCode
from tandem.participation.models import CastBallot, Contribution, Participant, Phase, Process, VoterEntry
from tandem.participation.services.participants import voter_key
from tandem.participation.services.voting_codes import AlreadyVoted, CodeUnknown, use_code

ROWS = 2_000
AT_ONCE = 200


class BadBallot(InvalidInput):
    """A ballot does not follow the rule."""

    code = "participation.bad-ballot"


class SheetKnown(Conflict):
    """A paper ballot was entered before."""

    code = "participation.sheet-known"

    def __init__(self, sheet: str) -> None:
        super().__init__(say("Ballot {sheet} has been entered already; nothing was changed.", sheet=sheet))


class ResultPublic(Conflict):
    """The result is public: no ballot can be added to it."""

    code = "participation.result-public"

    def __init__(self) -> None:
        super().__init__(say("The result of this vote is public. No ballot can be added."))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a ballot says: numbers of proposals, and points where they are given."""

    choices: tuple[str, ...]
    points: tuple[int, ...] = field(default=())


def settings_of(phase: Phase) -> VoteSettings:
    """Return what is set in a phase of voting."""
    return VoteSettings.from_json(phase.settings)


def proposals(process: Process) -> list[Contribution]:
    """Return what can be voted on: the proposals that can be done, with their costs, by number."""
    rows = Contribution.objects.filter(
        process=process,
        kind="proposal",
        feasible=True,
        cost_cents__isnull=False,
        hidden_at=None,
        withdrawn_at=None,
    )
    return list(rows.select_related("phase").order_by("number"))


# --- what a ballot may say ----------------------------------------------------------------------
def check_choice(phase: Phase, choice: Choice, possible: Sequence[Contribution]) -> None:
    """Do nothing where a ballot follows the rule.

    Raises:
        BadBallot: It is empty, names something twice or something that is not voted on, names too many, or gives
            out more points than there are.
    """
    problem = _problem(choice, settings_of(phase), {str(each.number) for each in possible})
    if problem:
        raise BadBallot(problem)


def most_choices(rule: VoteSettings, possible: int) -> int:
    """Return how many proposals one ballot may name."""
    if rule.vote_type == VoteType.CHOOSE_ONE:
        return 1
    return min(rule.most_choices or possible, possible)


def _problem(choice: Choice, rule: VoteSettings, known: set[str]) -> Sentence | None:
    count, most = len(choice.choices), most_choices(rule, len(known))
    if not count:
        return say("Choose at least one proposal.")
    if len(set(choice.choices)) < count or not set(choice.choices) <= known:
        return say("A proposal is named twice, or is not voted on. Load the page again.")
    if count > most:
        return say("You have chosen {count}; {most} are possible.", count=count, most=most)
    if rule.vote_type != VoteType.CUMULATIVE:
        return say("There are no points in this vote.") if choice.points else None
    given = sum(choice.points)
    if len(choice.points) != count or min(choice.points) < 1:
        return say("Each proposal that you choose needs at least one point.")
    if given > rule.points:
        return say("You have given {given} points; {most} are possible.", given=given, most=rule.points)
    return None


# --- a ballot from the web ----------------------------------------------------------------------
def cast(
    phase: Phase, choice: Choice, *, now: datetime, code: str = "", participant: Participant | None = None
) -> None:
    """Count a ballot, once.

    The phase must be open at ``now``, the moment at which the ballot arrived.

    Args:
        code: From a letter; without one ``participant`` votes.

    Raises:
        PhaseNotOpen: It came too early or too late.
        BadBallot: It does not follow the rule.
        UnreadableCode: There is a slip in the code.
        CodeUnknown: No letter had it.
        AlreadyVoted: A vote was cast with the code, or by this participant.
    """
    if phase.phase_kind is not PhaseKind.BUDGET_VOTE or phase.state(now) is not PhaseState.OPEN:
        raise PhaseNotOpen(say("The vote is not open."), phase.state(now))
    with transaction.atomic():
        check_choice(phase, choice, proposals(phase.process))
        _enter(phase, use_code(phase, code, now) if code else _key_of(phase, participant))
        CastBallot.objects.create(
            phase=phase,
            choices=list(choice.choices),
            points=list(choice.points),
            cast_on=timezone.localdate(now),
        )


def has_voted(phase: Phase, participant: Participant | None) -> bool:
    """Return whether a participant has voted; who did so with a code is not known here."""
    if participant is None:
        return False
    return VoterEntry.objects.filter(phase=phase, key=_key_of(phase, participant)).exists()


def _key_of(phase: Phase, participant: Participant | None) -> str:
    assert participant is not None  # noqa: S101 - either a code or a participant
    return voter_key(phase, "participant", participant.pk)


def _enter(phase: Phase, key: str) -> None:
    try:
        with transaction.atomic():
            VoterEntry.objects.create(phase=phase, key=key)
    except IntegrityError as error:
        raise AlreadyVoted from error


# --- ballots from paper -------------------------------------------------------------------------
def record_paper(
    phase: Phase, choice: Choice, *, sheet: str, person: Person, now: datetime, code: str = ""
) -> None:
    """Count a ballot that came on paper; its code, where it has one, cannot be used again.

    Raises:
        SheetKnown: A ballot of that number was entered before.
        BadBallot: It does not follow the rule.
        UnreadableCode: There is a slip in its code.
        CodeUnknown: No letter had its code.
        AlreadyVoted: Its code was used.
        ResultPublic: The result is out.
    """
    require_countable(phase, now)
    with transaction.atomic():
        _put_paper(phase, choice, sheet, proposals(phase.process), person, now, code)
        audit.record(person, "participation.ballot.record", phase.process.iri, {"count": 1})


def require_countable(phase: Phase, now: datetime) -> None:
    """Do nothing where a paper ballot can be added: once the vote has begun, and until its result is public.

    Raises:
        PhaseNotOpen: The vote has not begun.
        ResultPublic: The result is out.
    """
    if phase.phase_kind is not PhaseKind.BUDGET_VOTE or phase.state(now) is PhaseState.PLANNED:
        raise PhaseNotOpen(say("The vote has not begun."), phase.state(now))
    if phase.results_published_at is not None:
        raise ResultPublic


def _put_paper(
    phase: Phase,
    choice: Choice,
    sheet: str,
    possible: Sequence[Contribution],
    person: Person,
    now: datetime,
    code: str,
) -> None:
    check_choice(phase, choice, possible)
    try:
        with transaction.atomic():
            CastBallot.objects.create(
                phase=phase,
                choices=list(choice.choices),
                points=list(choice.points),
                channel="paper",
                sheet=sheet,
                cast_on=timezone.localdate(now),
                recorded_by=person,
            )
    except IntegrityError as error:
        raise SheetKnown(sheet) from error
    if code:
        _enter(phase, use_code(phase, code, now))


def record_many(
    phase: Phase, ballots: Sequence[PaperBallot], *, person: Person, now: datetime
) -> tuple[int, list[Finding]]:
    """Count the ballots of a table; return how many were counted, and why each of the others was not.

    What was entered once is not entered again: the corrected table can be sent as a whole.

    Raises:
        PhaseNotOpen: The vote has not begun.
        ResultPublic: The result is out.
    """
    require_countable(phase, now)
    possible, counted, found = proposals(phase.process), 0, list[Finding]()
    for start in range(0, len(ballots), AT_ONCE):  # in short transactions: others vote meanwhile
        with transaction.atomic():
            for each in ballots[start : start + AT_ONCE]:
                problem = _try_paper(phase, each, possible, person, now)
                found.extend([finding_of(each.line, problem)] if problem else [])
                counted += not problem
    if counted:
        audit.record(person, "participation.ballot.record", phase.process.iri, {"count": counted})
    return counted, found


def _try_paper(
    phase: Phase, ballot: PaperBallot, possible: Sequence[Contribution], person: Person, now: datetime
) -> str:
    """Count a ballot; return why it cannot be counted, or nothing."""
    choice = Choice(ballot.choices, ballot.points)
    try:
        with transaction.atomic():
            _put_paper(phase, choice, ballot.sheet, possible, person, now, ballot.code)
    except (BadBallot, SheetKnown, UnreadableCode, CodeUnknown, AlreadyVoted) as error:
        return error.sentence
    return ""


# --- after the vote -----------------------------------------------------------------------------
@transaction.atomic
def mix(phase: Phase) -> None:
    """Write the ballots of a vote anew in an order by chance, under new ids.

    A database keeps rows in the order in which they came, and the register's too; once the vote is over, not even
    that leads from one to the other.
    """
    rows = list(CastBallot.objects.filter(phase=phase))
    random.SystemRandom().shuffle(rows)
    CastBallot.objects.filter(phase=phase).delete()
    for each in rows:
        each.pk = uuid4()
    CastBallot.objects.bulk_create(rows, ROWS)
