"""Where queues do not clear, greens last as long as the plan gives them."""

from dataclasses import replace

import numpy as np
import pytest

from tandem.signals.control.planner import Planner
from tandem.signals.control.saturation import Saturation, plan_greens_s
from tandem.signals.control.tables import tables_of
from tandem.signals.domain.junction import Lane
from tests.signals.control.small import crossing, plan, seeing, showing, standing, two

TWO = two(green_s=(24, 14))
FREE_S, KEPT_S = 5.0, 0.85 * 30.0
LONG = [standing("k1", place=place) for place in range(20)]
SHORT = LONG[:10]
NOT_STUCK = np.zeros(2)


def watched(*, until_s: int = 61, junction=TWO, users=LONG, stuck_s=NOT_STUCK, since_s: int = 0):
    """Return the least greens of both streets after these have been seen every second."""
    return watch(Saturation(junction, tables_of(junction), far_m=100.0), users, since_s, until_s, stuck_s)


def watch(saturation, users, since_s, until_s, stuck_s=NOT_STUCK, junction=TWO) -> list[float]:
    seen = seeing(junction, *users)
    for second in range(since_s, until_s):
        least_s = saturation.least_s(seen, seen.users, stuck_s, now_ms=1_000 * second)
    return list(least_s)


def test_a_queue_that_reaches_far_for_a_minute_keeps_its_green_for_most_of_the_plans():
    assert watched(until_s=60) == [FREE_S, FREE_S]
    assert watched(until_s=61) == [KEPT_S, FREE_S]


def test_a_queue_that_is_short_is_planned_freely():
    assert watched(users=SHORT, until_s=300) == [FREE_S, FREE_S]


def test_those_who_drive_or_have_another_signal_before_them_are_no_queue():
    driving = [user | {"speed_mps": 10.0} for user in LONG]
    behind_another = [user | {"through": 1} for user in LONG]

    assert watched(users=driving, until_s=300) == [FREE_S, FREE_S]
    assert watched(users=behind_another, until_s=300) == [FREE_S, FREE_S]


def test_no_green_is_kept_for_an_exit_that_is_full_or_for_the_last_one():
    saturation = Saturation(TWO, tables_of(TWO), far_m=100.0)
    watch(saturation, LONG, 0, 100)

    assert watch(saturation, LONG, 100, 101, np.array([10.0, 0.0])) == [FREE_S, FREE_S]
    assert watch(saturation, [LONG[0]], 101, 102) == [FREE_S, FREE_S]
    assert watch(saturation, LONG, 102, 103) == [KEPT_S, FREE_S]


def test_no_green_is_kept_while_somebody_stands_inside():
    saturation = Saturation(TWO, tables_of(TWO), far_m=100.0)
    watch(saturation, LONG, 0, 100)
    seen = seeing(TWO, *LONG)

    caught = saturation.least_s(seen, seen.users, NOT_STUCK, now_ms=100_000, caught=True)
    free = saturation.least_s(seen, seen.users, NOT_STUCK, now_ms=101_000)

    assert list(caught) == [FREE_S, FREE_S]
    assert list(free) == [KEPT_S, FREE_S]


@pytest.mark.parametrize(
    ("standing_there", "least_s"),
    [
        ((80.0, 75.0, 10, 0.0), FREE_S),  # no room for one more
        ((80.0, 72.0, 10, 0.0), KEPT_S),
        ((80.0, 75.0, 10, 5.0), KEPT_S),  # they move
        ((200.0, 195.0, 26, 0.0), KEPT_S),  # a long way to the next signal
        ((0.0, 195.0, 26, 0.0), KEPT_S),  # no next signal
    ],
)
def test_no_green_is_kept_while_a_short_exit_is_full_of_those_who_stand(standing_there, least_s):
    saturation = Saturation(TWO, tables_of(TWO), far_m=100.0)
    watch(saturation, LONG, 0, 100)
    seen = seeing(TWO, *LONG)
    columns = ["storage_m", "used_m", "count", "mean_speed_mps"]
    for name, value in zip(columns, standing_there, strict=True):
        seen.exits[1][name] = value

    assert list(saturation.least_s(seen, seen.users, NOT_STUCK, now_ms=100_000)) == [least_s, FREE_S]


def test_the_planner_leaves_a_saturated_green_while_somebody_stands_inside():
    planner = Planner(TWO)
    seen = seeing(TWO, *LONG)
    for second in range(100):
        seen.in_box[0] = second > 90
        planner.decide(seen, showing(TWO, "A", now_s=second, since_s=second))
    everybody = seeing(TWO, *LONG, *(standing("k2", waited_s=300, place=place) for place in range(10)))
    everybody.in_box[0] = 1

    wish = planner.decide(everybody, showing(TWO, "A", now_s=100, since_s=90))

    assert "K1" not in wish.green


@pytest.mark.parametrize(("lasts_s", "remembered_s"), [(60, 60), (100, 100), (121, 120), (300, 120)])
def test_saturation_is_remembered_for_as_long_as_it_has_lasted_one_to_two_minutes(lasts_s, remembered_s):
    saturation = Saturation(TWO, tables_of(TWO), far_m=100.0)
    over_s = lasts_s + remembered_s + 1
    watch(saturation, LONG, 0, lasts_s + 1)

    assert watch(saturation, SHORT, lasts_s + 1, over_s) == [KEPT_S, FREE_S]
    assert watch(saturation, SHORT, over_s, over_s + 1) == [FREE_S, FREE_S]
    assert watch(saturation, LONG, over_s + 1, over_s + 40) == [FREE_S, FREE_S]


def test_lanes_of_one_approach_are_saturated_together():
    one = replace(TWO, lanes=tuple(Lane(lane.id, TWO.lanes[0].approach) for lane in TWO.lanes))
    both = [*LONG, standing("k2"), standing("k2", place=1)]

    assert watched(users=both) == [KEPT_S, FREE_S]
    assert watched(users=both, junction=one) == [KEPT_S, 0.85 * 20.0]


def test_no_plan_keeps_a_green_for_ever():
    assert watched(junction=two(green_s=(120, 14))) == [0.85 * 45.0, FREE_S]


def test_the_longest_green_of_a_plan_goes_over_the_end_of_its_cycle():
    junction = replace(crossing(), plans=(plan(("A", 10), ("B", 20), ("A", 15)),))

    assert plan_greens_s(junction) == {"K1": 25.0, "F1": 25.0, "K2": 20.0, "R2": 20.0, "L1": 0.0}


@pytest.mark.parametrize(("seconds", "green"), [(1, {"K2"}), (100, {"K1"})])
def test_the_planner_stays_with_a_saturated_queue_whoever_else_waits(seconds, green):
    planner = Planner(TWO)
    for second in range(seconds):
        planner.decide(seeing(TWO, *LONG), showing(TWO, "A", now_s=second, since_s=second))
    everybody = seeing(TWO, *LONG, *(standing("k2", waited_s=300, place=place) for place in range(20)))

    wish = planner.decide(everybody, showing(TWO, "A", now_s=seconds, since_s=seconds - 10))

    assert wish.green == green
