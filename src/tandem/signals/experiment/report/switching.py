"""Pictures of what the signals showed in the first minutes."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from tandem.signals.experiment import plots
from tandem.signals.experiment.report import figures
from tandem.signals.experiment.report.page import Page
from tandem.signals.experiment.results import (
    RunResult,
    SignalTrace,
)

JUNCTIONS_SHOWN = 3


def signal_plots(page: Page) -> str:
    """Return what each signal group showed, for the first junctions."""
    words = page.words
    traces = {name: trace for name, runs in page.runs.items() if (trace := _first_traces(runs))}
    junctions = list(dict.fromkeys(each.junction for trace in traces.values() for each in trace))
    shown = junctions[:JUNCTIONS_SHOWN]
    legend = "".join(f"<li>{plots.signal_key(letter, words(f'signal-{letter}'))}</li>" for letter in "Ggyur")
    drawn = "".join(
        _signal_plot(page, name, trace, end_s=_end_s(page, traces))
        for junction in shown
        for name, found in traces.items()
        for trace in found
        if trace.junction == junction
    )
    more = (
        words("more-junctions", shown=len(shown), all=len(junctions)) if len(shown) < len(junctions) else ""
    )
    more = f"<p>{escape(more)}</p>" if more else ""
    return figures.picture(page, "plot-signals", drawn, legend=f'<ul class="legend">{legend}</ul>{more}')


def _first_traces(runs: Sequence[RunResult]) -> tuple[SignalTrace, ...]:
    return next((run.traces for run in runs if run.traces), ())


def _end_s(page: Page, traces: Mapping[str, Sequence[SignalTrace]]) -> float:
    """Return the full minute in which the last change lies, or the end of the runs."""
    last = max(
        (at for found in traces.values() for trace in found for at, _shown in trace.changes), default=0.0
    )
    longest = max(run.duration_s for run in page.results)
    return max(min(60.0 * math.ceil((last + 1) / 60), float(longest)), 1.0)


def spans(trace: SignalTrace, number: int, *, end_s: float) -> tuple[tuple[float, float, str], ...]:
    """Return what one group showed: from, until, letter; neighbours that show the same are one.

    >>> trace = SignalTrace("J", ("K1",), ("vehicle",), ((0.0, "r"), (4.0, "G"), (9.0, "y")))
    >>> spans(trace, 0, end_s=12)
    ((0.0, 4.0, 'r'), (4.0, 9.0, 'G'), (9.0, 12, 'y'))
    """
    starts = [at for at, _shown in trace.changes]
    letters = [shown[number : number + 1] for _at, shown in trace.changes]
    pieces = zip(starts, [*starts[1:], end_s], letters, strict=True)
    found = []
    for letter, same in groupby(pieces, key=lambda piece: piece[2]):
        whole = list(same)
        found.append((whole[0][0], min(whole[-1][1], end_s), letter))
    return tuple(found)


def _signal_plot(page: Page, name: str, trace: SignalTrace, *, end_s: float) -> str:
    words = page.words
    shown = [spans(trace, number, end_s=end_s) for number in range(len(trace.groups))]
    labels = [
        f"{words.known('group', kind, kind)} {group.rpartition('/')[2]}"
        for group, kind in zip(trace.groups, trace.kinds, strict=True)
    ]
    head = f"{page.label(name)} · {trace.junction}"
    title = f"{words('plot-signals')}: {head}"
    drawing = plots.timeline(
        [plots.Signal(label, found) for label, found in zip(labels, shown, strict=True)],
        end_s=end_s,
        title=title,
        about=words("plot-signals-text"),
        unit=words("axis-seconds"),
        tick=page.tick,
    )
    rows = [
        [escape(group), escape(label), *_signal_numbers(page, found)]
        for group, label, found in zip(trace.groups, labels, shown, strict=True)
    ]
    heads = [
        words("signal-group"),
        words("shown-as"),
        words("greens"),
        f"{words('green-s')} (s)",
        f"{words('longest-red')} (s)",
    ]
    caption = words("first-seconds", seconds=words.number(end_s, 0))
    return figures.figure(page, title, drawing, heads, rows, caption=f"{head}: {caption}")


def _signal_numbers(page: Page, found: Sequence[tuple[float, float, str]]) -> list[str]:
    """Return how often a group was green, how long in all, and its longest red."""
    runs = [
        (green, sum(until - start for start, until, _letter in same))
        for green, same in (
            (key, list(part)) for key, part in groupby(found, key=lambda each: each[2] in "Gg")
        )
    ]
    greens = [length for green, length in runs if green]
    reds = [until - start for start, until, letter in found if letter == "r"]
    return [str(len(greens)), page.words.number(sum(greens), 0), page.words.number(max(reds, default=0.0), 0)]
