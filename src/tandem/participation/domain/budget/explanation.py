"""Why an allocation is as it is: who paid for what, why the others lost, and how many each voter got.

Codes and numbers only; pages and the JSON API find the words. Amounts of single voters are rounded floats in cents;
every decision they illustrate was made exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np

from tandem.participation.domain.budget.allocation import Allocation, Award, Stage, allocate
from tandem.participation.domain.budget.election import Election, with_merged_ballots
from tandem.participation.domain.budget.greedy import Look, greedy
from tandem.participation.domain.budget.ledger import Ledger, Payment, Spent, rounded
from tandem.participation.domain.budget.raising import Stop
from tandem.participation.domain.budget.rule import Method
from tandem.participation.domain.budget.support import Floats, Support, support

TYPES_SHOWN = 20


class Reason(StrEnum):
    """Why a proposal lost."""

    NO_VOTES = "no-votes"
    TOO_FEW_VOTES = "too-few-votes"  # fewer than the rule asks for
    BACKERS_SHORT = "backers-short"  # those who voted for it had not its cost left between them
    DOES_NOT_FIT = "does-not-fit"  # less was left of the budget than it costs


@dataclass(frozen=True, slots=True)
class Won:
    """A winner.

    Attributes:
        votes: Voters, points or Borda points, as the rule counts them.
        backers: Voters who voted for it.
        turn: From 1, in the order of winning.
        payment: None where nobody had to pay from a share of theirs.
    """

    proposal_id: str
    cost_cents: int
    votes: Fraction
    backers: int
    stage: Stage
    turn: int
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A proposal that did not win.

    Attributes:
        after_turn: Since when its backers could not pay it any more: the winner of that turn, 0 if they never could;
            None where that is not the reason.
        money_cents: What its backers had left between them then.
        missing_cents: What they were short of then.
        spent_on: The winners that its backers had given most for by then, the most first.
        budget_left_cents: What was left of the budget at the end, or when its turn came in a greedy method.
    """

    proposal_id: str
    cost_cents: int
    votes: Fraction
    backers: int
    reason: Reason
    budget_left_cents: int
    after_turn: int | None = None
    money_cents: float = 0.0
    missing_cents: float = 0.0
    spent_on: tuple[Spent, ...] = ()


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How many of the proposals they voted for each voter got, and by the greedy method.

    Attributes:
        by_number: How many voters got none, one, two, … of theirs.
        by_number_greedy: The same if the most votes had decided.
        more: Voters who got more of theirs than by the greedy method.
    """

    by_number: tuple[int, ...]
    by_number_greedy: tuple[int, ...]
    more: int
    same: int
    fewer: int
    greedy_winners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoterType:
    """Voters with the same ballot.

    Attributes:
        paid_cents: By each of them, out of the final share.
    """

    choices: tuple[str, ...]
    voters: int
    won: int
    won_greedy: int
    paid_cents: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an allocation is as it is.

    Attributes:
        overspending_cents: What the next step of Add1 would have cost; None where it did not end so.
        types: The commonest ballots, the commonest first.
    """

    voters: int
    budget_cents: int
    spent_cents: int
    share_cents: Fraction
    final_share_cents: Fraction
    stop: Stop
    overspending: tuple[str, ...]
    overspending_cents: int | None
    won: tuple[Won, ...]
    lost: tuple[Lost, ...]
    satisfaction: Satisfaction
    types: tuple[VoterType, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values; exact fractions become floats."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def explain(election: Election, allocation: Allocation) -> Explanation:
    """Return why ``allocation`` of ``election`` is as it is.

    Args:
        election: What was voted on.
        allocation: What ``allocate`` said of the same election.
    """
    election = with_merged_ballots(election)
    arrays = support(election, allocation.rule)
    index = {each.id: place for place, each in enumerate(election.proposals)}
    ledger = Ledger(arrays, allocation, index)
    costs = {each.id: each.cost_cents for each in election.proposals}
    next_step = sum(costs[each] for each in allocation.overspending)
    greedy_winners = _greedy_winners(election, allocation)
    satisfaction, types = _voters(election, arrays, allocation.winners, greedy_winners, ledger.paid)
    return Explanation(
        voters=arrays.voters,
        budget_cents=election.budget_cents,
        spent_cents=allocation.spent_cents,
        share_cents=allocation.share_cents,
        final_share_cents=allocation.final_share_cents,
        stop=allocation.stop,
        overspending=allocation.overspending,
        overspending_cents=next_step if allocation.stop is Stop.OVERSPENDS else None,
        won=tuple(_won(arrays, each, index[each.proposal_id], ledger.payments) for each in allocation.awards),
        lost=_all_lost(election, arrays, allocation, ledger),
        satisfaction=satisfaction,
        types=types,
    )


def _won(arrays: Support, award: Award, proposal: int, payments: Mapping[int, Payment]) -> Won:
    return Won(
        award.proposal_id,
        award.cost_cents,
        Fraction(arrays.votes[proposal], arrays.scale),
        arrays.backing_voters(proposal),
        award.stage,
        award.turn,
        payments.get(proposal),
    )


def _all_lost(
    election: Election, arrays: Support, allocation: Allocation, ledger: Ledger
) -> tuple[Lost, ...]:
    winners = set(allocation.winners)
    looks = {each.proposal: each for each in _looks(arrays, allocation, election)}
    return tuple(
        _lost(election, arrays, allocation, place, looks.get(place), ledger)
        for place, proposal in enumerate(election.proposals)
        if proposal.id not in winners
    )


def _looks(arrays: Support, allocation: Allocation, election: Election) -> Iterable[Look]:
    """Return the proposals as the greedy method, or the completion, came upon them."""
    rule = allocation.rule
    if rule.method is not Method.EQUAL_SHARES:
        return greedy(arrays, allocation.budget_cents, by_votes=rule.method is Method.MOST_VOTES)
    if not rule.completion:
        return ()
    before = {each.proposal_id for each in allocation.awards if each.stage is not Stage.GREEDY}
    already = [place for place, each in enumerate(election.proposals) if each.id in before]
    return greedy(arrays, allocation.budget_cents, already=already)


def _lost(
    election: Election,
    arrays: Support,
    allocation: Allocation,
    place: int,
    look: Look | None,
    ledger: Ledger,
) -> Lost:
    proposal = election.proposals[place]
    lost = Lost(
        proposal.id,
        proposal.cost_cents,
        Fraction(arrays.votes[place], arrays.scale),
        arrays.backing_voters(place),
        Reason.DOES_NOT_FIT,
        look.left_cents if look else allocation.budget_cents - allocation.spent_cents,
    )
    if place not in arrays.candidates:
        return replace(lost, reason=Reason.TOO_FEW_VOTES if arrays.votes[place] else Reason.NO_VOTES)
    if place not in ledger.fallen:
        return lost
    turn, money, spent_on = ledger.fallen[place]
    return replace(
        lost,
        reason=Reason.BACKERS_SHORT,
        after_turn=turn,
        money_cents=rounded(money),
        missing_cents=rounded(proposal.cost_cents - money),
        spent_on=spent_on,
    )


def _greedy_winners(election: Election, allocation: Allocation) -> tuple[str, ...]:
    """Return who would have won by the most votes, all other settings alike."""
    return allocate(election, replace(allocation.rule, method=Method.MOST_VOTES)).winners


def _voters(
    election: Election, arrays: Support, winners: Sequence[str], greedy_winners: Sequence[str], paid: Floats
) -> tuple[Satisfaction, tuple[VoterType, ...]]:
    ours, theirs = set(winners), set(greedy_winners)
    got = np.array([len(ours.intersection(each.choices)) for each in election.ballots], np.int64)
    got_greedy = np.array([len(theirs.intersection(each.choices)) for each in election.ballots], np.int64)
    voters = arrays.voters_of
    satisfaction = Satisfaction(
        by_number=_counted(got, voters),
        by_number_greedy=_counted(got_greedy, voters),
        more=int(voters[got > got_greedy].sum()),
        same=int(voters[got == got_greedy].sum()),
        fewer=int(voters[got < got_greedy].sum()),
        greedy_winners=tuple(greedy_winners),
    )
    # the ballots are in an order of their own, so that those of equal number are shown in the same order always
    commonest = np.argsort(-voters, kind="stable")[:TYPES_SHOWN].tolist()
    return satisfaction, tuple(
        VoterType(
            ballot.choices,
            ballot.voters,
            int(got[place]),
            int(got_greedy[place]),
            rounded(float(paid[place])),
        )
        for place, ballot in ((each, election.ballots[each]) for each in commonest)
    )


def _counted(numbers: np.ndarray[Any, np.dtype[np.int64]], voters: Floats) -> tuple[int, ...]:
    return tuple(int(each) for each in np.bincount(numbers, voters))


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, StrEnum) else value
