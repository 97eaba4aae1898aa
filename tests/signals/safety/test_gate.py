"""The gate: whatever is asked, whenever it is asked, nothing forbidden is shown.

Rows of letters are what the groups K, L, R of a small junction show, a second a row: R red, U red-yellow, Y yellow,
G green with its way for itself, g green that gives way.
"""

from bisect import bisect_left
from copy import deepcopy
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Heads
from tandem.signals.domain.junction import Junction, Movement, Plan, PlanStep, SignalGroup, Stage
from tandem.signals.estimation.observation import nobody
from tandem.signals.safety.command import Source
from tandem.signals.safety.gate import GOOD_REQUESTS_TO_HAND_BACK, Gate, UnsafeJunction
from tandem.signals.safety.supervised import Supervised
from tests.signals.safety.referee import GREEN, RED, RED_YELLOW, YELLOW, Referee, Shown, offences

BEFORE_MS = -60_000


def small(**changes) -> Junction:
    """Return three groups: K and L cross, and R turns across L's way: it may give way to it."""
    groups = (
        SignalGroup("K", minimum_green_ms=2_000, yellow_ms=1_000),
        SignalGroup("L", minimum_green_ms=1_000, yellow_ms=1_000, red_yellow_ms=1_000),
        SignalGroup("R", minimum_green_ms=2_000, yellow_ms=0),
    )
    movements = (
        Movement("k", "k", "x", "K"),
        Movement("l", "l", "x", "L"),
        Movement("r", "r", "x", "R", yields_to=("l",)),
    )
    intergreens = {
        ("K", "L"): 3_000,
        ("L", "K"): 2_000,
        ("L", "R"): 2_000,
        ("R", "L"): 1_000,
        ("K", "R"): 2_000,
        ("R", "K"): 3_000,
    }
    return Junction(
        **{
            "id": "small",
            "name": "",
            "approaches": (),
            "lanes": (),
            "exits": (),
            "movements": movements,
            "groups": groups,
            "intergreens_ms": intergreens,
            "stages": (
                Stage("1", frozenset({"K"})),
                Stage("2", frozenset({"L", "R"}), frozenset({"R"})),
                Stage("3", frozenset({"R"})),
            ),
            "plans": (Plan("p", (PlanStep("1", 8_000), PlanStep("2", 9_000), PlanStep("3", 7_000))),),
            **changes,
        }
    )


SMALL = small()


def with_group(group, junction=SMALL, **changes) -> Junction:
    """Return a junction of which one group is otherwise."""
    groups = tuple(replace(each, **changes) if each.id == group else each for each in junction.groups)
    return replace(junction, groups=groups)


def with_intergreens(**changes_ms) -> Junction:
    """Return the small junction with other intergreens: KL is that from K to L; None for none."""
    changed = SMALL.intergreens_ms | {(pair[0], pair[1]): value for pair, value in changes_ms.items()}
    return small(intergreens_ms={pair: value for pair, value in changed.items() if value is not None})


def shown(command) -> Shown:
    return Shown(command.at_ms, command.aspects, command.protected)


def letters(command) -> str:
    green = {True: "G", False: "g"}
    names = {RED: "R", RED_YELLOW: "U", YELLOW: "Y"}
    shows = zip(command.aspects, command.protected, strict=True)
    return "".join(green[protected] if aspect is GREEN else names[aspect] for aspect, protected in shows)


def ask(now_ms, *green, permissive=(), made_at_ms=None) -> Request:
    return Request(frozenset(green), frozenset(permissive), now_ms if made_at_ms is None else made_at_ms, "")


def red_for_long(junction=SMALL) -> Gate:
    """Return a gate at time 0, all groups red for a minute."""
    gate = Gate(junction, now_ms=BEFORE_MS)
    gate.step(0, ask(0))
    return gate


def commands(gate, green="", *, permissive="", seconds=1, silent=False):
    """Return the commands of the next seconds in which some groups are asked for."""
    found = []
    for _second in range(seconds):
        now_ms = gate.now_ms + 1_000
        found.append(gate.step(now_ms, None if silent else ask(now_ms, *green, permissive=permissive)))
    return found


def rows(gate, green="", *, permissive="", seconds=1, silent=False) -> list[str]:
    """Return what is shown in the next seconds in which some groups are asked for."""
    return [
        letters(each) for each in commands(gate, green, permissive=permissive, seconds=seconds, silent=silent)
    ]


# --- from red to green and back -------------------------------------------------------------------
def test_a_green_lasts_its_minimum_and_the_next_begins_after_the_intergreen():
    """K: 2 s of green, 1 s of yellow; 3 s from K's end to L's green, of which the last is red-yellow."""
    gate = red_for_long()

    assert rows(gate, "K") == ["GRR"]
    assert rows(gate, "L", seconds=5) == ["GRR", "YRR", "RRR", "RUR", "RGR"]
    assert rows(gate, "K", seconds=4) == ["RYR", "RRR", "GRR", "GRR"]


def test_a_green_without_yellow_ends_in_red():
    gate = red_for_long()

    assert rows(gate, "R", seconds=2) == ["RRG", "RRG"]
    assert rows(gate, "K", seconds=4) == ["RRR", "RRR", "RRR", "GRR"]


def test_a_green_goes_on_while_it_is_wanted():
    gate = red_for_long()

    assert rows(gate, "K", seconds=100) == ["GRR"] * 100


def test_all_is_red_where_nothing_is_wanted():
    gate = red_for_long()
    rows(gate, "K", seconds=2)

    assert rows(gate, seconds=4) == ["YRR", "RRR", "RRR", "RRR"]


def test_a_group_that_has_begun_to_change_changes_wholly():
    """Red-yellow is followed by green, and yellow by a second of red, whatever is wanted meanwhile."""
    gate = red_for_long()

    assert rows(gate, "L") == ["RUR"]
    assert rows(gate, seconds=2) == ["RGR", "RYR"]
    assert rows(gate, "L", seconds=3) == ["RRR", "RUR", "RGR"]


@pytest.mark.parametrize(
    ("wishes", "changes_ms"),
    [
        ([("L", 0), ("L", 999), ("L", 1_000)], [0, 0, 1_000]),  # red-yellow: a second
        ([("K", 0), ("", 1_999), ("", 2_000)], [0, 0, 2_000]),  # minimum green
        ([("K", 0), ("", 2_000), ("", 2_999), ("", 3_000)], [0, 2_000, 2_000, 3_000]),  # yellow
        (
            [("R", 0), ("", 2_000), ("R", 2_999), ("R", 3_000)],
            [0, 2_000, 2_000, 3_000],
        ),  # a second of red at least
    ],
)
def test_no_aspect_is_a_millisecond_too_short(wishes, changes_ms):
    gate = Gate(SMALL, now_ms=BEFORE_MS)
    for (green, now_ms), changed_ms in zip(wishes, changes_ms, strict=True):
        gate.step(now_ms, ask(now_ms, *green))
        assert max(gate.heads().since_ms) == changed_ms


def test_the_first_moment_counts_as_the_end_of_all_greens():
    gate = Gate(SMALL)

    assert [letters(gate.step(at_ms, ask(at_ms, "K"))) for at_ms in (0, 1_999, 2_000, 3_000)] == [
        "RRR",
        "RRR",
        "RRR",
        "GRR",
    ]
    assert letters(Gate(SMALL).step(2_000, ask(2_000, "L"))) == "RUR"  # green at 3 s, as from K
    assert letters(Gate(SMALL).step(1_999, ask(1_999, "L"))) == "RRR"


def test_all_are_red_for_a_second_at_first():
    free = with_intergreens(KL=None, LK=None, KR=None, RK=None)
    gate = Gate(free)

    assert [letters(gate.step(at_ms, ask(at_ms, "K"))) for at_ms in (999, 1_000)] == ["RRR", "GRR"]


def test_heads_are_what_is_shown_and_since_when():
    gate = red_for_long()
    rows(gate, "K", seconds=3)
    rows(gate, "L")

    assert gate.heads() == Heads(4_000, (YELLOW, RED, RED), (4_000, BEFORE_MS, BEFORE_MS))


# --- who is in whose way --------------------------------------------------------------------------
def test_groups_that_do_not_conflict_do_not_wait_for_each_other():
    gate = red_for_long(with_intergreens(KR=None, RK=None))

    assert rows(gate, "K", seconds=2) == ["GRR", "GRR"]
    assert rows(gate, "KR") == ["GRG"]


def test_where_one_direction_has_no_intergreen_the_other_begins_as_the_first_ends():
    gate = red_for_long(with_intergreens(RK=None))

    assert rows(gate, "R", seconds=2) == ["RRG", "RRG"]
    assert rows(gate, "K") == ["GRR"]
    assert rows(gate, "R", seconds=4) == ["GRR", "YRR", "RRR", "RRG"]


def test_nobody_leaves_red_before_the_other_is_red():
    """Even where the intergreen is shorter than the yellow before it."""
    gate = red_for_long(with_group("K", with_intergreens(KR=1_000), yellow_ms=3_000))
    rows(gate, "K", seconds=2)

    assert rows(gate, "R", seconds=4) == ["YRR", "YRR", "YRR", "RRG"]


# --- giving way -----------------------------------------------------------------------------------
def test_one_that_gives_way_is_green_beside_the_other_and_has_its_way_when_that_one_is_cleared():
    gate = red_for_long()

    assert rows(gate, "LR", permissive="R", seconds=2) == ["RUg", "RGg"]
    assert rows(gate, "R", seconds=4) == ["RYg", "RRg", "RRG", "RRG"]  # 2 s from L's end
    assert rows(gate, "LR", permissive="R", seconds=2) == ["RUg", "RGg"]  # 1 s from R's giving way


def test_one_that_shall_give_way_gives_way_although_nobody_is_beside_it():
    gate = red_for_long()

    assert rows(gate, "R", permissive="R", seconds=2) == ["RRg", "RRg"]


@pytest.mark.parametrize("permissive", ["R", "LR"])
def test_one_with_priority_waits_for_who_has_just_had_its_way(permissive):
    """Whether it shall give way to others or not."""
    gate = red_for_long(with_intergreens(RL=3_000))

    assert rows(gate, "R", seconds=3) == ["RRG", "RRG", "RRG"]
    shows = rows(gate, "LR", permissive=permissive, seconds=4)
    assert [each.upper() for each in shows] == ["RRG", "RRG", "RUG", "RGG"]
    assert [each[2] for each in shows] == ["g"] * 4


def test_of_two_that_give_way_to_each_other_one_waits_for_who_has_just_had_its_way():
    movements = (replace(SMALL.movements[1], yields_to=("r",)), *SMALL.movements[2:])
    stages = (*SMALL.stages, Stage("4", frozenset("LR"), frozenset("L")))
    gate = red_for_long(replace(with_intergreens(RL=3_000), movements=movements, stages=stages))

    assert rows(gate, "R", seconds=3) == ["RRG", "RRG", "RRG"]
    assert rows(gate, "LR", permissive="R", seconds=4) == ["RRg", "RRg", "RUg", "Rgg"]


def test_one_with_priority_need_not_wait_for_who_gave_way_all_along():
    gate = red_for_long(with_intergreens(RL=10_000))

    assert rows(gate, "R", permissive="R", seconds=2) == ["RRg", "RRg"]
    assert rows(gate, "LR", permissive="R", seconds=2) == ["RUg", "RGg"]


def test_one_with_priority_waits_for_the_end_of_who_shall_not_be_green_beside_it():
    gate = red_for_long(with_intergreens(RL=3_000))

    assert rows(gate, "R", permissive="R", seconds=2) == ["RRg", "RRg"]
    assert rows(gate, "L", seconds=4) == ["RRR", "RRR", "RUR", "RGR"]


def test_nobody_begins_beside_one_that_is_about_to_end():
    gate = red_for_long(with_group("L", minimum_green_ms=4_000))

    assert rows(gate, "L", seconds=2) == ["RUR", "RGR"]
    assert rows(gate, "R", permissive="R", seconds=6) == ["RGR", "RGR", "RGR", "RYR", "RRR", "RRg"]


def test_nobody_begins_beside_one_that_ends_though_it_is_wanted_again():
    gate = red_for_long(with_group("L", yellow_ms=4_000))
    rows(gate, "L", seconds=2)

    assert rows(gate) == ["RYR"]
    assert rows(gate, "LR", permissive="R", seconds=6) == ["RYR", "RYR", "RYR", "RRg", "RUg", "RGg"]


def test_nobody_begins_beside_one_that_is_not_yet_green_again_and_not_yet_cleared():
    """L's red-yellow says that its last green is over; R's way is not cleared from it before 6 s."""
    gate = red_for_long(with_group("L", with_intergreens(LR=6_000), red_yellow_ms=2_000))
    rows(gate, "L", seconds=3)

    assert rows(gate) == ["RYR"]
    assert rows(gate, "LR", permissive="R", seconds=4) == ["RRR", "RUR", "RUR", "RGg"]


def test_one_may_begin_beside_one_that_is_not_yet_green_again_when_it_is_cleared():
    gate = red_for_long(with_group("L", with_intergreens(LR=3_000), red_yellow_ms=2_000))
    rows(gate, "L", seconds=3)

    assert rows(gate) == ["RYR"]
    assert rows(gate, "LR", permissive="R", seconds=4) == ["RRR", "RUR", "RUg", "RGg"]


def test_one_that_is_given_way_to_stays_green_until_the_other_is_green():
    """A begins beside D and gives way to it: if D ended during A's red-yellow, A would be green 0 ms after it."""
    gate = red_for_long(with_group("R", with_intergreens(LR=4_000), red_yellow_ms=1_000))

    assert rows(gate, "L", seconds=3) == ["RUR", "RGR", "RGR"]
    assert rows(gate, "LR", permissive="R") == ["RGU"]
    assert rows(gate, "R", permissive="R", seconds=3) == ["RGg", "RYg", "RRg"]


def test_one_that_gives_way_may_end_while_the_other_is_not_yet_green():
    gate = red_for_long()
    rows(gate, "R", permissive="R", seconds=2)

    assert rows(gate, "LR", permissive="R") == ["RUg"]
    assert rows(gate, "L") == ["RGR"]


# --- who decides ----------------------------------------------------------------------------------
class Odd:
    """Something that is no request."""

    green = property(lambda self: 1 / 0)
    permissive = frozenset()
    made_at_ms = 0


@pytest.mark.parametrize(
    ("request_at", "faults"),
    [
        (lambda now_ms: None, ("no-request",)),
        (lambda now_ms: ask(now_ms, "K", made_at_ms=now_ms - 2_001), ("late",)),
        (lambda now_ms: ask(now_ms, "K", made_at_ms=now_ms + 1), ("late",)),
        (lambda now_ms: ask(now_ms, "K", made_at_ms=float("nan")), ("malformed",)),
        (lambda now_ms: ask(now_ms, "K", made_at_ms=float("inf")), ("malformed",)),
        (lambda now_ms: Request(None, frozenset(), now_ms), ("malformed",)),
        (lambda now_ms: Odd(), ("malformed",)),
        (lambda now_ms: "K", ("malformed",)),
        (lambda now_ms: ask(now_ms, "Z"), ("unknown-group",)),
        (lambda now_ms: ask(now_ms, "K", permissive="Z"), ("unknown-group",)),
        (lambda now_ms: ask(now_ms, "K", "L"), ("conflict",)),
        (lambda now_ms: ask(now_ms, "L", "R"), ("conflict",)),
        (lambda now_ms: ask(now_ms, "L", "R", permissive="L"), ("conflict",)),
        (lambda now_ms: ask(now_ms, "K", "R", permissive="R"), ("conflict",)),
        (lambda now_ms: ask(now_ms, "K", "L", "R", permissive="R"), ("conflict",)),
        (lambda now_ms: ask(now_ms, "K", "L", made_at_ms=0), ("late", "conflict")),
    ],
)
def test_every_fault_is_named_and_ends_in_the_plan_at_once(request_at, faults):
    gate = red_for_long()
    rows(gate, "K", seconds=10)

    command = gate.step(11_000, request_at(11_000))

    assert (command.source, command.faults) == (Source.PLAN, faults)
    assert letters(command) == "GRR"  # the plan's nearest step: no jump


@pytest.mark.parametrize("age_ms", [0, 2_000])
def test_a_request_is_good_for_two_seconds(age_ms):
    command = red_for_long().step(1_000, ask(1_000, "K", made_at_ms=1_000 - age_ms))

    assert (command.at_ms, command.source, command.faults) == (1_000, Source.CONTROLLER, ())
    assert letters(command) == "GRR"


@pytest.mark.parametrize("green", [["K"], ("K",), {"K": 1}, "K", iter("K")])
def test_a_request_may_hold_groups_in_whatever_can_be_read(green):
    command = red_for_long().step(1_000, Request(green, iter(()), 1_000))

    assert (command.faults, letters(command)) == ((), "GRR")


def test_three_good_requests_hand_back():
    gate = red_for_long()
    rows(gate, "K", seconds=5)
    rows(gate, silent=True)

    sources = [each.source for each in commands(gate, "K", seconds=4)]

    assert sources == [Source.PLAN, Source.PLAN, Source.CONTROLLER, Source.CONTROLLER]


def test_three_good_requests_must_follow_on_each_other():
    gate = red_for_long()
    rows(gate, silent=True)

    rows(gate, "K", seconds=2)
    rows(gate, silent=True)

    assert [each.source for each in commands(gate, "K", seconds=3)] == [
        Source.PLAN,
        Source.PLAN,
        Source.CONTROLLER,
    ]


def test_a_gate_may_be_asked_twice_at_one_moment():
    gate = Gate(SMALL)

    assert [gate.step(0, ask(0, "K")).faults for _time in range(2)] == [(), ()]


def test_a_clock_that_goes_back_changes_nothing():
    gate = red_for_long()
    before = commands(gate, "K", seconds=9)[-1]

    back = gate.step(3_000, ask(3_000, "L"))
    silent = gate.step(8_999, None)

    assert (back.at_ms, back.aspects, back.protected) == (9_000, before.aspects, before.protected)
    assert (back.source, back.faults) == (Source.PLAN, ("clock-went-back",))
    assert (silent.at_ms, silent.faults) == (9_000, ("clock-went-back", "no-request"))
    assert rows(gate, "K", seconds=2) == ["GRR", "GRR"]


# --- the plan -------------------------------------------------------------------------------------
def test_without_a_controller_the_plan_runs():
    """8 s for K, then 9 s for L and R, which gives way, then 7 s for R alone."""
    gate = red_for_long()

    first, *_, last = rows(gate, silent=True, seconds=24)
    again = rows(gate, silent=True, seconds=24)

    assert (first, last) == ("GRR", "RRG")
    assert again == rows(gate, silent=True, seconds=24)
    assert again == [
        *["RRR"] * 3,
        *["GRR"] * 5,
        *["YRR", "RRR", "RUg"],
        *["RGg"] * 6,
        *["RYg", "RRg"],
        *["RRG"] * 5,
    ]


def test_the_plan_goes_on_from_the_nearest_step():
    gate = red_for_long()
    rows(gate, "R", seconds=10)

    assert rows(gate, silent=True, seconds=12) == [*["RRG"] * 7, *["RRR"] * 3, "GRR", "GRR"]


def test_the_first_of_the_nearest_steps_counts():
    twice = small(plans=(Plan("p", (PlanStep("1", 5_000), PlanStep("3", 9_000), PlanStep("1", 2_000))),))
    gate = red_for_long(twice)
    rows(gate, "K", seconds=3)

    assert rows(gate, silent=True, seconds=6) == [*["GRR"] * 5, "YRR"]


def test_who_shows_red_yellow_counts_as_green_when_the_plan_takes_over():
    gate = red_for_long()
    rows(gate, "L")

    assert rows(gate, silent=True, seconds=9)[-1] == "RGg"


def test_the_plan_takes_over_anew_from_what_is_green_then():
    gate = red_for_long()
    rows(gate, "K", seconds=3)
    rows(gate, silent=True)
    rows(gate, "R", seconds=10)

    assert rows(gate, silent=True, seconds=8) == [*["RRG"] * 7, "RRR"]


def test_a_plans_offset_says_nothing_once_there_is_no_controller():
    shifted = small(plans=(replace(SMALL.default_plan, offset_ms=5_000),))

    assert rows(red_for_long(shifted), silent=True, seconds=30) == rows(
        red_for_long(), silent=True, seconds=30
    )


def test_another_plan_may_be_given():
    gate = Gate(SMALL, now_ms=BEFORE_MS, plan=Plan("other", (PlanStep("3", 1_000),)))

    assert letters(gate.step(0, None)) == "RRG"


# --- maximum red ----------------------------------------------------------------------------------
ABC = Junction(
    "abc",
    "",
    (),
    (),
    (),
    (),
    tuple(SignalGroup(name, minimum_green_ms=2_000, yellow_ms=1_000) for name in "ABC"),
    {(one, other): 3_000 for one in "ABC" for other in "ABC" if one != other},
    tuple(Stage(name, frozenset(name)) for name in "ABC"),
)


def with_maximum_reds(junction, **reds_ms):
    groups = tuple(replace(group, maximum_red_ms=reds_ms.get(group.id, 0)) for group in junction.groups)
    return replace(junction, groups=groups)


def least_maximum_red_ms(junction, *names) -> int:
    """Return the least maximum red of some groups that the gate takes."""

    def is_taken(red_ms):
        try:
            Gate(with_maximum_reds(junction, **dict.fromkeys(names, red_ms)))
        except UnsafeJunction:
            return False
        return True

    return bisect_left(range(1_000_000), True, lo=1, key=is_taken)


@pytest.mark.parametrize(
    ("junction", "names", "need_ms"),
    [
        # 2 s of minimum green, 3 s of intergreen: 5 s for each stage, twice 5 s for what goes on before
        (ABC, "B", 15_000),
        (ABC, "BC", 20_000),
        (with_group("A", ABC, yellow_ms=4_000), "B", 18_000),
        (with_group("A", ABC, minimum_green_ms=4_000), "B", 21_000),
        # before another's green: 1 s red-yellow of its own, 1 s in which one that gives way may hold it
        (with_group("A", ABC, red_yellow_ms=1_000), "B", 21_000),
        (with_group("A", ABC, red_yellow_ms=1_000, minimum_green_ms=4_000), "B", 27_000),
        (with_group("C", with_group("A", ABC, minimum_green_ms=9_000), red_yellow_ms=1_000), "B", 42_000),
        (SMALL, "L", 21_000),
        (SMALL, "LR", 21_000),  # in one stage
        (SMALL, "KL", 28_000),
        (SMALL, "KLR", 28_000),
        # nobody is in the way: its own 1 s of yellow, a second of red, 1 s of red-yellow
        (small(intergreens_ms={}), "L", 9_000),
    ],
)
def test_the_least_maximum_red_is_a_change_to_each_stage_and_two_more(junction, names, need_ms):
    assert least_maximum_red_ms(junction, *names) == need_ms


def test_a_red_is_ended_two_changes_before_it_would_be_too_long():
    """The longest change takes 5 s, so that B is recalled 10 s before its 50 s are over; it is green after 3 s."""
    gate = Gate(with_maximum_reds(ABC, B=50_000))

    before = commands(gate, "A", seconds=39)
    recalled = commands(gate, "A", seconds=4)
    after = commands(gate, "A", seconds=6)

    assert {each.source for each in before} == {Source.CONTROLLER}
    assert {each.source for each in recalled} == {Source.RECALL}
    assert [letters(each) for each in recalled] == ["YRR", "RRR", "RRR", "RGR"]
    assert {each.source for each in after} == {Source.CONTROLLER}
    assert [letters(each) for each in after] == ["RGR", "RYR", "RRR", "RRR", "GRR", "GRR"]


def test_a_red_counts_from_the_end_of_the_last_green():
    gate = Gate(with_maximum_reds(ABC, B=50_000))
    rows(gate, "A", seconds=10)
    rows(gate, "B", seconds=10)

    sources = [each.source for each in commands(gate, "A", seconds=45)]

    assert sources.index(Source.RECALL) == 40  # B ended in the first of these seconds


def test_a_recall_ends_with_red_yellow():
    """7 s are the longest change; L is recalled 14 s before its 40 s are over."""
    gate = Gate(with_maximum_reds(SMALL, L=40_000))
    rows(gate, "K", seconds=25)

    recalled = commands(gate, "K", seconds=4)

    assert [letters(each) for each in recalled] == ["YRR", "RRR", "RUg", "RGg"]
    assert [each.source for each in recalled] == [Source.RECALL] * 3 + [Source.CONTROLLER]


@pytest.mark.parametrize(
    ("b_ms", "c_ms", "recalled_s", "order"),
    [
        (50_000, 50_000, 35, "BC"),  # three changes before: the one to C comes after the one to B
        (50_000, 40_000, 30, "CB"),  # two changes before C's red would be too long
        (50_000, 48_000, 35, "CB"),  # three changes before B's would be
        (48_000, 50_000, 35, "BC"),
    ],
)
def test_who_waits_is_served_in_the_order_of_deadlines(b_ms, c_ms, recalled_s, order):
    gate = Gate(with_maximum_reds(ABC, B=b_ms, C=c_ms))

    assert {each.source for each in commands(gate, "A", seconds=recalled_s - 1)} == {Source.CONTROLLER}
    served = commands(gate, "A", seconds=20)

    assert served[0].source is Source.RECALL
    greens = ["ABC"[letters(each).index("G")] for each in served if "G" in letters(each)]
    assert "".join(dict.fromkeys(each for each in greens if each != "A")) == order


def test_a_stage_is_recalled_for_the_first_of_its_groups():
    gate = Gate(with_maximum_reds(SMALL, L=45_000, R=40_000))

    assert {each.source for each in commands(gate, "K", seconds=25)} == {Source.CONTROLLER}
    assert commands(gate, "K")[0].source is Source.RECALL


@pytest.mark.parametrize("names", ["L", "KL", "KLR"])
@pytest.mark.parametrize("stubborn", ["K", "R", ""])
def test_no_red_is_longer_than_promised_whoever_is_preferred(names, stubborn):
    red_ms = least_maximum_red_ms(SMALL, *names)
    gate = Gate(with_maximum_reds(SMALL, **dict.fromkeys(names, red_ms)))
    green_ms = dict.fromkeys(names, 0)
    for command in commands(gate, stubborn, seconds=400):
        green_ms |= {name: command.at_ms for name in names if command.aspects["KLR".index(name)] is GREEN}
        assert command.at_ms - min(green_ms.values()) <= red_ms


# --- what cannot be guarded -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("junction", "problem"),
    [
        (
            with_maximum_reds(SMALL, L=20_999),
            "the maximum red of L is 20999 ms, and serving all stages can take 21000 ms",
        ),
        (
            with_maximum_reds(small(stages=(Stage("1", frozenset("K")),), plans=()), R=90_000, L=90_000),
            "no stage serves L, R",
        ),
        (small(stages=(Stage("1", frozenset("KL")),), plans=()), "conflicting groups are green in stage 1"),
        (small(stages=(Stage("1", frozenset("LR")),), plans=()), "conflicting groups are green in stage 1"),
        (small(plans=(Plan("p", (PlanStep("9", 1_000),)),)), "its plan p names no stage 9"),
        (small(plans=(Plan("p", (PlanStep("1", 0),)),)), "its plan p lasts no time"),
        (small(stages=(), plans=()), "its plan every-stage lasts no time"),
    ],
)
def test_a_junction_that_cannot_be_guarded_is_refused(junction, problem):
    with pytest.raises(UnsafeJunction) as refused:
        Gate(junction)

    assert str(refused.value) == f"The gate cannot guard small: {problem}."
    assert refused.value.code == "signals.unsafe-junction"


def test_a_plan_may_be_as_short_as_a_millisecond():
    gate = red_for_long(small(plans=(Plan("p", (PlanStep("1", 1),)),)))

    assert rows(gate, silent=True) == ["GRR"]


# --- with its controller --------------------------------------------------------------------------
class Asks:
    """A controller that wants K."""

    def decide(self, seen, heads):
        return ask(heads.now_ms, "K")


def test_a_controller_that_was_prepared_is_the_one_that_decides():
    made = []

    def make():
        made.append(Asks())
        return made[-1]

    found = Supervised(SMALL, make, Gate(SMALL, now_ms=BEFORE_MS))
    assert found.controller is None

    found.prepare()
    assert found.controller is made[0]

    decision = found.step(0, nobody(0, 3))
    assert (decision.command.source, letters(decision.command)) == (Source.CONTROLLER, "GRR")
    assert made == [found.controller]


# --- the referee finds what is wrong --------------------------------------------------------------
@pytest.mark.parametrize(
    ("log", "found"),
    [
        ("0 GRR, 1000 YRR", ["1000: K shows GREEN for 1000 ms"]),
        ("0 GRR, 2000 RRR", ["2000: K goes from GREEN to RED"]),
        ("0 GRR, 2000 YRR, 2500 RRR", ["2500: K shows YELLOW for 500 ms"]),
        ("0 RUR, 999 RGR", ["999: L shows RED_YELLOW for 999 ms"]),
        ("0 RGR", ["0: L goes from RED to GREEN"]),
        ("0 RRG, 2000 RRR, 2999 RRG", ["2999: R shows RED for 999 ms"]),
        ("0 GRR, 2000 YRR, 3000 RUR, 4000 RGR", ["4000: L begins 2000 ms after K"]),
        ("0 GRR, 2000 YUR", ["2000: L leaves red while K shows YELLOW"]),
        ("0 RRG, 2000 GRR", ["2000: K begins 0 ms after R"]),
        (
            "0 GRR, 5000 GRG",
            ["5000: K and R are green together", "5000: R leaves red while K shows GREEN"],
        ),
        (
            "0 RUR, 1000 RGg, 2000 RGG",
            ["2000: L and R both have their way", "2000: R has its way while L shows GREEN"],
        ),
        ("0 RUG", ["0: R has its way while L shows RED_YELLOW"]),
        ("0 RUR, 1000 RGg, 2000 RYg, 3000 RRG", ["3000: R has its way 1000 ms after L"]),
        ("0 RUR, 1000 RGR, 2000 RYR, 3000 RRg", ["3000: R begins 1000 ms after L"]),
        (
            "0 RRG, 2000 RUg, 2900 RGg",
            ["2900: L shows RED_YELLOW for 900 ms", "2900: L begins 900 ms after R had its way"],
        ),
        ("0 RRg, 2000 RUR, 3000 RGR", []),
        ("0 RUg, 1000 RGg, 2000 RYg, 3000 RRg, 4000 RRG, 6000 RUg, 7000 RGg", []),
    ],
)
def test_the_referee_finds_what_is_wrong(log, found):
    aspects = {"R": RED, "U": RED_YELLOW, "G": GREEN, "g": GREEN, "Y": YELLOW}
    moments = [moment.split() for moment in log.split(", ")]
    views = [
        Shown(int(at), tuple(aspects[each] for each in row), tuple(each == "G" for each in row))
        for at, row in moments
    ]

    assert sorted(offences(SMALL, views)) == sorted(found)


def test_the_referee_finds_who_has_its_way_without_green():
    view = Shown(0, (RED, RED, RED), (False, False, True))

    assert offences(SMALL, [view]) == ["0: R has its way without green"]


# --- every state of a small junction --------------------------------------------------------------
def test_no_state_of_a_small_junction_leads_to_an_offence():
    """Walk through every state that any sequence of requests can lead to, a second a step."""
    wishes = [
        (green, permissive)
        for size in range(4)
        for green in combinations("KLR", size)
        for permissive in ("", "R")
        if "R" in green or not permissive
    ]
    known = {id(SMALL): SMALL, id(SMALL.default_plan): SMALL.default_plan}  # what no copy needs of its own
    waiting = [(red_for_long(), Referee(SMALL))]
    seen = {state_of(waiting[0][0])}
    while waiting:
        gate, referee = waiting.pop()
        for wish in [None, *wishes]:
            onward, judge = deepcopy((gate, referee), dict(known))
            now_ms = onward.now_ms + 1_000
            request = ask(now_ms, *wish[0], permissive=wish[1]) if wish is not None else None
            assert judge.see(shown(onward.step(now_ms, request))) == []
            state = state_of(onward)
            if state not in seen:
                seen.add(state)
                waiting.append((onward, judge))
    assert len(seen) > 1_000


def state_of(gate: Gate) -> tuple[object, ...]:
    """Return what decides everything that follows; ages that no longer matter are alike."""
    now_ms = gate.now_ms
    heads = tuple(
        (
            head.aspect,
            min(now_ms - head.since_ms, 4_000),
            min(now_ms - head.green_end_ms, 4_000),
            head.protected,
            min(now_ms - head.protected_end_ms, 4_000),
        )
        for head in gate._heads
    )
    plan_ms = None if gate._plan_from_ms is None else (now_ms - gate._plan_from_ms) % 24_000
    return (heads, min(gate._good, GOOD_REQUESTS_TO_HAND_BACK), plan_ms)


# --- drawn: any junction, any controller, any timing ----------------------------------------------
@st.composite
def junctions(draw, *, unit_ms=500) -> Junction:
    """Draw a junction: some groups, some conflicts, some of them partial, stages that hold none.

    Some groups have a maximum red: the least that the gate takes.
    """
    names = "ABCDE"[: draw(st.integers(2, 5))]
    times = st.integers(0, 6).map(lambda each: unit_ms * each)
    groups = tuple(
        SignalGroup(
            name,
            minimum_green_ms=draw(times),
            yellow_ms=draw(times),
            red_yellow_ms=draw(st.sampled_from([0, 1_000, 2_000])),
        )
        for name in names
    )
    intergreens, yields = {}, set()
    for one, other in combinations(names, 2):
        kind = draw(st.sampled_from(["free", "full", "full", "partial", "mutual", "one-way"]))
        if kind == "free":
            continue
        intergreens[one, other] = unit_ms * draw(st.integers(0, 14))
        if kind != "one-way":
            intergreens[other, one] = unit_ms * draw(st.integers(0, 14))
        yields |= {"partial": {(one, other)}, "mutual": {(one, other), (other, one)}}.get(kind, set())
    movements = tuple(
        Movement(
            name.lower(), name, "x", name, yields_to=tuple(b.lower() for a, b in sorted(yields) if a == name)
        )
        for name in names
    )
    stages = tuple(drawn_stage(draw, names, name, intergreens, yields) for name in names)
    steps = tuple(PlanStep(stage.id, 1_000 * draw(st.integers(3, 20))) for stage in stages)
    plans = (Plan("p", steps, offset_ms=draw(times)),)
    junction = Junction("drawn", "", (), (), (), movements, groups, intergreens, stages, plans)
    recalled = draw(st.sets(st.sampled_from(names)))
    return with_maximum_reds(
        junction, **dict.fromkeys(recalled, least_maximum_red_ms(junction, *recalled) if recalled else 0)
    )


def drawn_stage(draw, names, first, intergreens, yields) -> Stage:
    """Draw a stage with one group and whatever may be green beside it."""
    green, permissive = [first], set()
    for name in draw(st.permutations([each for each in names if each != first])):
        rivals = [each for each in green if (each, name) in intergreens or (name, each) in intergreens]
        if all((name, each) in yields for each in rivals):
            green.append(name)
            permissive |= {name} if rivals else set()
    return Stage(first, frozenset(green), frozenset(permissive))


def wishes(junction: Junction):
    """Draw what a controller may say but for when: groups, silence, or nonsense."""
    names = [group.id for group in junction.groups]
    sets = st.frozensets(st.sampled_from([*names, *names, "nobody"]))
    stage = st.sampled_from(junction.stages).map(lambda each: (each.green, each.permissive))
    nonsense = [Odd(), "K", 7, Request(None, None, 0), Request(frozenset(), frozenset(), float("nan"))]  # type: ignore[arg-type]
    return st.one_of(st.none(), stage, stage, st.tuples(sets, sets), st.sampled_from(nonsense))


def request_of(wish, made_at_ms):
    return ask(made_at_ms, *wish[0], permissive=wish[1]) if isinstance(wish, tuple) else wish


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_no_log_of_a_drawn_junction_holds_an_offence(data):
    junction = data.draw(junctions())
    gate = Gate(junction, now_ms=BEFORE_MS)
    log, now_ms, wish = [], 0, None
    for _step in range(data.draw(st.integers(5, 60))):
        now_ms += data.draw(st.sampled_from([1_000] * 6 + [0, 1, 300, 2_500, 9_000, -4_000]))
        if data.draw(st.integers(0, 2)) == 0:
            wish = data.draw(wishes(junction))
        age_ms = data.draw(st.sampled_from([0, 0, 0, 1_500, 2_500, -1]))
        command = gate.step(now_ms, request_of(wish, now_ms - age_ms))
        log.append(shown(command))
        now_ms = max(now_ms, command.at_ms)
    assert offences(junction, log) == []


class DrawnOperation(RuleBasedStateMachine):
    """A gate in operation: a controller that wants this and that, falls silent, and clocks that jump.

    Where steps come each second and times are whole seconds, no maximum red is exceeded; after a jump it counts anew.
    """

    @initialize(junction=junctions(unit_ms=1_000))
    def begin(self, junction):
        self.junction, self.gate, self.referee = junction, Gate(junction), Referee(junction)
        self.wish, self.offences = None, []
        self.green_ms = dict.fromkeys(range(len(junction.groups)), 0)

    @rule(data=st.data(), seconds=st.integers(1, 30), age_ms=st.sampled_from([0, 0, 0, 1_500, 2_500, -1]))
    def ask_for(self, data, seconds, age_ms):
        self.wish = data.draw(wishes(self.junction))
        for _second in range(seconds):
            self.step(self.gate.now_ms + 1_000, age_ms=age_ms)

    @rule(seconds=st.integers(1, 30))
    def be_silent(self, seconds):
        self.wish = None
        for _second in range(seconds):
            self.step(self.gate.now_ms + 1_000)

    @rule(by_ms=st.sampled_from([0, 1, 300, 2_500, 9_000, 60_000]))
    def jump_forward(self, by_ms):
        self.green_ms = dict.fromkeys(self.green_ms, self.gate.now_ms + by_ms)
        self.step(self.gate.now_ms + by_ms)

    @rule(by_ms=st.sampled_from([1, 1_000, 60_000]))
    def go_back(self, by_ms):
        before = self.gate.heads()
        self.step(self.gate.now_ms - by_ms)
        assert self.gate.heads() == before

    def step(self, now_ms, *, age_ms=0):
        command = self.gate.step(now_ms, request_of(self.wish, now_ms - age_ms))
        self.offences += self.referee.see(shown(command))
        for number, group in enumerate(self.junction.groups):
            if command.aspects[number] is GREEN:
                self.green_ms[number] = command.at_ms
            red_ms = command.at_ms - self.green_ms[number]
            if group.maximum_red_ms and red_ms > group.maximum_red_ms:
                self.offences.append(f"{command.at_ms}: {group.id} has been red for {red_ms} ms")

    @invariant()
    def nothing_forbidden_is_shown(self):
        assert self.offences == []


TestDrawnOperation = DrawnOperation.TestCase
TestDrawnOperation.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)
