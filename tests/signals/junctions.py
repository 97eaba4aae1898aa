"""Sound junctions to test with: two streets, and four arms with cyclists and pedestrians.

The four arms stand around the origin, x to the east, y to the north, traffic on the right. Stop lines are 15 m from
the middle, crossings 12 m, the edge of the carriageway 7 m to either side. Ways are drawn for the western arm and
turned for the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from tandem.signals.domain.clearing import clearance, intergreens_from_geometry
from tandem.signals.domain.junction import (
    Approach,
    Clearance,
    Detector,
    Exit,
    GroupKind,
    Junction,
    Lane,
    Movement,
    Plan,
    PlanStep,
    SignalGroup,
    Stage,
    Turn,
)

Way = tuple[tuple[float, float], ...]
ARMS = ("west", "south", "east", "north")  # counter-clockwise
STRAIGHT: Way = ((-15.0, -1.75), (15.0, -1.75))
LEFT: Way = ((-15.0, -1.75), (0.0, -1.75), (1.75, 0.0), (1.75, 15.0))
RIGHT: Way = ((-15.0, -1.75), (-5.0, -1.75), (-1.75, -5.0), (-1.75, -15.0))
CYCLE: Way = ((-15.0, -5.5), (15.0, -5.5))
WALK: Way = ((-12.0, -7.0), (-12.0, 7.0))


def simple() -> Junction:
    """Return two streets that cross, each with one vehicle group, 5 s between them."""
    return Junction(
        id="simple",
        name="Two streets",
        approaches=(Approach("west"), Approach("south")),
        lanes=(Lane("west-lane", "west"), Lane("south-lane", "south")),
        exits=(Exit("east"), Exit("north")),
        movements=(
            Movement("eastbound", "west-lane", "east", "K1"),
            Movement("northbound", "south-lane", "north", "K2"),
        ),
        groups=(SignalGroup("K1"), SignalGroup("K2")),
        intergreens_ms={("K1", "K2"): 5_000, ("K2", "K1"): 5_000},
        stages=(Stage("A", frozenset({"K1"})), Stage("B", frozenset({"K2"}))),
        plans=(Plan("day", (PlanStep("A", 30_000), PlanStep("B", 25_000))),),
    )


def four_arms() -> Junction:
    """Return a junction of four arms: vehicles K1, K2, cyclists R1, R2, pedestrians F1, F2.

    1 is the west-east direction, 2 the other one. Vehicles that turn give way to cyclists, pedestrians and oncoming
    traffic. A stage beside the plan, ``walk``, has all pedestrians green.
    """
    movements, ways = _movements_and_ways()
    junction = Junction(
        id="four-arms",
        name="Four arms",
        approaches=tuple(Approach(arm) for arm in ARMS),
        lanes=tuple(Lane(f"{arm}-{kind}", arm) for arm in ARMS for kind in ("lane", "cycle", "kerb")),
        exits=tuple(Exit(f"{arm}-{kind}") for arm in ARMS for kind in ("out", "cycle-out")),
        movements=movements,
        groups=_groups(),
        intergreens_ms={},
        stages=(
            Stage("A", frozenset({"K1", "R1", "F1"}), frozenset({"K1"})),
            Stage("B", frozenset({"K2", "R2", "F2"}), frozenset({"K2"})),
            Stage("walk", frozenset({"F1", "F2"})),
        ),
        plans=(Plan("day", (PlanStep("A", 40_000), PlanStep("B", 35_000)), 5_000),),
        clearances=_clearances(movements, ways),
        detectors=tuple(
            Detector(f"{arm}-{kind}-loop", f"{arm}-{kind}", distance_m)
            for arm in ARMS
            for kind, distance_m in (("lane", 40.0), ("cycle", 15.0))
        ),
        assumptions=("Drawn by hand for tests.",),
        place=(51.68, 7.82),
    )
    return replace(junction, intergreens_ms=intergreens_from_geometry(junction))


def _groups() -> tuple[SignalGroup, ...]:
    return (
        SignalGroup("K1", maximum_green_ms=40_000, maximum_red_ms=120_000, red_yellow_ms=1_000),
        SignalGroup("K2", maximum_green_ms=40_000, maximum_red_ms=120_000, red_yellow_ms=1_000),
        SignalGroup("R1", GroupKind.CYCLE, maximum_red_ms=120_000, yellow_ms=2_000),
        SignalGroup("R2", GroupKind.CYCLE, maximum_red_ms=120_000, yellow_ms=2_000),
        SignalGroup("F1", GroupKind.PEDESTRIAN, 6_000, maximum_red_ms=120_000, yellow_ms=0),
        SignalGroup("F2", GroupKind.PEDESTRIAN, 6_000, maximum_red_ms=120_000, yellow_ms=0),
    )


def _movements_and_ways() -> tuple[tuple[Movement, ...], dict[str, Way]]:
    """Return all movements, and the way of each."""
    found: list[Movement] = []
    ways: dict[str, Way] = {}
    for number, arm in enumerate(ARMS):
        right, ahead, left = (ARMS[(number + turns) % 4] for turns in (1, 2, 3))
        along, across = ("1", "2") if number % 2 == 0 else ("2", "1")
        vehicle = (f"{arm}-lane", f"K{along}")
        found += [
            _vehicle(f"{arm}-straight", vehicle, ahead, Turn.STRAIGHT, ()),
            _vehicle(f"{arm}-right", vehicle, right, Turn.RIGHT, (f"{arm}-cyclist", f"{right}-walk")),
            _vehicle(
                f"{arm}-left",
                vehicle,
                left,
                Turn.LEFT,
                (f"{ahead}-straight", f"{ahead}-right", f"{ahead}-cyclist", f"{left}-walk"),
            ),
            Movement(
                f"{arm}-cyclist",
                f"{arm}-cycle",
                f"{ahead}-cycle-out",
                f"R{along}",
                headway_ms=1_000,
                path_m=30.0,
            ),
            Movement(f"{arm}-walk", f"{arm}-kerb", "", f"F{across}", Turn.CROSSING, path_m=14.0),
        ]
        drawn = {"straight": STRAIGHT, "right": RIGHT, "left": LEFT, "cyclist": CYCLE, "walk": WALK}
        ways |= {f"{arm}-{name}": _turned(way, number) for name, way in drawn.items()}
    return tuple(found), ways


def _vehicle(
    name: str, vehicle: tuple[str, str], to: str, turn: Turn, yields_to: tuple[str, ...]
) -> Movement:
    lane, group = vehicle
    return Movement(name, lane, f"{to}-out", group, turn, yields_to, path_m=30.0)


def _turned(way: Way, quarters: int) -> Way:
    """Return a way turned counter-clockwise about the origin."""
    for _quarter in range(quarters):
        way = tuple((-y, x) for x, y in way)
    return way


def _clearances(movements: Sequence[Movement], ways: Mapping[str, Way]) -> tuple[Clearance, ...]:
    pairs = [(one, other) for one, other in product(movements, repeat=2) if one.group != other.group]
    found = (clearance(one, other, ways) for one, other in pairs)
    return tuple(each for each in found if each)
