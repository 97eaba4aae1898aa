"""Datasets as CKAN's packages."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tandem.catalogue.domain import ckan, ckan_resource
from tandem.catalogue.domain.ckan import Facts
from tandem.catalogue.domain.description import DistributionDescription, from_json
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import datasets
from tandem.core.errors import NotFound
from tandem.kit import installation

STATES = {
    Status.DRAFT: "draft",
    Status.REVIEW: "draft",
    Status.PUBLISHED: "active",
    Status.WITHDRAWN: "deleted",
}


class NotHere(NotFound):
    """There is nothing of that kind and name that the asker may see."""

    code = "catalogue.ckan.not-here"

    def __init__(self, kind: str, wanted: str) -> None:
        super().__init__(f"There is no {kind} {wanted[:100]!r} here.")


def language() -> str:
    """Return the language of what is shown where CKAN has one text alone."""
    return installation.city().languages[0]


def ckan_time(moment: datetime) -> str:
    """Return a moment as CKAN writes it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def find(wanted: str, *, drafts: bool) -> Dataset:
    """Return the dataset with that id or name.

    Args:
        wanted: Its id, name or IRI.
        drafts: Whether the asker may see what is not public.

    Raises:
        NotHere: There is none, or the asker may not know.
    """
    try:
        found = datasets.find(wanted)
    except datasets.DatasetNotFound as error:
        raise NotHere("package", wanted) from error
    if found.status != Status.PUBLISHED and not drafts:
        raise NotHere("package", wanted)
    return datasets.with_parts(Dataset.objects.filter(pk=found.pk)).get()


def find_resource(wanted: str, *, drafts: bool) -> Distribution:
    """Return the distribution with that id or IRI.

    Raises:
        NotHere: There is none, or the asker may not know.
    """
    try:
        rows = Distribution.objects.filter(pk=UUID(wanted))
    except ValueError as error:
        raise NotHere("resource", wanted) from error
    row = rows.select_related("dataset__source", "current").first()
    if row is None or (row.dataset.status != Status.PUBLISHED and not drafts):
        raise NotHere("resource", wanted)
    return row


def published() -> "QuerySet[Dataset]":
    """Return the published datasets by name."""
    return Dataset.objects.filter(status=Status.PUBLISHED).order_by("slug")


def package(row: Dataset) -> dict[str, Any]:
    """Return a dataset as a package."""
    shown = language()
    described = datasets.description_of(row)
    facts = Facts(
        id=str(row.pk),
        name=row.slug,
        state=STATES[Status(row.status)],
        created=ckan_time(row.created_at),
        modified=ckan_time(row.changed_at),
        guid=row.iri if row.source_id else "",
    )
    return ckan.package_of(
        described, facts, [_resource(part, row, shown) for part in row.distributions.all()], shown
    )


def packages(iris: Sequence[str]) -> list[dict[str, Any]]:
    """Return packages by the IRIs of their datasets, in that order."""
    rows = {row.iri: row for row in datasets.with_parts(Dataset.objects.filter(iri__in=iris))}
    return [package(rows[iri]) for iri in iris if iri in rows]


def packages_of(rows: Iterable[Dataset]) -> list[dict[str, Any]]:
    """Return datasets, loaded with their parts, as packages."""
    return [package(row) for row in rows]


def resource(row: Distribution) -> dict[str, Any]:
    """Return a distribution as a resource."""
    return _resource(row, row.dataset, language())


def _resource(part: Distribution, dataset: Dataset, shown: str) -> dict[str, Any]:
    said = ckan_resource.resource_of(from_json(DistributionDescription, part.description), shown)
    version = part.current
    since = version.created_at if version else dataset.created_at
    return {
        **said,
        "id": str(part.pk),
        "package_id": str(dataset.pk),
        "position": part.position,
        "state": "active",
        "resource_type": None,
        "url_type": "upload" if version else None,
        "datastore_active": bool(version and version.rows),
        "created": ckan_time(since),
        "metadata_modified": ckan_time(since if version else dataset.changed_at),
        "last_modified": ckan_time(since) if version else None,
        "cache_url": None,
        "cache_last_updated": None,
        "mimetype_inner": None,
    }
