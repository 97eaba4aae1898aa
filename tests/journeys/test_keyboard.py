"""Junctions, measures and tandems by keyboard alone: nothing is out of reach, and one always sees where one is."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tandem.site.demo_junction import JUNCTION, LiveJunction
from tests.browsers import Visitor
from tests.journeys.installations import RunningCity
from tests.journeys.keyboard import focus_is_visible, focused, tab_to, walk
from tests.journeys.walking import kind_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOMS = ("junctions:", "exchange:")
BEGIN = ("junctions/", "measures/", "tandems/")
PHONE, DESK = 360, 1280


@pytest.fixture(scope="module")
def live(cities: dict[str, RunningCity], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveJunction]:
    """Return Hamm's junction with its engine in simulation, as the demo runs it."""
    pytest.importorskip("libsumo")
    hamm, folder, said = cities["hamm"], tmp_path_factory.mktemp("live"), []
    junction = LiveJunction(folder, hamm.url, said.append, dict(os.environ))
    junction.begin(hamm.tandem("manage", "junction_token", JUNCTION).strip())
    yield junction
    junction.look()
    for process in junction.processes.values():
        process.terminate()
        process.wait(20)
    assert said == []


def pages_of_the_rooms(page: Any, city: RunningCity, language: str) -> Iterator[str]:
    """Yield an address of each kind of page that links in the rooms lead to, once it is open."""
    own = f"{city.url}/{language}/"
    waiting, kinds = [own + each for each in BEGIN], set()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address, language)
        if kind in kinds or not kind.startswith(ROOMS) or not opens_as_a_page(page, address):
            continue
        kinds.add(kind)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [link.partition("#")[0] for link in links if link.startswith(own)]
        yield address
    assert len(kinds) > 4


def opens_as_a_page(page: Any, address: str) -> bool:
    """Open an address; return whether it is a page of ours, and no file."""
    answer = page.request.head(address)
    if "attachment" in answer.headers.get("content-disposition", "") or "html" not in answer.headers.get(
        "content-type", ""
    ):
        return False
    page.goto(address)
    if page.locator(".map").count():
        page.wait_for_load_state("networkidle")  # what is on it comes later
    return page.locator("main#main").count() == 1


@pytest.mark.parametrize(
    ("city", "who", "width"),
    [
        ("hamm", "", DESK),
        ("hamm", "", PHONE),
        ("arezzo", "", PHONE),
        ("hamm", "junctions-traffic-engineer", DESK),
        ("hamm", "exchange-exchange-officer", DESK),
    ],
)
def test_tab_reaches_everything_in_order_and_in_sight(
    cities: dict[str, RunningCity], visitor: Visitor, city: str, who: str, width: int
):
    here = cities[city]
    page, seen, faults = visitor.new_page(width=width), set(), {}
    if who:
        here.sign_in(page, who)
    for address in pages_of_the_rooms(page, here, here.language):
        found = walk(page, seen)
        assert len(found.stops) > 5, address
        if found.faults:
            faults[address] = found.faults

    assert faults == {}


@pytest.mark.parametrize("begin", BEGIN)
def test_the_skip_link_comes_first_and_leads_into_the_content(
    cities: dict[str, RunningCity], visitor: Visitor, begin: str
):
    page = visitor.new_page()
    page.goto(f"{cities['hamm'].url}/de/{begin}")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    box = skip.bounding_box()

    assert skip.evaluate("each => each === document.activeElement")
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => Boolean(document.activeElement.closest('main'))")


def test_a_focus_that_cannot_be_seen_or_reached_is_found(cities: dict[str, RunningCity], visitor: Visitor):
    page = visitor.new_page(bypass_csp=True)
    page.goto(f"{cities['hamm'].url}/de/junctions/")
    page.add_style_tag(content="main a:focus-visible { outline: 0 }")
    invisible = [each for each in walk(page, set()).faults if "looks as without it" in each]
    page.reload()
    page.evaluate("() => document.querySelector('main a').addEventListener('focus', e => e.target.blur())")
    lost = [each for each in walk(page, set()).faults if "does not reach" in each]
    page.reload()
    page.evaluate("() => { document.querySelector('footer a').tabIndex = 1; }")
    astray = [each for each in walk(page, set()).faults if "comes before" in each]

    assert all((invisible, lost, astray))


@pytest.mark.parametrize(("begin", "words"), [("junctions/", "Heßler"), ("measures/", "Ampel")])
def test_a_list_is_searched_by_enter(
    cities: dict[str, RunningCity], visitor: Visitor, begin: str, words: str
):
    page = visitor.new_page()
    page.goto(f"{cities['hamm'].url}/de/{begin}")
    tab_to(page, page.locator("main form input[name=q]"))
    page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "q=" in page.url
    assert page.locator("main .rows a, main .result-title a").count() >= 1


def test_a_junction_is_registered_by_keyboard_and_a_wrong_entry_leads_to_its_field(
    cities: dict[str, RunningCity], visitor: Visitor
):
    hamm, page = cities["hamm"], visitor.new_page()
    hamm.sign_in(page, "junctions-traffic-engineer")
    page.goto(f"{hamm.url}/de/junctions/new/")
    tab_to(page, page.locator("main form input:visible").first)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    visitor.complaints.clear()  # the browser notes that the answer was 400
    tab_to(page, page.locator(".error-summary a").first)
    page.keyboard.press("Enter")
    field = page.locator("main form [aria-invalid=true]").first
    assert field.evaluate("each => each === document.activeElement")
    page.keyboard.type("Kreuzung der Tastatur")
    wanting = page.locator("main form [aria-invalid=true]")
    for number in range(1, wanting.count()):
        tab_to(page, wanting.nth(number))
        page.keyboard.type("Nur mit Tasten.")
    tab_to(page, page.locator("main form button[type=submit]"))
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.locator("h1").inner_text() == "Kreuzung der Tastatur"


def test_the_map_is_moved_zoomed_and_asked_by_keyboard(cities: dict[str, RunningCity], visitor: Visitor):
    page = visitor.new_page()
    page.goto(f"{cities['hamm'].url}/de/junctions/", wait_until="networkidle")
    canvas = page.locator(".map")
    tab_to(page, canvas)

    def sight() -> tuple[float, float]:
        return tuple(canvas.evaluate("each => [each.leaflet.getCenter().lng, each.leaflet.getZoom()]"))

    before = sight()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("x => document.querySelector('.map').leaflet.getCenter().lng > x", arg=before[0])
    page.keyboard.press("+")
    page.wait_for_function("z => document.querySelector('.map').leaflet.getZoom() > z", arg=before[1])
    page.locator(".map .leaflet-zoom-anim").wait_for(state="detached")  # keys count for nothing meanwhile
    page.keyboard.press("-")
    page.wait_for_function("z => document.querySelector('.map').leaflet.getZoom() === z", arg=before[1])
    page.locator(".map .leaflet-zoom-anim").wait_for(state="detached")
    marker = page.locator(".map .map-marker").first
    tab_to(page, marker)
    assert focus_is_visible(page, sight_of(marker))
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup a").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".leaflet-popup").wait_for(state="detached")
    assert marker.evaluate("each => each === document.activeElement")
    page.keyboard.press("Enter")
    tab_to(page, page.locator(".leaflet-popup-content a").first)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert f"/junctions/{JUNCTION}/" in page.url


def sight_of(thing: Any) -> dict[str, float]:
    """Return where a thing is in the window."""
    box = thing.bounding_box()
    return {"left": box["x"], "top": box["y"], "width": box["width"], "height": box["height"]}


# --- the live page ------------------------------------------------------------------------------
def until_live(page: Any, live: LiveJunction) -> None:
    """Open the live page, and return when the engine is shown."""
    for _number in range(120):
        page.goto(live.page)
        if page.locator(".lamp").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError((live.folder / "hamm-relay.log").read_text("utf-8"))


def test_the_live_page_is_paused_by_keyboard_and_keeps_the_focus(live: LiveJunction, visitor: Visitor):
    page = visitor.new_page()
    until_live(page, live)
    button = page.locator("[data-live-control] button")
    place = page.locator("[data-live]")
    tab_to(page, button)

    def moves(within_ms: int) -> bool:
        before = place.get_attribute("data-stamp")
        page.wait_for_timeout(within_ms)
        return place.get_attribute("data-stamp") != before

    assert moves(3_000)
    assert focused(page) == "Anhalten"
    page.keyboard.press("Space")
    assert focused(page) == "Weiter ansehen"
    assert "Angehalten" in page.locator("[data-live-control] [role=status]").inner_text()
    assert not moves(3_500)
    page.keyboard.press("Enter")
    assert moves(3_000)
    assert focused(page) == "Anhalten"
    assert page.locator("[data-live-lost]").is_hidden()


@pytest.mark.parametrize("java_script", [True, False], ids=["with scripts", "without scripts"])
def test_the_live_page_fits_a_phone_and_says_that_it_is_a_simulation(
    live: LiveJunction, visitor: Visitor, java_script: bool
):
    page = visitor.new_page(width=PHONE, java_script_enabled=java_script)
    until_live(page, live)
    text = page.locator(".live").inner_text()

    assert "Simulation" in text
    assert "von 60" in text
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE
    if not java_script:
        page.locator("noscript a, main .buttons a").first.click()
        assert page.url.endswith("?still=1")
        assert page.locator("meta[http-equiv=refresh]").count() == 0
        assert page.locator(".lamp").count() > 0
