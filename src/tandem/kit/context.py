"""What every page's frame shows: the city, the places, the languages, the person's tools."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import get_language, override

from tandem.kit import navigation
from tandem.kit.installation import config

SELF_NAMES = {"de": "Deutsch", "it": "Italiano", "en": "English"}


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame.

    Attributes:
        code: Language of the page it leads to, where that is the point of it; else empty.
    """

    label: Any
    url: str
    current: bool = False
    code: str = ""


class Frame:
    """The frame of a page; each part is worked out when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._config = config()
        self.language = get_language() or settings.LANGUAGE_CODE
        self.legal = self._config.legal
        self.version = settings.TANDEM_VERSION
        self.counts: Counter[str] = Counter()
        self.has_logo = bool(self._config.look.logo)

    @cached_property
    def city_name(self) -> str:
        """The city's name in the page's language."""
        return self._config.city.name(self.language)

    @cached_property
    def places(self) -> list[Link]:
        """The header's places, the current one marked."""
        found = [(place, address(place.url_name)) for place in navigation.places()]
        return [Link(place.label, url, place.is_current(self._request)) for place, url in found if url]

    @cached_property
    def neighbours(self) -> list[tuple[Any, str]]:
        """The pages beside this one in its place, itself among them: label and address; none on any other page."""
        match = self._request.resolver_match
        here = match.view_name if match else ""
        beside = (place for place in navigation.places() if here in {name for _label, name in place.pages})
        place = next(beside, None)
        pages = place.pages_for(self._request) if place else []
        return [(label, url) for label, name in pages if (url := address(name))]

    @cached_property
    def staff_tools(self) -> list[Link]:
        """The lists of work that the person may open."""
        found = [(tool, address(tool.url_name)) for tool in navigation.staff_tools(self._request)]
        return [Link(tool.label, url, url == self._request.path) for tool, url in found if url]

    @cached_property
    def languages(self) -> list[Link]:
        """The same page in each of the portal's languages; the home page where there is no such page."""
        return [
            Link(SELF_NAMES[code], self._in_language(code), code == self.language, code)
            for code, _name in settings.LANGUAGES
        ]

    @cached_property
    def alternates(self) -> list[Link]:
        """Absolute addresses of the page in each language, for search engines."""
        if not self._request.resolver_match:
            return []
        server = self._config.server.url
        return [Link(link.label, f"{server}{link.url}", link.current, link.code) for link in self.languages]

    @cached_property
    def here(self) -> str:
        """The page's own address, to come back to after signing in."""
        return self._request.get_full_path()

    def _in_language(self, code: str) -> str:
        here = self._request.get_full_path()
        if code == self.language:
            return here
        translated: str = translate_url(here, code)
        if translated != here:
            return translated
        with override(code):
            return address("home") or f"/{code}/"


def address(url_name: str) -> str:
    """Return the address of that name, or an empty text where this installation has none."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def page(request: HttpRequest) -> dict[str, Any]:
    """Give every template the ``frame``."""
    return {"frame": Frame(request)}
