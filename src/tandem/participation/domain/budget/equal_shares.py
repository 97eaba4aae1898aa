"""The Method of Equal Shares, exact and quick.

Every voter has the same share of the budget. A proposal can be bought if those who back it have its cost between them.
They pay in proportion to what it is worth to them, at a *price* for each unit of worth, and whoever has not that much
gives all they have left. In each round the proposal with the lowest price for a unit of utility wins and is paid.

Why the result is exact although most of the counting is done in floats:

1. A voter's money is either nothing at all (``spent``: they gave the rest of it for a winner) or exactly the share
   minus ``price × worth`` for each winner that they back, since the others were paid in full. So money
   is known exactly from the share, the prices, and whole numbers: who backs which winner. Share and prices
   are kept as whole numbers over one common denominator that grows with each winner (``_denominator``).
2. In floats, a voter's money is off by at most (k + 1) · 2^-51 · share after k winners: the share and every
   price are rounded once (2^-53 of at most the share), each product and each difference once more, four
   roundings per winner, and no amount in between exceeds the share. ``_blur`` is larger than that. Money and a
   payment that are further apart compare in floats as they do in truth; nearer ones are compared in whole numbers.
3. For *any* division of the backers into those who give all and those who pay in full, the price that makes up the
   cost is at most the true one, because min(money, price · worth) is at most either. If at that price exactly
   those who were taken for poor have less than they should pay, the division and so the price are right.
   ``_price`` accepts nothing else; floats only propose where to begin.
4. A proposal is put aside unpriced only if its backers, paying at the best rate so far, fall short of its cost by
   more than floats can err (``_surely_dearer``): a sum of up to 2^27 terms, none negative, is off by less than 2^-25
   of itself, plus the blur of each voter's money. By 3, paying in full at a higher price brings at most what those
   bring who now pay in full, which gives a least price for later rounds. Two prices are compared in whole numbers.

Source:
    Peters, Pierczyński, Skowron (2021), Proportional Participatory Budgeting with Additive Utilities, NeurIPS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf

import numpy as np
from numpy.typing import NDArray

from tandem.participation.domain.budget.classes import Classes, ClassesByWinners, Entries
from tandem.participation.domain.budget.support import Floats, Support

Bools = NDArray[np.bool_]
_UP, _DOWN = 1 + 2.0**-40, 1 - 2.0**-40  # more than what a few roundings can do to a rate
_CLEARLY_LESS = 1 - 2.0**-24


@dataclass(frozen=True, slots=True)
class Purchase:
    """A winner and what it was bought for.

    Attributes:
        proposal: Its index.
        price_cents: For each unit of worth, exact. A voter to whom it is worth w paid this times w, or all
            they had.
        paying_in_full: How many voters had that.
        paying_nothing: How many of those who back it had nothing left.
        rate: Price for a unit of utility, by which winners are chosen: about ``price_cents / factor``.
    """

    proposal: int
    price_cents: Fraction
    paying_in_full: int
    paying_nothing: int
    rate: float


@dataclass(frozen=True, slots=True, eq=False)
class _Price:
    """What a proposal would cost its backers now: ``numerator / denominator / money's denominator``."""

    proposal: int
    numerator: int
    denominator: int
    poor: Bools
    rate: float


class Market:
    """One run of the method: who has how much, and what each proposal would cost whom.

    Args:
        support: Who backs what.
        share_cents: What every voter begins with.
        classes: Where classes of voters are kept between runs.
    """

    def __init__(self, support: Support, share_cents: Fraction, classes: ClassesByWinners) -> None:
        self._support = support
        self._kept = classes
        self._classes: Classes = classes.at_first()
        self._denominator = share_cents.denominator
        self._share = share_cents.numerator
        self._prices: list[int] = []
        self._share_float = float(share_cents)
        self._money: Floats = np.array([self._share_float])
        self._spent: Bools = np.array([share_cents == 0])
        self._left = [each for each in support.candidates if support.costs_cents[each] > 0]
        self._least_rate = {
            each: support.costs_cents[each] / (support.votes[each] * support.factors[each]) * _DOWN
            for each in self._left
        }

    @property
    def _turns(self) -> int:
        """How many have been bought."""
        return len(self._prices)

    @property
    def _blur(self) -> float:
        return (self._turns + 4) * 2.0**-51 * self._share_float

    def run(self, likely: Sequence[Purchase] = ()) -> list[Purchase]:
        """Buy what can be bought, and return it in order; sooner if it is what is ``likely``."""
        bought: list[Purchase] = []
        while (best := self._best(likely[self._turns : self._turns + 1])) is not None:
            bought.append(self._buy(best))
        return bought

    def buy(self, proposal: int) -> Purchase:
        """Buy a proposal, whether or not it is the cheapest.

        Raises:
            ValueError: Its backers cannot pay for it.
        """
        price = self._price(proposal)
        if price is None:
            raise ValueError(proposal)
        return self._buy(price)

    def run_like(self, before: Sequence[Purchase]) -> list[Purchase] | None:
        """Return the purchases if they are those of ``before`` here and with every share in between; None if unsure.

        ``before`` is a run with a smaller share. With more to begin with and the same winners so far, nobody ever has
        less, and no price is higher (by induction: with more money a cost is made up at a lower price, and what is
        left, the money less the payment, is more). So in between, the winner of a turn costs at most
        what it cost before, and the others at least what they cost here. If the others
        are dearer here than the winner was before, or as dear and behind it in the order of ties, then the same
        proposal wins in between as well.
        """
        bought = []
        for each in before:
            price = self._price(each.proposal)
            if price is None or not self._others_dearer(each):
                return None
            bought.append(self._buy(price))
        return bought if self._others_dearer(None) else None

    def _others_dearer(self, winner: Purchase | None) -> bool:
        """Return whether all others come after the winner as it was; without one, whether none can be bought."""
        rate = inf if winner is None else winner.rate * _UP
        for proposal in self._left:
            if winner is not None and (proposal == winner.proposal or self._least_rate[proposal] > rate):
                continue
            if not self._surely_dearer(proposal, rate) and not self._comes_after(proposal, winner):
                return False
        return True

    def _comes_after(self, proposal: int, winner: Purchase | None) -> bool:
        """Return whether a proposal comes after the winner as it was, or cannot be bought: exactly.

        Equal prices are common where few vote: with utility by cost they follow from equal numbers of votes.
        """
        price = self._price(proposal)
        if price is None or winner is None:
            return price is None
        factors, rank = self._support.factors, self._support.rank
        here = Fraction(price.numerator, price.denominator * self._denominator) / factors[proposal]
        there = winner.price_cents / factors[winner.proposal]
        return (here, rank[proposal]) > (there, rank[winner.proposal])

    def _best(self, likely: Sequence[Purchase]) -> _Price | None:
        """Return the cheapest proposal for a unit of utility; of equal ones the first in the order of ties."""
        best: _Price | None = None
        first = [each.proposal for each in likely if each.proposal in self._left]
        rest = sorted(self._left, key=self._least_rate.__getitem__)
        for proposal in first + [each for each in rest if each not in first]:
            if best is not None and self._least_rate[proposal] > best.rate * _UP:
                break
            if best is not None and self._surely_dearer(proposal, best.rate * _UP):
                continue
            price = self._price(proposal)
            if price is None:
                self._left.remove(proposal)
                continue
            self._least_rate[proposal] = price.rate * _DOWN
            if best is None or self._before(price, best):
                best = price
        return best

    def _before(self, one: _Price, other: _Price) -> bool:
        factors, rank = self._support.factors, self._support.rank
        here = one.numerator * other.denominator * factors[other.proposal]
        there = other.numerator * one.denominator * factors[one.proposal]
        return (here, rank[one.proposal]) < (there, rank[other.proposal])

    def _surely_dearer(self, proposal: int, rate: float) -> bool:
        """Return whether the backers, paying at this rate or all they have, surely fall short of the cost.

        If so, whoever can pay more makes up at least for what they fall short by, which tells how much dearer it is.
        """
        entries, cost = self._entries(proposal), self._support.costs_cents[proposal]
        factor = self._support.factors[proposal]
        money, asked = self._money[entries.classes], rate * factor * entries.worth
        together = float(np.minimum(money, asked) @ entries.voters)
        short = cost * _CLEARLY_LESS - 4 * self._blur * entries.all_voters - together
        if short > 0:
            payers = float(entries.weight @ (money > asked))
            self._least_rate[proposal] = (rate + short / payers / factor) * _DOWN if payers else inf
        return short > 0

    def affordable(self, proposal: int) -> bool:
        """Return whether those who back a proposal have its cost between them."""
        entries, cost = self._entries(proposal), self._support.costs_cents[proposal]
        together = float(self._money[entries.classes] @ entries.voters)
        doubt = cost * 2.0**-24 + 2 * self._blur * entries.all_voters
        if abs(together - cost) > doubt:
            return together > cost
        everybody = np.ones(entries.classes.size, np.bool_)
        return self._exact_money(entries, everybody) >= cost * self._denominator

    def money_cents(self) -> Floats:
        """Return what one voter of each ballot has, about, shape ``(ballots,)``."""
        return self._money[self._classes.of]

    def _entries(self, proposal: int) -> Entries:
        return self._classes.entries(self._support, proposal)

    def _exact_money(self, entries: Entries, chosen: Bools) -> int:
        """Return what the voters of the chosen entries have between them, over ``_denominator``."""
        chosen = chosen & ~self._spent[entries.classes]
        classes, voters = entries.classes[chosen], entries.voters[chosen]
        paid = self._classes.full_payments(classes, voters, self._turns)
        spending = sum(int(worth) * price for worth, price in zip(paid, self._prices, strict=True) if worth)
        return int(voters.sum()) * self._share - spending

    def _price(self, proposal: int) -> _Price | None:
        """Return what a proposal costs its backers now; None if they cannot pay it."""
        if not self.affordable(proposal):
            return None
        entries, cost = self._entries(proposal), self._support.costs_cents[proposal]
        money, spent = self._money[entries.classes], self._spent[entries.classes]
        poor = self._guess_poor(proposal, entries, money)
        while True:
            numerator = cost * self._denominator - self._exact_money(entries, poor)
            denominator = int(entries.weight[~poor].sum())
            if numerator <= 0 or denominator == 0:  # too many were guessed to be poor
                poor = spent
                continue
            price = numerator / (denominator * self._denominator)
            truly_poor = self._truly_poor(entries, money, numerator, denominator, price)
            if np.array_equal(poor, truly_poor):
                self._classes.guesses[proposal] = poor
                factor = self._support.factors[proposal]
                return _Price(proposal, numerator, denominator, poor, price / factor)
            poor = truly_poor

    def _guess_poor(self, proposal: int, entries: Entries, money: Floats) -> Bools:
        """Return who cannot pay in full, in floats: Newton's method from the left on a concave function."""
        cost = self._support.costs_cents[proposal]
        poor = self._classes.guesses.get(proposal)
        if poor is None:
            poor = money < self._least_rate[proposal] * self._support.factors[proposal] * entries.worth
        for _step in range(100):
            payers = float(entries.weight[~poor].sum())
            if payers == 0:
                break
            price = (cost - float(money[poor] @ entries.voters[poor])) / payers
            poorer = money < price * entries.worth
            if np.array_equal(poor, poorer):
                break
            poor = poorer
        return poor

    def _truly_poor(
        self, entries: Entries, money: Floats, numerator: int, denominator: int, price: float
    ) -> Bools:
        """Return who has less than they should pay."""
        spent, asked = self._spent[entries.classes], price * entries.worth
        poor = (money < asked) | spent
        doubtful = np.flatnonzero((np.abs(money - asked) <= self._blur + asked * 2.0**-51) & ~spent)
        for entry in doubtful:
            worth = int(entries.worth[entry if entries.worth.size > 1 else 0])
            poor[entry] = self._money_of(int(entries.classes[entry])) * denominator < numerator * worth
        return poor

    def _money_of(self, one_class: int) -> int:
        """Return what one voter of an unspent class has, over ``_denominator``."""
        paid = self._classes.full_payments(np.array([one_class]), np.ones(1), self._turns)
        return self._share - sum(int(worth) * price for worth, price in zip(paid, self._prices, strict=True))

    def _buy(self, price: _Price) -> Purchase:
        entries = self._entries(price.proposal)
        exact = Fraction(price.numerator, price.denominator * self._denominator)
        had = self._money[entries.classes]
        has = np.where(price.poor, 0.0, np.maximum(had - float(exact) * entries.worth, 0.0))
        nothing = price.poor & (had <= 2 * self._blur)
        self._classes = self._kept.after(self._turns, price.proposal)
        self._money = np.concatenate((self._money, has))
        self._spent = np.concatenate((self._spent, price.poor))
        self._left.remove(price.proposal)
        self._note(price)
        in_full = int(entries.voters[~price.poor].sum())
        return Purchase(price.proposal, exact, in_full, int(entries.voters[nothing].sum()), price.rate)

    def _note(self, price: _Price) -> None:
        """Add a price to those known, bringing all to a common denominator."""
        shared = gcd(price.numerator, price.denominator)
        by = price.denominator // shared
        self._denominator *= by
        self._share *= by
        self._prices = [each * by for each in self._prices]
        self._prices.append(price.numerator // shared)
