"""The list of datasets: facets, and how much it asks of the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.services.places import id_of
from tests.pages import PageClient
from tests.site.content import dataset, partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
HERE = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05915000"


def options(page: object, title: str) -> list[tuple[str, int]]:
    groups = {str(each["title"]): each["options"] for each in page.context["facets"]}  # type: ignore[attr-defined]
    return [(str(each["label"]), each["count"]) for each in groups[title]]


def test_facets_count_publishers_places_and_quality(page_client: PageClient):
    for name in ("Grünflächenamt", "Grünflächenamt", "Stadtwerke"):
        dataset(publisher={"names": {"de": name}}, spatial=[HERE])
    dataset(
        source=partner(),
        keywords={"de": ["Baum"]},
        themes=[f"{vocabulary.AUTHORITY}/data-theme/ENVI"],
        spatial=["http://example.org/elsewhere"],
        temporal=[{"start": "2020"}],
        issued="2026-01-01",
        modified="2026-01-01",
        access_rights=f"{vocabulary.AUTHORITY}/access-right/PUBLIC",
    )
    page = page_client.get("/en/data/", {"publisher": "Grünflächenamt"})

    assert options(page, "Publisher") == [("Grünflächenamt", 2), ("Stadtwerke", 1)]
    assert [hit.title for hit in page.context["results"].hits] == ["Straßenbäume"] * 2
    assert options(page_client.get("/en/data/"), "Description quality") == [("poor", 3), ("sufficient", 1)]
    assert options(page_client.get("/en/data/", {"place": "hamm"}), "Place") == [("Hamm", 3)]


@pytest.mark.parametrize(
    ("iri", "city"),
    [
        (HERE, "hamm"),
        (HERE.replace("http:", "https:"), "hamm"),
        ("http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05915001", ""),
        ("", ""),
    ],
)
def test_a_place_is_known_by_its_official_codes(iri: str, city: str):
    assert id_of(iri) == city


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("asked", [{}, {"q": "bäume"}, {"theme": "ENVI", "q": "strasse"}])
def test_the_list_asks_the_database_eight_times_at_most(
    page_client: PageClient, count: int, asked: dict[str, str]
):
    for _number in range(count):
        dataset(themes=[f"{vocabulary.AUTHORITY}/data-theme/ENVI"])
    page_client.get("/en/data/", asked)  # the index takes everything in
    with CaptureQueriesContext(connection) as queries:
        page_client.get("/en/data/", asked)

    assert len(queries) <= 8


@pytest.mark.parametrize("number", ["²", "-1", "9" * 5_000])
def test_a_page_that_is_no_number_is_the_first(page_client: PageClient, number: str):
    assert page_client.get("/de/data/", {"page": number}).status_code == 200
    assert page_client.get("/catalogue.ttl", {"page": number}).status_code == 404


@pytest.mark.parametrize(
    "asked", ["q=%00", "q=a%0bb", "city=%00", "theme=%00&page=-1", "licence=x&licence=%1f"]
)
def test_whatever_is_asked_of_the_list_has_an_answer(page_client: PageClient, asked: str):
    dataset()

    assert page_client.get(f"/de/data/?{asked}").status_code == 200
