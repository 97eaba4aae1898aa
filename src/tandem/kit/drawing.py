"""Charts as SVG files that stand alone: for documents and other pages. No style sheet, no script, no font to fetch."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from tandem.kit.charts import Chart, Tick
from tandem.kit.series import ScatterChart, ScatterPlot, Series, SeriesChart, SeriesPlot

WIDTH_PX = 900
_LEFT_PX, _RIGHT_PX, _HEAD_PX, _PLOT_PX, _FOOT_PX = 72, 24, 84, 340, 40
_NAMES_PX, _ROW_GAP_PX = 240, 8
_FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
INK, MUTED, LINE, GROUND = "#1b1e22", "#555a60", "#dcd8ce", "#ffffff"
COLOURS = ("#1f5a8c", "#8a4b08", "#5b3f8f", "#0b6380", "#9c2f5b")
_DASHES = ("none", "8 4", "2 5", "12 4 2 4", "16 6")


def svg(chart: Chart | SeriesChart | ScatterChart, *, source: str = "") -> str:
    """Return a chart as an SVG document, 900 px wide, black on white.

    Args:
        chart: Any of the charts.
        source: A line below it: where the data are from.
    """
    if isinstance(chart, ScatterChart):
        return _page(chart, _scatter(ScatterPlot(chart)), _HEAD_PX + _PLOT_PX + _FOOT_PX, source)
    plot = SeriesPlot(_as_series(chart))
    if chart.kind == "bar":
        height = _HEAD_PX + len(plot.rows) * (plot.bar_px + 6 + _ROW_GAP_PX)
        return _page(plot.chart, _lying(plot), height, source)
    return _page(plot.chart, _standing(plot), _HEAD_PX + _PLOT_PX + _FOOT_PX, source)


def _as_series(chart: Chart | SeriesChart) -> SeriesChart:
    if isinstance(chart, SeriesChart):
        return chart
    return SeriesChart(
        title=chart.title,
        labels=[label for label, _value in chart.points],
        series=[Series(chart.value_heading, [value for _label, value in chart.points])],
        kind=chart.kind,
        unit=chart.unit,
        label_heading=chart.label_heading,
        value_heading=chart.value_heading,
        note=chart.note,
    )


def _page(chart: SeriesChart | ScatterChart, parts: Iterator[str], height: float, source: str) -> str:
    body = "\n".join([*_head(chart), *parts])
    foot = height + 28
    last = _text(_LEFT_PX, foot, source, size=13, fill=MUTED) if source else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_PX}" height="{foot + 16:g}" '
        f'viewBox="0 0 {WIDTH_PX} {foot + 16:g}" role="img" aria-label={quoteattr(str(chart.title))} '
        f'font-family="{_FONT}">\n<title>{escape(str(chart.title))}</title>\n'
        f'<rect width="100%" height="100%" fill="{GROUND}"/>\n{body}\n{last}\n</svg>\n'
    )


def _head(chart: SeriesChart | ScatterChart) -> Iterator[str]:
    title = str(chart.title)
    yield _text(_LEFT_PX, 34, title if len(title) < 90 else f"{title[:88]}…", size=19, weight=650)
    if isinstance(chart, ScatterChart):
        yield _text(_LEFT_PX, 62, f"{chart.y_heading} ↑", size=14, fill=MUTED)
        return
    if len(chart.series) < 2:
        yield _text(_LEFT_PX, 62, str(chart.unit), size=14, fill=MUTED)
        return
    x = float(_LEFT_PX)
    for number, each in enumerate(chart.series):
        name = _cut(str(each.name), 24)
        yield f'<rect x="{x:g}" y="50" width="13" height="13" fill="{COLOURS[number]}"/>'
        yield _text(x + 20, 62, name, size=14)
        x += 44 + 8 * len(name)


def _standing(plot: SeriesPlot) -> Iterator[str]:
    width = WIDTH_PX - _LEFT_PX - _RIGHT_PX
    yield from _grid(plot.value_ticks)
    for box in plot.boxes:
        yield (
            f'<rect x="{_LEFT_PX + width * box.x / 100:.1f}" y="{_HEAD_PX + _PLOT_PX * box.y / 100:.1f}" '
            f'width="{max(0.5, width * box.width / 100):.1f}" height="{_PLOT_PX * box.height / 100:.1f}" '
            f'fill="{COLOURS[box.hue]}"/>'
        )
    for line in plot.lines:
        points = (point.split(",") for point in line.points.split())
        placed = " ".join(
            f"{_LEFT_PX + width * float(x) / 1000:.1f},{_HEAD_PX + _PLOT_PX * float(y) / 1000:.1f}"
            for x, y in points
        )
        yield (
            f'<polyline points="{placed}" fill="none" stroke="{COLOURS[line.hue]}" stroke-width="2.5" '
            f'stroke-dasharray="{_DASHES[line.hue]}" stroke-linejoin="round"/>'
        )
    zero = _HEAD_PX + _PLOT_PX * plot.zero / 100
    yield f'<line x1="{_LEFT_PX}" x2="{_LEFT_PX + width}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="{INK}"/>'
    yield from _bottom(plot.label_ticks)


def _lying(plot: SeriesPlot) -> Iterator[str]:
    left, width = _NAMES_PX, WIDTH_PX - _NAMES_PX - 110
    bar = plot.bar_px + 6
    for number, row in enumerate(plot.rows):
        top = _HEAD_PX + number * (bar + _ROW_GAP_PX)
        yield _text(left - 12, top + bar / 2 + 5, _cut(row.label, 30), size=14, anchor="end")
        for box in row.boxes:
            yield (
                f'<rect x="{left + width * box.x / 100:.1f}" y="{top + bar * box.y / 100:.1f}" '
                f'width="{width * box.width / 100:.1f}" height="{bar * box.height / 100:.1f}" '
                f'fill="{COLOURS[box.hue]}"/>'
            )
        if len(row.texts) == 1 and row.boxes:
            end = left + width * (row.boxes[0].x + row.boxes[0].width) / 100
            yield _text(end + 8, top + bar / 2 + 5, row.texts[0], size=14, weight=650)
    zero, bottom = left + width * plot.zero / 100, _HEAD_PX + len(plot.rows) * (bar + _ROW_GAP_PX)
    yield f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="{_HEAD_PX}" y2="{bottom - _ROW_GAP_PX}" stroke="{INK}"/>'


def _scatter(plot: ScatterPlot) -> Iterator[str]:
    width = WIDTH_PX - _LEFT_PX - _RIGHT_PX
    yield from _grid(plot.value_ticks)
    for x, y in plot.dots:
        yield (
            f'<circle cx="{_LEFT_PX + width * x / 100:.1f}" cy="{_HEAD_PX + _PLOT_PX * y / 100:.1f}" r="4" '
            f'fill="{COLOURS[0]}" fill-opacity=".45" stroke="{COLOURS[0]}"/>'
        )
    yield from _bottom(plot.label_ticks)
    at = _HEAD_PX + _PLOT_PX + _FOOT_PX + 6
    yield _text(WIDTH_PX - _RIGHT_PX, at, f"{plot.chart.x_heading} →", size=14, fill=MUTED, anchor="end")


def _grid(ticks: list[Tick]) -> Iterator[str]:
    for tick in ticks:
        y = _HEAD_PX + _PLOT_PX * tick.at / 100
        yield f'<line x1="{_LEFT_PX}" x2="{WIDTH_PX - _RIGHT_PX}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>'
        yield _text(_LEFT_PX - 8, y + 5, tick.text, size=13, fill=MUTED, anchor="end")


def _bottom(ticks: list[Tick]) -> Iterator[str]:
    width = WIDTH_PX - _LEFT_PX - _RIGHT_PX
    for tick in ticks:
        x = _LEFT_PX + width * tick.at / 100
        yield _text(x, _HEAD_PX + _PLOT_PX + 22, tick.text, size=13, fill=MUTED, anchor=tick.anchor)


def _text(
    x: float, y: float, text: str, *, size: int, fill: str = INK, weight: int = 400, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
