"""A knot inside the junction is untied by red for the stream that stands at its green."""

from dataclasses import replace

import pytest

from tandem.signals.control.box import HOLDS_MS, STANDS_S, Box
from tandem.signals.control.planner import Planner, PlannerSettings
from tandem.signals.control.policy import Policy
from tandem.signals.control.tables import tables_of
from tandem.signals.domain.junction import Stage
from tests.signals.control.small import crossing, seeing, showing, standing

CROSSING = crossing()
LEFT_GIVES_WAY = replace(
    CROSSING,
    movements=tuple(
        replace(each, yields_to=("k1",)) if each.id == "l1" else each for each in CROSSING.movements
    ),
    stages=(
        Stage("A", frozenset({"K1", "L1"}), frozenset({"L1"})),
        Stage("B", frozenset({"K2", "R2"})),
        Stage("C", frozenset({"L1"})),
    ),
)
L1 = [each.id for each in LEFT_GIVES_WAY.movements].index("l1")
NORTH = [each.id for each in LEFT_GIVES_WAY.exits].index("north")


def knot(*others, inside: int = 1, speed_mps: float = 0.0, tail_gap_m: float = 50.0):
    """Return what is seen: somebody who turns left stands inside, and a car stands at the green of K1."""
    first = {**standing("k1"), "speed_mps": speed_mps}
    seen = seeing(LEFT_GIVES_WAY, first, *others)
    seen.in_box[L1] = inside
    seen.exits["count"][NORTH] = 1
    seen.exits["tail_gap_m"][NORTH] = tail_gap_m
    return seen


def greens(seen, seconds: int = 40) -> list[frozenset[str]]:
    """Return what the planner asks for in each second while stage A is shown."""
    planner = Planner(LEFT_GIVES_WAY, PlannerSettings(policy=Policy(recall_s=0)))
    return [
        planner.decide(seen, showing(LEFT_GIVES_WAY, "A", now_s=100 + second)).green
        for second in range(seconds)
    ]


def test_the_stream_that_stands_gets_red():
    asked = greens(knot())
    assert all("K1" in each for each in asked[: int(STANDS_S) - 1])
    assert any("K1" not in each for each in asked)


@pytest.mark.parametrize(
    "seen",
    [knot(inside=0), knot(speed_mps=8.0), knot(tail_gap_m=2.0)],
    ids=["nobody inside", "the stream moves", "their exit is full"],
)
def test_otherwise_nothing_changes(seen):
    assert all("K1" in each for each in greens(seen))


def test_of_the_stages_that_let_them_out_the_one_that_serves_most_is_taken():
    tables = tables_of(LEFT_GIVES_WAY)
    for waiting, stage in (("k2", 1), ("l1", 2)):
        box, seen = Box(tables), knot(standing(waiting))
        for _second in range(int(STANDS_S)):
            box.look(seen)
        stuck_s = tables.lane_of * 0.0 + 30.0
        assert box.way_out(seen, 0, stuck_s, seen.users, 0) == stage


def test_it_holds_for_a_while_then_leaves_the_plan_alone():
    tables = tables_of(LEFT_GIVES_WAY)
    box, seen = Box(tables), knot(standing("k2"))
    for _second in range(int(STANDS_S)):
        box.look(seen)
    stuck_s = tables.lane_of * 0.0 + 30.0
    assert box.way_out(seen, 0, stuck_s, seen.users, 0) == 1
    assert box.way_out(seen, 1, stuck_s, seen.users, 8_000) == 1
    later_ms = 6_000 + HOLDS_MS + 1_000
    assert [box.way_out(seen, stage, stuck_s, seen.users, later_ms) for stage in (0, 1)] == [None, None]
    assert box.way_out(seen, 0, stuck_s, seen.users, later_ms + 30_000) == 1
    box.look(knot(inside=0))
    assert box.way_out(knot(inside=0), 1, stuck_s, seen.users, later_ms + 31_000) is None
