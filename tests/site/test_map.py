"""The city map: layers from the rooms, switched by the address, with a list beside that does the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pages import PageClient
from tests.site.content import another_like, table_with_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_is_empty_where_nothing_has_a_place(page_client: PageClient, language: str):
    page = page_client.get(f"/{language}/map/")

    assert (page.status_code, page.context["layers"]) == (200, [])


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_shows_layers_and_the_list_beside(page_client: PageClient, language: str):
    table_with_places("Brunnen")
    page = page_client.get(f"/{language}/map/")
    (beside,) = page.context["map"].features

    assert not page.context["choosing"]
    assert [(str(layer.title), shown) for layer, shown in page.context["layers"]] == [("Brunnen", True)]
    assert page_client.get(beside.url).status_code == 200
    assert page_client.get(page.context["map"].layers[0].geojson_url).json()["type"] == "FeatureCollection"


def test_address_says_which_layers_are_shown(page_client: PageClient):
    first = table_with_places()
    for _number in range(4):
        another_like(first)
    default = page_client.get("/en/map/")
    ids = [layer.id for layer, _shown in default.context["layers"]]
    chosen = page_client.get("/en/map/", {"layer": [ids[4], ids[1], "of-no-room"]})
    unknown = page_client.get("/en/map/", {"layer": '"><script>'})

    assert [shown for _layer, shown in default.context["layers"]] == [True, True, True, False, False]
    assert [layer.id for layer in chosen.context["map"].layers] == [ids[1], ids[4]]
    assert chosen.content.decode().count(" checked") == 2
    assert len(unknown.context["map"].layers) == 3


def test_takes_as_many_queries_for_thirty_as_for_one():
    client, counts = PageClient(), []
    first = table_with_places()
    for many in (0, 29):
        for _number in range(many):
            another_like(first)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/de/map/").status_code == 200
        counts.append(len(queries))

    assert counts == [3, 3], [query["sql"] for query in queries.captured_queries]
