"""The rolling-horizon planner, on junctions that can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.signals.control import search
from tandem.signals.control.planner import Planner, PlannerSettings
from tandem.signals.control.policy import Policy
from tandem.signals.control.tables import RED, tables_of
from tandem.signals.domain.junction import Interstage, Movement, SignalGroup, Stage, Turn
from tandem.signals.domain.stages import possible_stages
from tandem.signals.plant.arrivals import poisson_arrivals_s, uniform_arrivals_s
from tests.signals.control.small import between, crossing, drive, seeing, showing, standing, two

TWO, CROSSING = two(), crossing()
WALKABLE = replace(CROSSING, stages=possible_stages(CROSSING))


def planner(junction=TWO, **policy) -> Planner:
    return Planner(junction, PlannerSettings(policy=Policy(**policy), explain=True))


def wish(controller: Planner, stage: str, *users, junction=TWO, **when) -> frozenset[str]:
    """Return what is asked for while a stage is shown; its minimum green has long passed."""
    return controller.decide(seeing(junction, *users), showing(junction, stage, **when)).green


# --- what it wants --------------------------------------------------------------------------------
def test_a_plan_costs_what_a_hand_calculation_says():
    # K2's car has stood for 10 s: 6 s intergreen, 1 s to start, each second 1 + 0.02 x 10
    controller = planner()
    controller.decide(seeing(TWO, standing("k2", waited_s=10)), showing(TWO, "A"))

    assert controller.costs[1] == pytest.approx(7 * 1.2)


def test_it_stays_while_nobody_is_elsewhere():
    assert wish(planner(), "A") == {"K1"}
    assert wish(planner(), "A", standing("k1")) == {"K1"}


def test_it_goes_to_whoever_waits_while_nobody_is_here():
    assert wish(planner(), "A", standing("k2")) == {"K2"}


def test_it_lets_a_platoon_pass_before_it_goes_to_one_who_waits():
    coming = [
        {"movement": "k1", "distance_m": 20 + 25 * n, "speed_mps": 13.9, "allowed_mps": 13.9}
        for n in range(4)
    ]

    assert wish(planner(), "A", standing("k2"), *coming) == {"K1"}


@pytest.mark.parametrize(
    ("far", "counts"),
    [({"speed_mps": 0.0}, True), ({"speed_mps": 13.9}, False), ({"speed_mps": 13.9, "through": 1}, True)],
    ids=["stands", "comes", "comes through another signal"],
)
def test_far_away_only_those_count_who_stand_or_are_known_to_come(far, counts):
    users = [{**standing("k2"), **far, "distance_m": 150.0 + place} for place in range(5)]
    controller = planner(recall_s=0)
    wish(controller, "A", *users)
    assert [stage for _moment, stage in controller.ahead] == ["B"] * counts


@pytest.mark.parametrize(("between_ms", "counts"), [(6_000, True), (3_000, False)])
def test_the_longer_a_change_takes_the_farther_ahead_arrivals_count(between_ms, counts):
    # 120 m are 8.6 s: within 4.5 s and an intergreen of 6 s, not of 3 s
    junction = replace(TWO, intergreens_ms=dict.fromkeys(TWO.intergreens_ms, between_ms))
    controller = Planner(junction, PlannerSettings(policy=Policy(recall_s=0)))
    far = {"movement": "k2", "distance_m": 120.0, "speed_mps": 13.9, "allowed_mps": 13.9}

    controller.decide(seeing(junction, far), showing(junction, "A"))

    assert [stage for _moment, stage in controller.ahead] == ["B"] * counts


@pytest.mark.parametrize(("speed_mps", "goes"), [(0.0, False), (13.9, True)], ids=["from a queue", "freely"])
def test_in_yellow_only_those_go_who_drive_too_fast_to_stop(speed_mps, goes):
    # somebody in K1 is at the line in half a second, when the change to six in K2 has begun
    one = {**standing("k1"), "distance_m": 5.0 if goes else 1.3, "speed_mps": speed_mps, "allowed_mps": 13.9}
    six = [standing("k2", place=place) for place in range(6)]
    costs = []
    for users in (six, [one, *six]):
        controller = planner(stop_s=0, recall_s=0)
        wish(controller, "A", *users)
        costs.append(controller.costs[1])

    assert max(costs) < search.FAR
    assert (costs[1] - costs[0] < 1.0) == goes


def test_it_does_not_wait_for_one_who_is_far_while_many_stand():
    far = {"movement": "k1", "distance_m": 95.0, "speed_mps": 13.9, "allowed_mps": 13.9}

    assert wish(planner(), "A", far, *(standing("k2", place=place) for place in range(6))) == {"K2"}


def test_nothing_ends_before_its_minimum_green():
    assert wish(planner(), "A", standing("k2"), since_s=96) == {"K1"}
    assert wish(planner(), "A", standing("k2"), since_s=95) == {"K2"}


def test_the_policy_says_whose_wait_counts():
    # one cyclist waits for B, three cars are about to pass in A
    cyclist = {**standing("r2"), "kind": 2}
    cars = [
        {"movement": "k1", "distance_m": 15 + 20 * n, "speed_mps": 13.9, "allowed_mps": 13.9}
        for n in range(3)
    ]

    assert "K1" in wish(planner(CROSSING), "A", cyclist, *cars, junction=CROSSING)
    heavy = planner(CROSSING, weights=(1.0, 1.0, 50.0, 1.0, 1.0))
    assert "K1" not in wish(heavy, "A", cyclist, *cars, junction=CROSSING)


def test_whoever_has_waited_for_long_is_not_made_to_wait_by_an_endless_stream():
    stream = [
        {"movement": "k1", "distance_m": 10 + 26 * n, "speed_mps": 13.9, "allowed_mps": 13.9}
        for n in range(4)
    ]

    assert wish(planner(equity=1.0), "A", standing("k2", waited_s=1), *stream) == {"K1"}
    assert wish(planner(equity=1.0), "A", standing("k2", waited_s=200), *stream) == {"K2"}


def test_a_stage_is_recalled_although_nobody_is_seen():
    assert wish(planner(recall_s=120), "A", now_s=110) == {"K1"}
    assert wish(planner(recall_s=120), "A", now_s=190) == {"K2"}
    assert wish(planner(recall_s=0), "A", now_s=900) == {"K1"}


def test_opening_groups_wait_for_whoever_stands_in_the_box():
    controller = planner()
    seen = seeing(TWO, standing("k2"))
    controller.decide(seen, showing(TWO, "A"))
    heads = replace(showing(TWO, "A", now_s=106), aspects=(0, 0))  # all red since
    seen.in_box = np.array([1, 0])
    seen.inside = np.array([1, 0])
    assert "K2" not in controller.decide(seen, heads).green
    late = replace(heads, now_ms=100_000 + 6_000 + 20_000)
    assert "K2" in controller.decide(seen, late).green  # not for ever


@pytest.mark.parametrize("inside", [False, True], ids=["nobody inside", "somebody inside"])
def test_who_does_not_go_at_green_stands_behind_somebody_unseen_who_wants_another_way(inside):
    # K1's lane leads to the left, too, with K2; the one in front is not seen
    left = Movement("left", "lane-K1", "to-K2", "K2", Turn.LEFT)
    junction = replace(TWO, movements=(*TWO.movements, left))
    seen = seeing(junction, standing("k1", place=1))
    seen.inside[1] = inside
    controller = planner(junction, recall_s=0)
    wishes = [
        controller.decide(seen, showing(junction, "A", now_s=100 + second)).green for second in range(23)
    ]

    assert wishes[:20] == [{"K1"}] * 20
    assert (wishes[-1] == {"K2"}) == (not inside)


def test_what_opens_beside_a_group_that_begins_to_give_way_waits_for_it_without_its_yellow():
    # from A, L1 alone, to B, where L1 gives way to K2: 6 s between them, of which 3 s are yellow
    left = Movement("l1", "lane-K1", "to-K1", "L1", Turn.LEFT, ("k2",))
    junction = replace(
        TWO,
        movements=(left, TWO.movements[1]),
        groups=(SignalGroup("L1"), SignalGroup("K2")),
        intergreens_ms=between(("L1", "K2")),
        stages=(Stage("A", frozenset({"L1"})), Stage("B", frozenset({"L1", "K2"}), frozenset({"L1"}))),
    )

    assert tables_of(junction).opens_s[0, 1].tolist() == [0.0, 3.0]


def test_only_listed_changes_are_planned():
    listed = replace(CROSSING, interstages=(Interstage("A", "B"), Interstage("B", "C"), Interstage("C", "A")))
    controller = planner(listed)

    controller.decide(seeing(listed, standing("l1")), showing(listed, "A"))

    assert controller.stage_id == "B"  # the way to C leads through B


# --- those on foot --------------------------------------------------------------------------------
def walking(distance_m: float) -> dict[str, object]:
    """Return somebody who walks towards the crossing of F1."""
    return {
        "movement": "f1",
        "kind": 1,
        "distance_m": distance_m,
        "speed_mps": 1.3,
        "allowed_mps": 1.3,
    }


def test_a_crossing_is_green_only_for_those_who_come():
    assert wish(planner(WALKABLE), "A", junction=WALKABLE) == {"K1"}
    assert wish(planner(WALKABLE), "A", walking(30), junction=WALKABLE) == {"K1"}
    assert wish(planner(WALKABLE), "A", walking(8), junction=WALKABLE) == {"K1", "F1"}


def test_a_crossing_opens_within_its_stage_just_before_somebody_is_there():
    assert wish(planner(WALKABLE), "A-", walking(8), junction=WALKABLE) == {"K1"}
    assert wish(planner(WALKABLE), "A-", walking(3), junction=WALKABLE) == {"K1", "F1"}


def test_somebody_who_walks_and_nobody_sees_is_recalled():
    assert "F1" in wish(planner(WALKABLE, recall_s=120), "A-", now_s=190, junction=WALKABLE)


def test_a_plan_knows_who_is_still_clearing():
    # K2 opens 6 s after K1's end, and not before those on foot have cleared: 14 s, 5 of which have passed
    junction = replace(WALKABLE, intergreens_ms={**WALKABLE.intergreens_ms, ("F1", "K2"): 14_000})
    controller = planner(junction, equity=0.0)
    heads = showing(junction, "A-", now_s=100)
    since = tuple(
        98_000 if group.id == "F1" else since_ms
        for group, since_ms in zip(junction.groups, heads.since_ms, strict=True)
    )
    controller.decide(seeing(junction, standing("k2")), replace(heads, since_ms=since))

    assert controller.costs.min() == pytest.approx(9 + 1)


def test_a_stage_replaces_another_one_only_if_it_lets_go_as_many():
    red, green = RED, 2
    colours = np.array([[green, red, red], [red, green, red], [red, green, green]], np.int8)
    change_s = np.array([[1e9, 6.0, 6.0], [6.0, 1e9, 0.0], [6.0, 0.0, 1e9]])

    def used(change_s, *, barred=(False, False, False), most=6):
        use = np.ones(3, bool)
        search.choose_from(0, colours, change_s, np.array([1]), np.ones(1), np.array(barred), most, use)
        return use.tolist()

    assert used(change_s) == [True, False, True]  # the larger one stands for the smaller one
    assert used(change_s, barred=(False, False, True)) == [True, True, True]  # unless it is barred
    assert used(change_s, barred=(False, False, True), most=2) == [True, True, False]
    slow = change_s + np.array([[0, 0, 4], [0, 0, 0], [4, 0, 0]])
    assert used(slow) == [True, True, True]  # unless it takes longer


# --- what it says ---------------------------------------------------------------------------------
def test_it_says_for_whom_it_stays_and_goes():
    riders = [{"movement": "r2", "distance_m": 6 * n + 4, "speed_mps": 4.0, "kind": 2} for n in range(6)]
    stays = planner(CROSSING).decide(seeing(CROSSING, *riders), showing(CROSSING, "B"))
    goes = planner(CROSSING).decide(seeing(CROSSING, standing("l1", waited_s=12)), showing(CROSSING, "B"))

    assert stays.reason == "stays with stage B: 6 cyclists arrive within 8 s"
    assert goes.reason == "changes to stage C: 1 car there, waiting up to 12 s"


def test_the_plan_ahead_begins_with_what_it_does():
    controller = planner()
    coming = [{"movement": "k1", "distance_m": 40.0, "speed_mps": 13.9, "allowed_mps": 13.9}]
    controller.decide(seeing(TWO, standing("k2"), *coming), showing(TWO, "A"))

    (first_ms, stage), *_rest = controller.ahead
    assert stage == "B"
    assert 100_000 <= first_ms <= 110_000


def poisson(flows_veh_per_h, *, duration_s, seed):
    random = np.random.default_rng(seed)
    return {
        movement: poisson_arrivals_s(flow, duration_s=duration_s, random=random)
        for movement, flow in flows_veh_per_h.items()
    }


# --- runs -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("junction", [TWO, CROSSING], ids=["two", "crossing"])
def test_everybody_is_served(junction):
    demand = {movement.id: uniform_arrivals_s(120, duration_s=600) for movement in junction.movements}
    run = drive(planner(junction), junction, demand, duration_s=900)

    assert all(passage.left_s is not None for passage in run.plant.passages)


def test_the_same_run_gives_the_same_commands():
    demand = poisson({"k1": 400, "k2": 300}, duration_s=300, seed=5)

    assert (
        drive(planner(), TWO, demand, duration_s=400).commands
        == drive(planner(), TWO, demand, duration_s=400).commands
    )


@settings(max_examples=15, deadline=None)
@given(flow_1=st.integers(50, 700), flow_2=st.integers(50, 700), seed=st.integers(0, 2**31))
def test_it_never_does_much_worse_than_half_and_half(flow_1, flow_2, seed):
    """Against a fixed plan with equal greens, under any demand that the junction can serve."""
    from tandem.signals.control.fixed import FixedPlan

    demand = poisson({"k1": flow_1, "k2": flow_2}, duration_s=900, seed=seed)

    def wait_s(controller):
        passages = drive(controller, TWO, demand, duration_s=1_200).plant.passages
        return sum((each.left_s if each.left_s is not None else 1_200) - each.due_s for each in passages)

    assert wait_s(planner()) <= 1.05 * wait_s(FixedPlan(TWO)) + 20


def test_a_decision_needs_no_more_states_than_it_has_room_for():
    crowd = [standing(movement.id, place=place) for movement in CROSSING.movements for place in range(40)]

    assert wish(planner(CROSSING), "A", *crowd, junction=CROSSING)
