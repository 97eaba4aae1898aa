"""Simple rules: longest queue, the wave in front of the stop lines, max pressure. Peers of the planner."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem.signals.control.controller import StageRule
from tandem.signals.domain.aspect import Heads
from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What the rules look at.

    Attributes:
        queued_mps: Slower ones are queued.
        wave_m: How far upstream the wave is counted.
        guard_s: Whoever has waited so long is served first.
        every_s: How often a rule decides.
    """

    queued_mps: float = 0.1
    wave_m: float = 50.0
    guard_s: float = 90.0
    every_s: int = 5


class _Counting(StageRule):
    """A rule that gives every movement a number and takes the stage with the greatest sum, every few seconds."""

    def __init__(self, junction: Junction, settings: RuleSettings | None = None) -> None:
        super().__init__(junction)
        self.settings = settings or RuleSettings()
        groups = [movement.group for movement in junction.movements]
        self.served = np.array([[group in stage.green for group in groups] for stage in junction.stages])
        self._next_ms = -(10**9)

    def choose(self, seen: Observation, heads: Heads) -> tuple[int, str]:
        """Return the best stage, every few seconds; the present one in between."""
        if heads.now_ms < self._next_ms:
            return self.stages.number, ""
        self._next_ms = heads.now_ms + 1000 * self.settings.every_s
        return self.best(seen)

    def best(self, seen: Observation) -> tuple[int, str]:
        """Return the number of the stage that the rule takes, and why."""
        raise NotImplementedError

    def _greatest(self, of_movement: NDArray[np.float64]) -> int:
        """Return the stage with the greatest sum; the present one where it is among the greatest."""
        sums = self.served @ of_movement
        now = self.stages.number
        return now if sums[now] >= sums.max() else int(sums.argmax())

    def _count(self, seen: Observation, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        movements = seen.users["movement"][chosen & (seen.users["through"] == 0)]
        return np.bincount(movements, minlength=len(self.junction.movements)).astype(np.float64)


class LongestQueue(_Counting):
    """Serves the stage in front of which most are queued."""

    def best(self, seen: Observation) -> tuple[int, str]:
        """Return the stage with the longest queue."""
        queued = self._count(seen, seen.users["speed_mps"] < self.settings.queued_mps)
        best = self._greatest(queued)
        return best, f"{int((self.served @ queued)[best])} are queued"


class Wave(_Counting):
    """Serves the stage with most road users shortly before its stop lines; nobody waits for ever."""

    def best(self, seen: Observation) -> tuple[int, str]:
        """Return the stage with the greatest wave, or the one of somebody who has waited too long."""
        users = seen.users
        waiting = (users["waited_s"] >= self.settings.guard_s) & (users["through"] == 0)
        if waiting.any():
            movement = users["movement"][waiting][users["waited_s"][waiting].argmax()]
            serving = np.flatnonzero(self.served[:, movement])
            if len(serving) and self.stages.number not in serving:
                return int(serving[0]), f"somebody has waited {int(users['waited_s'][waiting].max())} s"
        near = self._count(seen, users["distance_m"] <= self.settings.wave_m)
        best = self._greatest(near)
        return best, f"{int((self.served @ near)[best])} within {self.settings.wave_m:g} m"


class MaxPressure(_Counting):
    """Serves the stage with the greatest pressure: who comes, less who stands beyond.

    Source: Varaiya (2013), Max pressure control of a network of signalized intersections, Transportation
    Research Part C 36; with equal turn ratios and saturation flows.
    """

    def __init__(self, junction: Junction, settings: RuleSettings | None = None) -> None:
        super().__init__(junction, settings)
        places = {exit_.id: number for number, exit_ in enumerate(junction.exits)}
        self._exit_of = np.array([places.get(movement.exit, -1) for movement in junction.movements])

    def best(self, seen: Observation) -> tuple[int, str]:
        """Return the stage with the greatest pressure."""
        coming = self._count(seen, np.ones(len(seen.users), bool))
        beyond = np.append(seen.exits["count"], 0)[self._exit_of]
        return self._greatest(coming - beyond), "greatest pressure"
