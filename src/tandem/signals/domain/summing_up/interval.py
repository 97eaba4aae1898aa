"""The mean of several runs, and how far it may be from that of very many."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tandem.signals.domain.summing_up.student import t_quantile


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds with its 95 % confidence interval (Student's t)."""

    mean: float
    low: float
    high: float
    least: float
    most: float
    count: int


def interval(values: Iterable[float]) -> Interval:
    """Return the mean of independent runs and its 95 % confidence interval.

    Valid where the runs' values are about normally distributed, as means over many road users are.

    >>> found = interval([10.0, 12.0, 14.0])
    >>> found.mean, round(found.low, 2), round(found.high, 2)
    (12.0, 7.03, 16.97)
    """
    found = list(values)
    mean = sum(found) / len(found)
    half = 0.0
    if len(found) > 1:
        spread = math.sqrt(sum((value - mean) ** 2 for value in found) / (len(found) - 1))
        half = t_quantile(len(found) - 1) * spread / math.sqrt(len(found))
    return Interval(mean, mean - half, mean + half, min(found), max(found), len(found))
