"""Datasets: begin, describe, publish, withdraw, discard."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.text import slugify

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.domain import completeness, vocabulary
from tandem.catalogue.domain.completeness import Need
from tandem.catalogue.domain.description import (
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    from_json,
    to_json,
)
from tandem.catalogue.domain.lifecycle import Status, Step, may_discard, next_status
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import history, indexing
from tandem.catalogue.services.own_catalogue import contributor_ids, language_iri, our_agent, place_iris
from tandem.core.errors import Conflict, InvalidInput, NotFound
from tandem.core.text import pick, say
from tandem.kit import installation

log = logging.getLogger(__name__)
RESERVED = ("new", "drafts", "service", "series", "agents")  # addresses of other pages beside datasets
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}


class DatasetNotFound(NotFound):
    """There is no dataset of that name or id."""

    code = "catalogue.dataset-not-found"

    def __init__(self, wanted: str) -> None:
        super().__init__(
            say("There is no dataset {wanted}. List them with: tandem dataset list", wanted=repr(wanted))
        )


class NotOurs(Conflict):
    """A dataset of a partner is changed at its origin, not here."""

    code = "catalogue.not-ours"

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(
            say(
                "{slug} comes from {source}; it is changed at its origin.",
                slug=dataset.slug,
                source=dataset.source,
            )
        )


class Incomplete(InvalidInput):
    """Something is missing that the profile demands before publishing."""

    code = "catalogue.incomplete"

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            say("Before it can be published, this is missing: {missing}.", missing=", ".join(missing))
        )
        self.missing = missing


class CannotDiscard(Conflict):
    """The dataset was published once; its address must answer for ever."""

    code = "catalogue.cannot-discard"

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(
            say(
                "{slug} was public; withdraw it, so that its address still says what became of it.",
                slug=dataset.slug,
            )
        )


# --- read ---------------------------------------------------------------------------------------
def find(wanted: str) -> Dataset:
    """Return the dataset with that slug, id or IRI.

    Raises:
        DatasetNotFound: There is none.
    """
    if "\x00" in wanted:  # what PostgreSQL cannot even be asked for
        raise DatasetNotFound(wanted)
    by_name = Dataset.objects.filter(slug=wanted) | Dataset.objects.filter(iri=wanted)
    found = by_name.first()
    if found is None:
        try:
            found = Dataset.objects.filter(pk=UUID(wanted)).first()
        except ValueError:
            found = None
    if found is None:
        raise DatasetNotFound(wanted)
    return found


def description_of(dataset: Dataset) -> DatasetDescription:
    """Return what a dataset says of itself, its distributions included."""
    own = from_json(DatasetDescription, {"iri": dataset.iri, **dataset.description})
    if dataset.source_id is None and not own.contributor_ids:
        own = replace(own, contributor_ids=contributor_ids())
    parts = (distribution_description(each) for each in dataset.distributions.all())
    return replace(own, distributions=tuple(parts))


def distribution_description(row: Distribution) -> DistributionDescription:
    """Return what a distribution says of itself."""
    return from_json(DistributionDescription, row.description)


def with_parts(datasets: "QuerySet[Dataset]") -> "QuerySet[Dataset]":
    """Return the datasets with what their descriptions need, in few queries."""
    parts = Distribution.objects.select_related("current").defer("current__report")
    return datasets.select_related("source").prefetch_related(Prefetch("distributions", parts))


def missing_of(description: DatasetDescription) -> dict[str, Need]:
    """Return what the city's profile asks for and the description has not."""
    found = completeness.missing(description, profile=installation.config().catalogue.profile)
    if description.hvd_categories:
        found |= completeness.missing(description, profile="hvd")
    return found


# --- change -------------------------------------------------------------------------------------
@transaction.atomic
def begin(
    *,
    titles: dict[str, str],
    person: Person | None,
    now: datetime,
    identity: UUID | None = None,
    slug: str = "",
) -> Dataset:
    """Make a draft with everything filled in that the installation knows.

    Args:
        identity: Its id, where somebody chose one that is free.
        slug: Likewise.
    """
    config = installation.config()
    identity = identity or uuid4()
    iri = f"{config.server.url}/id/dataset/{identity}"
    started = DatasetDescription(iri=iri, titles=titles, **defaults())
    dataset = Dataset.objects.create(
        id=identity,
        iri=iri,
        slug=slug or free_slug(pick(titles, config.city.languages[0], default="dataset")),
        description=_own(started),
        sort_title=_sort_title(titles),
        created_by=person,
        changed_at=now,
    )
    audit.record(person, "catalogue.dataset.begin", iri, {"title": pick(titles, config.city.languages[0])})
    history.note_step(iri, Step.BEGIN, before="", after=Status.DRAFT, person=person, now=now)
    return dataset


def defaults() -> dict[str, Any]:
    """Return what the installation knows of any dataset of ours, by field."""
    config = installation.config()
    agent, mail = our_agent(), config.catalogue.contact_mail or config.legal.mail
    common: dict[str, Any] = {
        "publisher": agent,
        "contacts": (ContactDescription(name=pick(agent.names, "en"), mail=mail),) if mail else (),
        "access_rights": f"{vocabulary.AUTHORITY}/access-right/PUBLIC",
        "languages": (language_iri(config.city.languages[0]),),
        "spatial": tuple(place_iris()),
        "availability": f"{vocabulary.AUTHORITY}/planned-availability/AVAILABLE",
    }
    if config.catalogue.profile == "de":
        common["geocoding_level"] = "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
    if config.catalogue.profile == "it":
        common["rights_holder"] = agent
        common["frequency"] = f"{vocabulary.AUTHORITY}/frequency/UNKNOWN"
    return common


@transaction.atomic
def describe(
    dataset: Dataset, description: DatasetDescription, *, person: Person | None, now: datetime
) -> None:
    """Replace what a dataset of ours says of itself; its distributions' licence and texts included.

    Raises:
        NotOurs: It comes from a partner.
    """
    _refuse_foreign(dataset)
    changed = replace(description, modified=now.date().isoformat())
    dataset.description, dataset.sort_title = _own(changed), _sort_title(changed.titles)
    dataset.changed_at = now
    dataset.save(update_fields=["description", "sort_title", "changed_at"])
    parts = {each.iri: each for each in description.distributions}
    for row in dataset.distributions.all():
        if row.description["iri"] in parts:
            row.description = to_json(parts[row.description["iri"]])
            row.save(update_fields=["description"])
    audit.record(person, "catalogue.dataset.describe", dataset.iri, {})
    indexing.index_dataset(dataset)


@transaction.atomic
def add_distribution(dataset: Dataset, *, titles: dict[str, str]) -> Distribution:
    """Add an empty distribution to a dataset of ours, with the licence of the others.

    Raises:
        NotOurs: It comes from a partner.
    """
    _refuse_foreign(dataset)
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
    _refuse_foreign(row.dataset)
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


@transaction.atomic
def submit(dataset: Dataset, *, note: str, person: Person | None, now: datetime) -> None:
    """Give a description to be reviewed.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is in review or published.
        Incomplete: The city's profile demands something that is missing.
    """
    _refuse_foreign(dataset)
    _refuse_incomplete(description_of(dataset))
    _step(dataset, Step.SUBMIT, person=person, now=now, note=note)


@transaction.atomic
def send_back(dataset: Dataset, *, note: str, person: Person | None, now: datetime) -> None:
    """Give a description back to its authors, with what is to be changed.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is not in review.
    """
    _refuse_foreign(dataset)
    _step(dataset, Step.SEND_BACK, person=person, now=now, note=note)


@transaction.atomic
def publish(dataset: Dataset, *, person: Person | None, now: datetime) -> None:
    """Make a dataset public.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is published already.
        NeedsTwoPeople: The city wants another person to publish.
        Incomplete: The city's profile demands something that is missing.
    """
    _refuse_foreign(dataset)
    next_status(Status(dataset.status), Step.PUBLISH)
    history.check_publisher(dataset.iri, dataset.status, person)
    description = description_of(dataset)
    _refuse_incomplete(description)
    today = now.date().isoformat()
    dataset.withdrawal_reason = ""
    dataset.published_at = dataset.published_at or now
    dataset.description = _own(replace(description, issued=description.issued or today, modified=today))
    dataset.save(update_fields=["withdrawal_reason", "published_at", "description"])
    _step(dataset, Step.PUBLISH, person=person, now=now)
    log.info("catalogue.dataset.publish", extra={"dataset": dataset.slug})


def _refuse_incomplete(description: DatasetDescription) -> None:
    lacking = [name for name, need in missing_of(description).items() if need is Need.MANDATORY]
    if lacking:
        raise Incomplete(lacking)


@transaction.atomic
def withdraw(dataset: Dataset, *, reason: str, person: Person | None, now: datetime) -> None:
    """Take a dataset back; its address goes on to say that, and why.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is not published.
    """
    _refuse_foreign(dataset)
    dataset.withdrawal_reason = reason
    dataset.save(update_fields=["withdrawal_reason"])
    _step(dataset, Step.WITHDRAW, person=person, now=now, note=reason)


def _step(dataset: Dataset, step: Step, *, person: Person | None, now: datetime, note: str = "") -> None:
    """Change a dataset's status, and let the history, the audit trail and the search know."""
    before = Status(dataset.status)
    dataset.status, dataset.changed_at = next_status(before, step), now
    dataset.save(update_fields=["status", "changed_at"])
    about = {"reason": note} if note else {}
    history.note_step(
        dataset.iri, step, before=before, after=dataset.status, person=person, now=now, note=note
    )
    audit.record(person, f"catalogue.dataset.{step}", dataset.iri, about)
    indexing.index_dataset(dataset)


@transaction.atomic
def discard(dataset: Dataset, *, person: Person | None) -> None:
    """Delete a draft that was never public.

    Raises:
        CannotDiscard: It was public once.
    """
    if not may_discard(Status(dataset.status), was_published=dataset.published_at is not None):
        raise CannotDiscard(dataset)
    audit.record(person, "catalogue.dataset.discard", dataset.iri, {"slug": dataset.slug})
    indexing.forget([dataset.iri])
    history.forget(dataset.iri)
    dataset.delete()


def _refuse_foreign(dataset: Dataset) -> None:
    if dataset.source_id is not None:
        raise NotOurs(dataset)


def _own(description: DatasetDescription) -> dict[str, object]:
    kept = () if description.contributor_ids == contributor_ids() else description.contributor_ids
    values: dict[str, object] = to_json(replace(description, distributions=(), contributor_ids=kept))
    return values


def _sort_title(titles: Mapping[str, str]) -> str:
    return pick(titles, installation.city().languages[0])[:200].lower()


def free_slug(title: str) -> str:
    """Return a slug for a title that no dataset has yet."""
    base = slugify(without_umlauts(title))[:100].strip("-") or "dataset"
    taken = {*RESERVED, *Dataset.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in candidates if each not in taken)


def without_umlauts(text: str) -> str:
    """Return a text with umlauts spelt out, as German addresses have them."""
    for umlaut, plain in _UMLAUTS.items():
        text = text.replace(umlaut, plain)
    return text
