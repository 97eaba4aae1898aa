"""A junction as arrays: what the search needs to know of it, made once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem.signals.domain.junction import Junction, Movement

RED, PERMISSIVE, PROTECTED = 0, 1, 2
NEVER = 1e9
FULL_SPEED_MPS = 13.9


@dataclass(frozen=True, slots=True)
class Tables:
    """Arrays of a junction. A *link* is a movement, or two movements through twins one after the other.

    Attributes:
        colours: (stages, links): 0 red, 1 green that gives way, 2 green.
        opens_s: (from stage, to stage, links): when a link opens after the change began.
        change_s: (from stage, to stage): when the last link opens; ``NEVER`` where there is no such change.
        least_s: (links): minimum green.
        stop_share: What a stop costs, as a share of what it costs at 50 km/h.
        feeds: For a link through twins the link of its first half, else -1.
        pair_of: For a first movement and an onward one, the number of the link through both.
    """

    colours: NDArray[np.int8]
    opens_s: NDArray[np.float64]
    change_s: NDArray[np.float64]
    least_s: NDArray[np.float64]
    lane_of: NDArray[np.int64]
    exit_of: NDArray[np.int64]
    headway: NDArray[np.float64]
    stop_share: NDArray[np.float64]
    foes: NDArray[np.int64]
    foe_count: NDArray[np.int64]
    feeds: NDArray[np.int64]
    pair_of: dict[tuple[int, int], int]
    group_of: NDArray[np.int64]
    lanes: int
    exits: int


def tables_of(junction: Junction) -> Tables:
    """Return a junction's arrays."""
    movements = junction.movements
    lane_at = {lane.id: number for number, lane in enumerate(junction.lanes)}
    exit_at = {way.id: number for number, way in enumerate(junction.exits)}
    group_at = {group.id: number for number, group in enumerate(junction.groups)}
    place = {movement.id: number for number, movement in enumerate(movements)}
    leads_to = {way.id: way.leads_to for way in junction.exits}
    pairs = [
        (first, second)
        for first, one in enumerate(movements)
        for second, other in enumerate(movements)
        if leads_to.get(one.exit) and other.lane == leads_to[one.exit]
    ]
    links = len(movements) + len(pairs)
    colours = np.zeros((len(junction.stages), links), np.int8)
    for number, stage in enumerate(junction.stages):
        for link, movement in enumerate(movements):
            if movement.group in stage.green:
                colours[number, link] = PERMISSIVE if movement.group in stage.permissive else PROTECTED
        for link, (first, second) in enumerate(pairs, start=len(movements)):
            colours[number, link] = min(colours[number, first], colours[number, second])
    for link in range(len(movements), links):
        if (colours[:, link] == PROTECTED).any():
            colours[colours[:, link] == PERMISSIVE, link] = RED
    opens = _opens(junction, group_at, pairs)
    foe_lists = [[place[each] for each in movement.yields_to if each in place] for movement in movements]
    foe_lists += [foe_lists[first] + foe_lists[second] for first, second in pairs]
    foes = np.zeros((links, max((len(each) for each in foe_lists), default=0) + 1), np.int64)
    for link, found in enumerate(foe_lists):
        foes[link, : len(found)] = found
    least = [junction.group_by_id[movement.group].minimum_green_ms / 1000 for movement in movements]
    least += [max(least[first], least[second]) for first, second in pairs]
    change = opens.max(axis=2, initial=0.0)
    for a, one in enumerate(junction.stages):
        for b, other in enumerate(junction.stages):
            if not junction.may_change(one.id, other.id):
                change[a, b] = NEVER
    return Tables(
        colours,
        opens,
        change,
        np.array(least),
        np.array(
            [lane_at[m.lane] for m in movements] + [lane_at[movements[a].lane] for a, _b in pairs], np.int64
        ),
        np.array(
            [exit_at.get(m.exit, -1) for m in movements]
            + [exit_at.get(movements[b].exit, -1) for _a, b in pairs],
            np.int64,
        ),
        np.array(
            [m.headway_ms / 1000 for m in movements] + [movements[a].headway_ms / 1000 for a, _b in pairs]
        ),
        np.array([_stop_share(m) for m in movements] + [_stop_share(movements[a]) for a, _b in pairs]),
        foes,
        np.array([len(each) for each in foe_lists], np.int64),
        np.array([-1] * len(movements) + [first for first, _second in pairs], np.int64),
        {pair: len(movements) + number for number, pair in enumerate(pairs)},
        np.array([group_at[m.group] for m in movements], np.int64),
        len(junction.lanes),
        len(junction.exits),
    )


def _stop_share(movement: Movement) -> float:
    """Return what stopping costs against driving on: those who turn have to brake anyway."""
    return min(movement.speed_mps / FULL_SPEED_MPS, 1.0)


def _opens(junction: Junction, group_at: dict[str, int], pairs: list[tuple[int, int]]) -> NDArray[np.float64]:
    """Return when each link opens in a change between each two stages, as the gate will let it."""
    stages, movements = junction.stages, junction.movements
    between = np.zeros((len(junction.groups), len(junction.groups)))
    for (clearing, entering), value in junction.intergreens_ms.items():
        yellow = junction.group_by_id[clearing].yellow_ms
        between[group_at[clearing], group_at[entering]] = max(value, yellow) / 1000
    opens = np.zeros((len(stages), len(stages), len(movements) + len(pairs)))
    for a, one in enumerate(stages):
        for b, other in enumerate(stages):
            change = junction.interstage_by_ends.get((one.id, other.id))
            starts = change.starts_ms if change else {}
            closing = [group_at[group] for group in one.green - other.green]
            waits = between[closing].max(axis=0) if closing else np.zeros(len(junction.groups))
            for link, movement in enumerate(movements):
                group = junction.group_by_id[movement.group]
                if movement.group in other.green:
                    starts_s = starts.get(movement.group, 0) / 1000
                    opens[a, b, link] = max(
                        waits[group_at[movement.group]], group.red_yellow_ms / 1000, starts_s
                    )
            for link, (first, second) in enumerate(pairs, start=len(movements)):
                opens[a, b, link] = max(opens[a, b, first], opens[a, b, second])
    return opens
