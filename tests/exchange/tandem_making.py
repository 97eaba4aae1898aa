"""Tandems for tests: made by the services, of as many cities as wanted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tandem.core.references import Reference
from tandem.exchange.domain.logbook import Stage, Verdict
from tandem.exchange.domain.visit import Item, Participant
from tandem.exchange.models import Tandem, Topic, Visit
from tandem.exchange.services import logbook, tandems, visits

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BY: dict[str, Any] = {"person": None, "now": NOW}
MAY = date(2022, 5, 17)
MEASURE = Reference("https://partner.example/id/measure/1", "measure", {"en": "Signal"}, "measures/signal/")


def proposed(title: str = "Hamm and Arezzo", others: Sequence[str] = ("arezzo",)) -> Tandem:
    """Return a tandem of Hamm and others, none of which has agreed."""
    tandem = tandems.begin(titles={"en": title}, aims={"en": "To learn."}, on=MAY, **BY)
    for city in others:
        name = {"en": city.title()}
        tandems.invite(tandem, city=city, names=name, codes=[], contact_role="", on=MAY, **BY)
    return tandem


def active(
    title: str = "Hamm and Arezzo", others: Sequence[str] = ("arezzo",), *, public: bool = True
) -> Tandem:
    """Return a tandem that every city agreed to."""
    tandem = proposed(title, others)
    for city in ("hamm", *others):
        tandems.consent(tandem, city, on=MAY, **BY)
    tandems.activate(tandem, on=MAY, **BY)
    if public:
        tandems.publish(tandem, **BY)
    return tandem


def in_state(state: str) -> Tandem:
    """Return a tandem in a state; one that has been active is public."""
    if state == "proposed":
        return proposed()
    tandem = active()
    if state == "waiting":
        tandems.leave(tandem, "arezzo", on=date(2023, 12, 31), because={"en": "No staff."}, **BY)
    elif state == "ended":
        tandems.end(tandem, on=date(2024, 12, 31), **BY)
    return tandem


def a_topic(tandem: Tandem, title: str = "Air quality", **parts: str) -> Topic:
    """Return a topic on which Arezzo leads, or whoever is named."""
    played = parts or {"arezzo": "lead", "hamm": "follow"}
    return tandems.set_topic(tandem, None, titles={"en": title}, parts_played=played, **BY)


def a_visit(tandem: Tandem, begins: datetime, **values: Any) -> Visit:
    """Return a visit of two hours to Hamm."""
    values = {
        "titles": {"en": "Arezzo in Hamm"},
        "host": "hamm",
        "ends_at": begins + timedelta(hours=2),
        **values,
    }
    return visits.set_visit(tandem, None, begins_at=begins, **values, **BY)


def filled(tandem: Tandem, count: int = 1) -> Topic:
    """Return a topic of a tandem that has as many of everything as ``count`` says."""
    first = a_topic(tandem)
    for number in range(count):
        topic = first if number == 0 else a_topic(tandem, f"Topic {number}")
        of = {"on": MAY, "reference": None, **BY}
        logbook.set_question(
            topic, None, questions={"en": f"Why {number}?"}, due_on=MAY, lessons={}, done_on=None, **BY
        )
        logbook.set_entry(first, None, stage=Stage.NEED, texts={"en": f"Need {number}"}, **of)
        logbook.set_decision(
            first,
            None,
            measure=MEASURE,
            city="hamm",
            verdict=Verdict.WATCH,
            reasons={"en": "Later."},
            on=MAY,
            **BY,
        )
        logbook.set_cost(tandem, None, city="hamm", on=MAY, titles={"en": "Train"}, cents=123_456, **BY)
        visit = a_visit(tandem, datetime(2023, 9, 7, 7, 30, tzinfo=UTC) + timedelta(days=number))
        visits.set_item(visit, Item("a", {"en": "The signal"}, visit.begins_at.date(), None, 30), **BY)
        visits.set_participant(visit, Participant("p", "arezzo", "Head of traffic"), **BY)
    return first
