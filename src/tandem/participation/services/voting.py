"""Voting on a budget: one ballot each, and nothing that joins a voter and a ballot.

A voter is known by a code from a letter, an account or a confirmed address. The register holds a keyed hash of that,
the ballots hold choices; neither names the other, and both are written in one transaction.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput, NotFound
from tandem.core.text import Sentence, say
from tandem.kit import installation
from tandem.participation.domain.budget.election import VoteType
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen, PhaseState
from tandem.participation.domain.phase_settings import VoteSettings
from tandem.participation.domain.voting_code import keyed_hash, new_batch, read_code
from tandem.participation.models import (
    CastBallot,
    Contribution,
    Participant,
    Phase,
    Process,
    VoterEntry,
    VotingCode,
)
from tandem.participation.services.participants import voter_key

KEY_FILE, KEY_BYTES = "voting-codes", 32
ROWS = 2_000
MOST_CODES = 200_000


class AlreadyVoted(Conflict):
    """Somebody has voted before."""

    code = "participation.already-voted"

    def __init__(self) -> None:
        super().__init__(say("A vote has been cast with this already. It counts; nothing was changed."))


class CodeUnknown(NotFound):
    """No letter had this code."""

    code = "participation.code-unknown"

    def __init__(self) -> None:
        super().__init__(say("This code is not of this vote. Please compare it with your letter."))


class BadBallot(InvalidInput):
    """A ballot does not follow the rule."""

    code = "participation.bad-ballot"


class SheetKnown(Conflict):
    """A paper ballot was entered before."""

    code = "participation.sheet-known"

    def __init__(self, sheet: str) -> None:
        super().__init__(say("Ballot {sheet} has been entered already; nothing was changed.", sheet=sheet))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a ballot says: numbers of proposals, and points where they are given."""

    choices: tuple[str, ...]
    points: tuple[int, ...] = field(default=())


def settings_of(phase: Phase) -> VoteSettings:
    """Return what is set in a phase of voting."""
    return VoteSettings.from_json(phase.settings)


def proposals(process: Process) -> list[Contribution]:
    """Return what can be voted on: the proposals that can be done, with their costs."""
    rows = Contribution.objects.filter(
        process=process,
        kind="proposal",
        feasible=True,
        cost_cents__isnull=False,
        hidden_at=None,
        withdrawn_at=None,
    )
    return list(rows.order_by("number"))


# --- codes --------------------------------------------------------------------------------------
def _key() -> bytes:
    """Return the key of all codes: a file beside the other keys, so that the database alone tells no code."""
    file = installation.folder("keys") / KEY_FILE
    if not file.exists():
        file.touch(0o600)
        file.write_bytes(secrets.token_bytes(KEY_BYTES))
    return file.read_bytes()


def _digest(phase: Phase, typed: str) -> str:
    return keyed_hash(read_code(typed), key=_key(), vote=str(phase.pk))


@transaction.atomic
def make_codes(phase: Phase, count: int, *, batch: str, person: Person) -> Sequence[str]:
    """Return new codes for letters. They are kept as hashes only: nobody can ask for them again.

    Args:
        count: At most ``MOST_CODES``.
        batch: What they are printed for.

    Raises:
        BadBallot: The count is not between 1 and ``MOST_CODES``.
    """
    if not 1 <= count <= MOST_CODES:
        raise BadBallot(say("Between 1 and {most} codes can be made at a time.", most=MOST_CODES))
    made = new_batch(count, random_bytes=secrets.token_bytes, key=_key(), vote=str(phase.pk))
    rows = [VotingCode(phase=phase, digest=digest, batch=batch) for digest in made.stored]
    VotingCode.objects.bulk_create(rows, ROWS)
    audit.record(person, "participation.codes.make", phase.process.iri, {"count": count, "batch": batch})
    return made.codes


@transaction.atomic
def revoke_codes(phase: Phase, batch: str, *, person: Person, now: datetime) -> int:
    """Make the unused codes of a batch worthless; return how many there were."""
    rows = VotingCode.objects.filter(phase=phase, batch=batch, used_on=None, revoked_at=None)
    gone = rows.update(revoked_at=now)
    audit.record(person, "participation.codes.revoke", phase.process.iri, {"count": gone, "batch": batch})
    return gone


def check_code(phase: Phase, typed: str) -> None:
    """Do nothing where a code can still be used.

    Raises:
        UnreadableCode: There is a slip in it.
        CodeUnknown: No letter of this vote had it, or it was revoked.
        AlreadyVoted: It was used.
    """
    row = VotingCode.objects.filter(phase=phase, digest=_digest(phase, typed)).first()
    if row is None or row.revoked_at is not None:
        raise CodeUnknown
    if row.used_on is not None:
        raise AlreadyVoted


# --- the ballot ---------------------------------------------------------------------------------
def check_choice(phase: Phase, choice: Choice, possible: Sequence[Contribution]) -> None:
    """Do nothing where a ballot follows the rule.

    Raises:
        BadBallot: It is empty, names something twice or something that is not voted on, names too many, or gives
            out another number of points than there are.
    """
    problem = _problem(choice, settings_of(phase), {str(each.number) for each in possible})
    if problem:
        raise BadBallot(problem)


def _problem(choice: Choice, rule: VoteSettings, known: set[str]) -> Sentence | None:
    count = len(choice.choices)
    if not count:
        return say("Choose at least one proposal.")
    if len(set(choice.choices)) < count or not set(choice.choices) <= known:
        return say("A proposal is named twice, or is not voted on. Load the page again.")
    most = 1 if rule.vote_type == VoteType.CHOOSE_ONE else rule.most_choices or len(known)
    if count > most:
        return say("You have chosen {count}; {most} are possible.", count=count, most=most)
    if rule.vote_type == VoteType.CUMULATIVE:
        given = sum(choice.points)
        if len(choice.points) != count or min(choice.points) < 1 or given > rule.points:
            return say("You have given {given} points; {most} are possible.", given=given, most=rule.points)
    elif choice.points:
        return say("There are no points in this vote.")
    return None


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
    check_choice(phase, choice, proposals(phase.process))
    with transaction.atomic():
        key = _use_code(phase, code, now) if code else _key_of(phase, participant)
        _enter(phase, key)
        _put(phase, choice, now)


def _key_of(phase: Phase, participant: Participant | None) -> str:
    assert participant is not None  # noqa: S101 - either a code or a participant
    return voter_key(phase, "participant", participant.pk)


def _use_code(phase: Phase, code: str, now: datetime) -> str:
    digest = _digest(phase, code)
    unused = VotingCode.objects.filter(phase=phase, digest=digest, used_on=None, revoked_at=None)
    if not unused.update(used_on=timezone.localdate(now)):
        known = VotingCode.objects.filter(phase=phase, digest=digest, revoked_at=None).exists()
        raise AlreadyVoted if known else CodeUnknown
    return voter_key(phase, "code", digest)


def _enter(phase: Phase, key: str) -> None:
    try:
        with transaction.atomic():
            VoterEntry.objects.create(phase=phase, key=key)
    except IntegrityError as error:
        raise AlreadyVoted from error


def _put(phase: Phase, choice: Choice, now: datetime) -> None:
    CastBallot.objects.create(
        phase=phase,
        choices=list(choice.choices),
        points=list(choice.points),
        cast_on=timezone.localdate(now),
    )


@transaction.atomic
def record_paper(
    phase: Phase, choice: Choice, *, sheet: str, person: Person, now: datetime, code: str = ""
) -> None:
    """Count a ballot that came on paper; its code, where it has one, cannot be used again.

    Raises:
        SheetKnown: A ballot of that number was entered before.
        BadBallot: It does not follow the rule.
        AlreadyVoted: Its code was used.
    """
    check_choice(phase, choice, proposals(phase.process))
    if code:
        _enter(phase, _use_code(phase, code, now))
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
    audit.record(person, "participation.ballot.record", phase.process.iri, {"sheet": sheet})


def counts_of_codes(phase: Phase) -> list[Mapping[str, int | str]]:
    """Return how many codes of each batch there are, were used and were revoked."""
    found: dict[str, dict[str, int | str]] = {}
    rows = VotingCode.objects.filter(phase=phase).values_list("batch", "used_on", "revoked_at")
    for batch, used_on, revoked_at in rows.iterator():
        entry = found.setdefault(batch, {"batch": batch, "made": 0, "used": 0, "revoked": 0})
        for name, counts in (
            ("made", True),
            ("used", used_on is not None),
            ("revoked", revoked_at is not None),
        ):
            entry[name] = int(entry[name]) + int(counts)
    return [found[batch] for batch in sorted(found)]
