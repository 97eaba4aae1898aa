"""Signal groups and movements: yellow, greens and reds, and who gives way."""

import math
from collections.abc import Iterator

from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.signals.domain.check.findings import error, seconds
from tandem.signals.domain.check.rules import CheckRules
from tandem.signals.domain.interstage import needed_maximum_red_ms
from tandem.signals.domain.junction import GroupKind, Junction, SignalGroup


def groups(junction: Junction, rules: CheckRules) -> Iterator[Finding]:
    """Find groups whose times are too short or that nothing serves, and movements that block each other."""
    for group in junction.groups:
        yield from _group(junction, group, rules)
    yield from _short_maximum_reds(junction)
    yield from _mutual_yields(junction)


def _group(junction: Junction, group: SignalGroup, rules: CheckRules) -> Iterator[Finding]:
    path = f"groups/{group.id}"
    if finding := _short_yellow(junction, group, rules):
        yield finding
    least_ms = rules.minimum_green_ms[group.kind]
    if group.minimum_green_ms < least_ms:
        message = say(
            "Its minimum green is {green_s} s, and the rules ask for {least_s} s. Lengthen it.",
            green_s=seconds(group.minimum_green_ms),
            least_s=seconds(least_ms),
        )
        yield error("minimum-green-too-short", path, message)
    if finding := _short_walk(junction, group, rules):
        yield finding
    if 0 < group.maximum_green_ms < group.minimum_green_ms:
        message = say("Its maximum green is shorter than its minimum green. Change one of them.")
        yield error("maximum-green-below-minimum", path, message)
    if not any(group.id in stage.green for stage in junction.stages):
        message = say("No stage has it green. Add it to a stage, or remove the group.")
        yield error("unserved-group", path, message)


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
            return error("speed-without-yellow", path, message)
        needed_ms, reason = row[1], say("{speed} km/h", speed=f"{speed_kmh:g}")
    else:
        return None
    if group.yellow_ms >= needed_ms:
        return None
    message = say(
        "Its yellow is {yellow_s} s, and the rules ask for {needed_s} s for {reason}. Lengthen it.",
        yellow_s=seconds(group.yellow_ms),
        reason=reason,
        needed_s=seconds(needed_ms),
    )
    return error("yellow-too-short", path, message)


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
        green_s=seconds(group.minimum_green_ms),
        way=f"{way_m:g}",
        speed=f"{rules.walking_mps:g}",
        needed_s=seconds(needed_ms),
    )
    return error("pedestrian-green-too-short", f"groups/{group.id}", message)


def _short_maximum_reds(junction: Junction) -> Iterator[Finding]:
    needed_ms = needed_maximum_red_ms(junction)
    for group in junction.groups:
        if 0 < group.maximum_red_ms < needed_ms:
            message = say(
                "Its maximum red is {red_s} s, and serving all others can take {needed_s} s. Lengthen it.",
                red_s=seconds(group.maximum_red_ms),
                needed_s=seconds(needed_ms),
            )
            yield error("maximum-red-too-short", f"groups/{group.id}", message)


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
                yield error("mutual-yield", f"movements/{movement.id}", message)
