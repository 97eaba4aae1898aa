"""What the search knows of datasets."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch

from tandem.catalogue.domain import ckan_terms, vocabulary
from tandem.catalogue.domain.description import DatasetDescription, DistributionDescription, from_json
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution
from tandem.kit import installation, search
from tandem.kit.search import SearchDocument

ROOM, KIND = "catalogue", "dataset"
BATCH = 500


def index_dataset(dataset: Dataset) -> None:
    """Let the search know a dataset as it is now; one that is not public it forgets."""
    if dataset.status == Status.PUBLISHED:
        search.put([search_document(dataset)])
    else:
        forget([dataset.iri])


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
        search.put([search_document(row) for row in batch])
        count, last = count + len(batch), batch[-1].pk
    return count


def search_document(dataset: Dataset) -> SearchDocument:
    """Return what the search should know of a dataset."""
    own = from_json(DatasetDescription, {"iri": dataset.iri, **dataset.description})
    parts = [from_json(DistributionDescription, each.description) for each in dataset.distributions.all()]
    language = installation.city().languages[0]
    terms = ckan_terms.terms_of(
        replace(own, distributions=tuple(parts)),
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
        facets={name: values for name, values in _facets(own, parts) if values},
        updated_at=dataset.changed_at,
        city=dataset.source.city if dataset.source else installation.city().id,
        terms=terms,
        sort_keys={"name": dataset.slug, "title": dataset.sort_title},
        order=dataset.pk.int >> 64,
        created_at=dataset.created_at,
    )


def _facets(own: DatasetDescription, parts: list[DistributionDescription]) -> Iterator[tuple[str, list[str]]]:
    yield "theme", _codes(vocabulary.THEMES, own.themes)
    yield "format", _codes(vocabulary.FILE_TYPES, (part.format for part in parts))
    yield "licence", _codes(vocabulary.LICENCES, (part.licence for part in parts))


def _codes(terms: vocabulary.Vocabulary[Any], iris: Iterable[str]) -> list[str]:
    found = (terms.by_iri(iri) for iri in iris if iri)
    return sorted({term.code for term in found if term})
