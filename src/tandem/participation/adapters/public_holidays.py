"""Public holidays by country and region, from the ``holidays`` package, and a city's own ones."""

from collections.abc import Iterable, Mapping
from datetime import date

import holidays

from tandem.core.errors import InvalidInput
from tandem.core.text import say


class UnknownRegion(InvalidInput):
    """There is no such country or region in the calendar of holidays."""

    code = "participation.period.unknown-region"


def public_holidays(
    country: str,
    region: str,
    years: Iterable[int],
    *,
    own: Mapping[tuple[int, int], str] | None = None,
) -> dict[date, str]:
    """Return the public holidays at a place, with their names in the country's language.

    Args:
        country: ISO 3166-1 alpha-2: ``DE``, ``IT``.
        region: ISO 3166-2 without the country: ``NW`` for North Rhine-Westphalia. Empty for those of the whole
            country. An Italian province brings its capital's patron saint: ``AR``.
        years: All years that a period can touch.
        own: Days that a city has beside them, by month and day: ``{(6, 24): "San Giovanni"}``.

    Raises:
        UnknownRegion: There is no such country or region.
    """
    wanted = sorted(set(years))
    try:
        # Without a language, the names would be in that of the server's environment.
        language = holidays.country_holidays(country).default_language
        found = holidays.country_holidays(country, subdiv=region or None, years=wanted, language=language)
    except NotImplementedError:
        place = f"{country}-{region}" if region else country
        raise UnknownRegion(say("No public holidays are known for {place}.", place=place)) from None
    days = dict(sorted(found.items()))
    for (month, day), name in (own or {}).items():
        for year in wanted:
            days.setdefault(date(year, month, day), name)
    return days
