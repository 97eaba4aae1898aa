"""A picture with its heading, its legend and its numbers in a table."""

from collections.abc import Sequence
from html import escape

from tandem.signals.experiment import plots
from tandem.signals.experiment.report import elements
from tandem.signals.experiment.report.elements import Rows
from tandem.signals.experiment.report.page import Page


def picture(page: Page, key: str, figures: str, *, legend: str = "") -> str:
    """Return figures under their heading, or that there are no numbers for them."""
    words = page.words
    head = f"<h3>{escape(words(key))}</h3><p>{escape(words(f'{key}-text'))}</p>{legend}"
    return head + (figures or f"<p>{escape(words('no-numbers'))}</p>")


def legend(page: Page) -> str:
    """Return the controllers with their marks."""
    keys = "".join(f"<li>{plots.key(series, page.label(name))}</li>" for name, series in page.series.items())
    return f'<ul class="legend">{keys}</ul>'


def beside(figures: str) -> str:
    """Return figures two by two where there is room for it."""
    return f'<div class="figures">{figures}</div>' if figures else ""


def figure(
    page: Page, title: str, drawing: str, heads: Sequence[str], rows: Rows, *, caption: str = ""
) -> str:
    """Return a drawing with its numbers in a table; the caption is left out where a heading says the same."""
    numbers = page.words("in-numbers")
    shown = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    table = elements.table(f"{title}: {numbers}", heads, rows)
    return f"<figure>{shown}{drawing}<details><summary>{escape(numbers)}</summary>{table}</details></figure>"


def part(page: Page, key: str, heads: Sequence[str], rows: Rows) -> str:
    """Return a table with a heading and a sentence about it; nothing where it has no rows."""
    words = page.words
    if not rows:
        return ""
    table = elements.table(words(key), heads, rows)
    return f"<h3>{escape(words(key))}</h3><p>{escape(words(f'{key}-text'))}</p>{table}"
