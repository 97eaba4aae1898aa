"""A knot inside the junction: somebody waits there for a stream that has green, stands too, and cannot leave either.

Those inside cannot be planned for: they are past their stop line. What unties the knot is red for the stream.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandem.signals.control.tables import NEVER, PROTECTED, Tables
from tandem.signals.estimation.observation import Observation

STANDS_S = 10.0
HOLDS_MS = 8_000
PAUSE_MS = 20_000


class Box:
    """Watches who stands inside a junction, a second at a time."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._stood_s = np.zeros(len(tables.group_of))
        self._until_ms = self._not_before_ms = -1

    def way_out(
        self,
        seen: Observation,
        stage: int,
        stuck_s: NDArray[np.float64],
        users: NDArray[np.void],
        now_ms: int,
    ) -> int | None:
        """Return the stage that lets out who is caught inside, or None where nobody is.

        Args:
            stage: The present one, fully green.
            stuck_s: For each lane, how long its first one has stood at a green of its own.
            users: Of the stages that let them out, the one that serves most of these is taken.
        """
        t = self._tables
        caught = self._caught(seen, stage, stuck_s)
        if now_ms < self._until_ms:
            return stage if (self._stood_s >= STANDS_S).any() else None
        if not caught or now_ms < self._not_before_ms:
            return None
        foes = sorted({int(foe) for each in caught for foe in t.foes[each, : t.foe_count[each]]})
        possible = np.flatnonzero(~t.colours[:, foes].any(axis=1) & (t.change_s[stage] < NEVER))
        if not len(possible):
            return None
        served = (t.colours[np.ix_(possible, users["movement"])] > 0) @ users["size"]
        best = int(possible[np.argmax(served)])
        self._until_ms = now_ms + round(1000 * float(t.change_s[stage, best])) + HOLDS_MS
        self._not_before_ms = self._until_ms + PAUSE_MS
        return best

    @property
    def stands(self) -> bool:
        """Whether somebody has stood inside for a while."""
        return bool((self._stood_s >= STANDS_S / 2).any())

    def look(self, seen: Observation) -> None:
        """Take note of who stands inside; once a second."""
        self._stood_s = np.where(seen.in_box > 0, self._stood_s + 1.0, 0.0)

    def _caught(self, seen: Observation, stage: int, stuck_s: NDArray[np.float64]) -> list[int]:
        """Return the movements of those inside who could leave if only the stream before them had not got green."""
        t = self._tables
        found = []
        for link in np.flatnonzero(self._stood_s >= STANDS_S):
            foes = t.foes[link, : t.foe_count[link]]
            stands = (t.colours[stage, foes] == PROTECTED) & (stuck_s[t.lane_of[foes]] >= STANDS_S / 2)
            if stands.any() and self._is_free(seen.exits, int(t.exit_of[link])):
                found.append(int(link))
        return found

    @staticmethod
    def _is_free(exits: Any, way: int) -> bool:
        return way < 0 or not (
            exits[way]["count"] and exits[way]["tail_speed_mps"] < 1.0 and exits[way]["tail_gap_m"] < 7.0
        )
