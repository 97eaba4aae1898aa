"""What the command line and the HTTP API do in one step: describe, read, publish."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db.models import Max, Q

from tandem.accounts.models import Person
from tandem.catalogue.adapters import originals
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import PeriodOfTime
from tandem.catalogue.domain.exploration import Exploration
from tandem.catalogue.models import Dataset, Distribution, HarvestSource, TableVersion
from tandem.catalogue.services import changes, datasets, explore, harvest_sources, imports, publishing, tables
from tandem.catalogue.services.explore import Table
from tandem.core.errors import InvalidInput, NotFound, Unavailable
from tandem.core.text import pick


class ImportFailed(InvalidInput):
    """A file could not be read."""

    code = "catalogue.import-failed"

    def __init__(self, filename: str, problem: str) -> None:
        super().__init__(f"{filename}: {problem} Nothing was published or changed.")


class HarvestFailed(Unavailable):
    """A source could not be harvested."""

    code = "catalogue.harvest-failed"

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem} What was taken over before is unchanged.")


class NoSuchFile(NotFound):
    """The dataset has no file at that position."""

    code = "catalogue.no-such-file"

    def __init__(self, dataset: Dataset, position: int) -> None:
        super().__init__(f"{dataset.slug} has no file number {position}; counting begins at 0.")


def publish_files(
    files: Iterable[tuple[PurePath, Iterable[bytes], str]],
    *,
    titles: Mapping[str, str],
    descriptions: Mapping[str, str],
    keywords: Mapping[str, tuple[str, ...]],
    themes: Sequence[str],
    licence: str,
    attribution: str,
    frequency: str,
    period: PeriodOfTime,
    draft: bool,
    now: datetime,
    person: Person | None = None,
    part: str = "",
) -> Dataset:
    """Make a dataset of files and publish it; if a file cannot be read, nothing is left behind.

    Args:
        files: Name, bytes and media type of each.
        themes: Codes.
        licence: Code.
        frequency: Code, or empty.
        part: The sheet, layer or file inside that is wanted, where a file has several.

    Raises:
        ImportFailed: A file cannot be read; the error says why.
        Incomplete: The city's profile demands something that is missing.
    """
    dataset = datasets.begin(titles=dict(titles), person=person, now=now)
    try:
        for path, chunks, media_type in files:
            _add(dataset, path, chunks, media_type, part=part, person=person, now=now)
        terms = vocabulary.LICENCES.by_code(licence)
        described = datasets.description_of(dataset)
        parts = tuple(
            replace(
                part,
                licence=terms.iri if terms else licence,
                attribution=attribution or _default_attribution(terms, described.publisher),
            )
            for part in described.distributions
        )
        described = replace(
            described,
            descriptions=dict(descriptions),
            keywords=dict(keywords),
            themes=tuple(term.iri for code in themes if (term := vocabulary.THEMES.by_code(code))),
            frequency=_frequency(frequency) or described.frequency,
            temporal=(period,) if period.start or period.end else (),
            distributions=parts,
        )
        datasets.describe(dataset, described, person=person, now=now)
        dataset.refresh_from_db()
        if not draft:
            publishing.publish(dataset, person=person, now=now)
    except Exception:
        publishing.discard(dataset, person=person)
        raise
    return dataset


def _add(
    dataset: Dataset,
    path: PurePath,
    chunks: Iterable[bytes],
    media_type: str,
    *,
    part: str,
    person: Person | None,
    now: datetime,
) -> None:
    upload = tables.receive(chunks, filename=path.name, media_type=media_type)
    provenance = tables.Provenance(part=part)
    _distribution, job = imports.add_file(
        dataset, upload, titles={}, person=person, now=now, at_once=True, provenance=provenance
    )
    if job is not None and job.state != "succeeded":
        raise ImportFailed(path.name, job.error_message)


def _default_attribution(licence: vocabulary.Licence | None, publisher: Any) -> str:
    return (
        next(iter(publisher.names.values()), "")
        if licence and licence.needs_attribution and publisher
        else ""
    )


def _frequency(code: str) -> str:
    term = vocabulary.FREQUENCIES.by_code(code)
    return term.iri if term else ""


def distribution_at(dataset: Dataset, position: int) -> Distribution:
    """Return a dataset's file by its place.

    Raises:
        NoSuchFile: There is none.
    """
    found = dataset.distributions.select_related("dataset").filter(position=position).first()
    if found is None:
        raise NoSuchFile(dataset, position)
    return found


def version_bytes(distribution: Distribution, number: int, wanted: str) -> Iterator[bytes]:
    """Return a version of a file as a stream: the ``original``, or its table in a format.

    Raises:
        NoSuchVersion: There is no such version.
        NoTable: A table is wanted of a file that is none.
    """
    version = changes.version_of(distribution, number)
    if wanted == "original":
        return _original(version)
    if not version.report:
        raise tables.NoTable(distribution.id)
    return explore.export_rows(Table.of(version), Exploration(), wanted)


def _original(version: TableVersion) -> Iterator[bytes]:
    with originals.open_original(version.sha256) as opened:
        yield from originals.read_in_chunks(opened)


def summary(dataset: Dataset) -> dict[str, Any]:
    """Return a dataset in a few plain values."""
    files = []
    for part in dataset.distributions.select_related("current"):
        columns = part.current.report.get("columns", []) if part.current else []
        files.append(
            {
                "position": part.position,
                "filename": part.current.filename if part.current else "",
                "rows": part.current.rows if part.current else 0,
                "columns": len(columns),
                "bad_cells": sum(column.get("bad_count", 0) for column in columns),
            }
        )
    return {
        "id": str(dataset.pk),
        "iri": dataset.iri,
        "slug": dataset.slug,
        "status": dataset.status,
        "titles": dataset.description.get("titles", {}),
        "files": files,
    }


def source_keys() -> list[str]:
    """Return the keys of all harvest sources."""
    return list(HarvestSource.objects.values_list("key", flat=True))


def source_lines() -> Iterable[str]:
    """Yield a line for each source: key, address, last successful harvest."""
    harvest_sources.ensure_sources()
    rows = HarvestSource.objects.annotate(last=Max("runs__finished_at", filter=Q(runs__state="succeeded")))
    for row in rows:
        last = f"{row.last:%Y-%m-%d %H:%M} UTC" if row.last else "never"
        yield f"{row.key:<20} {row.url:<60} {last:<20}  {pick(row.titles, 'en')}"
