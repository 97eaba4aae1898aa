"""A comparison as one HTML page that stands alone: no script, nothing loaded from elsewhere.

First what a council member wants to know, in sentences; then tables and pictures; then what an engineer needs to
doubt it and to do it again.
"""

from collections.abc import Sequence
from html import escape
from importlib.resources import files

from tandem.signals.experiment.report import elements
from tandem.signals.experiment.report.delays import delay_plot, longest_plot
from tandem.signals.experiment.report.engineer import engineer
from tandem.signals.experiment.report.finding import finding
from tandem.signals.experiment.report.measures import by_road_user
from tandem.signals.experiment.report.page import KINDS, NoResults, Page
from tandem.signals.experiment.report.queues import mean_queue, queue_plot
from tandem.signals.experiment.report.software import simulated_with
from tandem.signals.experiment.report.summary import summary
from tandem.signals.experiment.report.switching import signal_plots, spans
from tandem.signals.experiment.report.waits import share_plots, shares_by_wait, waits_plots
from tandem.signals.experiment.results import RunResult
from tandem.signals.experiment.words import Words

__all__ = ["KINDS", "NoResults", "mean_queue", "report", "shares_by_wait", "spans"]


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
        title: Name of the scenario; it stands above the heading, which is the finding.
        scenario_notes: What is known and what was assumed about the place, in sentences.
        command: What makes the runs again.
        language: ``en``, ``de`` or ``it``.

    Raises:
        NoResults: There are no runs.
        UnknownLanguage: The report is not written in this language.
    """
    page = Page(results, Words(language))
    sections = [
        ("summary", summary(page)),
        ("results", by_road_user(page)),
        ("pictures", _pictures(page)),
        ("engineer", engineer(page, command)),
        ("notes", _notes(page, scenario_notes)),
    ]
    say_, heading = page.words, finding(page)
    contents = "".join(f'<li><a href="#{name}">{escape(say_(name))}</a></li>' for name, _content in sections)
    body = "".join(
        f'<section id="{name}"><h2>{escape(say_(name))}</h2>{content}</section>' for name, content in sections
    )
    footer = f"{say_('simulated')} {simulated_with(page)}".strip()
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(heading)} · {escape(title)}</title><style>\n{_style()}</style></head>\n"
        f'<body><a class="skip" href="#summary">{escape(say_("skip"))}</a>'
        f'<header><p class="kicker">{escape(say_("kicker"))} · {escape(title)}</p><h1>{escape(heading)}</h1>'
        f"<p>{escape(say_('simulated'))}</p></header>\n"
        f'<nav aria-label="{escape(say_("contents"))}"><ul>{contents}</ul></nav>\n'
        f"<main>{body}</main>\n<footer><p>{escape(footer)}</p></footer></body></html>\n"
    )


def _style() -> str:
    return files(__name__).joinpath("page.css").read_text("utf-8")


def _pictures(page: Page) -> str:
    if not page.kinds:
        return f"<p>{escape(page.words('no-numbers'))}</p>"
    drawn = [delay_plot, waits_plots, queue_plot, longest_plot, share_plots, signal_plots]
    return "".join(draw(page) for draw in drawn)


def _notes(page: Page, notes: Sequence[str]) -> str:
    if not notes:
        return f"<p>{escape(page.words('no-notes'))}</p>"
    return elements.bullets([escape(note) for note in notes])
