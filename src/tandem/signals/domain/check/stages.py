"""Stages and interstages: what is green together, and the ways between."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.signals.domain.check.findings import error, warning
from tandem.signals.domain.junction import Junction, Stage


def stages(junction: Junction) -> Iterator[Finding]:
    """Find stages that are unsafe, that cannot be reached or left, and interstages with idle times."""
    for stage in junction.stages:
        yield from _stage(junction, stage)
    yield from _ways_between_stages(junction)
    yield from _interstages(junction)


def _stage(junction: Junction, stage: Stage) -> Iterator[Finding]:
    for one, other in combinations(sorted(stage.green), 2):
        if junction.conflict(one, other) and not _gives_way(junction, stage, one, other):
            message = say(
                "{one} and {other} conflict and are green together. Take one out, or make one permissive whose "
                "movements give way to the other's (yields_to).",
                one=one,
                other=other,
            )
            yield error("conflicting-greens", f"stages/{stage.id}", message)
    for group in sorted(stage.permissive - stage.green):
        message = say("{group} is permissive, but not green. Add it to green, or remove it.", group=group)
        yield warning("permissive-not-green", f"stages/{stage.id}", message)


def _gives_way(junction: Junction, stage: Stage, one: str, other: str) -> bool:
    partial = junction.partial_conflicts
    return ((one, other) in partial and one in stage.permissive) or (
        (other, one) in partial and other in stage.permissive
    )


def _ways_between_stages(junction: Junction) -> Iterator[Finding]:
    """Find stages that the listed changes do not lead to, or not away from; without any, all are possible."""
    if not junction.interstages:
        return
    changes = [(change.first, change.second) for change in junction.interstages]
    planned = {step.stage for plan in junction.plans or (junction.default_plan,) for step in plan.steps}
    reached = _closure(planned, changes)
    leaving = _closure(planned, [(second, first) for first, second in changes])
    for stage in junction.stages:
        path = f"stages/{stage.id}"
        if stage.id not in reached:
            message = say("No plan and no interstage reaches it. Add an interstage to it, or remove it.")
            yield warning("unreachable-stage", path, message)
        elif stage.id not in leaving:
            message = say("No interstage leads from it back to a plan's stages. Add one.")
            yield error("stage-without-way-out", path, message)


def _closure(begin: Iterable[str], changes: Iterable[tuple[str, str]]) -> set[str]:
    reached, changes = set(begin), list(changes)
    while new := {second for first, second in changes if first in reached} - reached:
        reached |= new
    return reached


def _interstages(junction: Junction) -> Iterator[Finding]:
    for change in junction.interstages:
        first, second = junction.stage_by_id[change.first], junction.stage_by_id[change.second]
        wrong = (change.ends_ms.keys() - (first.green - second.green)) | (
            change.starts_ms.keys() - (second.green - first.green)
        )
        for group in sorted(wrong):
            message = say("{group} does not switch like this in the change. Remove its time.", group=group)
            yield warning("idle-switching-time", f"interstages/{change.first}/{change.second}", message)
