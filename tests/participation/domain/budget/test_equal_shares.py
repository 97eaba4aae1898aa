"""Equal Shares: by hand, against the slow definition, and where floats would be wrong."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.participation.domain.budget.allocation import Stage, allocate
from tandem.participation.domain.budget.classes import ClassesByWinners
from tandem.participation.domain.budget.election import Ballot, Election, Proposal, VoteType
from tandem.participation.domain.budget.equal_shares import Market
from tandem.participation.domain.budget.raising import Stop
from tandem.participation.domain.budget.rule import Method, Rule, Start, TieKey, Utility
from tandem.participation.domain.budget.support import support
from tests.participation.domain.budget import slow

KINDS = [
    (VoteType.APPROVAL, Utility.COST),
    (VoteType.APPROVAL, Utility.CARDINALITY),
    (VoteType.CHOOSE_ONE, Utility.COST),
    (VoteType.CUMULATIVE, Utility.POINTS),
    (VoteType.CUMULATIVE, Utility.COST),
    (VoteType.ORDINAL, Utility.BORDA),
    (VoteType.ORDINAL, Utility.CARDINALITY),
]


def election(budget_cents, costs, *ballots, vote_type=VoteType.APPROVAL):
    proposals = tuple(Proposal(name, cost) for name, cost in costs.items())
    return Election(budget_cents, proposals, ballots, vote_type)


def won(decided, rule):
    return {award.proposal_id: award.price_cents for award in allocate(decided, rule).awards}


# --- by hand --------------------------------------------------------------------------------------
def test_a_minority_gets_its_share():
    # 3 of 4 want the two roads, 1 wants the bench; by votes alone both roads would win and nothing be left
    decided = election(
        400, {"road": 200, "way": 200, "bench": 100}, Ballot(("road", "way"), (), 3), Ballot(("bench",))
    )

    allocation = allocate(decided, Rule())

    assert won(decided, Rule()) == {"road": Fraction(200, 3), "bench": 100}
    assert (allocation.share_cents, allocation.spent_cents) == (100, 300)
    assert allocate(decided, Rule(method=Method.GREEDY)).winners == ("road", "way")


def test_whoever_has_not_enough_gives_all_they_have():
    # share 60: a costs both its backers 30; of b's backers one has 30 left, so the other pays 50
    decided = election(120, {"a": 60, "b": 80}, Ballot(("a", "b")), Ballot(("b",)))
    cheap_first = Rule(utility=Utility.CARDINALITY)

    assert won(decided, cheap_first) == {"b": 40}
    assert won(election(120, {"a": 30, "b": 80}, Ballot(("a", "b")), Ballot(("b",))), cheap_first) == {
        "a": 30,
        "b": 50,
    }


def test_points_share_a_cost_in_proportion():
    decided = election(
        100, {"a": 60}, Ballot(("a",), (3,)), Ballot(("a",), (1,)), vote_type=VoteType.CUMULATIVE
    )

    assert won(decided, Rule(utility=Utility.POINTS)) == {"a": 15}  # for a point: 45 and 15


def test_half_points_are_points():
    half = Fraction(1, 2)
    decided = election(
        100, {"a": 60}, Ballot(("a",), (1,)), Ballot(("a",), (half,)), vote_type=VoteType.CUMULATIVE
    )

    assert won(decided, Rule(utility=Utility.POINTS)) == {"a": 40}  # 40 for a point, 20 for half a one


def test_the_last_on_an_ordinal_ballot_gets_a_point():
    decided = election(200, {"a": 90, "b": 60}, Ballot(("a", "b")), vote_type=VoteType.ORDINAL)

    assert won(decided, Rule(utility=Utility.BORDA)) == {"a": 45, "b": 60}


@pytest.mark.parametrize(
    ("ties", "winner"),
    [((), "a"), ((TieKey.LOWER_COST,), "b"), ((TieKey.HIGHER_COST,), "a"), ((TieKey.MORE_VOTES,), "b")],
)
def test_ties_go_by_the_published_order(ties, winner):
    # in cents for a vote, a (100 by one) and b (200 by two, 100 each) are alike; or b costs less
    cheaper = TieKey.LOWER_COST in ties or TieKey.HIGHER_COST in ties
    backers = [Ballot(("a", "b"))] if cheaper else [Ballot(("a",)), Ballot(("b",), (), 2)]
    costs = {"a": 100, "b": 90} if cheaper else {"a": 100, "b": 200}
    decided = election(100 * sum(each.voters for each in backers), costs, *backers)
    utility = Utility.COST if cheaper else Utility.CARDINALITY

    assert allocate(decided, Rule(utility=utility, ties=ties)).winners[0] == winner


def test_free_proposals_win_if_anybody_wants_them():
    decided = election(100, {"a": 0, "b": 0, "c": 100}, Ballot(("a", "c")))

    allocation = allocate(decided, Rule())

    assert [(each.proposal_id, each.stage, each.turn) for each in allocation.awards] == [
        ("a", Stage.FREE, 1),
        ("c", Stage.EQUAL_SHARES, 2),
    ]


@pytest.mark.parametrize("cast", [(), (Ballot(()),)])
@pytest.mark.parametrize("method", Method)
def test_nobody_voted_for_anything(cast, method):
    allocation = allocate(election(100, {"a": 10}, *cast), Rule(method=method, add_one=True, completion=True))

    assert (allocation.winners, allocation.spent_cents) == ((), 0)


def test_proposals_with_too_few_votes_cannot_win():
    decided = election(1_000, {"a": 10, "b": 10}, Ballot(("a", "b")), Ballot(("a",)))

    assert allocate(decided, Rule(least_votes=2)).winners == ("a",)


def test_too_few_votes_are_too_few_points():
    cast = Ballot(("a", "b"), (Fraction(3, 2), Fraction(5, 2)))
    decided = election(1_000, {"a": 10, "b": 10}, cast, vote_type=VoteType.CUMULATIVE)

    assert allocate(decided, Rule(utility=Utility.POINTS, least_votes=2)).winners == ("b",)


# --- where floats would be wrong ------------------------------------------------------------------
def test_costs_that_floats_cannot_tell_apart():
    huge = 10**17
    assert float(huge) == float(huge + 1)
    # "a" would win a tie, but costs a cent more
    decided = election(2 * huge + 4, {"a": huge + 1, "b": huge}, Ballot(("a", "b"), (), 3))

    assert list(won(decided, Rule(utility=Utility.CARDINALITY, ties=(TieKey.ID,)))) == ["b", "a"]


@pytest.mark.parametrize(("cost", "winners"), [(10**18, ["a"]), (10**18 + 1, [])])
def test_to_the_last_cent(cost, winners):
    decided = election(3 * 10**18, {"a": cost}, Ballot(("a",)), Ballot((), (), 2))

    assert list(won(decided, Rule())) == winners


def test_a_cent_short_is_short():
    # after a, the first of b's backers has a cent less than half of b's cost; the other one pays that cent
    half = 5 * 10**17
    assert float(half) == float(half - 1)
    share = half // 2 + half - 1
    decided = election(2 * share, {"a": half // 2, "b": 2 * half}, Ballot(("a", "b")), Ballot(("b",)))

    assert won(decided, Rule(utility=Utility.CARDINALITY)) == {"a": half // 2, "b": half + 1}


def test_thirds_are_thirds():
    # after a (each pays 100/3 of 200/3) three times a third is exactly the 100 that b costs
    decided = election(200, {"a": 100, "b": 100, "c": 1}, Ballot(("a", "b"), (), 3))

    assert won(decided, Rule()) == {"a": Fraction(100, 3), "b": Fraction(100, 3)}


# --- what makes it quick --------------------------------------------------------------------------
def test_least_prices_known_from_before_are_no_higher_than_the_true_ones():
    # a and b take 95 of the four x; so c costs the y 97 and d the z 99 each, which was 51 and 52; f costs 100
    x = (Ballot(("a", "b", "c"), (), 2), Ballot(("a", "b", "d"), (), 2))
    others = (Ballot(("c",), (), 2), Ballot(("d",), (), 2), Ballot(("e",)), Ballot(("f",)))
    costs = {"a": 180, "b": 200, "c": 204, "d": 208, "e": 60, "f": 100}

    paid = won(election(1_000, costs, *x, *others), Rule(utility=Utility.CARDINALITY))

    assert list(paid.items()) == [("a", 45), ("b", 50), ("e", 60), ("c", 97), ("d", 99), ("f", 100)]


def test_very_different_points():
    cast = tuple(Ballot(("a", "b", "c"), (each, 301 - each, 7 + each % 11)) for each in range(1, 301))
    decided = election(3_000, {"a": 900, "b": 1_100, "c": 700}, *cast, vote_type=VoteType.CUMULATIVE)

    paid = [(each.proposal_id, each.rate) for each in allocate(decided, Rule(utility=Utility.POINTS)).awards]

    assert paid == slow.equal_shares(decided, Utility.POINTS, Fraction(10))


def test_run_like_vouches_where_nothing_comes_near():
    decided = election(1_000, {"a": 100, "b": 900}, Ballot(("a",), (), 5), Ballot(("b",), (), 5))
    arrays = support(decided, Rule())
    classes = ClassesByWinners(arrays)
    before = Market(arrays, Fraction(100), classes).run()

    assert [each.proposal for each in before] == [0]
    assert Market(arrays, Fraction(150), classes).run_like(before) is not None
    assert Market(arrays, Fraction(180), classes).run_like(before) is None  # b can be bought


# --- against the definition -----------------------------------------------------------------------
@pytest.mark.parametrize(("vote_type", "utility"), KINDS)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_winners_and_rates_are_those_of_the_definition(data, vote_type, utility):
    decided = data.draw(slow.elections(vote_type))

    paid = [each for each in allocate(decided, Rule(utility=utility)).awards if each.stage is not Stage.FREE]

    share = Fraction(decided.budget_cents, decided.voters)
    assert [(each.proposal_id, each.rate) for each in paid] == slow.equal_shares(decided, utility, share)


@pytest.mark.parametrize("start", Start)
@pytest.mark.parametrize(("vote_type", "utility"), KINDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_add_one_is_that_of_the_definition(data, vote_type, utility, start):
    decided = data.draw(slow.elections(vote_type))
    rule = Rule(
        utility=utility, add_one=True, start=start, step_cents=data.draw(st.sampled_from([1, 10, 100]))
    )

    allocation = allocate(decided, rule)

    wanted, share = slow.add_one(decided, utility, start=start, step_cents=rule.step_cents)
    paid = [each for each in allocation.awards if each.stage is not Stage.FREE]
    assert ([(each.proposal_id, each.rate) for each in paid], allocation.final_share_cents) == (wanted, share)


@pytest.mark.parametrize("method", Method)
@settings(deadline=None)
@given(
    decided=slow.elections(), add_one=st.booleans(), completion=st.booleans(), least_votes=st.integers(0, 3)
)
def test_the_budget_is_never_exceeded(decided, method, add_one, completion, least_votes):
    rule = Rule(method=method, add_one=add_one, completion=completion, least_votes=least_votes)

    allocation = allocate(decided, rule)

    assert allocation.spent_cents <= decided.budget_cents
    assert len(set(allocation.winners)) == len(allocation.winners)


@settings(deadline=None)
@given(decided=slow.elections(), seed=st.randoms(use_true_random=False), add_one=st.booleans())
def test_order_of_ballots_and_of_proposals_does_not_matter(decided, seed, add_one):
    single = [Ballot(each.choices[::-1]) for each in decided.ballots for _voter in range(each.voters)]
    seed.shuffle(single)
    proposals = tuple(seed.sample(decided.proposals, len(decided.proposals)))
    other = Election(decided.budget_cents, proposals, tuple(single))
    rule = Rule(add_one=add_one, completion=True)

    assert allocate(other, rule) == allocate(decided, rule)


@settings(deadline=None)
@given(decided=slow.elections(), more=st.integers(1, 500))
def test_what_run_like_vouches_for_holds_for_every_share_in_between(decided, more):
    arrays = support(decided, Rule())
    classes = ClassesByWinners(arrays)
    share = Fraction(decided.budget_cents, arrays.voters)
    before = Market(arrays, share, classes).run()

    if Market(arrays, share + more, classes).run_like(before) is not None:
        for between in {1, more // 3, more // 2, more}:
            now = Market(arrays, share + between, classes).run()
            assert [each.proposal for each in now] == [each.proposal for each in before]


# --- Add1 -----------------------------------------------------------------------------------------
def test_billions_of_steps_take_a_moment():
    # one of two voters wants something for the whole budget: their share has to be doubled
    decided = election(10**12, {"a": 10**12}, Ballot(("a",)), Ballot(()))

    allocation = allocate(decided, Rule(add_one=True))

    assert (allocation.winners, allocation.final_share_cents) == (("a",), 10**12)
    assert allocation.stop is Stop.EXHAUSTED


def test_add_one_stops_before_it_overspends_and_tells_what_would_have_come():
    # each wants something for a little more than their share; one step more and all three would have it
    costs = dict.fromkeys("abc", 10_100)
    decided = election(30_000, costs, *(Ballot((each,)) for each in costs))

    allocation = allocate(decided, Rule(add_one=True))

    assert (allocation.winners, allocation.final_share_cents) == ((), 10_000)
    assert (allocation.stop, allocation.overspending) == (Stop.OVERSPENDS, ("a", "b", "c"))


def test_what_is_left_is_spent_by_completion():
    decided = election(300, {"a": 150, "b": 140}, Ballot(("a",)), Ballot(("b",)), Ballot(()))

    allocation = allocate(decided, Rule(completion=True))

    assert [(each.proposal_id, each.stage) for each in allocation.awards] == [
        ("b", Stage.GREEDY),
        ("a", Stage.GREEDY),
    ]
