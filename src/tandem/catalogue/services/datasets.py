"""Datasets: begin one, find one, and what it says of itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Prefetch, QuerySet

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
from tandem.catalogue.domain.lifecycle import Status, Step
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import history, indexing, slugs
from tandem.catalogue.services.own_catalogue import contributor_ids, language_iri, our_agent, place_iris
from tandem.core.errors import Conflict, NotFound
from tandem.core.text import pick, say
from tandem.kit import installation


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
        slug=slug or slugs.free_slug(pick(titles, config.city.languages[0], default="dataset")),
        description=as_stored(started),
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
    take_up(dataset)
    changed = replace(description, modified=now.date().isoformat())
    dataset.description, dataset.sort_title = as_stored(changed), _sort_title(changed.titles)
    dataset.changed_at = now
    dataset.save(update_fields=["description", "sort_title", "changed_at"])
    parts = {each.iri: each for each in description.distributions}
    for row in dataset.distributions.all():
        if row.description["iri"] in parts:
            row.description = to_json(parts[row.description["iri"]])
            row.save(update_fields=["description"])
    audit.record(person, "catalogue.dataset.describe", dataset.iri, {})
    indexing.index_dataset(dataset)


def take_up(dataset: Dataset) -> None:
    """Read a dataset of ours anew, to be changed; until the transaction ends nobody else changes it.

    Raises:
        DatasetNotFound: It is gone.
        NotOurs: It comes from a partner.
    """
    try:
        dataset.refresh_from_db(from_queryset=Dataset.objects.select_for_update())
    except Dataset.DoesNotExist:
        raise DatasetNotFound(dataset.slug) from None
    if dataset.source_id is not None:
        raise NotOurs(dataset)


def as_stored(description: DatasetDescription) -> dict[str, object]:
    """Return a description as a row keeps it: without its files, and without what every dataset of ours says."""
    kept = () if description.contributor_ids == contributor_ids() else description.contributor_ids
    values: dict[str, object] = to_json(replace(description, distributions=(), contributor_ids=kept))
    return values


def _sort_title(titles: Mapping[str, str]) -> str:
    return pick(titles, installation.city().languages[0])[:200].lower()
