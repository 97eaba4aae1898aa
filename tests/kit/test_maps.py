"""Maps: what the browser is given, and the list that does the same."""

import dataclasses
import json
import re

import pytest
from django.template import engines
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tandem.core.config_sections import Map as MapSettings
from tandem.kit.maps import Feature, Layer, Map

LAYER = Layer("trees", _("Yes"), "/de/trees.geojson")


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def render(shown: Map, times: int = 1) -> str:
    return engines["django"].from_string("{% map_view map %}" * times).render({"map": shown})


def island(html: str, number: int = 1) -> dict:
    return json.loads(
        re.search(rf'<script id="map-{number}" type="application/json">(.*?)</script>', html)[1]
    )


def test_list_beside_the_map_holds_every_feature_with_its_link():
    html = render(
        Map("Bäume", features=[Feature("Linde <1>", "/de/1", "Kanal", 51.6, 7.8), Feature("Ohne Ort")])
    )

    assert '<a href="/de/1">Linde &lt;1&gt;</a><span class="map-note">Kanal</span>' in html
    assert "<li>Ohne Ort</li>" in html
    assert [point["title"] for point in island(html)["points"]] == ["Linde <1>"]


def test_map_without_a_place_begins_at_the_city():
    settings = island(render(Map("t", layers=[LAYER])))

    assert (settings["centre"], settings["zoom"], settings["tiles"]) == ([51.68, 7.82], 12, None)
    assert settings["layers"] == [
        {"id": "trees", "title": "Yes", "url": "/de/trees.geojson", "kind": "points", "shown": True}
    ]


def test_layer_of_tiles_says_where_they_are_and_where_they_lie():
    bounds = (7.7, 51.6, 7.9, 51.7)
    tiled = dataclasses.replace(LAYER, tiles_url="/tiles/t/{z}/{x}/{y}.mvt", items_url="/i", bounds=bounds)

    (layer,) = island(render(Map("t", layers=[tiled])))["layers"]

    assert (layer["tiles"], layer["items"], layer["titleKey"]) == ("/tiles/t/{z}/{x}/{y}.mvt", "/i", "")
    assert layer["bounds"] == [[51.6, 7.7], [51.7, 7.9]]


def test_own_place_wins():
    settings = island(render(Map("t", centre=(43.46, 11.88), zoom=0)))

    assert (settings["centre"], settings["zoom"]) == ([43.46, 11.88], 0)


def test_base_map_of_the_city_is_used(settings):
    tiles = MapSettings(base_map="https://tiles.example/{z}/{x}/{y}.png", attribution="Example")
    settings.TANDEM = dataclasses.replace(settings.TANDEM, map=tiles)

    assert island(render(Map("t")))["tiles"] == {"url": tiles.base_map, "attribution": "Example"}


def test_island_cannot_be_left_by_a_title():
    html = render(Map("t", features=[Feature("</script><script>alert(1)</script>", "", "", 1.0, 1.0)]))

    assert "<script>alert" not in html
    assert island(html)["points"][0]["title"] == "</script><script>alert(1)</script>"


def test_two_maps_load_their_script_once():
    html = render(Map("t"), times=2)

    assert html.count("map.js") == 1
    assert island(html, 2) == island(html, 1)


@pytest.mark.parametrize(
    ("features", "words"), [([], "There is nothing on this map yet."), ([Feature("a")], "<ol>")]
)
def test_empty_map_says_so(features, words):
    assert words in render(Map("t", features=features))
