"""The opinion map: short statements, votes that can be changed until it closes, groups kept up to date."""

import io
import zipfile
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Max

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput, NotFound
from tandem.core.text import pick, say
from tandem.participation.adapters import polis
from tandem.participation.domain.opinion.conversation import Conversation, State, update
from tandem.participation.domain.opinion.description import describe, priorities, tally
from tandem.participation.domain.opinion.votes import Votes
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen, PhaseState
from tandem.participation.domain.phase_settings import OpinionSettings
from tandem.participation.models import OpinionResult, Participant, Phase, PollStatement, PollVote
from tandem.participation.services import moderation

ATTEMPTS = 20
STALE = timedelta(seconds=30)
ROWS = 2_000
DOTS = 2_000


class NoSuchStatement(NotFound):
    """There is no such statement to vote on."""

    code = "participation.opinion.no-statement"

    def __init__(self) -> None:
        super().__init__(say("This statement is not voted on. Load the page again."))


class BadStatement(InvalidInput):
    """A statement is empty or too long."""

    code = "participation.opinion.bad-statement"


class HasVotes(Conflict):
    """Files can be brought in before anybody has voted only."""

    code = "participation.opinion.has-votes"

    def __init__(self) -> None:
        super().__init__(say("People have voted here already; files can only be brought in before that."))


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
) -> PollStatement:
    """Take a statement in. A citizen's waits until it is admitted, where the phase says so; the city's does not.

    Raises:
        BadStatement: It is empty or too long.
    """
    said, most = " ".join(text.split()), settings_of(phase).longest_text
    if not said or len(said) > most:
        raise BadStatement(
            say("A statement has 1 to {most} characters; this one has {count}.", most=most, count=len(said))
        )
    known = phase.poll_statements.filter(text__iexact=said).first()
    if known:
        return known
    waits = settings_of(phase).admit_first and person is None
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                number = (phase.poll_statements.aggregate(last=Max("number"))["last"] or 0) + 1
                row = PollStatement.objects.create(
                    phase=phase,
                    number=number,
                    text=said,
                    language=language,
                    participant=participant,
                    author_label=str(participant) if participant else "",
                    at=now,
                    state="waiting" if waits else "admitted",
                    is_seed=person is not None,
                )
                if person is None:
                    moderation.look_at(
                        phase.process, "poll-statement", row.pk, text=said, now=now, admission=waits
                    )
                else:
                    audit.record(person, "participation.opinion.seed", phase.process.iri, {"number": number})
                return row
        except IntegrityError:  # somebody took the number first
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


# --- votes --------------------------------------------------------------------------------------
def vote(phase: Phase, number: int, value: int, *, participant: Participant, now: datetime) -> None:
    """Keep what somebody thinks of a statement; until the map closes the last vote counts.

    Raises:
        PhaseNotOpen: It came too early or too late.
        NoSuchStatement: The statement is not voted on.
        BadStatement: The value is none of 1, 0, -1.
    """
    require_open(phase, now)
    if value not in (1, 0, -1):
        raise BadStatement(say("A vote is 1, 0 or -1, not {value}.", value=value))
    statement = phase.poll_statements.filter(number=number, state="admitted").first()
    if statement is None:
        raise NoSuchStatement
    with transaction.atomic():
        PollVote.objects.update_or_create(
            statement=statement, participant=participant, defaults={"phase": phase, "value": value, "at": now}
        )


def next_statement(phase: Phase, participant: Participant | None) -> tuple[PollStatement | None, int, int]:
    """Return the statement to ask about next, how many were answered, and how many there are."""
    rows = list(phase.poll_statements.filter(state="admitted"))
    answered: set[Any] = set()
    if participant is not None:
        mine = PollVote.objects.filter(phase=phase, participant=participant)
        answered = set(mine.values_list("statement", flat=True))
    left = [each for each in rows if each.pk not in answered]
    if not left:
        return None, len(rows), len(rows)
    kept = OpinionResult.objects.filter(phase=phase).values_list("result", flat=True).first() or {}
    wanted = kept.get("priorities", {})
    ordered = sorted(left, key=lambda each: (-wanted.get(str(each.number), 10.0), _mixed(each, participant)))
    return ordered[0], len(rows) - len(left), len(rows)


def _mixed(row: PollStatement, participant: Participant | None) -> int:
    """Return a place that is another one for everybody, and always the same for one."""
    return crc32(f"{participant.pk if participant else ''}/{row.number}".encode())


# --- groups -------------------------------------------------------------------------------------
def votes_of(phase: Phase) -> Votes:
    """Return all votes on admitted statements, in the order of time."""
    numbers = list(phase.poll_statements.filter(state="admitted").values_list("number", flat=True))
    rows = PollVote.objects.filter(phase=phase, statement__state="admitted").order_by("at", "id")
    cast = rows.values_list("participant_id", "statement__number", "value")
    return Votes.of(
        ((str(who), str(number), value) for who, number, value in cast.iterator()),
        [str(each) for each in numbers],
    )


def result_of(phase: Phase, *, now: datetime) -> OpinionResult | None:
    """Return the groups as last reckoned, reckoned anew where votes have come in since and it is a while ago."""
    count = PollVote.objects.filter(phase=phase, statement__state="admitted").count()
    kept = OpinionResult.objects.filter(phase=phase).first()
    if not count:
        return kept
    if kept and (kept.votes == count or now - kept.computed_at < STALE):
        return kept
    return reckon(phase, now=now)


@transaction.atomic
def reckon(phase: Phase, *, now: datetime) -> OpinionResult:
    """Reckon the groups from where they were the last time, and keep what pages show of them."""
    kept = OpinionResult.objects.select_for_update().filter(phase=phase).first()
    votes = votes_of(phase)
    found = update(votes, State.from_json(kept.state) if kept else None)
    told = describe(found, smallest_group=settings_of(phase).smallest_group)
    result = {
        **asdict(told),
        "tallies": {
            key: [one.agree, one.disagree, one.seen]
            for key, one in zip(votes.statements, tally(votes.values), strict=True)
        },
        "priorities": dict(priorities(found)),
        "dots": _dots(found, clear=told.clear),
    }
    row, _is_new = OpinionResult.objects.update_or_create(
        phase=phase,
        defaults={
            "votes": int((~np.isnan(votes.values)).sum()),
            "state": found.state.as_json(),
            "result": result,
            "computed_at": now,
        },
    )
    return row


def _dots(found: Conversation, *, clear: bool) -> list[list[float]]:
    """Return where people lie, without saying who: places in a square of 100, and the group."""
    people = np.flatnonzero(found.counted & ~np.isnan(found.places[:, 0]))
    if not len(people):
        return []
    places = found.places[people]
    extent = max(1e-9, float(np.abs(places).max()))
    scaled = 50 + 45 * places / extent
    groups = found.group_of[people] if clear else np.zeros(len(people), dtype=np.int64)
    rows = sorted(
        [round(float(x), 1), round(float(y), 1), int(group)]
        for (x, y), group in zip(scaled, groups, strict=True)
    )
    return rows[:DOTS]  # sorted: the order says nothing about who came when


# --- Polis files --------------------------------------------------------------------------------
def export(phase: Phase) -> bytes:
    """Return the opinion map as Polis exports it, as a ZIP archive; participants are numbered anew."""
    rows = list(phase.poll_statements.all())
    votes = votes_of(phase)
    kept = OpinionResult.objects.filter(phase=phase).first()
    found = update(votes, State.from_json(kept.state) if kept else None)
    numbers = {name: str(place) for place, name in enumerate(votes.participants)}
    counts = dict(zip(votes.statements, tally(votes.values), strict=True))
    moderated = {"admitted": 1, "refused": -1, "waiting": 0}
    statements = [
        polis.PolisStatement(
            str(each.number),
            each.text,
            "",
            each.at,
            moderated[each.state],
            counts[str(each.number)].agree if str(each.number) in counts else 0,
            counts[str(each.number)].disagree if str(each.number) in counts else 0,
        )
        for each in rows
    ]
    cast = PollVote.objects.filter(phase=phase, statement__state="admitted").order_by("at", "id")
    lines = [
        polis.PolisVote(numbers[str(who)], str(number), value, at)
        for who, number, value, at in cast.values_list("participant_id", "statement__number", "value", "at")
    ]
    summary = {
        "topic": pick(phase.process.titles, "en"),
        "views": "",
        "voters": len(votes.participants),
        "voters-in-conv": int(found.counted.sum()),
        "commenters": len({each.participant_id for each in rows if each.participant_id}),
        "comments": len(rows),
        "groups": found.group_count,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("comments.csv", polis.write_comments(statements))
        files.writestr("votes.csv", polis.write_votes(lines))
        ids = [numbers[each] for each in votes.participants]
        files.writestr(
            "participants-votes.csv",
            polis.write_participants(ids, votes.statements, votes.values, found.group_of.tolist()),
        )
        files.writestr("summary.csv", polis.write_summary(summary))
    return target.getvalue()


@transaction.atomic
def bring_in(
    phase: Phase,
    statements: list[polis.PolisStatement],
    votes: list[polis.PolisVote],
    *,
    language: str,
    person: Person | None,
    now: datetime,
) -> int:
    """Fill an opinion map with statements and votes of another one; return how many votes there were.

    Each voter becomes a guest of whom nothing is known.

    Raises:
        HasVotes: Somebody has voted here.
    """
    if PollVote.objects.filter(phase=phase).exists():
        raise HasVotes
    PollStatement.objects.filter(phase=phase).delete()
    states = {1: "admitted", -1: "refused"}
    rows = {
        each.id: PollStatement(
            phase=phase,
            number=number,
            text=each.text[:300],
            language=language,
            at=each.at or now,
            state=states.get(each.moderated, "admitted"),
            is_seed=True,
        )
        for number, each in enumerate(statements, start=1)
    }
    PollStatement.objects.bulk_create(rows.values(), ROWS)
    people = {each.voter: Participant(kind="guest", language=language) for each in votes}
    Participant.objects.bulk_create(people.values(), ROWS)
    last = {(each.voter, each.statement): each for each in votes if each.statement in rows}
    PollVote.objects.bulk_create(
        (
            PollVote(
                phase=phase,
                statement=rows[each.statement],
                participant=people[each.voter],
                value=each.value,
                at=each.at or now,
            )
            for each in last.values()
        ),
        ROWS,
    )
    audit.record(person, "participation.opinion.import", phase.process.iri, {"votes": len(last)})
    return len(last)
