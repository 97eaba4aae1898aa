"""Opinion maps as files: Polis' export out and in, and a table of statements for everybody."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.text import pick, say
from tandem.participation.adapters import polis
from tandem.participation.domain.opinion.conversation import Conversation, update
from tandem.participation.domain.opinion.description import tally
from tandem.participation.models import Participant, Phase, PollStatement, PollVote
from tandem.participation.services.opinion_results import state_of, votes_of
from tandem.participation.services.opinions import HasVotes

ROWS = 2_000
LONGEST = 300
MODERATED = {"admitted": 1, "refused": -1, "waiting": 0}
STATES = {1: "admitted", 0: "admitted", -1: "refused"}


# --- out ----------------------------------------------------------------------------------------
def export(phase: Phase) -> bytes:
    """Return an opinion map as Polis exports it, as a ZIP archive. Participants are numbered anew, without authors."""
    votes = votes_of(phase)
    found = update(votes, state_of(phase))
    numbers = {name: str(place) for place, name in enumerate(votes.participants)}
    rows = list(phase.poll_statements.all())
    files = {
        "comments.csv": polis.write_comments(_statements(rows, found)),
        "votes.csv": polis.write_votes(_votes(phase, numbers)),
        "participants-votes.csv": polis.write_participants(
            list(numbers.values()), votes.statements, votes.values, found.group_of.tolist()
        ),
        "summary.csv": polis.write_summary(_summary(phase, rows, found)),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _statements(rows: Sequence[PollStatement], found: Conversation) -> Iterator[polis.PolisStatement]:
    counts = dict(zip(found.votes.statements, tally(found.votes.values), strict=True))
    for each in rows:
        one = counts.get(str(each.number))
        agrees, disagrees = (one.agree, one.disagree) if one else (0, 0)
        state = MODERATED[each.state]
        yield polis.PolisStatement(str(each.number), each.text, "", each.at, state, agrees, disagrees)


def _votes(phase: Phase, numbers: Mapping[str, str]) -> Iterator[polis.PolisVote]:
    cast = PollVote.objects.filter(phase=phase, statement__state="admitted").order_by("at", "id")
    for who, number, value, at in cast.values_list("participant_id", "statement__number", "value", "at"):
        yield polis.PolisVote(numbers[who.hex], str(number), value, at)


def _summary(phase: Phase, rows: Sequence[PollStatement], found: Conversation) -> dict[str, Any]:
    return {
        "topic": pick(phase.process.titles, "en"),
        "voters": len(found.votes.participants),
        "voters-in-conv": int(found.counted.sum()),
        "commenters": len({each.participant_id for each in rows if each.participant_id}),
        "comments": len(rows),
        "groups": found.group_count,
    }


# --- in -----------------------------------------------------------------------------------------
@transaction.atomic
def bring_in(
    phase: Phase,
    statements: Sequence[polis.PolisStatement],
    votes: Sequence[polis.PolisVote],
    *,
    language: str,
    person: Person | None,
    now: datetime,
) -> int:
    """Fill an opinion map with statements and votes of another one; return how many votes there were.

    Each voter becomes a guest of whom nothing is known. Statements of the map so far are replaced.

    Raises:
        HasVotes: Somebody has voted here.
    """
    if PollVote.objects.filter(phase=phase).exists():
        raise HasVotes(say("People have voted here already; files can only be brought in before that."))
    phase.poll_statements.all().delete()
    rows = _rows(phase, statements, language, now)
    PollStatement.objects.bulk_create(rows.values(), ROWS)
    voters = dict.fromkeys(each.voter for each in votes)
    people = {voter: Participant(kind="guest", language=language) for voter in voters}
    Participant.objects.bulk_create(people.values(), ROWS)
    last = {(each.voter, each.statement): each for each in votes if each.statement in rows}
    PollVote.objects.bulk_create(
        (
            PollVote(
                phase_id=phase.pk,
                statement_id=rows[each.statement].pk,
                participant_id=people[each.voter].pk,
                value=each.value,
                at=each.at or now,
            )
            for each in last.values()
        ),
        ROWS,
    )
    audit.record(person, "participation.opinion.import", phase.process.iri, {"votes": len(last)})
    return len(last)


def _rows(
    phase: Phase, statements: Sequence[polis.PolisStatement], language: str, now: datetime
) -> dict[str, PollStatement]:
    """Return statements by Polis' id, numbered from 1 in the order of those ids."""
    ordered = sorted(statements, key=lambda each: (len(each.id), each.id))
    return {
        each.id: PollStatement(
            phase=phase,
            number=number,
            text=each.text[:LONGEST],
            language=language,
            at=each.at or now,
            state=STATES.get(each.moderated, "admitted"),
            is_seed=True,
        )
        for number, each in enumerate(ordered, start=1)
    }


# --- a table ------------------------------------------------------------------------------------
def table(phase: Phase, result: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Yield number, text, language, agrees, disagrees, passes of each statement that is voted on.

    Args:
        result: As kept; numbers that very few people stand behind are not in it.
    """
    tallies = result.get("tallies", {})
    for each in phase.poll_statements.filter(state="admitted"):
        agree, disagree, seen = tallies.get(str(each.number), (None, None, None))
        passed = None if seen is None else seen - agree - disagree
        yield [each.number, each.text, each.language, agree, disagree, passed]
