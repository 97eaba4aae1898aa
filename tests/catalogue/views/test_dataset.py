"""The page of one dataset."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tandem.catalogue.models import Distribution, LinkCheck
from tests.accounts.people import client_of, somebody
from tests.catalogue import published
from tests.pages import PageClient
from tests.site.content import dataset

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_folder")]
ELSEWHERE = "https://a.example/baeume.csv"


def page_of(client: PageClient, slug: str, language: str = "de") -> str:
    answer = client.get(f"/{language}/data/{slug}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_keyword_leads_to_what_has_it_whatever_it_is_written_with(page_client: PageClient):
    made = dataset(keywords={"de": ["R&D #1", "Bäume+Sträucher"]})

    page = page_of(page_client, made.slug)

    assert 'href="/de/data/?q=R%26D+%231"' in page
    assert 'href="/de/data/?q=B%C3%A4ume%2BStr%C3%A4ucher"' in page


def test_a_text_in_another_language_than_the_page_says_which(page_client: PageClient):
    made = dataset(descriptions={"de": "Alle Bäume der Stadt."})

    assert '<div class="prose" lang="de"><p>Alle Bäume der Stadt.</p></div>' in page_of(
        page_client, made.slug, "it"
    )
    assert '<div class="prose"><p>Alle Bäume der Stadt.</p></div>' in page_of(page_client, made.slug, "de")


def test_the_points_are_those_of_the_dashboard():
    made = dataset()
    Distribution.objects.create(
        dataset=made,
        position=0,
        description={"iri": "urn:x", "access_url": ELSEWHERE, "download_url": ELSEWHERE},
    )
    LinkCheck.objects.create(url=ELSEWHERE, answers=True, next_at=timezone.now())
    officer = client_of(somebody("catalogue:editor"))

    [row] = officer.get("/de/data/quality/").context["rows"]
    shown = officer.get(f"/de/data/{made.slug}/").context["quality"]
    asked = officer.get(f"/de/data/{made.slug}/describe/").context["quality"]

    assert (shown["points"], asked["points"]) == (row["points"], row["points"])


@pytest.mark.parametrize("files", [1, 30])
def test_the_page_asks_the_database_eight_times_at_most(page_client: PageClient, files: int):
    made = published.dataset(files=files)
    page_of(page_client, made.slug)
    with CaptureQueriesContext(connection) as queries:
        page_of(page_client, made.slug)

    assert len(queries) <= 8, [each["sql"][:200] for each in queries.captured_queries]
