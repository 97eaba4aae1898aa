"""The map of a table with very many places, in a real browser: counts, keyboard, filters, and no JavaScript."""

from collections.abc import Iterator
from typing import Any

import pytest

from tandem.catalogue.services import tiles
from tests.browsers import Visitor, barriers
from tests.catalogue.features.conftest import publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNT = tiles.TILED_FROM + 500


@pytest.fixture(scope="module", autouse=True)
def _orm_beside_the_browser() -> Iterator[None]:
    """Playwright keeps a loop in this thread, which Django takes for asynchronous code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def address(live_server: Any) -> str:
    """Return the map of a table with many places."""
    lines = "\n".join(
        f"Baum {n};{n % 7};{51.60 + n % 50 / 500:.5f};{7.70 + n // 50 / 250:.5f}" for n in range(COUNT)
    )
    publish("Viele", ("viele.csv", f"name;art;lat;lon\n{lines}\n".encode()))
    return f"{live_server.url}/de/data/viele/0/?view=map"


def shown(page: Any) -> int:
    """Return how many places the map's markers stand for, once it has loaded."""
    page.wait_for_selector(".map-cluster, .map-marker")
    page.locator("[data-map-message]:not(:empty)").wait_for(state="detached")
    counts = page.locator(".map-cluster").all_inner_texts()
    return sum(int(each.replace(".", "")) for each in counts) + page.locator(".map-marker").count()


@pytest.mark.parametrize("width", [1280, 360])
def test_counts_stand_for_every_place(visitor: Visitor, address: str, width: int):
    page = visitor.new_page(width=width)
    page.goto(address)

    assert shown(page) == COUNT
    assert page.locator(".map-cluster").count() > 0
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_keyboard_leads_to_a_single_place(visitor: Visitor, address: str):
    page = visitor.new_page()
    page.goto(address)
    shown(page)

    for _step in range(6):
        if page.locator(".map-marker").count():
            break
        page.locator(".map-cluster").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        shown(page)
    marker = page.locator(".map-marker").first
    label = marker.get_attribute("aria-label")
    marker.focus()
    page.keyboard.press("Enter")

    assert label.startswith("Baum ")
    assert page.locator(".leaflet-popup strong").inner_text() == label


def test_without_javascript_the_list_is_there(visitor: Visitor, address: str):
    page = visitor.new_page(java_script_enabled=False)
    page.goto(address)

    assert page.locator(".map-list li").count() == 50
    assert page.locator(".map-none").count() == 1
