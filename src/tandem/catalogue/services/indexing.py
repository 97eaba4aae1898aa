"""What the search knows of datasets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch

from tandem.catalogue.domain import ckan_terms, vocabulary
from tandem.catalogue.domain.completeness import band_of
from tandem.catalogue.domain.description import DatasetDescription, DistributionDescription, from_json
from tandem.catalogue.domain.freshness import due_on
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import assessing, places
from tandem.core.text import pick
from tandem.kit import installation, search
from tandem.kit.search import SearchDocument

ROOM, KIND = "catalogue", "dataset"
BATCH = 500


def index_dataset(dataset: Dataset) -> None:
    """Let the search know a dataset as it is now, and note how good and how fresh it is."""
    if dataset.status == Status.PUBLISHED:
        index_many([dataset])
    else:
        _note([dataset])
        forget([dataset.iri])


def index_many(rows: Sequence[Dataset]) -> None:
    """Let the search know published datasets as they are now, and note how good and how fresh each is."""
    _note(rows)
    search.put([search_document(row) for row in rows])


def note_all(progress: Callable[[float, str], None]) -> int:
    """Reckon anew how good and how fresh every dataset is; return how many there are."""
    keys = list(Dataset.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        progress(start / len(keys), f"{start} datasets")
        rows = Dataset.objects.filter(pk__in=keys[start : start + BATCH])
        _note(list(rows.prefetch_related("distributions")))
    return len(keys)


def _note(rows: Sequence[Dataset]) -> None:
    described = [_whole(row) for row in rows]
    answers = assessing.known_answers(described)
    for row, said in zip(rows, described, strict=True):
        row.points = assessing.assessment_of(said, answers=answers, unasked=row.source_id is not None).points
        row.due_on = due_on(said)
    Dataset.objects.bulk_update(rows, ["points", "due_on"])


def _whole(dataset: Dataset) -> DatasetDescription:
    own = from_json(DatasetDescription, {"iri": dataset.iri, **dataset.description})
    parts = (from_json(DistributionDescription, each.description) for each in dataset.distributions.all())
    return replace(own, distributions=tuple(parts))


def forget(iris: Iterable[str]) -> None:
    """Let the search forget datasets."""
    search.remove(list(iris))


def write_all() -> int:
    """Let the search know every published dataset anew, as after an upgrade; return how many."""
    parts = Distribution.objects.order_by("position")
    rows = Dataset.objects.filter(status=Status.PUBLISHED).select_related("source").order_by("pk")
    count, last = 0, None
    while batch := list(
        (rows.filter(pk__gt=last) if last else rows).prefetch_related(Prefetch("distributions", parts))[
            :BATCH
        ]
    ):
        index_many(batch)
        count, last = count + len(batch), batch[-1].pk
    return count


def search_document(dataset: Dataset) -> SearchDocument:
    """Return what the search should know of a dataset."""
    own, rows = _whole(dataset), list(dataset.distributions.all())
    quality = band_of(dataset.points or 0)
    language = installation.city().languages[0]
    terms = ckan_terms.terms_of(
        own,
        key=str(dataset.pk),
        slug=dataset.slug,
        source=dataset.source.key if dataset.source else "",
        language=language,
    )
    return SearchDocument(
        uri=dataset.iri,
        room=ROOM,
        kind=KIND,
        titles=dict(own.titles),
        texts=dict(own.descriptions),
        keywords={language: list(words) for language, words in own.keywords.items()},
        path=f"data/{dataset.slug}/",
        facets={
            name: values
            for name, values in (*_facets(own, own.distributions), ("quality", [quality]))
            if values
        },
        updated_at=dataset.changed_at,
        city=(dataset.source.city or dataset.source.key) if dataset.source else installation.city().id,
        usefulness=_usefulness(
            quality, has_table=any(row.current_id for row in rows), is_ours=dataset.source is None
        ),
        terms=terms,
        sort_keys={"name": dataset.slug, "title": dataset.sort_title},
        order=dataset.pk.int >> 64,
        created_at=dataset.created_at,
    )


def _usefulness(quality: str, *, has_table: bool, is_ours: bool) -> int:
    """Return what a dataset is worth to somebody who looks for it: one that can be looked into, and is described."""
    return {"excellent": 2, "good": 1}.get(quality, 0) + 2 * has_table + is_ours


def _facets(
    own: DatasetDescription, parts: Sequence[DistributionDescription]
) -> Iterator[tuple[str, list[str]]]:
    name = pick(own.publisher.names, installation.city().languages[0]) if own.publisher else ""
    yield "publisher", [name] if name else []
    yield "place", sorted({place for iri in own.spatial if (place := places.id_of(iri))})
    yield "theme", _codes(vocabulary.THEMES, own.themes)
    yield "format", _codes(vocabulary.FILE_TYPES, (part.format for part in parts))
    yield "licence", _codes(vocabulary.LICENCES, (part.licence for part in parts))


def _codes(terms: vocabulary.Vocabulary[Any], iris: Iterable[str]) -> list[str]:
    found = (terms.by_iri(iri) for iri in iris if iri)
    return sorted({term.code for term in found if term})
