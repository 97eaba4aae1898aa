"""The search page: across rooms, narrowed down by links, helpful where nothing is found."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pages import PageClient
from tests.site.content import dataset, partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
ENVIRONMENT = "http://publications.europa.eu/resource/authority/data-theme/ENVI"


@pytest.fixture
def shelf() -> None:
    """Publish three datasets of ours and one of the partner."""
    dataset("Baumkataster", themes=[ENVIRONMENT])
    dataset("Spielplätze")
    dataset("Schulen")
    dataset("Alberi monumentali", source=partner(), titles={"it": "Alberi monumentali"})


def titles(page: Any) -> list[str]:
    return [hit.title for hit in page.context["hits"]]


@pytest.mark.parametrize("language", ["de", "it", "en"])
@pytest.mark.parametrize("query", ["Baum", "Kataster", "BAUMKATASTER", "baumkat"])
@pytest.mark.usefixtures("shelf")
def test_finds_in_every_language_of_the_portal(page_client: PageClient, language: str, query: str):
    page = page_client.get(f"/{language}/search/", {"q": query})

    assert (page.status_code, titles(page)[0]) == (200, "Baumkataster")
    assert 'action="" method="get"' in page.content.decode()


@pytest.mark.usefixtures("shelf")
def test_without_a_query_shows_the_newest_and_offers_facets(page_client: PageClient):
    page = page_client.get("/en/search/")
    offered = {
        str(facet["title"]): [option["label"] for option in facet["options"]]
        for facet in page.context["facets"]
    }

    assert titles(page) == ["Alberi monumentali", "Schulen", "Spielplätze", "Baumkataster"]
    assert offered == {"Kind": [], "City": ["Hamm", "Arezzo"], "Theme": []}


@pytest.mark.usefixtures("shelf")
def test_facets_are_links_that_narrow_down_and_widen_again(page_client: PageClient):
    first = page_client.get("/en/search/", {"q": "", "page": "1"})
    (arezzo,) = (each for each in first.context["facets"][1]["options"] if each["label"] == "Arezzo")
    narrowed = page_client.get(f"/en/search/{arezzo['url']}")
    (label, url) = narrowed.context["selected"][0]
    widened = page_client.get(f"/en/search/{url}")

    assert (arezzo["count"], arezzo["selected"]) == (1, False)
    assert (titles(narrowed), label, narrowed.context["kept"]) == (
        ["Alberi monumentali"],
        "Arezzo",
        [("city", "arezzo")],
    )
    assert (widened.context["total"], widened.context["selected"]) == (4, [])


@pytest.mark.usefixtures("shelf")
def test_themes_have_names_in_the_readers_language(page_client: PageClient):
    page = page_client.get("/de/search/", {"theme": "ENVI"})

    assert (titles(page), page.context["selected"][0][0]) == (["Baumkataster"], "Umwelt")


@pytest.mark.usefixtures("shelf")
def test_order_can_be_chosen(page_client: PageClient):
    dataset("Noch ein Baumkataster mit langem Titel")
    best, newest = (page_client.get("/en/search/", {"q": "Baum", "sort": sort}) for sort in ("", "newest"))

    assert titles(best) != titles(newest)
    assert [current for _label, _url, current in newest.context["orders"]] == [False, True]


@pytest.mark.usefixtures("shelf")
def test_titles_and_texts_in_another_language_say_so(page_client: PageClient):
    text = page_client.get("/en/search/", {"q": "alberi"}).content.decode()

    assert ' lang="it">Alberi monumentali</a>' in text
    assert '<p lang="de">Alle' in text


def test_what_people_wrote_is_shown_as_text(page_client: PageClient):
    dataset("<script>alert(1)</script>", descriptions={"de": '<b onclick="x()">Brunnen</b>'})
    text = page_client.get("/de/search/", {"q": 'brunnen"><script>'}).content.decode()

    assert "<script>alert" not in text
    assert '"><script>' not in text
    assert "&lt;b onclick=&quot;x()&quot;&gt;<mark>Brunnen</mark>" in text


def test_pages_follow_each_other(page_client: PageClient):
    for number in range(45):
        dataset(f"Brunnen {number}")
    pages = [page_client.get("/de/search/", {"q": "brunnen", "page": number}) for number in (1, 2, 3)]
    beyond = page_client.get("/de/search/", {"q": "brunnen", "page": 4})

    assert [len(page.context["hits"]) for page in pages] == [20, 20, 5]
    assert len({title for page in pages for title in titles(page)}) == 45
    assert (beyond.status_code, beyond.context["hits"], beyond.context["total"]) == (200, [], 45)


def test_takes_as_many_queries_for_thirty_as_for_one():
    client, counts = PageClient(), []
    for many in (1, 29):
        for _number in range(many):
            dataset()
        client.get("/de/search/", {"q": "bäume"})
        with CaptureQueriesContext(connection) as queries:
            client.get("/de/search/", {"q": "bäume", "city": "hamm"})
        counts.append(len(queries))

    assert counts == [2, 2], [query["sql"] for query in queries.captured_queries]


# --- when nothing is found ----------------------------------------------------------------------
@pytest.mark.usefixtures("shelf")
def test_offers_another_spelling(page_client: PageClient):
    page = page_client.get("/en/search/", {"q": "Baumkatsater"})
    spelling, url = page.context["help"]["spelling"]

    assert (page.status_code, spelling) == (200, "Baumkataster")
    assert titles(page_client.get(f"/en/search/{url}")) == ["Baumkataster"]


@pytest.mark.usefixtures("shelf")
def test_offers_single_words_and_the_same_without_filters(page_client: PageClient):
    several = page_client.get("/en/search/", {"q": "Baumkataster Schulen Xylophon"})
    filtered = page_client.get("/en/search/", {"q": "Baumkataster", "city": "arezzo"})

    assert several.context["help"]["words"] == [
        ("Baumkataster (1)", "?q=Baumkataster"),
        ("Schulen (1)", "?q=Schulen"),
    ]
    assert filtered.context["help"]["without_filters"] == "?q=Baumkataster"
    assert filtered.context["selected"] == [("Arezzo", "?q=Baumkataster")]


def test_an_empty_portal_says_where_to_look(page_client: PageClient):
    page = page_client.get("/en/search/")

    assert (page.status_code, page.context["total"]) == (200, 0)
    assert 'href="/en/data/"' in page.content.decode()


# --- hostile addresses --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=²",
        "page=x&page=2",
        "city=%00",
        "city=a&city=b&city=",
        "city=%22%3E%3Cscript%3E",
        "theme=[]&kind=*",
        "sort=%27",
        "q=%00%ff%fe",
        "q=" + "a+" * 300,
        "q=" + "%F0%9F%8C%B3" * 80,
        "&".join(f"city=c{number}" for number in range(300)),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_strange_addresses_are_answered(page_client: PageClient, query: str):
    assert page_client.get(f"/it/search/?{query}").status_code == 200


@given(
    st.dictionaries(
        st.sampled_from(["q", "page", "sort", "city", "theme", "kind", "x"]), st.text(max_size=40), max_size=5
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_address_is_answered(asked: dict[str, str]):
    query = urlencode({name: value.encode("utf-8", "replace") for name, value in asked.items()})

    assert PageClient().get(f"/de/search/?{query}").status_code == 200
