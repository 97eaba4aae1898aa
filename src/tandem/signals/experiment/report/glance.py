"""The numbers that matter most, in a table that a glance takes in."""

from html import escape

from tandem.signals.domain.summing_up.interval import interval
from tandem.signals.experiment.report import elements
from tandem.signals.experiment.report.page import Page, change_of, verdict
from tandem.signals.experiment.words import DASH


def glance(page: Page) -> str:
    """Return the mean time lost of each kind of road users under each controller, as small as it can be."""
    words = page.words
    if not page.kinds:
        return ""
    heads = [words("road-users"), *map(page.label, page.runs)]
    rows = [
        [escape(page.kind(kind)), *(_glance_cell(page, name, kind) for name in page.runs)]
        for kind in page.kinds_of_people
    ]
    about = words("glance-text", name=page.name(page.reference)) if page.others else words("glance-only")
    name = words("glance")
    table = elements.table(f"{name} (s)", heads, rows, stacked=True)
    return f'<h3>{escape(name)}</h3><p>{escape(about)}</p><div class="glance">{table}</div>'


def _glance_cell(page: Page, name: str, kind: str) -> str:
    found, pairs = page.of(name, kind), page.pairs(name, kind)
    if not found:
        return DASH
    mean = page.words.amount(interval(each.delay_s for each in found).mean, "s")
    if name == page.reference or not pairs:
        return escape(mean)
    difference = interval(one.delay_s - other.delay_s for one, other in pairs)
    change = change_of(page, difference, interval(other.delay_s for _one, other in pairs).mean)
    said = {"same": "not-measurable", "open": "one-pair"}
    against = verdict(difference)
    return elements.two(mean, page.words(said.get(against, f"glance-{against}"), change=change))
