"""Twins: two stop lines with a short link between them, on which a car or two find room.

Whoever is let onto the link and cannot leave it stands there with their tail in the first junction, and so does whoever
is let onto the link of the other direction: then each waits for the other, for ever. So nobody is let onto a link on
which there is no room for them unless they can drive on.
"""

import numpy as np
from numpy.typing import NDArray

from tandem.signals.control.preparing import CAR_M, GAP_M
from tandem.signals.control.tables import RED, Tables
from tandem.signals.estimation.observation import Observation

NEAR_M = 30.0
SOON_S = 5.0
LEAST_M = 8.0  # one car can always stand between two stop lines


class Twins:
    """Knows which stages would let somebody in who could not get out, or keep somebody who stands in the way.

    Args:
        pairs: (movements, movements): the link through a first and an onward movement, -1 where there is none.
    """

    def __init__(self, tables: Tables, pairs: NDArray[np.int64]) -> None:
        self._tables = tables
        self._pairs = pairs
        self._first, second = np.nonzero(pairs >= 0)
        self._through = pairs[self._first, second]

    def barred(self, seen: Observation, users: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return which stages must not come; none where that holds for all of them.

        Args:
            users: Those who are planned for.
        """
        t = self._tables
        if not len(self._through):
            return np.zeros(len(t.colours), np.bool_)
        way = t.exit_of[self._first]
        on_it_m, storage_m = seen.exits["used_m"][way], np.maximum(seen.exits["storage_m"][way], LEAST_M)
        needs_m = self._needs_m(users)[self._through]
        full = on_it_m + CAR_M * seen.inside[self._first] + needs_m > storage_m
        over_full = on_it_m > storage_m
        into = t.colours[:, self._first] != RED
        through = t.colours[:, self._through] != RED
        barred: NDArray[np.bool_]
        nobody_in = (into & ~through & full & (needs_m > 0.0)).any(axis=1)
        first_out = nobody_in | (over_full & ~through).any(axis=1)
        for barred in (first_out, nobody_in):
            if not barred.all():
                return barred
        return np.zeros(len(t.colours), np.bool_)

    def _needs_m(self, users: NDArray[np.void]) -> NDArray[np.float64]:
        """Return for each link how much room the longest of those needs who want to go through and are there soon."""
        soon = users["distance_m"] < np.maximum(NEAR_M, SOON_S * users["speed_mps"])
        those = users[soon & (users["onward"] >= 0)]
        link = self._pairs[those["movement"], those["onward"]]
        needs_m = np.zeros(self._tables.colours.shape[1])
        np.maximum.at(needs_m, link[link >= 0], those["length_m"][link >= 0] + GAP_M)
        return needs_m
