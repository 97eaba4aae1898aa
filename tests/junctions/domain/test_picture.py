"""A junction file as people look at it."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tandem.junctions.domain.picture import Bar, Served, greens, served
from tandem.signals.domain.junction import Plan, PlanStep, Turn
from tandem.signals.domain.notation import junction_from_json
from tests.junctions.messages import FILE

BASE = junction_from_json(FILE)


def test_what_groups_serve_is_said_by_the_approaches_names():
    assert served(BASE) == {
        "K1": (Served("Market Street", Turn.STRAIGHT),),
        "K2": (Served("Mill Lane", Turn.RIGHT),),
        "F1": (Served("Crossing", Turn.CROSSING),),
    }


def test_greens_begin_after_their_intergreens():
    assert greens(BASE, BASE.plans[0]) == {
        "K1": (Bar(6_000, 40_000),),
        "K2": (
            Bar(0, 1_000),
            Bar(45_000, 65_000),
        ),  # it ends a second into the change, across the end of the cycle
        "F1": (Bar(46_000, 65_000),),
    }


def test_a_plan_of_one_stage_is_always_green():
    plan = Plan("night", (PlanStep("along", 30_000),))

    assert greens(BASE, plan) == {"K1": (Bar(0, 30_000),), "K2": (), "F1": ()}


@given(st.lists(st.tuples(st.sampled_from(["along", "across"]), st.integers(20, 90)), min_size=1, max_size=6))
def test_conflicting_groups_are_never_green_together_and_nothing_leaves_the_cycle(
    steps: list[tuple[str, int]],
):
    plan = Plan("any", tuple(PlanStep(stage, 1_000 * seconds) for stage, seconds in steps))
    bars = greens(replace(BASE, plans=(plan,)), plan)

    assert all(0 <= bar.begins_ms < bar.ends_ms <= plan.cycle_ms for found in bars.values() for bar in found)
    for one, other in combinations(bars, 2):
        if BASE.conflict(one, other):
            assert not any(
                a.begins_ms < b.ends_ms and b.begins_ms < a.ends_ms for a in bars[one] for b in bars[other]
            )
