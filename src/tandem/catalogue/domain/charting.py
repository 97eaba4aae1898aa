"""Arrange what was worked out so that it can be drawn: intervals of a histogram, series beside each other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

MOST_SERIES = 5
MOST_CATEGORIES = 30
MOST_POINTS_IN_TIME = 1_000
_LEAST_SPAN = 1e-12  # numbers that differ by less than this part of them are as good as one


@dataclass(frozen=True, slots=True)
class Intervals:
    """Intervals of one width, half-open; the last one holds its end too.

    Attributes:
        start: Where the first begins.
    """

    start: float
    width: float
    count: int

    def bounds(self, number: int) -> tuple[float, float]:
        """Return beginning and end of an interval, counted from 0."""
        digits = _digits(self.width)
        return (
            round(self.start + number * self.width, digits),
            round(self.start + (number + 1) * self.width, digits),
        )

    def spread(self, counts: Mapping[int, int]) -> list[int]:
        """Return the counts of all intervals; what fell beside the ends by the machine's rounding counts at the end."""
        found = [0] * self.count
        for number, count in counts.items():
            found[min(max(number, 0), self.count - 1)] += count
        return found


def intervals(low: float, high: float, *, wanted: int = 20, whole: bool = False) -> Intervals:
    """Return round intervals that hold everything from ``low`` to ``high``.

    Args:
        wanted: How many there should be, about.
        whole: True for whole numbers, which are never cut apart.

    >>> intervals(0.4, 29.7, wanted=10)
    Intervals(start=0.0, width=2.5, count=12)
    """
    span = high - low
    if not math.isfinite(span) or span <= max(abs(low), abs(high)) * _LEAST_SPAN:
        return Intervals(math.floor(low), 1.0, 1)
    raw = span / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    width = next((factor * power for factor in (1, 2, 2.5, 5) if raw <= factor * power), 10 * power)
    if whole:
        width = max(1.0, float(math.ceil(width)))
    first = math.floor(low / width + 1e-9)
    last = math.floor(high / width + 1e-9)
    return Intervals(round(first * width, _digits(width)), width, last - first + 1)


def _digits(width: float) -> int:
    """Return how many decimals tell intervals of this width apart without showing the machine's rounding."""
    return max(10, 3 - math.floor(math.log10(width)))


def date_step(first: date, last: date) -> str:
    """Return the part of the calendar that a histogram of dates counts by: ``day``, ``month`` or ``year``."""
    days = (last - first).days
    return "day" if days <= 62 else "month" if days <= 365 * 6 else "year"


@dataclass(frozen=True, slots=True)
class Pivot:
    """Groups by two columns, arranged: a row of values for each series, a place for each category.

    Attributes:
        categories: Values of the first column.
        series: Values of the second column.
        values: For each series, the measure in each category; None where there is none.
        series_left_out: How many series are not here, because they are small and there are too many.
        categories_left_out: How many categories.
    """

    categories: list[Any]
    series: list[Any]
    values: list[list[Any]]
    series_left_out: int
    categories_left_out: int


def pivot(rows: Sequence[tuple[Any, Any, Any]], *, in_order: bool, series_in_order: bool = False) -> Pivot:
    """Arrange groups by two columns.

    Args:
        rows: First column, second column, measure.
        in_order: True keeps the categories in their own order (dates); False puts the largest first.
        series_in_order: The same of the series; which are left out is always decided by size.
    """
    cells = {(first, second): value for first, second, value in rows}
    categories = _largest(rows, 0, MOST_POINTS_IN_TIME if in_order else MOST_CATEGORIES, in_order)
    series = _largest(rows, 1, MOST_SERIES, series_in_order)
    return Pivot(
        categories=categories,
        series=series,
        values=[[cells.get((category, each)) for category in categories] for each in series],
        series_left_out=len({row[1] for row in rows}) - len(series),
        categories_left_out=len({row[0] for row in rows}) - len(categories),
    )


def _largest(rows: Sequence[tuple[Any, Any, Any]], at: int, most: int, in_order: bool) -> list[Any]:
    sums: dict[Any, float] = {}
    for row in rows:
        sums[row[at]] = sums.get(row[at], 0.0) + abs(float(row[2] or 0))
    by_size = sorted(sums, key=lambda key: (-sums[key], key is None, str(key)))[:most]
    return sorted(by_size, key=lambda key: (key is None, key)) if in_order else by_size


def correlation(points: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's coefficient, -1 to 1; None for fewer than two points or without any spread.

    >>> correlation([(0, 1), (1, 3), (2, 5)])
    1.0
    """
    if len(points) < 2:
        return None
    mean_x = math.fsum(x for x, _y in points) / len(points)
    mean_y = math.fsum(y for _x, y in points) / len(points)
    both = math.fsum((x - mean_x) * (y - mean_y) for x, y in points)
    spread_x = math.fsum((x - mean_x) ** 2 for x, _y in points)
    spread_y = math.fsum((y - mean_y) ** 2 for _x, y in points)
    spread = math.sqrt(spread_x) * math.sqrt(spread_y)
    return max(-1.0, min(1.0, both / spread)) if spread else None
