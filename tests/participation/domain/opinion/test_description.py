"""What is told of opinion groups: what sets them apart, what unites, and nothing about too few people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.opinion.clearness import is_clear
from tandem.participation.domain.opinion.conversation import update
from tandem.participation.domain.opinion.description import describe, described, priorities, tally
from tandem.participation.domain.opinion.votes import AGREE, DISAGREE, Votes
from tests.participation.domain.opinion.samples import camps, mixed, scale, unrelated, votes_of


# --- are there groups? --------------------------------------------------------------------------
def test_camps_are_clear():
    assert [is_clear(update(camps(seed))) for seed in range(8)] == [True] * 8


def test_votes_without_any_order_have_no_clear_groups():
    assert sum(is_clear(update(unrelated(seed))) for seed in range(20)) <= 2


def test_a_scale_from_left_to_right_has_no_clear_groups():
    assert sum(is_clear(update(scale(seed))) for seed in range(20)) <= 2


def test_camps_on_silent_statements_only_are_none():
    apart, random = camps(1), unrelated(1, 60, 30)
    both = Votes(
        apart.participants,
        (*(f"s{each}" for each in apart.statements), *random.statements),
        np.hstack([apart.values, random.values]),
    )
    silent = [f"s{each}" for each in apart.statements]
    assert describe(update(both)).clear
    assert not describe(update(both, silent=silent), silent=silent).clear


def test_clearness_does_not_depend_on_who_comes_first():
    for seed in range(6):
        votes = camps(seed, share=0.7)
        assert is_clear(update(votes)) == is_clear(update(mixed(votes, 1)))


def test_everybody_of_one_mind_is_no_error():
    assert not describe(update(votes_of(np.ones((30, 10))))).clear


# --- what sets apart, what unites ---------------------------------------------------------------
def test_a_group_is_told_by_the_statements_on_which_it_differs():
    told = describe(update(camps(1)))
    assert [group.size for group in told.groups] == [30, 30]
    for group in told.groups:
        assert len(group.telling) == 5
        assert sorted(group.telling, key=lambda each: -each.strength) == list(group.telling)
        for each in group.telling:
            assert each.inside.share(each.way) > 0.5 > each.outside.share(each.way)


def test_what_everybody_agrees_with_unites_and_what_half_do_divides():
    votes = camps(1)
    values = np.hstack([votes.values, np.ones((60, 1)), -np.ones((60, 1))])
    told = describe(update(Votes(votes.participants, (*votes.statements, "peace", "war"), values)))
    assert [(each.statement, each.way, each.all.seen) for each in told.uniting] == [
        ("peace", AGREE, 60),
        ("war", DISAGREE, 60),
    ]
    assert told.uniting[0].share == pytest.approx((31 / 32) ** 2)
    assert set(told.dividing) <= set(votes.statements)


def test_a_tally_counts_passes_as_seen():
    (one,) = tally(np.array([[1.0], [0.0], [-1.0], [np.nan], [1.0]]))
    assert (one.agree, one.disagree, one.seen, one.share(AGREE)) == (2, 1, 4, 0.5)


# --- too few people -----------------------------------------------------------------------------
def test_a_group_that_is_too_small_is_not_described():
    told = describe(update(camps(1)), smallest_group=31)
    assert [(group.size, group.telling) for group in told.groups] == [(None, ()), (None, ())]


@given(st.lists(st.integers(1, 40), max_size=6), st.integers(0, 20))
def test_nothing_told_leaves_fewer_people_over_than_the_smallest_group(sizes, smallest):
    told = described(sizes, smallest)
    left = sum(size for number, size in enumerate(sizes) if number not in told)
    assert all(sizes[number] >= smallest for number in told)
    assert left == 0 or left >= smallest or not told


# --- what to ask next ---------------------------------------------------------------------------
def test_what_few_have_seen_comes_first_and_what_many_pass_on_last():
    votes = camps(1)
    values = np.hstack([votes.values, np.full((60, 2), np.nan)])
    values[:, 20], values[:2, 21] = 0, 1
    wanted = priorities(update(Votes(votes.participants, (*votes.statements, "dull", "new"), values)))
    assert max(wanted, key=wanted.__getitem__) == "new"
    assert min(wanted, key=wanted.__getitem__) == "dull"


def test_statements_about_facts_have_a_fixed_place():
    assert priorities(update(camps(1)), facts=["3"])["3"] == 7
