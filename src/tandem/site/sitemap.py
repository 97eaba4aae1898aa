"""What search engines should know of: every public page, in each language, with when it changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from tandem.catalogue import offers as catalogue
from tandem.exchange import offers as exchange
from tandem.junctions import offers as junctions
from tandem.kit.installation import config
from tandem.participation import offers as participation

Rows = Callable[[], "QuerySet[Any, tuple[str, datetime]]"]
PAGES = (
    "home",
    "catalogue:list",
    "participation:projects",
    "participation:processes",
    "junctions:list",
    "catalogue:partners",
    "exchange:measures",
    "exchange:indicators",
    "exchange:tandems",
    "map",
)
ADDRESSES_PER_FILE = (
    9_000  # in each language, and each names the others: far below 50,000 addresses and 50 MB
)


class _Ours(Sitemap[Any]):
    """Addresses on the host that the configuration names, in every language."""

    i18n = True
    alternates = True
    limit = ADDRESSES_PER_FILE

    def get_domain(self, site: Any = None) -> str:  # noqa: ARG002
        """Return the host, and the port where it is not the usual one."""
        return urlsplit(config().server.url).netloc

    def get_protocol(self, protocol: str | None = None) -> str:  # noqa: ARG002
        """Return ``http`` or ``https``."""
        return urlsplit(config().server.url).scheme


class Pages(_Ours):
    """The places that are always there."""

    def items(self) -> list[str]:
        """Return their names."""
        return list(PAGES)

    def location(self, item: str) -> str:
        """Return the address of one."""
        return reverse(item)


class Rooms(_Ours):
    """The public pages of a room.

    Args:
        name: Of the address, which takes a slug.
        rows: Returns (slug, when changed), in a stable order.
    """

    def __init__(self, name: str, rows: Rows) -> None:
        self.name, self.rows = name, rows

    def items(self) -> "QuerySet[Any, tuple[str, datetime]]":
        """Return the rows; a file of the sitemap takes a slice of them."""
        return self.rows()

    def location(self, item: tuple[str, datetime]) -> str:
        """Return the address of one."""
        return reverse(self.name, args=[item[0]])

    def lastmod(self, item: tuple[str, datetime]) -> datetime:
        """Return when it changed."""
        return item[1]


SITEMAPS: dict[str, _Ours] = {
    "pages": Pages(),
    "data": Rooms("catalogue:dataset", catalogue.public_datasets),
    "projects": Rooms("participation:project", participation.public_projects),
    "take-part": Rooms("participation:process", participation.public_processes),
    "junctions": Rooms("junctions:junction", junctions.public_junctions),
    "measures": Rooms("exchange:measure", exchange.public_measures),
    "indicators": Rooms("exchange:indicator", exchange.public_indicators),
    "tandems": Rooms("exchange:tandem", exchange.public_tandems),
    "matching": Rooms("exchange:round", exchange.public_rounds),
}
