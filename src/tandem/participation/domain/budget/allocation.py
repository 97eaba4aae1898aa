"""What a budget is spent on, by the published rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tandem.participation.domain.budget.election import Election
from tandem.participation.domain.budget.equal_shares import Purchase
from tandem.participation.domain.budget.greedy import greedy
from tandem.participation.domain.budget.raising import Raised, Stop, equal_shares
from tandem.participation.domain.budget.rule import Method, Rule
from tandem.participation.domain.budget.support import Support, support


class Stage(StrEnum):
    """By which part of the rule a proposal won."""

    FREE = "free"  # it costs nothing, and somebody voted for it
    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"  # by the greedy methods, or by the completion


@dataclass(frozen=True, slots=True)
class Award:
    """A winner.

    Attributes:
        turn: From 1, in the order of winning.
        price_cents: What a voter paid in full for each vote (or point) of theirs; None unless by Equal Shares.
        rate: The same for a unit of utility, by which the winner was chosen: a share of the cost where utility is cost,
            else cents.
    """

    proposal_id: str
    cost_cents: int
    stage: Stage
    turn: int
    price_cents: Fraction | None = None
    rate: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a budget is spent on.

    Attributes:
        awards: The winners in order of winning.
        share_cents: What each voter had at first: the budget divided by the voters; 0 for the greedy method.
        final_share_cents: What each voter had in the run that counts, Add1 included. More than there is, but what
            is bought with it costs no more than the budget.
        stop: Why Add1 did not raise shares further.
        overspending: Ids of what the next step of Add1 would have bought, had there been the money.
    """

    rule: Rule
    budget_cents: int
    awards: tuple[Award, ...]
    share_cents: Fraction = Fraction(0)
    final_share_cents: Fraction = Fraction(0)
    stop: Stop = Stop.NOT_ASKED
    overspending: tuple[str, ...] = ()

    @property
    def winners(self) -> tuple[str, ...]:
        """Ids of the winners, in order of winning."""
        return tuple(award.proposal_id for award in self.awards)

    @property
    def spent_cents(self) -> int:
        """What the winners cost."""
        return sum(award.cost_cents for award in self.awards)


def allocate(election: Election, rule: Rule) -> Allocation:
    """Return what the budget is spent on.

    The same proposals, ballots and rule give the same allocation, in whatever order they come. Proposals that nobody
    voted for never win.

    Raises:
        InvalidRule: The ballots do not say what the rule reads.
    """
    arrays = support(election, rule)
    if rule.method is Method.EQUAL_SHARES:
        return _by_equal_shares(election, rule, arrays)
    looks = greedy(arrays, election.budget_cents, by_votes=rule.method is Method.MOST_VOTES)
    chosen = [each.proposal for each in looks if each.taken]
    return Allocation(rule, election.budget_cents, tuple(_awards(election, Stage.GREEDY, chosen)))


def _by_equal_shares(election: Election, rule: Rule, arrays: Support) -> Allocation:
    raised = equal_shares(arrays, election.budget_cents, rule)
    free = sorted(
        (each for each in arrays.candidates if not arrays.costs_cents[each]), key=arrays.rank.__getitem__
    )
    awards = [*_awards(election, Stage.FREE, free)]
    awards += (
        _paid(election, arrays, each, turn)
        for turn, each in enumerate(raised.purchases, start=len(awards) + 1)
    )
    if rule.completion:
        already = {*free, *(each.proposal for each in raised.purchases)}
        looks = greedy(arrays, election.budget_cents, already=already)
        rest = [each.proposal for each in looks if each.taken]
        awards += _awards(election, Stage.GREEDY, rest, after=len(awards))
    return _allocation(election, rule, raised, tuple(awards))


def _allocation(election: Election, rule: Rule, raised: Raised, awards: tuple[Award, ...]) -> Allocation:
    return Allocation(
        rule=rule,
        budget_cents=election.budget_cents,
        awards=awards,
        share_cents=Fraction(election.budget_cents, max(election.voters, 1)),
        final_share_cents=raised.share_cents,
        stop=raised.stop,
        overspending=tuple(election.proposals[each.proposal].id for each in raised.overspending),
    )


def _awards(election: Election, stage: Stage, chosen: Iterable[int], *, after: int = 0) -> Iterable[Award]:
    for turn, index in enumerate(chosen, start=after + 1):
        proposal = election.proposals[index]
        yield Award(proposal.id, proposal.cost_cents, stage, turn)


def _paid(election: Election, arrays: Support, bought: Purchase, turn: int) -> Award:
    proposal, price = election.proposals[bought.proposal], bought.price_cents * arrays.scale
    rate = price / arrays.factors[bought.proposal]
    return Award(proposal.id, proposal.cost_cents, Stage.EQUAL_SHARES, turn, price, rate)
