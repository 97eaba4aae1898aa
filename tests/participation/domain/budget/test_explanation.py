"""Explanations: by hand, and that the sums come out."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.participation.domain.budget.allocation import Stage, allocate
from tandem.participation.domain.budget.election import Ballot, Election, Proposal
from tandem.participation.domain.budget.explanation import (
    Lost,
    Reason,
    Satisfaction,
    VoterType,
    Won,
    explain,
)
from tandem.participation.domain.budget.ledger import Payment, Spent, Spread
from tandem.participation.domain.budget.rule import Method, Rule, Utility
from tests.participation.domain.budget import slow

# share 100. The park costs each of its 4 backers 60; of the bridge's 3 backers two have 40 left, so one pays all
# their 100; the tower's backer never had enough
COSTS = {"park": 240, "bridge": 170, "tower": 101, "pond": 60, "cave": 10}
DECIDED = Election(
    600,
    tuple(Proposal(name, cost) for name, cost in COSTS.items()),
    (
        Ballot(("park", "bridge"), (), 2),
        Ballot(("park", "pond"), (), 1),
        Ballot(("park",), (), 1),
        Ballot(("bridge",), (), 1),
        Ballot(("tower",), (), 1),
    ),
)
RULE = Rule()


def explained(decided, rule):
    return explain(decided, allocate(decided, rule))


def test_who_paid_for_what():
    assert explained(DECIDED, RULE).won == (
        Won(
            "park",
            240,
            Fraction(4),
            4,
            Stage.EQUAL_SHARES,
            1,
            Payment(Fraction(1, 4), Fraction(60), 4, 0, 0, Spread(60, 60, 60), 160),
        ),
        Won(
            "bridge",
            170,
            Fraction(3),
            3,
            Stage.EQUAL_SHARES,
            2,
            Payment(Fraction(90, 170), Fraction(90), 1, 2, 0, Spread(40, 40, 90), 10),
        ),
    )


def test_why_the_others_lost():
    assert explained(DECIDED, RULE).lost == (
        Lost("tower", 101, Fraction(1), 1, Reason.BACKERS_SHORT, 190, 0, 100, 1),
        Lost("pond", 60, Fraction(1), 1, Reason.BACKERS_SHORT, 190, 1, 40, 20, (Spent("park", 60),)),
        Lost("cave", 10, Fraction(0), 0, Reason.NO_VOTES, 190),
    )


def test_whoever_has_nothing_left_is_told_apart():
    # share 100, which three give for a; of b's two backers one is among them
    cast = (Ballot(("a", "b")), Ballot(("a",), (), 2), Ballot(("b",)))
    decided = Election(400, (Proposal("a", 300), Proposal("b", 100)), cast)

    assert [each.payment for each in explained(decided, RULE).won] == [
        Payment(Fraction(1, 3), Fraction(100), 3, 0, 0, Spread(100, 100, 100), 0),
        Payment(Fraction(1), Fraction(100), 1, 0, 1, Spread(0, 0, 100), 0),
    ]


def test_what_money_went_for_instead():
    decided = Election(
        100, (Proposal("x", 60), Proposal("y", 30), Proposal("z", 50)), (Ballot(("x", "y", "z")),)
    )

    assert explained(decided, Rule(utility=Utility.CARDINALITY)).lost == (
        Lost("x", 60, Fraction(1), 1, Reason.BACKERS_SHORT, 20, 2, 20, 40, (Spent("z", 50), Spent("y", 30))),
    )


@pytest.mark.parametrize(("cost", "voters"), [(100, 3), (115, 7), (109, 11), (102, 21)])
def test_to_have_exactly_enough_is_not_to_be_short(cost, voters):
    # after a, all have b's and c's cost to the last fraction, though their floats may sum to less
    proposals = tuple(Proposal(name, cost) for name in "abc")
    decided = Election(2 * cost, proposals, (Ballot(("a", "b", "c"), (), voters),))

    assert [each.after_turn for each in explained(decided, RULE).lost] == [2]


def test_what_voters_got_and_what_the_most_votes_would_have_given():
    explanation = explained(DECIDED, Rule(least_votes=2))

    assert explanation.satisfaction == Satisfaction((1, 3, 2), (1, 3, 2), 0, 6, 0, ("park", "bridge"))
    assert explanation.types[:2] == (
        VoterType(("bridge", "park"), 2, 2, 2, 100),
        VoterType(("bridge",), 1, 1, 1, 90),
    )


def test_few_votes_and_what_does_not_fit():
    rule = Rule(method=Method.MOST_VOTES, least_votes=2)
    explanation = explained(Election(300, DECIDED.proposals, DECIDED.ballots), rule)

    assert [(each.proposal_id, each.reason, each.budget_left_cents) for each in explanation.lost] == [
        ("bridge", Reason.DOES_NOT_FIT, 60),
        ("tower", Reason.TOO_FEW_VOTES, 60),
        ("pond", Reason.TOO_FEW_VOTES, 60),
        ("cave", Reason.NO_VOTES, 60),
    ]
    assert [each.payment for each in explanation.won] == [None]


def test_add_one_tells_what_the_next_step_would_have_cost():
    costs = dict.fromkeys("abc", 10_100)
    decided = Election(
        30_000, tuple(Proposal(*each) for each in costs.items()), tuple(Ballot((each,)) for each in costs)
    )

    explanation = explained(decided, Rule(add_one=True))

    assert (explanation.overspending, explanation.overspending_cents) == (("a", "b", "c"), 30_300)


@pytest.mark.parametrize("method", Method)
@settings(deadline=None)
@given(decided=slow.elections(), add_one=st.booleans(), completion=st.booleans(), cardinality=st.booleans())
def test_the_sums_come_out(decided, method, add_one, completion, cardinality):
    utility = Utility.CARDINALITY if cardinality else Utility.COST
    rule = Rule(method=method, utility=utility, add_one=add_one, completion=completion, least_votes=1)
    explanation = explained(decided, rule)

    assert {each.proposal_id for each in (*explanation.won, *explanation.lost)} == set(slow.NAMES)
    assert sum(explanation.satisfaction.by_number) == decided.voters
    assert sum(explanation.satisfaction.by_number_greedy) == decided.voters
    for each in explanation.won:
        if each.payment is not None:
            payment = each.payment
            assert payment.in_full + payment.all_they_had + payment.nothing == each.backers
            assert min(payment.in_full, payment.all_they_had, payment.nothing) >= 0
            assert payment.paid_cents.most <= float(payment.full_cents) + 0.01
    for each in explanation.lost:
        if each.reason is Reason.BACKERS_SHORT:
            assert each.missing_cents >= 0
            assert (
                sum(spent.cents for spent in each.spent_on)
                <= float(each.backers * explanation.final_share_cents) + 0.01
            )
    assert json.loads(json.dumps(explanation.as_dict()))["voters"] == decided.voters


@pytest.mark.parametrize("utility", [Utility.COST, Utility.CARDINALITY])
@settings(deadline=None)
@given(decided=slow.elections())
def test_losers_fall_out_when_their_backers_are_short(decided, utility):
    explanation = explained(decided, Rule(utility=utility))

    free = sum(award.stage is Stage.FREE for award in explanation.won)
    fallen = {
        each.proposal_id: (max(each.after_turn - free, 0), each.money_cents)
        for each in explanation.lost
        if each.reason is Reason.BACKERS_SHORT
    }
    wanted = slow.short_since(decided, utility, Fraction(decided.budget_cents, decided.voters))
    assert fallen == {
        name: (turn, pytest.approx(float(money), abs=1e-4)) for name, (turn, money) in wanted.items()
    }


@settings(deadline=None)
@given(decided=slow.elections(), seed=st.randoms(use_true_random=False))
def test_order_of_ballots_does_not_matter(decided, seed):
    shuffled = list(decided.ballots)
    seed.shuffle(shuffled)
    other = Election(decided.budget_cents, decided.proposals, tuple(shuffled))

    assert explained(other, RULE) == explained(decided, RULE)


def test_nobody_voted():
    explanation = explained(Election(100, (Proposal("a", 10),), ()), Rule(add_one=True))

    assert (explanation.won, explanation.satisfaction.by_number) == ((), ())
    assert [each.reason for each in explanation.lost] == [Reason.NO_VOTES]
