"""Actuated control: the plan's order, each stage as long as road users keep coming."""

from dataclasses import dataclass

import numpy as np

from tandem.signals.control.controller import StageRule
from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.junction import GroupKind, Junction, Movement, Turn
from tandem.signals.estimation.observation import Observation


@dataclass(frozen=True, slots=True)
class ActuatedSettings:
    """When a stage goes on.

    Attributes:
        detector_m: From the stop line to the detector, for vehicles.
        cycle_detector_m: The same for cyclists.
        button_m: From the kerb to where somebody can press the button.
        walk_on_request: Whether pedestrians get green only after somebody has pressed.
        gap_s: A stage goes on while the next road user passes the detector within this gap.
        most_green_s: Longest green where the group sets none.
    """

    detector_m: float = 40.0
    cycle_detector_m: float = 15.0
    button_m: float = 1.0
    walk_on_request: bool = True
    gap_s: float = 3.0
    most_green_s: float = 50.0


class Actuated(StageRule):
    """Extends green until a gap, serves the stages in the plan's order, and leaves out those without demand.

    It has what common actuated control has: for each lane a detector that tells whether somebody is between it
    and the stop line. It knows nobody's turn, so a lane asks for all its movements. Pedestrians have buttons:
    their green begins with their stage if somebody pressed before, lasts for its minimum, and comes again
    with the next stage, or at once while nobody waits elsewhere.
    """

    def __init__(self, junction: Junction, settings: ActuatedSettings | None = None) -> None:
        super().__init__(junction)
        self.settings = settings or ActuatedSettings()
        number_of = {stage.id: number for number, stage in enumerate(junction.stages)}
        self._order = list(dict.fromkeys(number_of[step.stage] for step in junction.default_plan.steps))
        self._lane_of = np.array([movement.lane for movement in junction.movements])
        self._reach_m = np.array([self._reach_of(junction, movement) for movement in junction.movements])
        self._moving = np.array([movement.turn is not Turn.CROSSING for movement in junction.movements])
        self._walking = {group.id for group in junction.groups if group.kind is GroupKind.PEDESTRIAN}
        self._called: set[str] = set()
        self._admitted: set[str] = set()
        self._groups_of: dict[str, set[str]] = {}
        for movement in junction.movements:
            self._groups_of.setdefault(movement.lane, set()).add(movement.group)

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return which groups shall be green now."""
        if self._walking and self.settings.walk_on_request:
            self._note_buttons(seen, heads)
        return super().decide(seen, heads)

    def choose(self, seen: Observation, heads: Heads) -> tuple[int, str]:
        """Return the present stage while it is extended, else the next one with demand."""
        target, why = self._choose(self._occupied(seen), heads)
        if self._walking and self.settings.walk_on_request and target != self.stages.number:
            self._admit(self._called & self.junction.stages[target].green)
        return target, why

    def _note_buttons(self, seen: Observation, heads: Heads) -> None:
        """Keep who has pressed, and end the green of those who have had theirs."""
        green = {
            group.id: heads.now_ms - since_ms >= group.minimum_green_ms
            for group, aspect, since_ms in zip(
                self.junction.groups, heads.aspects, heads.since_ms, strict=True
            )
            if aspect is Aspect.GREEN
        }
        occupied = self._occupied(seen)
        pressed = set().union(*(self._groups_of[lane] for lane in occupied)) & self._walking
        self._called = (self._called | pressed) - green.keys()
        served = {group for group, is_over in green.items() if is_over}
        again: set[str] = set()
        if self.stages.target is None and self._next_with_demand(occupied) is None:
            again = self._called & self.junction.stages[self.stages.number].green
        self._admit((self._admitted - served) | again)

    def _admit(self, groups: set[str]) -> None:
        self._admitted = groups
        self.stages.absent = frozenset(self._walking - groups)

    def _choose(self, occupied: set[str], heads: Heads) -> tuple[int, str]:
        here = self.stages.number
        target = self._next_with_demand(occupied)
        if target is None:
            return here, "nobody waits elsewhere"
        if self._is_out_of_time(heads):
            return target, "longest green reached"
        driving = [lane for lane in occupied if not self._groups_of[lane] <= self._walking]
        if any(self._groups_of[lane] <= self.junction.stages[here].green for lane in driving):
            return here, "more are coming"
        return target, "gap"

    def _occupied(self, seen: Observation) -> set[str]:
        """Return the lanes on which somebody is between detector and stop line, or just about to be."""
        users = seen.users
        reach_m = self._reach_m[users["movement"]]
        passing_m = users["speed_mps"] * self.settings.gap_s * self._moving[users["movement"]]
        reach_m = np.maximum(reach_m, passing_m)
        near = (users["through"] == 0) & (users["distance_m"] <= reach_m)
        return set(self._lane_of[users["movement"][near]].tolist())

    def _reach_of(self, junction: Junction, movement: Movement) -> float:
        if movement.turn is Turn.CROSSING:
            return self.settings.button_m
        if junction.group_by_id[movement.group].kind is GroupKind.CYCLE:
            return self.settings.cycle_detector_m
        return self.settings.detector_m

    def _next_with_demand(self, occupied: set[str]) -> int | None:
        here = self.stages.number
        place = self._order.index(here) if here in self._order else -1
        wanted = set().union(*(self._groups_of[lane] for lane in occupied)) - self.junction.stages[here].green
        for step in range(1, len(self._order) + 1):
            number = self._order[(place + step) % len(self._order)]
            if number != here and self.junction.stages[number].green & wanted:
                return number
        return None

    def _is_out_of_time(self, heads: Heads) -> bool:
        limit_ms = round(self.settings.most_green_s * 1000)
        return any(
            aspect is Aspect.GREEN and heads.now_ms - since_ms >= (group.maximum_green_ms or limit_ms)
            for group, aspect, since_ms in zip(
                self.junction.groups, heads.aspects, heads.since_ms, strict=True
            )
        )
