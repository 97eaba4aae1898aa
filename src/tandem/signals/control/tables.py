"""A junction as arrays: what the search needs to know of it, made once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem.signals.control.clearing import clearing_times, linked_groups
from tandem.signals.domain.junction import GroupKind, Junction, Stage

RED, PERMISSIVE, PROTECTED = 0, 1, 2
NEVER = 1e9
CAN_STOP = (GroupKind.CYCLE, GroupKind.PEDESTRIAN)
YELLOW_USED_S = 0.7


@dataclass(frozen=True, slots=True)
class Tables:
    """Arrays of a junction. A *link* is a movement, or two movements through twins one after the other.

    Attributes:
        colours: (stages, links): 0 red, 1 green that gives way, 2 green.
        opens_s: (from stage, to stage, links): when a link opens after the change began.
        closes_s: (from stage, to stage, links): when a link that closes does so.
        change_s: (from stage, to stage): when the last link opens; ``NEVER`` where there is no such change.
        least_s: (links): minimum green.
        after_s: (links): how long after the end of green somebody who drives freely still goes, as it is too late to
            stop; cyclists and pedestrians can.
        feeds: For a link through twins the link of its first half, else -1.
        between_s: (clearing group, entering group): intergreen; far below zero where they do not conflict.
        pair_of: For a first movement and an onward one, the number of the link through both.
    """

    colours: NDArray[np.int8]
    opens_s: NDArray[np.float64]
    closes_s: NDArray[np.float64]
    change_s: NDArray[np.float64]
    least_s: NDArray[np.float64]
    after_s: NDArray[np.float64]
    lane_of: NDArray[np.int64]
    exit_of: NDArray[np.int64]
    headway: NDArray[np.float64]
    foes: NDArray[np.int64]
    foe_count: NDArray[np.int64]
    feeds: NDArray[np.int64]
    pair_of: dict[tuple[int, int], int]
    between_s: NDArray[np.float64]
    group_of: NDArray[np.int64]
    lanes: int
    exits: int


def tables_of(junction: Junction) -> Tables:
    """Return a junction's arrays."""
    movements = junction.movements
    lane_at = {lane.id: number for number, lane in enumerate(junction.lanes)}
    exit_at = {way.id: number for number, way in enumerate(junction.exits)}
    group_at = {group.id: number for number, group in enumerate(junction.groups)}
    pairs = _pairs(junction)
    firsts = [movements[first] for first, _second in pairs]
    lasts = [movements[second] for _first, second in pairs]
    opens, closes = _switching(junction, pairs)
    foes, foe_count = _foes(junction, pairs)
    least = [junction.group_by_id[movement.group].minimum_green_ms / 1000 for movement in movements]
    after = [
        0.0 if junction.group_by_id[movement.group].kind in CAN_STOP else YELLOW_USED_S
        for movement in movements
    ]
    return Tables(
        colours=_colours(junction, pairs),
        opens_s=opens,
        closes_s=closes,
        change_s=_changes(junction, opens),
        least_s=np.array([*least, *(max(least[first], least[second]) for first, second in pairs)]),
        after_s=np.array([*after, *(min(after[first], after[second]) for first, second in pairs)]),
        lane_of=np.array([lane_at[each.lane] for each in (*movements, *firsts)], np.int64),
        exit_of=np.array([exit_at.get(each.exit, -1) for each in (*movements, *lasts)], np.int64),
        headway=np.array([each.headway_ms / 1000 for each in (*movements, *firsts)]),
        foes=foes,
        foe_count=foe_count,
        feeds=np.array([-1] * len(movements) + [first for first, _second in pairs], np.int64),
        pair_of={pair: len(movements) + number for number, pair in enumerate(pairs)},
        between_s=_between(junction),
        group_of=np.array([group_at[each.group] for each in movements], np.int64),
        lanes=len(junction.lanes),
        exits=len(junction.exits),
    )


def _pairs(junction: Junction) -> list[tuple[int, int]]:
    """Return the movements that lead through twins one after the other, in one stage at least."""
    leads_to = {way.id: way.leads_to for way in junction.exits}
    return [
        (first, second)
        for first, one in enumerate(junction.movements)
        for second, other in enumerate(junction.movements)
        if leads_to.get(one.exit)
        and other.lane == leads_to[one.exit]
        and any({one.group, other.group} <= stage.green for stage in junction.stages)
    ]


def _colours(junction: Junction, pairs: list[tuple[int, int]]) -> NDArray[np.int8]:
    movements = junction.movements
    colours = np.zeros((len(junction.stages), len(movements) + len(pairs)), np.int8)
    for number, stage in enumerate(junction.stages):
        for link, movement in enumerate(movements):
            if movement.group in stage.green:
                colours[number, link] = PERMISSIVE if movement.group in stage.permissive else PROTECTED
        for link, (first, second) in enumerate(pairs, start=len(movements)):
            colours[number, link] = min(colours[number, first], colours[number, second])
    for link in range(len(movements), len(movements) + len(pairs)):
        if (colours[:, link] == PROTECTED).any():
            colours[colours[:, link] == PERMISSIVE, link] = RED
    return colours


def _foes(junction: Junction, pairs: list[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return to which movements each link gives way, and to how many."""
    place = {movement.id: number for number, movement in enumerate(junction.movements)}
    lists = [[place[each] for each in movement.yields_to if each in place] for movement in junction.movements]
    lists += [lists[first] + lists[second] for first, second in pairs]
    foes = np.zeros((len(lists), max(map(len, lists), default=0) + 1), np.int64)
    for link, found in enumerate(lists):
        foes[link, : len(found)] = found
    return foes, np.array([len(each) for each in lists], np.int64)


def _changes(junction: Junction, opens: NDArray[np.float64]) -> NDArray[np.float64]:
    change: NDArray[np.float64] = opens.max(axis=2, initial=0.0)
    for a, one in enumerate(junction.stages):
        for b, other in enumerate(junction.stages):
            if not junction.may_change(one.id, other.id):
                change[a, b] = NEVER
    return change


def _between(junction: Junction) -> NDArray[np.float64]:
    number = {group.id: place for place, group in enumerate(junction.groups)}
    between = np.full((len(number), len(number)), -NEVER)
    for (clearing, entering), ms in junction.intergreens_ms.items():
        between[number[clearing], number[entering]] = ms / 1000
    return between


def _switching(
    junction: Junction, pairs: list[tuple[int, int]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when each link opens, and when it closes, in a change between each two stages."""
    stages, movements, linked = junction.stages, junction.movements, linked_groups(junction)
    shape = (len(stages), len(stages), len(movements) + len(pairs))
    opens, closes = np.zeros(shape), np.zeros(shape)
    for a, one in enumerate(stages):
        for b, other in enumerate(stages):
            times = clearing_times(junction, linked, one.id, other.id)
            upgrades, waits = _upgrades_s(junction, one, other), _waits_s(junction, one, other)
            for link, movement in enumerate(movements):
                group = movement.group
                starts_s = max(times.starts_ms.get(group, 0) / 1000, waits.get(group, 0.0))
                opens[a, b, link] = starts_s or upgrades.get(group, 0.0)
                closes[a, b, link] = times.ends_ms.get(group, 0) / 1000
            for link, (first, second) in enumerate(pairs, start=len(movements)):
                opens[a, b, link] = max(opens[a, b, first], opens[a, b, second])
                closes[a, b, link] = (
                    min(
                        closes[a, b, each]
                        for each in (first, second)
                        if movements[each].group not in other.green
                    )
                    if {movements[first].group, movements[second].group} - other.green
                    else 0.0
                )
    return opens, closes


def _upgrades_s(junction: Junction, one: Stage, other: Stage) -> dict[str, float]:
    """Return when groups that stay green get their way for themselves: once those with priority have cleared."""
    closing = one.green - other.green
    return {
        group: max((junction.intergreens_ms.get((end, group), 0) for end in closing), default=0) / 1000
        for group in one.permissive & (other.green - other.permissive)
    }


def _waits_s(junction: Junction, one: Stage, other: Stage) -> dict[str, float]:
    """Return how long groups wait to open for those that stay green and give way from now on.

    The gate makes them wait for the whole intergreen; plans come out better if they leave out its yellow, which
    nobody uses here.
    """
    yielding = (one.green & other.green & other.permissive) - one.permissive
    yellow_ms = {group: junction.group_by_id[group].yellow_ms for group in yielding}
    return {
        group: max(
            (junction.intergreens_ms.get((end, group), 0) - yellow_ms[end] for end in yielding), default=0
        )
        / 1000
        for group in other.green - one.green
    }
