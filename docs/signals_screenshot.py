"""Take the picture of the signals report: ``.venv/bin/python docs/signals_screenshot.py``.

Runs the demo's comparison (about half a minute on two cores) and photographs the top of its page. Needs no portal.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGE = Path(__file__).with_name("images") / "signals-report.png"
WIDTH, HEIGHT = 1280, 852


def make_report(path: Path) -> None:
    """Run ``tandem signals demo``."""
    tandem = Path(sys.executable).with_name("tandem")
    subprocess.run([tandem, "signals", "demo", "--report", path], check=True)


def take(page_file: Path, chromium: str) -> None:
    """Photograph the top of a page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(page_file.as_uri())
        page.screenshot(path=IMAGE)
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        make_report(report)
        take(report, os.environ.get("CHROMIUM") or shutil.which("chromium") or "")
    print(IMAGE)
