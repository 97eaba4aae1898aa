"""Charts of several series, and of pairs of numbers. As those of ``charts``, always with their numbers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.utils.translation import gettext

from tandem.kit.charts import (
    BOTTOM_PX,
    HEIGHT_PX,
    MOST_DECIMALS,
    TOP_PX,
    Number,
    Text,
    Tick,
    number_or_none,
    place_labels,
    scale,
)
from tandem.kit.numbers import figure

HUES = 5
_WIDEST_COLUMN_SHARE = 0.78


@dataclass(frozen=True, slots=True)
class Series:
    """One series: a value for each label of its chart; None is a gap."""

    name: Text
    values: Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """Several series over the same labels.

    Attributes:
        title: The finding, or the question that the chart answers.
        kind: ``bar`` lies, ``column`` stands, ``line`` runs through time.
        layout: ``grouped`` compares single values, ``stacked`` sums; lines are never stacked.
        unit: Unit of the values.
        label_heading: What the labels are.
        value_heading: What the values are.
        note: Source, date, what to know.
    """

    title: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    kind: Literal["bar", "column", "line"] = "column"
    layout: Literal["grouped", "stacked"] = "grouped"
    unit: Text = ""
    label_heading: Text = ""
    value_heading: Text = ""
    note: Text = ""


@dataclass(frozen=True, slots=True)
class ScatterChart:
    """Pairs of numbers.

    Attributes:
        points: Pairs along the bottom and the side.
        x_heading: What lies along the bottom, with its unit.
        y_heading: What lies along the side, with its unit.
        finding: One sentence about what the points show together.
        listed: How many points the table below has; of more the first.
    """

    title: Text
    points: Sequence[tuple[float, float]]
    x_heading: Text = ""
    y_heading: Text = ""
    finding: Text = ""
    note: Text = ""
    listed: int = 100
    kind: Literal["scatter"] = "scatter"


@dataclass(frozen=True, slots=True)
class Box:
    """A bar or a column, placed; all in per cent of the drawing.

    Attributes:
        hue: Number of its series, from 0.
    """

    x: float
    y: float
    width: float
    height: float
    hue: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a series, as points in a square of 1,000."""

    points: str
    hue: int


@dataclass(frozen=True, slots=True)
class Row:
    """One label with the values of all series as written."""

    label: str
    texts: list[str]
    boxes: list[Box]


class SeriesPlot:
    """A chart of series, worked out for its template."""

    def __init__(self, chart: SeriesChart, *, number: int = 1) -> None:
        self.chart = chart
        self.id = f"chart-{number}"
        self.values = [[number_or_none(value) for value in each.values] for each in chart.series]
        known = [value for row in self.values for value in row if value is not None]
        self.is_empty = not known
        self.low, self.high, self.tick_values = scale(self._extremes(known), from_zero=True)
        self.height_px, self.top_px = HEIGHT_PX, TOP_PX
        self.inner_px = HEIGHT_PX - BOTTOM_PX - TOP_PX
        self.decimals = max((_decimals(value) for value in known), default=0)

    @property
    def is_stacked(self) -> bool:
        """Whether values stand upon each other."""
        return self.chart.layout == "stacked" and self.chart.kind != "line"

    @property
    def bar_px(self) -> int:
        """The height of one label's lying bars."""
        return 18 if self.is_stacked else 12 * max(1, len(self.values))

    def _extremes(self, known: Sequence[float]) -> list[float]:
        if not self.is_stacked:
            return list(known)
        columns = list(zip(*self.values, strict=True))
        return [sum(v for v in column if v is not None and v > 0) for column in columns] + [
            sum(v for v in column if v is not None and v < 0) for column in columns
        ]

    def _share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)

    def _spans(self, index: int) -> list[tuple[int, float, float]]:
        """Return the series that have a value at a label, each with beginning and end along the value axis, 0 to 1."""
        above = below = 0.0
        spans = []
        for hue, row in enumerate(self.values):
            value = row[index]
            if value is None:
                continue
            base = 0.0
            if self.is_stacked:
                base = above if value >= 0 else below
                above, below = (above + value, below) if value >= 0 else (above, below + value)
            low, high = sorted((self._share(base), self._share(base + value)))
            spans.append((hue, low, high))
        return spans

    @cached_property
    def rows(self) -> list[Row]:
        """The labels with their values, and their lying bars."""
        share = 1 / max(1, len(self.values))
        return [
            Row(
                str(label),
                [figure(row[index], decimals=self.decimals) for row in self.values],
                [
                    Box(_r(100 * low), 0.0, _r(100 * (high - low)), 100.0, hue)
                    if self.is_stacked
                    else Box(
                        _r(100 * low), _r(100 * hue * share), _r(100 * (high - low)), _r(92 * share), hue
                    )
                    for hue, low, high in self._spans(index)
                ],
            )
            for index, label in enumerate(self.chart.labels)
        ]

    @cached_property
    def boxes(self) -> list[Box]:
        """The standing columns."""
        if self.chart.kind != "column":
            return []
        step = 100 / max(1, len(self.chart.labels))
        broad = step * _WIDEST_COLUMN_SHARE
        width = broad if self.is_stacked else broad / max(1, len(self.values))
        return [
            Box(
                _r(step * (index + 0.5) - broad / 2 + (0 if self.is_stacked else hue * width)),
                _r(100 * (1 - high)),
                _r(width if self.is_stacked else width * 0.94),
                _r(100 * (high - low)),
                hue,
            )
            for index in range(len(self.chart.labels))
            for hue, low, high in self._spans(index)
        ]

    @cached_property
    def lines(self) -> list[Line]:
        """The lines; a gap begins another one."""
        if self.chart.kind != "line":
            return []
        last = max(1, len(self.chart.labels) - 1)
        found = []
        for hue, row in enumerate(self.values):
            runs: list[list[str]] = [[]]
            for index, value in enumerate(row):
                if value is None:
                    runs.append([])
                else:
                    runs[-1].append(f"{1000 * index / last:g},{_r(1000 * (1 - self._share(value))):g}")
            found += [Line(" ".join(run * 2 if len(run) == 1 else run), hue) for run in runs if run]
        return found

    @cached_property
    def zero(self) -> float:
        """Where zero is: per cent from above; of lying bars from the left."""
        share = self._share(0.0)
        return _r(100 * (share if self.chart.kind == "bar" else 1 - share))

    @cached_property
    def value_ticks(self) -> list[Tick]:
        """The labels of the value axis, per cent from above."""
        return value_ticks(self.tick_values, self._share)

    @cached_property
    def gutter(self) -> int:
        """How many characters the widest label of the value axis has, 8 at most."""
        return min(8, max(len(tick.text) for tick in self.value_ticks))

    @cached_property
    def label_ticks(self) -> list[Tick]:
        """The labels of the other axis: as many as fit, fewer on a phone."""
        count, is_line = len(self.chart.labels), self.chart.kind == "line"
        places = [
            (100 * index / max(1, count - 1)) if is_line else 100 * (index + 0.5) / count
            for index in range(count)
        ]
        return place_labels(list(zip(places, map(str, self.chart.labels), strict=True)), is_line=is_line)

    @cached_property
    def description(self) -> str:
        """One sentence for those who do not see the drawing."""
        return gettext("%(series)s series over %(labels)s labels: %(names)s.") % {
            "series": len(self.chart.series),
            "labels": len(self.chart.labels),
            "names": ", ".join(str(each.name) for each in self.chart.series),
        }


class ScatterPlot:
    """A chart of pairs of numbers, worked out for its template."""

    def __init__(self, chart: ScatterChart, *, number: int = 1) -> None:
        self.chart = chart
        self.id = f"chart-{number}"
        self.is_empty = not chart.points
        self.height_px, self.top_px = HEIGHT_PX + 96, TOP_PX
        self.inner_px = self.height_px - BOTTOM_PX - TOP_PX
        self._x = scale([x for x, _y in chart.points], from_zero=False)
        self._y = scale([y for _x, y in chart.points], from_zero=False)

    def _at_x(self, value: float) -> float:
        return (value - self._x[0]) / (self._x[1] - self._x[0])

    def _at_y(self, value: float) -> float:
        return (value - self._y[0]) / (self._y[1] - self._y[0])

    @cached_property
    def dots(self) -> list[tuple[float, float]]:
        """The points, per cent from the left and from above; each place once."""
        return list(
            dict.fromkeys(
                (_r(100 * self._at_x(x)), _r(100 * (1 - self._at_y(y)))) for x, y in self.chart.points
            )
        )

    @cached_property
    def value_ticks(self) -> list[Tick]:
        """The labels at the side, per cent from above."""
        return value_ticks(self._y[2], self._at_y)

    @cached_property
    def label_ticks(self) -> list[Tick]:
        """The labels along the bottom."""
        texts = [figure(value, decimals=_step_decimals(self._x[2])) for value in self._x[2]]
        places = [_r(100 * self._at_x(value)) for value in self._x[2]]
        return place_labels(list(zip(places, texts, strict=True)), is_line=True)

    @cached_property
    def gutter(self) -> int:
        """How many characters the widest label at the side has, 8 at most."""
        return min(8, max(len(tick.text) for tick in self.value_ticks))

    @cached_property
    def rows(self) -> list[tuple[str, str]]:
        """The points of the table, as written."""
        return [(figure(x), figure(y)) for x, y in self.chart.points[: self.chart.listed]]

    @property
    def description(self) -> str:
        """One sentence for those who do not see the drawing."""
        points = gettext("%(count)s points.") % {"count": figure(len(self.chart.points), decimals=0)}
        return f"{points} {self.chart.finding}".strip()


def value_ticks(values: Sequence[float], share: Callable[[float], float]) -> list[Tick]:
    """Return the labels of an axis at the side, per cent from above.

    Args:
        values: Where the axis is labelled.
        share: Function that gives a value's place along the axis, 0 to 1.
    """
    decimals = _step_decimals(values)
    return [Tick(_r(100 * (1 - share(value))), figure(value, decimals=decimals)) for value in values]


def _step_decimals(values: Sequence[float]) -> int:
    step = values[1] - values[0]
    return min(MOST_DECIMALS, max(0, -math.floor(math.log10(step) + 1e-9)))


def _decimals(value: float) -> int:
    return len(f"{value:.2f}".rstrip("0").partition(".")[2])


def _r(value: float) -> float:
    return round(value, 2)
