"""What a junction sees in one second: road users by distance to their stop line, exits, and the box."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

USER = np.dtype(
    [
        ("movement", np.int32),  # number of the movement within the junction
        ("onward", np.int32),  # the movement at the twin that follows, or -1
        ("kind", np.int32),  # class of road user, as the policy numbers them
        ("distance_m", np.float64),  # to the stop line, along the way
        ("speed_mps", np.float64),
        ("allowed_mps", np.float64),
        ("waited_s", np.float64),  # stood since this signal became the next one
        ("length_m", np.float64),
        ("held", np.int32),  # 1 where another signal lies in between and is red for them
        ("through", np.int32),  # 1 where another signal lies in between
        ("size", np.float64),  # persons of a group, 1 for a vehicle
    ]
)
EXIT = np.dtype(
    [
        ("storage_m", np.float64),  # room up to the next stop line; 0 for no limit
        ("used_m", np.float64),  # of it taken by vehicles and their gaps
        ("count", np.int32),
        ("mean_speed_mps", np.float64),
        ("tail_gap_m", np.float64),  # from the entry to the tail of the last vehicle
        ("tail_speed_mps", np.float64),
    ]
)


@dataclass(slots=True)
class Observation:
    """One second of one junction.

    Attributes:
        users: Array of ``USER``, any order.
        exits: Array of ``EXIT``, one row for each exit in the junction's order.
        inside: For each movement, how many are between stop line and exit.
        in_box: How many of them will not be out in a moment.
    """

    at_ms: int
    users: NDArray[np.void]
    exits: NDArray[np.void]
    inside: Ints
    in_box: Ints


def nobody(exits: int, movements: int, *, at_ms: int = 0) -> Observation:
    """Return an observation in which nobody is seen."""
    return Observation(
        at_ms,
        np.zeros(0, USER),
        np.zeros(exits, EXIT),
        np.zeros(movements, np.int64),
        np.zeros(movements, np.int64),
    )
