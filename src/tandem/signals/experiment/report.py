"""A comparison as one HTML page that stands alone: no script, nothing loaded from elsewhere.

First what a council member wants to know, in sentences; then tables and pictures; then what an engineer needs to
doubt it and to do it again.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Any

from tandem import __version__
from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.experiment import plots
from tandem.signals.experiment.results import (
    WAIT_BIN_S,
    ClassResult,
    Interval,
    RunResult,
    SignalTrace,
    interval,
    service_quality,
)
from tandem.signals.experiment.table import by_controller
from tandem.signals.experiment.words import DASH, MINUS, SPACE, Words

KINDS = ("all", "car", "bicycle", "pedestrian", "bus", "tram")
JUNCTIONS_SHOWN = 3
LONG_WAITS_S = (60, 90, 120)
WAITS_IN_TABLE_S = (10, 20, 30, 45, 60, 90, 120, 180, 240, 300)
_POINTS_DRAWN, _ROWS_OF_QUEUES = 60, 12
# field of ClassResult, key of its name, unit, decimals
_MEASURES = (
    ("delay_s", "delay", "s", 1),
    ("wait_s", "wait", "s", 1),
    ("longest_wait_s", "longest", "s", 0),
    ("stops", "stops", "", 2),
    ("co2_g", "co2", "g", 0),
)
Rows = Sequence[Sequence[str]]


class NoResults(InvalidInput):
    """There is nothing to report."""

    code = "signals.report.no-results"

    def __init__(self) -> None:
        super().__init__(say("There are no runs to report. Run a comparison first."))


def report(
    results: Sequence[RunResult],
    *,
    title: str,
    scenario_notes: Sequence[str] = (),
    command: str = "",
    language: str = "en",
) -> str:
    """Return a comparison of controllers as one HTML page.

    The first controller is the reference for all others. The same input gives the same bytes.

    Args:
        results: Runs of one scenario, of any number of controllers and seeds.
        title: Name of the scenario; the page's heading.
        scenario_notes: What is known and what was assumed about the place, in sentences.
        command: What makes the runs again.
        language: ``en``, ``de`` or ``it``.

    Raises:
        NoResults: There are no runs.
        UnknownLanguage: The report is not written in this language.
    """
    page = _Page(results, Words(language))
    sections = [
        ("summary", _summary(page)),
        ("results", _results(page)),
        ("pictures", _pictures(page)),
        ("engineer", _engineer(page, command)),
        ("notes", _notes(page, scenario_notes)),
    ]
    say_ = page.words
    contents = "".join(f'<li><a href="#{name}">{escape(say_(name))}</a></li>' for name, _content in sections)
    body = "".join(
        f'<section id="{name}"><h2>{escape(say_(name))}</h2>{content}</section>' for name, content in sections
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>\n{_style()}</style></head>\n"
        f'<body><a class="skip" href="#summary">{escape(say_("skip"))}</a>'
        f'<header><p class="kicker">{escape(say_("kicker"))}</p><h1>{escape(title)}</h1></header>\n'
        f'<nav aria-label="{escape(say_("contents"))}"><ul>{contents}</ul></nav>\n'
        f"<main>{body}</main>\n<footer><p>{escape(say_('simulated'))}</p></footer></body></html>\n"
    )


def _style() -> str:
    return files("tandem.signals.experiment").joinpath("report.css").read_text("utf-8")


class _Page:
    """The runs of a report, by controller, with what several of its parts need."""

    def __init__(self, results: Sequence[RunResult], words: Words) -> None:
        if not results:
            raise NoResults
        self.words = words
        self.results = results
        self.runs = by_controller(results)
        self.reference = next(iter(self.runs))
        self.others = [name for name in self.runs if name != self.reference]
        self.series = {name: number for number, name in enumerate(self.runs)}
        self.kinds = self._kinds()

    def _kinds(self) -> list[str]:
        """Return who is there; all vehicles only where there are several kinds of them."""
        there = {each.kind for run in self.results for each in run.classes if each.count}
        if len(there - {"all", "pedestrian"}) == 1:
            there.discard("all")
        return [kind for kind in KINDS if kind in there] + sorted(there.difference(KINDS))

    def kind(self, kind: str) -> str:
        """Return the name of a kind of road users."""
        return self.words.known("kind", kind, kind)

    def of(self, name: str, kind: str) -> list[ClassResult]:
        """Return the results of a kind under a controller, one for each run that has any."""
        found = (run.of(kind) for run in self.runs[name])
        return [each for each in found if each is not None and each.count]

    def pairs(self, name: str, kind: str) -> list[tuple[ClassResult, ClassResult]]:
        """Return the results of a controller and of the reference for each seed that both have."""
        mine, theirs = (
            {(run.scenario, run.seed): run.of(kind) for run in self.runs[each]}
            for each in (name, self.reference)
        )
        both = ((mine[seed], theirs.get(seed)) for seed in mine)
        return [(one, other) for one, other in both if one and other and one.count and other.count]

    def span(self, found: Interval, decimals: int = 1, sign: bool = False) -> str:
        """Return the interval of a mean; nothing where there is one run only."""
        if found.count < 2:
            return ""
        if sign:
            low, high = self.signed(found.low, decimals), self.signed(found.high, decimals)
            return self.words("range", low=low, high=high)
        return self.between(found.low, found.high, decimals)

    def between(self, low: float, high: float, decimals: int) -> str:
        """Return a range of numbers, with a dash where no minus can be mistaken for it."""
        texts = [self.words.number(each, decimals) for each in (low, high)]
        if MINUS in "".join(texts):
            return self.words("range", low=texts[0], high=texts[1])
        return DASH.join(texts)

    def signed(self, value: float, decimals: int = 1) -> str:
        """Return a number with its sign."""
        text = self.words.number(value, decimals)
        return f"+{text}" if value > 0 and text[0] not in (MINUS, DASH) else text

    def percent(self, share: float, decimals: int = 0) -> str:
        """Return a share as per cent."""
        return self.words("percent", value=self.words.number(100 * share, decimals))

    def tick(self, value: float) -> str:
        """Return a number of an axis."""
        short = plots.plain(value)
        return short if "e" in short else self.words.number(value, len(short.partition(".")[2]))


def _verdict(found: Interval) -> str:
    """Return ``less``, ``more``, ``same`` where the interval includes zero, ``open`` where one run tells nothing."""
    if found.count < 2:
        return "open"
    if found.low <= 0 <= found.high:
        return "same"
    return "less" if found.high < 0 else "more"


# --- summary --------------------------------------------------------------------------------------
def _summary(page: _Page) -> str:
    parts = [_compared(page), _locked(page), _who(page)]
    parts += [_against(page, name) for name in page.others]
    notes = [page.words(f"how-{name}") for name in ("delay", "longest", "interval", "quality", "all")]
    how = f"<h3>{escape(page.words('how'))}</h3>" + _list([escape(note) for note in notes])
    return "".join([*parts, f'<div class="how">{how}</div>'])


def _compared(page: _Page) -> str:
    words = page.words
    minutes = sorted({run.duration_s / 60 for run in page.results})
    length = words.list([words.number(each, 0 if each == int(each) else 1) for each in minutes])
    minutes_each = words("minutes", count=length)
    runs, names = words.runs(len(page.results)), words.list(list(page.runs))
    if not page.others:
        return f'<p class="lead">{escape(words("only", names=names, runs=runs, minutes=minutes_each))}</p>'
    counts = sorted(len(each) for each in page.runs.values())
    key = "seeds-some" if counts[0] != counts[-1] else "seeds-1" if counts[0] == 1 else "seeds-n"
    seeds = words(key, least=counts[0], most=counts[-1], count=counts[0], minutes=minutes_each)
    return (
        f'<p class="lead">{escape(words("compared", names=names, runs=runs, seeds=seeds))}</p>'
        f"<p>{escape(words('reference', name=page.reference))}</p>"
    )


def _locked(page: _Page) -> str:
    """Return what is to be said before all else: runs in which the traffic locked, and too few runs."""
    words = page.words
    locked = {name: _count_locked(runs) for name, runs in page.runs.items()}
    found = [
        words("locked", name=name, count=words("share-of", count=count, all=len(page.runs[name])))
        for name, count in locked.items()
        if count
    ]
    if found:
        text = _notice(words("locked-head"), [*found, words("locked-means")], kind="bad")
    else:
        text = f"<p>{escape(words('unlocked'))}</p>"
    if any(len(page.pairs(name, kind)) == 1 for name in page.others for kind in page.kinds):
        text += _notice(words("few-head"), [words("few")])
    return text


def _count_locked(runs: Sequence[RunResult]) -> int:
    return sum(run.locked_at_s is not None for run in runs)


def _notice(head: str, sentences: Sequence[str], *, kind: str = "plain") -> str:
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return f'<div class="notice {kind}"><p class="notice-head">{escape(head)}</p>{said}</div>'


def _who(page: _Page) -> str:
    words = page.words
    unknown = words("controller-unknown")
    return "".join(
        [
            '<dl class="who">',
            *(
                f"<div><dt>{plots.key(page.series[name], name)}</dt>"
                f"<dd>{escape(words.known('controller', name, unknown))}</dd></div>"
                for name in page.runs
            ),
            "</dl>",
        ]
    )


def _against(page: _Page, name: str) -> str:
    """Return who gains and who loses under a controller."""
    words = page.words
    head = f"<h3>{escape(words('against', name=name, reference=page.reference))}</h3>"
    verdicts: dict[str, list[str]] = {"less": [], "more": [], "same": [], "open": []}
    sentences = []
    for kind in page.kinds:
        pairs = page.pairs(name, kind)
        if pairs:
            found = interval(one.delay_s - other.delay_s for one, other in pairs)
            verdicts[_verdict(found)].append(page.kind(kind))
            sentences.append(escape(_sentence(page, kind, pairs, found)))
    if not sentences:
        return f"{head}<p>{escape(words('none-shared'))}</p>"
    names = {"less": "gain", "more": "lose", "same": "same", "open": "open"}
    boxes = "".join(
        f'<div class="{names[verdict]}"><dt>{escape(words(names[verdict]))}</dt>'
        f"<dd>{escape(', '.join(kinds))}</dd></div>"
        for verdict, kinds in verdicts.items()
        if kinds
    )
    return f'{head}<dl class="verdicts">{boxes}</dl>{_list(sentences)}'


def _sentence(
    page: _Page, kind: str, pairs: Sequence[tuple[ClassResult, ClassResult]], found: Interval
) -> str:
    words = page.words
    mine, theirs = (interval(pair[side].delay_s for pair in pairs).mean for side in (0, 1))
    worst = [max(pair[side].longest_wait_s for pair in pairs) for side in (0, 1)]
    share = f" ({page.percent(abs(found.mean) / theirs)})" if theirs > 0 else ""
    low, high = page.signed(found.low), f"{page.signed(found.high)}{SPACE}s"
    said = words(
        f"sentence-{_verdict(found)}",
        kind=page.kind(kind),
        mean=words.amount(mine, "s"),
        reference=words.amount(theirs, "s"),
        by=words.amount(abs(found.mean), "s"),
        share=share,
        interval=words("interval-of", low=low, high=high),
    )
    longest = words(
        "sentence-longest",
        longest=words.amount(worst[0], "s", 0),
        reference=words.amount(worst[1], "s", 0),
    )
    return f"{said} {longest}"


# --- results --------------------------------------------------------------------------------------
def _results(page: _Page) -> str:
    if not page.kinds:
        return f"<p>{escape(page.words('nobody'))}</p>"
    return "".join(_of_kind(page, kind) for kind in page.kinds)


def _of_kind(page: _Page, kind: str) -> str:
    words = page.words
    counts = [each.count for name in page.runs for each in page.of(name, kind)]
    least, most = words.number(min(counts), 0), words.number(max(counts), 0)
    number = words("per-run", count=least) if least == most else words("per-run-some", least=least, most=most)
    heads = [words("controller"), *_measure_heads(page)]
    heads += [words("quality"), words("arrived"), words("locked-runs")]
    rows = [_result_row(page, name, kind) for name in page.runs if page.of(name, kind)]
    differences = _differences(page, kind)
    return (
        f"<h3>{escape(page.kind(kind))}</h3><p>{escape(number)}</p>"
        f"{_table(page.kind(kind), heads, rows, stacked=True)}{differences}"
    )


def _measure_heads(page: _Page) -> list[str]:
    return [f"{page.words(key)} ({unit})" if unit else page.words(key) for _field, key, unit, _ in _MEASURES]


def _result_row(page: _Page, name: str, kind: str) -> list[str]:
    words, found = page.words, page.of(name, kind)
    runs = page.runs[name]
    cells = [plots.sign(page.series[name], name)]
    cells += [_measure(page, found, field, decimals) for field, _key, _unit, decimals in _MEASURES]
    mean_wait_s = interval(each.wait_s for each in found).mean
    letter = service_quality(
        kind, wait_s=mean_wait_s, longest_wait_s=max(each.longest_wait_s for each in found)
    )
    share = sum(each.finished for each in found) / sum(each.count for each in found)
    cells.append(f'<b class="letter q{letter}">{letter}</b> {_below(words(f"quality-{letter}"))}')
    cells.append(escape(page.percent(share, 1 if 0.99 < share < 1 else 0)))
    cells.append(escape(words("share-of", count=_count_locked(runs), all=len(runs))))
    return cells


def _measure(page: _Page, found: Sequence[ClassResult], field: str, decimals: int) -> str:
    """Return a mean with its interval; of longest waits the longest, with their mean over the runs."""
    values = interval(getattr(each, field) for each in found)
    if field == "co2_g" and values.most == 0:
        return DASH
    span = page.span(values, decimals)
    if field != "longest_wait_s":
        return _two(page.words.number(values.mean, decimals), span)
    mean = f"{page.words.number(values.mean, decimals)} ({span})" if span else ""
    return _two(
        page.words.number(values.most, decimals), page.words("per-run-mean", text=mean) if mean else ""
    )


def _two(value: str, below: str) -> str:
    return escape(value) + (f" {_below(below)}" if below else "")


def _below(text: str) -> str:
    return f'<span class="below">{escape(text)}</span>'


def _differences(page: _Page, kind: str) -> str:
    rows = []
    for name in page.others:
        pairs = page.pairs(name, kind)
        if pairs:
            cells = [_difference(page, pairs, field, decimals) for field, _key, _unit, decimals in _MEASURES]
            rows.append([plots.sign(page.series[name], name), *cells, str(len(pairs))])
    if not rows:
        return ""
    heads = [page.words("controller"), *_measure_heads(page), page.words("pairs")]
    caption = page.words("differences", reference=page.reference)
    table = _table(f"{page.kind(kind)}: {caption}", heads, rows)
    return f"<details><summary>{escape(caption)}</summary>{table}</details>"


def _difference(
    page: _Page, pairs: Sequence[tuple[ClassResult, ClassResult]], field: str, decimals: int
) -> str:
    found = interval(getattr(one, field) - getattr(other, field) for one, other in pairs)
    if field == "co2_g" and not any(getattr(each, field) for pair in pairs for each in pair):
        return DASH
    words = {"less": "less", "more": "more", "same": "not-measurable", "open": "one-pair"}
    below = [page.span(found, decimals, sign=True), page.words(words[_verdict(found)])]
    return _two(page.signed(found.mean, decimals), "; ".join(each for each in below if each))


# --- pictures -------------------------------------------------------------------------------------
def _pictures(page: _Page) -> str:
    if not page.kinds:
        return f"<p>{escape(page.words('no-numbers'))}</p>"
    drawn = [_delay_plot, _waits_plots, _queue_plot, _longest_plot, _share_plots, _signal_plots]
    return "".join(draw(page) for draw in drawn)


def _picture(page: _Page, key: str, figures: str, *, legend: str = "") -> str:
    words = page.words
    head = f"<h3>{escape(words(key))}</h3><p>{escape(words(f'{key}-text'))}</p>{legend}"
    return head + (figures or f"<p>{escape(words('no-numbers'))}</p>")


def _legend(page: _Page) -> str:
    keys = "".join(f"<li>{plots.key(series, name)}</li>" for name, series in page.series.items())
    return f'<ul class="legend">{keys}</ul>'


def _beside(figures: str) -> str:
    """Return figures two by two where there is room for it."""
    return f'<div class="figures">{figures}</div>' if figures else ""


def _figure(
    page: _Page, title: str, drawing: str, heads: Sequence[str], rows: Rows, *, caption: str = ""
) -> str:
    """Return a drawing with its numbers in a table; the caption is left out where a heading says the same."""
    numbers = page.words("in-numbers")
    shown = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    table = _table(f"{title}: {numbers}", heads, rows)
    return f"<figure>{shown}{drawing}<details><summary>{escape(numbers)}</summary>{table}</details></figure>"


def _delay_plot(page: _Page) -> str:
    words = page.words
    groups, rows = [], []
    for kind in page.kinds:
        lines = []
        for name in page.runs:
            if found := page.of(name, kind):
                value = interval(each.delay_s for each in found)
                span = page.span(value)
                text = f"{words.amount(value.mean, 's')}" + (f" ({span})" if span else "")
                lines.append(plots.Row(name, page.series[name], (value.mean,), value.low, value.high, text))
                numbers = [value.mean, value.low, value.high]
                rows.append(
                    [escape(page.kind(kind)), escape(name), *(words.number(each, 2) for each in numbers)]
                )
        groups.append((page.kind(kind), lines))
    drawing = _rows_drawing(page, "plot-delay", groups)
    heads = [words(key) for key in ("road-users", "controller", "mean", "low", "high")]
    return _picture(page, "plot-delay", _figure(page, words("plot-delay"), drawing, heads, rows))


def _rows_drawing(page: _Page, key: str, groups: Sequence[tuple[str, Sequence[plots.Row]]]) -> str:
    words = page.words
    return plots.rows(
        groups, title=words(key), about=words(f"{key}-text"), unit=words("axis-seconds"), tick=page.tick
    )


def _longest_plot(page: _Page) -> str:
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
                lines.append(plots.Row(name, page.series[name], values, text=text))
                rows += [
                    [escape(page.kind(kind)), escape(name), str(seed), words.number(each.longest_wait_s, 0)]
                    for seed, each in found
                ]
        groups.append((page.kind(kind), lines))
    drawing = _rows_drawing(page, "plot-longest", groups)
    heads = [words("road-users"), words("controller"), words("seed"), f"{words('longest')} (s)"]
    return _picture(page, "plot-longest", _figure(page, words("plot-longest"), drawing, heads, rows))


def shares_by_wait(found: Sequence[ClassResult]) -> tuple[float, ...]:
    """Return the share of those who waited at least 0, 5, 10 … 300 s, all runs together; none for nobody.

    >>> few = ClassResult("car", 4, 4, 0.0, 0.0, 0.0, 0.0, 0.0, (2, 1, 1))
    >>> shares_by_wait([few])
    (1.0, 0.5, 0.25)
    """
    bins = [sum(counts) for counts in zip(*(each.waits for each in found), strict=False)]
    total = sum(bins)
    return tuple(sum(bins[number:]) / total for number in range(len(bins))) if total else ()


def _share_at(shares: Sequence[float], seconds: int) -> float:
    place = seconds // WAIT_BIN_S
    return shares[place] if place < len(shares) else 0.0


def _waits_plots(page: _Page) -> str:
    figures = "".join(_waits_plot(page, kind) for kind in page.kinds)
    return _picture(page, "plot-waits", _beside(figures), legend=_legend(page))


def _waits_plot(page: _Page, kind: str) -> str:
    words = page.words
    shares = {name: shares_by_wait(page.of(name, kind)) for name in page.runs}
    shares = {name: found for name, found in shares.items() if found}
    drawn = [
        plots.Line(
            name,
            page.series[name],
            tuple((float(WAIT_BIN_S * number), 100 * share) for number, share in enumerate(_to_zero(found))),
        )
        for name, found in shares.items()
    ]
    if not drawn:
        return ""
    title = f"{words('plot-waits')}: {page.kind(kind)}"
    drawing = plots.lines(
        drawn,
        title=title,
        about=words("plot-waits-text"),
        units=(words("axis-seconds"), words("axis-share")),
        tick=page.tick,
    )
    rows = [
        [
            words("at-least", seconds=seconds),
            *(page.percent(_share_at(found, seconds), 1) for found in shares.values()),
        ]
        for seconds in WAITS_IN_TABLE_S
    ]
    return _figure(page, title, drawing, [words("wait"), *shares], rows, caption=page.kind(kind))


def _to_zero(shares: Sequence[float]) -> Sequence[float]:
    """Return shares up to the first that is zero."""
    above = sum(share > 0 for share in shares)
    return shares[: above + 1]


def _share_plots(page: _Page) -> str:
    most = max(
        _share_at(shares_by_wait(page.of(name, kind)), LONG_WAITS_S[0])
        for name in page.runs
        for kind in page.kinds
    )
    figures = "".join(_share_plot(page, kind, most=100 * most) for kind in page.kinds)
    return _picture(page, "plot-shares", _beside(figures))


def _share_plot(page: _Page, kind: str, *, most: float) -> str:
    words = page.words
    found = {name: shares_by_wait(page.of(name, kind)) for name in page.runs}
    found = {name: shares for name, shares in found.items() if shares}
    if not found:
        return ""
    groups, rows = [], []
    for seconds in LONG_WAITS_S:
        head = words("at-least", seconds=seconds)
        values = {name: _share_at(shares, seconds) for name, shares in found.items()}
        lines = [
            plots.Row(name, page.series[name], (100 * share,), 0.0, 100 * share, page.percent(share, 1))
            for name, share in values.items()
        ]
        groups.append((head, lines))
        rows.append([head, *(page.percent(share, 2) for share in values.values())])
    title = f"{words('plot-shares')}: {page.kind(kind)}"
    drawing = plots.rows(
        groups,
        title=title,
        about=words("plot-shares-text"),
        unit=words("axis-share"),
        most=most,
        tick=page.tick,
    )
    return _figure(page, title, drawing, [words("wait"), *found], rows, caption=page.kind(kind))


def mean_queue(runs: Sequence[RunResult]) -> list[tuple[int, float]]:
    """Return pairs of a second and how many stood then, mean over the runs that counted at that second."""
    total: Counter[int] = Counter()
    counted: Counter[int] = Counter()
    for run in runs:
        for second, standing in zip(run.queue_s, run.queue_veh, strict=False):
            total[second] += standing
            counted[second] += 1
    return [(second, total[second] / counted[second]) for second in sorted(counted)]


def _queue_plot(page: _Page) -> str:
    words = page.words
    queues = {name: found for name, runs in page.runs.items() if (found := mean_queue(runs))}
    if not queues:
        return _picture(page, "plot-queues", "")
    drawn = [plots.Line(name, page.series[name], _thinned(found)) for name, found in queues.items()]
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
    figure = _figure(page, words("plot-queues"), drawing, [words("second"), *queues], rows)
    return _picture(page, "plot-queues", figure, legend=_legend(page))


def _thinned(found: Sequence[tuple[int, float]]) -> tuple[tuple[float, float], ...]:
    """Return minutes and means, neighbours put together where there are more than can be seen."""
    size = math.ceil(len(found) / _POINTS_DRAWN)
    parts = [found[start : start + size] for start in range(0, len(found), size)]
    return tuple(
        (sum(at for at, _n in part) / len(part) / 60, sum(n for _at, n in part) / len(part)) for part in parts
    )


# --- signals --------------------------------------------------------------------------------------
def _signal_plots(page: _Page) -> str:
    words = page.words
    traces = {name: trace for name, runs in page.runs.items() if (trace := _first_traces(runs))}
    junctions = list(dict.fromkeys(each.junction for trace in traces.values() for each in trace))
    shown = junctions[:JUNCTIONS_SHOWN]
    legend = "".join(f"<li>{plots.signal_key(letter, words(f'signal-{letter}'))}</li>" for letter in "Ggyur")
    figures = "".join(
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
    return _picture(page, "plot-signals", figures, legend=f'<ul class="legend">{legend}</ul>{more}')


def _first_traces(runs: Sequence[RunResult]) -> tuple[SignalTrace, ...]:
    return next((run.traces for run in runs if run.traces), ())


def _end_s(page: _Page, traces: Mapping[str, Sequence[SignalTrace]]) -> float:
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


def _signal_plot(page: _Page, name: str, trace: SignalTrace, *, end_s: float) -> str:
    words = page.words
    shown = [spans(trace, number, end_s=end_s) for number in range(len(trace.groups))]
    labels = [
        f"{words.known('group', kind, kind)} {group.rpartition('/')[2]}"
        for group, kind in zip(trace.groups, trace.kinds, strict=True)
    ]
    head = f"{name} · {trace.junction}"
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
    return _figure(page, title, drawing, heads, rows, caption=f"{head}: {caption}")


def _signal_numbers(page: _Page, found: Sequence[tuple[float, float, str]]) -> list[str]:
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


# --- for engineers --------------------------------------------------------------------------------
def _engineer(page: _Page, command: str) -> str:
    words = page.words
    repeat = f'<h3>{escape(words("repeat"))}</h3><pre tabindex="0"><code>{escape(command)}</code></pre>'
    return "".join(
        [
            repeat if command else "",
            _every_run(page),
            _decisions(page),
            _gate(page),
            _options(page),
            f"<h3>{escape(words('versions'))}</h3><p>Tandem {escape(__version__)}</p>",
        ]
    )


def _every_run(page: _Page) -> str:
    words = page.words
    heads = [words(key) for key in ("controller", "seed", "road-users", "count", "arrived")]
    heads += _measure_heads(page)
    rows = [
        [escape(run.controller), str(run.seed), escape(page.kind(kind)), *_run_numbers(page, found)]
        for runs in page.runs.values()
        for run in runs
        for kind in page.kinds
        if (found := run.of(kind)) and found.count
    ]
    keys = ("controller", "seed", "locked-at", "took", "key")
    about = [
        [
            escape(run.controller),
            str(run.seed),
            DASH if run.locked_at_s is None else words.amount(run.locked_at_s, "s", 0),
            words.amount(run.took_s, "s"),
            f"<code>{escape(run.key)}</code>",
        ]
        for runs in page.runs.values()
        for run in runs
    ]
    name = words("every-run")
    return (
        f"<h3>{escape(name)}</h3>{_table(name, [words(key) for key in keys], about)}"
        f"<details><summary>{escape(words('run-numbers'))}</summary>"
        f"{_table(words('run-numbers'), heads, rows)}</details>"
    )


def _run_numbers(page: _Page, found: ClassResult) -> Iterator[str]:
    yield from (page.words.number(value, 0) for value in (found.count, found.finished))
    for field, _key, _unit, decimals in _MEASURES:
        yield page.words.number(getattr(found, field), max(decimals, 2) if decimals else 0)


def _decisions(page: _Page) -> str:
    words = page.words
    rows = []
    for name, runs in page.runs.items():
        found = [run.decisions for run in runs if run.decisions.get("count")]
        count = sum(each["count"] for each in found)
        if count:
            mean = sum(each["count"] * each.get("mean_ms", math.nan) for each in found) / count
            worst = [max(each.get(key, math.nan) for each in found) for key in ("p99_ms", "most_ms")]
            rows.append(
                [escape(name), words.number(count, 0), *(words.number(ms, 3) for ms in (mean, *worst))]
            )
    heads = [
        words("controller"),
        words("decision-count"),
        *(f"{words(key)} (ms)" for key in ("mean", "p99", "most")),
    ]
    return _part(page, "decisions", heads, rows)


def _gate(page: _Page) -> str:
    words = page.words
    rows = []
    for name, runs in page.runs.items():
        faults: Counter[str] = Counter()
        for run in runs:
            faults.update(run.gate.get("faults", {}))
        said = ", ".join(f"{code}: {words.number(count, 0)}" for code, count in sorted(faults.items()))
        seconds = [sum(run.gate.get(key, 0) for run in runs) for key in ("plan_s", "recall_s")]
        if any(run.gate and run.decisions for run in runs):
            rows.append([escape(name), escape(said or "0"), *(words.number(value, 0) for value in seconds)])
    heads = [words("controller"), words("faults"), f"{words('plan-s')} (s)", f"{words('recall-s')} (s)"]
    return _part(page, "gate", heads, rows)


def _part(page: _Page, key: str, heads: Sequence[str], rows: Rows) -> str:
    words = page.words
    if not rows:
        return ""
    return (
        f"<h3>{escape(words(key))}</h3><p>{escape(words(f'{key}-text'))}</p>{_table(words(key), heads, rows)}"
    )


def _options(page: _Page) -> str:
    """Return the options: one value where all runs share it, else the values of each controller."""
    words = page.words
    flat = {name: [dict(_flat(run.options)) for run in runs] for name, runs in page.runs.items()}
    names = sorted({option for found in flat.values() for each in found for option in each})
    rows = []
    for option in names:
        values = {
            name: list(dict.fromkeys(each.get(option, DASH) for each in found))
            for name, found in flat.items()
        }
        said = [", ".join(each) for each in values.values()]
        if len(set(said)) > 1:
            said = [f"{name}: {text}" for name, text in zip(values, said, strict=True)]
        rows.append([f"<code>{escape(option)}</code>", escape("; ".join(dict.fromkeys(said)))])
    if not rows:
        return ""
    name = words("options")
    table = _table(name, [words("option"), words("value")], rows)
    return f"<details><summary>{escape(name)}</summary>{table}</details>"


def _flat(options: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in options.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", json.dumps(value, ensure_ascii=False, sort_keys=True)


def _notes(page: _Page, notes: Sequence[str]) -> str:
    if not notes:
        return f"<p>{escape(page.words('no-notes'))}</p>"
    return _list([escape(note) for note in notes])


# --- elements -------------------------------------------------------------------------------------
def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _table(caption: str, heads: Sequence[str], rows: Rows, *, stacked: bool = False) -> str:
    """Return a table in a region that scrolls; the first cell of a row is its heading.

    Args:
        caption: For screen readers.
        heads: Plain text, one for each column.
        rows: Cells, already HTML.
        stacked: On a narrow screen each row becomes a block with its heads beside the values.
    """
    head = "".join(f'<th scope="col" role="columnheader">{escape(each)}</th>' for each in heads)
    body = "".join(
        '<tr role="row">'
        f'<th scope="row" role="rowheader">{row[0]}</th>'
        + "".join(
            f'<td role="cell" data-head="{escape(name)}"><div>{cell}</div></td>'
            for name, cell in zip(heads[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    kind = ' class="stacked"' if stacked else ""
    return (
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table{kind} role="table">'
        f'<caption>{escape(caption)}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )
