"""What an engineer needs to doubt a comparison and to do it again."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from tandem.signals.experiment.report import elements, figures
from tandem.signals.experiment.report.measures import MEASURES, measure_heads
from tandem.signals.experiment.report.page import Page
from tandem.signals.experiment.report.software import made_with
from tandem.signals.experiment.results import ClassResult
from tandem.signals.experiment.words import DASH


def engineer(page: Page, command: str) -> str:
    """Return every run, the decisions, the gate, the options, and how to make it all again."""
    words = page.words
    repeat = f'<h3>{escape(words("repeat"))}</h3><pre tabindex="0"><code>{escape(command)}</code></pre>'
    return "".join(
        [
            repeat if command else "",
            _every_run(page),
            _decisions(page),
            _gate(page),
            _options(page),
            f"<h3>{escape(words('method'))}</h3><p>{escape(words('method-text'))}</p>",
            made_with(page),
        ]
    )


def _every_run(page: Page) -> str:
    words = page.words
    heads = [words(key) for key in ("controller", "seed", "road-users", "count", "arrived")]
    heads += measure_heads(page)
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
        f"<h3>{escape(name)}</h3>{elements.table(name, [words(key) for key in keys], about)}"
        f"<details><summary>{escape(words('run-numbers'))}</summary>"
        f"{elements.table(words('run-numbers'), heads, rows)}</details>"
    )


def _run_numbers(page: Page, found: ClassResult) -> Iterator[str]:
    yield from (page.words.number(value, 0) for value in (found.count, found.finished))
    for field, _key, _unit, decimals in MEASURES:
        yield page.words.number(getattr(found, field), max(decimals, 2) if decimals else 0)


def _decisions(page: Page) -> str:
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
    return figures.part(page, "decisions", heads, rows)


def _gate(page: Page) -> str:
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
    return figures.part(page, "gate", heads, rows)


def _options(page: Page) -> str:
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
    table = elements.table(name, [words("option"), words("value")], rows)
    return f"<details><summary>{escape(name)}</summary>{table}</details>"


def _flat(options: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in options.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", json.dumps(value, ensure_ascii=False, sort_keys=True)
