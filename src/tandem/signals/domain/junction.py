"""A junction as the engine knows it: lanes, movements, signal groups, intergreens, stages, plans.

Everything is immutable and refers to other things by their ids. Times are whole milliseconds, lengths
metres. A junction may span two signal controllers that stand a car length apart: twins are planned as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class GroupKind(StrEnum):
    """Whom a signal group is for."""

    VEHICLE = "vehicle"
    CYCLE = "cycle"
    PEDESTRIAN = "pedestrian"
    BUS = "bus"
    TRAM = "tram"


class Turn(StrEnum):
    """Which way a movement goes."""

    LEFT = "left"
    STRAIGHT = "straight"
    RIGHT = "right"
    U_TURN = "u-turn"
    CROSSING = "crossing"


@dataclass(frozen=True, slots=True)
class Approach:
    """An arm on which road users come to the junction, measured by distance to the stop line.

    Attributes:
        speed_kmh: Allowed speed.
        length_m: How far upstream the junction sees, across the edges of whatever map there is.
    """

    id: str
    name: str = ""
    speed_kmh: float = 50.0
    length_m: float = 100.0


@dataclass(frozen=True, slots=True)
class Lane:
    """A queue in front of a stop line: a lane, a cycle lane, or the kerb where pedestrians wait."""

    id: str
    approach: str


@dataclass(frozen=True, slots=True)
class Exit:
    """Where a movement leads.

    Attributes:
        storage_m: Room up to the next stop line; 0 for no limit.
        leads_to: The lane of this same junction that it runs into: the short link between twins.
    """

    id: str
    storage_m: float = 0.0
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """One way through the junction, from one lane to one exit.

    Attributes:
        group: The signal group that it obeys.
        yields_to: Movements that it gives way to while both are green (permitted green).
        headway_ms: Time between two that leave a queue one behind the other.
        path_m: Length of its way from the stop line to where it leaves the conflict area.
    """

    id: str
    lane: str
    exit: str
    group: str
    turn: Turn = Turn.STRAIGHT
    yields_to: tuple[str, ...] = ()
    headway_ms: int = 1900
    path_m: float = 20.0


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """Signal heads that always show the same.

    Attributes:
        maximum_green_ms: After so much green an actuated controller ends it if others wait; 0 for no limit.
        maximum_red_ms: Longest red that the gate lets pass, whoever waits; 0 for no limit.
        red_yellow_ms: Red and yellow together before green, as in Germany; 0 for none.
    """

    id: str
    kind: GroupKind = GroupKind.VEHICLE
    minimum_green_ms: int = 5_000
    maximum_green_ms: int = 0
    maximum_red_ms: int = 0
    yellow_ms: int = 3_000
    red_yellow_ms: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """Signal groups that are green together.

    Attributes:
        permissive: Those of ``green`` that give way to others of it.
    """

    id: str
    green: frozenset[str]
    permissive: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Interstage:
    """A change between two stages, where it is more than "as soon as the intergreens allow".

    Once a junction lists one, only the changes that it lists are possible.

    Attributes:
        ends_ms: Group → when its green ends after the change began; at once if absent.
        starts_ms: Group → when its green begins after the change began, not before its intergreens
            allow it; as soon as they allow it if absent.
    """

    first: str
    second: str
    ends_ms: Mapping[str, int] = field(default_factory=dict)
    starts_ms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clearance:
    """Where the ways of two movements meet: what an intergreen is computed from.

    Attributes:
        clearing_m: From the stop line of the clearing movement to the end of the conflict area.
        entering_m: From the stop line of the entering movement to the beginning of the conflict area.
    """

    clearing: str
    entering: str
    clearing_m: float
    entering_m: float


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A stage of a plan, from the moment at which the stage before begins to close."""

    stage: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A signal plan with fixed times.

    Attributes:
        offset_ms: Where in the cycle the plan is at time 0.
    """

    id: str
    steps: tuple[PlanStep, ...]
    offset_ms: int = 0

    @property
    def cycle_ms(self) -> int:
        """The duration of all steps."""
        return sum(step.duration_ms for step in self.steps)

    def at(self, now_ms: int) -> tuple[int, int]:
        """Return which step the plan is in, and for how many milliseconds.

        >>> plan = Plan("day", (PlanStep("A", 30_000), PlanStep("B", 20_000)))
        >>> plan.at(35_000), plan.at(50_000)
        ((1, 5000), (0, 0))
        """
        within = (now_ms + self.offset_ms) % self.cycle_ms
        for number, step in enumerate(self.steps):
            if within < step.duration_ms:
                return number, within
            within -= step.duration_ms
        raise AssertionError("a time within the cycle lies in one of its steps")


@dataclass(frozen=True, slots=True)
class Detector:
    """Something that notices road users: a loop, a camera's zone, a push button.

    Attributes:
        distance_m: From the stop line to where it begins to see.
        length_m: How much of the approach it sees, downstream from there.
    """

    id: str
    lane: str
    distance_m: float
    length_m: float = 2.0


@dataclass(frozen=True)
class Junction:
    """A junction with everything that its control needs.

    Attributes:
        intergreens_ms: Ordered pair of conflicting groups (clearing, entering) → least time between the
            end of the first one's green and the beginning of the second one's. A pair that is
            not here does not conflict.
        interstages: Changes between stages that are more than their intergreens; empty: every change is possible.
        clearances: Where movements meet; what ``domain.clearing`` computes intergreens from.
        assumptions: What had to be assumed about the place, in sentences.
        place: Latitude and longitude, if known.
    """

    id: str
    name: str
    approaches: tuple[Approach, ...]
    lanes: tuple[Lane, ...]
    exits: tuple[Exit, ...]
    movements: tuple[Movement, ...]
    groups: tuple[SignalGroup, ...]
    intergreens_ms: Mapping[tuple[str, str], int]
    stages: tuple[Stage, ...]
    plans: tuple[Plan, ...] = ()
    interstages: tuple[Interstage, ...] = ()
    clearances: tuple[Clearance, ...] = ()
    detectors: tuple[Detector, ...] = ()
    assumptions: tuple[str, ...] = ()
    place: tuple[float, float] | None = None

    @property
    def default_plan(self) -> Plan:
        """The first plan; without any, every stage in turn for 20 seconds."""
        if self.plans:
            return self.plans[0]
        return Plan("every-stage", tuple(PlanStep(stage.id, 20_000) for stage in self.stages))

    @cached_property
    def group_by_id(self) -> Mapping[str, SignalGroup]:
        """The groups by their ids."""
        return {group.id: group for group in self.groups}

    @cached_property
    def stage_by_id(self) -> Mapping[str, Stage]:
        """The stages by their ids."""
        return {stage.id: stage for stage in self.stages}

    @cached_property
    def movement_by_id(self) -> Mapping[str, Movement]:
        """The movements by their ids."""
        return {movement.id: movement for movement in self.movements}

    @cached_property
    def partial_conflicts(self) -> frozenset[tuple[str, str]]:
        """Ordered pairs (giving way, having priority) of groups that may be green together."""
        by_id = self.movement_by_id
        yielding = {
            (movement.group, by_id[other].group)
            for movement in self.movements
            for other in movement.yields_to
            if other in by_id
        }
        shown = {(a, b) for stage in self.stages for a in stage.permissive & stage.green for b in stage.green}
        return frozenset(pair for pair in yielding & shown if pair[0] != pair[1])

    @cached_property
    def interstage_by_ends(self) -> Mapping[tuple[str, str], Interstage]:
        """The listed interstages by the stages that they lie between."""
        return {(each.first, each.second): each for each in self.interstages}

    def may_change(self, first: str, second: str) -> bool:
        """Return whether the junction may change from one stage to the other."""
        return first != second and (not self.interstages or (first, second) in self.interstage_by_ends)

    def conflict(self, one: str, other: str) -> bool:
        """Return whether two groups conflict, with or without giving way."""
        return (one, other) in self.intergreens_ms or (other, one) in self.intergreens_ms

    def may_be_green_together(self, one: str, other: str) -> bool:
        """Return whether two groups may be green at the same time."""
        if not self.conflict(one, other):
            return True
        return (one, other) in self.partial_conflicts or (other, one) in self.partial_conflicts

    def movements_of(self, groups: Iterable[str]) -> tuple[Movement, ...]:
        """Return the movements that obey one of the groups."""
        wanted = set(groups)
        return tuple(movement for movement in self.movements if movement.group in wanted)
