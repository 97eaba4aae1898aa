"""Rules by which a participatory budget is decided. A city publishes its rule before the vote."""

from dataclasses import dataclass
from enum import StrEnum

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.participation.domain.budget.election import VoteType


class InvalidRule(InvalidInput):
    """A rule does not fit the ballots, or asks for the impossible."""

    code = "participation.budget.invalid-rule"


class Method(StrEnum):
    """How winners are chosen."""

    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"  # by total utility per cost, as long as it fits
    MOST_VOTES = "most-votes"  # by votes or points alone, as long as it fits: what most cities do


class Utility(StrEnum):
    """What a winning proposal is taken to be worth to somebody who voted for it."""

    COST = "cost"  # what it costs: whoever gets a school gets more than whoever gets a bench
    CARDINALITY = "cardinality"  # one, whatever it costs
    POINTS = "points"  # the points given; of cumulative ballots
    BORDA = "borda"  # of k proposals on an ordinal ballot: k for the first, k - 1 for the second, … 1 for the last


class TieKey(StrEnum):
    """By what equally good proposals are put in order."""

    MORE_VOTES = "more-votes"  # more voters, points or Borda points, as the utility counts them
    LOWER_COST = "lower-cost"
    HIGHER_COST = "higher-cost"
    ID = "id"  # by characters, so "10" comes before "9"


class Start(StrEnum):
    """What Add1 begins from."""

    EXACT = "exact"  # the budget divided by the voters, as in the definition
    WHOLE = (
        "whole"  # that, rounded down to a whole step: as computed by equalshares.net and cities that use it
    )


TIES = (TieKey.MORE_VOTES, TieKey.LOWER_COST, TieKey.ID)
_FITTING = {Utility.POINTS: VoteType.CUMULATIVE, Utility.BORDA: VoteType.ORDINAL}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with all its settings.

    Cumulative and ordinal ballots can be read as approvals of whatever they name (``COST``, ``CARDINALITY``), or by
    their points. With ``COST`` the total utility per cost is the number of votes, with ``CARDINALITY`` that of
    votes per cost.

    Attributes:
        add_one: Raise every voter's share step by step, as long as what is then chosen can be paid.
        step_cents: What Add1 raises each share by; one of the currency's main units.
        completion: Spend what is left by the greedy method.
        least_votes: Proposals with fewer votes (or points) cannot win.
        ties: By what equally good proposals are ordered; what these leave equal is ordered by id.
    """

    method: Method = Method.EQUAL_SHARES
    utility: Utility = Utility.COST
    add_one: bool = False
    start: Start = Start.EXACT
    step_cents: int = 100
    completion: bool = False
    least_votes: int = 0
    ties: tuple[TieKey, ...] = TIES

    def __post_init__(self) -> None:
        if self.step_cents < 1:
            raise InvalidRule(
                say("Shares are to be raised by {cents} cents. Give 1 or more.", cents=self.step_cents)
            )

    def require_fit(self, vote_type: VoteType) -> None:
        """Raise ``InvalidRule`` if ballots of this type do not say what the rule reads."""
        needed = _FITTING.get(self.utility, vote_type)
        if needed is not vote_type:
            raise InvalidRule(
                say(
                    "Utility {utility} needs {needed} ballots; these are {given}. Choose another utility.",
                    utility=self.utility.value,
                    needed=needed.value,
                    given=vote_type.value,
                )
            )
