"""The style guide shows every component; the page check and these tests look at it in each language."""

import pytest

from tests.pages import PageClient

pytestmark = pytest.mark.urls("tests.kit.look_urls")


@pytest.mark.parametrize("language", ["de", "en", "it"])
def test_style_guide_passes_the_page_check(language):
    response = PageClient().get(f"/{language}/styleguide")

    assert response.status_code == 200


def test_style_guide_gives_its_map_layers():
    areas = PageClient().get("/en/styleguide?layer=areas")

    assert areas.headers["Content-Type"] == "application/geo+json"
    assert [feature["geometry"]["type"] for feature in areas.json()["features"]] == ["Polygon"] * 4


@pytest.mark.parametrize("language", ["de", "en", "it"])
def test_page_has_the_same_page_in_every_language(language):
    html = PageClient().get(f"/{language}/data/trees?q=a%26b").content.decode()

    for other in ("de", "en", "it"):
        address = f"/{other}/data/trees?q=a%26b"
        assert f'<link rel="alternate" hreflang="{other}" href="http://localhost:8000{address}">' in html
        current = ' aria-current="true"' if other == language else ""
        assert f'<a href="{address}" lang="{other}" hreflang="{other}"{current}>' in html


def test_heading_and_title_are_the_block_once_escaped():
    html = PageClient().get("/en/data/trees").content.decode()

    assert "<title>Trees & more – Hamm</title>" in html.replace("&amp;", "&")
    assert "&amp;amp;" not in html
    assert html.count("<h1>") == 1


def test_language_switch_of_a_page_that_does_not_exist_leads_home():
    html = PageClient().get("/de/nothing-here").content.decode()

    assert '<a href="/it/" lang="it" hreflang="it">' in html
    assert "hreflang" in html
    assert 'rel="alternate"' not in html
