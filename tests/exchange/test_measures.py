"""Measures as everybody reads them: the list, one with everything about it, its persistent address."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tandem.exchange.domain.card import Status
from tandem.exchange.models import Measure, MeasureVersion, Receipt
from tandem.exchange.services import indexing, measure_parts, measures, releasing
from tandem.kit import search
from tests.exchange.measures import (
    LONG,
    NOW,
    TREES,
    add_value,
    draft_measure,
    published_measure,
    texts,
    whole_card,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.exchange.id_urls")]
LIST = "exchange:measures"


def page_of(client, measure, language="en"):
    answer = client.get(f"/{language}/measures/{measure.slug}/")
    assert answer.status_code == 200
    return answer.content.decode()


def receipt(measure, city="arezzo", state="live", values=()):
    return Receipt.objects.create(
        measure=measure,
        city=city,
        adoption=f"{city}-1",
        version="1.0.0",
        state=state,
        values=list(values),
        told_at=NOW,
    )


def partners_measure(number=1):
    """Return a public measure of Arezzo with a version that lies there."""
    iri = f"http://localhost:8001/id/measure/{number}"
    card = {
        "format": "tandem-measure/1",
        "id": iri,
        "version": "2.0.0",
        "city": "arezzo",
        "title": {"it": "Aria pulita"},
        "status": "trial",
    }
    made = Measure.objects.create(
        iri=iri, slug=f"aria-{number}", city="arezzo", status="published", card=card, changed_at=NOW
    )
    MeasureVersion.objects.create(
        measure=made,
        number="2.0.0",
        card=card,
        changes={"it": "Nuovo"},
        sha256="0" * 64,
        address=f"{iri}/2.0.0.zip",
        released_at=NOW,
    )
    indexing.index_measure(made)
    return made


# --- one ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_a_measure_says_need_solution_effect_means_and_readiness(measure, page_client, language):
    page = page_of(page_client, measure, language)
    own = "" if language == "en" else f" ({language})"

    for text in (
        "Cyclists wait too long",
        "Cameras upstream",
        "Mean wait",
        "Road traffic law",
        "Traffic engineer",
        "Ask the neighbours first",
        "Because it is so",
        "Traffic office",
    ):
        assert f"{text}{own}" in page
    assert page.index("Cyclists wait") < page.index("Cameras upstream") < page.index("Mean wait")
    assert measure.iri in page


def test_values_stand_beside_target_direction_and_city(measure, page_client):
    receipt(
        measure,
        values=[
            {"indicator": "wait", "on": "2025-01-01", "value": 30},
            {"indicator": "other", "on": "2025-01-01", "value": 1},
        ],
    )
    page = page_of(page_client, measure)
    table = page[page.index("Latest value") : page.index("What it took")]
    places = [table.index(each) for each in ("Hamm", "41.5", ">22<", ">20<", "less is better")]

    assert places == sorted(places)
    assert "Arezzo" in table
    assert "30" in table
    assert "Who took it over" in page


def test_an_indicator_without_values_says_so(db, page_client):
    made = published_measure(lessons=())
    assert "not measured yet" in page_of(page_client, made)


def test_an_example_says_that_it_is_one(measure, page_client):
    assert "This is an example" not in page_of(page_client, measure)
    Measure.objects.update(is_example=True)
    assert "This is an example" in page_of(page_client, measure)


def test_a_partners_measure_leads_to_its_bundle_there(db, page_client):
    made = partners_measure()
    page = page_of(page_client, made)

    assert "From a partner city" in page
    assert f'href="{made.iri}/2.0.0.zip"' in page
    assert page_client.get(f"/en/measures/{made.slug}/2.0.0.zip").status_code == 404


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_a_title_of_300_letters_is_no_trouble(db, page_client, client_as, language):
    made = published_measure(LONG[:290])
    measures.describe(
        made, whole_card(measures.card_of(made), summary=texts(LONG), need=texts(LONG)), person=None, now=NOW
    )
    assert LONG[:290] in page_of(page_client, made, language)
    assert LONG[:290] in page_client.get(f"/{language}/measures/").content.decode()
    assert (
        client_as("exchange:exchange-officer").get(f"/{language}/measures/{made.slug}/edit/what/").status_code
        == 200
    )


def test_a_measure_may_say_next_to_nothing(db, page_client, client_as):
    made = measures.begin(title={"it": "Solo un titolo"}, person=None, now=NOW)
    assert "Solo un titolo" in page_of(client_as("exchange:reader"), made)
    assert page_client.get(f"/en/measures/{made.slug}/").status_code == 404
    assert search.search("titolo", language="it").total == 0


# --- all ----------------------------------------------------------------------------------------
def test_an_empty_list_says_how_to_begin(db, page_client, client_as):
    assert "No measure is published yet" in page_client.get(reverse(LIST)).content.decode()
    officers = client_as("exchange:exchange-officer").get(reverse(LIST)).content.decode()
    assert reverse("exchange:measure_new") in officers


def test_the_list_says_status_cost_version_and_who_uses_it(measure, page_client):
    releasing.release(measure, number="1.0.0", changes=texts("First"), person=None, now=NOW)
    receipt(measure)
    receipt(measure, city="krefeld", state="undone")
    page = page_client.get(reverse(LIST)).content.decode()

    for text in ("A light that sees cyclists", "in operation", "80,000", "version 1.0.0", "1 city uses it"):
        assert text in page


def test_a_search_narrows_down_and_keeps_what_was_typed(measure, page_client):
    partners_measure()
    published_measure("Air", status=Status.TRIAL)
    assert page_client.get(reverse(LIST), {"q": "cyclists"}).content.decode().count('class="result"') == 2
    found = page_client.get(reverse(LIST), {"q": "intelligent", "status": "in-operation", "city": "hamm"})
    page = found.content.decode()

    assert page.count('class="result"') == 1
    assert 'value="intelligent"' in page
    nothing = page_client.get(reverse(LIST), {"q": "zzzz"}).content.decode()
    assert "Nothing found" in nothing


@pytest.mark.parametrize(
    "query", [{"page": "²"}, {"page": "99"}, {"page": "-1"}, {"city": "'"}, {"tag": "sdg-99"}, {"q": "\x00"}]
)
def test_strange_queries_get_a_page(measure, page_client, query):
    assert page_client.get(reverse(LIST), query).status_code == 200


def test_the_useful_come_first(db, room, page_client):
    with_parts = published_measure("With parts", status=Status.TRIAL)
    measure_parts.add_part(with_parts, "catalogue", TREES, person=None, now=NOW)
    releasing.release(with_parts, number="1.0.0", changes=texts("First"), person=None, now=NOW)
    published_measure("Words only", status=Status.TRIAL)
    page = page_client.get(reverse(LIST)).content.decode()

    assert page.index("With parts") < page.index("Words only")
    narrowed = page_client.get(reverse(LIST), {"parts": "yes"}).content.decode()
    assert "Words only" not in narrowed


def test_everything_is_found_again_after_a_rebuild(measure):
    draft_measure("Hidden")
    search.remove([measure.iri])
    assert indexing.write_all() == 1
    [hit] = search.search("cyclists", language="en").hits
    assert (hit.uri, hit.kind, hit.path) == (measure.iri, "measure", f"measures/{measure.slug}/")


# --- announced, withdrawn -----------------------------------------------------------------------
def test_an_announced_draft_can_be_known_of_and_no_more(db, page_client, client_as):
    made = draft_measure("Heat warning")
    measures.announce(made, texts("We write it up in spring"), person=None, now=NOW)
    page = page_of(page_client, made)

    assert "We write it up in spring" in page
    assert "Cyclists wait too long" not in page
    assert "Being prepared" in page_client.get(reverse(LIST)).content.decode()
    assert page_client.get(f"/id/measure/{made.pk}.json").status_code == 404
    assert "Cyclists wait too long" in page_of(client_as("exchange:reader"), made)
    measures.announce(made, {}, person=None, now=NOW)
    assert page_client.get(f"/en/measures/{made.slug}/").status_code == 404


def test_a_withdrawn_measure_is_gone_with_its_reason(measure, page_client, client_as):
    releasing.release(measure, number="1.0.0", changes=texts("First"), person=None, now=NOW)
    measures.withdraw(measure, reason=texts("The cameras were sold"), person=None, now=NOW)

    for address in (
        f"/en/measures/{measure.slug}/",
        f"/en/measures/{measure.slug}/1.0.0.zip",
        f"/id/measure/{measure.pk}/1.0.0.zip",
        f"/id/measure/{measure.pk}.json",
    ):
        answer = page_client.get(address)
        assert (address, answer.status_code) == (address, 410)
        assert "The cameras were sold" in answer.content.decode()
    assert search.search("cyclists", language="en").total == 0
    assert page_client.get(f"/id/measure/{measure.pk}").status_code == 303
    assert "The cameras were sold" in page_of(client_as("exchange:reader"), measure)


# --- for machines -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("accept", "suffix"), [("text/html", ""), ("*/*", ""), ("application/json", ".json"), ("", "")]
)
def test_the_persistent_address_answers_people_and_machines(measure, page_client, accept, suffix):
    answer = page_client.get(f"/id/measure/{measure.pk}", headers={"accept": accept} if accept else {})

    assert answer.status_code == 303
    page = f"/measures/{measure.slug}/"
    assert answer["Location"].endswith(f"/id/measure/{measure.pk}.json" if suffix else page)
    assert "Accept" in answer["Vary"].split(", ")
    assert measure.iri.endswith(f"/id/measure/{measure.pk}")


def test_machines_read_the_card_and_the_versions(measure, page_client):
    version = releasing.release(measure, number="1.0.0", changes=texts("First"), person=None, now=NOW)
    answer = page_client.get(f"/id/measure/{measure.pk}.json")
    said = answer.json()

    assert said["card"]["need"] == texts("Cyclists wait too long")
    assert said["versions"][0]["sha256"] == version.sha256
    assert answer["Access-Control-Allow-Origin"] == "*"
    bundle = page_client.get(said["versions"][0]["bundle"].removeprefix("http://localhost:8000"))
    assert b"".join(bundle.streaming_content)[:2] == b"PK"


def test_a_partners_address_is_not_ours_to_answer(db, page_client):
    made = partners_measure()
    assert page_client.get(f"/id/measure/{made.pk}").status_code == 404
    assert page_client.get(f"/id/measure/{made.pk}.json").status_code == 404


# --- how much it takes --------------------------------------------------------------------------
def many(count):
    for number in range(count):
        made = published_measure(f"Measure {number}")
        for day in range(2):
            add_value(made, NOW.date() + timedelta(days=day), "1")
        receipt(made, city=f"city{number}")
        releasing.release(made, number="1.0.0", changes=texts("First"), person=None, now=NOW)
    return made


@pytest.mark.parametrize("roles", [[], ["exchange:exchange-officer"]])
@pytest.mark.parametrize("count", [1, 30])
def test_pages_take_few_queries_whatever_their_number(db, page_client, client_as, roles, count):
    made = many(1) if count == 1 else many(count)
    measures.announce(draft_measure("Soon"), texts("Soon"), person=None, now=NOW)
    for number in range(count):
        receipt(made, city=f"other{number}")
    client = client_as(*roles) if roles else page_client
    addresses = [reverse(LIST), reverse(LIST) + "?q=measure", f"/en/measures/{made.slug}/"]
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= 8, [query["sql"][:150] for query in queries]
