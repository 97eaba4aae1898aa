"""The plan as shipped: fixed times."""

from tandem.signals.control.changing import halfway
from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.interstage import Times, switching_times
from tandem.signals.domain.junction import Junction, Plan
from tandem.signals.estimation.observation import Observation


class FixedPlan:
    """Shows a plan, whatever comes. Offsets count from time 0 of the run.

    Args:
        plan: The junction's first plan by default.
    """

    def __init__(self, junction: Junction, plan: Plan | None = None) -> None:
        self.junction = junction
        self.plan = plan or junction.default_plan
        self._known: dict[tuple[str, str], Times] = {}

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return the groups of the plan's step, and those of the step before that have still to end."""
        number, within_ms = self.plan.at(heads.now_ms)
        before, stage = (
            self.junction.stage_by_id[self.plan.steps[each].stage] for each in (number - 1, number)
        )
        reason = f"plan {self.plan.id}: stage {stage.id}"
        if before is stage:
            return Request(stage.green, stage.permissive, heads.now_ms, reason)
        times = self._times(before.id, stage.id)
        staying, opening = halfway(self.junction, before, stage, times, elapsed_ms=within_ms)
        shown = self._shown(heads)
        if staying and not staying & shown:
            opening = stage.green  # as when the run begins: what has not been green need not end
        staying &= shown
        permissive = stage.permissive | (
            before.permissive if staying or opening < stage.green else frozenset()
        )
        green = staying | opening
        return Request(green, permissive & green, heads.now_ms, reason)

    def _times(self, first: str, second: str) -> Times:
        if (first, second) not in self._known:
            self._known[first, second] = switching_times(self.junction, first, second)
        return self._known[first, second]

    def _shown(self, heads: Heads) -> frozenset[str]:
        return frozenset(
            group.id
            for group, aspect in zip(self.junction.groups, heads.aspects, strict=True)
            if aspect is Aspect.GREEN
        )
