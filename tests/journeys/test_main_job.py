"""The main job in a real browser: an officer publishes a messy table, citizens find it, the partner takes it over."""

import re

import pytest

from tandem.catalogue.examples import read_upload
from tests.browsers import Visitor
from tests.journeys.installations import RunningCity

pytestmark = pytest.mark.browser
SAID = {
    "hamm": ("Grüne Bäume der Stadt", "Alle Bäume dieser Aufnahme.", "Grünbestand", "Bäume", "ENVI"),
    "arezzo": ("Aria verde della città", "Tutti i valori di questa serie.", "centralina", "aria", "ENVI"),
}


@pytest.mark.parametrize("java_script", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize(("origin", "partner"), [("hamm", "arezzo"), ("arezzo", "hamm")])
def test_a_table_goes_from_the_officer_to_the_partner_citys_citizens(
    cities: dict[str, RunningCity], visitor: Visitor, origin: str, partner: str, java_script: bool
):
    here, there = cities[origin], cities[partner]
    title = f"{SAID[origin][0]} {'mit' if java_script else 'ohne'} {origin}"

    slug = publish(here, visitor, origin, title, java_script=java_script)
    find_and_use(here, visitor, origin, title, slug, java_script=java_script)
    harvest(there, visitor, java_script=java_script)
    see_as_the_partners(there, visitor, here, origin, title, java_script=java_script)


def publish(here: RunningCity, visitor: Visitor, origin: str, title: str, *, java_script: bool) -> str:
    """Upload, check, describe and publish as the open-data officer; return the dataset's slug."""
    upload = read_upload(origin)
    _title, description, keyword, _search, theme = SAID[origin]
    language = here.language
    page = visitor.new_page(java_script_enabled=java_script)
    here.sign_in(page, "catalogue-publisher")
    page.goto(f"{here.url}/{language}/data/new/")
    page.fill("main input[name=title]", title)
    page.set_input_files(
        "main input[name=file]",
        {"name": upload.filename, "mimeType": "text/csv", "buffer": upload.path.read_bytes()},
    )
    page.click("main button.button[type=submit]")
    page.wait_for_url("**/recognised/")
    assert page.locator("[id^=cells-]").count() > 0  # the cells that could not be read, one by one
    slug = re.search(r"/data/([^/]+)/", page.url).group(1)

    page.goto(f"{here.url}/{language}/data/{slug}/describe/")
    page.fill(f"[name=descriptions_{language}]", description)
    page.fill(f"[name=keywords_{language}]", keyword)
    page.check(f"input[name=themes][value$={theme}]")
    page.select_option("select[name=licence]", index=1)
    page.click("#group-when > summary")
    page.select_option("select[name=frequency]", index=3)
    if language == "it":
        page.fill("[name=identifier]", "c_a390:1")
    page.click("button[name=then][value=publish]")
    page.wait_for_url("**/publish/")
    page.click("main form button.button[type=submit]")
    page.wait_for_url(f"**/data/{slug}/")
    return slug


def find_and_use(
    here: RunningCity, visitor: Visitor, origin: str, title: str, slug: str, *, java_script: bool
) -> None:
    """Find the dataset by searching, filter its table, look at chart and map, download it."""
    page = visitor.new_page(width=360, java_script_enabled=java_script)
    for language in ("de", "it"):
        page.goto(f"{here.url}/{language}/search/?q={SAID[origin][3]}")
        assert page.get_by_role("link", name=title).count() == 1
    page.goto(f"{here.url}/{here.language}/data/{slug}/0/")
    everything = page.locator(".lead").inner_text()
    asked = page.locator(".filters [name^='f.']").first.get_attribute("name")
    page.goto(f"{page.url}?f.{asked.split('.')[1]}.empty=1")
    assert page.locator(".lead").inner_text() != everything
    page.goto(f"{here.url}/{here.language}/data/{slug}/0/?view=chart")
    assert page.locator("svg[role=img], .chart").count() > 0
    if origin == "hamm":
        page.goto(f"{here.url}/{here.language}/data/{slug}/0/?view=map")
        assert page.locator(".map-list a, .map-list li").count() > 0
    original = read_upload(origin).path.read_bytes()
    for wanted, begin in (("original", original[:50]), ("csv", b""), ("json", b"["), ("parquet", b"PAR1")):
        answer = page.request.get(f"{here.url}/{here.language}/data/{slug}/0/download/{wanted}")
        assert answer.ok
        assert answer.body().startswith(begin)
    assert page.request.get(f"{here.url}/{here.language}/data/{slug}/0/download/original").body() == original


def harvest(there: RunningCity, visitor: Visitor, *, java_script: bool) -> None:
    """Harvest the partner by the page, and wait until it is done."""
    page = visitor.new_page(java_script_enabled=java_script)
    there.sign_in(page, "catalogue-publisher")
    page.goto(f"{there.url}/{there.language}/partners/harvests/")
    before = page.locator("tbody tr").count()
    page.click("main form button.button:not(.secondary)")
    for _ in range(60):
        page.goto(f"{there.url}/{there.language}/partners/harvests/")
        rows = page.locator("tbody tr")
        newest = rows.first.locator(".status.success")
        if rows.count() >= min(before + 1, 5) and newest.count() and not page.locator(".status.info").count():
            return
        page.wait_for_timeout(250)
    pytest.fail(f"the harvest did not end: {there.log()[-2000:]}")


def see_as_the_partners(
    there: RunningCity, visitor: Visitor, here: RunningCity, origin: str, title: str, *, java_script: bool
) -> None:
    """Find the dataset in the partner's portal, marked with its origin, and follow it home."""
    page = visitor.new_page(java_script_enabled=java_script)
    page.goto(f"{there.url}/{there.language}/search/?q={title}")
    page.get_by_role("link", name=title).first.click()
    page.wait_for_url("**/data/**")
    assert page.locator("h1").inner_text() == title
    assert here.id.title() in page.locator(".lead").inner_text()
    assert page.locator(f'.lead a[href^="{here.url}/"]').count() == 1
    page.goto(page.locator(f'.lead a[href^="{here.url}/"]').get_attribute("href"))
    assert page.locator("h1").inner_text() == title
    assert page.url.startswith(here.url)
