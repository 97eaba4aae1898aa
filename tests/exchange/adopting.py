"""Rooms that keep their things in memory, and what tests of the pages of adoptions do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.test import TestCase
from django.urls import reverse

from tandem.accounts.models import Person
from tandem.core.part_values import MARK
from tandem.core.parts import Input, InputKind, Part
from tandem.core.references import Reference
from tandem.exchange.models import Adoption, MeasureVersion
from tandem.exchange.services import adoption_steps, partner_bundles
from tandem.kit import parts
from tests.exchange.handlers import Room, Session, Store
from tests.exchange.partners import NOW, taken_in

TABLE, SIGNAL = "catalogue/trees", "signal/junction"
RESULT = Reference(
    "urn:evaluation:1", "evaluation", {"en": "Evaluation of Tuesday"}, "junctions/evaluations/1/"
)
PUBLISHER = Input("publisher", titles={"en": "Publisher", "de": "Herausgeber"}, profile="nothing-known")
SPEED = Input(
    "speed", InputKind.INTEGER, {"en": "Speed"}, {"en": "As signed."}, "km/h", 30, least=10, most=50
)
FIELDS = {"publisher": {MARK: "publisher"}, "titles": {"de": "Bäume", "en": "Trees"}}


@dataclass
class SignalRoom(Room):
    """A room whose parts are simulated."""

    results: Sequence[Reference] = (RESULT,)

    def simulations(self, uri: str) -> Sequence[Reference]:
        return self.results


class Rooms:
    """The rooms of a city, as handlers of parts; ``store`` has what they made."""

    def __init__(self) -> None:
        self.store = Store()
        session = Session(self.store)
        self.catalogue, self.signal = Room("catalogue", session), SignalRoom("signal", session)
        for room in (self.catalogue, self.signal):
            parts.register_handler(room)  # type: ignore[arg-type]

    def uri(self, key: str) -> str:
        """Return what was made of a part."""
        return f"urn:{key}/1"


def table(**changed: Any) -> Part:
    """Return a part of data."""
    titles = {"en": "Trees", "de": "Bäume"}
    return Part("catalogue", "trees", titles, {**FIELDS, **changed}, {"a.csv": b"a\n"}, (PUBLISHER,))


def signal(**changed: Any) -> Part:
    """Return a part that is simulated."""
    fields = {"speed": {MARK: "speed"}, **changed}
    return Part("signal", "junction", {"en": "Junction"}, fields, {"junction.json": b"{}"}, (SPEED,))


def offered(*more: Part, number: str = "1.0.0", **changes: Any) -> MeasureVersion:
    """Return a version of Arezzo's measure with a table, and more, that was taken in."""
    return taken_in([table(), *more], number, **changes)


def adopted(person: Person, version: MeasureVersion, **inputs: Any) -> Adoption:
    """Return what came of adopting a version."""
    given = {"publisher": "Stadt Hamm", **inputs}
    ready = partner_bundles.offered(version)
    outcome = adoption_steps.adopt(ready, given, person=person, now=NOW)
    return Adoption.objects.get(pk=outcome.adoption.id)


def state_of(row: Adoption) -> dict[str, str]:
    """Return the state of each part."""
    row.refresh_from_db()
    return {each["key"]: each["state"] for each in row.parts}


def go(client: Any, name: str, *arguments: Any, status: int = 200) -> str:
    """Return a page of the exchange."""
    answer = client.get(reverse(f"exchange:{name}", args=arguments))
    assert answer.status_code == status, answer.content.decode()[-3000:]
    page: str = answer.content.decode()
    return page


def do(client: Any, name: str, *arguments: Any, status: int = 302, **data: Any) -> str:
    """Send a form of the exchange, what waits for the end of the transaction included."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post(reverse(f"exchange:{name}", args=arguments), data)
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-4000:])
    page: str = answer.content.decode()
    return page


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def sign(client: Any, row: Adoption, key: str, **data: Any) -> None:
    """Sign a part off by its page."""
    address = ("adoption_sign_off", row.pk, *key.split("/"))
    do(client, *address, **{"seen": hidden(go(client, *address), "seen"), **data})
