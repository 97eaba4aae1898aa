"""The queue model against what theory says: D/D/1, M/D/1, clearing times, growth, and who goes first."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tandem.signals.domain.aspect import Aspect
from tandem.signals.plant.arrivals import NotADemand, poisson_arrivals_s, uniform_arrivals_s
from tandem.signals.plant.queue import QueueOptions, QueuePlant
from tandem.signals.safety.command import SignalCommand
from tests.signals.control.small import FREE_MPS, command, crossing, two

TWO = two()
CROSSING = crossing()


def run(plant, green_at):
    """Run a plant to its end; ``green_at`` gives the green groups of a second."""
    plant.start()
    while not plant.done:
        plant.apply(0, command(plant.junction, green_at(plant.now_ms // 1000), now_ms=plant.now_ms))
        plant.step()
    return plant.passages


def red_then_green(red_s, cycle_s, group="K1"):
    return lambda second: {group} if second % cycle_s >= red_s else set()


def mean(values):
    return sum(values) / len(values)


# --- arrivals -------------------------------------------------------------------------------------
def test_uniform_arrivals_are_evenly_spaced_within_the_time():
    assert uniform_arrivals_s(600, duration_s=20).tolist() == [3, 9, 15]
    assert uniform_arrivals_s(0, duration_s=20).tolist() == []


def test_random_arrivals_have_the_mean_and_the_variance_of_poisson():
    random = np.random.default_rng(3)
    counts = [len(poisson_arrivals_s(360, duration_s=1_000, random=random)) for _each in range(2_000)]

    assert np.mean(counts) == pytest.approx(100, rel=0.01)
    assert np.var(counts) == pytest.approx(100, rel=0.1)


def test_random_arrivals_are_the_same_for_the_same_seed():
    first, second = (
        poisson_arrivals_s(500, duration_s=3_600, random=np.random.default_rng(7)) for _each in range(2)
    )

    assert first.tolist() == second.tolist()


@pytest.mark.parametrize(
    ("arrivals_s", "says"),
    [
        ({"k9": [1.0]}, "k9 are wrong: the junction has no such movement"),
        ({"k1": [-1.0]}, "-1.0 is no moment"),
        ({"k1": [math.nan]}, "nan is no moment"),
        ({"k1": [math.inf]}, "inf is no moment"),
    ],
)
def test_arrivals_that_cannot_be_are_refused(arrivals_s, says):
    with pytest.raises(NotADemand, match=says):
        QueuePlant(TWO, arrivals_s)


# --- closed-form answers --------------------------------------------------------------------------
@given(
    n=st.integers(1, 8),
    u=st.integers(1, 6),
    headway_s=st.integers(1, 3),
    more=st.integers(0, 5),
    cycles=st.integers(1, 4),
)
@settings(deadline=None, max_examples=60)
def test_mean_delay_of_uniform_arrivals_is_that_of_a_d_d_1_queue(n, u, headway_s, more, cycles):
    # Arrivals every a = h + u seconds and a red of n u: exactly n of each cycle have to wait. With the first one
    # half a headway after the beginning of green the steps of the queue have the fluid's area.
    gap_s, red_s = headway_s + u, n * u
    assume(gap_s / 2 <= red_s)  # the first one stands when green begins
    cycle_s = (n + more) * gap_s
    plant = QueuePlant(
        two(headway_ms=1_000 * headway_s),
        {"k1": uniform_arrivals_s(3_600 / gap_s, duration_s=cycles * cycle_s)},
        QueueOptions(duration_s=cycles * cycle_s + 1, startup_lost_s=headway_s / 2),
    )
    q, s = 1 / gap_s, 1 / headway_s

    passages = run(plant, red_then_green(red_s, cycle_s))

    assert len(passages) == cycles * (n + more)
    expected_s = red_s**2 / (2 * cycle_s * (1 - q / s))
    assert mean([each.left_s - each.due_s for each in passages]) == pytest.approx(expected_s)


def test_queue_clears_when_the_arrivals_have_been_caught_up():
    # r = 36 s, q = 1/6, s = 1/2 per second: the queue clears r q / (s - q) = 18 s after green begins.
    arrivals_s = uniform_arrivals_s(600, duration_s=60)
    plant = QueuePlant(TWO, {"k1": arrivals_s}, QueueOptions(duration_s=61, startup_lost_s=1.0))

    passages = run(plant, red_then_green(36, 60))

    delayed = [each for each in passages if each.left_s > each.due_s]
    assert delayed[-1].left_s + 1.0 == 36 + 18
    assert [each.left_s for each in passages if each not in delayed] == [57]


def test_headways_finer_than_a_second_are_exact():
    plant = QueuePlant(two(headway_ms=700), {"k1": [0.0] * 20}, QueueOptions(duration_s=30))

    passages = run(plant, red_then_green(3, 30))

    assert [each.left_s for each in passages] == pytest.approx([3 + 0.7 * number for number in range(20)])


def test_an_oversaturated_queue_grows_by_the_same_number_in_every_cycle():
    # 20 come and 12 leave in each cycle of 60 s.
    plant = QueuePlant(
        TWO,
        {"k1": uniform_arrivals_s(1_200, duration_s=600)},
        QueueOptions(duration_s=600, startup_lost_s=1.0),
    )
    queues = []
    while not plant.done:
        plant.apply(0, command(TWO, red_then_green(36, 60)(plant.now_ms // 1000)))
        plant.step()
        if plant.now_ms % 60_000 == 0:
            queues.append(plant.queued)

    assert queues == [8 * cycle for cycle in range(1, 11)]


def test_random_arrivals_at_a_stop_line_that_is_always_green_wait_as_in_an_m_d_1_queue():
    # Pollaczek and Khinchine: mean wait = rho h / (2 (1 - rho)); 0.7 x 2 s / 0.6 = 2.33 s.
    duration_s = 200_000
    arrivals_s = poisson_arrivals_s(1_260, duration_s=duration_s, random=np.random.default_rng(11))
    plant = QueuePlant(TWO, {"k1": arrivals_s}, QueueOptions(duration_s=duration_s))

    waits_s = [
        each.left_s - each.due_s for each in run(plant, lambda _second: {"K1"}) if each.left_s < math.inf
    ]

    assert mean(waits_s) == pytest.approx(0.7 * 2 / (2 * 0.3), rel=0.05)


# --- who may go -----------------------------------------------------------------------------------
def test_start_up_time_is_lost_only_by_those_who_stood():
    options = QueueOptions(duration_s=30, startup_lost_s=1.5)
    stood = QueuePlant(TWO, {"k1": [2.0, 4.0]}, options)
    rolled = QueuePlant(TWO, {"k1": [10.5]}, options)

    assert [each.left_s for each in run(stood, red_then_green(10, 60))] == [11.5, 13.5]
    assert [each.left_s for each in run(rolled, red_then_green(10, 60))] == [10.5]


@pytest.mark.parametrize(("used_s", "left_s"), [(0.0, [0, 2, 4]), (1.5, [0, 2, 4, 6]), (9.0, [0, 2, 4, 6])])
def test_yellow_is_used_as_long_as_the_options_say(used_s, left_s):
    plant = QueuePlant(TWO, {"k1": [0.0] * 9}, QueueOptions(duration_s=20, yellow_used_s=used_s))
    while not plant.done:
        second = plant.now_ms // 1000
        shown = {"green": ["K1"] if second < 5 else [], "yellow": ["K1"] if 5 <= second < 8 else []}
        plant.apply(0, command(TWO, **shown))
        plant.step()

    assert [each.left_s for each in plant.passages if each.left_s < math.inf] == left_s


def test_a_lane_is_first_come_first_served_whatever_they_turn():
    plant = QueuePlant(CROSSING, {"k1": [3.0, 1.0], "k1-right": [2.0]}, QueueOptions(duration_s=20))

    passages = run(plant, red_then_green(5, 60))

    assert [(CROSSING.movements[each.movement].id, each.left_s) for each in passages] == [
        ("k1", 5),
        ("k1-right", 7),
        ("k1", 9),
    ]


def give_way(walkers_s, *, protected):
    """Return when a right turn that is due at 1 s leaves past people on foot."""
    plant = QueuePlant(CROSSING, {"k1-right": [1.0], "f1": walkers_s}, QueueOptions(duration_s=30, gap_s=4.0))
    while not plant.done:
        shown = command(CROSSING, {"K1", "F1"})
        letting = tuple(protected and way for way in shown.protected)
        plant.apply(0, SignalCommand(0, shown.aspects, letting, shown.source))
        plant.step()
    return plant.passages[0].left_s


def test_who_gives_way_waits_for_a_gap():
    assert give_way([2.0, 5.0, 8.0, 13.0], protected=False) == 8.0
    assert give_way([6.0], protected=False) == 1.0
    assert give_way([2.0, 5.0, 8.0, 13.0], protected=True) == 1.0


DEMANDS = st.dictionaries(
    st.sampled_from([movement.id for movement in CROSSING.movements]),
    st.lists(st.floats(0, 100), max_size=25),
)
STAGES = st.lists(st.tuples(st.sampled_from([*CROSSING.stages, None]), st.integers(1, 20)), min_size=1)


@given(demand=DEMANDS, shown=STAGES, lost_s=st.floats(0, 3))
@settings(deadline=None, max_examples=60)
def test_nobody_is_lost_nobody_jumps_the_queue_and_nobody_passes_a_red(demand, shown, lost_s):
    timeline = [stage.green if stage else frozenset() for stage, seconds in shown for _each in range(seconds)]
    plant = QueuePlant(CROSSING, demand, QueueOptions(duration_s=len(timeline), startup_lost_s=lost_s))

    passages = run(plant, timeline.__getitem__)
    outcome = plant.close()

    due = sum(moment < len(timeline) for moments in demand.values() for moment in moments)
    left = [each for each in passages if each.left_s < math.inf]
    assert len(passages) == due == len(outcome.trips) == len(left) + plant.queued
    assert sum(trip.finished for trip in outcome.trips) == len(left)
    for passage in left:
        movement = CROSSING.movements[passage.movement]
        assert passage.left_s >= passage.due_s
        assert movement.group in timeline[math.floor(passage.left_s)]
    for lane in CROSSING.lanes:
        queue = [each for each in passages if CROSSING.movements[each.movement].lane == lane.id]
        assert all(one.due_s <= other.due_s and one.left_s <= other.left_s for one, other in pairwise(queue))
        assert all(
            other.left_s - one.left_s >= CROSSING.movements[one.movement].headway_ms / 1000 - 1e-9
            for one, other in pairwise(queue)
            if other.left_s < math.inf
        )


# --- what is seen ---------------------------------------------------------------------------------
def test_road_users_are_seen_by_distance_to_the_stop_line():
    plant = QueuePlant(TWO, {"k1": [0.5, 1.0, 6.0, 60.0], "k2": [30.0]}, QueueOptions(duration_s=60))
    plant.apply(0, command(TWO, ()))
    for _second in range(3):
        plant.step()

    (seen,) = plant.observe()

    assert seen.at_ms == 3_000
    assert seen.users["movement"].tolist() == [0, 0, 0]
    assert seen.users["distance_m"].tolist() == pytest.approx([0.0, 7.5, 3 * FREE_MPS])
    assert seen.users["speed_mps"].tolist() == pytest.approx([0.0, 0.0, FREE_MPS])
    assert seen.users["waited_s"].tolist() == [2.5, 2.0, 0.0]
    assert not seen.users["through"].any()


def test_who_passes_the_stop_line_within_a_second_is_seen_moving():
    plant = QueuePlant(TWO, {"k1": [0.0] * 4}, QueueOptions(duration_s=60))
    plant.apply(0, command(TWO, ()))
    plant.step()
    plant.apply(0, command(TWO, {"K1"}))

    assert (plant.observe()[0].users["speed_mps"] > 0).tolist() == [True, False, False, False]
    plant.step()
    assert (plant.observe()[0].users["speed_mps"] > 0).tolist() == [False, False, False]


def test_in_free_flow_everybody_is_seen_passing_exactly_once():
    plant = QueuePlant(TWO, {"k1": [3.1 * number for number in range(15)]}, QueueOptions(duration_s=60))
    passing = 0
    while not plant.done:
        plant.apply(0, command(TWO, {"K1"}))
        users = plant.observe()[0].users
        passing += ((users["speed_mps"] > 2.0) & (users["distance_m"] < users["speed_mps"])).sum()
        plant.step()

    assert passing == 15
    assert all(each.left_s == each.due_s for each in plant.passages)


def test_who_has_left_is_inside_the_junction_and_then_at_the_exit():
    # 20 m inside and 80 m beyond at 13.9 m/s: inside for 1.4 s, at the exit until 7.2 s after leaving.
    plant = QueuePlant(TWO, {"k1": [0.0]}, QueueOptions(duration_s=60))
    views = []
    for _second in range(10):
        plant.apply(0, command(TWO, {"K1"}))
        plant.step()
        views.append(plant.observe()[0])

    assert [view.inside[0] for view in views] == [1] + [0] * 9
    assert [view.exits["count"][0] for view in views] == [0] + [1] * 6 + [0] * 3
    assert views[2].exits["used_m"][0] == 7.5
    assert views[2].exits["tail_gap_m"][0] == pytest.approx(3 * FREE_MPS - 20)
    assert views[9].exits["tail_gap_m"][0] == 80


def test_who_turns_is_inside_for_longer():
    # 20 m at 7 m/s take 2.9 s, at 13.9 m/s only 1.4 s.
    plant = QueuePlant(CROSSING, {"k1-right": [0.0], "k2": [0.0]}, QueueOptions(duration_s=60))
    inside = []
    for _second in range(4):
        plant.apply(0, command(CROSSING, {"K1", "K2"}))
        plant.step()
        inside.append(plant.observe()[0].inside[1:3].tolist())

    assert inside == [[1, 1], [1, 0], [0, 0], [0, 0]]


def test_people_on_foot_are_inside_for_as_long_as_they_cross():
    plant = QueuePlant(CROSSING, {"f1": [0.0]}, QueueOptions(duration_s=60))
    inside, slow = [], []
    for _second in range(8):
        plant.apply(0, command(CROSSING, {"F1"}))
        plant.step()
        seen = plant.observe()[0]
        inside.append(seen.inside[5])
        slow.append(seen.in_box[5])

    assert inside == [1] * 6 + [0] * 2  # 8 m at 1.3 m/s take 6.2 s
    assert slow == [1] * 3 + [0] * 5  # until 2.5 s before they are out


# --- what became of them --------------------------------------------------------------------------
def test_trips_say_what_was_lost():
    plant = QueuePlant(CROSSING, {"r2": [4.0, 30.5], "k1": [10.0]}, QueueOptions(duration_s=60))
    run(plant, red_then_green(20, 60, "R2"))

    trips = {
        (trip.kind, trip.delay_s, trip.wait_s, trip.stops, trip.finished) for trip in plant.close().trips
    }

    assert trips == {("bicycle", 16, 16, 1, True), ("bicycle", 0, 0, 0, True), ("car", 50, 50, 1, False)}


def test_a_run_is_locked_when_somebody_stands_for_more_than_ten_minutes():
    plant = QueuePlant(TWO, {"k1": [50.0]}, QueueOptions(duration_s=700))
    run(plant, lambda _second: {"K2"})
    short = QueuePlant(TWO, {"k1": [50.0]}, QueueOptions(duration_s=650))
    run(short, lambda _second: {"K2"})

    assert plant.close().locked_at_s == 51
    assert short.close().locked_at_s is None
    assert plant.close().queues[:7] == ((10, 0), (20, 0), (30, 0), (40, 0), (50, 0), (60, 1), (70, 1))


def test_all_signals_are_red_before_the_first_command():
    plant = QueuePlant(TWO, {"k1": [0.0]}, QueueOptions(duration_s=5))
    while not plant.done:
        plant.step()

    assert plant.queued == 1
    assert Aspect.GREEN not in {signal.aspect for signal in plant._signals.values()}
