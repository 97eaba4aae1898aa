"""Pictures with a row for each controller: time lost, and the longest waits."""

from collections.abc import Sequence
from html import escape

from tandem.signals.domain.summing_up.interval import interval
from tandem.signals.experiment import plots
from tandem.signals.experiment.report import figures
from tandem.signals.experiment.report.page import Page
from tandem.signals.experiment.words import SPACE


def delay_plot(page: Page) -> str:
    """Return the mean time lost by kind of road user and controller."""
    words = page.words
    groups, rows = [], []
    for kind in page.kinds:
        lines = []
        for name in page.runs:
            if found := page.of(name, kind):
                value = interval(each.delay_s for each in found)
                span = page.span(value)
                text = f"{words.amount(value.mean, 's')}" + (f" ({span})" if span else "")
                lines.append(
                    plots.Row(page.label(name), page.series[name], (value.mean,), value.low, value.high, text)
                )
                numbers = [value.mean, value.low, value.high]
                rows.append(
                    [
                        escape(page.kind(kind)),
                        escape(page.label(name)),
                        *(words.number(each, 2) for each in numbers),
                    ]
                )
        groups.append((page.kind(kind), lines))
    drawing = _rows_drawing(page, "plot-delay", groups)
    heads = [words(key) for key in ("road-users", "controller", "mean", "low", "high")]
    return figures.picture(
        page, "plot-delay", figures.figure(page, words("plot-delay"), drawing, heads, rows)
    )


def _rows_drawing(page: Page, key: str, groups: Sequence[tuple[str, Sequence[plots.Row]]]) -> str:
    words = page.words
    return plots.rows(
        groups, title=words(key), about=words(f"{key}-text"), unit=words("axis-seconds"), tick=page.tick
    )


def longest_plot(page: Page) -> str:
    """Return the longest wait of each run."""
    words = page.words
    groups, rows = [], []
    for kind in page.kinds:
        lines = []
        for name in page.runs:
            found = [(run.seed, each) for run in page.runs[name] if (each := run.of(kind)) and each.count]
            if found:
                values = tuple(each.longest_wait_s for _seed, each in found)
                text = words.amount(max(values), "s", 0)
                if len(values) > 1:
                    text = f"{page.between(min(values), max(values), 0)}{SPACE}s"
                lines.append(plots.Row(page.label(name), page.series[name], values, text=text))
                rows += [
                    [
                        escape(page.kind(kind)),
                        escape(page.label(name)),
                        str(seed),
                        words.number(each.longest_wait_s, 0),
                    ]
                    for seed, each in found
                ]
        groups.append((page.kind(kind), lines))
    drawing = _rows_drawing(page, "plot-longest", groups)
    heads = [words("road-users"), words("controller"), words("seed"), f"{words('longest')} (s)"]
    return figures.picture(
        page, "plot-longest", figures.figure(page, words("plot-longest"), drawing, heads, rows)
    )
