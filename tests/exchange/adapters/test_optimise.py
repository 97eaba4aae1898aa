"""The best pairs: against trying all, against networkx, the same however the input comes, and honest about time."""

import random
from collections import Counter
from contextlib import suppress
from hashlib import sha256

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.adapters.optimise import MOST_LOT, NoMatchingInTime, best_pairs, lot
from tests.exchange.domain.matching import slow

NAMES = tuple("abcdef")
KEYS = tuple((one, other) for one in NAMES for other in NAMES if one < other)


@st.composite
def problems(draw, *, most=10_000):
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=11))
    places = {name: draw(st.integers(0, 2)) for name in NAMES}
    return {each: draw(st.integers(1, most)) for each in keys}, places


def random_points(seed, cities, *, share, most=10_000):
    chance = random.Random(seed)
    names = [f"c{number:03}" for number in range(cities)]
    return names, {
        (one, other): chance.randint(1, most)
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        if chance.random() < share
    }


# --- against trying all ---------------------------------------------------------------------------
@given(problems())
def test_no_choice_has_more_points(problem):
    points, places = problem

    found = best_pairs(points, places, unserved=NAMES)

    assert found.pairs == tuple(slow.best(points, places, NAMES, lot))
    assert found.points == found.bound == sum(points[each] for each in found.pairs)
    assert found.optimal
    assert found.decided


@given(problems(most=2), st.sets(st.sampled_from(NAMES)))
def test_ties_go_to_more_cities_with_a_partner_and_then_to_the_lots(problem, unserved):
    points, places = problem

    found = best_pairs(points, places, unserved=unserved, word="2026")

    by_lot = slow.best(points, places, unserved, lambda pair: lot(pair, word="2026"))
    assert found.pairs == tuple(by_lot)
    assert found.decided


@given(problems(most=3), st.randoms())
def test_the_order_of_input_changes_nothing(problem, chance):
    points, places = problem
    shuffled, cities = list(points.items()), list(places.items())
    chance.shuffle(shuffled)
    chance.shuffle(cities)

    assert best_pairs(dict(shuffled), dict(cities), unserved=NAMES) == best_pairs(
        points, places, unserved=NAMES
    )


# --- by hand --------------------------------------------------------------------------------------
def test_three_cities_with_one_place_each_make_one_pair():
    # the programme without whole numbers would take half of each pair: 15
    points = {("a", "b"): 10, ("a", "c"): 10, ("b", "c"): 10}

    found = best_pairs(points, {"a": 1, "b": 1, "c": 1}, unserved=())

    assert (found.points, found.bound, len(found.pairs)) == (10, 10, 1)


def test_two_smaller_pairs_can_be_better_than_the_best_one():
    points = {("a", "b"): 6, ("b", "c"): 10, ("c", "d"): 6}

    found = best_pairs(points, dict.fromkeys("abcd", 1), unserved=())

    assert found.pairs == (("a", "b"), ("c", "d"))


def test_more_cities_are_served_where_points_are_equal():
    # a has two places: with b and c, or d-e and one of the two; the points are the same
    points = {("a", "b"): 4, ("a", "c"): 4, ("d", "e"): 4}
    places = {"a": 2, "b": 1, "c": 1, "d": 1, "e": 1}
    assert len(best_pairs(points, places, unserved=NAMES).pairs) == 3

    either = {("a", "b"): 4, ("a", "c"): 4, ("b", "d"): 4}
    found = best_pairs(either, {"a": 2, "b": 1, "c": 1, "d": 1}, unserved=NAMES)

    assert found.pairs == (("a", "c"), ("b", "d"))


def test_without_pairs_there_is_nothing_to_choose():
    found = best_pairs({}, {"a": 1}, unserved=("a",))

    assert (found.pairs, found.points, found.bound, found.decided) == ((), 0, 0, True)


def test_lots_can_be_drawn_again_by_anybody():
    drawn = sha256(b"2026/0/arezzo/hamm").digest()

    assert lot(("arezzo", "hamm"), word="2026") == 1 + int.from_bytes(drawn[:8], "big") % MOST_LOT
    assert lot(("arezzo", "hamm"), word="2026", turn=1) != lot(("arezzo", "hamm"), word="2026")


# --- larger ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("share", "most"), [(1.0, 10_000), (0.3, 10_000), (0.5, 3)])
def test_forty_cities_with_one_place_are_as_networkx_says(seed, share, most):
    names, points = random_points(seed, 40, share=share, most=most)
    graph = nx.Graph()
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in points.items())
    theirs = sum(graph.edges[each]["weight"] for each in nx.max_weight_matching(graph))

    found = best_pairs(points, dict.fromkeys(names, 1), unserved=names)

    assert (found.points, found.bound, found.decided) == (theirs, theirs, True)


def test_no_city_is_in_more_pairs_than_it_has_places():
    names, points = random_points(1, 120, share=0.5)
    places = {name: number % 4 for number, name in enumerate(names)}

    found = best_pairs(points, places, unserved=names)

    taken = Counter(name for pair in found.pairs for name in pair)
    assert all(taken[name] <= places[name] for name in names)
    assert found.optimal


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.4])
def test_a_hasty_result_says_how_far_it_may_be_from_the_best(seconds):
    names, points = random_points(2, 160, share=0.6)
    places = dict.fromkeys(names, 2)
    best = best_pairs(points, places, unserved=names)

    with suppress(NoMatchingInTime):  # how far it gets depends on the machine
        hasty = best_pairs(points, places, unserved=names, time_limit_s=seconds)

        assert hasty.points <= best.points <= hasty.bound
        assert hasty == best or not hasty.decided
