"""The greedy methods, by hand."""

import pytest

from tandem.participation.domain.budget.allocation import Stage, allocate
from tandem.participation.domain.budget.election import Ballot, Election, Proposal, VoteType
from tandem.participation.domain.budget.greedy import Look, greedy
from tandem.participation.domain.budget.rule import Method, Rule, Utility
from tandem.participation.domain.budget.support import support

PROPOSALS = (Proposal("dear", 800), Proposal("fair", 300), Proposal("cheap", 100), Proposal("unloved", 0))
BALLOTS = (Ballot(("dear",), (), 5), Ballot(("fair",), (), 4), Ballot(("cheap",), (), 3))
DECIDED = Election(1_000, PROPOSALS, BALLOTS)


@pytest.mark.parametrize(
    ("method", "utility", "winners"),
    [
        (Method.MOST_VOTES, Utility.COST, ("dear", "cheap")),
        (Method.MOST_VOTES, Utility.CARDINALITY, ("dear", "cheap")),
        (Method.GREEDY, Utility.COST, ("dear", "cheap")),
        (Method.GREEDY, Utility.CARDINALITY, ("cheap", "fair")),
    ],
)
def test_the_most_for_the_money_that_fits(method, utility, winners):
    allocation = allocate(DECIDED, Rule(method=method, utility=utility))

    assert allocation.winners == winners
    assert {award.stage for award in allocation.awards} == {Stage.GREEDY}


def test_most_votes_are_most_points_where_there_are_points():
    decided = Election(
        800, PROPOSALS, (Ballot(("dear", "fair"), (1, 3)), Ballot(("dear",), (1,))), VoteType.CUMULATIVE
    )

    assert allocate(decided, Rule(method=Method.MOST_VOTES, utility=Utility.POINTS)).winners == ("fair",)
    assert allocate(decided, Rule(method=Method.MOST_VOTES)).winners == ("dear",)


def test_each_is_looked_at_with_what_is_left():
    assert list(greedy(support(DECIDED, Rule()), 1_000)) == [
        Look(0, 1_000, taken=True),
        Look(1, 200, taken=False),
        Look(2, 200, taken=True),
    ]
