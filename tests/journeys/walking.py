"""A walk through an installation as a person takes it, by following links, and what is wrong with the pages."""

from collections import Counter, deque
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import override

from tests.browsers import barriers, opened
from tests.journeys.installations import RunningCity

EXAMPLES = {"de": 3, "it": 1, "en": 1}  # pages of one kind to open, by language
FORMS = (
    "search/?q=tandem",
    "search/?q=nothing-of-this-name",
    "data/?q=tandem",
)  # where no link leads, but a form
PHONE, DESK = 360, 1280


def kind_of(address: str, language: str) -> str:
    """Return the name of the route that an address belongs to, or an empty text."""
    with override(language):
        try:
            return resolve(urlsplit(address).path).view_name
        except Resolver404:
            return ""


def walk(page: Any, city: RunningCity, language: str) -> tuple[set[str], dict[str, list[str]]]:
    """Open pages from the home page on, and what the search forms answer.

    Returns:
        The kinds of pages that were opened, and by address what is wrong with them.
    """
    own = f"{city.url}/{language}/"
    waiting, seen, counts = deque([own, *(own + form for form in FORMS)]), set(), Counter()
    faults: dict[str, list[str]] = {}
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address, language)
        if address in seen or counts[kind] >= EXAMPLES[language] or not kind:
            continue
        seen.add(address)
        counts[kind] += 1
        if found := look_at(page, address):
            faults[address] = found
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting.extend(link.partition("#")[0] for link in links if link.startswith(own))
    return set(counts), faults


def look_at(page: Any, address: str) -> list[str]:
    """Return what is wrong with a page, on a desk and on a phone; of a file, only that it is not there."""
    page.set_viewport_size({"width": DESK, "height": 800})
    page.emulate_media(color_scheme="light")
    answer = opened(page, address)
    if answer is None:
        return []
    if not answer.ok:
        return [f"answered {answer.status}"]
    if not answer.headers["content-type"].startswith("text/html"):
        return []
    found = [f"desk: {each}" for each in barriers(page)]
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.emulate_media(color_scheme="dark")
    found += [f"phone, dark: {each}" for each in barriers(page)]
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"phone: {width} px wide"] if width > PHONE else [])]
