"""Intergreens from geometry: how long two conflicting movements must stay apart."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tandem.signals.domain.junction import Clearance, GroupKind, Junction, Movement, Turn

Points = Sequence[tuple[float, float]]
STEP_M = 0.25


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

    The defaults are figures in common use in Germany; a city checks them against its own rules before use.
    """

    straight: Driving = Driving(3.0, 10.0, 40 / 3.6, 6.0)
    turning: Driving = Driving(2.0, 7.0, 40 / 3.6, 6.0)
    cycle: Driving = Driving(1.0, 4.0, 5.0)
    pedestrian: Driving = Driving(0.0, 1.2, 1.5)
    tram: Driving = field(default=Driving(3.0, 7.0, 20 / 3.6, 15.0))

    def of(self, kind: GroupKind, turn: Turn) -> Driving:
        """Return how a movement of a group clears and enters."""
        if kind is GroupKind.PEDESTRIAN:
            return self.pedestrian
        if kind is GroupKind.CYCLE:
            return self.cycle
        if kind is GroupKind.TRAM:
            return self.tram
        return self.straight if turn is Turn.STRAIGHT else self.turning


def intergreen_s(clearing: Driving, entering: Driving, *, clearing_m: float, entering_m: float) -> float:
    """Return the time from the end of one green to the beginning of a conflicting one, never below 0.

    Args:
        clearing_m: From the stop line to the end of the conflict area.
        entering_m: From the other stop line to the beginning of the conflict area.

    Source: crossing time + clearing time - entering time, as in the German guideline RiLSA.

    >>> rules = ClearingRules()
    >>> round(intergreen_s(rules.straight, rules.straight, clearing_m=24.0, entering_m=10.0), 2)
    5.1
    """
    clears_s = clearing.overrun_s + (clearing_m + clearing.length_m) / clearing.clearing_mps
    return max(clears_s - entering_m / entering.entering_mps, 0.0)


def needed_intergreens_ms(
    junction: Junction, rules: ClearingRules | None = None
) -> Mapping[tuple[str, str], int]:
    """Return the intergreens that the junction's clearances ask for, rounded up to whole seconds."""
    rules = rules or ClearingRules()
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


def _driving(junction: Junction, rules: ClearingRules, movement: Movement) -> Driving:
    return rules.of(junction.group_by_id[movement.group].kind, movement.turn)


# --- where two ways meet ------------------------------------------------------------------------
def meeting(one: Points, other: Points, *, width_m: float = 2.0) -> tuple[float, float, float, float] | None:
    """Return where two ways come closer than a width: first and last metre on one, first and last on the other.

    Args:
        one: Points of a way, metres, beginning at its stop line.
        other: Points of the other way.
        width_m: Distance of the middles below which they are in conflict.

    Returns:
        Metres from each beginning; None where the ways stay apart.

    >>> meeting([(0, 0), (20, 0)], [(10, -10), (10, 10)], width_m=2.0)
    (8.0, 12.0, 8.0, 12.0)
    """
    a, along_a = _sampled(one)
    b, along_b = _sampled(other)
    close = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]) <= width_m + 1e-9
    if not close.any():
        return None
    on_a, on_b = along_a[close.any(axis=1)], along_b[close.any(axis=0)]
    return (float(on_a.min()), float(on_a.max()), float(on_b.min()), float(on_b.max()))


def _sampled(points: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points every quarter of a metre, and how far along they lie."""
    corners = np.array(points, np.float64)
    legs = np.hypot(*np.diff(corners, axis=0).T)
    ends = np.concatenate([[0.0], np.cumsum(legs)])
    along = np.append(np.arange(0.0, ends[-1], STEP_M), ends[-1])
    return np.stack([np.interp(along, ends, corners[:, axis]) for axis in (0, 1)], axis=1), along


def clearance(
    clearing: Movement, entering: Movement, ways: Mapping[str, Points], *, width_m: float = 2.0
) -> Clearance | None:
    """Return where an entering movement meets a clearing one; pedestrians come from both sides.

    Args:
        ways: Points of each movement's way, metres.
    """
    found = meeting(ways[clearing.id], ways[entering.id], width_m=width_m)
    if found is None:
        return None
    first_a, last_a, first_b, last_b = found
    if clearing.turn is Turn.CROSSING:
        last_a = max(last_a, _length_m(ways[clearing.id]) - first_a)
    if entering.turn is Turn.CROSSING:
        first_b = min(first_b, _length_m(ways[entering.id]) - last_b)
    return Clearance(clearing.id, entering.id, round(last_a, 2), round(max(first_b, 0.0), 2))


def _length_m(points: Points) -> float:
    return float(np.hypot(*np.diff(np.array(points, np.float64), axis=0).T).sum())
