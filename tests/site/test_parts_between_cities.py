"""A junction and an indicator go from Hamm to Arezzo in a signed bundle, and through the whole life of an adoption."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import TestCase

from tandem.accounts.models import Person
from tandem.exchange.domain.adoption import STANDING, Adoption, NotPossible, NotTheirs, State
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.domain.planning import MeasureVersion
from tandem.exchange.models import AdoptedIndicator, IndicatorValue, Measure
from tandem.exchange.services import (
    adopting,
    bundles,
    indicators,
    measure_parts,
    measures,
    own_values,
    releasing,
    updating,
)
from tandem.exchange.services.acting import Acting, PartFailed
from tandem.junctions.domain.approval import Action
from tandem.junctions.models import Junction
from tandem.junctions.services import evaluations, files, register
from tandem.kit.parts import handlers
from tests.accounts.people import somebody
from tests.exchange.indicators import arezzo
from tests.exchange.measures import draft_measure, texts
from tests.junctions.messages import file_of
from tests.junctions.test_evaluations import RESULTS

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
ENGINEER, OFFICER = "junctions:traffic-engineer", "exchange:exchange-officer"
SIGNAL, INDICATOR = "signal/markt", "indicator/wait"
INPUTS = {
    "markt-title": "Via Roma",
    "markt-latitude": 43.46,
    "markt-longitude": 11.88,
    "indicator-responsible": "Ufficio mobilità",
}


@dataclass
class Ledger:
    """Adoptions in memory, the rooms' rows in the database: what fails takes both back."""

    adoptions: dict[str, Adoption] = field(default_factory=dict)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        before = dict(self.adoptions)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self.adoptions = before
            raise

    def new_id(self) -> str:
        return f"adoption-{len(self.adoptions) + 1}"

    def find(self, adoption_id: str) -> Adoption:
        return self.adoptions[adoption_id]

    def standing(self, measure: str) -> Adoption | None:
        found = [
            each for each in self.adoptions.values() if each.measure == measure and each.state in STANDING
        ]
        return found[0] if found else None

    def add(self, adoption: Adoption) -> None:
        self.adoptions[adoption.id] = adoption

    save = add

    def measured(self, measure: str) -> Mapping[str, Sequence[Measured]]:
        return own_values.measured(measure)


@pytest.fixture
def people(settings: Any) -> dict[str, Person]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return {name: somebody(ENGINEER, OFFICER, armed=False) for name in ("officer", "one", "two")}


def approved(junction: Junction, content: bytes, people: dict[str, Person]) -> None:
    """Let two engineers bring a file to its approval."""
    newest = junction.versions.first()
    if newest is None or newest.text.encode() != content:
        newest = files.receive(junction, content, note="", person=people["one"], now=NOW)
    files.decide(newest, Action.PROPOSE, person=people["one"], reason="Sound.", now=NOW)
    files.decide(newest, Action.APPROVE, person=people["two"], reason="", now=NOW)


@pytest.fixture
def light(people: dict[str, Person]) -> Measure:
    """Return a measure of Hamm with a junction and an indicator."""
    junction = register.begin(
        titles={"de": "Markt"}, summaries={"de": "Eine Kreuzung."}, person=None, now=NOW
    )
    register.publish(junction, person=None, now=NOW)
    approved(junction, file_of(), people)
    measure = draft_measure()
    for kind, words in (("signal", "Markt"), ("indicator", "wait")):
        [found] = handlers()[kind].offered(words, "de")
        measure_parts.add_part(measure, kind, found, person=None, now=NOW)
    measures.publish(measure, person=None, now=NOW)
    return measure


def given_out(measure: Measure, number: str) -> MeasureVersion:
    """Return a version of a measure as it comes out of its signed bundle."""
    row = releasing.release(measure, number=number, changes=texts("New"), person=None, now=NOW)
    with default_storage.open(row.stored) as file:
        opened = bundles.open_bundle(file.read())
    return MeasureVersion(opened.card.id, number, tuple(opened.parts))


def test_a_junction_and_an_indicator_are_adopted_simulated_signed_updated_and_undone(
    light: Measure, people: dict[str, Person], settings: Any
):
    first, ledger = given_out(light, "1.0.0"), Ledger()
    assert [part.key for part in first.parts] == [INDICATOR, SIGNAL]

    def acting(name: str) -> Acting:
        return Acting(ledger, handlers(), "arezzo", people[name], NOW, {})

    with arezzo(settings):
        done = adopting.adopt(acting("officer"), first, INPUTS)
        one = done.adoption.id
        parts = {part.key: part for part in done.adoption.parts}
        junction = Junction.objects.get(iri=parts[SIGNAL].reference.uri)
        indicator = AdoptedIndicator.objects.get(iri=parts[INDICATOR].reference.uri)
        for key, part in parts.items():
            assert handlers()[part.kind].fields_of(part.reference.uri) == part.base, key

        # A signal is signed off only after a simulation of just this file, by a second person.
        roles = [ENGINEER, OFFICER]
        with pytest.raises(NotPossible, match="simulated first"):
            adopting.sign_off(acting("one"), one, SIGNAL, roles=roles)
        simulated(junction)
        adopting.attach_simulation(acting("officer"), one, SIGNAL, newest_simulation(junction))
        with pytest.raises(NotTheirs):
            adopting.sign_off(acting("officer"), one, SIGNAL, roles=roles)
        with pytest.raises(NotTheirs):
            adopting.sign_off(acting("one"), one, SIGNAL, roles=[OFFICER])
        adopting.sign_off(acting("one"), one, SIGNAL, roles=roles)
        adopting.sign_off(acting("officer"), one, INDICATOR, roles=[OFFICER])

        # A value from before is no change of the part, and is told to nobody yet.
        indicators.enter(
            indicator, on=date(2026, 5, 31), value=Decimal("31.5"), note="", person=None, now=NOW
        )
        assert adopting.tell(acting("officer"), one).indicators == {}
        with pytest.raises(PartFailed, match="not approved"):
            adopting.go_live(acting("officer"), one)
        indicator.refresh_from_db()
        assert indicator.state == "draft"  # nothing of the measure is live where one part is not

        approved(junction, file_of(), people)
        live = adopting.go_live(acting("officer"), one)
        junction.refresh_from_db()
        assert (live.adoption.state, junction.status) == (State.LIVE, "published")
        assert live.receipt.indicators == {"wait": (Measured(date(2026, 5, 31), 31.5),)}

    # Hamm changes both; Arezzo has its own title.
    with TestCase.captureOnCommitCallbacks(execute=True):
        card = measures.card_of(light)
        measures.describe(
            light, replace(card, indicators=(replace(card.indicators[0], target=15),)), person=None, now=NOW
        )
        approved(Junction.objects.get(slug="markt"), file_of(name="Newer"), people)
    second = given_out(light, "1.1.0")
    with arezzo(settings):
        register.change(junction, person=None, now=NOW, titles={"it": "Piazza Grande"})
        planned = updating.plan_update(acting("officer"), one, second, INPUTS)
        assert planned.can_be_carried_out
        updated = updating.update(acting("officer"), one, second, INPUTS, seen=planned.seen)
        shown = handlers()["signal"].fields_of(junction.iri)
        indicator.refresh_from_db()
        assert (shown["title"], indicator.fields["target"]) == ("Piazza Grande", 15)
        assert [(each.number, each.state) for each in junction.versions.all()] == [
            (2, "uploaded"),
            (1, "approved"),
        ]
        assert updated.adoption.part(SIGNAL).simulation is None
        assert handlers()["signal"].simulations(junction.iri) == []

        gone = adopting.retire(acting("officer"), one, reason="Over", confirmed=[SIGNAL])
        junction.refresh_from_db()
        indicator.refresh_from_db()
        assert (gone.adoption.state, junction.status, indicator.state) == (
            State.RETIRED,
            "withdrawn",
            "withdrawn",
        )
        assert IndicatorValue.objects.count() == 1


def test_where_one_part_fails_nothing_of_the_other_stays(
    light: Measure, people: dict[str, Person], settings: Any, monkeypatch: pytest.MonkeyPatch
):
    offered, ledger = given_out(light, "1.0.0"), Ledger()

    def broken(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(files, "receive", broken)
    with arezzo(settings), pytest.raises(PartFailed, match=SIGNAL):
        adopting.adopt(Acting(ledger, handlers(), "arezzo", people["officer"], NOW, {}), offered, INPUTS)
    assert (AdoptedIndicator.objects.count(), Junction.objects.count(), ledger.adoptions) == (0, 1, {})


def simulated(junction: Junction) -> None:
    evaluations.add(
        junction,
        titles={"it": "Prima e dopo"},
        results=RESULTS,
        report=None,
        version=junction.versions.first(),
        policy="",
        made_on=NOW.date() - timedelta(days=1),
        person=None,
        now=NOW,
    )


def newest_simulation(junction: Junction) -> Any:
    [found] = handlers()["signal"].simulations(junction.iri)
    return found
