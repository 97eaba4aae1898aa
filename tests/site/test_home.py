"""The home page: what is going on, in numbers that are true; and how to begin where nothing is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.accounts.people import client_of, somebody
from tests.pages import PageClient
from tests.site.content import dataset, partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_shows_what_is_new_of_ours_and_of_the_partner(page_client: PageClient, language: str):
    dataset("Straßenbäume")
    dataset("Aree verdi", source=partner())
    page = page_client.get(f"/{language}/")
    text = page.content.decode()

    assert page.status_code == 200
    assert [block.id for block in page.context["blocks"]] == ["data", "partners"]
    assert "Hamm" in text
    assert all(title in text for title in ("Straßenbäume", "Aree verdi"))


def test_numbers_are_those_of_what_is_published(page_client: PageClient):
    for _number in range(3):
        dataset()
    dataset(source=partner())
    withdrawn = dataset()
    withdrawn.status = "withdrawn"
    withdrawn.save()
    from tandem.catalogue.services.indexing import index_dataset

    index_dataset(withdrawn)
    page = page_client.get("/en/")

    assert page.context["figures"] == [
        ("3 datasets from Hamm", "/en/search/?city=hamm"),
        ("1 dataset from Arezzo", "/en/search/?city=arezzo"),
    ]
    assert page_client.get(page.context["figures"][0][1]).context["total"] == 3


def test_takes_as_many_queries_for_thirty_as_for_one():
    client, counts = PageClient(), []
    for many in (1, 29):
        for _number in range(many):
            dataset()
            dataset(source=partner())
        client.get("/de/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/de/")
        counts.append(len(queries))

    assert counts == [6, 6], [query["sql"] for query in queries.captured_queries]


def test_new_installation_tells_who_may_how_to_begin(administrator: PageClient, page_client: PageClient):
    editor = client_of(somebody("catalogue:editor"))
    for client, adds, invites in (
        (page_client, False, False),
        (editor, True, False),
        (administrator, True, True),
    ):
        text = client.get("/en/").content.decode()

        assert "This portal is new" in text
        assert ('href="/en/data/new/"' in text, "Invite colleagues" in text) == (adds, invites)


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [("it,de;q=0.5", "/it/"), ("de", "/de/"), ("fr", "/de/"), ("", "/de/"), ("x" * 999, "/de/")],
)
def test_root_leads_to_the_readers_language(page_client: PageClient, accepted: str, wanted: str):
    answer = page_client.get("/", headers={"Accept-Language": accepted})

    assert (answer.status_code, answer.headers["Location"]) == (302, wanted)
