"""Load example series and services, through the same services as an officer's."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import PeriodOfTime
from tandem.catalogue.domain.lifecycle import Status, Step
from tandem.catalogue.examples import FOLDER
from tandem.catalogue.models import DataService, Dataset, DatasetSeries
from tandem.catalogue.services import datasets, own_catalogue, records
from tandem.kit.installation import city, config


def load(*, now: datetime) -> int:
    """Publish the city's example series and services; those that are there stay. Return how many were new."""
    path = FOLDER / city().id / "records.toml"
    if not path.is_file():
        return 0
    found = tomllib.loads(path.read_text("utf-8"))
    made = sum(_series(values, now) for values in found.get("series", ()))
    return made + sum(_service(values, now) for values in found.get("services", ()))


def _series(values: Mapping[str, Any], now: datetime) -> int:
    if DatasetSeries.objects.filter(slug=values["id"]).exists():
        return 0
    row = _begin(records.SERIES, values, now)
    described = replace(
        records.description_of(row),
        descriptions=values["descriptions"],
        themes=_iris(vocabulary.THEMES, values["themes"]),
        frequency=_iris(vocabulary.FREQUENCIES, [values["frequency"]])[0],
        temporal=(PeriodOfTime(**values["temporal"]),),
        spatial=tuple(own_catalogue.place_iris()),
    )
    _publish(row, described, now)
    for dataset in Dataset.objects.filter(slug__in=values["datasets"], source=None):
        member = replace(datasets.description_of(dataset), in_series=(row.iri,))
        datasets.describe(dataset, member, person=None, now=now)
    return 1


def _service(values: Mapping[str, Any], now: datetime) -> int:
    if DataService.objects.filter(slug=values["id"]).exists():
        return 0
    row = _begin(records.SERVICE, values, now)
    url = config().server.url
    public = Dataset.objects.filter(status=Status.PUBLISHED, source=None).order_by("iri")
    described = replace(
        records.description_of(row),
        descriptions=values["descriptions"],
        keywords={language: tuple(words) for language, words in values["keywords"].items()},
        themes=_iris(vocabulary.THEMES, values["themes"]),
        endpoint_urls=(values["endpoint"].format(url=url),),
        endpoint_descriptions=(values["endpoint_description"].format(url=url),),
        pages=(values["documentation"].format(url=url),),
        conforms_to=(values["conforms_to"],),
        formats=_iris(vocabulary.FILE_TYPES, values["formats"]),
        licence=_iris(vocabulary.LICENCES, [values["licence"]])[0],
        access_rights=f"{vocabulary.AUTHORITY}/access-right/PUBLIC",
        serves=tuple(public.values_list("iri", flat=True)),
    )
    _publish(row, described, now)
    return 1


def _begin(kind: records.Kind, values: Mapping[str, Any], now: datetime) -> records.Row:
    row = records.begin(kind, titles=values["titles"], person=None, now=now)
    row.slug = values["id"]
    row.save(update_fields=["slug"])
    return row


def _publish(row: records.Row, described: records.Description, now: datetime) -> None:
    records.describe(row, described, person=None, now=now)
    records.take_step(row, Step.PUBLISH, person=None, now=now)


def _iris(terms: "vocabulary.Vocabulary[Any]", codes: list[str]) -> tuple[str, ...]:
    return tuple(term.iri for code in codes if (term := terms.by_code(code)))
