"""Pictures of a comparison: numbers in, SVG out.

A picture is as wide as its place and is not scaled: what stretches is placed in per cent, so that text keeps the size
of the page's text on a phone too. Colours come from classes (``c0`` to ``c7``); shapes and dashes differ as well.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

Format = Callable[[float], str]
COLOURS = 8
LINES_PX, _TOP_PX, _AXIS_PX = 200, 26, 48
_HEAD_PX, _ROW_PX, _SIGNAL_PX, _SIGNAL_BAR_PX = 36, 42, 20, 14
_NAME_LETTERS, _GROUP_LETTERS = 22, 10
_MARKED_POINTS = 4
_HUGE = 1e300
# a circle, a square, a triangle, a diamond, a cross, a triangle upside down, a plus and a star, 10 px wide
_SHAPES = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "M-4.5-4.5h9v9h-9z",
    "M0-5.5L5.5 4.5H-5.5z",
    "M0-6L6 0L0 6L-6 0z",
    "M-5-3L-3-5L0-2L3-5L5-3L2 0L5 3L3 5L0 2L-3 5L-5 3L-2 0z",
    "M0 5.5L5.5-4.5H-5.5z",
    "M-2-5.5h4v3.5h3.5v4H2v3.5h-4V2h-3.5v-4H-2z",
    "M0-6L1.6-1.8L6-1.8L2.5 1L3.7 5.4L0 2.8L-3.7 5.4L-2.5 1L-6-1.8L-1.6-1.8z",
)
_DASHES = ("", "8 4", "2 4", "12 4 2 4", "5 3", "14 5", "2 2", "8 3 2 3 2 3")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a picture with rows.

    Attributes:
        series: Number of the controller: says colour and shape.
        values: Each gets a mark.
        low: Where the bar begins; no bar without it.
        high: Where it ends.
        text: The numbers as text, at the right.
    """

    label: str
    series: int
    values: tuple[float, ...]
    low: float | None = None
    high: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a picture with lines: pairs of x and y, x rising."""

    label: str
    series: int
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """What one signal group showed: (from second, until second, letter as in ``SignalTrace``)."""

    label: str
    spans: tuple[tuple[float, float, str], ...]


def plain(value: float) -> str:
    """Return a tick's number as short as it can be.

    >>> plain(20.0), plain(2.5), plain(3e9)
    ('20', '2.5', '3e+09')
    """
    return f"{value:.6g}"


def nice_ticks(most: float, *, count: int = 5) -> tuple[float, ...]:
    """Return round numbers from 0 to at least ``most``, about ``count`` of them.

    Steps are 1, 2, 2.5 or 5 times a power of ten.

    >>> nice_ticks(43.4)
    (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
    """
    if not (math.isfinite(most) and most > 1e-9):
        return (0.0, 1.0)
    rough = most / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * (1 - 1e-9))
    steps = math.ceil(most / step - 1e-9)
    return tuple(float(f"{number * step:.12g}") for number in range(steps + 1))


def per_cent(value: float, most: float) -> float:
    """Return where a value lies between 0 and ``most``, per cent, never outside."""
    return min(max(100 * value / most, 0.0), 100.0)


def rows(
    groups: Sequence[tuple[str, Sequence[Row]]],
    *,
    title: str,
    about: str,
    unit: str,
    most: float = 0.0,
    tick: Format = plain,
) -> str:
    """Return rows of marks with bars, under a heading for each group.

    Args:
        groups: Heading (empty for none) and its rows.
        title: Name of the picture, for screen readers too.
        about: What it shows, in a sentence.
        unit: Of the values.
        most: The axis goes at least so far: several pictures with the same can be compared.
        tick: Writes the numbers of the axis.
    """
    ticks = nice_ticks(max([most, *_row_values(groups)]))
    parts: list[str] = []
    y = 0
    for heading, lines in groups:
        if heading:
            parts.append(f'<text class="head" x="0" y="{y + 24}">{escape(heading)}</text>')
            y += _HEAD_PX
        parts += [_row(row, y + _ROW_PX * number, ticks[-1]) for number, row in enumerate(lines)]
        y += _ROW_PX * len(lines)
    grid = _x_axis(ticks, bottom=y + 4, top=0, unit=unit, tick=tick)
    return _svg("".join([grid, *parts]), height=y + 4 + _AXIS_PX, title=title, about=about)


def _row_values(groups: Sequence[tuple[str, Sequence[Row]]]) -> list[float]:
    values = [
        value
        for _heading, lines in groups
        for row in lines
        for value in (*row.values, row.high)
        if value is not None
    ]
    return _finite(values)


def _row(row: Row, y: int, most: float) -> str:
    middle = y + 29
    bar = ""
    if row.low is not None and row.high is not None and _finite([row.low, row.high]) == [row.low, row.high]:
        low, high = per_cent(row.low, most), per_cent(row.high, most)
        bar = f'<line class="bar" x1="{low:.2f}%" x2="{high:.2f}%" y1="{middle}" y2="{middle}"/>'
    marks = "".join(mark(row.series, per_cent(value, most), middle) for value in _finite(row.values))
    return (
        f'<g class="c{row.series % COLOURS}"><title>{escape(f"{row.label} {row.text}".strip())}</title>'
        f'<text x="0" y="{y + 16}">{escape(_short(row.label, _NAME_LETTERS))}</text>'
        f'<text class="end" x="100%" y="{y + 16}">{escape(row.text)}</text>'
        f'<line class="track" x1="0" x2="100%" y1="{middle}" y2="{middle}"/>{bar}{marks}</g>'
    )


def mark(series: int, x: float, y: float) -> str:
    """Return a series' mark at ``x`` per cent and ``y`` pixels; from the ninth series on it is hollow."""
    hollow = " hollow" if series // COLOURS % 2 else ""
    shape = _SHAPES[series % COLOURS]
    return f'<svg class="at" x="{x:.2f}%" y="{y:.6g}"><path class="mark{hollow}" d="{shape}"/></svg>'


def lines(
    series: Sequence[Line],
    *,
    title: str,
    about: str,
    units: tuple[str, str],
    most_x: float | None = None,
    tick: Format = plain,
) -> str:
    """Return lines over x, both axes from 0.

    Args:
        series: One line for each controller.
        title: Name of the picture.
        about: What it shows.
        units: Of x and of y.
        most_x: Where the x axis ends, if not at the last point.
        tick: Writes the numbers of the axes.
    """
    xs = _finite(x for line in series for x, _y in line.points)
    ticks_x = nice_ticks(max([most_x or 0.0, *xs]))
    ticks_y = nice_ticks(max(_finite(y for line in series for _x, y in line.points), default=0.0), count=4)
    bottom = _TOP_PX + LINES_PX
    drawn = "".join(
        _line(line, number, len(series), ticks_x[-1], ticks_y[-1]) for number, line in enumerate(series)
    )
    grid, scale = _y_axis(ticks_y, unit=units[1], tick=tick)
    axis = _x_axis(ticks_x, bottom=bottom, top=bottom - 4, unit=units[0], tick=tick)
    return _svg(axis + grid + drawn + scale, height=bottom + _AXIS_PX, title=title, about=about)


def _line(line: Line, number: int, count: int, most_x: float, most_y: float) -> str:
    """Return a line with a few marks, which do not stand where the other lines have theirs."""
    points = [point for point in line.points if len(_finite(point)) == 2]
    placed = [(per_cent(x, most_x), 100 - per_cent(y, most_y)) for x, y in points]
    path = " ".join(f"{x:.2f},{y:.2f}" for x, y in placed)
    dashes = _DASHES[line.series % COLOURS]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    gap = len(placed) / _MARKED_POINTS
    chosen = (
        {int(gap * (turn + (number + 0.5) / count)) for turn in range(_MARKED_POINTS)} if placed else set()
    )
    marks = "".join(
        mark(line.series, placed[place][0], _TOP_PX + LINES_PX * placed[place][1] / 100)
        for place in sorted(chosen)
    )
    return (
        f'<g class="c{line.series % COLOURS}"><title>{escape(line.label)}</title>'
        f'<svg x="0" y="{_TOP_PX}" width="100%" height="{LINES_PX}" viewBox="0 0 100 100" '
        f'preserveAspectRatio="none"><polyline class="line" points="{path}"{dashed}/></svg>{marks}</g>'
    )


def timeline(
    signals: Sequence[Signal], *, end_s: float, title: str, about: str, unit: str, tick: Format = plain
) -> str:
    """Return what signal groups showed, one row each: the fuller the bar, the greener.

    Args:
        signals: From top to bottom.
        end_s: Where the time axis ends, seconds; it begins at 0.
        title: Name of the picture.
        about: What it shows.
        unit: Of the axis.
        tick: Writes its numbers.
    """
    bottom = _SIGNAL_PX * len(signals) + 4
    ticks = tuple(value for value in nice_ticks(end_s) if value <= end_s)
    grid = _x_axis(ticks, bottom=bottom, top=0, unit=unit, tick=tick, most=end_s)
    drawn = "".join(_signal(signal, _SIGNAL_PX * number, end_s) for number, signal in enumerate(signals))
    return _svg(grid + drawn, height=bottom + _AXIS_PX, title=title, about=about, kind="plot labelled")


# letter → top of the bar below the row's top and its height, pixels
_BARS = {"G": (0, 14), "g": (1, 12), "y": (0, 7), "u": (10.5, 3.5), "r": (6.25, 1.5)}


def _signal(signal: Signal, y: int, end_s: float) -> str:
    top = y + (_SIGNAL_PX - _SIGNAL_BAR_PX) / 2
    bars = "".join(
        f'<rect class="s{letter}" x="{per_cent(start, end_s):.2f}%" y="{top + _BARS[letter][0]:.6g}" '
        f'width="{per_cent(end, end_s) - per_cent(start, end_s):.2f}%" height="{_BARS[letter][1]}"/>'
        for start, end, letter in signal.spans
        if letter in _BARS and min(end, end_s) > start
    )
    label = escape(_short(signal.label, _GROUP_LETTERS))
    return (
        f"<g><title>{escape(signal.label)}</title>"
        f'<text class="end" x="-8" y="{y + 14}">{label}</text>{bars}</g>'
    )


def sign(series: int, name: str) -> str:
    """Return a controller's mark and name for a table."""
    drawn = (
        f'<svg class="key c{series % COLOURS}" width="14" height="14" aria-hidden="true" focusable="false">'
    )
    return f"{drawn}{mark(series, 50, 7)}</svg> {escape(name)}"


def key(series: int, name: str) -> str:
    """Return a controller's line, mark and name for a legend; decoration beside its text."""
    dashes = _DASHES[series % COLOURS]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<svg class="key c{series % COLOURS}" width="36" height="14" aria-hidden="true" focusable="false">'
        f'<line class="line" x1="0" x2="36" y1="7" y2="7"{dashed}/>{mark(series, 50, 7)}</svg> {escape(name)}'
    )


def signal_key(letter: str, name: str) -> str:
    """Return a signal's bar and name for a legend."""
    top, height = _BARS[letter]
    return (
        '<svg class="key" width="28" height="14" aria-hidden="true" focusable="false">'
        f'<rect class="s{letter}" x="1" y="{top}" width="26" height="{height}"/></svg> {escape(name)}'
    )


# --- axes and frame -------------------------------------------------------------------------------
def _x_axis(
    ticks: Sequence[float], *, bottom: int, top: int, unit: str, tick: Format, most: float | None = None
) -> str:
    """Return lines from ``top`` to ``bottom`` with numbers below, and the unit below them."""
    most = most or ticks[-1]
    parts = []
    for value in ticks:
        x = per_cent(value, most)
        text, anchor = tick(value), "start" if x < 3 else "end" if x > 97 else "middle"
        parts.append(
            f'<line class="grid" x1="{x:.2f}%" x2="{x:.2f}%" y1="{top}" y2="{bottom}"/>'
            f'<text class="tick {anchor}" x="{x:.2f}%" y="{bottom + 20}">{escape(text)}</text>'
        )
    parts.append(f'<text class="tick end" x="100%" y="{bottom + 38}">{escape(unit)}</text>')
    return "".join(parts)


def _y_axis(ticks: Sequence[float], *, unit: str, tick: Format) -> tuple[str, str]:
    """Return lines across, and the numbers above their right ends; the unit stands with the highest one."""
    grid, scale = [], []
    for value in ticks:
        y = _TOP_PX + LINES_PX * (1 - per_cent(value, ticks[-1]) / 100)
        text = f"{tick(value)} {unit}" if value == ticks[-1] else tick(value)
        grid.append(f'<line class="grid" x1="0" x2="100%" y1="{y:.2f}" y2="{y:.2f}"/>')
        scale.append(f'<text class="tick end" x="100%" y="{y - 5:.2f}">{escape(text)}</text>')
    return "".join(grid), "".join(scale)


def _svg(content: str, *, height: int, title: str, about: str, kind: str = "plot") -> str:
    return (
        f'<svg class="{kind}" role="img" width="100%" height="{height}"><title>{escape(title)}</title>'
        f"<desc>{escape(about)}</desc>{content}</svg>"
    )


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _finite(values: Iterable[float]) -> list[float]:
    """Return the values that can be drawn: neither infinite nor so huge that an axis beyond them would be."""
    return [value for value in values if abs(value) < _HUGE]
