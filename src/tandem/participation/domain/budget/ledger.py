"""The books of Equal Shares: who paid for which winner, and since when who could not pay for which loser.

Amounts of single voters are floats, rounded, in cents; every decision they illustrate is made exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tandem.participation.domain.budget.allocation import Allocation, Award, Stage
from tandem.participation.domain.budget.classes import ClassesByWinners
from tandem.participation.domain.budget.equal_shares import Market
from tandem.participation.domain.budget.rule import Method
from tandem.participation.domain.budget.support import Floats, Support

_SPENT_ON_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """How an amount differs from voter to voter."""

    least: float
    median: float
    most: float


@dataclass(frozen=True, slots=True)
class Payment:
    """Who paid for a winner of Equal Shares.

    Attributes:
        rate: Price of a unit of utility, by which it was chosen, exact: a share of the cost where utility is cost,
            else cents.
        full_cents: What one vote (or point) cost those who had enough, exact.
        in_full: Voters who paid that.
        all_they_had: Voters who had less, and gave it.
        nothing: Voters who had nothing left. They voted for it, and others paid.
        paid_cents: By each voter who voted for it.
        left_cents: What all these voters together had left afterwards.
    """

    rate: Fraction
    full_cents: Fraction
    in_full: int
    all_they_had: int
    nothing: int
    paid_cents: Spread
    left_cents: float


@dataclass(frozen=True, slots=True)
class Spent:
    """What the backers of one proposal gave for another."""

    proposal_id: str
    cents: float


class Ledger:
    """The run that counts, once more, with an eye on everybody's money.

    Attributes:
        payments: Of each winner of Equal Shares.
        fallen: Of each proposal that could not be paid any more: after which turn, what its backers had then, and what
            they had given for which winners.
        paid: By one voter of each ballot in all, shape ``(ballots,)``.
    """

    def __init__(self, arrays: Support, allocation: Allocation, index: Mapping[str, int]) -> None:
        self._arrays = arrays
        self._market = Market(arrays, allocation.final_share_cents, ClassesByWinners(arrays))
        self.payments: dict[int, Payment] = {}
        self.fallen: dict[int, tuple[int, float, tuple[Spent, ...]]] = {}
        self._spent: dict[int, list[Spent]] = {each: [] for each in arrays.candidates}
        begun = self._market.money_cents()
        if allocation.rule.method is Method.EQUAL_SHARES:
            self._note_fallen(0)
            for award in allocation.awards:
                if award.stage is Stage.EQUAL_SHARES:
                    self._pay(award, index[award.proposal_id])
        self.paid = begun - self._market.money_cents()

    def _pay(self, award: Award, proposal: int) -> None:
        before = self._market.money_cents()
        bought = self._market.buy(proposal)
        after = self._market.money_cents()
        self._note_spending(award.proposal_id, before - after)
        ballots = self._arrays.backers[proposal].ballots
        voters, has = self._arrays.voters_of[ballots], after[ballots]
        self.payments[proposal] = Payment(
            rate=award.rate or Fraction(0),
            full_cents=award.price_cents or Fraction(0),
            in_full=bought.paying_in_full,
            all_they_had=int(voters.sum()) - bought.paying_in_full - bought.paying_nothing,
            nothing=bought.paying_nothing,
            paid_cents=_spread(before[ballots] - has, voters),
            left_cents=rounded(float(has @ voters)),
        )
        self._note_fallen(award.turn)

    def _note_spending(self, winner: str, paid: Floats) -> None:
        for proposal in self._spent.keys() - self.fallen.keys():
            ballots = self._arrays.backers[proposal].ballots
            cents = rounded(float(paid[ballots] @ self._arrays.voters_of[ballots]))
            if cents > 0:
                self._spent[proposal].append(Spent(winner, cents))

    def _note_fallen(self, turn: int) -> None:
        money = self._market.money_cents()
        for proposal in self._spent.keys() - self.fallen.keys() - self.payments.keys():
            ballots = self._arrays.backers[proposal].ballots
            together = float(money[ballots] @ self._arrays.voters_of[ballots])
            if not self._short(proposal, together):
                continue
            most = sorted(self._spent[proposal], key=lambda spent: (-spent.cents, spent.proposal_id))
            self.fallen[proposal] = (turn, together, tuple(most[:_SPENT_ON_SHOWN]))

    def _short(self, proposal: int, together: float) -> bool:
        """Return whether the backers have less than the cost; asked of the market where roundings might decide."""
        short = self._arrays.costs_cents[proposal] - together
        if abs(short) > 1e-6 * together:
            return short > 0
        return not self._market.affordable(proposal)


def _spread(amounts: Floats, voters: Floats) -> Spread:
    """Return least, lower median and most of amounts, each counting for several voters."""
    order = np.argsort(amounts, kind="stable")
    reached = np.cumsum(voters[order])
    middle = order[np.searchsorted(reached, reached[-1] / 2)]
    return Spread(*(rounded(float(amounts[each])) for each in (order[0], middle, order[-1])))


def rounded(cents: float) -> float:
    """Return an amount to a ten-thousandth of a cent; no negative zero."""
    return round(cents, 4) + 0.0
