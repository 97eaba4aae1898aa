"""Plans: whom they leave out, and steps that are too short."""

from collections.abc import Iterator

from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.signals.domain.check.findings import error, seconds, warning
from tandem.signals.domain.interstage import switching_times
from tandem.signals.domain.junction import Junction, Plan


def plans(junction: Junction) -> Iterator[Finding]:
    """Find plans that leave a group out or have a step that is too short, and that there is no plan."""
    if not junction.plans:
        message = say("There is no plan; each stage would run for 20 seconds in turn. Add a plan.")
        yield warning("no-plan", "plans", message)
    for plan in junction.plans:
        yield from _unserved_by_plan(junction, plan)
        for number in range(len(plan.steps)):
            yield from _plan_step(junction, plan, number)


def _unserved_by_plan(junction: Junction, plan: Plan) -> Iterator[Finding]:
    planned = {group for step in plan.steps for group in junction.stage_by_id[step.stage].green}
    for group in junction.groups:
        if group.id not in planned and any(group.id in stage.green for stage in junction.stages):
            message = say(
                "It never shows green to {group}. Add a step with a stage that does.", group=group.id
            )
            yield error("plan-leaves-group", f"plans/{plan.id}", message)


def _plan_step(junction: Junction, plan: Plan, number: int) -> Iterator[Finding]:
    path = f"plans/{plan.id}/steps/{number}"
    before, stage = plan.steps[number - 1].stage, plan.steps[number].stage
    if before == stage:
        return
    if not junction.may_change(before, stage):
        message = say(
            "The change from {before} to {stage} is not among the interstages. Add it there.",
            before=before,
            stage=stage,
        )
        yield error("plan-change-not-listed", path, message)
    starts_ms = switching_times(junction, before, stage).starts_ms
    lacking = {
        group: junction.group_by_id[group].minimum_green_ms
        - _green_ms(junction, plan, number, group, start_ms)
        for group, start_ms in starts_ms.items()
    }
    worst = max(sorted(lacking), key=lacking.__getitem__, default=None)
    if worst is not None and lacking[worst] > 0:
        message = say(
            "Its interstage and the minimum green of {group} need {lacking_s} s more. Lengthen it.",
            group=worst,
            lacking_s=seconds(lacking[worst]),
        )
        yield error("plan-step-too-short", path, message)


def _green_ms(junction: Junction, plan: Plan, number: int, group: str, start_ms: int) -> int:
    """Return how long a group is green that opens in a step, through all further steps that keep it green."""
    green_ms = -start_ms
    for step in plan.steps[number:] + plan.steps[:number]:
        if group not in junction.stage_by_id[step.stage].green:
            break
        green_ms += step.duration_ms
    return green_ms
