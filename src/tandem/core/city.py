"""Cities: ours, and the partners'.

A city has an id of our own and any number of official codes. Never match cities by name: there
are two places called Hamm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tandem.core.errors import InvalidInput
from tandem.core.text import pick

_ID = re.compile(r"[a-z][a-z0-9-]{1,62}")


class BadCityId(InvalidInput):
    """A city's id is not of the form that URLs and folders can carry."""

    code = "core.bad-city-id"

    def __init__(self, city_id: str) -> None:
        super().__init__(
            f"{city_id!r} is no city id. Use 2 to 63 lower-case letters, digits and hyphens, a letter first: 'hamm'."
        )


def check_city_id(city_id: str) -> str:
    """Return ``city_id`` unchanged.

    Raises:
        BadCityId: It has other characters, or the wrong length.
    """
    if not _ID.fullmatch(city_id):
        raise BadCityId(city_id)
    return city_id


@dataclass(frozen=True, slots=True)
class CityCode:
    """One official code of a city.

    Attributes:
        scheme: ``AGS``, ``ISTAT``, ``LAU``, ``NUTS3``, ``IPA`` …
        year: Edition of the scheme; codes change when municipalities merge.
        code: As text, leading zeros kept.
    """

    scheme: str
    year: int
    code: str


@dataclass(frozen=True, slots=True)
class City:
    """The city that this installation belongs to.

    Attributes:
        names: Its name by language code.
        country: ISO 3166-1 alpha-2.
        languages: Codes of the portal's languages; the first is the default.
        latitude: Centre, degrees north (WGS 84).
        longitude: Centre, degrees east (WGS 84).
    """

    id: str
    names: Mapping[str, str]
    country: str
    languages: tuple[str, ...]
    latitude: float
    longitude: float
    codes: tuple[CityCode, ...] = ()
    timezone: str = "Europe/Berlin"

    def name(self, language: str) -> str:
        """Return the city's name in ``language``, or the nearest there is."""
        return pick(self.names, language, default=self.id)

    def code(self, scheme: str) -> str | None:
        """Return the newest code of ``scheme``, or None."""
        found = [code for code in self.codes if code.scheme == scheme]
        return max(found, key=lambda code: code.year).code if found else None


@dataclass(frozen=True, slots=True)
class PartnerCity:
    """A city whose catalogue and measures this one takes in.

    Attributes:
        url: Address of its portal, without a slash at the end.
        catalogue_url: Its DCAT feed.
        may_be_local: True where the address may lie on this machine or in a private network.
    """

    id: str
    names: Mapping[str, str]
    url: str
    catalogue_url: str
    country: str = ""
    codes: tuple[CityCode, ...] = field(default=())
    may_be_local: bool = False

    def name(self, language: str) -> str:
        """Return the partner's name in ``language``, or the nearest there is."""
        return pick(self.names, language, default=self.id)
