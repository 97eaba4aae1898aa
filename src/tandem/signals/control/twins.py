"""Twins: two stop lines with a short link between them, on which a car or two find room.

Whoever is let onto the link and cannot leave it stands there with their tail in the first junction, and so does whoever
is let onto the link of the other direction: then each waits for the other, for ever. So nobody is let onto a link on
which somebody stands unless they can drive on.
"""

import numpy as np
from numpy.typing import NDArray

from tandem.signals.control.preparing import MOVES_MPS
from tandem.signals.control.tables import RED, Tables


def barred(
    tables: Tables, exits: NDArray[np.void], lane_begin: NDArray[np.int64], v_link: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which stages would let the first one of a lane onto a link on which somebody stands, and no farther.

    None where that holds for all of them.

    Args:
        exits: Array of ``EXIT``.
        lane_begin: (lanes + 1): where each lane's road users begin in ``v_link``.
        v_link: (road users): the link that each of them takes.
    """
    t = tables
    through = v_link[lane_begin[:-1][lane_begin[:-1] < lane_begin[1:]]]
    through = through[t.feeds[through] >= 0]
    first = t.feeds[through]
    way = exits[t.exit_of[first]]
    stands = (way["count"] > 0) & (way["mean_speed_mps"] < MOVES_MPS)
    found: NDArray[np.bool_] = (
        (t.colours[:, first[stands]] != RED) & (t.colours[:, through[stands]] == RED)
    ).any(axis=1)
    return found & ~found.all()
