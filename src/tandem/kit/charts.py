"""Charts, drawn on the server: bars, columns and lines, always with their numbers.

A chart adapts to the width of its place without being scaled: what must stretch is drawn in
percentages or in a nested picture, so that its text keeps the size of the page's text.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext

from tandem.kit.numbers import figure

Text = str | Promise
Number = int | float | Decimal
Kind = Literal["bar", "column", "line"]
HEIGHT_PX = 224
MOST_DECIMALS = 12
_SMALLEST_SPAN = 1e-250  # below it the steps of an axis are no numbers any more
TOP_PX, BOTTOM_PX = 24, 28
_LABEL_PX, _NARROW_PX, _WIDE_PX = 8.2, 300, 620


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows.

    Attributes:
        title: The finding, or the question that the chart answers.
        kind: ``bar`` compares categories, ``column`` few points in time, ``line`` many.
        points: Pairs of label and value in the order of display; None is a gap.
        unit: Unit of the values: ``km/h``; stands in the table's head.
        label_heading: What the labels are: the table's first head.
        value_heading: What the values are: the table's second head.
        note: Source, date, what to know.
    """

    title: Text
    points: Sequence[tuple[Text, Number | None]]
    kind: Kind = "bar"
    unit: Text = ""
    label_heading: Text = ""
    value_heading: Text = ""
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of a chart, placed.

    Attributes:
        text: The value as written.
        start: Where its bar begins, per cent of the drawing's width or height.
        size: Its bar's length, per cent.
        x: Its centre, per cent of the width.
        y: Its top, per cent of the height, from above.
        labelled: True where the value is written into the drawing.
        below: True where it is written under its point, because the line comes from above.
    """

    label: str
    text: str
    value: float | None
    start: float
    size: float
    x: float
    y: float
    labelled: bool = False
    below: bool = False

    @property
    def anchor(self) -> str:
        """SVG's ``text-anchor`` of its value, so that the text stays inside the drawing."""
        return _anchor(self.x)


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis.

    Attributes:
        at: Per cent along the axis.
        anchor: SVG's ``text-anchor``.
        wide_only: True where it is left out on a narrow screen.
    """

    at: float
    text: str
    anchor: str = "middle"
    wide_only: bool = False


def nice_step(span: float, *, ticks: int = 4) -> float:
    """Return the step of 1, 2 or 5 times a power of ten that divides ``span`` into about ``ticks``.

    >>> nice_step(930)
    200.0
    """
    raw = span / ticks
    power = 10.0 ** math.floor(math.log10(raw))
    return next((factor * power for factor in (1, 2, 5) if raw <= factor * power * 1.3), 10 * power)


def scale(values: Sequence[float], *, from_zero: bool = True) -> tuple[float, float, list[float]]:
    """Return the axis for ``values``: its lower end, its upper end, its ticks.

    Args:
        values: What is drawn; none gives an axis from 0 to 1.
        from_zero: True where lengths are compared; the axis then holds zero.
    """
    low, high = min(values, default=0.0), max(values, default=0.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < _SMALLEST_SPAN:
        low, high = (low, low + 1) if from_zero else (low - 0.5, high + 0.5)
    step = nice_step(high - low)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = max(10, 2 - math.floor(math.log10(step)))
    ticks = [round(number * step, digits) for number in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks


class Plot:
    """A chart, worked out for its template."""

    def __init__(self, chart: Chart, *, number: int = 1) -> None:
        self.chart = chart
        self.id = f"chart-{number}"
        self.values = [number_or_none(value) for _label, value in chart.points]
        known = [value for value in self.values if value is not None]
        self.is_empty = not known
        self.low, self.high, self.tick_values = scale(
            known, from_zero=chart.kind != "line" or _near_zero(known)
        )
        self.decimals = _decimals(chart.points)
        self.height_px = HEIGHT_PX
        self.top_px, self.bottom_px = TOP_PX, HEIGHT_PX - BOTTOM_PX
        self.inner_px = self.bottom_px - self.top_px

    @cached_property
    def marks(self) -> list[Mark]:
        """The points, placed."""
        count = max(1, len(self.values))
        shown = self._labelled()
        return [
            self._mark(index, str(label), value, count, labelled=index in shown)
            for index, ((label, _raw), value) in enumerate(zip(self.chart.points, self.values, strict=True))
        ]

    def _mark(self, index: int, label: str, value: float | None, count: int, *, labelled: bool) -> Mark:
        zero, here = self._share(max(self.low, min(0.0, self.high))), self._share(value or 0.0)
        if self.chart.kind == "line":
            x = 100 * index / (count - 1) if count > 1 else 50.0
        else:
            x = 100 * (index + 0.5) / count
        return Mark(
            label=label,
            text=figure(value, decimals=self.decimals),
            value=value,
            start=_round(100 * min(zero, here)),
            size=_round(100 * abs(here - zero)),
            x=_round(x),
            y=_round(100 * (1 - max(here, zero) if self.chart.kind != "line" else 1 - here)),
            labelled=labelled and value is not None,
            below=self.chart.kind == "line" and value is not None and self._before(index) > value,
        )

    def _before(self, index: int) -> float:
        """Return the last value before ``index``; minus infinity where there is none."""
        return next((value for value in reversed(self.values[:index]) if value is not None), -math.inf)

    def _share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)

    def _labelled(self) -> set[int]:
        """Return which values are written into the drawing: all of few, else the peak and the last."""
        known = [index for index, value in enumerate(self.values) if value is not None]
        if self.chart.kind == "column" and len(known) <= 6:
            return set(known)
        if not known:
            return set()
        peak = max(known, key=lambda index: self.values[index] or 0.0)
        apart = abs(peak - known[-1]) > len(self.values) / 6
        return {peak, known[-1]} if apart else {known[-1]}

    @cached_property
    def zero(self) -> float | None:
        """Where zero is, per cent: of the width of bars, else of the height from above; None out of sight."""
        if not self.low <= 0 <= self.high:
            return None
        share = self._share(0.0)
        return _round(100 * (share if self.chart.kind == "bar" else 1 - share))

    @cached_property
    def value_ticks(self) -> list[Tick]:
        """The labels of the value axis, per cent from above."""
        step = self.tick_values[1] - self.tick_values[0]
        decimals = min(MOST_DECIMALS, max(0, -math.floor(math.log10(step) + 1e-9)))
        return [
            Tick(_round(100 * (1 - self._share(value))), figure(value, decimals=decimals))
            for value in self.tick_values
        ]

    @cached_property
    def gutter(self) -> int:
        """How many characters the widest label of the value axis has, 8 at most."""
        return min(8, max(len(tick.text) for tick in self.value_ticks))

    @cached_property
    def label_ticks(self) -> list[Tick]:
        """The labels of the other axis: as many as fit, fewer on a phone, the last one of a line always."""
        places = [(mark.x, mark.label) for mark in self.marks]
        return place_labels(places, is_line=self.chart.kind == "line")

    @cached_property
    def lines(self) -> list[str]:
        """The line's points in a square of 1,000; a gap begins another line."""
        runs: list[list[str]] = [[]]
        for mark in self.marks:
            if mark.value is None:
                runs.append([])
            else:
                runs[-1].append(f"{mark.x * 10:g},{mark.y * 10:g}")
        return [" ".join(run) for run in runs if len(run) > 1]

    @cached_property
    def dots(self) -> list[Mark]:
        """The points of a line that are drawn as dots: those with a value beside, those between two gaps."""
        around = [None, *self.values, None]
        return [
            mark
            for index, mark in enumerate(self.marks)
            if mark.value is not None and (mark.labelled or around[index] is around[index + 2] is None)
        ]

    @cached_property
    def column_width(self) -> float:
        """The width of a column, per cent."""
        return _round(100 / max(1, len(self.values)) * 0.7)

    @cached_property
    def description(self) -> str:
        """One sentence for those who do not see the drawing."""
        known = [mark for mark in self.marks if mark.value is not None]
        if not known:
            return gettext("There are no values.")
        least = min(known, key=lambda mark: mark.value or 0.0)
        most = max(known, key=lambda mark: mark.value or 0.0)
        return gettext(
            "%(count)s values. The smallest is %(least)s (%(least_label)s), "
            "the largest %(most)s (%(most_label)s)."
        ) % {
            "count": len(known),
            "least": least.text,
            "least_label": least.label,
            "most": most.text,
            "most_label": most.label,
        }


def place_labels(places: Sequence[tuple[float, str]], *, is_line: bool) -> list[Tick]:
    """Return the labels along the bottom: as many as fit, fewer on a phone, the last one of a line always.

    Args:
        places: Pairs of per cent of the width and label.
    """
    count = len(places)
    texts = [_cut(label) for _at, label in places]
    needed_px = max(map(len, texts), default=1) * _LABEL_PX * (1.5 if is_line else 1) + 10
    wide = max(1, math.ceil(count * needed_px / _WIDE_PX))
    narrow = wide * math.ceil(max(1, count * needed_px / _NARROW_PX) / wide)
    start = (count - 1) % wide if is_line else 0
    return [
        Tick(
            _round(at),
            text,
            _anchor(at) if is_line else "middle",
            wide_only=(count - 1 - index if is_line else index) % narrow != 0,
        )
        for index, ((at, _label), text) in enumerate(zip(places, texts, strict=True))
        if index >= start and (index - start) % wide == 0
    ]


def number_or_none(value: Number | None) -> float | None:
    """Return a value as a float; None for what is missing or not finite."""
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _near_zero(values: Sequence[float]) -> bool:
    """Return True where a line's axis may hold zero without flattening the line."""
    if not values:
        return True
    low, high = min(values), max(values)
    return low <= 0 <= high or (high - low) >= max(abs(low), abs(high)) * 0.25


def _decimals(points: Sequence[tuple[Text, Number | None]]) -> int:
    """Return how many digits after the separator the values need, two at most."""
    texts = [f"{value:.2f}".rstrip("0") for _label, value in points if value is not None]
    return max((len(text.partition(".")[2]) for text in texts), default=0)


def _round(value: float) -> float:
    return round(value, 2)


def _cut(label: str, *, longest: int = 18) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


def _anchor(x: float) -> str:
    return "end" if x > 96 else "middle"
