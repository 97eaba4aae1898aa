"""The check: nothing on a sound junction, exactly one finding for each way to break it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tandem.core.findings import Severity
from tandem.signals.domain.check import CheckRules, NotCheckRules, check, rules_from_mapping
from tandem.signals.domain.clearing import ClearingRules, Driving
from tandem.signals.domain.interstage import needed_maximum_red_ms
from tandem.signals.domain.junction import (
    Approach,
    Clearance,
    Detector,
    Exit,
    GroupKind,
    Interstage,
    Junction,
    Lane,
    Plan,
    PlanStep,
    SignalGroup,
    Stage,
)
from tandem.signals.safety.gate import Gate, UnsafeJunction
from tests.signals.junctions import four_arms, simple

SIMPLE, FOUR_ARMS = simple(), four_arms()
CHANGES = tuple(Interstage(*pair) for pair in (("A", "B"), ("B", "A"), ("A", "walk"), ("walk", "B")))


def found(junction: Junction, rules: CheckRules | None = None) -> list[tuple[str, str]]:
    """Return code and path of each finding."""
    return [(finding.code, finding.path) for finding in check(junction, rules)]


def only(code: str, path: str) -> list[tuple[str, str]]:
    return [(f"signals.check.{code}", path)]


def with_group(junction: Junction, group: str, **changes: Any) -> Junction:
    groups = tuple(replace(each, **changes) if each.id == group else each for each in junction.groups)
    return replace(junction, groups=groups)


def with_movement(junction: Junction, movement: str, **changes: Any) -> Junction:
    movements = tuple(
        replace(each, **changes) if each.id == movement else each for each in junction.movements
    )
    return replace(junction, movements=movements)


def with_stage(junction: Junction, stage: Stage) -> Junction:
    stages = tuple(stage if each.id == stage.id else each for each in junction.stages)
    return replace(junction, stages=stages)


def with_intergreens(junction: Junction, times_ms: dict[tuple[str, str], int | None]) -> Junction:
    changed = {**junction.intergreens_ms, **times_ms}
    return replace(
        junction, intergreens_ms={pair: time for pair, time in changed.items() if time is not None}
    )


def with_plan(junction: Junction, *steps: tuple[str, int]) -> Junction:
    return replace(junction, plans=(Plan("day", tuple(PlanStep(*step) for step in steps)),))


def with_speed(junction: Junction, speed_kmh: float) -> Junction:
    return replace(junction, approaches=(Approach("west", speed_kmh=speed_kmh), *junction.approaches[1:]))


# --- sound ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("junction", [SIMPLE, FOUR_ARMS], ids=lambda junction: junction.id)
def test_nothing_is_found_on_a_sound_junction_and_the_gate_takes_it(junction: Junction):
    assert check(junction) == []
    Gate(junction)


def test_nothing_is_found_where_sound_changes_are_listed():
    assert found(replace(FOUR_ARMS, interstages=CHANGES)) == []


# --- intergreens ----------------------------------------------------------------------------------
def test_missing_intergreens_are_found_by_where_movements_meet():
    broken = with_intergreens(FOUR_ARMS, {("R1", "F2"): None, ("F2", "R1"): None})

    assert found(broken) == only("missing-intergreen", "intergreens/R1/F2")


def test_missing_intergreens_are_found_by_who_gives_way():
    apart = with_intergreens(SIMPLE, {("K1", "K2"): None, ("K2", "K1"): None})
    broken = with_movement(apart, "eastbound", yields_to=("northbound",))

    assert found(apart) == []
    assert found(broken) == only("missing-intergreen", "intergreens/K1/K2")


def test_a_one_sided_intergreen_is_found_and_the_missing_direction_named():
    broken = with_intergreens(FOUR_ARMS, {("F2", "K1"): None})

    assert found(broken) == only("one-sided-intergreen", "intergreens/F2/K1")
    assert "Add the one from F2 to K1" in check(broken)[0].message


def test_an_intergreen_shorter_than_the_yellow_is_found():
    assert found(with_intergreens(SIMPLE, {("K1", "K2"): 2_999})) == only(
        "intergreen-below-yellow", "intergreens/K1/K2"
    )
    assert found(with_intergreens(SIMPLE, {("K1", "K2"): 3_000})) == []


def test_an_intergreen_shorter_than_the_geometry_needs_is_found():
    needed_ms = FOUR_ARMS.intergreens_ms["F2", "R1"]
    broken = with_intergreens(FOUR_ARMS, {("F2", "R1"): needed_ms - 1})

    assert found(broken) == only("intergreen-below-geometry", "intergreens/F2/R1")
    assert f"asks for {needed_ms // 1000} s" in check(broken)[0].message


def test_where_yellow_and_geometry_ask_for_the_same_the_geometry_is_named():
    """An overrun of 3 s and nothing else to clear."""
    rules = CheckRules(clearing=ClearingRules(straight=Driving(3.0, 10.0, 10.0)))
    junction = replace(SIMPLE, clearances=(Clearance("eastbound", "northbound", 0.0, 0.0),))

    assert found(with_intergreens(junction, {("K1", "K2"): 2_999}), rules) == only(
        "intergreen-below-geometry", "intergreens/K1/K2"
    )


# --- signal groups --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("speed_kmh", "yellow_ms", "codes"),
    [
        (50, 3_000, []),
        (50, 2_999, ["yellow-too-short"]),
        (51, 3_000, ["yellow-too-short"]),
        (60, 4_000, []),
        (61, 4_000, ["yellow-too-short"]),
        (70, 5_000, []),
        (71, 5_000, ["speed-without-yellow"]),
    ],
)
def test_yellow_must_suit_the_speed(speed_kmh: float, yellow_ms: int, codes: list[str]):
    junction = with_group(with_speed(SIMPLE, speed_kmh), "K1", yellow_ms=yellow_ms)

    assert found(junction) == [(f"signals.check.{code}", "groups/K1") for code in codes]


def test_yellow_of_cyclists_has_a_rule_of_its_own():
    assert found(with_group(FOUR_ARMS, "R1", yellow_ms=1_900)) == only("yellow-too-short", "groups/R1")


@pytest.mark.parametrize("group", ["K1", "R1"])
def test_a_minimum_green_below_its_kinds_is_found(group: str):
    broken = with_group(FOUR_ARMS, group, minimum_green_ms=4_900)

    assert found(broken) == only("minimum-green-too-short", f"groups/{group}")


def test_a_green_in_which_pedestrians_do_not_reach_the_middle_is_found():
    """14 m / 2 / 1.2 m/s = 5.83 s are within the 6 s of F1; 14.5 m / 2 / 1.2 m/s = 6.04 s are not."""
    broken = with_movement(FOUR_ARMS, "north-walk", path_m=14.5)

    assert found(broken) == only("pedestrian-green-too-short", "groups/F1")


def test_a_city_may_ask_for_green_over_the_whole_crossing():
    """14 m / 1.2 m/s = 11.67 s."""
    rules = CheckRules(whole_crossing=True)
    enough = with_group(with_group(FOUR_ARMS, "F1", minimum_green_ms=11_667), "F2", minimum_green_ms=11_667)

    assert found(enough, rules) == []
    assert found(with_group(enough, "F1", minimum_green_ms=11_666), rules) == only(
        "pedestrian-green-too-short", "groups/F1"
    )


def test_a_maximum_green_below_the_minimum_is_found():
    assert found(with_group(SIMPLE, "K1", maximum_green_ms=4_000)) == only(
        "maximum-green-below-minimum", "groups/K1"
    )


def test_a_group_that_no_stage_serves_is_found():
    broken = with_stage(FOUR_ARMS, Stage("A", frozenset({"K1", "F1"}), frozenset({"K1"})))

    assert found(broken) == only("unserved-group", "groups/R1")


def test_a_maximum_red_shorter_than_serving_all_others_is_found():
    """Two stages serve both; one change takes 5 s minimum green and 5 s intergreen at worst: (2 + 2) · 10 s."""
    junction = with_group(SIMPLE, "K1", maximum_red_ms=30_000)
    both = with_group(with_group(SIMPLE, "K1", maximum_red_ms=40_000), "K2", maximum_red_ms=40_000)

    assert (needed_maximum_red_ms(junction), needed_maximum_red_ms(both)) == (30_000, 40_000)
    assert (found(junction), found(both)) == ([], [])
    assert found(with_group(both, "K2", maximum_red_ms=39_999)) == only("maximum-red-too-short", "groups/K2")


@settings(deadline=None)
@example(0, 72_000, 0)
@given(st.integers(0, 130_000), st.integers(0, 130_000), st.integers(0, 20_000))
def test_the_gate_refuses_the_maximum_reds_that_the_check_finds(first_ms: int, second_ms: int, green_ms: int):
    junction = with_group(FOUR_ARMS, "K1", maximum_red_ms=first_ms, minimum_green_ms=green_ms)
    junction = with_group(junction, "F2", maximum_red_ms=second_ms)
    try:
        Gate(junction)
        refused = False
    except UnsafeJunction:
        refused = True

    codes = [finding.code for finding in check(junction)]
    assert ("signals.check.maximum-red-too-short" in codes) == refused


# --- movements ------------------------------------------------------------------------------------
def test_movements_that_give_way_to_each_other_are_found_once():
    broken = with_movement(FOUR_ARMS, "west-straight", yields_to=("east-left",))

    assert found(broken) == only("mutual-yield", "movements/west-straight")


def test_a_movement_that_gives_way_to_itself_is_found():
    broken = with_movement(SIMPLE, "eastbound", yields_to=("eastbound",))

    assert found(broken) == only("mutual-yield", "movements/eastbound")


def test_movements_that_are_never_green_together_may_give_way_to_each_other():
    """As SUMO's networks say it of merging ways."""
    junction = with_movement(SIMPLE, "eastbound", yields_to=("northbound",))

    assert found(with_movement(junction, "northbound", yields_to=("eastbound",))) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [({"group": "K9"}, "group"), ({"lane": "nowhere"}, "lane"), ({"exit": "nowhere"}, "exit")],
)
def test_a_movement_without_group_or_lane_is_all_that_is_found(change: dict[str, str], path: str):
    broken = with_group(with_movement(SIMPLE, "eastbound", **change), "K2", yellow_ms=0)

    assert found(broken) == [("signals.junction.unknown", f"movements/eastbound/{path}")]


# --- stages ---------------------------------------------------------------------------------------
def test_conflicting_greens_are_found():
    broken = with_stage(FOUR_ARMS, Stage("walk", frozenset({"R1", "F1", "F2"})))

    assert found(broken) == only("conflicting-greens", "stages/walk")
    assert "F2 and R1 conflict" in check(broken)[0].message
    with pytest.raises(UnsafeJunction):
        Gate(broken)


def test_permissive_alone_does_not_protect_where_no_movement_gives_way():
    broken = with_stage(FOUR_ARMS, Stage("walk", frozenset({"R1", "F1", "F2"}), frozenset({"R1"})))

    assert found(broken) == only("conflicting-greens", "stages/walk")


def test_giving_way_does_not_protect_where_the_stage_is_not_permissive():
    """In stage A the same two groups may be green together, since K1 is permissive there."""
    broken = with_stage(FOUR_ARMS, Stage("walk", frozenset({"K1", "R1"})))

    assert found(broken) == only("conflicting-greens", "stages/walk")


def test_a_permissive_group_that_is_not_green_is_found():
    broken = with_stage(SIMPLE, Stage("A", frozenset({"K1"}), frozenset({"K2"})))

    assert found(broken) == only("permissive-not-green", "stages/A")


def test_a_stage_that_no_plan_and_no_interstage_reaches_is_found():
    assert found(replace(FOUR_ARMS, interstages=(*CHANGES[:2], CHANGES[3]))) == only(
        "unreachable-stage", "stages/walk"
    )


def test_a_stage_without_any_change_is_found_once():
    assert found(replace(FOUR_ARMS, interstages=CHANGES[:2])) == only("unreachable-stage", "stages/walk")


def test_a_stage_that_cannot_be_left_is_found():
    assert found(replace(FOUR_ARMS, interstages=CHANGES[:3])) == only("stage-without-way-out", "stages/walk")


def test_a_plan_with_a_change_that_is_not_listed_is_found():
    assert found(replace(FOUR_ARMS, interstages=CHANGES[1:])) == only(
        "plan-change-not-listed", "plans/day/steps/1"
    )


def test_a_listed_time_of_a_group_that_does_not_switch_is_found():
    to_walk = Interstage("A", "walk", {"K1": 1_000, "K2": 1_000}, {"F2": 9_000, "R1": 0})
    broken = replace(FOUR_ARMS, interstages=(*CHANGES[:2], to_walk, CHANGES[3]))

    assert found(broken) == 2 * only("idle-switching-time", "interstages/A/walk")


# --- plans ----------------------------------------------------------------------------------------
def test_a_junction_without_a_plan_is_found():
    assert found(replace(SIMPLE, plans=())) == only("no-plan", "plans")


def test_without_a_plan_every_stage_counts_as_planned():
    changes = (Interstage("A", "B"), Interstage("B", "A"))

    assert found(replace(SIMPLE, plans=(), interstages=changes)) == only("no-plan", "plans")


def test_a_plan_that_leaves_a_group_unserved_is_found():
    stages = (*SIMPLE.stages[:1], Stage("B", frozenset()), Stage("C", frozenset({"K2"})))

    assert found(replace(SIMPLE, stages=stages)) == only("plan-leaves-group", "plans/day")


def test_a_step_shorter_than_interstage_and_minimum_green_is_found():
    """5 s intergreen and 5 s minimum green."""
    assert found(with_plan(SIMPLE, ("A", 10_000), ("B", 10_000))) == []
    broken = with_plan(SIMPLE, ("A", 30_000), ("B", 9_000))

    assert found(broken) == only("plan-step-too-short", "plans/day/steps/1")
    assert "minimum green of K2 need 1 s more" in check(broken)[0].message


def test_a_listed_change_that_takes_longer_lengthens_the_step_that_is_needed():
    junction = with_plan(SIMPLE, ("A", 10_000), ("B", 10_000))
    late = (Interstage("A", "B", starts_ms={"K2": 6_000}), Interstage("B", "A"))

    assert found(replace(junction, interstages=late)) == only("plan-step-too-short", "plans/day/steps/1")


def test_a_green_that_goes_on_in_the_next_step_counts_as_a_whole():
    """F1 opens 9 s after a step of 5 s begins, and has its minimum green in the step after it."""
    assert found(with_plan(FOUR_ARMS, ("B", 35_000), ("walk", 5_000), ("A", 40_000))) == []
    assert found(with_plan(FOUR_ARMS, ("A", 40_000), ("B", 35_000), ("walk", 5_000))) == []


def test_steps_with_the_same_stage_need_no_interstage():
    assert found(with_plan(SIMPLE, ("A", 20_000), ("A", 1_000), ("B", 20_000))) == []


# --- what nobody uses -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("broken", "code", "path"),
    [
        (replace(SIMPLE, exits=(*SIMPLE.exits, Exit("north-2"))), "unused-exit", "exits/north-2"),
        (replace(SIMPLE, lanes=(*SIMPLE.lanes, Lane("spare", "west"))), "unused-lane", "lanes/spare"),
        (
            replace(SIMPLE, approaches=(*SIMPLE.approaches, Approach("east"))),
            "unused-approach",
            "approaches/east",
        ),
    ],
)
def test_what_no_movement_uses_is_found(broken: Junction, code: str, path: str):
    assert found(broken) == only(code, path)


def test_a_group_without_movements_is_found():
    broken = replace(SIMPLE, groups=(*SIMPLE.groups, SignalGroup("K3")))
    broken = with_stage(broken, Stage("A", frozenset({"K1", "K3"})))

    assert found(broken) == only("unused-group", "groups/K3")


def test_a_detector_off_its_approach_is_found():
    on = replace(SIMPLE, detectors=(Detector("loop", "west-lane", 100.0),))
    off = replace(SIMPLE, detectors=(Detector("loop", "west-lane", 100.1),))

    assert (found(on), found(off)) == ([], only("detector-off-approach", "detectors/loop"))


# --- all together ---------------------------------------------------------------------------------
def test_errors_come_first():
    broken = replace(
        with_group(SIMPLE, "K2", yellow_ms=2_000), plans=(), exits=(*SIMPLE.exits, Exit("spare"))
    )
    broken = with_plan(broken, ("A", 20_000), ("B", 5_000))

    assert [(finding.severity, finding.code) for finding in check(broken)] == [
        (Severity.ERROR, "signals.check.yellow-too-short"),
        (Severity.ERROR, "signals.check.plan-step-too-short"),
        (Severity.WARNING, "signals.check.unused-exit"),
    ]


# --- rules ----------------------------------------------------------------------------------------
def test_rules_that_say_nothing_are_the_default():
    assert rules_from_mapping({}) == CheckRules()


def test_rules_from_a_table_change_what_they_name_and_nothing_else():
    rules = rules_from_mapping(
        {
            "minimum_green_s": {"vehicle": 8},
            "yellow_s": {"60": 4, "50": 3.5},
            "cycle_yellow_s": 3,
            "walking_mps": 1,
            "whole_crossing": True,
            "clearing": {"turning": {"clearing_mps": 6}, "bus": {"length_m": 18}},
        }
    )
    default = ClearingRules()

    assert rules == CheckRules(
        clearing=ClearingRules(
            turning=Driving(2.0, 6.0, default.turning.entering_mps, 6.0),
            bus=Driving(3.0, 7.0, default.bus.entering_mps, 18.0),
        ),
        minimum_green_ms={kind: 8_000 if kind is GroupKind.VEHICLE else 5_000 for kind in GroupKind},
        yellow_ms=((50.0, 3_500), (60.0, 4_000)),
        cycle_yellow_ms=3_000,
        walking_mps=1.0,
        whole_crossing=True,
    )


def test_a_citys_clearing_speeds_count():
    slower = rules_from_mapping({"clearing": {"pedestrian": {"clearing_mps": 1.0}}})
    codes = {finding.code for finding in check(FOUR_ARMS, slower)}

    assert codes == {"signals.check.intergreen-below-geometry"}


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"walking": 1.2}, "walking"),
        ({"minimum_green_s": {"car": 5}}, "minimum_green_s.car"),
        ({"minimum_green_s": 5}, "minimum_green_s"),
        ({"minimum_green_s": {"vehicle": "5"}}, "minimum_green_s.vehicle"),
        ({"clearing": {"lorry": {}}}, "clearing.lorry"),
        ({"clearing": {"cycle": {"speed": 4}}}, "clearing.cycle.speed"),
        ({"clearing": {"cycle": {"clearing_mps": 0}}}, "clearing.cycle.clearing_mps"),
        ({"clearing": {"cycle": {"overrun_s": -1}}}, "clearing.cycle.overrun_s"),
        ({"yellow_s": {"fast": 3}}, "yellow_s"),
        ({"yellow_s": {}}, "yellow_s"),
        ({"walking_mps": float("nan")}, "walking_mps"),
        ({"walking_mps": True}, "walking_mps"),
        ({"whole_crossing": 1}, "whole_crossing"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_and_the_place_named(values: dict[str, Any], place: str):
    with pytest.raises(NotCheckRules, match=f"wrong at {place}: "):
        rules_from_mapping(values)


def test_a_clearance_asks_for_its_intergreen():
    """3 s overrun, (24 + 6) m at 10 m/s, less 20 m at 40 km/h: 3 + 3 - 1.8 = 4.2 s, rounded up to 5 s."""
    junction = replace(SIMPLE, clearances=(Clearance("eastbound", "northbound", 24.0, 20.0),))

    assert found(junction) == []
    assert found(with_intergreens(junction, {("K1", "K2"): 4_999})) == only(
        "intergreen-below-geometry", "intergreens/K1/K2"
    )
