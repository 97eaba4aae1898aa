"""Nobody is let onto the short link between twins who could not get out of it."""

from dataclasses import replace

import numpy as np
import pytest

from tandem.signals.control.planner import Planner
from tandem.signals.control.preparing import arrival_s
from tandem.signals.control.tables import tables_of
from tandem.signals.control.twins import Twins
from tandem.signals.domain.junction import Approach, Exit, Junction, Lane, Movement, SignalGroup, Stage, Turn
from tests.signals.control.small import between, plan, seeing, showing, standing, two

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
TWO = two()


def on_the_link(seen, *, speed_mps: float = 0.0, used_m: float = 7.5):
    for name, value in {"storage_m": 12.0, "used_m": used_m, "count": 1, "mean_speed_mps": speed_mps}.items():
        seen.exits[0][name] = value
    return seen


def barred_with(
    seen, *, junction: Junction = TWINS, stood_s: float = 0.0, distance_m: float = 0.0
) -> set[str]:
    """Return the stages that must not come; somebody who came over the link has stood inside for so long."""
    tables = tables_of(junction)
    pairs = [(int(user["movement"]), int(user["onward"])) for user in seen.users]
    links = np.array([tables.pair_of.get(pair, pair[0]) for pair in pairs], np.int64)
    arrivals = np.array([arrival_s(distance_m, 0.0, 13.9)] * len(links))
    inside = np.zeros(len(junction.movements))
    inside[2] = stood_s
    found = Twins(tables).barred(seen.exits, links, arrivals, inside)
    return {stage.id for stage, each in zip(junction.stages, found, strict=True) if each}


def test_who_would_have_to_stop_behind_somebody_on_the_link_is_not_let_in():
    assert barred_with(on_the_link(seeing(TWINS, INTO))) == {"alone", "across"}


def test_nobody_is_let_onto_the_link_while_somebody_who_came_over_it_stands_inside():
    assert barred_with(seeing(TWINS, INTO), stood_s=4.0) == {"alone", "across", "through"}
    assert barred_with(seeing(TWINS, INTO), stood_s=3.0) == set()


@pytest.mark.parametrize(
    "seen",
    [
        seeing(TWINS, INTO),
        on_the_link(seeing(TWINS, INTO), speed_mps=5.0),
        on_the_link(seeing(TWINS, INTO), used_m=4.0),
        on_the_link(seeing(TWINS, standing("right"), standing("cross"), standing("in"))),
        on_the_link(seeing(TWINS)),
    ],
)
def test_nothing_is_barred_where_the_link_is_not_full_or_nobody_comes(seen):
    assert barred_with(seen) == set()


def test_only_those_who_can_be_there_soon_count():
    seen = on_the_link(seeing(TWINS, INTO))

    assert barred_with(seen, distance_m=20.0) == {"alone", "across"}
    assert barred_with(seen, distance_m=60.0) == set()


def test_a_junction_without_twins_has_nothing_to_bar():
    found = Twins(tables_of(TWO)).barred(
        seeing(TWO, standing("k1")).exits, np.array([0]), np.zeros(1), np.full(2, 9.0)
    )

    assert list(found) == [False, False]


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
