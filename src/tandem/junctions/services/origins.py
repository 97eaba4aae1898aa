"""Where a junction was taken over from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tandem.kit import installation


@dataclass(frozen=True, slots=True)
class Origin:
    """The partner's junction that one of ours was taken over from, for simulation only.

    Attributes:
        city: Name of the city in a language; the host of its address where it is no partner of ours.
        titles: Of the junction there, by language.
    """

    city: str
    titles: Mapping[str, str]
    address: str


def origin_of(values: Mapping[str, Any], language: str) -> Origin | None:
    """Return where a junction came from, None for one of our own."""
    if not values:
        return None
    address = values["path"]
    return Origin(_city(address, language), values["titles"], address)


def _city(address: str, language: str) -> str:
    for partner in installation.config().partners:
        if f"{address}/".startswith(f"{partner.url.rstrip('/')}/"):
            return partner.name(language)
    return address.partition("://")[2].partition("/")[0]
