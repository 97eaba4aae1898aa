"""Fixtures for tests in a real browser: its complaints, and the requests that leave, fail a test."""

import os
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
)
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return Chromium, started for the tests of one module; skip where there is none (in CI: fail)."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        missing = "there is no Chromium; install it, or name one by CHROMIUM"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


class Visitor:
    """A person with a browser.

    Attributes:
        complaints: What the browser said in its console: errors, warnings, breaches of the content policy.
        outside: Addresses that were asked for and lie elsewhere than on this machine.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: list[Any] = []
        self.complaints: list[str] = []
        self.outside: list[str] = []

    def new_page(self, *, width: int = 1280, dark: bool = False, **options: Any) -> Any:
        """Open an empty page in a profile of its own.

        Args:
            width: Of the window, in CSS pixels.
            dark: Whether the person prefers dark colours.
            **options: Playwright's, such as ``java_script_enabled`` or ``storage_state``.
        """
        scheme = "dark" if dark else "light"
        viewport = {"width": width, "height": 800}
        context = self._browser.new_context(viewport=viewport, color_scheme=scheme, **options)
        self._contexts.append(context)
        context.on("request", lambda request: self._note_address(request.url))
        page = context.new_page()
        page.on("console", self._note_line)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _note_address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in LOOPBACK:
            self.outside.append(address)

    def _note_line(self, line: Any) -> None:
        if line.type in {"error", "warning"}:
            self.complaints.append(f"{line.location.get('url', '')}: {line.text}")

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def visitor(browser: Any) -> Iterator[Visitor]:
    """Return a person with a browser; the test fails where the browser complained or a request left loopback.

    A test that provokes a complaint (a page that is not there) removes it from ``visitor.complaints``.
    """
    person = Visitor(browser)
    yield person
    person.close()
    assert (person.outside, person.complaints) == ([], [])


def opened(page: Any, address: str) -> Any:
    """Open a page and return the answer; None where it is a file that is handed over."""
    from playwright.sync_api import Error

    try:
        return page.goto(address)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return None


def press(page: Any, button: Any) -> None:
    """Press a button that leads to another page, and wait for that page however long the server takes."""
    with page.expect_navigation():
        button.click()


def barriers(page: Any) -> list[str]:
    """Return what axe-core finds on a page: all rules, WCAG 2.2 and best practice; one sentence each."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{found['id']} ({found['impact']}): {found['help']}: {node['html'][:200]}"
        for found in Axe().run(page).response["violations"]
        for node in found["nodes"]
    ]
