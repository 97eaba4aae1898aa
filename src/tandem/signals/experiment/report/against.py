"""A controller against the reference: who gains, who loses, and by how much."""

from collections.abc import Sequence
from html import escape

from tandem.signals.domain.summing_up.interval import Interval, interval
from tandem.signals.experiment.report import elements
from tandem.signals.experiment.report.page import Page, change_of, verdict
from tandem.signals.experiment.results import ClassResult
from tandem.signals.experiment.words import SPACE


def against(page: Page, name: str) -> str:
    """Return who gains and who loses under a controller."""
    words = page.words
    head = f"<h3>{escape(words('against', name=page.label(name), reference=page.name(page.reference)))}</h3>"
    verdicts: dict[str, list[str]] = {"less": [], "more": [], "same": [], "open": []}
    sentences = []
    for kind in page.kinds:
        pairs = page.pairs(name, kind)
        if pairs:
            found = interval(one.delay_s - other.delay_s for one, other in pairs)
            verdicts[verdict(found)].append(page.kind(kind))
            sentences.append(_sentence(page, kind, pairs, found))
    if not sentences:
        return f"{head}<p>{escape(words('none-shared'))}</p>"
    names = {"less": "gain", "more": "lose", "same": "same", "open": "open"}
    boxes = "".join(
        f'<div class="{names[verdict]}"><dt>{escape(words(names[verdict]))}</dt>'
        f"<dd>{escape(', '.join(kinds))}</dd></div>"
        for verdict, kinds in verdicts.items()
        if kinds
    )
    return f'{head}<dl class="verdicts">{boxes}</dl>{elements.bullets(sentences)}'


def _sentence(
    page: Page, kind: str, pairs: Sequence[tuple[ClassResult, ClassResult]], found: Interval
) -> str:
    """Return a sentence for everybody and, smaller, what makes it more exact."""
    words = page.words
    mine, theirs = (interval(pair[side].delay_s for pair in pairs).mean for side in (0, 1))
    share = f" ({change_of(page, found, theirs)})" if theirs > 0 else ""
    said = words(
        f"sentence-{verdict(found)}",
        kind=page.kind(kind),
        mean=words.amount(mine, "s"),
        reference=words.amount(theirs, "s"),
        by=words.amount(abs(found.mean), "s"),
        share=share,
    )
    return elements.two(said, " ".join([*_interval(page, found), _longest(page, pairs)]))


def _interval(page: Page, found: Interval) -> list[str]:
    if found.count < 2:
        return []
    high = f"{page.signed(found.high)}{SPACE}s"
    return [page.words("interval-of", low=page.signed(found.low), high=high)]


def _longest(page: Page, pairs: Sequence[tuple[ClassResult, ClassResult]]) -> str:
    words = page.words
    mine, theirs = (max(pair[side].longest_wait_s for pair in pairs) for side in (0, 1))
    return words(
        "sentence-longest", longest=words.amount(mine, "s", 0), reference=words.amount(theirs, "s", 0)
    )
