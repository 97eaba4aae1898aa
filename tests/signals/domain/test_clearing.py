"""Intergreens from geometry, with cases that can be worked out by hand."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.signals.domain.clearing import (
    DEFAULT_RULES,
    ClearingRules,
    Crossing,
    Driving,
    Points,
    clearance,
    crossing_of,
    intergreen_s,
    intergreens_from_geometry,
    meeting,
    needed_intergreen_ms,
    needed_intergreens_ms,
)
from tandem.signals.domain.junction import Clearance, GroupKind, Junction, Movement, Turn
from tests.signals.junctions import simple

SIMPLE = simple()
EASTWARD: Points = ((0.0, 0.0), (30.0, 0.0))
COORDINATE = st.floats(-50, 50).map(lambda metres: round(metres, 2))
POLYLINE = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=4)


def with_kinds(clearing: GroupKind, entering: GroupKind, *, turn: Turn = Turn.STRAIGHT) -> Junction:
    """Return two streets whose ways meet: cleared after 21 m, reached after 10 m."""
    first, second = SIMPLE.groups
    one, other = SIMPLE.movements
    return replace(
        SIMPLE,
        groups=(replace(first, kind=clearing), replace(second, kind=entering)),
        movements=(replace(one, turn=turn), other),
        clearances=(Clearance("eastbound", "northbound", 21.0, 10.0),),
    )


# --- times ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("clearing", "entering", "turn", "seconds"),
    [
        (GroupKind.VEHICLE, GroupKind.VEHICLE, Turn.STRAIGHT, 3 + 27 / 10 - 0.9),
        (GroupKind.VEHICLE, GroupKind.VEHICLE, Turn.LEFT, 2 + 27 / 7 - 0.9),
        (GroupKind.VEHICLE, GroupKind.CYCLE, Turn.RIGHT, 2 + 27 / 7 - 10 / 5),
        (GroupKind.VEHICLE, GroupKind.PEDESTRIAN, Turn.STRAIGHT, max(3 + 27 / 10 - 10 / 1.5, 0)),
        (GroupKind.CYCLE, GroupKind.VEHICLE, Turn.STRAIGHT, 1 + 21 / 4 - 0.9),
        (GroupKind.PEDESTRIAN, GroupKind.VEHICLE, Turn.CROSSING, 21 / 1.2 - 0.9),
        (GroupKind.BUS, GroupKind.VEHICLE, Turn.LEFT, 3 + 33 / 7 - 0.9),
        (GroupKind.TRAM, GroupKind.TRAM, Turn.STRAIGHT, 3 + 36 / 7 - 1.8),
    ],
)
def test_each_kind_clears_and_enters_in_its_own_way(
    clearing: GroupKind, entering: GroupKind, turn: Turn, seconds: float
):
    junction = with_kinds(clearing, entering, turn=turn)

    assert needed_intergreen_ms(junction, "K1", "K2") == 1000 * math.ceil(seconds)


def test_a_whole_number_of_seconds_is_not_rounded_up():
    """2 s + 21 m / 7 m/s - 0 s = 5 s."""
    rules = ClearingRules(straight=Driving(2.0, 7.0, 10.0, 0.0))
    junction = replace(SIMPLE, clearances=(Clearance("eastbound", "northbound", 21.0, 0.0),))

    assert needed_intergreen_ms(junction, "K1", "K2", rules) == 5_000


def test_what_binary_fractions_add_is_not_rounded_up():
    """1.1 s + 2.2 s - 0.3 s = 3 s, which floats make 3.0000000000000004 s."""
    rules = ClearingRules(straight=Driving(1.1, 1.0, 1.0))
    junction = replace(SIMPLE, clearances=(Clearance("eastbound", "northbound", 2.2, 0.3),))

    assert 1.1 + 2.2 - 0.3 > 3
    assert needed_intergreen_ms(junction, "K1", "K2", rules) == 3_000


def test_groups_that_do_not_meet_need_nothing():
    junction = with_kinds(GroupKind.VEHICLE, GroupKind.VEHICLE)

    assert needed_intergreen_ms(junction, "K2", "K1") is None
    assert needed_intergreens_ms(SIMPLE) == {}


def test_the_longest_of_a_groups_movements_counts():
    junction = with_kinds(GroupKind.VEHICLE, GroupKind.VEHICLE)
    far = Clearance("eastbound", "northbound", 41.0, 10.0)

    assert needed_intergreens_ms(replace(junction, clearances=(*junction.clearances, far))) == {
        ("K1", "K2"): 7_000
    }


def test_a_matrix_from_geometry_keeps_yellow_and_leaves_out_a_group_itself():
    """Pedestrians far from the stop line need nothing, but the yellow of those who clear lasts 3 s."""
    junction = with_kinds(GroupKind.VEHICLE, GroupKind.PEDESTRIAN)
    junction = replace(
        junction,
        clearances=(
            Clearance("eastbound", "northbound", 5.0, 10.0),
            Clearance("eastbound", "eastbound", 20.0, 0.0),
        ),
    )

    assert needed_intergreens_ms(junction) == {("K1", "K2"): 0, ("K1", "K1"): 6_000}
    assert intergreens_from_geometry(junction) == {("K1", "K2"): 3_000}


@settings(deadline=None)
@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_more_to_clear_never_asks_for_less(clearing_m: float, more_m: float, entering_m: float):
    car = DEFAULT_RULES.straight
    short = intergreen_s(car, car, clearing_m=clearing_m, entering_m=entering_m)

    assert 0 <= short <= intergreen_s(car, car, clearing_m=clearing_m + more_m, entering_m=entering_m)


# --- where ways meet ------------------------------------------------------------------------------
@pytest.mark.parametrize("across_m", [5.0, 12.3, 20.01])
@pytest.mark.parametrize("width_m", [2.0, 3.1])
def test_ways_at_a_right_angle_meet_a_width_around_their_crossing(across_m: float, width_m: float):
    northward = ((across_m, -10.0), (across_m, 10.0))

    assert crossing_of(EASTWARD, northward, width_m) == pytest.approx((across_m + width_m, 10.0 - width_m))
    assert crossing_of(northward, EASTWARD, width_m) == pytest.approx((10.0 + width_m, across_m - width_m))


def test_ways_at_an_angle_of_45_degrees_meet_along_a_longer_part():
    """The distance of two lines at 45 degrees grows by 1 m for each 1.414 m on one of them."""
    slanting = ((5.0, -10.0), (25.0, 10.0))
    half_m = 2.0 * math.sqrt(2)

    assert crossing_of(EASTWARD, slanting, 2.0) == pytest.approx((15 + half_m, 10 * math.sqrt(2) - half_m))


def test_ways_that_merge_stay_in_conflict_to_their_end():
    """The second way comes down at a right angle and joins the first one after 12 m."""
    merging = ((10.0, 12.0), (10.0, 0.0), (30.0, 0.0))

    assert crossing_of(EASTWARD, merging, 2.0) == Crossing(30.0, 10.0)
    assert crossing_of(merging, EASTWARD, 2.0) == Crossing(32.0, 8.0)


def test_ways_side_by_side_meet_only_within_the_width():
    beside = ((0.0, 3.5), (30.0, 3.5))

    assert crossing_of(EASTWARD, beside, 3.4) is None
    assert crossing_of(EASTWARD, beside, 3.5) == Crossing(30.0, 0.0)


def test_ways_exactly_a_width_apart_meet_whatever_binary_fractions_say():
    beside = ((0.0, 0.1 + 0.2), (30.0, 0.1 + 0.2))

    assert crossing_of(EASTWARD, beside, 0.3) == Crossing(30.0, 0.0)


def test_a_way_that_ends_before_the_other_meets_it_by_its_end():
    """The end is 1.2 m short of the other way: 1.6 m to either side are within 2 m of it."""
    ending = ((10.0, -11.2), (10.0, -1.2))

    assert meeting(EASTWARD, ending, width_m=2.0) == pytest.approx((8.4, 11.6, 9.2, 10.0))


def test_points_that_stand_twice_change_nothing():
    northward = ((10.0, -10.0), (10.0, -10.0), (10.0, 10.0), (10.0, 10.0))

    assert crossing_of(EASTWARD, northward, 2.0) == Crossing(12.0, 8.0)
    assert crossing_of(northward, EASTWARD, 2.0) == Crossing(12.0, 8.0)


@settings(deadline=None)
@given(POLYLINE, POLYLINE, st.floats(0.5, 5))
def test_what_is_found_holds_every_place_that_is_close(one: Points, other: Points, width_m: float):
    """Judge: places a few centimetres apart on both ways, and their distances."""
    found = meeting(one, other, width_m=width_m)
    close = [
        (along_a, along_b)
        for along_a, a in sampled(one)
        for along_b, b in sampled(other)
        if math.dist(a, b) <= width_m
    ]

    if found is None:
        assert close == []
    for along_a, along_b in close:
        assert found is not None
        assert found[0] - 1e-5 <= along_a <= found[1] + 1e-5
        assert found[2] - 1e-5 <= along_b <= found[3] + 1e-5


@settings(deadline=None)
@given(POLYLINE, POLYLINE, st.floats(0.5, 5))
def test_the_ends_of_what_is_found_are_close(one: Points, other: Points, width_m: float):
    """Nothing longer than needed is found: each end lies within the width of the other way."""
    found = meeting(one, other, width_m=width_m)
    if found is None:
        return
    for way, rival, ends_m in ((one, other, found[:2]), (other, one, found[2:])):
        for along_m in ends_m:
            assert distance_m(place(way, along_m), rival) <= width_m + 1e-4


def sampled(way: Points, count: int = 40) -> list[tuple[float, tuple[float, float]]]:
    length_m = sum(math.dist(a, b) for a, b in pairwise(way))
    return [(length_m * step / count, place(way, length_m * step / count)) for step in range(count + 1)]


def place(way: Points, along_m: float) -> tuple[float, float]:
    """Return the point so many metres along a way."""
    for (x, y), (to_x, to_y) in pairwise(way):
        leg_m = math.dist((x, y), (to_x, to_y))
        if along_m <= leg_m and leg_m:
            share = along_m / leg_m
            return x + share * (to_x - x), y + share * (to_y - y)
        along_m -= leg_m
    return way[-1]


def distance_m(point: tuple[float, float], way: Points) -> float:
    """Return the distance of a point from a way, by its projection on each leg."""
    distances = []
    for (x, y), (to_x, to_y) in pairwise(way):
        dx, dy = to_x - x, to_y - y
        square = dx * dx + dy * dy
        share = ((point[0] - x) * dx + (point[1] - y) * dy) / square if square else 0.0
        share = min(max(share, 0.0), 1.0)
        distances.append(math.dist(point, (x + share * dx, y + share * dy)))
    return min(distances)


# --- clearances -----------------------------------------------------------------------------------
def test_pedestrians_are_cleared_and_enter_from_either_side():
    """A crossing of 14 m that a car's lane meets near one kerb: 2 to 6 m from it, 8 to 12 m from the other."""
    car = Movement("car", "lane", "out", "K1")
    walk = Movement("walk", "kerb", "", "F1", Turn.CROSSING)
    ways: dict[str, Points] = {"car": EASTWARD, "walk": ((20.0, -4.0), (20.0, 10.0))}

    assert clearance(walk, car, ways) == Clearance("walk", "car", 12.0, 18.0)
    assert clearance(car, walk, ways) == Clearance("car", "walk", 22.0, 2.0)
    assert clearance(car, walk, {**ways, "walk": ((40.0, -4.0), (40.0, 10.0))}) is None
