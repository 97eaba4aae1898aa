"""Opinion groups: found where there are any, the same whoever comes first, followed while people vote."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.participation.domain.opinion.clusters import k_means, nearest, silhouette
from tandem.participation.domain.opinion.conversation import State, update
from tandem.participation.domain.opinion.plane import plane_of
from tandem.participation.domain.opinion.votes import BadVotes, Votes
from tests.participation.domain.opinion.samples import camps, mixed, rand_index, scale, unrelated, votes_of


def groups_by_name(found):
    return dict(zip(found.votes.participants, found.group_of.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_two_camps_are_found(seed):
    found = update(camps(seed))
    assert found.group_count == 2
    assert rand_index(found.group_of.tolist(), [0] * 30 + [1] * 30) == 1


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([camps, unrelated, scale]), st.integers(0, 50), st.integers(0, 50))
def test_groups_are_the_same_whoever_comes_first(kind, seed, order):
    votes = kind(seed)
    one, other = update(votes), update(mixed(votes, order))
    assert groups_by_name(one) == groups_by_name(other)
    assert one.state == other.state


def test_groups_are_the_same_whoever_comes_first_in_a_later_update_too():
    before, votes = update(unrelated(1, 80)).state, unrelated(1, 80).also([("5", "3", 1), ("new", "2", -1)])
    assert groups_by_name(update(votes, before)) == groups_by_name(update(mixed(votes, 4), before))


# --- who is counted -----------------------------------------------------------------------------
def test_who_has_voted_seven_times_is_counted_and_stays_so():
    values = np.full((40, 20), np.nan)
    values[:, :7] = camps(1, 40).values[:, :7]
    values[:20, :7], values[20:, :7] = 1, -1
    values[39, 6] = np.nan
    found = update(votes_of(values))
    again = update(votes_of(values), State(joined=["39"]))
    assert (found.counted.sum(), found.group_of[39], found.counted[39]) == (39, -1, False)
    assert again.counted.all()


def test_with_few_statements_it_is_enough_to_vote_on_all_of_them():
    found = update(votes_of(np.tile([[1.0, -1.0, 1.0], [-1.0, 1.0, np.nan]], (20, 1))))
    assert found.counted.tolist() == [True, False] * 20


def test_the_most_eager_are_counted_until_there_are_fifteen():
    values = np.full((30, 10), np.nan)
    for row in range(30):
        values[row, : row % 6] = 1
    found = update(votes_of(values))
    cast = (~np.isnan(values)).sum(axis=1)
    assert found.counted.sum() == 15
    assert cast[found.counted].min() >= cast[~found.counted].max()


def test_what_moderation_took_out_tells_nobody_apart():
    votes = camps(2)
    found = update(votes, silent=votes.statements)
    assert np.allclose(found.places, 0)


def test_nobody_and_few_people_have_no_groups():
    assert update(Votes((), (), np.empty((0, 0)))).group_count == 0
    few = update(Votes(("a", "b"), ("1",), np.array([[1.0], [-1.0]])))
    assert (few.group_count, few.group_of.tolist()) == (0, [-1, -1])


# --- one update after another -------------------------------------------------------------------
def test_a_state_survives_being_kept_as_json():
    found = update(camps(2))
    again = State.from_json(json.loads(json.dumps(found.state.as_json())))
    assert again.as_json() == found.state.as_json()
    assert groups_by_name(update(camps(2), again)) == groups_by_name(found)
    assert State.from_json({}) == State()


def test_a_few_more_votes_move_nobody_who_has_not_voted():
    votes = camps(4, 200)
    found = update(votes)
    later = update(votes.also([("3", "5", 1), ("somebody", "1", 1)]), found.state)
    assert later.group_of[:200].tolist() == found.group_of.tolist()
    assert len(later.state.small) <= 100


def test_another_number_of_groups_is_shown_only_once_it_was_the_best_four_times_in_a_row():
    votes, state = camps(1), State(count=3)
    shown = []
    for _update in range(5):
        found = update(votes, state)
        state = found.state
        shown.append(found.group_count)
    assert shown == [3, 3, 3, 2, 2]


def test_groups_made_anew_keep_the_plane_and_the_small_clusters():
    state = update(camps(1, 300)).state
    anew = state.without_groups()
    assert (anew.small, anew.directions, anew.joined) == (state.small, state.directions, state.joined)
    assert (anew.groups, anew.count, anew.wish) == ({}, 0, (0, 0))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("123"), st.sampled_from([-1, 0, 1]))),
    st.integers(0, 20),
)
def test_votes_added_later_are_the_same_votes(cast, until):
    at_once, later = Votes.of(cast), Votes.of(cast[:until]).also(cast[until:])
    assert (later.participants, later.statements) == (at_once.participants, at_once.statements)
    assert np.array_equal(later.values, at_once.values, equal_nan=True)


def test_the_last_vote_counts_and_odd_ones_are_refused():
    votes = Votes.of([("a", "1", 1), ("b", "1", 0), ("a", "1", -1)])
    assert votes.values.tolist() == [[-1.0], [0.0]]
    with pytest.raises(BadVotes):
        Votes.of([("a", "1", 2)])
    with pytest.raises(BadVotes):
        votes.also([("a", "1", 2)])


# --- the plane ----------------------------------------------------------------------------------
def test_the_plane_is_that_of_the_largest_variances():
    random = np.random.default_rng(0)
    values = random.normal(size=(80, 6)) * [5, 3, 1, 1, 1, 1]
    expected = np.linalg.svd(values - values.mean(axis=0))[2][:2]
    for before in (None, np.zeros((2, 6)), random.normal(size=(2, 6))):
        found = plane_of(values, before)
        assert np.allclose(np.abs(found.directions @ expected.T), np.eye(2), atol=1e-6)


def test_who_voted_on_little_lies_further_out():
    plane = plane_of(np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, 1.0], [-1.0, -1.0]]))
    whole, half = plane.place(np.array([[1.0, 1.0], [1.0, np.nan]]), np.array([2.0, 1.0]))
    assert np.allclose(half, whole / 2 * 2**0.5)


# --- clusters -----------------------------------------------------------------------------------
FOUR = np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 0.0], [4.0, 1.0]])


def test_the_silhouette_of_two_pairs_is_that_of_the_definition():
    outside = (4 + 17**0.5) / 2
    assert silhouette(FOUR, np.array([0, 0, 1, 1])) == pytest.approx((outside - 1) / outside)
    inside, outside = np.array([5, 1 + 17**0.5, 4 + 17**0.5]) / 2, np.array([17**0.5, 4, 1])
    widths = [*(outside - inside) / np.maximum(inside, outside), 0]  # alone in its group: 0
    assert silhouette(FOUR, np.array([0, 0, 0, 1])) == pytest.approx(np.mean(widths))
    assert silhouette(FOUR, np.zeros(4, dtype=int)) == 0


def test_clusters_keep_their_numbers_and_new_ones_get_the_next():
    found = k_means(FOUR, np.ones(4), 3, {7: [2, 3], 2: [0, 1]}, turns=10)
    assert found.numbers.tolist() == [2, 7, 8]
    assert sorted(len(each) for each in found.members()) == [1, 1, 2]


def test_clusters_of_the_same_middle_become_one():
    found = k_means(FOUR[:2], np.ones(2), 1, {0: [0], 1: [1], 2: [0, 1], 3: [1, 0]}, turns=0)
    assert found.count <= 3


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8), st.booleans())
def test_everybody_is_nearest_to_their_own_centre(seed, count, again):
    random = np.random.default_rng(seed)
    points = random.normal(size=(40, 2)).round(1)
    weights = random.integers(1, 5, 40).astype(float)
    before = {0: [0, 1, 2], 5: [3, 4]} if again else None
    found = k_means(points, weights, count, before, turns=200, near=1e-12)
    assert found.of.tolist() == nearest(points, found.centres).tolist()
    for place, members in enumerate(found.members()):
        middle = np.average(points[members], axis=0, weights=weights[members])
        assert found.centres[place] == pytest.approx(middle)
