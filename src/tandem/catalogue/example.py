"""Load example content, through the same services as an officer's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tandem.catalogue import example_records
from tandem.catalogue.adapters.originals import read_in_chunks
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.examples import ExampleDataset, read_examples
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import datasets, imports, publishing, tables
from tandem.catalogue.services.command_line import ImportFailed
from tandem.kit.installation import city


def load(*, now: datetime, tell: Callable[[float, str], None]) -> int:
    """Publish the city's example datasets; those that are there already stay. Return how many were new."""
    examples = read_examples(city().id)
    made = 0
    for number, example in enumerate(examples):
        tell(number / len(examples), example.filename)
        if not Dataset.objects.filter(slug=example.id).exists():
            _publish(example, now)
            made += 1
    example_records.load(now=now)
    return made


def _publish(example: ExampleDataset, now: datetime) -> None:
    dataset = datasets.begin(titles=dict(example.titles), person=None, now=now)
    dataset.slug = example.id
    dataset.save(update_fields=["slug"])
    upload = tables.receive(_chunks(example.path), filename=example.filename, media_type="")
    _distribution, job = imports.add_file(
        dataset, upload, titles=dict(example.file_titles), person=None, now=now, at_once=True
    )
    if job is not None and job.state != "succeeded":
        raise ImportFailed(example.filename, job.error_message)
    datasets.describe(dataset, _described(datasets.description_of(dataset), example), person=None, now=now)
    dataset.refresh_from_db()
    publishing.publish(dataset, person=None, now=now)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        yield from read_in_chunks(source)


def _described(begun: DatasetDescription, example: ExampleDataset) -> DatasetDescription:
    licence = vocabulary.LICENCES.by_code(example.licence)
    parts = tuple(
        replace(
            part,
            titles=dict(example.file_titles),
            descriptions=dict(example.file_descriptions),
            licence=licence.iri if licence else "",
            attribution=example.attribution,
            rights=licence.page if licence else "",
        )
        for part in begun.distributions
    )
    return replace(
        begun,
        titles=dict(example.titles),
        descriptions=dict(example.descriptions),
        keywords={language: tuple(words) for language, words in example.keywords.items()},
        themes=_iris(vocabulary.THEMES, example.themes),
        contacts=(example.contact,),
        frequency=_iri(vocabulary.FREQUENCIES, example.frequency),
        access_rights=_iri(vocabulary.ACCESS_RIGHTS, example.access_rights),
        availability=_iri(vocabulary.AVAILABILITIES, example.availability),
        languages=_iris(vocabulary.LANGUAGES, example.languages),
        geocoding_level=_iri(vocabulary.GEOCODING_LEVELS, example.geocoding_level),
        temporal=(example.temporal,),
        spatial=example.spatial or begun.spatial,
        bounds=example.bounds,
        identifiers=begun.identifiers or (begun.iri.rpartition("/")[2],),
        distributions=parts,
    )


def _iri(terms: "vocabulary.Vocabulary[vocabulary.Term]", code: str) -> str:
    term = terms.by_code(code)
    return term.iri if term else ""


def _iris(terms: "vocabulary.Vocabulary[vocabulary.Term]", codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(iri for code in codes if (iri := _iri(terms, code)))
