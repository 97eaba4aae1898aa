"""Take the pictures of the documentation from a running demo: ``.venv/bin/python docs/screenshots.py``.

Start ``make demo`` first. Pictures go to ``docs/images``; they are taken anew when the pages change.
"""

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).with_name("images")
PHONE, DESK = 360, 1280
# file name, city, address, width of the window in CSS pixels, dark colours
SHOTS = (
    ("home", "hamm", "/de/", DESK, False),
    ("table", "hamm", "/de/data/strassenbaeume/0/", DESK, False),
    ("chart", "hamm", "/de/data/strassenbaeume/0/?view=chart", DESK, False),
    ("map", "hamm", "/de/map/", DESK, False),
    ("search", "arezzo", "/it/search/?q=aria", DESK, True),
    ("home-phone", "arezzo", "/it/", PHONE, False),
    ("projects", "hamm", "/de/projects/", DESK, False),
    ("opinion-map", "hamm", "/de/take-part/beispiel-meinungsbild/1/opinions/results/", DESK, False),
    ("live", "hamm", "/de/junctions/hesslerstrasse-marker-allee/live/", DESK, False),
    ("budget-result", "hamm", "/de/take-part/beispiel-buergerhaushalt-ergebnis/4/", DESK, False),
)
# what only people who are signed in see: file name, city, who, address, then what to follow, one after the other
OURS = "main a:has-text('Example: collect ideas')"
SIGNED_IN = (
    ("adoption", "arezzo", "exchange-exchange-officer", "/en/adoptions/", (OURS,)),
    (
        "sign-off",
        "arezzo",
        "participation-planner",
        "/en/adoptions/",
        (OURS, "main a[href*='/parts/participation/'][href$='/sign-off/']"),
    ),
)
# file name, city, address, what is at the top of the picture
PARTS = (("adopters", "hamm", "/en/measures/intelligente-ampel-hesslerstrasse-marker-allee/", "#adopters"),)


def take(cities: dict[str, str], chromium: str, names: Sequence[str], password: str) -> None:
    """Take every picture, or those that are named."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, city, address, width, dark in SHOTS:
            if names and name not in names:
                continue
            scheme = "dark" if dark else "light"
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page.goto(
                cities[city] + address, wait_until="load" if address.endswith("/live/") else "networkidle"
            )
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
            print(IMAGES / f"{name}.png")
        for name, city, address, top in PARTS:
            if not names or name in names:
                _take_part(browser, name, cities[city] + address, top)
        for name, city, who, address, follow in SIGNED_IN:
            if not names or name in names:
                _take_signed_in(
                    browser, name, cities[city], f"{who}@{city}.example", password, address, follow
                )
        browser.close()


def _take_part(browser: Browser, name: str, address: str, top: str) -> None:
    page = browser.new_page(viewport={"width": DESK, "height": 420})
    page.goto(address)
    page.locator(top).evaluate("element => element.scrollIntoView()")
    page.screenshot(path=IMAGES / f"{name}.png")
    page.close()
    print(IMAGES / f"{name}.png")


def _take_signed_in(
    browser: Browser, name: str, city: str, who: str, password: str, address: str, follow: Sequence[str]
) -> None:
    page = browser.new_page(viewport={"width": DESK, "height": 800})
    page.goto(f"{city}/en/account/sign-in/")
    page.fill("main input[name=login]", who)
    page.fill("main input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda now: "/sign-in/" not in now)
    page.goto(city + address)
    for each in follow:
        with page.expect_navigation(wait_until="networkidle"):
            page.locator(each).first.click()
    page.screenshot(path=IMAGES / f"{name}.png")
    page.close()
    print(IMAGES / f"{name}.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hamm", default="http://localhost:8000", help="address of Hamm's portal")
    parser.add_argument("--arezzo", default="http://localhost:8001", help="address of Arezzo's portal")
    parser.add_argument(
        "--folder", type=Path, default=Path("demo"), help="where the demo's installations live"
    )
    parser.add_argument("names", nargs="*", help="which pictures; all of them otherwise")
    given = parser.parse_args()
    take(
        {"hamm": given.hamm, "arezzo": given.arezzo},
        os.environ.get("CHROMIUM") or shutil.which("chromium") or "",
        given.names,
        (given.folder / "sign-ins.txt").read_text("utf-8").partition("\n")[0],
    )
