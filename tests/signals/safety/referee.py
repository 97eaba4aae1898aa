"""A referee that knows nothing of the gate: it reads what was shown, and lists what a junction forbids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tandem.signals.domain.aspect import Aspect
from tandem.signals.domain.junction import Junction

RED, RED_YELLOW, GREEN, YELLOW = Aspect
LONG_AGO = -(10**12)


@dataclass(frozen=True)
class Shown:
    """What all groups showed from a moment on."""

    at_ms: int
    aspects: tuple[Aspect, ...]
    protected: tuple[bool, ...]


def offences(junction: Junction, log: Sequence[Shown]) -> list[str]:
    """Return every offence in a log that begins with all groups red for long enough."""
    found: list[str] = []
    count = len(junction.groups)
    since = [LONG_AGO] * count
    ended = [LONG_AGO] * count  # end of the last green
    had_way = [LONG_AGO] * count  # when it last had its way for itself
    aspects: tuple[Aspect, ...] = (RED,) * count
    protected = (False,) * count
    for shown in log:
        for number, group in enumerate(junction.groups):
            before, after = aspects[number], shown.aspects[number]
            if after is not before:
                found += _change(group, before, after, shown.at_ms - since[number], shown.at_ms)
                if before is GREEN:
                    ended[number] = shown.at_ms
                since[number] = shown.at_ms
            if protected[number]:
                had_way[number] = shown.at_ms
        for number, group in enumerate(junction.groups):
            if shown.aspects[number] is GREEN:
                found += _together(junction, number, shown, before=aspects, ended=ended, had_way=had_way)
            if shown.protected[number] and shown.aspects[number] is not GREEN:
                found.append(f"{shown.at_ms}: {group.id} has its way without green")
        aspects, protected = shown.aspects, shown.protected
    return found


def _change(group, before: Aspect, after: Aspect, lasted_ms: int, at_ms: int) -> Iterable[str]:
    orders = {
        RED: RED_YELLOW if group.red_yellow_ms else GREEN,
        RED_YELLOW: GREEN,
        GREEN: YELLOW if group.yellow_ms else RED,
        YELLOW: RED,
    }
    least = {
        RED: 1_000,
        RED_YELLOW: group.red_yellow_ms,
        GREEN: group.minimum_green_ms,
        YELLOW: group.yellow_ms,
    }
    if orders[before] is not after:
        yield f"{at_ms}: {group.id} goes from {before.name} to {after.name}"
    if lasted_ms < least.get(before, 0):
        yield f"{at_ms}: {group.id} shows {before.name} for {lasted_ms} ms"


def _together(junction, number, shown, *, before, ended, had_way) -> Iterable[str]:
    """Yield what is wrong with a green group beside those that conflict with it."""
    me = junction.groups[number].id
    begins = before[number] is not GREEN
    for other_number, other_group in enumerate(junction.groups):
        other = other_group.id
        if other == me or not junction.conflict(me, other):
            continue
        yields = (me, other) in junction.partial_conflicts
        has_priority = (other, me) in junction.partial_conflicts
        between_ms = junction.intergreens_ms.get((other, me), 0)
        if shown.aspects[other_number] is GREEN:
            if not yields and not has_priority:
                yield f"{shown.at_ms}: {me} and {other} are green together"
            elif shown.protected[number] and shown.protected[other_number]:
                yield f"{shown.at_ms}: {me} and {other} both have their way"
            elif yields and not has_priority and shown.protected[number]:
                yield f"{shown.at_ms}: {me} has its way beside {other}"
            elif begins and has_priority and not yields and shown.at_ms - had_way[other_number] < between_ms:
                yield f"{shown.at_ms}: {me} begins while {other} has just had its way"
        elif shown.aspects[other_number] is YELLOW:
            if begins and not (yields or has_priority):
                yield f"{shown.at_ms}: {me} begins while {other} is yellow"
        elif has_priority and shown.at_ms - had_way[other_number] >= between_ms:
            continue  # it gave way until its end
        elif begins and shown.at_ms - ended[other_number] < between_ms:
            yield f"{shown.at_ms}: {me} begins {shown.at_ms - ended[other_number]} ms after {other}"
