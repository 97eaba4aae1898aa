"""Opinion groups: reckoned again while people vote, never while somebody waits to vote.

A page has few votes reckoned at once when they are half a minute old; more are left to the worker. Both claim the
work first, so that it is done once, and both read and reckon outside any transaction.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Cast

from tandem.core.publication import Publication
from tandem.participation.domain.opinion.conversation import Conversation, State, update
from tandem.participation.domain.opinion.description import Tally, describe, priorities, tally
from tandem.participation.domain.opinion.votes import Votes
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import OpinionResult, Participant, Phase, PollStatement, PollVote
from tandem.participation.services.opinions import settings_of

PAUSE = timedelta(seconds=30)
MOST_AT_ONCE = 5_000
STILL_RECKONED = timedelta(days=1)
FEWEST_FOR_GROUPS = 10


# --- when ---------------------------------------------------------------------------------------
def latest(phase: Phase, *, now: datetime, whole: bool = False) -> OpinionResult | None:
    """Return the groups as last reckoned; None before the first time.

    Reckoned anew where votes have come since and there are so few that nobody notices. At most two queries unless
    it is reckoned.

    Args:
        whole: Whether what the next reckoning begins from is loaded too, as ``group_of`` needs it.
    """
    rows = OpinionResult.objects.filter(phase=phase)
    kept = (rows if whole else rows.defer("state")).first()
    if kept and (now - kept.computed_at < PAUSE or kept.votes > MOST_AT_ONCE):
        return _or_none(kept)
    votes, mark = _mark(phase)
    if not votes or votes > MOST_AT_ONCE or (kept and kept.mark == mark) or not _claim(phase, kept, now):
        return _or_none(kept)
    return reckon(phase, now=now)


def _or_none(kept: OpinionResult | None) -> OpinionResult | None:
    """Return a result; None where it is only claimed so far."""
    return kept if kept and kept.result else None


def bring_up_to_date(now: datetime) -> int:
    """Reckon every opinion map in which something has changed; return how many. For the worker, every half minute."""
    open_ones = Phase.objects.filter(
        Q(closes_at=None) | Q(closes_at__gt=now - STILL_RECKONED),
        kind=PhaseKind.OPINION_MAP,
        opens_at__lte=now,
        process__status=Publication.PUBLISHED,
    )
    count = 0
    for phase in open_ones.select_related("opinion_result"):
        kept: OpinionResult | None = getattr(phase, "opinion_result", None)
        if kept and now - kept.computed_at < PAUSE:
            continue
        votes, mark = _mark(phase)
        if votes and not (kept and kept.mark == mark) and _claim(phase, kept, now):
            reckon(phase, now=now)
            count += 1
    return count


def _mark(phase: Phase) -> tuple[int, str]:
    """Return how many votes there are, and what stands for everything that a result is made of. One query."""
    votes = PollVote.objects.filter(phase=OuterRef("pk")).order_by().values("phase")
    admitted = PollStatement.objects.filter(phase=OuterRef("pk"), state="admitted").order_by().values("phase")
    found = Phase.objects.filter(pk=phase.pk).values_list(
        Subquery(votes.annotate(count=Count("pk")).values("count")),
        Subquery(votes.annotate(last=Max("at")).values("last")),
        Subquery(admitted.annotate(count=Count("pk")).values("count")),
    )
    count, last, statements = found.get()
    moment = last.isoformat() if last else ""
    return count or 0, f"{count}/{moment}/{statements}/{settings_of(phase).smallest_group}"


def _claim(phase: Phase, kept: OpinionResult | None, now: datetime) -> bool:
    """Return whether this caller is to reckon; another one at the same time is told no."""
    if kept is not None:
        mine = OpinionResult.objects.filter(pk=kept.pk, computed_at=kept.computed_at)
        return bool(mine.update(computed_at=now))
    try:
        with transaction.atomic():
            OpinionResult.objects.create(phase=phase, computed_at=now)
    except IntegrityError:
        return False
    return True


# --- what ---------------------------------------------------------------------------------------
def votes_of(phase: Phase) -> Votes:
    """Return all votes on admitted statements, in the order of time. Participants are named by their id's digits."""
    admitted = phase.poll_statements.filter(state="admitted").values_list("number", flat=True)
    rows = PollVote.objects.filter(phase=phase, statement__state="admitted").order_by("at", "id")
    # as text: to make hundreds of thousands of UUIDs takes longer than everything else
    who = Cast("participant_id", CharField())
    cast = rows.values_list(who, Cast("statement__number", CharField()), "value").iterator(chunk_size=10_000)
    return Votes.of(
        ((name.replace("-", ""), number, value) for name, number, value in cast),
        [str(each) for each in admitted],
    )


def state_of(phase: Phase) -> State | None:
    """Return what a reckoning begins from; None before the first."""
    kept = OpinionResult.objects.filter(phase=phase).values_list("state", flat=True).first()
    return State.from_json(kept) if kept else None


def reckon(phase: Phase, *, now: datetime) -> OpinionResult:
    """Reckon the groups from where they were the last time, and keep what pages show of them."""
    count, mark = _mark(phase)
    votes = votes_of(phase)
    found = update(votes, state_of(phase))
    row, _is_new = OpinionResult.objects.update_or_create(
        phase=phase,
        defaults={
            "votes": count,
            "mark": mark,
            "state": found.state.as_json(),
            "result": _told(found, smallest=settings_of(phase).smallest_group),
            "computed_at": now,
        },
    )
    return row


def _told(found: Conversation, *, smallest: int) -> dict[str, Any]:
    """Return what may be shown: nothing that fewer than ``smallest`` people stand behind."""
    told, votes = describe(found, smallest_group=smallest), found.votes
    whole = dict(zip(votes.statements, tally(votes.values), strict=True))
    enough = told.counted >= smallest
    groups = [
        {"size": each.size, "telling": [asdict(one) for one in each.telling if _can_be_told(one, smallest)]}
        for each in told.groups
    ]
    described = {number for number, each in enumerate(told.groups) if each.size is not None}
    return {
        "people": told.people,
        "counted": told.counted,
        "votes": told.votes,
        "enough": enough,
        "clear": told.clear,
        "why": "" if told.clear else "few" if told.counted < FEWEST_FOR_GROUPS else "chance",
        "groups": groups,
        "uniting": [asdict(each) for each in told.uniting if enough and each.all.seen >= smallest],
        "dividing": [each for each in told.dividing if enough and whole[each].seen >= smallest],
        "tallies": {key: _shown(each) for key, each in whole.items() if each.seen >= smallest},
        "weights": dict(priorities(found)),
        "places": _places(found, described) if enough else [],
    }


def _can_be_told(one: Any, smallest: int) -> bool:
    return one.inside.seen >= smallest and (one.outside.seen >= smallest or not one.outside.seen)


def _shown(one: Tally) -> list[int]:
    return [one.agree, one.disagree, one.seen]


def _places(found: Conversation, described: Iterable[int]) -> list[list[float]]:
    """Return where people lie, those near each other as one place, and the group where it is described.

    In an order that says nothing about who came when.
    """
    row, shown = {name: place for place, name in enumerate(found.votes.participants)}, set(described)
    rows = []
    for members in found.state.small:
        people = [row[each] for each in members]
        x, y = found.places[people].mean(axis=0)
        group = int(found.group_of[people[0]])
        rows.append([round(float(x), 3), round(float(y), 3), len(people), group if group in shown else -1])
    return sorted(rows)


def group_of(kept: OpinionResult, participant: Participant | None) -> int | None:
    """Return the group in which somebody is, for their eyes only; None where they are in none that is described."""
    if participant is None or not kept.result.get("clear"):
        return None
    state = State.from_json(kept.state)
    small = next((place for place, each in enumerate(state.small) if participant.pk.hex in each), None)
    groups = state.groups.get(str(state.count), ())
    group = next((number for number, each in enumerate(groups) if small in each), None)
    is_described = group is not None and kept.result["groups"][group]["size"] is not None
    return group if is_described else None
