"""A measure without gaps, and a room whose things go along with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tandem.core.errors import NotFound
from tandem.core.parts import Input, Part, PartPlan, Step
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.card import (
    Card,
    Contact,
    Cost,
    Grade,
    Indicator,
    Replicability,
    Staff,
    Status,
    Tags,
)
from tandem.exchange.models import Measure
from tandem.exchange.services import measure_parts, measures

NOW = datetime.now(UTC).replace(microsecond=0)
LONG = "Verkehrsberuhigungsmaßnahmenübersichtsverwaltungsverordnung " * 5
TREES = Reference(
    "https://hamm.example/id/dataset/1", "dataset", {"de": "Bäume", "en": "Trees"}, "data/trees/"
)
BENCHES = Reference(
    "https://hamm.example/id/dataset/2", "dataset", {"de": "Bänke", "en": "Benches"}, "data/benches/"
)


def texts(text: str) -> dict[str, str]:
    """Return a text in the three languages."""
    return {"de": f"{text} (de)", "it": f"{text} (it)", "en": text}


def whole_card(card: Card, **changes: Any) -> Card:
    """Return a card with everything that other cities look for."""
    grade = Grade(3, texts("Because it is so"))
    filled = replace(
        card,
        summary=texts("A light that sees cyclists"),
        need=texts("Cyclists wait too long"),
        solution=texts("Cameras upstream"),
        status=Status.IN_OPERATION,
        cost=Cost("EUR", 8_000_000, 120_000, texts("Cameras and work")),
        staff=(Staff(texts("Traffic engineer"), 20, 0.1),),
        legal_basis=texts("Road traffic law"),
        indicators=(Indicator("wait", texts("Mean wait"), "s", "lower", 20),),
        lessons=(texts("Ask the neighbours first"),),
        replicability=Replicability(grade, grade, grade, grade, grade),
        tags=Tags(("green", "digital"), (11,)),
        contact=Contact(texts("Traffic office"), "traffic@hamm.example"),
        licence="CC-BY-4.0",
    )
    return replace(filled, **changes)


def draft_measure(title: str = "Intelligent light", **changes: Any) -> Measure:
    """Return a draft without gaps, with two values of its indicator."""
    made = measures.begin(title=texts(title), person=None, now=NOW)
    measures.describe(made, whole_card(measures.card_of(made), **changes), person=None, now=NOW)
    if not changes:
        for day, value in ((date(2023, 1, 1), "41.5"), (date(2024, 1, 1), "22")):
            add_value(made, day, value)
    return made


def add_value(measure: Measure, day: date, value: str) -> None:
    """Add a value of the measure's indicator."""
    measure_parts.add_evidence(
        measure,
        indicator="wait",
        on=day,
        value=Decimal(value),
        says={},
        address="",
        person=None,
        now=NOW,
    )


def published_measure(title: str = "Intelligent light", **changes: Any) -> Measure:
    """Return a published measure without gaps."""
    made = draft_measure(title, **changes)
    measures.publish(made, person=None, now=NOW)
    return made


@dataclass
class Room:
    """Handles parts of data: what it has is in ``things``."""

    kind: str = "catalogue"
    signs: str = "catalogue:publisher"
    things: dict[str, tuple[Reference, Part]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each, name in ((TREES, "trees"), (BENCHES, "benches")):
            wanted = (Input("publisher", titles={"en": "Publisher"}),)
            part = Part("catalogue", name, each.titles, {"columns": ["art"]}, {"data.csv": b"a\n1\n"}, wanted)
            self.things[each.uri] = (each, part)

    def change(self, uri: str, **changes: Any) -> None:
        """Change a thing as it travels."""
        reference, part = self.things[uri]
        self.things[uri] = (reference, replace(part, **changes))

    def offered(self, query: str, language: str) -> Sequence[Reference]:
        return [each for each, _part in self.things.values() if query.lower() in each.title(language).lower()]

    def pack(self, uri: str) -> Part:
        if uri not in self.things:
            raise NotFound(say("It is gone."))
        return self.things[uri][1]

    def plan(self, part: Part, inputs: Mapping[str, Any]) -> PartPlan:
        return PartPlan([Step(say("A dataset {title} is made.", title=part.titles["en"]))])
