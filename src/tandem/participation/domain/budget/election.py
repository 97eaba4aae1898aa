"""A participatory budget as it is voted on: proposals, ballots, and the money there is.

All amounts are whole cents. A proposal that costs 12.50 costs 1,250 cents, whatever the currency's own habit.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from tandem.core.errors import InvalidInput
from tandem.core.text import Sentence, say

Points = int | Fraction


class InvalidElection(InvalidInput):
    """Proposals, ballots and budget do not fit together."""

    code = "participation.budget.invalid-election"


class VoteType(StrEnum):
    """What a ballot says. The values are those of Pabulib."""

    APPROVAL = "approval"  # any of the proposals, all alike
    CHOOSE_ONE = "choose-1"  # one proposal
    CUMULATIVE = "cumulative"  # points, given to some of them
    ORDINAL = "ordinal"  # some of them, the best first


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that the money can be spent on, as a whole or not at all.

    Attributes:
        id: Unique in the election.
        votes: As published with the election; None where only the ballots say it. No rule reads it.
    """

    id: str
    cost_cents: int
    name: str = ""
    categories: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    votes: int | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one or more people voted.

    Attributes:
        choices: Ids of proposals; the best first on an ordinal ballot, in any order on the others.
        points: Of each choice, above zero; empty unless the ballot is cumulative.
        voters: How many people voted so.
    """

    choices: tuple[str, ...]
    points: tuple[Points, ...] = ()
    voters: int = 1


@dataclass(frozen=True, slots=True)
class Election:
    """What is decided, and by whom.

    Attributes:
        ballots: Of everybody who voted, empty ones included: each voter has an equal share of the money.
            ``merged`` makes equal ones into one; no result depends on whether that was done, or on their order.

    Raises:
        InvalidElection: An amount is negative, an id comes twice, a ballot names what there is not, …
    """

    budget_cents: int
    proposals: tuple[Proposal, ...]
    ballots: tuple[Ballot, ...]
    vote_type: VoteType = VoteType.APPROVAL

    def __post_init__(self) -> None:
        if self.budget_cents < 0:
            raise InvalidElection(say("The budget is negative. Give it in cents, zero or more."))
        _check_proposals(self.proposals)
        known = {each.id for each in self.proposals}
        for ballot in self.ballots:
            wrong = _wrong_with(ballot, known, self.vote_type)
            if wrong:
                raise InvalidElection(wrong)

    @property
    def voters(self) -> int:
        """How many people voted."""
        return sum(ballot.voters for ballot in self.ballots)

    def proposal(self, proposal_id: str) -> Proposal:
        """Return the proposal of that id. Raises ``KeyError`` if there is none."""
        return {each.id: each for each in self.proposals}[proposal_id]


def merged(ballots: Iterable[Ballot], vote_type: VoteType) -> tuple[Ballot, ...]:
    """Return the ballots with equal ones made into one, in an order of their own.

    Order matters within an ordinal ballot only; ballots that differ elsewhere are equal.

    >>> merged([Ballot(("b", "a")), Ballot(("a", "b"))], VoteType.APPROVAL)
    (Ballot(choices=('a', 'b'), points=(), voters=2),)
    """
    counts: Counter[tuple[tuple[str, ...], tuple[Points, ...]]] = Counter()
    for ballot in ballots:
        counts[_canonical(ballot, vote_type)] += ballot.voters
    return tuple(Ballot(*ballot, voters) for ballot, voters in sorted(counts.items()))


def with_merged_ballots(election: Election) -> Election:
    """Return the election with equal ballots made into one."""
    return replace(election, ballots=merged(election.ballots, election.vote_type))


def _canonical(ballot: Ballot, vote_type: VoteType) -> tuple[tuple[str, ...], tuple[Points, ...]]:
    if vote_type is VoteType.ORDINAL:
        return ballot.choices, ()
    if vote_type is VoteType.CUMULATIVE:
        pairs = sorted(zip(ballot.choices, ballot.points, strict=True))
        return tuple(choice for choice, _points in pairs), tuple(points for _choice, points in pairs)
    return tuple(sorted(ballot.choices)), ()


def _check_proposals(proposals: Sequence[Proposal]) -> None:
    counts = Counter(each.id for each in proposals)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None:
        raise InvalidElection(say("Proposal {id} is there twice. Give each an id of its own.", id=twice))
    negative = next((each.id for each in proposals if each.cost_cents < 0), None)
    if negative is not None:
        raise InvalidElection(say("Proposal {id} has a negative cost. Give zero or more.", id=negative))


def _wrong_with(ballot: Ballot, known: set[str], vote_type: VoteType) -> Sentence | None:
    """Return what is wrong with a ballot."""
    choices = ballot.choices
    if not known.issuperset(choices):
        unknown = next(each for each in choices if each not in known)
        return say("A ballot names proposal {id}, which there is not. Leave that choice out.", id=unknown)
    if len(set(choices)) < len(choices):
        return say("A ballot names a proposal twice: {ids}. Name each once.", ids=", ".join(choices))
    if ballot.voters < 1:
        return say("A ballot is nobody's. Leave it out, or say how many people voted so.")
    if vote_type is VoteType.CHOOSE_ONE and len(choices) > 1:
        return say("A ballot names {number} proposals where one may be chosen.", number=len(choices))
    return _wrong_with_points(ballot, vote_type)


def _wrong_with_points(ballot: Ballot, vote_type: VoteType) -> Sentence | None:
    if vote_type is not VoteType.CUMULATIVE:
        return say("A ballot gives points where none are asked for.") if ballot.points else None
    if len(ballot.points) != len(ballot.choices):
        return say(
            "A ballot gives {points} numbers of points to {choices} proposals.",
            points=len(ballot.points),
            choices=len(ballot.choices),
        )
    if any(points <= 0 for points in ballot.points):
        return say("A ballot gives no or negative points to a proposal. Leave that choice out.")
    return None
