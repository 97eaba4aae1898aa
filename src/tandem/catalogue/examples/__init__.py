"""Example content for the demo cities: files in the forms that officers have, and what is said of each.

Nothing is written and no database is needed: ``read_examples`` reads a city's ``datasets.toml``. A dataset
that is ``made_up`` says so at the beginning of its title and of its description, in every language; others
state facts about the cities and the programme #vernetztinEuropa. ``generate`` makes the made-up files, always
the same bytes.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tandem.catalogue.domain.description import ContactDescription, PeriodOfTime, Texts, Words
from tandem.core.errors import NotFound

FOLDER = Path(__file__).parent


class NoExamples(NotFound):
    """There is no example content for a city."""

    code = "catalogue.no-examples"

    def __init__(self, city_id: str) -> None:
        known = ", ".join(cities_with_examples())
        super().__init__(f"There is no example content for the city {city_id!r}. There is some for: {known}.")


@dataclass(frozen=True, slots=True)
class ExampleDataset:
    """An example dataset with its one file, and everything that a complete description asks for.

    Vocabulary terms are codes of ``domain.vocabulary``.

    Attributes:
        id: Stable and unique within the city; fit for an address: ``strassenbaeume``.
        made_up: True where the numbers are invented; the texts say so then.
        publisher: The publisher's names by language.
        themes: Codes of EU data themes: ``ENVI``.
        licence: Code: ``CC0``.
        attribution: Text that a BY licence asks to be shown; empty where none does.
        rights: What may be done with it, in a sentence, by language.
        frequency: Code: ``ANNUAL``.
        spatial: IRIs of places.
        bounds: West, south, east, north in degrees (WGS 84).
        languages: Codes of the languages inside the file: ``DEU``.
        geocoding_level: Code of DCAT-AP.de, or empty.
        path: Where the file lies.
        filename: What the officer calls the file.
        format: Code of its file type: ``CSV``.
        file_titles: Titles of the distribution, by language.
        file_descriptions: What form the file is in, by language.
    """

    id: str
    made_up: bool
    titles: Texts
    descriptions: Texts
    keywords: Words
    publisher: Texts
    contact: ContactDescription
    themes: tuple[str, ...]
    licence: str
    attribution: str
    rights: Texts
    access_rights: str
    availability: str
    frequency: str
    temporal: PeriodOfTime
    spatial: tuple[str, ...]
    bounds: tuple[float, ...]
    languages: tuple[str, ...]
    geocoding_level: str
    path: Path
    filename: str
    format: str
    file_titles: Texts
    file_descriptions: Texts


def cities_with_examples() -> tuple[str, ...]:
    """Return the ids of the cities that have example content.

    >>> cities_with_examples()
    ('arezzo', 'hamm')
    """
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/datasets.toml")))


def read_examples(city_id: str) -> list[ExampleDataset]:
    """Return a city's example datasets, in the order in which they are to be loaded.

    Raises:
        NoExamples: There are none for that city.
    """
    content = _read(city_id)
    return [_dataset(city_id, content, values) for values in content["datasets"]]


def read_upload(city_id: str) -> ExampleDataset:
    """Return the example that is not loaded: the file that an officer uploads in the tutorial.

    Raises:
        NoExamples: There is none for that city.
    """
    content = _read(city_id)
    return _dataset(city_id, content, content["upload"])


def _read(city_id: str) -> dict[str, Any]:
    if city_id not in cities_with_examples():
        raise NoExamples(city_id)
    return tomllib.loads((FOLDER / city_id / "datasets.toml").read_text("utf-8"))


def _dataset(city_id: str, content: Mapping[str, Any], values: Mapping[str, Any]) -> ExampleDataset:
    of_its_kind = content["made_up" if values["made_up"] else "facts"]
    merged = {**content["common"], **of_its_kind, **values}
    file = merged.pop("file")
    converted = {
        "path": FOLDER / city_id / file,
        "keywords": {language: tuple(words) for language, words in merged["keywords"].items()},
        "contact": ContactDescription(**merged["contact"]),
        "temporal": PeriodOfTime(**merged["temporal"]),
        **{name: tuple(merged[name]) for name in ("themes", "spatial", "bounds", "languages")},
    }
    return ExampleDataset(**{**merged, **converted})
