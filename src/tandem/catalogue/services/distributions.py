"""The files and addresses of a dataset: add one, and say what it is."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.text import slugify

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DistributionDescription, from_json, to_json
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import datasets, indexing
from tandem.kit import installation


@transaction.atomic
def add_distribution(dataset: Dataset, *, titles: dict[str, str]) -> Distribution:
    """Add an empty distribution to a dataset of ours, with the licence of the others.

    Raises:
        NotOurs: It comes from a partner.
    """
    datasets.take_up(dataset)
    last = dataset.distributions.order_by("position").last()
    identity, position = uuid4(), last.position + 1 if last else 0
    described = DistributionDescription(
        iri=f"{installation.config().server.url}/id/distribution/{identity}", titles=titles
    )
    if last:
        former = from_json(DistributionDescription, last.description)
        described = replace(
            described, licence=former.licence, attribution=former.attribution, rights=former.rights
        )
    return Distribution.objects.create(
        id=identity, dataset=dataset, position=position, description=to_json(described)
    )


@transaction.atomic
def add_address(
    dataset: Dataset, *, title: str, access_url: str, person: Person | None, now: datetime
) -> Distribution:
    """Add an address where the data of a dataset of ours can be got. Nothing is fetched.

    Raises:
        NotOurs: It comes from a partner.
    """
    row = add_distribution(dataset, titles={installation.config().city.languages[0]: title})
    described = from_json(DistributionDescription, row.description)
    available = f"{vocabulary.AUTHORITY}/planned-availability/AVAILABLE"
    describe_file(
        row, replace(described, access_url=access_url, availability=available), person=person, now=now
    )
    return row


@transaction.atomic
def describe_file(
    row: Distribution, description: DistributionDescription, *, person: Person | None, now: datetime
) -> None:
    """Replace what one file or address of a dataset of ours says of itself.

    Raises:
        NotOurs: It comes from a partner.
    """
    datasets.take_up(row.dataset)
    row.description = to_json(description)
    row.save(update_fields=["description"])
    row.dataset.changed_at = now
    row.dataset.save(update_fields=["changed_at"])
    audit.record(person, "catalogue.dataset.describe", row.dataset.iri, {"file": str(row.pk)})
    indexing.index_dataset(row.dataset)


def take_over_file(distribution: Distribution, version: TableVersion) -> None:
    """Let a distribution's description say what its current file is: addresses, format, size, checksum."""
    ours = installation.config().server.url
    file_type = vocabulary.file_type_of(version.filename, version.media_type)
    former = from_json(DistributionDescription, distribution.description)
    base = f"{ours}/files/{distribution.id}"
    described = replace(
        former,
        access_url=f"{base}/{version.number}/{_file_slug(version.filename)}",
        download_url=f"{base}/{version.number}/{_file_slug(version.filename)}",
        format=file_type.iri if file_type else "",
        media_type=vocabulary.media_type_iri(file_type.media_type if file_type else version.media_type),
        byte_size=version.byte_size,
        checksum=version.sha256,
        issued=former.issued or version.created_at.date().isoformat(),
        modified=version.created_at.date().isoformat(),
        availability=former.availability or f"{vocabulary.AUTHORITY}/planned-availability/AVAILABLE",
    )
    distribution.description = to_json(described)
    distribution.save(update_fields=["description"])
    dataset = distribution.dataset
    dataset.changed_at = version.created_at
    dataset.description = {**dataset.description, "modified": version.created_at.date().isoformat()}
    dataset.save(update_fields=["changed_at", "description"])
    indexing.index_dataset(dataset)


def _file_slug(filename: str) -> str:
    stem, dot, suffix = filename.rpartition(".")
    return f"{slugify(stem or suffix) or 'file'}{dot}{slugify(suffix) if dot else ''}"
