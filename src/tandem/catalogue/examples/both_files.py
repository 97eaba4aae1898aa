"""Made-up files that both cities have, each in its own words: car parks, noise, loans of the library."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tandem.catalogue.examples.districts import District
from tandem.catalogue.examples.writing import number, seeded, table


@dataclass(frozen=True, slots=True)
class Words:
    """How a city calls things.

    Attributes:
        parks: Header of the car parks; ``noise`` and ``loans`` likewise.
        park_kinds: Kinds of car parks, the commonest first.
        park_names: One for each car park.
        noise_sources: What is loud.
        media: What the library lends.
        day: Writes a day.
    """

    parks: Sequence[str]
    park_kinds: Sequence[str]
    park_names: Sequence[str]
    noise: Sequence[str]
    noise_sources: Sequence[str]
    loans: Sequence[str]
    media: Sequence[str]
    yes_no: tuple[str, str]
    day: Callable[[date], str]


def car_parks(words: Words, districts: Sequence[District]) -> bytes:
    """Make the list of car parks with coordinates and places."""
    rows = []
    for index, name in enumerate(words.park_names):
        random = seeded(f"car park {name}")
        district = districts[index % len(districts)]
        longitude, latitude = district.point(random)
        spaces = random.randint(4, 60) * 10
        rows.append(
            [
                f"P{index + 1:03}",
                name,
                words.park_kinds[index % len(words.park_kinds)],
                district.name,
                str(spaces),
                str(max(1, spaces // 50)),
                str(random.randint(0, 12)),
                words.yes_no[random.random() < 0.4],
                number(latitude, 6),
                number(longitude, 6),
            ]
        )
    return table([words.parks, *rows])


def noise(words: Words, districts: Sequence[District]) -> bytes:
    """Make the results of measuring noise by day and by night at sixty places."""
    rows = []
    for index in range(60):
        random = seeded(f"noise {index} {districts[0].name}")
        district = districts[index % len(districts)]
        longitude, latitude = district.point(random)
        day_db = random.uniform(48, 74)
        rows.append(
            [
                f"L{index + 1:03}",
                district.name,
                random.choice(words.noise_sources),
                words.day(date(2024, 1 + index % 12, 1 + index % 28)),
                number(day_db),
                number(day_db - random.uniform(4, 11)),
                number(latitude, 6),
                number(longitude, 6),
            ]
        )
    return table([words.noise, *rows])


def library_loans(words: Words) -> bytes:
    """Make the library's loans of three years, month by month and kind by kind."""
    rows = []
    for year in (2022, 2023, 2024):
        for month in range(1, 13):
            for place, kind in enumerate(words.media):
                random = seeded(f"loans {year} {month} {kind}")
                usual = 9_000 / (place + 1) * (0.8 if month in (7, 8) else 1.0)
                rows.append([f"{year}-{month:02}-01", kind, str(round(usual * random.uniform(0.9, 1.1)))])
    return table([words.loans, *rows], encoding="utf-8", delimiter=",")
