"""Add1: Equal Shares leaves money over, so every voter's share is raised until the choice costs too much.

The outcome for a share need not be good for a greater one in between, so every step counts. But most steps change
nothing, and ``Market.run_like`` proves so for many steps at once: the leaps double as long as that holds.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tandem.participation.domain.budget.classes import ClassesByWinners
from tandem.participation.domain.budget.equal_shares import Market, Purchase
from tandem.participation.domain.budget.rule import Rule, Start
from tandem.participation.domain.budget.support import Support


class Stop(StrEnum):
    """Why shares were not raised further."""

    NOT_ASKED = "not-asked"  # the rule does not raise shares
    EXHAUSTED = "exhausted"  # no proposal that lost would fit into what is left
    OVERSPENDS = "overspends"  # with one step more, the choice costs more than there is


@dataclass(frozen=True, slots=True)
class Raised:
    """What Equal Shares bought, with which share.

    Attributes:
        share_cents: That each voter had in the run that counts.
        overspending: What one more step would have bought.
    """

    purchases: list[Purchase]
    share_cents: Fraction
    stop: Stop
    overspending: tuple[Purchase, ...] = ()


def equal_shares(support: Support, budget_cents: int, rule: Rule) -> Raised:
    """Return what Equal Shares buys, with Add1 if the rule says so.

    Source:
        Add1 as in Faliszewski et al. (2023), Participatory Budgeting: Data, Tools, and Analysis, IJCAI; and
        equalshares.net, for cities.
    """
    if not support.voters:
        return Raised([], Fraction(0), Stop.NOT_ASKED)
    classes = ClassesByWinners(support)
    share = Fraction(budget_cents, support.voters)
    bought = Market(support, share, classes).run()
    if not rule.add_one:
        return Raised(bought, share, Stop.NOT_ASKED)
    return _raise(support, budget_cents, rule, classes, Raised(bought, share, Stop.NOT_ASKED))


class _Leap:
    """How many steps to take at once: twice as many as long as that goes well, half as many after a failure."""

    def __init__(self) -> None:
        self.steps = 1
        self._failed = False

    def failed(self) -> None:
        """Take note that so many steps cannot be taken at once."""
        self.steps, self._failed = self.steps // 2, True

    def done(self, *, changed: bool) -> None:
        """Take note that the steps were taken, and whether the choice changed."""
        if changed:
            self.steps = 1
        elif not self._failed:
            self.steps *= 2
        self._failed = False


def _raise(
    support: Support, budget_cents: int, rule: Rule, classes: ClassesByWinners, first: Raised
) -> Raised:
    bought, share = first.purchases, first.share_cents
    target = share if rule.start is Start.EXACT else Fraction(share // rule.step_cents * rule.step_cents)
    leap = _Leap()
    while _something_fits(support, budget_cents, bought):
        market = Market(support, target + leap.steps * rule.step_cents, classes)
        now = market.run(likely=bought) if leap.steps == 1 else market.run_like(bought)
        if now is None:
            leap.failed()
            continue
        if _cost(support, now) > budget_cents:
            return Raised(bought, share, Stop.OVERSPENDS, tuple(now))
        target += leap.steps * rule.step_cents
        leap.done(changed=_proposals(now) != _proposals(bought))
        bought, share = now, target
    return Raised(bought, share, Stop.EXHAUSTED)


def _something_fits(support: Support, budget_cents: int, bought: list[Purchase]) -> bool:
    left, taken = budget_cents - _cost(support, bought), set(_proposals(bought))
    return any(0 < support.costs_cents[each] <= left for each in support.candidates if each not in taken)


def _cost(support: Support, bought: list[Purchase]) -> int:
    return sum(support.costs_cents[each] for each in _proposals(bought))


def _proposals(bought: list[Purchase]) -> list[int]:
    return [each.proposal for each in bought]
