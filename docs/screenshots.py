"""Take the pictures of the documentation from a running demo: ``.venv/bin/python docs/screenshots.py``.

Start ``make demo`` first. Pictures go to ``docs/images``; they are taken anew when the pages change.
"""

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

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


def take(cities: dict[str, str], chromium: str, names: Sequence[str]) -> None:
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
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hamm", default="http://localhost:8000", help="address of Hamm's portal")
    parser.add_argument("--arezzo", default="http://localhost:8001", help="address of Arezzo's portal")
    parser.add_argument("names", nargs="*", help="which pictures; all of them otherwise")
    given = parser.parse_args()
    take(
        {"hamm": given.hamm, "arezzo": given.arezzo},
        os.environ.get("CHROMIUM") or shutil.which("chromium") or "",
        given.names,
    )
