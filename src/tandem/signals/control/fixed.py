"""The plan as shipped: fixed times."""

from tandem.signals.control.controller import StageRule
from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Heads
from tandem.signals.domain.junction import Junction, Plan
from tandem.signals.estimation.observation import Observation


class FixedPlan(StageRule):
    """Shows a plan, whatever comes. Offsets count from time 0 of the run.

    Args:
        plan: The junction's first plan by default.
    """

    def __init__(self, junction: Junction, plan: Plan | None = None) -> None:
        super().__init__(junction)
        self.plan = plan or junction.default_plan
        self._number_of = {stage.id: number for number, stage in enumerate(junction.stages)}

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return the groups of the plan's step."""
        stage = self.junction.stage_by_id[self.plan.steps[self.plan.at(heads.now_ms)[0]].stage]
        return Request(stage.green, stage.permissive, heads.now_ms, f"plan {self.plan.id}: stage {stage.id}")
