"""The greedy method: one proposal after the other, as long as it fits."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from tandem.participation.domain.budget.support import Support


@dataclass(frozen=True, slots=True)
class Look:
    """A proposal when its turn came.

    Attributes:
        left_cents: What was left of the budget then.
        taken: Whether that was enough.
    """

    proposal: int
    left_cents: int
    taken: bool


def greedy(
    support: Support, budget_cents: int, *, by_votes: bool = False, already: Collection[int] = ()
) -> Iterator[Look]:
    """Go through the proposals and take those that fit.

    What costs nothing comes first, then the greatest total utility per cost. Equal ones come in the published order
    of ties.

    Args:
        support: Who backs what.
        budget_cents: What there is.
        by_votes: Go by votes or points alone instead.
        already: What has won before and is paid from the same budget.
    """
    left = budget_cents - sum(support.costs_cents[each] for each in already)
    for proposal in sorted(support.candidates, key=lambda each: _order(support, each, by_votes=by_votes)):
        if proposal in already:
            continue
        taken = support.costs_cents[proposal] <= left
        yield Look(proposal, left, taken)
        left -= support.costs_cents[proposal] * taken


def _order(support: Support, proposal: int, *, by_votes: bool) -> tuple[bool, Fraction, int]:
    cost, votes = support.costs_cents[proposal], support.votes[proposal]
    if by_votes or not cost:
        return cost > 0, Fraction(-votes), support.rank[proposal]
    return True, Fraction(-votes * support.factors[proposal], cost), support.rank[proposal]
