"""The report about a tandem for whoever pays for it, as DOCX or PDF."""

from datetime import date

from django.db.models import Prefetch

from tandem.core.references import Reference
from tandem.exchange.adapters.tandem_report import report_docx, report_pdf
from tandem.exchange.domain.logbook import Stage, Verdict
from tandem.exchange.domain.tandem import State
from tandem.exchange.domain.tandem_facts import (
    AgendaFact,
    CostFact,
    DecisionFact,
    LogFact,
    MemberFact,
    Period,
    TandemFacts,
    TopicFact,
    VisitFact,
)
from tandem.exchange.domain.tandem_report import make_report
from tandem.exchange.domain.visit import report_due
from tandem.exchange.models import AgendaItem, Decision, LogEntry, Tandem, Topic, Visit
from tandem.exchange.services import visits
from tandem.kit import installation

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def report_file(tandem: Tandem, form: str, *, period: Period, language: str, as_of: date) -> bytes:
    """Return the report of a tandem as a file; the same bytes for the same records and days.

    Args:
        form: ``docx`` or ``pdf``.

    Raises:
        UnknownReportLanguage: There are no words in ``language``.
        CannotSetReport: The PDF could not be set.
    """
    report = make_report(facts_of(tandem), period=period, language=language, as_of=as_of)
    return report_docx(report) if form == "docx" else report_pdf(report)


def facts_of(tandem: Tandem) -> TandemFacts:
    """Return everything that is recorded about a tandem, by six queries at most."""
    members = sorted(tandem.members.all(), key=lambda each: (each.joined_on, each.pk))
    entries = list(tandem.log.all())
    topics = tandem.topics.prefetch_related(
        Prefetch("agenda", AgendaItem.objects.order_by("due_on", "id")),
        Prefetch("decisions", Decision.objects.order_by("on", "id")),
    )
    return TandemFacts(
        tandem.titles,
        tandem.aims,
        State(tandem.state),
        tandem.is_example,
        installation.city().id,
        {each.city: each.names for each in members},
        [
            MemberFact(each.city, each.joined_on, each.consented_on, each.left_on, each.left_because)
            for each in members
        ],
        [_topic(each, [entry for entry in entries if entry.topic_id == each.pk]) for each in topics],
        [_visit(each) for each in tandem.visits.all()],
        [CostFact(each.on, each.city, each.titles, each.cents) for each in tandem.costs.all()],
        [_entry(each) for each in entries if each.topic_id is None],
    )


def _topic(row: Topic, entries: list[LogEntry]) -> TopicFact:
    return TopicFact(
        row.titles,
        row.parts_played,
        [AgendaFact(each.questions, each.due_on, each.done_on, each.lessons) for each in row.agenda.all()],
        [_entry(each) for each in entries],
        [
            DecisionFact(
                each.on, each.city, Reference(**each.measure).titles, Verdict(each.verdict), each.reasons
            )
            for each in row.decisions.all()
        ],
    )


def _entry(row: LogEntry) -> LogFact:
    about = Reference(**row.reference).titles if row.reference else {}
    return LogFact(row.on, Stage(row.stage), row.texts, about)


def _visit(row: Visit) -> VisitFact:
    span = visits.span_of(row)
    return VisitFact(
        row.titles,
        row.host,
        row.is_online,
        row.place,
        span.begins.date(),
        span.last_day,
        row.when,
        [each.titles for each in visits.items_of(row)],
        [(each.city, each.role) for each in visits.participants_of(row)],
        row.report if row.reported_on else {},
        report_due(span.last_day),
    )
