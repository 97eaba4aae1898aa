"""Saturation: queues that do not clear. There a junction's time is worth more than anybody's turn.

While the queue of a lane reaches far back for long, whatever lets it go is kept for most of what the junction's plan
gives it: each change costs seconds in which nobody goes, and the plan's shares were made for such hours. That holds
where the junction itself is what holds them up, not where the road beyond it is full.
"""

import numpy as np
from numpy.typing import NDArray

from tandem.signals.control.preparing import stand_full
from tandem.signals.control.tables import Tables
from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation

STANDS_MPS = 2.0
NEAR_M = 100.0
WAITING = 2
STUCK_S = 10.0
LASTS_MS = 60_000
REMEMBERED_MS = (60_000, 120_000)  # for as long as it has lasted, within these
SHARE = 0.85
MOST_S = 45.0


class Saturation:
    """Watches which approaches are saturated, a second at a time.

    Args:
        far_m: A queue that reaches so far back is one that may not clear.
    """

    def __init__(self, junction: Junction, tables: Tables, *, far_m: float) -> None:
        self._tables = tables
        self._far_m = far_m
        approaches = list(dict.fromkeys(lane.approach for lane in junction.lanes))
        self._approach_of = np.array([approaches.index(lane.approach) for lane in junction.lanes])
        self._seen_ms = np.full(len(approaches), -(10**9))
        self._since_ms = np.full(len(approaches), 10**9)
        green_s = plan_greens_s(junction)
        movements = len(junction.movements)
        self._floor_s = tables.least_s.copy()
        self._floor_s[:movements] = np.maximum(
            self._floor_s[:movements], [SHARE * min(green_s[m.group], MOST_S) for m in junction.movements]
        )

    def least_s(
        self,
        seen: Observation,
        users: NDArray[np.void],
        stuck_s: NDArray[np.float64],
        *,
        now_ms: int,
        caught: bool = False,
    ) -> NDArray[np.float64]:
        """Return how long each link's green lasts at least: its minimum, or most of the plan's where saturated.

        Args:
            users: Those who are planned for.
            stuck_s: For each lane, how long its first one has stood at a green of its own: the exit is full then,
                and more green lets nobody go.
            caught: Whether somebody stands inside the junction, whom a green that is kept may keep there.
        """
        t = self._tables
        lanes = t.lane_of[users["movement"]]
        direct = users["through"] == 0
        far = direct & (users["distance_m"] > self._far_m) & (users["speed_mps"] < STANDS_MPS)
        reached = np.zeros(len(self._seen_ms), np.bool_)
        reached[self._approach_of[lanes[far]]] = True
        self._since_ms[reached & ~self._remembered(now_ms)] = now_ms
        self._seen_ms[reached] = now_ms
        saturated = self._remembered(now_ms) & (now_ms - self._since_ms >= LASTS_MS)
        if caught or not saturated.any() or stand_full(seen.exits).any():
            return t.least_s
        waiting = np.bincount(lanes[direct & (users["distance_m"] <= NEAR_M)], minlength=t.lanes)
        kept = (saturated[self._approach_of] & (waiting >= WAITING) & (stuck_s < STUCK_S))[t.lane_of]
        return np.where(kept, self._floor_s, t.least_s)

    def _remembered(self, now_ms: int) -> NDArray[np.bool_]:
        """Return on which approaches a queue has reached far, and not too long ago."""
        for_ms = np.clip(self._seen_ms - self._since_ms, *REMEMBERED_MS)
        remembered: NDArray[np.bool_] = now_ms - self._seen_ms <= for_ms
        return remembered


def plan_greens_s(junction: Junction) -> dict[str, float]:
    """Return each group's longest green in the junction's plan in seconds, the changes within its steps included."""
    steps = junction.default_plan.steps
    longest = dict.fromkeys((group.id for group in junction.groups), 0.0)
    for group in longest:
        length_s = 0.0
        for step in steps * 2:
            green = group in junction.stage_by_id[step.stage].green
            length_s = length_s + step.duration_ms / 1000 if green else 0.0
            longest[group] = max(longest[group], length_s)
        longest[group] = min(longest[group], junction.default_plan.cycle_ms / 1000)
    return longest
