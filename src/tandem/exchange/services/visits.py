"""Visits and online meetings: plan them, who comes, the report, and calendars."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, pick, say
from tandem.exchange.adapters.calendar import Meeting, calendar_of
from tandem.exchange.domain.tandem import State, Step, check_step
from tandem.exchange.domain.visit import (
    Item,
    Participant,
    ReportState,
    Span,
    check_length,
    check_programme,
    ordered,
    report_state,
)
from tandem.exchange.models import Tandem, Visit
from tandem.exchange.services.tandems import iri_of, touch
from tandem.kit import installation

log = logging.getLogger(__name__)


class BadProgramme(InvalidInput):
    """A point of the programme does not fit into the visit."""

    code = "exchange.bad-programme"

    def __init__(self, finding: Finding) -> None:
        message = finding.message
        super().__init__(message if isinstance(message, Sentence) else str(message))
        self.finding = finding


class ReportedOn(Conflict):
    """A visit is to be taken away whose report is done."""

    code = "exchange.visit-reported-on"

    def __init__(self) -> None:
        super().__init__(say("The report of this visit is done, so it stays. Make it a draft again first."))


# --- what rows say --------------------------------------------------------------------------------
def _zone() -> ZoneInfo:
    return ZoneInfo(installation.city().timezone)


def span_of(visit: Visit) -> Span:
    """Return from when to when a visit lasts, on the clocks of this city."""
    begins, ends = (
        each.astimezone(_zone()).replace(tzinfo=None) for each in (visit.begins_at, visit.ends_at)
    )
    return Span(begins, ends, is_known=not visit.when)


def items_of(visit: Visit) -> list[Item]:
    """Return the programme of a visit."""
    return [Item.from_json(each) for each in visit.programme]


def participants_of(visit: Visit) -> list[Participant]:
    """Return who comes."""
    return [Participant.from_json(each) for each in visit.participants]


def report_of(visit: Visit, *, today: date) -> ReportState:
    """Return how it stands with the report of a visit."""
    return report_state(span_of(visit), visit.reported_on, today=today)


def fresh_key() -> str:
    """Return a key for a point of a programme or a participant."""
    return uuid4().hex[:8]


# --- change them ----------------------------------------------------------------------------------
@transaction.atomic
def set_visit(
    tandem: Tandem, visit: Visit | None, *, person: Person | None, now: datetime, **values: Any
) -> Visit:
    """Plan a visit, or change what is planned.

    Args:
        **values: Columns of ``Visit``.

    Raises:
        WrongTandemState: The tandem has ended, and the visit is new.
        TooLong: It would last for ever.
        BadProgramme: A point of the programme would lie outside.
    """
    check_step(State(tandem.state), Step.WRITE if visit else Step.PREPARE)
    row = visit or Visit(tandem=tandem)
    if visit is not None:
        _reread(visit, "programme")
    for name, value in values.items():
        setattr(row, name, value)
    check_length(span_of(row))
    _refuse_errors(check_programme(items_of(row), span_of(row)))
    return _saved(row, "set", *values, person=person, now=now)


@transaction.atomic
def _saved(row: Visit, verb: str, *columns: str, person: Person | None, now: datetime) -> Visit:
    """Save a new visit, or what was changed of one: what others change meanwhile stays."""
    row.changed_at = now
    row.save(update_fields=None if row._state.adding else [*columns, "changed_at"])
    touch(row.tandem, now)
    audit.record(person, f"exchange.visit.{verb}", iri_of(row.tandem), {"visit": str(row.pk)})
    log.info("exchange.visit.%s", verb, extra={"visit": str(row.pk)})
    return row


def _reread(visit: Visit, column: str) -> None:
    """Read a list anew and keep others from changing it until the end of the transaction."""
    visit.refresh_from_db(fields=[column], from_queryset=Visit.objects.select_for_update())


def _refuse_errors(findings: Iterable[Finding]) -> None:
    for each in findings:
        if each.severity is Severity.ERROR:
            raise BadProgramme(each)


@transaction.atomic
def remove_visit(visit: Visit, *, person: Person | None, now: datetime) -> None:
    """Take a visit away.

    Raises:
        ReportedOn: Its report is done.
    """
    if visit.reported_on is not None:
        raise ReportedOn
    touch(visit.tandem, now)
    audit.record(person, "exchange.visit.remove", iri_of(visit.tandem), {"visit": str(visit.pk)})
    visit.delete()


@transaction.atomic
def set_item(visit: Visit, item: Item, *, person: Person | None, now: datetime) -> list[Finding]:
    """Add a point to the programme, or change the one of that key; return what is worth a second look.

    Raises:
        BadProgramme: It lies outside the visit.
    """
    _reread(visit, "programme")
    known = items_of(visit)
    is_new = all(each.key != item.key for each in known)
    changed = [*known, item] if is_new else [item if each.key == item.key else each for each in known]
    items = ordered(changed)
    found = check_programme(items, span_of(visit))
    _refuse_errors(found)
    visit.programme = [each.as_json() for each in items]
    _saved(visit, "programme", "programme", person=person, now=now)
    return found


@transaction.atomic
def remove_item(visit: Visit, key: str, *, person: Person | None, now: datetime) -> None:
    """Take a point of the programme away."""
    _reread(visit, "programme")
    visit.programme = [each for each in visit.programme if each["key"] != key]
    _saved(visit, "programme", "programme", person=person, now=now)


@transaction.atomic
def set_participant(visit: Visit, who: Participant, *, person: Person | None, now: datetime) -> None:
    """Add somebody who comes, or change the one of that key. A name without an agreement is not kept."""
    _reread(visit, "participants")
    known = participants_of(visit)
    is_new = all(each.key != who.key for each in known)
    changed = [*known, who] if is_new else [who if each.key == who.key else each for each in known]
    visit.participants = [each.as_json() for each in changed]
    _saved(visit, "participants", "participants", person=person, now=now)


@transaction.atomic
def remove_participant(visit: Visit, key: str, *, person: Person | None, now: datetime) -> None:
    """Take a participant away."""
    _reread(visit, "participants")
    visit.participants = [each for each in visit.participants if each["key"] != key]
    _saved(visit, "participants", "participants", person=person, now=now)


def set_report(
    visit: Visit,
    *,
    report: Mapping[str, str],
    done_on: date | None,
    person: Person | None,
    now: datetime,
) -> None:
    """Keep the report of a visit; without ``done_on`` it is a draft that staff only see."""
    visit.report, visit.reported_on = dict(report), done_on
    _saved(visit, "report", "report", "reported_on", person=person, now=now)


# --- what is due ----------------------------------------------------------------------------------
def unreported(*, before: datetime) -> "QuerySet[Visit]":
    """Return the visits that are over and have no report, the oldest first, with their tandems."""
    return (
        Visit.objects.filter(reported_on=None, ends_at__lte=before)
        .select_related("tandem")
        .order_by("ends_at", "pk")
    )


# --- calendars ------------------------------------------------------------------------------------
def public_visits() -> "QuerySet[Visit]":
    """Return the visits of public tandems whose days are known."""
    return (
        Visit.objects.filter(tandem__is_public=True, when={})
        .select_related("tandem")
        .order_by("begins_at", "pk")
    )


def calendar(visits: Iterable[Visit], *, name: str, language: str) -> bytes:
    """Return visits as an iCalendar file; those whose days are not known are left out."""
    return calendar_of(
        (_meeting(each, language) for each in visits if not each.when), name=name, language=language
    )


def _meeting(visit: Visit, language: str) -> Meeting:
    span = span_of(visit)
    whole = span.takes_whole_days
    path = reverse("exchange:visit", args=[visit.tandem.slug, visit.pk])
    return Meeting(
        visit.pk,
        pick(visit.titles, language, default=pick(visit.tandem.titles, language)),
        span.begins.date() if whole else visit.begins_at,
        span.ends.date() if whole else visit.ends_at,
        visit.changed_at,
        visit.place,
        "\n".join(_lines(visit, language)),
        f"{installation.config().server.url}{path}",
    )


def _lines(visit: Visit, language: str) -> Iterable[str]:
    for each in items_of(visit):
        parts = (
            each.on.isoformat() if each.on else "",
            each.at.isoformat("minutes") if each.at else "",
            pick(each.titles, language),
            each.place,
        )
        yield " ".join(part for part in parts if part)
    for question in visit.questions:
        yield f"? {pick(question, language)}"
