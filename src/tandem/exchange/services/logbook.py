"""What a tandem learns: questions of the agenda and lessons, the logbook, decisions, costs."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TypeVar

from django.db import models, transaction
from django.db.models import QuerySet
from django.urls import reverse

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.references import Reference
from tandem.exchange.domain.lifecycle import Status
from tandem.exchange.domain.tandem import State, Step, check_step
from tandem.exchange.models import AgendaItem, Decision, LogEntry, Measure, Tandem, Topic, Visit
from tandem.exchange.models.tandems import TandemCost
from tandem.exchange.services.tandems import iri_of, touch
from tandem.kit import installation

log = logging.getLogger(__name__)
MOST_OFFERED = 200
Row = TypeVar("Row", bound=models.Model)


# --- the agenda -----------------------------------------------------------------------------------
@transaction.atomic
def set_question(
    topic: Topic,
    item: AgendaItem | None,
    *,
    questions: Mapping[str, str],
    due_on: date | None,
    lessons: Mapping[str, str],
    done_on: date | None,
    person: Person | None,
    now: datetime,
) -> AgendaItem:
    """Add a question to a topic's agenda, or change one, and write down what was learnt.

    Raises:
        WrongTandemState: The tandem has ended, and the question is new.
    """
    check_step(State(topic.tandem.state), Step.WRITE if item else Step.PREPARE)
    row = item or AgendaItem()
    row.topic, row.questions, row.due_on = topic, dict(questions), due_on
    row.lessons, row.done_on = dict(lessons), done_on
    return _saved(row, topic.tandem, "agenda", person=person, now=now)


def due_questions() -> "QuerySet[AgendaItem]":
    """Return the questions that are not answered and have a day, the most urgent first, with their tandems."""
    return (
        AgendaItem.objects.filter(done_on=None, due_on__isnull=False)
        .exclude(topic__tandem__state=State.ENDED)
        .select_related("topic__tandem")
        .order_by("due_on", "id")
    )


# --- the logbook ----------------------------------------------------------------------------------
@transaction.atomic
def set_entry(
    topic: Topic,
    entry: LogEntry | None,
    *,
    on: date,
    stage: str,
    texts: Mapping[str, str],
    reference: Reference | None,
    person: Person | None,
    now: datetime,
) -> LogEntry:
    """Write an entry of a topic's logbook, or change one."""
    check_step(State(topic.tandem.state), Step.WRITE)
    row = entry or LogEntry(tandem=topic.tandem, topic=topic, written_by=person, written_at=now)
    row.on, row.stage, row.texts = on, stage, dict(texts)
    row.reference = asdict(reference) if reference else None
    return _saved(row, topic.tandem, "log", person=person, now=now)


@transaction.atomic
def set_decision(
    topic: Topic,
    decision: Decision | None,
    *,
    measure: Reference,
    city: str,
    verdict: str,
    reasons: Mapping[str, str],
    on: date,
    person: Person | None,
    now: datetime,
) -> Decision:
    """Write down what a city decided about a measure, or change it."""
    check_step(State(topic.tandem.state), Step.WRITE)
    row = decision or Decision(topic=topic, decided_by=person)
    row.measure, row.city, row.verdict, row.on = asdict(measure), city, verdict, on
    row.reasons = dict(reasons)
    return _saved(row, topic.tandem, "decision", person=person, now=now)


@transaction.atomic
def set_cost(
    tandem: Tandem,
    cost: TandemCost | None,
    *,
    city: str,
    on: date,
    titles: Mapping[str, str],
    cents: int,
    person: Person | None,
    now: datetime,
) -> TandemCost:
    """Write down what something cost a city, or change it."""
    check_step(State(tandem.state), Step.WRITE)
    row = cost or TandemCost(tandem=tandem)
    row.city, row.on, row.titles, row.cents = city, on, dict(titles), cents
    return _saved(row, tandem, "cost", person=person, now=now)


def _saved(row: Row, tandem: Tandem, noun: str, *, person: Person | None, now: datetime) -> Row:
    row.save()
    touch(tandem, now)
    audit.record(person, f"exchange.{noun}.set", iri_of(tandem), {noun: row.pk})
    log.info("exchange.%s.set", noun, extra={"tandem": tandem.slug, noun: row.pk})
    return row


@transaction.atomic
def remove(
    row: AgendaItem | LogEntry | Decision | TandemCost,
    tandem: Tandem,
    *,
    person: Person | None,
    now: datetime,
) -> None:
    """Take a question, an entry, a decision or a cost away."""
    nouns: dict[type[models.Model], str] = {
        AgendaItem: "agenda",
        LogEntry: "log",
        Decision: "decision",
        TandemCost: "cost",
    }
    noun = nouns[type(row)]
    touch(tandem, now)
    audit.record(person, f"exchange.{noun}.remove", iri_of(tandem), {noun: row.pk})
    row.delete()


# --- what is referred to --------------------------------------------------------------------------
def offered_measures() -> list[Reference]:
    """Return the published measures, ours and the partners', the newest first."""
    rows = Measure.objects.filter(status=Status.PUBLISHED).order_by("-changed_at")[:MOST_OFFERED]
    return [
        Reference(each.iri, "measure", each.card.get("title", {}), f"measures/{each.slug}/") for each in rows
    ]


def offered_visits(tandem: Tandem) -> list[Reference]:
    """Return the visits of a tandem."""
    return [visit_reference(each, tandem) for each in tandem.visits.all()]


def visit_reference(visit: Visit, tandem: Tandem) -> Reference:
    """Return a visit as something to refer to."""
    server = installation.config().server.url
    path = reverse("exchange:visit", args=[tandem.slug, visit.pk]).split("/", 2)[2]
    return Reference(f"{server}/id/visit/{visit.pk}", "visit", visit.titles, path)
