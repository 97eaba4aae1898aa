"""Nobody is let onto the short link between twins who could not get out of it, and who is too many there goes first."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from tandem.signals.control.clearing import clearing_times, linked_groups
from tandem.signals.control.planner import Planner
from tandem.signals.control.tables import tables_of
from tandem.signals.control.twins import Twins
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.interstage import switching_times
from tandem.signals.domain.junction import (
    Approach,
    Exit,
    Interstage,
    Junction,
    Lane,
    Movement,
    SignalGroup,
    Stage,
    Turn,
)
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


def with_another_link(onto: str, off: str, stages: Mapping[str, Iterable[str]]) -> Junction:
    """Return the twins with a second link of their own, onto and off which two groups let."""
    known = {group.id for group in TWINS.groups}
    return replace(
        TWINS,
        lanes=(*TWINS.lanes, Lane("other", "north"), Lane("other-link", "middle")),
        exits=(*TWINS.exits, Exit("onto-other-link", storage_m=12.0, leads_to="other-link")),
        movements=(
            *TWINS.movements,
            Movement("other-in", "other", "onto-other-link", onto),
            Movement("other-out", "other-link", "east", off),
        ),
        groups=(*TWINS.groups, *(SignalGroup(name) for name in (onto, off) if name not in known)),
        stages=tuple(Stage(name, frozenset(green)) for name, green in stages.items()),
        plans=(plan(*((name, 20) for name in list(stages)[:2])),),
    )


INTO = standing("in") | {"onward": 2, "length_m": 5.0}  # and out again
TWO = two()


def on_the_link(seen, *, used_m: float = 7.5):
    seen.exits[0]["storage_m"], seen.exits[0]["used_m"], seen.exits[0]["count"] = 12.0, used_m, 1
    return seen


def barred_with(seen, *, junction: Junction = TWINS) -> set[str]:
    """Return the stages that must not come."""
    tables = tables_of(junction)
    pairs = np.full((len(junction.movements), len(junction.movements)), -1, np.int64)
    for pair, link in tables.pair_of.items():
        pairs[pair] = link
    found = Twins(tables, pairs).barred(seen, seen.users)
    return {stage.id for stage, each in zip(junction.stages, found, strict=True) if each}


def test_who_would_have_to_stop_behind_somebody_on_the_link_is_not_let_in():
    assert barred_with(on_the_link(seeing(TWINS, INTO))) == {"alone", "across"}


def test_who_is_on_the_way_to_the_link_takes_room_there():
    seen = on_the_link(seeing(TWINS, INTO), used_m=0.0)
    assert barred_with(seen) == set()

    seen.inside[0] = 1

    assert barred_with(seen) == {"alone", "across"}


def test_a_long_vehicle_needs_more_room():
    bus = INTO | {"length_m": 12.0}

    assert barred_with(on_the_link(seeing(TWINS, INTO), used_m=0.0)) == set()
    assert barred_with(on_the_link(seeing(TWINS, bus), used_m=0.0)) == {"alone", "across"}


def test_one_car_can_wait_on_the_shortest_link():
    seen = on_the_link(seeing(TWINS, INTO), used_m=0.0)
    seen.exits[0]["storage_m"] = 0.5

    assert barred_with(seen) == set()


@pytest.mark.parametrize(
    "seen",
    [
        on_the_link(seeing(TWINS, INTO), used_m=4.0),
        on_the_link(seeing(TWINS, standing("right"), standing("cross"), standing("in"))),
        on_the_link(seeing(TWINS)),
    ],
)
def test_nothing_is_barred_where_there_is_room_or_nobody_goes_through(seen):
    assert barred_with(seen) == set()


@pytest.mark.parametrize(
    ("distance_m", "speed_mps", "counts"),
    [(29.0, 0.0, True), (30.0, 0.0, False), (64.0, 13.0, True), (65.0, 13.0, False)],
)
def test_only_those_who_are_there_soon_count(distance_m, speed_mps, counts):
    user = INTO | {"distance_m": distance_m, "speed_mps": speed_mps}

    assert bool(barred_with(on_the_link(seeing(TWINS, user)))) is counts


def test_a_junction_without_twins_has_nothing_to_bar():
    seen = seeing(TWO, standing("k1"))

    found = Twins(tables_of(TWO), np.full((2, 2), -1)).barred(seen, seen.users)

    assert list(found) == [False, False]


def test_nothing_is_barred_where_every_stage_would_be():
    stages = {"there": ("K1", "K2", "K4"), "back": ("K1", "K4", "K5")}
    both = with_another_link("K4", "K5", stages)
    back = standing("other-in") | {"onward": 5, "length_m": 5.0}
    one, other = on_the_link(seeing(both, INTO)), on_the_link(seeing(both, INTO, back))
    other.exits[3] = other.exits[0]

    assert barred_with(one, junction=both) == {"back"}
    assert barred_with(other, junction=both) == set()


@pytest.mark.parametrize(
    ("used_m", "barred"),
    [(12.0, set()), (12.1, {"alone", "across", "without"}), (15.0, {"alone", "across", "without"})],
)
def test_those_who_stand_with_the_tail_in_the_first_junction_are_let_through_next(used_m, barred):
    assert barred_with(on_the_link(seeing(TWINS), used_m=used_m)) == barred


def test_where_not_all_of_those_can_be_let_through_at_least_nobody_is_let_in():
    stages = {"there": ("K1", "K2"), "back": ("K4", "K5"), "in": ("K1", "K4")}
    both = with_another_link("K4", "K5", stages)
    seen = on_the_link(seeing(both, INTO), used_m=15.0)
    seen.exits[3] = seen.exits[0]

    assert barred_with(seen, junction=both) == {"in"}


def test_the_planner_lets_those_through_who_stand_in_the_way_whoever_else_waits():
    crossing = [standing("cross", place=place, waited_s=300) for place in range(20)]
    seen = seeing(TWINS, *crossing, standing("out"))

    assert Planner(TWINS).decide(seen, showing(TWINS, "without")).green == {"K3"}
    wish = Planner(TWINS).decide(on_the_link(seen, used_m=15.0), showing(TWINS, "without"))
    assert "K3" not in wish.green


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


# --- the link runs empty --------------------------------------------------------------------------
def test_the_way_off_the_link_closes_three_seconds_after_the_way_onto_it():
    assert linked_groups(TWINS) == (("K1", "K2"),)
    plain = switching_times(TWINS, "through", "without")

    times = clearing_times(TWINS, linked_groups(TWINS), "through", "without")

    assert plain.ends_ms["K2"] == plain.ends_ms["K1"] == 0
    assert times.ends_ms == {"K1": 0, "K2": 3_000}
    assert times.starts_ms["K3"] == plain.starts_ms["K3"] + 3_000


@pytest.mark.parametrize(
    ("first", "second"), [("through", "across"), ("alone", "without"), ("across", "alone")]
)
def test_other_changes_stay_as_they_are(first, second):
    assert clearing_times(TWINS, linked_groups(TWINS), first, second) == switching_times(TWINS, first, second)


def test_what_a_junction_lists_stays_as_it_is():
    listed = replace(TWINS, interstages=(Interstage("through", "without", {"K1": 0, "K2": 0}),))

    times = clearing_times(listed, linked_groups(listed), "through", "without")

    assert times == switching_times(listed, "through", "without")
    assert times.ends_ms == {"K1": 0, "K2": 0}


def test_the_planner_lets_the_link_run_empty():
    stages = tuple(stage for stage in TWINS.stages if stage.id in ("through", "without"))
    planner = Planner(replace(TWINS, stages=stages))
    seen = seeing(TWINS, *[standing("cross", place=place, waited_s=300) for place in range(20)])
    aspects = dict.fromkeys(("K1", "K2"), Aspect.GREEN)
    wishes = []
    for second in range(100, 106):
        heads = Heads(
            1_000 * second,
            tuple(aspects.get(group.id, Aspect.RED) for group in TWINS.groups),
            (0, 0, 0),
        )
        wishes.append(set(planner.decide(seen, heads).green))
        if second == 100:
            aspects["K1"] = Aspect.YELLOW

    assert wishes[0] == wishes[1] == wishes[2] == {"K2"}
    assert "K2" not in wishes[3]


def test_a_green_onto_two_full_links_ends_though_nobody_waits_elsewhere():
    stages = {name: green for name, green in STAGES.items() if name != "across"}
    both = with_another_link("K1", "K4", stages | {"other-through": ("K1", "K4")})
    seen = on_the_link(seeing(both, INTO, INTO | {"movement": "other-in", "onward": 5}))
    seen.exits[3] = seen.exits[0]

    assert barred_with(seen, junction=both) == {"alone", "through", "other-through"}
    assert Planner(both).decide(seen, showing(both, "alone")).green == {"K3"}
