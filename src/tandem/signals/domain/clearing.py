"""Intergreens from geometry: how long two conflicting movements must stay apart."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tandem.signals.domain.junction import Clearance, GroupKind, Junction, Movement, Turn

Point = tuple[float, float]
Points = Sequence[Point]
_TOUCH_M = 1e-9


@dataclass(frozen=True, slots=True)
class Driving:
    """How one kind of road user clears and enters.

    Attributes:
        overrun_s: How long after the end of green somebody may still pass the stop line.
        clearing_mps: Speed of clearing.
        entering_mps: Speed of entering.
        length_m: Length that has to be clear of the conflict.
    """

    overrun_s: float
    clearing_mps: float
    entering_mps: float
    length_m: float = 0.0


@dataclass(frozen=True, slots=True)
class ClearingRules:
    """What a city computes its intergreens with.

    The defaults are figures in common use in Germany, to be verified; nothing here says that they conform to a
    guideline. A city checks them against its own rules before use.

    Attributes:
        straight: Vehicles that go straight on.
        turning: Vehicles that turn.
    """

    straight: Driving = Driving(3.0, 10.0, 40 / 3.6, 6.0)
    turning: Driving = Driving(2.0, 7.0, 40 / 3.6, 6.0)
    cycle: Driving = Driving(1.0, 4.0, 5.0)
    pedestrian: Driving = Driving(0.0, 1.2, 1.5)
    bus: Driving = Driving(3.0, 7.0, 40 / 3.6, 12.0)
    tram: Driving = Driving(3.0, 7.0, 20 / 3.6, 15.0)

    def of(self, kind: GroupKind, turn: Turn) -> Driving:
        """Return how a movement of a group clears and enters."""
        match kind:
            case GroupKind.PEDESTRIAN:
                return self.pedestrian
            case GroupKind.CYCLE:
                return self.cycle
            case GroupKind.BUS:
                return self.bus
            case GroupKind.TRAM:
                return self.tram
        return self.straight if turn is Turn.STRAIGHT else self.turning


DEFAULT_RULES = ClearingRules()


def intergreen_s(clearing: Driving, entering: Driving, *, clearing_m: float, entering_m: float) -> float:
    """Return the time from the end of one green to the beginning of a conflicting one, never below 0.

    Args:
        clearing_m: From the stop line to the end of the conflict area.
        entering_m: From the other stop line to the beginning of the conflict area.

    Source: crossing time + clearing time - entering time, as in the German guideline RiLSA.

    A car overruns for 3 s, clears 24 m and its own 6 m at 10 m/s in 3 s, and the other one needs 0.9 s for 10 m:

    >>> rules = ClearingRules()
    >>> round(intergreen_s(rules.straight, rules.straight, clearing_m=24.0, entering_m=10.0), 2)
    5.1
    """
    clears_s = clearing.overrun_s + (clearing_m + clearing.length_m) / clearing.clearing_mps
    return max(clears_s - entering_m / entering.entering_mps, 0.0)


def needed_intergreens_ms(
    junction: Junction, rules: ClearingRules | None = None
) -> Mapping[tuple[str, str], int]:
    """Return the intergreens that the junction's clearances ask for, rounded up to whole seconds.

    Args:
        junction: Its clearances name movements that it has.
        rules: Speeds, lengths and overruns; ``DEFAULT_RULES`` by default.

    Returns:
        Ordered pair of groups (clearing, entering) → the most that any of their movements needs, milliseconds.
    """
    rules = rules or DEFAULT_RULES
    needed: dict[tuple[str, str], int] = {}
    for clearance in junction.clearances:
        one, other = (junction.movement_by_id[name] for name in (clearance.clearing, clearance.entering))
        seconds = intergreen_s(
            _driving(junction, rules, one),
            _driving(junction, rules, other),
            clearing_m=clearance.clearing_m,
            entering_m=clearance.entering_m,
        )
        pair = (one.group, other.group)
        needed[pair] = max(needed.get(pair, 0), 1000 * math.ceil(round(seconds, 6)))
    return needed


def needed_intergreen_ms(
    junction: Junction, clearing_group: str, entering_group: str, rules: ClearingRules | None = None
) -> int | None:
    """Return the intergreen that one ordered pair of groups needs, in milliseconds.

    Returns:
        None where no clearance says that movements of the two groups meet.
    """
    return needed_intergreens_ms(junction, rules).get((clearing_group, entering_group))


def intergreens_from_geometry(
    junction: Junction, rules: ClearingRules | None = None
) -> Mapping[tuple[str, str], int]:
    """Return an intergreen matrix: what the clearances ask for, and never less than the yellow of who clears.

    Returns:
        Ordered pair of different groups (clearing, entering) → milliseconds.
    """
    return {
        pair: max(between_ms, junction.group_by_id[pair[0]].yellow_ms)
        for pair, between_ms in needed_intergreens_ms(junction, rules).items()
        if pair[0] != pair[1]
    }


def _driving(junction: Junction, rules: ClearingRules, movement: Movement) -> Driving:
    return rules.of(junction.group_by_id[movement.group].kind, movement.turn)


# --- where two ways meet --------------------------------------------------------------------------
class Crossing(NamedTuple):
    """Where one way meets another one, in metres from the two stop lines.

    Attributes:
        clearing_m: From the first way's stop line to the end of the conflict area.
        entering_m: From the second way's stop line to the beginning of the conflict area.
    """

    clearing_m: float
    entering_m: float


def crossing_of(path_a: Points, path_b: Points, width_m: float = 2.0) -> Crossing | None:
    """Return the clearing distance on one way and the entering distance on another.

    Args:
        path_a: Points of the way that is cleared, metres, beginning at its stop line.
        path_b: Points of the way that is entered.
        width_m: Distance of the middles up to which they are in conflict.

    Returns:
        None where the ways neither cross nor merge.

    >>> crossing_of([(0, 0), (20, 0)], [(15, -10), (15, 10)], width_m=2.0)
    Crossing(clearing_m=17.0, entering_m=8.0)
    """
    found = meeting(path_a, path_b, width_m=width_m)
    return Crossing(found[1], found[2]) if found else None


def clearance(
    clearing: Movement, entering: Movement, ways: Mapping[str, Points], *, width_m: float = 2.0
) -> Clearance | None:
    """Return where an entering movement meets a clearing one; pedestrians come from both sides.

    Args:
        ways: Points of each movement's way, metres.
    """
    found = [
        crossing
        for path_a in _walked(clearing, ways)
        for path_b in _walked(entering, ways)
        if (crossing := crossing_of(path_a, path_b, width_m))
    ]
    if not found:
        return None
    clearing_m = max(crossing.clearing_m for crossing in found)
    entering_m = min(crossing.entering_m for crossing in found)
    return Clearance(clearing.id, entering.id, round(clearing_m, 2), round(entering_m, 2))


def _walked(movement: Movement, ways: Mapping[str, Points]) -> list[Points]:
    way = ways[movement.id]
    return [way, way[::-1]] if movement.turn is Turn.CROSSING else [way]


def meeting(one: Points, other: Points, *, width_m: float = 2.0) -> tuple[float, float, float, float] | None:
    """Return where two ways come as close as a width: first and last metre on one, first and last on the other.

    Args:
        one: Points of a way, metres, beginning at its stop line.
        other: Points of the other way.
        width_m: Distance of the middles up to which they are in conflict.

    Returns:
        Metres from each beginning, exact to a micrometre; None where the ways stay apart.

    >>> meeting([(0, 0), (20, 0)], [(10, -10), (10, 10)], width_m=2.0)
    (8.0, 12.0, 8.0, 12.0)
    """
    on_one, on_other = list(_close(one, other, width_m)), list(_close(other, one, width_m))
    if not on_one or not on_other:
        return None
    ends = (
        min(first for first, _last in on_one),
        max(last for _first, last in on_one),
        min(first for first, _last in on_other),
        max(last for _first, last in on_other),
    )
    first_a, last_a, first_b, last_b = (round(metres, 6) for metres in ends)
    return first_a, last_a, first_b, last_b


def _close(way: Points, other: Points, width_m: float) -> Iterator[tuple[float, float]]:
    """Yield from where to where a way lies close to each leg of another one, in metres along the way."""
    along_m = 0.0
    for begin, end in pairwise(way):
        leg_m = math.dist(begin, end)
        for from_, to in pairwise(other):
            shares = _shares_within(begin, end, from_, to, width_m + _TOUCH_M)
            if shares:
                yield along_m + shares[0] * leg_m, along_m + shares[1] * leg_m
        along_m += leg_m


def _shares_within(
    begin: Point, end: Point, from_: Point, to: Point, width_m: float
) -> tuple[float, float] | None:
    """Return which part of a leg lies within a width of another leg, as shares of its length.

    What lies within a width of a leg is a strip with a disc at either end. It is convex, so that the part is one
    piece, from the first to the last share found in any of the three.
    """
    spans = [
        _within_disc(begin, end, from_, width_m),
        _within_disc(begin, end, to, width_m),
        _within_strip(begin, end, from_, to, width_m),
    ]
    found = [span for span in spans if span]
    if not found:
        return None
    return min(first for first, _last in found), max(last for _first, last in found)


def _within_disc(begin: Point, end: Point, centre: Point, radius_m: float) -> tuple[float, float] | None:
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    x, y = begin[0] - centre[0], begin[1] - centre[1]
    square = dx * dx + dy * dy
    outside = x * x + y * y - radius_m * radius_m
    if square == 0:
        return (0.0, 1.0) if outside <= 0 else None
    middle = -(x * dx + y * dy) / square
    root = middle * middle - outside / square
    if root < 0:
        return None
    return _clipped(middle - math.sqrt(root), middle + math.sqrt(root))


def _within_strip(
    begin: Point, end: Point, from_: Point, to: Point, width_m: float
) -> tuple[float, float] | None:
    length_m = math.dist(from_, to)
    if length_m == 0:
        return None
    ex, ey = (to[0] - from_[0]) / length_m, (to[1] - from_[1]) / length_m
    x, y = begin[0] - from_[0], begin[1] - from_[1]
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    lengthwise = _between(x * ex + y * ey, dx * ex + dy * ey, 0.0, length_m)
    across = _between(x * ey - y * ex, dx * ey - dy * ex, -width_m, width_m)
    if not lengthwise or not across:
        return None
    return _clipped(max(lengthwise[0], across[0]), min(lengthwise[1], across[1]))


def _between(start: float, change: float, low: float, high: float) -> tuple[float, float] | None:
    """Return for which shares ``start + share * change`` lies between two values."""
    if change == 0:
        return (0.0, 1.0) if low <= start <= high else None
    one, other = (low - start) / change, (high - start) / change
    return min(one, other), max(one, other)


def _clipped(first: float, last: float) -> tuple[float, float] | None:
    first, last = max(first, 0.0), min(last, 1.0)
    return (first, last) if first <= last else None
