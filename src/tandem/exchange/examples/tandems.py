"""EXAMPLE profiles of the programme's cities. All needs and offers are made up; no city has said any of this.

The six tandems are those of #connectedinEurope (2022 to 2024). Nobody published what the cities applied with, so these
needs, offers, weights and languages were invented in such a way that the same pairs come out. Populations are rounded.
"""

from tandem.exchange.domain.matching.profiles import CityProfile, Entry, Tandem

_Weights = dict[str, int]


def _entries(weights: _Weights) -> tuple[Entry, ...]:
    text = "Example: made up, not said by the city."
    german, italian = "Beispiel: erfunden, nicht von der Stadt.", "Esempio: inventato, non detto dalla città."
    texts = {"de": german, "it": italian, "en": text}
    return tuple(Entry(topic, weight, texts) for topic, weight in weights.items())


def _city(
    names: str | dict[str, str],
    country: str,
    languages: str,
    population: int,
    kind: int,
    needs: _Weights,
    offers: _Weights,
) -> CityProfile:
    by_language = names if isinstance(names, dict) else {"en": names}
    return CityProfile(
        id="-".join(by_language["en"].lower().replace("ł", "l").split()),
        names=by_language,
        country=country,
        languages=tuple(languages.split()),
        population=population,
        kind=kind,
        needs=_entries(needs),
        offers=_entries(offers),
    )


PROGRAMME: tuple[CityProfile, ...] = (
    _city(
        "Sofia",
        "BG",
        "bg en",
        1_240_000,
        1,
        {"heat": 5, "participation": 3},
        {"digital-services": 5, "air": 3},
    ),
    _city(
        "Krefeld",
        "DE",
        "de en",
        227_000,
        1,
        {"digital-services": 5, "air": 2},
        {"heat": 5, "participation": 3},
    ),
    _city(
        "Arezzo",
        "IT",
        "it en",
        99_000,
        2,
        {"traffic-signals": 5, "open-data": 4, "heat": 2},
        {"air": 5, "old-town": 3},
    ),
    _city(
        "Hamm",
        "DE",
        "de en",
        179_000,
        1,
        {"air": 4, "old-town": 2},
        {"traffic-signals": 5, "open-data": 3, "participation": 2},
    ),
    _city(
        "Vari-Voula-Vouliagmeni",
        "GR",
        "el en",
        48_000,
        2,
        {"village-life": 4, "rural-mobility": 3},
        {"coast": 5, "energy": 2},
    ),
    _city(
        "Geestland",
        "DE",
        "de en",
        31_000,
        3,
        {"coast": 4, "energy": 3},
        {"village-life": 5, "rural-mobility": 4},
    ),
    _city(
        "Utrecht",
        "NL",
        "nl en de",
        360_000,
        1,
        {"digital-twin": 5, "open-data": 2},
        {"cycling": 5, "housing": 3},
    ),
    _city(
        {"de": "München", "it": "Monaco di Baviera", "en": "Munich"},
        "DE",
        "de en",
        1_490_000,
        1,
        {"cycling": 5, "housing": 4},
        {"digital-twin": 5, "open-data": 3},
    ),
    _city(
        "Alba Iulia",
        "RO",
        "ro en",
        64_000,
        2,
        {"open-data": 4, "ageing": 3},
        {"lighting": 5, "city-marketing": 4, "digital-services": 2},
    ),
    _city(
        "Arnsberg",
        "DE",
        "de en",
        74_000,
        2,
        {"lighting": 4, "city-marketing": 3},
        {"open-data": 4, "ageing": 5},
    ),
    _city("Bolesławiec", "PL", "pl en", 39_000, 2, {"flood": 5, "old-town": 2}, {"buses": 5, "crafts": 3}),
    _city("Pirna", "DE", "de en", 39_000, 2, {"buses": 4, "crafts": 3}, {"flood": 5, "old-town": 4}),
)
"""Twelve cities, each with one place."""

TANDEMS: tuple[Tandem, ...] = (
    ("alba-iulia", "arnsberg"),
    ("arezzo", "hamm"),
    ("boleslawiec", "pirna"),
    ("geestland", "vari-voula-vouliagmeni"),
    ("krefeld", "sofia"),
    ("munich", "utrecht"),
)
"""The programme's six tandems of 2022."""

VENLO = _city(
    "Venlo",
    "NL",
    "nl de en",
    102_000,
    2,
    {"heat": 3, "participation": 4},
    {"digital-services": 3, "housing": 2},
)
"""With whom Krefeld went on after Sofia had left."""

UPPER_RHINE: tuple[CityProfile, ...] = (
    _city(
        "Freiburg", "DE", "de fr", 237_000, 1, {"border-traffic": 5, "energy": 2}, {"solar": 5, "cycling": 4}
    ),
    _city("Basel", "CH", "de fr", 178_000, 1, {"solar": 5, "cycling": 3}, {"border-traffic": 5, "energy": 4}),
    _city(
        "Mulhouse", "FR", "fr de", 107_000, 1, {"solar": 4, "housing": 2}, {"border-traffic": 3, "trams": 4}
    ),
)
"""The programme's later tandem of three."""
