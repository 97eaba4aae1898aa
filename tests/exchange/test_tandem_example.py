"""The example tandem of Hamm and Arezzo: the facts, and what is made up labelled as such."""

from datetime import date

import pytest

from tandem.exchange.examples import tandem_hamm_arezzo
from tandem.exchange.models import AgendaItem, Decision, LogEntry, Tandem, Visit
from tandem.exchange.services.visits import span_of
from tests.exchange.tandem_making import NOW

pytestmark = pytest.mark.django_db
NOT_TAKEN_OVER = {
    "de": "in keiner der beiden Richtungen belegt",
    "it": "in nessuna delle due direzioni",
    "en": "No measure is documented as taken over in either direction.",
}


@pytest.fixture
def tandem() -> Tandem:
    assert tandem_hamm_arezzo.load(now=NOW) == 1
    return Tandem.objects.get()


def test_it_is_made_once(tandem: Tandem):
    assert tandem_hamm_arezzo.load(now=NOW) == 0
    assert (tandem.is_example, tandem.is_public, tandem.state) == (True, True, "active")


def test_the_two_visits_are_those_that_took_place(tandem: Tandem):
    autumn, september = Visit.objects.order_by("begins_at")
    assert (autumn.host, autumn.when["en"], len(autumn.programme)) == ("arezzo", "autumn 2022", 3)
    assert (september.host, september.when, len(september.programme)) == ("hamm", {}, 6)
    assert span_of(september).days == [date(2023, 9, 7), date(2023, 9, 8)]
    assert {each["on"] for each in (*autumn.programme, *september.programme)} == {""}
    assert [*autumn.participants, *september.participants] == []


def test_nothing_is_told_that_nobody_documented(tandem: Tandem):
    assert set(LogEntry.objects.values_list("stage", flat=True)) == {"look"}
    assert Decision.objects.count() == 0
    assert {each.questions["de"].partition(":")[0] for each in AgendaItem.objects.all()} == {"Beispiel"}


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_the_pages_say_that_nothing_was_taken_over_and_that_it_is_an_example(tandem, page_client, language):
    base = f"/{language}/tandems/{tandem.slug}/"
    assert NOT_TAKEN_OVER[language] in page_client.get(base).content.decode()
    topic, visit = tandem.topics.first(), tandem.visits.first()
    for page in (base, f"{base}learning/", f"{base}topics/{topic.pk}/", f"{base}visits/{visit.pk}/"):
        assert page_client.get(page).status_code == 200
