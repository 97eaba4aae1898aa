"""The simple rules choose what a hand calculation chooses, and together with the gate serve everybody."""

from dataclasses import replace

import numpy as np
import pytest

from tandem.signals.control.actuated import Actuated
from tandem.signals.control.fixed import FixedPlan
from tandem.signals.control.rules import LongestQueue, MaxPressure, RuleSettings, Wave
from tandem.signals.control.webster import WebsterPlan
from tandem.signals.domain.junction import Stage
from tandem.signals.plant.arrivals import poisson_arrivals_s
from tests.signals.control.small import crossing, drive, seeing, showing, standing, two

TWO = two()
CROSSING = crossing()


def chosen(rule, junction, stage, *users, counts=None, settings=None):
    """Return the stage that a rule chooses while another one is shown."""
    controller = rule(junction, settings)
    heads = showing(junction, stage)
    controller.stages.follow(heads)
    seen = seeing(junction, *users)
    for number, exit_ in enumerate(junction.exits):
        seen.exits["count"][number] = (counts or {}).get(exit_.id, 0)
    number, _reason = controller.choose(seen, heads)
    return junction.stages[number].id


def queue(movement, length, **more):
    return [{**standing(movement, place=place), **more} for place in range(length)]


# --- longest queue --------------------------------------------------------------------------------
def test_longest_queue_serves_the_stage_with_most_who_stand():
    assert chosen(LongestQueue, TWO, "A", *queue("k1", 2), *queue("k2", 3)) == "B"
    assert chosen(LongestQueue, TWO, "A", *queue("k1", 3), *queue("k2", 2)) == "A"


def test_longest_queue_adds_up_the_movements_of_a_stage():
    users = [*queue("k1", 3), *queue("k2", 2), *queue("r2", 2)]

    assert chosen(LongestQueue, CROSSING, "A", *users) == "B"


def test_longest_queue_counts_nobody_who_moves():
    rolling = queue("k2", 5, speed_mps=0.2)

    assert chosen(LongestQueue, TWO, "A", *queue("k1", 1), *rolling) == "A"
    assert (
        chosen(LongestQueue, TWO, "A", *queue("k1", 1), *rolling, settings=RuleSettings(queued_mps=0.3))
        == "B"
    )


@pytest.mark.parametrize("rule", [LongestQueue, MaxPressure, Wave])
def test_a_tie_changes_nothing(rule):
    users = [*queue("k1", 2), *queue("k2", 2)]

    assert [chosen(rule, TWO, stage, *users) for stage in "AB"] == ["A", "B"]


@pytest.mark.parametrize("rule", [LongestQueue, MaxPressure, Wave])
def test_who_still_has_another_signal_ahead_does_not_count(rule):
    assert chosen(rule, TWO, "A", *queue("k1", 1), *queue("k2", 4, through=1)) == "A"
    assert chosen(rule, TWO, "A", *queue("k1", 1), *queue("k2", 4)) == "B"


def test_giving_way_counts_as_being_served():
    stages = (Stage("A", frozenset({"K1", "L1"}), frozenset({"L1"})), *CROSSING.stages[1:])
    giving_way = replace(
        CROSSING,
        stages=stages,
        movements=tuple(
            replace(each, yields_to=("k1",)) if each.id == "l1" else each for each in CROSSING.movements
        ),
    )
    users = [*queue("k1", 1), *queue("l1", 3)]

    assert chosen(LongestQueue, giving_way, "A", *users) == "A"
    without_c = replace(giving_way, stages=stages[:2], plans=())
    assert chosen(LongestQueue, without_c, "B", *users) == "A"


# --- max pressure ---------------------------------------------------------------------------------
def test_max_pressure_takes_off_who_stands_beyond():
    # A: 5 come and 4 stand at its exit: 1. B: 2 come and none stands: 2.
    users = [*queue("k1", 5), *queue("k2", 2)]

    assert chosen(MaxPressure, TWO, "A", *users, counts={"to-K1": 4}) == "B"
    assert chosen(MaxPressure, TWO, "A", *users, counts={"to-K1": 3}) == "A"


def test_max_pressure_counts_those_who_move():
    assert chosen(MaxPressure, TWO, "A", *queue("k1", 1), *queue("k2", 2, speed_mps=13.0)) == "B"


def test_max_pressure_sums_over_the_movements_of_a_stage():
    # k1 and k1-right: (1 - 0) + (2 - 2); f1: 0 - 0. B: k2 (3 - 1), r2 (0 - 1).
    users = [*queue("k1", 1), *queue("k1-right", 2), *queue("k2", 3)]

    assert chosen(MaxPressure, CROSSING, "B", *users, counts={"south": 2, "north": 1}) == "B"
    assert chosen(MaxPressure, CROSSING, "B", *users, counts={"south": 0, "north": 1}) == "A"


def test_max_pressure_decides_every_five_seconds():
    controller = MaxPressure(TWO)
    users = {"A": queue("k2", 3), "B": queue("k1", 3)}
    choices = []
    for second in range(100, 112):
        controller.stages.follow(showing(TWO, "A", now_s=second))
        seen = seeing(TWO, *users["A" if second >= 104 else "B"])
        choices.append(controller.choose(seen, showing(TWO, "A", now_s=second))[0])

    # At 100 s A is best; B is from 104 s on, and is looked at again at 105 and 110 s.
    assert [100 + number for number, choice in enumerate(choices) if choice == 1] == [105, 110]


# --- wave -----------------------------------------------------------------------------------------
def test_wave_serves_the_stage_with_most_within_50_m():
    near, far = {"distance_m": 49.0, "speed_mps": 13.0}, {"distance_m": 51.0, "speed_mps": 13.0}

    assert chosen(Wave, TWO, "A", *queue("k1", 1), *queue("k2", 2, **near)) == "B"
    assert chosen(Wave, TWO, "A", *queue("k1", 1), *queue("k2", 2, **far)) == "A"


def test_wave_serves_first_who_has_waited_for_90_s():
    def with_waiting(waited_s):
        return [*queue("k1", 5), *queue("l1", 1, waited_s=waited_s), *queue("k2", 1, waited_s=waited_s - 1)]

    assert chosen(Wave, CROSSING, "A", *with_waiting(89)) == "A"
    assert chosen(Wave, CROSSING, "A", *with_waiting(90)) == "C"


def test_wave_leaves_nobody_red_for_long_who_waits():
    # K1's cars never stop; K2's one waits at 10 s, is served after 90 s of waiting, and then K1 again.
    arrivals_s = {"k1": [2.0 * number for number in range(150)], "k2": [10.0]}

    run = drive(Wave(TWO), TWO, arrivals_s, duration_s=200)

    assert [begin for begin, _until in run.greens_s("K2")] == [10 + 90 + 6]
    assert run.greens_s("K1")[0] == (0, 100)


# --- behind the gate ------------------------------------------------------------------------------
def test_longest_queue_changes_when_the_other_queue_is_longer():
    # Up to 20 s nobody is on K1; K2's second one stands from 21 s on, K1's one from 20.5 s.
    run = drive(LongestQueue(TWO), TWO, {"k2": [20.0, 21.0]}, duration_s=60)

    assert run.greens_s("K1")[0] == (0, 20)
    assert run.greens_s("K2")[0][0] == 26


CONTROLLERS = {
    "plan": FixedPlan,
    "webster": lambda junction: WebsterPlan(junction, count_ms=200_000),
    "actuated": Actuated,
    "max-pressure": MaxPressure,
    "longest-queue": LongestQueue,
    "wave": Wave,
}
FLOWS = {"k1": 150, "k1-right": 50, "k2": 150, "r2": 100, "l1": 80, "f1": 60}


def random_demand(seed, *, duration_s):
    random = np.random.default_rng(seed)
    return {
        name: poisson_arrivals_s(flow, duration_s=duration_s, random=random) for name, flow in FLOWS.items()
    }


@pytest.mark.parametrize("name", CONTROLLERS)
def test_every_controller_serves_every_group_and_keeps_the_queues_short(name):
    run = drive(
        CONTROLLERS[name](CROSSING),
        CROSSING,
        random_demand(5, duration_s=900),
        duration_s=900,
        startup_lost_s=1.0,
    )

    assert all(len(run.greens_s(group.id)) >= 5 for group in CROSSING.groups)
    assert run.plant.queued < 20
    trips = run.plant.close().trips
    assert sum(trip.wait_s for trip in trips) / len(trips) < 45


@pytest.mark.parametrize("name", CONTROLLERS)
def test_every_controller_decides_the_same_in_the_same_run(name):
    first, second = (
        drive(CONTROLLERS[name](CROSSING), CROSSING, random_demand(9, duration_s=300), duration_s=300)
        for _each in range(2)
    )

    assert first.commands == second.commands


@pytest.mark.parametrize("name", CONTROLLERS)
def test_every_controller_goes_on_where_nobody_is_seen(name):
    run = drive(CONTROLLERS[name](CROSSING), CROSSING, {}, duration_s=120)

    assert any(run.greens_s(group.id) for group in CROSSING.groups)


def test_who_looks_waits_less_than_under_the_plan():
    def mean_wait_s(name):
        demand = random_demand(5, duration_s=1_800)
        trips = drive(CONTROLLERS[name](CROSSING), CROSSING, demand, duration_s=1_800).plant.close().trips
        return sum(trip.wait_s for trip in trips) / len(trips)

    assert mean_wait_s("actuated") < mean_wait_s("plan")
    assert mean_wait_s("wave") < mean_wait_s("plan")
