"""Several people adopt the same measure at the same moment, each over a connection of their own."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tandem.core.parts import Part, PartPlan
from tandem.core.references import Reference
from tandem.exchange.domain.adoption import State
from tandem.exchange.domain.planning import MeasureVersion, NotReady
from tandem.exchange.models import Adoption, Evidence, Measure
from tandem.exchange.services.acting import Acting, AlreadyAdopted, Outcome
from tandem.exchange.services.adopting import adopt, undo
from tandem.exchange.services.ledger import DjangoLedger
from tests.exchange.handlers import NOW, Person

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4
IRI = "https://arezzo.example/m/trees"


@dataclass
class Rows:
    """A room whose things are rows: what is rolled back is gone."""

    kind: str = "indicator"
    signs: str = "exchange:exchange-officer"

    def plan(self, part: Part, inputs: Mapping[str, Any]) -> PartPlan:
        return PartPlan()

    def make(self, part: Part, inputs: Mapping[str, Any], *, person: Any, now: datetime) -> Reference:
        measure = Measure.objects.get(iri=IRI)
        row = Evidence.objects.create(measure=measure, city="hamm", on=now.date(), says=dict(part.fields))
        return Reference(f"urn:evidence:{row.pk}", "evidence")

    def fields_of(self, uri: str) -> Mapping[str, Any] | None:
        row = Evidence.objects.filter(pk=uri.rpartition(":")[2]).first()
        return None if row is None else row.says

    def undo(self, uri: str, *, person: Any, now: datetime) -> None:
        Evidence.objects.filter(pk=uri.rpartition(":")[2]).delete()


def version(number: str) -> MeasureVersion:
    return MeasureVersion(IRI, number, (Part("indicator", "trees", {}, {"en": number}),))


def acting(person: int) -> Acting:
    return Acting(DjangoLedger(NOW), {"indicator": Rows()}, "hamm", Person(person), NOW)


def at_once(works: list[Callable[[], Outcome]]) -> list[Outcome | Exception]:
    """Do several things at the same moment, each in a thread with its own connection."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], Outcome]) -> Outcome | Exception:
        barrier.wait()
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.fixture
def measure(transactional_db: None) -> Measure:
    return Measure.objects.create(iri=IRI, slug="trees", city="arezzo", changed_at=NOW)


def test_adopting_at_once_is_one_adoption(measure):
    found = at_once(
        [lambda person=person: adopt(acting(person), version("1.0.0"), {}) for person in range(PEOPLE)]
    )

    row = Adoption.objects.get()
    assert all(isinstance(each, Outcome) for each in found), found
    assert {each.adoption.id for each in found} == {str(row.pk)}
    assert sorted(each.changed for each in found) == [False] * (PEOPLE - 1) + [True]
    assert [each.says for each in Evidence.objects.all()] == [{"en": "1.0.0"}]


def test_of_several_versions_one_is_adopted_and_the_others_are_told(measure):
    numbers = [f"1.{minor}.0" for minor in range(PEOPLE)]
    found = at_once([lambda number=number: adopt(acting(1), version(number), {}) for number in numbers])

    row = Adoption.objects.get()
    done = [each for each in found if isinstance(each, Outcome)]
    assert [each.adoption.version for each in done] == [row.version]
    refused = [each for each in found if each is not done[0]]
    assert all(isinstance(each, AlreadyAdopted | NotReady) for each in refused), refused
    assert [each.says for each in Evidence.objects.all()] == [{"en": row.version}]


def test_undoing_at_once_is_undone_once(measure):
    made = adopt(acting(1), version("1.0.0"), {}).adoption.id
    found = at_once([lambda person=person: undo(acting(person), made) for person in range(PEOPLE)])

    assert sum(isinstance(each, Outcome) for each in found) == 1
    assert {type(each).__name__ for each in found} == {"Outcome", "NotPossible"}
    assert (Adoption.objects.get().state, Evidence.objects.count()) == (State.UNDONE, 0)
