"""The Method of Equal Shares as the paper defines it: slow, in fractions, voter by voter. And small elections."""

from fractions import Fraction
from itertools import count

from hypothesis import strategies as st

from tandem.participation.domain.budget.election import Ballot, Election, Proposal, VoteType
from tandem.participation.domain.budget.rule import Start, Utility


def utilities(election, utility):
    """Return, for every single voter, the utility of each proposal they voted for."""
    costs = {each.id: each.cost_cents for each in election.proposals}
    worth = {
        Utility.COST: lambda ballot: {each: costs[each] for each in ballot.choices},
        Utility.CARDINALITY: lambda ballot: dict.fromkeys(ballot.choices, 1),
        Utility.POINTS: lambda ballot: dict(zip(ballot.choices, ballot.points, strict=True)),
        Utility.BORDA: lambda ballot: {
            each: len(ballot.choices) - place for place, each in enumerate(ballot.choices)
        },
    }[utility]
    return [worth(ballot) for ballot in election.ballots for _voter in range(ballot.voters)]


def votes(election, utility):
    """Return the voters, points or Borda points of each proposal."""
    counted = Utility.CARDINALITY if utility is Utility.COST else utility
    each_voters = utilities(election, counted)
    return {each.id: sum(voter.get(each.id, 0) for voter in each_voters) for each in election.proposals}


def tie_order(election, utility):
    """Return what equally good proposals are ordered by: more votes, lower cost, id."""
    count_of = votes(election, utility)
    return {each.id: (-count_of[each.id], each.cost_cents, each.id) for each in election.proposals}


def rate_of(proposal, voters, money):
    """Return the price of a unit of utility; None if the backers have not the cost between them."""
    backers = [place for place, voter in enumerate(voters) if voter.get(proposal.id, 0)]
    backers.sort(key=lambda place: Fraction(money[place]) / voters[place][proposal.id])
    missing = Fraction(proposal.cost_cents)
    utility = sum(Fraction(voters[place][proposal.id]) for place in backers)
    for place in backers:
        own = voters[place][proposal.id]
        if missing / utility * own <= money[place]:
            return missing / utility
        missing, utility = missing - money[place], utility - own
    return None


def rounds(election, utility, share):
    """Go through the winners, those that cost nothing aside: id, rate, and everybody's money afterwards."""
    voters, order = utilities(election, utility), tie_order(election, utility)
    money, left = [share] * len(voters), [each for each in election.proposals if each.cost_cents]
    while True:
        rates = [(rate_of(each, voters, money), order[each.id], each) for each in left]
        rates = [each for each in rates if each[0] is not None]
        if not rates:
            return
        rate, _order, best = min(rates, key=lambda each: each[:2])
        money = [
            has - min(has, rate * voter.get(best.id, 0)) for has, voter in zip(money, voters, strict=True)
        ]
        left.remove(best)
        yield best.id, rate, money


def equal_shares(election, utility, share):
    """Return (id, rate) of the winners in order, those that cost nothing aside."""
    return [(name, rate) for name, rate, _money in rounds(election, utility, share)]


def short_since(election, utility, share):
    """Return the turn after which the backers of each loser had not its cost any more, and what they had then."""
    voters, since = utilities(election, utility), {}
    won = [name for name, _rate in equal_shares(election, utility, share)]
    moneys = [[share] * len(voters), *(money for _name, _rate, money in rounds(election, utility, share))]
    for turn, money in enumerate(moneys):
        for each in election.proposals:
            backers = [has for has, voter in zip(money, voters, strict=True) if voter.get(each.id)]
            if each.id not in won and backers and sum(backers) < each.cost_cents:
                since.setdefault(each.id, (turn, sum(backers)))
    return since


def add_one(election, utility, *, start, step_cents):
    """Return the winners after raising every share step by step, and the share."""
    costs = {each.id: each.cost_cents for each in election.proposals}
    wanted = {each for each, number in votes(election, utility).items() if number and costs[each]}
    share = Fraction(election.budget_cents, election.voters)
    begin = share if start is Start.EXACT else share // step_cents * step_cents
    won = equal_shares(election, utility, share)
    for steps in count(1):
        left = election.budget_cents - sum(costs[each] for each, _rate in won)
        if not any(costs[each] <= left for each in wanted - {name for name, _rate in won}):
            return won, share
        more = equal_shares(election, utility, begin + steps * step_cents)
        if sum(costs[each] for each, _rate in more) > election.budget_cents:
            return won, share
        won, share = more, begin + steps * step_cents
    raise AssertionError


NAMES = ("a", "b", "c", "d", "e", "f")
# few different costs make many ties, odd ones make long fractions
COSTS = st.one_of(st.integers(0, 6).map(lambda cost: cost * 100), st.integers(1, 2_000))


@st.composite
def ballots(draw, vote_type):
    """Return a ballot."""
    most = 1 if vote_type is VoteType.CHOOSE_ONE else len(NAMES)
    choices = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=most))
    points = []
    if vote_type is VoteType.CUMULATIVE:
        some = st.one_of(st.integers(1, 5), st.fractions(Fraction(1, 4), 3, max_denominator=4))
        points = [draw(some) for _choice in choices]
    return Ballot(tuple(choices), tuple(points), draw(st.integers(1, 3)))


@st.composite
def elections(draw, vote_type=VoteType.APPROVAL):
    """Return an election of six proposals and up to eight ballots."""
    proposals = tuple(Proposal(name, draw(COSTS)) for name in NAMES)
    cast = draw(st.lists(ballots(vote_type), min_size=1, max_size=8))
    return Election(draw(st.integers(0, 3_000)), proposals, tuple(cast), vote_type)
