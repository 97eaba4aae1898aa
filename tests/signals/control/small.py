"""Small junctions that can be worked out by hand, and how to drive them second by second."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tandem.signals.control.controller import Controller
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.junction import (
    Approach,
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
from tandem.signals.estimation.observation import USER, Observation, nobody
from tandem.signals.plant.arrivals import Moments
from tandem.signals.plant.queue import QueueOptions, QueuePlant
from tandem.signals.safety.command import SignalCommand
from tandem.signals.safety.gate import Gate

BETWEEN_MS = 6_000
FREE_MPS = 50 / 3.6


def plan(*steps: tuple[str, int], name: str = "day", offset_s: int = 0) -> Plan:
    """Return a plan from stages and seconds."""
    return Plan(name, tuple(PlanStep(stage, 1_000 * seconds) for stage, seconds in steps), 1_000 * offset_s)


def two(*, headway_ms: int = 2_000, green_s: tuple[int, int] = (24, 24), most_green_s: int = 0) -> Junction:
    """Return two one-way streets that cross: K1 and K2, 6 s between their greens."""
    names = ("K1", "K2")
    return Junction(
        id="two",
        name="Two streets",
        approaches=tuple(Approach(f"from-{name}") for name in names),
        lanes=tuple(Lane(f"lane-{name}", f"from-{name}") for name in names),
        exits=tuple(Exit(f"to-{name}", storage_m=80.0) for name in names),
        movements=tuple(
            Movement(name.lower(), f"lane-{name}", f"to-{name}", name, headway_ms=headway_ms)
            for name in names
        ),
        groups=tuple(SignalGroup(name, maximum_green_ms=1_000 * most_green_s) for name in names),
        intergreens_ms=between(("K1", "K2")),
        stages=(Stage("A", frozenset({"K1"})), Stage("B", frozenset({"K2"}))),
        plans=(plan(("A", green_s[0] + 6), ("B", green_s[1] + 6)),),
    )


def crossing() -> Junction:
    """Return a junction with three stages: A along with people on foot, B across with cyclists, C to the left.

    In A the right turn ``k1-right`` shares K1's lane and gives way to those on foot.
    """
    movements = (
        Movement("k1", "lane-1", "east", "K1", headway_ms=2_000),
        Movement("k1-right", "lane-1", "south", "K1", Turn.RIGHT, ("f1",), headway_ms=2_000),
        Movement("k2", "lane-2", "north", "K2", headway_ms=2_000),
        Movement("r2", "cycle-lane", "north", "R2", headway_ms=1_000),
        Movement("l1", "lane-3", "north", "L1", Turn.LEFT, headway_ms=2_000),
        Movement("f1", "kerb", "pavement", "F1", Turn.CROSSING, headway_ms=500, path_m=8.0),
    )
    kinds = {"R2": GroupKind.CYCLE, "F1": GroupKind.PEDESTRIAN}
    groups = tuple(
        SignalGroup(name, kinds.get(name, GroupKind.VEHICLE)) for name in ["K1", "K2", "L1", "R2", "F1"]
    )
    lanes = ("lane-1", "lane-2", "lane-3", "cycle-lane", "kerb")
    stages = {"A": ("K1", "F1"), "B": ("K2", "R2"), "C": ("L1",)}
    rivals = [
        (one, other)
        for first, second in (("A", "B"), ("B", "C"), ("A", "C"))
        for one in stages[first]
        for other in stages[second]
    ]
    return Junction(
        id="crossing",
        name="Crossing",
        approaches=tuple(Approach(f"from-{lane}") for lane in lanes),
        lanes=tuple(Lane(lane, f"from-{lane}") for lane in lanes),
        exits=tuple(Exit(name) for name in ("east", "south", "north", "pavement")),
        movements=movements,
        groups=groups,
        intergreens_ms=between(*rivals),
        stages=tuple(Stage(name, frozenset(green)) for name, green in stages.items()),
        plans=(plan(("A", 25), ("B", 20), ("C", 15)),),
    )


def between(*rivals: tuple[str, str]) -> dict[tuple[str, str], int]:
    """Return intergreens for both directions of each pair."""
    return {pair: BETWEEN_MS for one, other in rivals for pair in ((one, other), (other, one))}


# --- what is seen ---------------------------------------------------------------------------------
def seeing(junction: Junction, *users: Mapping[str, object]) -> Observation:
    """Return an observation of some road users; what they leave out is a car that stands at the stop line."""
    numbers = {movement.id: number for number, movement in enumerate(junction.movements)}
    seen = nobody(len(junction.exits), len(junction.movements))
    seen.users = np.zeros(len(users), USER)
    seen.users["onward"] = -1
    seen.users["size"] = 1.0
    seen.users["allowed_mps"] = FREE_MPS
    for row, user in zip(seen.users, users, strict=True):
        for name, value in user.items():
            row[name] = numbers[str(value)] if name == "movement" else value
    return seen


def standing(movement: str, *, waited_s: float = 1.0, place: int = 0) -> dict[str, object]:
    """Return somebody who stands in a queue."""
    return {"movement": movement, "distance_m": 7.5 * place, "waited_s": waited_s}


def showing(junction: Junction, stage: str, *, now_s: float = 100, since_s: float = 0) -> Heads:
    """Return heads that show a stage."""
    green = junction.stage_by_id[stage].green
    aspects = tuple(Aspect.GREEN if group.id in green else Aspect.RED for group in junction.groups)
    return Heads(round(1_000 * now_s), aspects, (round(1_000 * since_s),) * len(aspects))


# --- driving --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Run:
    """A finished run."""

    plant: QueuePlant
    commands: tuple[SignalCommand, ...]

    def greens_s(self, group: str) -> list[tuple[int, int]]:
        """Return a group's greens as (from, until), the last one until the end of the run."""
        number = [each.id for each in self.plant.junction.groups].index(group)
        green = [False, *(command.aspects[number] is Aspect.GREEN for command in self.commands), False]
        moments = [second for second, (was, now) in enumerate(pairwise(green)) if was != now]
        return list(zip(moments[::2], moments[1::2], strict=True))


def drive(
    controller: Controller,
    junction: Junction,
    arrivals_s: Mapping[str, Moments],
    *,
    duration_s: int,
    startup_lost_s: float = 0.0,
) -> Run:
    """Run a controller behind the gate; it may ask for nothing that the gate refuses."""
    options = QueueOptions(duration_s=duration_s, startup_lost_s=startup_lost_s)
    plant = QueuePlant(junction, arrivals_s, options)
    gate = Gate(junction, now_ms=-max(junction.intergreens_ms.values()))
    commands = []
    plant.start()
    while not plant.done:
        heads = replace(gate.heads(), now_ms=plant.now_ms)
        command = gate.step(plant.now_ms, controller.decide(plant.observe()[0], heads))
        assert command.faults == ()
        plant.apply(0, command)
        commands.append(command)
        plant.step()
    return Run(plant, tuple(commands))


def command(junction: Junction, green: Iterable[str], *, now_ms: int = 0, yellow: Iterable[str] = ()):
    """Return a command that shows groups green without any gate, to drive a plant by hand."""
    shown = {**dict.fromkeys(yellow, Aspect.YELLOW), **dict.fromkeys(green, Aspect.GREEN)}
    aspects = tuple(shown.get(group.id, Aspect.RED) for group in junction.groups)
    return SignalCommand(now_ms, aspects, tuple(aspect is Aspect.GREEN for aspect in aspects), 0)
