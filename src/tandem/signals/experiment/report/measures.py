"""The results by road user: means with their intervals, and differences in pairs."""

from collections.abc import Sequence
from html import escape

from tandem.signals.domain.summing_up.interval import interval
from tandem.signals.domain.summing_up.quality import service_quality
from tandem.signals.experiment import plots
from tandem.signals.experiment.report import elements
from tandem.signals.experiment.report.page import Page, count_locked, verdict
from tandem.signals.experiment.results import ClassResult
from tandem.signals.experiment.words import DASH

# field of ClassResult, key of its name, unit, decimals
MEASURES = (
    ("delay_s", "delay", "s", 1),
    ("wait_s", "wait", "s", 1),
    ("longest_wait_s", "longest", "s", 0),
    ("stops", "stops", "", 2),
    ("co2_g", "co2", "g", 0),
)


def by_road_user(page: Page) -> str:
    """Return a table for each kind of road user."""
    if not page.kinds:
        return f"<p>{escape(page.words('nobody'))}</p>"
    return "".join(_of_kind(page, kind) for kind in page.kinds)


def _of_kind(page: Page, kind: str) -> str:
    words = page.words
    counts = [each.count for name in page.runs for each in page.of(name, kind)]
    least, most = words.number(min(counts), 0), words.number(max(counts), 0)
    number = words("per-run", count=least) if least == most else words("per-run-some", least=least, most=most)
    heads = [words("controller"), *measure_heads(page)]
    heads += [words("quality"), words("arrived"), words("locked-runs")]
    rows = [_result_row(page, name, kind) for name in page.runs if page.of(name, kind)]
    differences = _differences(page, kind)
    return (
        f"<h3>{escape(page.kind(kind))}</h3><p>{escape(number)}</p>"
        f"{elements.table(page.kind(kind), heads, rows, stacked=True)}{differences}"
    )


def measure_heads(page: Page) -> list[str]:
    """Return the names of the measures with their units."""
    return [f"{page.words(key)} ({unit})" if unit else page.words(key) for _field, key, unit, _ in MEASURES]


def _result_row(page: Page, name: str, kind: str) -> list[str]:
    words, found = page.words, page.of(name, kind)
    runs = page.runs[name]
    cells = [plots.sign(page.series[name], page.label(name))]
    cells += [_measure(page, found, field, decimals) for field, _key, _unit, decimals in MEASURES]
    mean_wait_s = interval(each.wait_s for each in found).mean
    letter = service_quality(
        kind, wait_s=mean_wait_s, longest_wait_s=max(each.longest_wait_s for each in found)
    )
    share = sum(each.finished for each in found) / sum(each.count for each in found)
    cells.append(f'<b class="letter q{letter}">{letter}</b> {elements.below(words(f"quality-{letter}"))}')
    cells.append(escape(page.percent(share, 1 if 0.99 < share < 1 else 0)))
    cells.append(escape(words("share-of", count=count_locked(runs), all=len(runs))))
    return cells


def _measure(page: Page, found: Sequence[ClassResult], field: str, decimals: int) -> str:
    """Return a mean with its interval; of longest waits the longest, with their mean over the runs."""
    values = interval(getattr(each, field) for each in found)
    if field == "co2_g" and values.most == 0:
        return DASH
    span = page.span(values, decimals)
    if field != "longest_wait_s":
        return elements.two(page.words.number(values.mean, decimals), span)
    mean = f"{page.words.number(values.mean, decimals)} ({span})" if span else ""
    return elements.two(
        page.words.number(values.most, decimals), page.words("per-run-mean", text=mean) if mean else ""
    )


def _differences(page: Page, kind: str) -> str:
    rows = []
    for name in page.others:
        pairs = page.pairs(name, kind)
        if pairs:
            cells = [_difference(page, pairs, field, decimals) for field, _key, _unit, decimals in MEASURES]
            rows.append([plots.sign(page.series[name], page.label(name)), *cells, str(len(pairs))])
    if not rows:
        return ""
    heads = [page.words("controller"), *measure_heads(page), page.words("pairs")]
    caption = page.words("differences", reference=page.name(page.reference))
    table = elements.table(f"{page.kind(kind)}: {caption}", heads, rows)
    return f"<details><summary>{escape(caption)}</summary>{table}</details>"


def _difference(
    page: Page, pairs: Sequence[tuple[ClassResult, ClassResult]], field: str, decimals: int
) -> str:
    found = interval(getattr(one, field) - getattr(other, field) for one, other in pairs)
    if field == "co2_g" and not any(getattr(each, field) for pair in pairs for each in pair):
        return DASH
    words = {"less": "less", "more": "more", "same": "not-measurable", "open": "one-pair"}
    below = [page.span(found, decimals, sign=True), page.words(words[verdict(found)])]
    return elements.two(page.signed(found.mean, decimals), "; ".join(each for each in below if each))
