"""Twins: two stop lines with a short link between them, on which a car or two find room.

Whoever is let onto the link and cannot leave it stands there with their tail in the first junction, and so does whoever
is let onto the link of the other direction: then each waits for the other, for ever. So nobody is let onto a link that
is full unless they can drive on, and nobody at all while somebody who came over it stands inside the second junction.
"""

import numpy as np
from numpy.typing import NDArray

from tandem.signals.control.preparing import stand_full
from tandem.signals.control.tables import RED, Tables

SOON_S = 5.0
STANDS_S = 4.0


class Twins:
    """Knows which stages would let somebody in who could not get out."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        pairs = sorted(tables.pair_of.items(), key=lambda item: item[1])
        self._through = np.array([link for _pair, link in pairs], np.int64)
        self._first = np.array([first for (first, _second), _link in pairs], np.int64)
        self._second = np.array([second for (_first, second), _link in pairs], np.int64)

    def barred(
        self,
        exits: NDArray[np.void],
        v_link: NDArray[np.int64],
        v_arrival: NDArray[np.float64],
        stood_s: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        """Return which stages must not come; none where that holds for all of them.

        Args:
            exits: Array of ``EXIT``.
            v_link: (road users): the link that each of them takes.
            v_arrival: (road users): when each of them is at the stop line, in seconds from now.
            stood_s: (movements): for how long somebody has stood inside.
        """
        t = self._tables
        if not len(self._through):
            return np.zeros(len(t.colours), np.bool_)
        soon = np.zeros(t.colours.shape[1], np.bool_)
        soon[v_link[v_arrival < SOON_S]] = True
        full = stand_full(exits)[t.exit_of[self._first]]
        caught_from = np.zeros(t.lanes, np.bool_)
        caught_from[t.lane_of[np.flatnonzero(stood_s >= STANDS_S)]] = True
        caught = caught_from[t.lane_of[self._second]]
        lets_in = t.colours[:, self._first] != RED
        lets_out = t.colours[:, self._through] != RED
        found: NDArray[np.bool_] = (lets_in & ((full & ~lets_out) | caught) & soon[self._through]).any(axis=1)
        return found & ~found.all()
