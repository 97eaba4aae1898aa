"""Resources of CKAN's clients: distributions, with the files that they send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from tandem.accounts.models import Person
from tandem.catalogue.domain import ckan_kept
from tandem.catalogue.domain.ckan_values import BadPackage
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import ckan_packages, ckan_writing, kept_files

# What a file says of itself: what a client said of the former one is forgotten
_OF_THE_FILE = ("url", "access_url", "download_url", "format", "mimetype", "size", "hash")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a request.

    Attributes:
        filename: As the client names it, folders included.
    """

    filename: str
    media_type: str
    chunks: Iterable[bytes]
    byte_size: int


@dataclass(frozen=True, slots=True)
class Asker:
    """Who changes something, and when.

    Attributes:
        publishes: Whether the person may publish.
    """

    person: Person
    publishes: bool
    now: datetime


def create_resource(
    dataset: Dataset, resource: Mapping[str, Any], sent: SentFile | None, *, asker: Asker
) -> Distribution:
    """Add a resource to a package.

    Raises:
        BadPackage: A value cannot be; the error says which.
        NotOurs: The dataset comes from a partner.
    """
    identity = str(resource.get("id") or uuid4())
    shown = ckan_packages.package(dataset)
    listed = [*shown["resources"], {**resource, "id": identity}]
    return _change(dataset, {**shown, "resources": listed}, shown, identity, sent, asker=asker, is_new=True)


def update_resource(
    row: Distribution, resource: Mapping[str, Any], sent: SentFile | None, *, asker: Asker
) -> Distribution:
    """Replace what a resource says; its file stays where none is sent.

    Raises:
        BadPackage: A value cannot be; the error says which.
        NotOurs: The dataset comes from a partner.
    """
    dataset = ckan_packages.find(str(row.dataset_id), drafts=True)
    shown, identity = ckan_packages.package(dataset), str(row.pk)
    listed = [{**resource, "id": identity} if each["id"] == identity else each for each in shown["resources"]]
    return _change(dataset, {**shown, "resources": listed}, shown, identity, sent, asker=asker)


def patch_resource(
    row: Distribution, patch: Mapping[str, Any], sent: SentFile | None, *, asker: Asker
) -> Distribution:
    """Change just the keys of a resource that a patch has.

    Raises:
        BadPackage: A value cannot be; the error says which.
        NotOurs: The dataset comes from a partner.
    """
    return update_resource(row, {**ckan_packages.resource(row), **patch}, sent, asker=asker)


def delete_resource(row: Distribution, *, asker: Asker) -> None:
    """Take a resource away from its package.

    Raises:
        NotOurs: The dataset comes from a partner.
    """
    dataset = ckan_packages.find(str(row.dataset_id), drafts=True)
    shown = ckan_packages.package(dataset)
    listed = [each for each in shown["resources"] if each["id"] != str(row.pk)]
    _write(dataset, {**shown, "resources": listed}, shown, asker=asker, settle=False)


def _change(
    dataset: Dataset,
    package: Mapping[str, Any],
    shown: Mapping[str, Any],
    identity: str,
    sent: SentFile | None,
    *,
    asker: Asker,
    is_new: bool = False,
) -> Distribution:
    if sent is not None and not sent.byte_size:
        raise BadPackage({"upload": [f"{sent.filename[:100]} is empty"]})
    _write(dataset, package, shown, asker=asker, settle=sent is None)
    row = Distribution.objects.select_related("dataset", "current").get(pk=UUID(identity))
    if sent is not None:
        try:
            _take(row, sent, asker)
        except Exception:
            if is_new:
                row.delete()
            raise
    return ckan_packages.find_resource(identity, drafts=True)


def _take(row: Distribution, sent: SentFile, asker: Asker) -> None:
    """Take the file over, and let the dataset be published where it waited for it."""
    _forget_the_former(row)
    kept_files.take_file(
        row,
        sent.chunks,
        filename=sent.filename,
        media_type=sent.media_type,
        person=asker.person,
        now=asker.now,
    )
    dataset = ckan_packages.find(str(row.dataset_id), drafts=True)
    shown = ckan_packages.package(dataset)
    _write(dataset, shown, shown, asker=asker, settle=True)


def _forget_the_former(row: Distribution) -> None:
    lines = row.description.get("extra", [])
    values = ckan_kept.kept(lines, ckan_kept.FIELD)
    left = {key: value for key, value in values.items() if key not in _OF_THE_FILE}
    if left != values:
        made = ckan_kept.with_kept(row.description["iri"], lines, fields=left, extras={})
        row.description = {**row.description, "extra": list(made)}
        row.save(update_fields=["description"])


@transaction.atomic
def _write(
    dataset: Dataset, package: Mapping[str, Any], shown: Mapping[str, Any], *, asker: Asker, settle: bool
) -> None:
    ckan_writing.replace_package(
        dataset,
        package,
        shown,
        person=asker.person,
        publishes=asker.publishes,
        now=asker.now,
        settle=settle,
    )
