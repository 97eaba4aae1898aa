"""Checks a junction by rules that a city sets: what is missing, unsafe or useless, and what to do about it."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import combinations
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.signals.domain.clearing import DEFAULT_RULES, ClearingRules, Driving, needed_intergreens_ms
from tandem.signals.domain.interstage import needed_maximum_red_ms, switching_times
from tandem.signals.domain.junction import GroupKind, Junction, Plan, SignalGroup, Stage
from tandem.signals.domain.notation import dangling

_ORDER = list(Severity)
_ONE_OF = {"approaches": "approach", "lanes": "lane", "exits": "exit", "groups": "group"}


class NotCheckRules(InvalidInput):
    """The rules of the check cannot be used."""

    code = "signals.check.invalid-rules"

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            say("The check's rules are wrong at {place}: {problem}", place=place, problem=problem)
        )


@dataclass(frozen=True, slots=True)
class CheckRules:
    """What a city asks of its junctions.

    The defaults are figures in common use in Germany, to be verified; nothing here says that they conform to a
    guideline.

    Attributes:
        clearing: What intergreens are computed with.
        minimum_green_ms: Least minimum green of each kind of group.
        yellow_ms: Rows of (highest speed in km/h, least yellow), in rising order, for vehicles and buses.
        walking_mps: What pedestrians walk with.
        whole_crossing: Whether the minimum green lasts over the whole crossing, not to its middle only, as where
            it is equipped for blind people.
    """

    clearing: ClearingRules = DEFAULT_RULES
    minimum_green_ms: Mapping[GroupKind, int] = field(default_factory=lambda: dict.fromkeys(GroupKind, 5_000))
    yellow_ms: tuple[tuple[float, int], ...] = ((50.0, 3_000), (60.0, 4_000), (70.0, 5_000))
    cycle_yellow_ms: int = 2_000
    walking_mps: float = 1.2
    whole_crossing: bool = False


# --- rules from a file ----------------------------------------------------------------------------
def rules_from_mapping(values: Mapping[str, Any]) -> CheckRules:
    """Return the rules that the values of a TOML table describe; what they leave out stays as it is by default.

    Raises:
        NotCheckRules: A name is unknown, or a value impossible.

    >>> rules_from_mapping({"walking_mps": 1.0, "minimum_green_s": {"vehicle": 8}}).walking_mps
    1.0
    """
    readers: Mapping[str, Callable[[Any], dict[str, Any]]] = {
        "clearing": lambda value: {"clearing": _clearing(value)},
        "minimum_green_s": lambda value: {"minimum_green_ms": _minimum_greens(value)},
        "yellow_s": lambda value: {"yellow_ms": _yellow_table(value)},
        "cycle_yellow_s": lambda value: {"cycle_yellow_ms": _ms(value, "cycle_yellow_s")},
        "walking_mps": lambda value: {"walking_mps": _number(value, "walking_mps", above_zero=True)},
        "whole_crossing": lambda value: {"whole_crossing": _yes_or_no(value)},
    }
    _refuse_unknown(values, readers, "")
    given: dict[str, Any] = {}
    for name, value in values.items():
        given |= readers[name](value)
    return CheckRules(**given)


def _clearing(values: Any) -> ClearingRules:
    rules = ClearingRules()
    _refuse_unknown(values, [each.name for each in fields(rules)], "clearing.")
    return replace(
        rules, **{name: _driving(getattr(rules, name), name, each) for name, each in values.items()}
    )


def _driving(default: Driving, kind: str, values: Any) -> Driving:
    place = f"clearing.{kind}."
    _refuse_unknown(values, [each.name for each in fields(default)], place)
    numbers = {
        name: _number(value, f"{place}{name}", above_zero=name.endswith("_mps"))
        for name, value in values.items()
    }
    return replace(default, **numbers)


def _minimum_greens(values: Any) -> Mapping[GroupKind, int]:
    _refuse_unknown(values, list(GroupKind), "minimum_green_s.")
    given = {GroupKind(kind): _ms(value, f"minimum_green_s.{kind}") for kind, value in values.items()}
    return {**CheckRules().minimum_green_ms, **given}


def _yellow_table(values: Any) -> tuple[tuple[float, int], ...]:
    if not isinstance(values, Mapping) or not values or not all(str(speed).isdecimal() for speed in values):
        raise NotCheckRules(
            "yellow_s", say("It is no table such as {example}.", example="{ 50 = 3, 60 = 4 }")
        )
    return tuple(sorted((float(speed), _ms(value, f"yellow_s.{speed}")) for speed, value in values.items()))


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise NotCheckRules("whole_crossing", say("{value} is neither true nor false.", value=value))
    return value


def _ms(value: Any, place: str) -> int:
    return round(1000 * _number(value, place))


def _number(value: Any, place: str, *, above_zero: bool = False) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise NotCheckRules(place, say("{value} is no number.", value=value))
    if value < 0 or (above_zero and value == 0):
        raise NotCheckRules(place, say("{value} is too small.", value=value))
    return float(value)


def _refuse_unknown(values: Any, known: Iterable[str], place: str) -> None:
    if not isinstance(values, Mapping):
        raise NotCheckRules(place.rstrip("."), say("It is no table."))
    for name in values:
        if name not in known:
            raise NotCheckRules(
                f"{place}{name}", say("It is unknown. Known are {known}.", known=", ".join(known))
            )


# --- the check ------------------------------------------------------------------------------------
def check(junction: Junction, rules: CheckRules | None = None) -> list[Finding]:
    """Return what is wrong with a junction, errors first; nothing where it is sound.

    Args:
        junction: Where it names something that is not there, that is all that is found.
        rules: ``CheckRules()`` by default.

    Returns:
        Findings with paths like ``groups/K1`` and ``intergreens/K1/F2``.
    """
    if faults := dangling(junction):
        return faults
    rules = rules or CheckRules()
    found = [
        *_conflicts_without_intergreen(junction),
        *_short_intergreens(junction, rules),
        *(finding for group in junction.groups for finding in _group(junction, group, rules)),
        *_short_maximum_reds(junction),
        *_mutual_yields(junction),
        *(finding for stage in junction.stages for finding in _stage(junction, stage)),
        *_ways_between_stages(junction),
        *_interstages(junction),
        *_plans(junction),
        *_unused(junction),
        *_detectors(junction),
    ]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def _error(code: str, path: str, message: str) -> Finding:
    return Finding(Severity.ERROR, f"signals.check.{code}", path, message)


def _warning(code: str, path: str, message: str) -> Finding:
    return Finding(Severity.WARNING, f"signals.check.{code}", path, message)


def _s(ms: int) -> float:
    """Return seconds as people write them: 5, not 5.0."""
    return ms // 1000 if ms % 1000 == 0 else ms / 1000


# --- intergreens ----------------------------------------------------------------------------------
def _conflicts_without_intergreen(junction: Junction) -> Iterator[Finding]:
    meeting = _groups_that_meet(junction)
    for pair in combinations([group.id for group in junction.groups], 2):
        missing = [each for each in (pair, pair[::-1]) if each not in junction.intergreens_ms]
        if len(missing) == 2 and frozenset(pair) in meeting:
            yield _error(
                "missing-intergreen",
                f"intergreens/{pair[0]}/{pair[1]}",
                say(
                    "Movements of {one} and {other} meet, but have no intergreens. Add both directions.",
                    one=pair[0],
                    other=pair[1],
                ),
            )
        elif len(missing) == 1:
            clearing, entering = missing[0]
            yield _error(
                "one-sided-intergreen",
                f"intergreens/{clearing}/{entering}",
                say(
                    "There is an intergreen from {entering} to {clearing} only. Add the one from {clearing} to "
                    "{entering}, or remove both if they do not conflict.",
                    clearing=clearing,
                    entering=entering,
                ),
            )


def _groups_that_meet(junction: Junction) -> set[frozenset[str]]:
    pairs = [(each.clearing, each.entering) for each in junction.clearances]
    pairs += [(movement.id, other) for movement in junction.movements for other in movement.yields_to]
    group_of = {movement.id: movement.group for movement in junction.movements}
    return {frozenset((group_of[one], group_of[other])) for one, other in pairs}


def _short_intergreens(junction: Junction, rules: CheckRules) -> Iterator[Finding]:
    needed = needed_intergreens_ms(junction, rules.clearing)
    for (clearing, entering), between_ms in junction.intergreens_ms.items():
        yellow_ms, geometry_ms = junction.group_by_id[clearing].yellow_ms, needed.get((clearing, entering), 0)
        if between_ms >= max(yellow_ms, geometry_ms):
            continue
        path = f"intergreens/{clearing}/{entering}"
        short = say(
            "The intergreen from {clearing} to {entering} is {between_s} s",
            clearing=clearing,
            entering=entering,
            between_s=_s(between_ms),
        )
        if geometry_ms >= yellow_ms:
            message = say(
                "{short}, and where their ways meet asks for {needed_s} s. Lengthen it, or correct the clearances.",
                short=short,
                needed_s=_s(geometry_ms),
            )
            yield _error("intergreen-below-geometry", path, message)
        else:
            message = say(
                "{short}, and the yellow before it {needed_s} s. Lengthen the intergreen.",
                short=short,
                needed_s=_s(yellow_ms),
            )
            yield _error("intergreen-below-yellow", path, message)


# --- signal groups and movements ------------------------------------------------------------------
def _group(junction: Junction, group: SignalGroup, rules: CheckRules) -> Iterator[Finding]:
    path = f"groups/{group.id}"
    if finding := _short_yellow(junction, group, rules):
        yield finding
    least_ms = rules.minimum_green_ms[group.kind]
    if group.minimum_green_ms < least_ms:
        message = say(
            "Its minimum green is {green_s} s, and the rules ask for {least_s} s. Lengthen it.",
            green_s=_s(group.minimum_green_ms),
            least_s=_s(least_ms),
        )
        yield _error("minimum-green-too-short", path, message)
    if finding := _short_walk(junction, group, rules):
        yield finding
    if 0 < group.maximum_green_ms < group.minimum_green_ms:
        message = say("Its maximum green is shorter than its minimum green. Change one of them.")
        yield _error("maximum-green-below-minimum", path, message)
    if not any(group.id in stage.green for stage in junction.stages):
        message = say("No stage has it green. Add it to a stage, or remove the group.")
        yield _error("unserved-group", path, message)


def _short_yellow(junction: Junction, group: SignalGroup, rules: CheckRules) -> Finding | None:
    path = f"groups/{group.id}"
    if group.kind is GroupKind.CYCLE:
        needed_ms, reason = rules.cycle_yellow_ms, say("cyclists")
    elif group.kind in (GroupKind.VEHICLE, GroupKind.BUS):
        speed_kmh = _speed_kmh(junction, group)
        row = next((row for row in rules.yellow_ms if speed_kmh <= row[0]), None)
        if row is None:
            message = say(
                "The rules have no yellow for {speed} km/h. Lower the speed of the approach, or add a row.",
                speed=f"{speed_kmh:g}",
            )
            return _error("speed-without-yellow", path, message)
        needed_ms, reason = row[1], say("{speed} km/h", speed=f"{speed_kmh:g}")
    else:
        return None
    if group.yellow_ms >= needed_ms:
        return None
    message = say(
        "Its yellow is {yellow_s} s, and the rules ask for {needed_s} s for {reason}. Lengthen it.",
        yellow_s=_s(group.yellow_ms),
        reason=reason,
        needed_s=_s(needed_ms),
    )
    return _error("yellow-too-short", path, message)


def _speed_kmh(junction: Junction, group: SignalGroup) -> float:
    speeds = {approach.id: approach.speed_kmh for approach in junction.approaches}
    approach_of = {lane.id: lane.approach for lane in junction.lanes}
    movements = junction.movements_of([group.id])
    return max((speeds[approach_of[movement.lane]] for movement in movements), default=0.0)


def _short_walk(junction: Junction, group: SignalGroup, rules: CheckRules) -> Finding | None:
    if group.kind is not GroupKind.PEDESTRIAN:
        return None
    longest_m = max((movement.path_m for movement in junction.movements_of([group.id])), default=0.0)
    way_m = longest_m if rules.whole_crossing else longest_m / 2
    needed_ms = math.ceil(round(1000 * way_m / rules.walking_mps, 3))
    if group.minimum_green_ms >= needed_ms:
        return None
    message = say(
        "Its minimum green is {green_s} s, and {way} m at {speed} m/s take {needed_s} s. Lengthen it.",
        green_s=_s(group.minimum_green_ms),
        way=f"{way_m:g}",
        speed=f"{rules.walking_mps:g}",
        needed_s=_s(needed_ms),
    )
    return _error("pedestrian-green-too-short", f"groups/{group.id}", message)


def _short_maximum_reds(junction: Junction) -> Iterator[Finding]:
    needed_ms = needed_maximum_red_ms(junction)
    for group in junction.groups:
        if 0 < group.maximum_red_ms < needed_ms:
            message = say(
                "Its maximum red is {red_s} s, and serving all others can take {needed_s} s. Lengthen it.",
                red_s=_s(group.maximum_red_ms),
                needed_s=_s(needed_ms),
            )
            yield _error("maximum-red-too-short", f"groups/{group.id}", message)


def _mutual_yields(junction: Junction) -> Iterator[Finding]:
    number = {movement.id: place for place, movement in enumerate(junction.movements)}
    for movement in junction.movements:
        for name in movement.yields_to:
            other = junction.movement_by_id[name]
            if (
                movement.id in other.yields_to
                and number[movement.id] <= number[other.id]
                and any({movement.group, other.group} <= stage.green for stage in junction.stages)
            ):
                message = say(
                    "It and {other} give way to each other, and are green together. Remove one of the two from "
                    "yields_to.",
                    other=other.id,
                )
                yield _error("mutual-yield", f"movements/{movement.id}", message)


# --- stages and interstages -----------------------------------------------------------------------
def _stage(junction: Junction, stage: Stage) -> Iterator[Finding]:
    for one, other in combinations(sorted(stage.green), 2):
        if junction.conflict(one, other) and not _gives_way(junction, stage, one, other):
            message = say(
                "{one} and {other} conflict and are green together. Take one out, or make one permissive whose "
                "movements give way to the other's (yields_to).",
                one=one,
                other=other,
            )
            yield _error("conflicting-greens", f"stages/{stage.id}", message)
    for group in sorted(stage.permissive - stage.green):
        message = say("{group} is permissive, but not green. Add it to green, or remove it.", group=group)
        yield _warning("permissive-not-green", f"stages/{stage.id}", message)


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
            yield _warning("unreachable-stage", path, message)
        elif stage.id not in leaving:
            message = say("No interstage leads from it back to a plan's stages. Add one.")
            yield _error("stage-without-way-out", path, message)


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
            yield _warning("idle-switching-time", f"interstages/{change.first}/{change.second}", message)


# --- plans ----------------------------------------------------------------------------------------
def _plans(junction: Junction) -> Iterator[Finding]:
    if not junction.plans:
        message = say("There is no plan; each stage would run for 20 seconds in turn. Add a plan.")
        yield _warning("no-plan", "plans", message)
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
            yield _error("plan-leaves-group", f"plans/{plan.id}", message)


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
        yield _error("plan-change-not-listed", path, message)
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
            lacking_s=_s(lacking[worst]),
        )
        yield _error("plan-step-too-short", path, message)


def _green_ms(junction: Junction, plan: Plan, number: int, group: str, start_ms: int) -> int:
    """Return how long a group is green that opens in a step, through all further steps that keep it green."""
    green_ms = -start_ms
    for step in plan.steps[number:] + plan.steps[:number]:
        if group not in junction.stage_by_id[step.stage].green:
            break
        green_ms += step.duration_ms
    return green_ms


# --- what nobody uses -----------------------------------------------------------------------------
def _unused(junction: Junction) -> Iterator[Finding]:
    used = {
        "approaches": {lane.approach for lane in junction.lanes},
        "lanes": {movement.lane for movement in junction.movements},
        "exits": {movement.exit for movement in junction.movements},
        "groups": {movement.group for movement in junction.movements},
    }
    for kind, names in used.items():
        for each in getattr(junction, kind):
            if each.id not in names:
                message = say("Nothing refers to it: no lane, no movement. Use it, or remove it.")
                yield _warning(f"unused-{_ONE_OF[kind]}", f"{kind}/{each.id}", message)


def _detectors(junction: Junction) -> Iterator[Finding]:
    lengths = {approach.id: approach.length_m for approach in junction.approaches}
    approach_of = {lane.id: lane.approach for lane in junction.lanes}
    for detector in junction.detectors:
        length_m = lengths[approach_of[detector.lane]]
        if detector.distance_m > length_m:
            message = say(
                "It begins to see {distance} m before the stop line, and its approach is {length} m long. Correct one.",
                distance=f"{detector.distance_m:g}",
                length=f"{length_m:g}",
            )
            yield _warning("detector-off-approach", f"detectors/{detector.id}", message)
