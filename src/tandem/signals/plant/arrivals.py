"""When road users come to a junction: evenly, at random, or as somebody lists it."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.domain.junction import Junction

Moments = Sequence[float] | NDArray[np.float64]


class NotADemand(InvalidInput):
    """The arrivals cannot be used."""

    code = "signals.queue.not-a-demand"

    def __init__(self, movement: str, problem: str) -> None:
        super().__init__(
            say("The arrivals of {movement} are wrong: {problem}.", movement=movement, problem=problem)
        )


def uniform_arrivals_s(flow_veh_per_h: float, *, duration_s: float) -> NDArray[np.float64]:
    """Return evenly spaced arrivals; the first comes half a gap after the beginning.

    >>> uniform_arrivals_s(1_800, duration_s=8).tolist()
    [1.0, 3.0, 5.0, 7.0]
    """
    count = max(math.ceil(flow_veh_per_h * duration_s / 3_600 - 0.5), 0)
    return np.arange(0.5, count, dtype=np.float64) * (3_600 / flow_veh_per_h if flow_veh_per_h else 0.0)


def poisson_arrivals_s(
    flow_veh_per_h: float, *, duration_s: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Return arrivals at random, independent of each other: their number is Poisson, their moments are uniform."""
    count = random.poisson(flow_veh_per_h * duration_s / 3_600)
    return np.sort(random.uniform(0.0, duration_s, count))


def demand(junction: Junction, arrivals_s: Mapping[str, Moments]) -> Iterator[tuple[int, float]]:
    """Yield the number of the movement and the moment of each arrival.

    Raises:
        NotADemand: A movement is unknown, or a moment is negative or no number.
    """
    numbers = {movement.id: number for number, movement in enumerate(junction.movements)}
    for name, moments in arrivals_s.items():
        if name not in numbers:
            raise NotADemand(name, "the junction has no such movement")
        for moment in np.asarray(moments, np.float64).tolist():
            if not 0 <= moment < math.inf:
                raise NotADemand(name, f"{moment} is no moment of the run")
            yield numbers[name], moment
