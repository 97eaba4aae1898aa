"""The gate: whatever is asked, whenever it is asked, nothing forbidden is shown."""

from copy import deepcopy
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Aspect
from tandem.signals.domain.junction import Junction, Movement, Plan, PlanStep, SignalGroup, Stage
from tandem.signals.safety.command import Source
from tandem.signals.safety.gate import GOOD_REQUESTS_TO_HAND_BACK, LONGEST_SILENCE_MS, Gate, UnsafeJunction
from tests.signals.safety.referee import GREEN, RED, YELLOW, Shown, offences

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


def shown(command) -> Shown:
    return Shown(command.at_ms, command.aspects, command.protected)


def ask(now_ms, *green, permissive=(), made_at_ms=None) -> Request:
    return Request(frozenset(green), frozenset(permissive), now_ms if made_at_ms is None else made_at_ms, "")


# --- the referee finds what is wrong --------------------------------------------------------------
@pytest.mark.parametrize(
    ("log", "offence"),
    [
        ([(0, "GRR"), (1_000, "YRR")], "K shows GREEN for 1000 ms"),
        ([(0, "GRR"), (2_000, "RRR")], "K goes from GREEN to RED"),
        ([(0, "GRR"), (2_000, "YRR"), (2_500, "RRR")], "K shows YELLOW for 500 ms"),
        ([(0, "RGR")], "L goes from RED to GREEN"),
        ([(0, "GRR"), (2_000, "YUR"), (3_000, "RGR")], "L begins 1000 ms after K"),
        ([(0, "RRG"), (2_000, "GRR")], "K begins 0 ms after R"),
        ([(0, "GRG")], "K and R are green together"),
        ([(0, "RUR"), (1_000, "RGg"), (2_000, "RGG")], "R and L both have their way"),
    ],
)
def test_the_referee_finds_what_is_wrong(log, offence):
    letters = {"R": RED, "U": Aspect.RED_YELLOW, "G": GREEN, "g": GREEN, "Y": YELLOW}
    views = [
        Shown(at_ms, tuple(letters[each] for each in text), tuple(each == "G" for each in text))
        for at_ms, text in log
    ]
    assert any(offence in found for found in offences(SMALL, views))


# --- any junction, any controller, any timing -----------------------------------------------------
@st.composite
def junctions(draw) -> Junction:
    """Draw a junction: some groups, some conflicts, some of them partial, stages that hold none."""
    names = "ABCDE"[: draw(st.integers(2, 5))]
    times = st.integers(0, 6).map(lambda each: 500 * each)
    groups = tuple(
        SignalGroup(
            name,
            minimum_green_ms=draw(times),
            yellow_ms=draw(times),
            red_yellow_ms=draw(st.sampled_from([0, 1_000])),
            maximum_red_ms=draw(st.sampled_from([0, 0, 120_000])),
        )
        for name in names
    )
    intergreens, yields, permissive_beside = {}, {}, {}
    for one, other in combinations(names, 2):
        kind = draw(st.sampled_from(["free", "full", "full", "partial"]))
        if kind == "free":
            continue
        intergreens[one, other] = 500 * draw(st.integers(0, 14))
        intergreens[other, one] = 500 * draw(st.integers(0, 14))
        if kind == "partial":
            yields.setdefault(one, []).append(other)
            permissive_beside.setdefault(one, set()).add(other)
    movements = tuple(
        Movement(
            name.lower(), name, "x", name, yields_to=tuple(each.lower() for each in yields.get(name, ()))
        )
        for name in names
    )
    stages = []
    for name in names:
        green, permissive = {name}, set()
        for other in draw(st.permutations(names)):
            rivals = [each for each in green if (each, other) in intergreens and each != other]
            if other in green:
                continue
            if all(each in permissive_beside.get(other, ()) for each in rivals):
                green.add(other)
                if rivals:
                    permissive.add(other)
        stages.append(Stage(name, frozenset(green), frozenset(permissive)))
    steps = tuple(PlanStep(stage.id, 1_000 * draw(st.integers(3, 20))) for stage in stages)
    return Junction(
        "drawn", "", (), (), (), movements, groups, intergreens, tuple(stages), (Plan("p", steps),)
    )


class Odd:
    """Something that is no request."""

    green = property(lambda self: 1 / 0)
    permissive = frozenset()
    made_at_ms = 0


def requests(junction: Junction):
    names = [group.id for group in junction.groups]
    sets = st.frozensets(st.sampled_from([*names, *names, "nobody"]))
    stage = st.sampled_from(junction.stages)
    return st.one_of(
        st.none(),
        st.builds(lambda each: (each.green, each.permissive), stage),
        st.builds(lambda each: (each.green, each.permissive), stage),
        st.tuples(sets, sets),
        st.sampled_from(
            [Odd(), "K", 7, Request(None, None, 0, ""), Request(frozenset(), frozenset(), float("nan"), "")]
        ),  # type: ignore[arg-type]
    )


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_no_log_holds_an_offence(data):
    junction = data.draw(junctions())
    try:
        gate = Gate(junction, now_ms=BEFORE_MS)
    except UnsafeJunction:
        return
    log, now_ms = [], 0
    wish = None
    for _step in range(data.draw(st.integers(5, 60))):
        now_ms += data.draw(st.sampled_from([1_000] * 6 + [0, 1, 300, 2_500, 9_000, -4_000]))
        if data.draw(st.integers(0, 2)) == 0:
            wish = data.draw(requests(junction))
        age_ms = data.draw(st.sampled_from([0, 0, 0, 1_500, 2_500, -1]))
        request = ask(now_ms - age_ms, *wish[0], permissive=wish[1]) if isinstance(wish, tuple) else wish
        command = gate.step(now_ms, request)
        log.append(shown(command))
        now_ms = max(now_ms, command.at_ms)
    assert offences(junction, log) == []


# --- every state of a small junction --------------------------------------------------------------
def test_no_state_of_a_small_junction_leads_to_an_offence():
    """Walk through every state that any sequence of requests can lead to, a second a step."""
    names = [group.id for group in SMALL.groups]
    wishes = [None] + [
        (green, permissive)
        for size in range(4)
        for green in combinations(names, size)
        for permissive in [(), tuple(each for each in green if each == "R")]
    ]
    gate = Gate(SMALL, now_ms=BEFORE_MS)
    start = shown(gate.step(0, ask(0)))
    waiting = [(gate, [start])]
    seen = {state_of(gate)}
    while waiting:
        gate, log = waiting.pop()
        for wish in wishes:
            onward = deepcopy(gate)
            now_ms = onward.now_ms + 1_000
            request = ask(now_ms, *wish[0], permissive=wish[1]) if wish is not None else None
            more = [*log[-12:], shown(onward.step(now_ms, request))]
            assert offences_after(more) == []
            state = state_of(onward)
            if state not in seen:
                seen.add(state)
                waiting.append((onward, more))
    assert len(seen) > 1_000


def offences_after(log):
    """Return a log's offences; where its beginning is cut off, those of its last view."""
    found = offences(SMALL, log)
    return found if len(log) <= 12 else [each for each in found if each.startswith(f"{log[-1].at_ms}:")]


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


# --- who decides ----------------------------------------------------------------------------------
def served(gate, seconds, wish, *, first=0):
    """Return the commands of some seconds of one wish."""
    return [gate.step(1_000 * second, wish(1_000 * second)) for second in range(first, first + seconds)]


@pytest.mark.parametrize(
    ("request_at", "fault"),
    [
        (lambda now_ms: None, "no-request"),
        (lambda now_ms: ask(now_ms, "K", made_at_ms=now_ms - LONGEST_SILENCE_MS - 1), "late"),
        (lambda now_ms: ask(now_ms, "K", made_at_ms=now_ms + 1), "late"),
        (lambda now_ms: ask(now_ms, "K", made_at_ms=float("nan")), "malformed"),
        (lambda now_ms: ask(now_ms, "K", made_at_ms=float("inf")), "malformed"),
        (lambda now_ms: Odd(), "malformed"),
        (lambda now_ms: ask(now_ms, "Z"), "unknown-group"),
        (lambda now_ms: ask(now_ms, "K", permissive=("Z",)), "unknown-group"),
        (lambda now_ms: ask(now_ms, "K", "L"), "conflict"),
        (lambda now_ms: ask(now_ms, "L", "R"), "conflict"),
    ],
)
def test_every_fault_is_named_and_ends_in_the_plan_at_once(request_at, fault):
    gate = Gate(SMALL, now_ms=BEFORE_MS)
    served(gate, 10, lambda now_ms: ask(now_ms, "K"))

    command = gate.step(10_000, request_at(10_000))

    assert (command.source, command.faults) == (Source.PLAN, (fault,))
    assert command.aspects[0] is GREEN  # the plan's nearest step: no jump


def test_a_request_as_old_as_allowed_is_good():
    gate = Gate(SMALL, now_ms=BEFORE_MS)

    assert gate.step(0, ask(0, "K", made_at_ms=-LONGEST_SILENCE_MS)).source is Source.CONTROLLER


def test_three_good_requests_hand_back():
    gate = Gate(SMALL, now_ms=BEFORE_MS)
    served(gate, 5, lambda now_ms: ask(now_ms, "K"))
    gate.step(5_000, None)

    sources = [each.source for each in served(gate, 4, lambda now_ms: ask(now_ms, "K"), first=6)]

    assert sources == [Source.PLAN, Source.PLAN, Source.CONTROLLER, Source.CONTROLLER]


def test_the_plan_goes_on_from_the_nearest_step():
    gate = Gate(SMALL, now_ms=BEFORE_MS)
    served(gate, 10, lambda now_ms: ask(now_ms, "R"))

    # step 3 of the plan lasts 7 s and is followed by step 1
    aspects = [each.aspects for each in served(gate, 12, lambda _now_ms: None, first=10)]

    assert [row[2] for row in aspects[:7]] == [GREEN] * 7
    assert aspects[7][2] is RED  # R has no yellow
    assert aspects[10][0] is GREEN  # 3 s of intergreen later


def test_a_clock_that_goes_back_changes_nothing():
    gate = Gate(SMALL, now_ms=BEFORE_MS)
    before = served(gate, 10, lambda now_ms: ask(now_ms, "K"))[-1]

    command = gate.step(3_000, ask(3_000, "L"))

    assert (command.aspects, command.at_ms) == (before.aspects, 9_000)
    assert "clock-went-back" in command.faults


# --- maximum red ----------------------------------------------------------------------------------
def with_maximum_red(red_ms, *names):
    groups = tuple(
        replace(group, maximum_red_ms=red_ms if group.id in names else 0) for group in SMALL.groups
    )
    return small(groups=groups)


@pytest.mark.parametrize("names", [("L",), ("K", "L"), ("K", "L", "R")])
@pytest.mark.parametrize("stubborn", ["K", "R"])
def test_no_red_is_longer_than_promised_whoever_is_preferred(names, stubborn):
    junction = with_maximum_red(40_000, *names)
    gate = Gate(junction, now_ms=0)
    numbers = [number for number, group in enumerate(junction.groups) if group.id in names]
    since = dict.fromkeys(numbers, 0)
    for second in range(1, 400):
        command = gate.step(1_000 * second, ask(1_000 * second, stubborn))
        for number in numbers:
            if command.aspects[number] is GREEN:
                since[number] = 1_000 * second
            assert 1_000 * second - since[number] <= 40_000
    assert Source.RECALL in {
        gate.step(400_000 + 1_000 * n, ask(400_000 + 1_000 * n, stubborn)).source for n in range(60)
    }


@pytest.mark.parametrize(
    ("junction", "problem"),
    [
        (with_maximum_red(9_000, "L"), "the maximum red of L is 9000 ms"),
        (
            small(
                stages=(Stage("1", frozenset({"K"})),), plans=(), groups=with_maximum_red(90_000, "L").groups
            ),
            "no stage serves L",
        ),
        (
            small(stages=(Stage("1", frozenset({"K", "L"})),), plans=()),
            "conflicting groups are green in stage 1",
        ),
        (
            small(stages=(Stage("1", frozenset({"L", "R"})),), plans=()),
            "conflicting groups are green in stage 1",
        ),
        (small(plans=(Plan("p", (PlanStep("9", 1_000),)),)), "its plan p names no stage 9"),
    ],
)
def test_a_junction_that_cannot_be_guarded_is_refused(junction, problem):
    with pytest.raises(UnsafeJunction, match=problem):
        Gate(junction)


def test_requests_are_sets_of_any_kind_that_can_be_read():
    gate = Gate(SMALL, now_ms=BEFORE_MS)
    for green, good in product([["K"], ("K",), {"K": 1}, "K"], [True]):
        request = Request(green, (), gate.now_ms + 1_000, "")  # type: ignore[arg-type]
        assert (gate.step(gate.now_ms + 1_000, request).faults == ()) is good
