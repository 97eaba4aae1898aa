"""Packages of CKAN's clients become datasets: made, changed, published and withdrawn by the services of the pages."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tandem.accounts.models import Person
from tandem.catalogue.adapters import rdf
from tandem.catalogue.domain import ckan_described, ckan_kept, vocabulary
from tandem.catalogue.domain.ckan_fields import PREFIX
from tandem.catalogue.domain.ckan_values import BadPackage, entries, plain_text
from tandem.catalogue.domain.completeness import Need
from tandem.catalogue.domain.description import (
    AgentDescription,
    DatasetDescription,
    DistributionDescription,
)
from tandem.catalogue.domain.lifecycle import UNSEEN, Status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import (
    ckan_lists,
    ckan_packages,
    ckan_parts,
    datasets,
    indexing,
    publishing,
    slugs,
)
from tandem.core.errors import NotAllowed

WAITING = "tandem_to_be_published"  # a package that was sent as public, and still lacks its files
WITHDRAWN_BECAUSE = "Deleted through the CKAN API."
_NAME = re.compile(r"[a-z0-9_\-]{2,100}\Z")
_OF_FILES = frozenset({"file", "licence", "attribution", "file_legislation"})
_NAMES = {
    "titles": "title",
    "descriptions": "notes",
    "publisher": "owner_org",
    "licence": "license_id",
    "file": "resources",
    "themes": "groups",
}


class MayNotPublish(NotAllowed):
    """The asker may prepare datasets, and not publish them."""

    code = "catalogue.ckan.may-not-publish"

    def __init__(self) -> None:
        super().__init__('To publish is for publishers. Send "private": true, and it becomes a draft.')


# --- packages -----------------------------------------------------------------------------------
@transaction.atomic
def create_package(package: Mapping[str, Any], *, person: Person, publishes: bool, now: datetime) -> Dataset:
    """Make a dataset of a package.

    Args:
        package: As the client sent it.
        person: Who asks.
        publishes: Whether the person may publish.
        now: When.

    Raises:
        BadPackage: A value cannot be; the error says which.
        MayNotPublish: It would be public, and the person may not publish.
    """
    name, identity = _free_name(package), _free_id(package)
    titles = {ckan_packages.language(): plain_text(package, "title") or name}
    dataset = datasets.begin(titles=titles, person=person, now=now, identity=identity, slug=name)
    base = replace(datasets.description_of(dataset), titles={})
    _write(dataset, {"title": name, **package}, {}, base, person=person, now=now)
    _settle(dataset, package, person=person, publishes=publishes, now=now)
    return dataset


def update_package(
    dataset: Dataset, package: Mapping[str, Any], *, person: Person, publishes: bool, now: datetime
) -> Dataset:
    """Replace a dataset by what a package says; what it leaves out is as with a new one.

    Raises:
        BadPackage: A value cannot be; the error says which.
        NotOurs: It comes from a partner.
    """
    shown = ckan_packages.package(dataset)
    if package.get("name") not in (None, "", dataset.slug):
        raise BadPackage({"name": [f"The name {dataset.slug} stays: people have its address"]})
    return replace_package(dataset, package, shown, person=person, publishes=publishes, now=now)


def patch_package(
    dataset: Dataset, patch: Mapping[str, Any], *, person: Person, publishes: bool, now: datetime
) -> Dataset:
    """Change just the keys of a dataset that a patch has.

    Raises:
        BadPackage: A value cannot be; the error says which.
        NotOurs: It comes from a partner.
    """
    shown = ckan_packages.package(dataset)
    package = {**shown, **{key: value for key, value in patch.items() if key != "id"}}
    return update_package(dataset, package, person=person, publishes=publishes, now=now)


@transaction.atomic
def replace_package(
    dataset: Dataset,
    package: Mapping[str, Any],
    shown: Mapping[str, Any],
    *,
    person: Person,
    publishes: bool,
    now: datetime,
    settle: bool = True,
) -> Dataset:
    """Write a package in the place of what was shown.

    Args:
        dataset: Of ours.
        package: What it should say.
        shown: What it said before.
        person: Who asks.
        publishes: Whether the person may publish.
        now: When.
        settle: Whether to publish it where the package says so.

    Raises:
        BadPackage: A value cannot be; the error says which.
        NotOurs: It comes from a partner.
    """
    if dataset.source_id is not None:
        raise datasets.NotOurs(dataset)
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    base = _base(dataset, datasets.description_of(dataset))
    _write(dataset, package, shown, base, person=person, now=now)
    if settle:
        _settle(dataset, package, person=person, publishes=publishes, now=now)
    return dataset


def _base(dataset: Dataset, current: DatasetDescription) -> DatasetDescription:
    """Return what holds where a package says nothing: what the installation knows of any dataset.

    What the dataset has not, it is not given by being changed.
    """
    known = datasets.defaults()
    had = {each.name for each in fields(current) if getattr(current, each.name)}
    return DatasetDescription(dataset.iri, **{name: value for name, value in known.items() if name in had})


def delete_package(dataset: Dataset, *, reason: str, person: Person, publishes: bool, now: datetime) -> None:
    """Withdraw a dataset; one that was never public vanishes.

    Raises:
        MayNotPublish: It is public, and the person may not publish.
        NotOurs: It comes from a partner.
        WrongStatus: It is in review.
    """
    if dataset.source_id is not None:
        raise datasets.NotOurs(dataset)
    if dataset.status in UNSEEN:
        publishing.discard(dataset, person=person)
    elif dataset.status == Status.PUBLISHED:
        if not publishes:
            raise MayNotPublish
        publishing.withdraw(dataset, reason=reason or WITHDRAWN_BECAUSE, person=person, now=now)


def _free_name(package: Mapping[str, Any]) -> str:
    name = plain_text(package, "name").strip()
    if not name:
        raise BadPackage({"name": ["Missing value"]})
    if not _NAME.match(name):
        raise BadPackage({"name": ["Must be 2 to 100 small letters, digits, hyphens and underscores"]})
    if not slugs.is_free(name):
        raise BadPackage({"name": ["This name is taken already; choose another one"]})
    return name


def _free_id(package: Mapping[str, Any]) -> UUID | None:
    wanted = package.get("id")
    if wanted in (None, ""):
        return None
    identity = ckan_parts.uuid_of(wanted, "id")
    if Dataset.objects.filter(pk=identity).exists():
        raise BadPackage({"id": ["There is a dataset of that id already"]})
    return identity


# --- write --------------------------------------------------------------------------------------
def _write(
    dataset: Dataset,
    package: Mapping[str, Any],
    shown: Mapping[str, Any],
    base: DatasetDescription,
    *,
    person: Person,
    now: datetime,
) -> None:
    """Write what a package says into a dataset and its distributions."""
    language = ckan_packages.language()
    made = ckan_described.described_by(package, base, language=language, before=shown)
    made = replace(made, publisher=_publisher(made, package, shown))
    parts, own = ckan_parts.bring_in_line(dataset, package, shown, person=person)
    made = ckan_described.with_licence(replace(made, distributions=parts), package, own)
    made = replace(
        made, distributions=tuple(_attributed(each, made.publisher) for each in made.distributions)
    )
    _check_statements(made)
    modified = made.modified if made.modified != base.modified else ""
    datasets.describe(dataset, made, person=person, now=now)
    said_before = {each["key"]: each["value"] for each in shown.get("extras", [])}
    if modified and modified != said_before.get("modified"):
        dataset.description = {**dataset.description, "modified": modified}
        dataset.save(update_fields=["description"])


def _publisher(
    made: DatasetDescription, package: Mapping[str, Any], shown: Mapping[str, Any]
) -> AgentDescription | None:
    """Return the publisher: the one that the extras say, else the organization that is named."""
    wanted = plain_text(package, "owner_org")
    if not wanted or wanted == shown.get("owner_org"):
        return made.publisher
    extras = {each.get("key") for each in entries(package, "extras")}
    said = "publisher_name" in extras or f"{PREFIX}publisher" in extras
    if said and made.publisher and not shown:
        return made.publisher
    try:
        return ckan_lists.agent_named(wanted)
    except ckan_packages.NotHere as error:
        given = package.get("organization")
        title = given.get("title") or given.get("name") if isinstance(given, dict) else None
        if said and made.publisher:
            return made.publisher
        if isinstance(title, str) and title.strip():
            return AgentDescription({ckan_packages.language(): title.strip()})
        raise BadPackage(
            {"owner_org": ["There is no such organization here; see organization_list"]}
        ) from error


def _attributed(part: DistributionDescription, publisher: AgentDescription | None) -> DistributionDescription:
    """Let a licence that asks for the source name it."""
    licence = vocabulary.LICENCES.by_iri(part.licence) if part.licence else None
    if part.attribution or not licence or not licence.needs_attribution or not publisher:
        return part
    return replace(part, attribution=next(iter(publisher.names.values()), ""))


def _check_statements(made: DatasetDescription) -> None:
    """Refuse statements that are none, or that speak of something else: they go out with the catalogue.

    Raises:
        BadPackage: There are such.
    """
    spoken = [(made.iri, made.extra), *((part.iri, part.extra) for part in made.distributions)]
    for iri, lines in spoken:
        if lines and not rdf.speak_only_of(lines, iri):
            raise BadPackage({f"{PREFIX}extra": ["Each must be a line of N-Triples about the thing itself"]})


# --- publish ------------------------------------------------------------------------------------
def _settle(
    dataset: Dataset, package: Mapping[str, Any], *, person: Person, publishes: bool, now: datetime
) -> None:
    """Publish a dataset, or withdraw it, as its package says; a public one stays complete."""
    private = str(package.get("private") or "false").lower() in {"true", "1", "yes"}
    state = package.get("state") or "active"
    if state == "deleted":
        delete_package(dataset, reason="", person=person, publishes=publishes, now=now)
        return
    is_waiting = dataset.status == Status.DRAFT and WAITING in ckan_kept.kept(
        dataset.description.get("extra", ()), ckan_kept.FIELD
    )
    wants_draft = (private or state == "draft") and not is_waiting
    if wants_draft and dataset.status not in UNSEEN:
        raise BadPackage(
            {"private": ["What was public does not become a draft again; delete it to withdraw it"]}
        )
    if wants_draft:
        return
    if dataset.status != Status.PUBLISHED and not publishes:
        if is_waiting:
            return
        raise MayNotPublish
    _publish(dataset, person=person, now=now)


def _publish(dataset: Dataset, *, person: Person, now: datetime) -> None:
    described = datasets.description_of(datasets.with_parts(Dataset.objects.filter(pk=dataset.pk)).get())
    lacking = {name for name, need in datasets.missing_of(described).items() if need is Need.MANDATORY}
    if not described.distributions:
        lacking -= _OF_FILES
        if not lacking and dataset.status == Status.DRAFT:
            _set_waiting(dataset, waits=True)
            return
    if lacking:
        raise BadPackage({_NAMES.get(name, name): ["Missing value"] for name in sorted(lacking)})
    _set_waiting(dataset, waits=False)
    if dataset.status != Status.PUBLISHED:
        modified = dataset.description.get("modified", "")
        publishing.publish(dataset, person=person, now=now)
        dataset.description = {**dataset.description, "modified": modified}
        dataset.save(update_fields=["description"])
    indexing.index_dataset(dataset)


def _set_waiting(dataset: Dataset, *, waits: bool) -> None:
    extra = dataset.description.get("extra", ())
    values = ckan_kept.kept(extra, ckan_kept.FIELD)
    if waits == (WAITING in values):
        return
    values.pop(WAITING, None)
    extras = ckan_kept.kept(extra, ckan_kept.EXTRA)
    more = {WAITING: True} if waits else {}
    lines = ckan_kept.with_kept(dataset.iri, list(extra), fields={**values, **more}, extras=extras)
    dataset.description = {**dataset.description, "extra": list(lines)}
    dataset.save(update_fields=["description"])
