"""Nobody is let onto the short link between twins while somebody stands there, unless they can drive on."""

from dataclasses import replace

import numpy as np
import pytest

from tandem.signals.control.planner import Planner
from tandem.signals.control.tables import tables_of
from tandem.signals.control.twins import barred
from tandem.signals.domain.junction import Approach, Exit, Junction, Lane, Movement, SignalGroup, Stage, Turn
from tests.signals.control.small import between, plan, seeing, showing, standing

STAGES = {"alone": ("K1",), "through": ("K1", "K2"), "across": ("K1", "K3"), "without": ("K3",)}


def twins() -> Junction:
    """Return two stop lines: K1 lets in by a link, or off to the right; at its end K2 lets out, and K3 crosses."""
    return Junction(
        id="twins",
        name="Twins",
        approaches=tuple(Approach(name) for name in ("west", "middle", "north")),
        lanes=(
            Lane("first", "west"),
            Lane("right", "west"),
            Lane("link", "middle"),
            Lane("north", "north"),
        ),
        exits=(Exit("onto-link", storage_m=12.0, leads_to="link"), Exit("east"), Exit("south")),
        movements=(
            Movement("in", "first", "onto-link", "K1"),
            Movement("right", "right", "south", "K1", Turn.RIGHT),
            Movement("out", "link", "east", "K2"),
            Movement("cross", "north", "south", "K3"),
        ),
        groups=tuple(SignalGroup(name) for name in ("K1", "K2", "K3")),
        intergreens_ms=between(("K2", "K3")),
        stages=tuple(Stage(name, frozenset(green)) for name, green in STAGES.items()),
        plans=(plan(("through", 20), ("without", 20)),),
    )


TWINS = twins()
INTO = standing("in") | {"onward": 2}  # and out again
ONLY_IN = standing("in")


def on_the_link(seen, *, speed_mps: float = 0.0):
    seen.exits[0]["storage_m"] = 12.0
    seen.exits[0]["count"] = 1
    seen.exits[0]["mean_speed_mps"] = speed_mps
    return seen


def barred_with(seen, *, junction: Junction = TWINS) -> set[str]:
    """Return the stages that must not come while those who are seen stand first in their lanes."""
    tables = tables_of(junction)
    users = seen.users
    links = [
        tables.pair_of.get((int(user["movement"]), int(user["onward"])), int(user["movement"]))
        for user in users
    ]
    order = np.argsort(tables.lane_of[users["movement"]], kind="stable")
    counts = np.bincount(tables.lane_of[users["movement"]], minlength=tables.lanes)
    begins = np.concatenate([[0], np.cumsum(counts)])
    found = barred(tables, seen.exits, begins, np.array(links, np.int64)[order])
    return {stage.id for stage, each in zip(junction.stages, found, strict=True) if each}


def test_who_would_have_to_stop_behind_somebody_on_the_link_is_not_let_in():
    assert barred_with(on_the_link(seeing(TWINS, INTO))) == {"alone", "across"}


@pytest.mark.parametrize(
    "seen",
    [
        seeing(TWINS, INTO),
        on_the_link(seeing(TWINS, INTO), speed_mps=5.0),
        on_the_link(seeing(TWINS, standing("right"), standing("cross"))),
        on_the_link(seeing(TWINS, standing("right"), INTO | {"movement": "right", "onward": -1})),
        on_the_link(seeing(TWINS)),
    ],
)
def test_nothing_is_barred_where_nobody_stands_on_the_link_or_nobody_comes(seen):
    assert barred_with(seen) == set()


def test_only_the_first_one_of_a_lane_counts():
    behind = standing("in", place=1) | {"onward": 2}

    assert barred_with(on_the_link(seeing(TWINS, ONLY_IN, behind))) == set()
    assert barred_with(on_the_link(seeing(TWINS, INTO, behind))) == {"alone", "across"}


def test_nothing_is_barred_where_every_stage_would_be():
    both = replace(
        TWINS,
        lanes=(*TWINS.lanes, Lane("back", "north"), Lane("link-back", "middle")),
        exits=(*TWINS.exits, Exit("onto-link-back", storage_m=12.0, leads_to="link-back")),
        movements=(
            *TWINS.movements,
            Movement("in-back", "back", "onto-link-back", "K4"),
            Movement("out-back", "link-back", "east", "K5"),
        ),
        groups=(*TWINS.groups, SignalGroup("K4"), SignalGroup("K5")),
        stages=(Stage("there", frozenset({"K1", "K2", "K4"})), Stage("back", frozenset({"K1", "K4", "K5"}))),
        plans=(plan(("there", 20), ("back", 20)),),
    )
    back = standing("in-back") | {"onward": 5}
    one, other = on_the_link(seeing(both, INTO)), on_the_link(seeing(both, INTO, back))
    other.exits[3] = other.exits[0]

    assert barred_with(one, junction=both) == {"back"}
    assert barred_with(other, junction=both) == set()


@pytest.mark.parametrize(("stands", "wish"), [(False, {"K1", "K3"}), (True, {"K3"})])
def test_the_planner_lets_nobody_in_whoever_else_waits_for_the_same_green(stands, wish):
    turning = [standing("right", place=place) for place in range(4)]
    crossing = [standing("cross", place=place, waited_s=100) for place in range(20)]
    seen = seeing(TWINS, INTO, *turning, *crossing, standing("out"))
    if stands:
        on_the_link(seen)

    assert Planner(TWINS).decide(seen, showing(TWINS, "without")).green == wish


@pytest.mark.parametrize(("since_s", "stays"), [(97, True), (90, False)])
def test_the_planner_leaves_such_a_green_when_it_may(since_s, stays):
    crossing = [standing("cross", place=place, waited_s=100) for place in range(20)]
    turning = [standing("right", place=place) for place in range(20)]
    seen = on_the_link(seeing(TWINS, INTO, *turning, *crossing, standing("out")))

    wish = Planner(TWINS).decide(seen, showing(TWINS, "across", since_s=since_s))

    assert (wish.green == {"K1", "K3"}) is stays
