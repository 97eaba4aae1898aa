"""Elections: what does not fit together, and equal ballots."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.budget.election import (
    Ballot,
    Election,
    InvalidElection,
    Proposal,
    VoteType,
    merged,
    with_merged_ballots,
)
from tandem.participation.domain.budget.rule import InvalidRule, Rule, Utility
from tandem.participation.domain.budget.support import support
from tests.participation.domain.budget import slow

A, B = Proposal("a", 100), Proposal("b", 50)


@pytest.mark.parametrize(
    ("vote_type", "ballot", "message"),
    [
        (VoteType.APPROVAL, Ballot(("c",)), "proposal c, which there is not"),
        (VoteType.APPROVAL, Ballot(("a", "a")), "twice: a, a"),
        (VoteType.APPROVAL, Ballot(("a",), (), 0), "nobody's"),
        (VoteType.APPROVAL, Ballot(("a",), (1,)), "gives points where none"),
        (VoteType.CHOOSE_ONE, Ballot(("a", "b")), "names 2 proposals where one"),
        (VoteType.CUMULATIVE, Ballot(("a", "b"), (1,)), "gives 1 numbers of points to 2 proposals"),
        (VoteType.CUMULATIVE, Ballot(("a",), (0,)), "no or negative points"),
    ],
)
def test_ballots_that_do_not_fit(vote_type, ballot, message):
    with pytest.raises(InvalidElection, match=message):
        Election(100, (A, B), (ballot,), vote_type)


@pytest.mark.parametrize(
    ("budget_cents", "proposals", "message"),
    [
        (-1, (A,), "budget is negative"),
        (1, (A, A), "Proposal a is there twice"),
        (1, (Proposal("a", -1),), "Proposal a has a negative cost"),
    ],
)
def test_elections_that_do_not_fit(budget_cents, proposals, message):
    with pytest.raises(InvalidElection, match=message):
        Election(budget_cents, proposals, ())


@pytest.mark.parametrize(
    ("vote_type", "cast", "wanted"),
    [
        (
            VoteType.APPROVAL,
            [Ballot(("b", "a")), Ballot(("a", "b"), (), 2), Ballot(("a",))],
            (Ballot(("a",)), Ballot(("a", "b"), (), 3)),
        ),
        (
            VoteType.ORDINAL,
            [Ballot(("b", "a")), Ballot(("a", "b"))],
            (Ballot(("a", "b")), Ballot(("b", "a"))),
        ),
        (
            VoteType.CUMULATIVE,
            [Ballot(("b", "a"), (1, 2)), Ballot(("a", "b"), (2, 1)), Ballot(("a", "b"), (1, 2))],
            (Ballot(("a", "b"), (1, 2)), Ballot(("a", "b"), (2, 1), 2)),
        ),
    ],
)
def test_equal_ballots_become_one(vote_type, cast, wanted):
    assert merged(cast, vote_type) == wanted


@given(slow.elections(), st.randoms(use_true_random=False))
def test_merging_keeps_every_voter_and_forgets_the_order(decided, seed):
    once = with_merged_ballots(decided)
    shuffled = list(decided.ballots)
    seed.shuffle(shuffled)

    assert once.voters == decided.voters
    assert len({ballot.choices for ballot in once.ballots}) == len(once.ballots)
    assert merged(shuffled, VoteType.APPROVAL) == once.ballots


def test_a_proposal_is_found_by_its_id():
    assert Election(0, (A, B), ()).proposal("b") == B


# --- what a rule reads of it ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("utility", "vote_type"), [(Utility.POINTS, VoteType.APPROVAL), (Utility.BORDA, VoteType.CUMULATIVE)]
)
def test_a_rule_that_the_ballots_cannot_answer(utility, vote_type):
    with pytest.raises(InvalidRule, match=f"Utility {utility} needs .* ballots; these are {vote_type}"):
        support(Election(0, (A,), (), vote_type), Rule(utility=utility))


def test_shares_are_raised_by_something():
    with pytest.raises(InvalidRule, match="raised by 0 cents"):
        Rule(step_cents=0)


@pytest.mark.parametrize("points", [(2**53,), (Fraction(1, 2**53),)])
def test_more_points_than_can_be_counted(points):
    decided = Election(0, (A,), (Ballot(("a",), points, 2),), VoteType.CUMULATIVE)

    if points[0] < 1:  # small fractions are fine, as long as they are few
        assert support(decided, Rule(utility=Utility.POINTS)).votes == (2,)
    else:
        with pytest.raises(InvalidElection, match="too many points"):
            support(decided, Rule(utility=Utility.POINTS))


@given(slow.elections(VoteType.CUMULATIVE))
def test_votes_are_points(decided):
    arrays = support(decided, Rule(utility=Utility.POINTS))

    assert [Fraction(each, arrays.scale) for each in arrays.votes] == list(
        slow.votes(decided, Utility.POINTS).values()
    )


@given(slow.elections(VoteType.ORDINAL))
def test_votes_are_borda_points(decided):
    arrays = support(decided, Rule(utility=Utility.BORDA))

    assert list(arrays.votes) == list(slow.votes(decided, Utility.BORDA).values())


@given(slow.elections())
def test_rank_is_the_published_order(decided):
    order = slow.tie_order(decided, Utility.COST)

    rank = support(decided, Rule()).rank

    assert [NAME for _rank, NAME in sorted(zip(rank, order, strict=True))] == sorted(order, key=order.get)
