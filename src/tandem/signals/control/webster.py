"""Webster's method: the cycle and the splits that minimise delay under steady, random arrivals."""

from collections.abc import Mapping, Sequence

import numpy as np

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.control.fixed import FixedPlan
from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.junction import Junction, Plan, PlanStep, Turn
from tandem.signals.estimation.observation import Observation

SHORTEST_CYCLE_S, LONGEST_CYCLE_S = 30.0, 120.0
STARTUP_LOST_S = 1.0
SLOW_MPS = 2.0
PASSING = frozenset({Aspect.GREEN, Aspect.YELLOW})


class Oversaturated(InvalidInput):
    """More arrives than can leave."""

    code = "signals.webster.oversaturated"

    def __init__(self, total: float) -> None:
        super().__init__(
            say(
                "The flow ratios sum to {total}; Webster's cycle needs a sum below 1. Add lanes or a stage, or use "
                "another controller.",
                total=f"{total:.2f}",
            )
        )


def webster_cycle_s(flow_ratios: Sequence[float], *, lost_time_s: float) -> float:
    """Return Webster's delay-minimising cycle time.

    For an isolated junction with random arrivals. Grows without bound as the flow ratios approach 1, so it is
    no guide near saturation. Not rounded, not clamped.

    Args:
        flow_ratios: Arrival flow / saturation flow of the critical movement of each stage, dimensionless, shape
            ``(stages,)``, each in [0, 1).
        lost_time_s: Lost time per cycle, seconds, summed over stages, >= 0.

    Returns:
        Cycle time in seconds.

    Raises:
        Oversaturated: The flow ratios sum to 1 or more.

    Source:
        Webster (1958), Traffic Signal Settings, Road Research Technical Paper 39: (1.5 L + 5) / (1 - Y).

    >>> webster_cycle_s([0.25, 0.35], lost_time_s=10)
    50.0
    """
    total = sum(flow_ratios)
    if total >= 1:
        raise Oversaturated(total)
    return (1.5 * lost_time_s + 5) / (1 - total)


def webster_splits_s(flow_ratios: Sequence[float], *, cycle_s: float, lost_time_s: float) -> list[float]:
    """Return effective greens in proportion to the flow ratios.

    Source: Webster (1958): g_i = y_i / Y (C - L).

    >>> webster_splits_s([0.2, 0.3], cycle_s=60, lost_time_s=10)
    [20.0, 30.0]
    """
    total = sum(flow_ratios)
    if total <= 0:
        return [(cycle_s - lost_time_s) / len(flow_ratios)] * len(flow_ratios)
    return [ratio / total * (cycle_s - lost_time_s) for ratio in flow_ratios]


def webster_plan(junction: Junction, flows_veh_per_h: Mapping[str, float]) -> Plan:
    """Return a plan with Webster's cycle and splits over the stages of the junction's first plan.

    Flows of movements that share a lane add up; a lane is served by the stage that serves it first in the
    plan. People on foot walk side by side: they get their minimum green, however many they are. The cycle stays
    within 30 and 120 s, and within what minimum greens need; where the demand exceeds the capacity it is the
    longest one.

    Args:
        flows_veh_per_h: Movement → arrivals per hour; 0 where absent.
    """
    stages = list(dict.fromkeys(step.stage for step in junction.default_plan.steps))
    ratios = _flow_ratios(junction, stages, flows_veh_per_h)
    between_s = [_between_s(junction, stages[number - 1], stage) for number, stage in enumerate(stages)]
    lost_s = sum(between_s) + STARTUP_LOST_S * len(stages)
    try:
        cycle_s = webster_cycle_s(ratios, lost_time_s=lost_s)
    except Oversaturated:
        cycle_s = LONGEST_CYCLE_S
    cycle_s = min(max(cycle_s, SHORTEST_CYCLE_S), LONGEST_CYCLE_S)
    greens_s = webster_splits_s(ratios, cycle_s=cycle_s, lost_time_s=lost_s)
    steps = []
    for stage, green_s, between in zip(stages, greens_s, between_s, strict=True):
        least_ms = max(
            junction.group_by_id[group].minimum_green_ms for group in junction.stage_by_id[stage].green
        )
        green_ms = max(1000 * round(green_s + STARTUP_LOST_S), least_ms)
        steps.append(PlanStep(stage, green_ms + round(1000 * between)))
    return Plan("webster", tuple(steps))


def _flow_ratios(junction: Junction, stages: Sequence[str], flows: Mapping[str, float]) -> list[float]:
    of_lane: dict[str, float] = {}
    stage_of: dict[str, int] = {}
    for movement in junction.movements:
        if movement.turn is Turn.CROSSING:
            continue
        share = flows.get(movement.id, 0.0) * movement.headway_ms / 3_600_000
        of_lane[movement.lane] = of_lane.get(movement.lane, 0.0) + share
        for number, stage in enumerate(stages):
            if movement.group in junction.stage_by_id[stage].green:
                stage_of.setdefault(movement.lane, number)
                break
    ratios = [0.01] * len(stages)
    for lane, number in stage_of.items():
        ratios[number] = max(ratios[number], of_lane[lane])
    return ratios


def _between_s(junction: Junction, first: str, second: str) -> float:
    """Return how long a change between two stages takes."""
    one, other = junction.stage_by_id[first].green, junction.stage_by_id[second].green
    waits = [
        junction.intergreens_ms.get((closing, opening), 0)
        for closing in one - other
        for opening in other - one
    ]
    return max(waits, default=0) / 1000


class WebsterPlan(FixedPlan):
    """Counts for a quarter of an hour under the plan as shipped, then shows Webster's plan, anew every quarter."""

    def __init__(self, junction: Junction, *, count_ms: int = 900_000) -> None:
        super().__init__(junction)
        self._count_ms = count_ms
        self._since_ms: int | None = None
        self._counts = np.zeros(len(junction.movements))
        number_of = {group.id: number for number, group in enumerate(junction.groups)}
        self._group_of = np.array([number_of[movement.group] for movement in junction.movements], np.int64)

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return the groups of the plan's step."""
        self._count(seen, heads)
        if self._since_ms is None:
            self._since_ms = heads.now_ms
        elif heads.now_ms - self._since_ms >= self._count_ms:
            hours = (heads.now_ms - self._since_ms) / 3_600_000
            flows = {
                movement.id: float(count / hours)
                for movement, count in zip(self.junction.movements, self._counts, strict=True)
            }
            self.plan = webster_plan(self.junction, flows)
            self._counts[:] = 0
            self._since_ms = heads.now_ms
        return super().decide(seen, heads)

    def _count(self, seen: Observation, heads: Heads) -> None:
        """Count those who pass the stop line within the coming second; who comes to a red does not pass."""
        users = seen.users
        green = np.array([aspect in PASSING for aspect in heads.aspects], bool)[self._group_of]
        passing = (
            (users["through"] == 0)
            & green[users["movement"]]
            & (users["speed_mps"] > SLOW_MPS)
            & (users["distance_m"] < users["speed_mps"])
        )
        self._counts += np.bincount(users["movement"][passing], minlength=len(self._counts))
