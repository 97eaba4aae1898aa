"""A visit as lists and pages show it."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from tandem.core.text import pick
from tandem.exchange.domain.visit import ReportState, Span
from tandem.exchange.models import Visit
from tandem.exchange.services import visits
from tandem.kit.spoken import language


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit in a list.

    Attributes:
        when: In words: days, hours, or what is known of them.
        where: The host's name, or that it is online; and the place.
        is_over: Whether its last day is past.
    """

    row: Visit
    title: str
    when: str
    where: str
    report: ReportState
    is_over: bool
    is_overdue: bool


def visit_shown(row: Visit, names: dict[str, str], *, today: date) -> VisitShown:
    """Return a visit as lists show it.

    Args:
        names: Of the cities, by id.
    """
    span, report = visits.span_of(row), visits.report_of(row, today=today)
    host = gettext("online") if row.is_online else names.get(row.host, row.host)
    return VisitShown(
        row,
        pick(row.titles, language()) or gettext("Visit"),
        pick(row.when, language()) or days_of(span),
        ", ".join(each for each in (host, row.place) if each),
        report,
        report.is_past,
        report.is_overdue(today),
    )


def days_of(span: Span) -> str:
    """Return the days, and the hours where they are given: ``7 September 2023, 9:30 – 12:00``."""
    first, last = date_format(span.begins, "DATE_FORMAT"), date_format(span.last_day, "DATE_FORMAT")
    if span.takes_whole_days:
        return first if first == last else f"{first} – {last}"
    begins, ends = (date_format(each, "TIME_FORMAT") for each in (span.begins, span.ends))
    return f"{first}, {begins} – {ends}" if first == last else f"{first}, {begins} – {last}, {ends}"
