"""The picture of queues over time."""

import math
from collections import Counter
from collections.abc import Sequence

from tandem.signals.experiment import plots
from tandem.signals.experiment.report import figures
from tandem.signals.experiment.report.page import Page
from tandem.signals.experiment.results import RunResult

_POINTS_DRAWN, _ROWS_OF_QUEUES = 60, 12


def mean_queue(runs: Sequence[RunResult]) -> list[tuple[int, float]]:
    """Return pairs of a second and how many stood then, mean over the runs that counted at that second."""
    total: Counter[int] = Counter()
    counted: Counter[int] = Counter()
    for run in runs:
        for second, standing in zip(run.queue_s, run.queue_veh, strict=False):
            total[second] += standing
            counted[second] += 1
    return [(second, total[second] / counted[second]) for second in sorted(counted)]


def queue_plot(page: Page) -> str:
    """Return how many stood at each moment."""
    words = page.words
    queues = {name: found for name, runs in page.runs.items() if (found := mean_queue(runs))}
    if not queues:
        return figures.picture(page, "plot-queues", "")
    drawn = [
        plots.Line(page.label(name), page.series[name], thinned(found)) for name, found in queues.items()
    ]
    drawing = plots.lines(
        drawn,
        title=words("plot-queues"),
        about=words("plot-queues-text"),
        units=(words("axis-minutes"), words("axis-standing")),
        tick=page.tick,
    )
    at = {name: dict(found) for name, found in queues.items()}
    seconds = sorted({second for found in at.values() for second in found})
    every = max(len(seconds) // _ROWS_OF_QUEUES, 1)
    rows = [
        [str(second), *(words.number(found.get(second, math.nan)) for found in at.values())]
        for second in seconds[every - 1 :: every]
    ]
    figure = figures.figure(
        page, words("plot-queues"), drawing, [words("second"), *map(page.label, queues)], rows
    )
    return figures.picture(page, "plot-queues", figure, legend=figures.legend(page))


def thinned(found: Sequence[tuple[int, float]]) -> tuple[tuple[float, float], ...]:
    """Return minutes and means, neighbours put together where there are more than can be seen."""
    size = math.ceil(len(found) / _POINTS_DRAWN)
    parts = [found[start : start + size] for start in range(0, len(found), size)]
    return tuple(
        (sum(at for at, _n in part) / len(part) / 60, sum(n for _at, n in part) / len(part)) for part in parts
    )
