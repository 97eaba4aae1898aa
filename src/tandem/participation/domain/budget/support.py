"""Who backs what and how much, as arrays: all that the methods read of an election under a rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import lcm

import numpy as np
from numpy.typing import NDArray

from tandem.core.text import say
from tandem.participation.domain.budget.election import Ballot, Election, InvalidElection, Proposal
from tandem.participation.domain.budget.rule import Rule, TieKey, Utility

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_WORTH = 2**53  # whole numbers up to here are exact as floats, and so are sums that stay below


@dataclass(frozen=True, slots=True, eq=False)
class Backers:
    """The ballots that name a proposal.

    Attributes:
        ballots: Indices of ballots, shape ``(backers,)``.
        worth: What it is worth to one voter of each: ones, or whole points. Shape ``(backers,)``, or ``(1,)``
            where it is the same for all.
        kind: Which of the ``values`` each ``worth`` is; same shape.
        values: The different ``worth``, ascending.
    """

    ballots: Ints
    worth: Ints
    kind: Ints
    values: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """An election as arrays. Proposals are their index in the election.

    The utility of a proposal to a voter is ``worth × factor``: the factor is the cost for ``Utility.COST``, else 1.

    Attributes:
        voters_of: Voters of each ballot, floats holding whole numbers, shape ``(ballots,)``.
        votes: Of each proposal: total worth, so voters, points or Borda points; the points times ``scale``.
        scale: What the points were multiplied by to be whole.
        candidates: Proposals that can win: enough votes, and more than none.
        rank: Of each proposal in the published order of ties, all different.
    """

    voters: int
    costs_cents: tuple[int, ...]
    factors: tuple[int, ...]
    voters_of: Floats
    backers: tuple[Backers, ...]
    votes: tuple[int, ...]
    scale: int
    candidates: tuple[int, ...]
    rank: tuple[int, ...]

    def backing_voters(self, proposal: int) -> int:
        """Return how many voters back a proposal, whatever it is worth to them."""
        return int(self.voters_of[self.backers[proposal].ballots].sum())


def support(election: Election, rule: Rule) -> Support:
    """Return the arrays of an election.

    Raises:
        InvalidRule: The ballots do not say what the rule reads.
        InvalidElection: There are more than 2^53 points.
    """
    rule.require_fit(election.vote_type)
    ballots = election.ballots
    choices = [each.choices for each in ballots]
    lengths = np.fromiter(map(len, choices), np.int64, len(ballots))
    place = {each.id: index for index, each in enumerate(election.proposals)}
    named = np.fromiter(map(place.__getitem__, chain.from_iterable(choices)), np.int64, int(lengths.sum()))
    worth, scale = _worth(ballots, lengths, rule.utility)
    voters_of = [each.voters for each in ballots]
    _require_countable(sum(voters_of), worth)
    voters = np.array(voters_of, np.float64)
    backers = _backers(named, np.repeat(np.arange(len(ballots)), lengths), worth, len(place))
    votes = tuple(int((voters[each.ballots] * each.worth).sum()) for each in backers)
    costs = tuple(each.cost_cents for each in election.proposals)
    least = max(rule.least_votes * scale, 1)
    return Support(
        voters=sum(voters_of),
        costs_cents=costs,
        factors=costs if rule.utility is Utility.COST else (1,) * len(costs),
        voters_of=voters,
        backers=backers,
        votes=votes,
        scale=scale,
        candidates=tuple(index for index, count in enumerate(votes) if count >= least),
        rank=_rank(election.proposals, votes, rule.ties),
    )


def _worth(ballots: Sequence[Ballot], lengths: Ints, utility: Utility) -> tuple[Ints | None, int]:
    """Return the worth of every choice of every ballot, None for ones; and what points were multiplied by."""
    if utility is Utility.POINTS:
        return _whole_points([points for each in ballots for points in each.points])
    if utility is Utility.BORDA:
        begins = np.repeat(np.cumsum(lengths) - lengths, lengths)
        return np.repeat(lengths, lengths) - (np.arange(lengths.sum()) - begins), 1
    return None, 1


def _whole_points(points: Sequence[int | Fraction]) -> tuple[Ints, int]:
    scale = lcm(1, *{each.denominator for each in points})
    whole = [int(each * scale) for each in points]
    _require_below(max(whole, default=0))
    return np.array(whole, np.int64), scale


def _require_countable(voters: int, worth: Ints | None) -> None:
    """Make sure that every sum of worth over voters is exact in floats."""
    most_each = 1 if worth is None or not worth.size else int(worth.max())
    _require_below(voters * most_each)


def _require_below(total: int) -> None:
    if total >= MOST_WORTH:
        raise InvalidElection(
            say("There are too many points to count exactly. Give fewer points per ballot.")
        )


def _backers(named: Ints, ballots: Ints, worth: Ints | None, proposals: int) -> tuple[Backers, ...]:
    order = np.argsort(
        named.astype(np.int16) if proposals < 2**15 else named, kind="stable"
    )  # short ones sort quicker
    ends = np.cumsum(np.bincount(named, minlength=proposals))[:-1]
    worths = [None] * proposals if worth is None else np.split(worth[order], ends)
    return tuple(
        _backers_of(*each)
        for each in zip(np.split(ballots[order], ends) if proposals else (), worths, strict=True)
    )


def _backers_of(ballots: Ints, worth: Ints | None) -> Backers:
    if worth is None:
        one = np.ones(1, np.int64)
        return Backers(ballots, one, np.zeros(1, np.int64), one)
    values, kind = np.unique(worth, return_inverse=True)
    return Backers(ballots, worth, kind, values)


def _rank(proposals: Sequence[Proposal], votes: Sequence[int], ties: Sequence[TieKey]) -> tuple[int, ...]:
    keys: dict[TieKey, Callable[[int], int | str]] = {
        TieKey.MORE_VOTES: lambda index: -votes[index],
        TieKey.LOWER_COST: lambda index: proposals[index].cost_cents,
        TieKey.HIGHER_COST: lambda index: -proposals[index].cost_cents,
        TieKey.ID: lambda index: proposals[index].id,
    }
    asked = (*ties, TieKey.ID)
    order = sorted(range(len(proposals)), key=lambda index: tuple(keys[key](index) for key in asked))
    rank = [0] * len(proposals)
    for place, index in enumerate(order):
        rank[index] = place
    return tuple(rank)
