"""What a version of a file changes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tandem.junctions.domain.difference import ChangeKind, differences
from tandem.signals.domain.junction import GroupKind, Junction, Plan, PlanStep, SignalGroup, Stage
from tandem.signals.domain.notation import junction_from_json
from tests.junctions.messages import FILE

BASE = junction_from_json(FILE)
TIMES = ("minimum_green_ms", "maximum_green_ms", "maximum_red_ms", "yellow_ms", "red_yellow_ms")


def told(before: Junction, after: Junction) -> list[tuple[str, str, str]]:
    return [(each.kind.value, each.path, str(each.says)) for each in differences(before, after)]


def test_equal_junctions_differ_in_nothing():
    assert differences(BASE, junction_from_json(FILE)) == []


def test_a_new_group_and_one_that_is_gone():
    other = replace(BASE, groups=(*BASE.groups[:2], SignalGroup("R1", GroupKind.CYCLE)))

    assert told(BASE, other) == [
        ("removed", "groups/F1", "It is gone."),
        ("added", "groups/R1", "It is new."),
    ]


def test_times_that_changed_are_said_in_seconds():
    slower = replace(BASE.groups[0], minimum_green_ms=8_500)
    other = replace(
        BASE,
        groups=(slower, *BASE.groups[1:]),
        intergreens_ms={**BASE.intergreens_ms, ("K1", "K2"): 7_000, ("F1", "K2"): 4_000},
    )

    assert told(BASE, other) == [
        ("changed", "groups/K1", "Minimum green 5 s → 8.5 s."),
        ("added", "intergreens/F1/K2", "Intergreen 4 s is new."),
        ("changed", "intergreens/K1/K2", "Intergreen 5 s → 7 s."),
    ]


def test_stages_plans_and_what_has_no_id():
    plan = Plan("day", (PlanStep("along", 50_000), PlanStep("across", 25_000)), offset_ms=5_000)
    stages = (BASE.stages[0], Stage("across", frozenset({"K2"})))
    other = replace(BASE, stages=stages, plans=(plan,), assumptions=("Measured on a photograph.",))

    assert told(BASE, other) == [
        ("changed", "stages/across", "Green together: F1, K2 → K2."),
        ("changed", "plans/day", "Steps: along 40 s, across 25 s → along 50 s, across 25 s."),
        ("changed", "plans/day", "Offset 0 s → 5 s."),
        ("changed", "assumptions", "It is described otherwise."),
    ]


@given(st.dictionaries(st.sampled_from(TIMES), st.integers(0, 90_000)))
def test_each_time_of_a_group_that_differs_is_one_change(times: dict[str, int]):
    other = replace(BASE, groups=(replace(BASE.groups[0], **times), *BASE.groups[1:]))
    changed = sum(getattr(BASE.groups[0], name) != value for name, value in times.items())

    assert [each.kind for each in differences(BASE, other)] == [ChangeKind.CHANGED] * changed


@given(
    st.sets(st.sampled_from(["K1", "K2", "F1", "R1", "B1"])),
    st.sets(st.sampled_from(["K1", "K2", "F1", "R1", "B1"])),
)
def test_forwards_adds_what_backwards_removes(before: set[str], after: set[str]):
    one, other = (
        replace(BASE, groups=tuple(SignalGroup(name) for name in sorted(names))) for names in (before, after)
    )
    added = {each.path for each in differences(one, other) if each.kind is ChangeKind.ADDED}

    assert added == {each.path for each in differences(other, one) if each.kind is ChangeKind.REMOVED}
