"""The looks in a real browser: axe finds nothing, nothing overflows, and the scripts do their work."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import views as static_views
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from tests.kit import look_urls

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.kit.look_urls")]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass


class WithFiles(StaticFilesHandler):
    def serve(self, request):
        return static_views.serve(request, self.file_path(request.path), insecure=True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    serving = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    serving.daemon_threads = True
    serving.set_app(WithFiles(get_wsgi_application()))
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("there is no Chromium; CHROMIUM names one")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser, server):
    """Return a function that opens a page; anything the browser complains about fails the test."""
    contexts, complaints = [], []

    def open_at(address: str, *, width: int = 1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server + address)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert [line for line in complaints if "the server responded with a status of 400" not in line] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("language", ["de", "it"])
def test_style_guide_has_no_barriers_and_nothing_overflows(open_page, scheme, width, language):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(f"/{language}/styleguide?message&trees", width=width, color_scheme=scheme)
    page.wait_for_selector(".map-marker")
    found = Axe().run(page).response["violations"]

    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_pages_of_errors_have_no_barriers(open_page):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page("/en/fail/invalid", width=360)

    assert [each["id"] for each in Axe().run(page).response["violations"]] == []


def test_menu_of_a_phone_opens_without_scripts(open_page):
    page = open_page("/en/styleguide", width=360, java_script_enabled=False)
    search = page.get_by_role("searchbox", name="Search the portal")

    assert not search.is_visible()
    page.get_by_text("Menu", exact=True).click()
    assert search.is_visible()


def test_list_of_the_map_is_there_without_scripts(open_page):
    page = open_page("/en/styleguide", java_script_enabled=False)

    assert page.get_by_role("link", name="Messstelle 1").is_visible()
    assert page.locator(".map-none").is_visible()


def test_map_is_worked_by_the_keyboard(open_page):
    page = open_page("/en/styleguide?trees", reduced_motion="reduce")
    cluster = page.locator(".map-cluster").first
    assert "places here" in cluster.get_attribute("aria-label")

    cluster.focus()
    page.keyboard.press("Enter")
    marker = page.get_by_role("button", name="Baum", exact=False).first
    marker.focus()
    page.keyboard.press("Enter")

    assert page.locator(".leaflet-popup a").first.inner_text().startswith("Baum")
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")


def test_layers_are_switched_on_and_off(open_page):
    page = open_page("/en/styleguide")
    page.wait_for_selector(".map-area")
    assert page.locator(".map-cluster").count() == 0

    page.get_by_role("checkbox", name="Bäume (3.000)").check()
    page.wait_for_selector(".map-cluster")
    page.get_by_role("checkbox", name="Bezirke").uncheck()
    page.wait_for_selector(".map-area", state="detached")


def test_clusters_count_every_point_once(open_page):
    page = open_page("/en/styleguide?trees")
    page.wait_for_selector(".map-cluster")
    labels = page.locator(".map-cluster").all_inner_texts()
    single = page.get_by_role("button", name="Baum", exact=False).count()

    assert sum(int(text.replace(",", "")) for text in labels) + single == 3_000


def test_map_without_a_base_map_has_a_graticule_and_a_scale(open_page):
    page = open_page("/en/styleguide")
    page.wait_for_selector(".map-graticule", state="attached")

    assert any("° N" in text for text in page.locator(".map-degree").all_inner_texts())
    assert page.locator(".leaflet-control-scale-line").inner_text().endswith(("km", "m"))


def test_upload_goes_on_to_the_answer(open_page, tmp_path):
    file = tmp_path / "table.csv"
    file.write_bytes(b"a;b\n" * 300_000)
    page = open_page("/en/upload")

    page.set_input_files("#f", file)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/upload?size=1200000")
    assert page.inner_text("#size") == "1200000"


def test_refused_upload_shows_the_page_with_its_reason(open_page, tmp_path):
    file = tmp_path / "empty.csv"
    file.touch()
    page = open_page("/en/upload")

    page.set_input_files("#f", file)
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("text=empty file")


def test_upload_works_without_scripts(open_page, tmp_path):
    file = tmp_path / "table.csv"
    file.write_bytes(b"a;b\n")
    page = open_page("/en/upload", java_script_enabled=False)

    page.set_input_files("#f", file)
    page.get_by_role("button", name="Send").click()
    assert page.inner_text("#size") == "4"


def test_progress_is_followed_to_the_end(open_page):
    look_urls.jobs["asked"] = 0
    page = open_page("/en/job")

    page.wait_for_selector("text=Half of it")
    assert page.get_by_role("progressbar").get_attribute("value") == "50"
    page.wait_for_selector("#over")


def test_what_was_typed_comes_back_but_no_password(open_page):
    page = open_page("/en/form")
    page.fill("#t", "Mehr Bänke am Kanal")
    page.fill("#p", "geheim")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector(".notice.info")

    assert page.input_value("#t") == "Mehr Bänke am Kanal"
    assert page.input_value("#p") == ""
    assert "geheim" not in page.evaluate("JSON.stringify(Object.entries(sessionStorage))")
    page.get_by_role("button", name="Discard it").click()
    page.reload()
    assert page.input_value("#t") == ""


def test_what_was_typed_is_forgotten_once_it_was_taken_and_not_before(open_page, server):
    page = open_page("/en/form")
    page.fill("#t", "Mehr Bänke am Kanal")
    page.goto(f"{server}/en/styleguide?message")
    page.goto(f"{server}/en/form")
    assert page.input_value("#t") == "Mehr Bänke am Kanal"

    page.get_by_role("button", name="Send").click()
    page.wait_for_selector(".notice.info")
    page.goto(f"{server}/en/styleguide?message")
    page.goto(f"{server}/en/form")
    assert page.input_value("#t") == ""


def test_htmx_works_within_the_policy(open_page):
    page = open_page("/en/htmx")

    page.get_by_role("button", name="Load").click()
    page.wait_for_selector("#place:has-text('Loaded')")
    assert page.locator("style").count() == 0


def test_nothing_is_asked_of_another_host(open_page, server, browser):
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server}/de/styleguide?trees")
    page.wait_for_selector(".map-marker")
    context.close()

    assert asked
    assert [url for url in asked if not url.startswith(server)] == []


def test_printed_style_guide_is_no_wider_than_paper(open_page, tmp_path):
    page = open_page("/de/styleguide", width=700)
    page.emulate_media(media="print")

    assert not page.get_by_role("searchbox").first.is_visible()
    page.pdf(path=str(tmp_path / "page.pdf"), format="A4")
    assert Path(tmp_path / "page.pdf").stat().st_size > 10_000
