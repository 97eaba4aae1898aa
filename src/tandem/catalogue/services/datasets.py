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
from tandem.catalogue.domain.completeness import Assessment, Need
from tandem.catalogue.domain.description import (
    AgentDescription,
    CatalogueDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    from_json,
    to_json,
)
from tandem.catalogue.domain.lifecycle import Status, Step, may_discard, next_status
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import indexing
from tandem.core.errors import Conflict, InvalidInput, NotFound
from tandem.core.text import pick, say
from tandem.kit import installation

log = logging.getLogger(__name__)
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
    parts = (from_json(DistributionDescription, each.description) for each in dataset.distributions.all())
    return replace(own, distributions=tuple(parts))


def with_parts(datasets: "QuerySet[Dataset]") -> "QuerySet[Dataset]":
    """Return the datasets with what their descriptions need, in few queries."""
    parts = Distribution.objects.select_related("current").defer("current__report")
    return datasets.select_related("source").prefetch_related(Prefetch("distributions", parts))


def own_published() -> "QuerySet[Dataset]":
    """Return our published datasets, in a stable order."""
    return Dataset.objects.filter(status=Status.PUBLISHED, source=None).order_by("created_at", "id")


def assessment_of(description: DatasetDescription) -> Assessment:
    """Return the MQA points of one of our datasets; addresses of ours answer."""
    ours = installation.config().server.url
    addresses = {url for each in description.distributions for url in (each.access_url, each.download_url)}
    reachable = {url: url.startswith(f"{ours}/") for url in addresses}
    valid = not any(
        need is Need.MANDATORY for need in completeness.missing(description, profile="eu").values()
    )
    return completeness.assess(description, reachable=reachable, valid=valid)


def missing_of(description: DatasetDescription) -> dict[str, Need]:
    """Return what the city's profile asks for and the description has not."""
    return completeness.missing(description, profile=installation.config().catalogue.profile)


def our_catalogue() -> CatalogueDescription:
    """Return the description of the city's own catalogue."""
    config = installation.config()
    names = {code: config.city.name(code) for code in config.city.languages}
    titles = {"de": "Offene Daten: {}", "it": "Dati aperti: {}", "en": "Open data: {}"}
    abouts = {
        "de": "Der Datenkatalog der Stadt {}.",
        "it": "Il catalogo dei dati della città di {}.",
        "en": "The data catalogue of the city of {}.",
    }
    return CatalogueDescription(
        iri=f"{config.server.url}/catalogue",
        titles={code: titles[code].format(name) for code, name in names.items()},
        descriptions={code: abouts[code].format(name) for code, name in names.items()},
        publisher=our_agent(),
        homepage=f"{config.server.url}/",
        languages=tuple(_language_iri(code) for code in config.city.languages),
    )


def our_agent() -> AgentDescription:
    """Return the city as a publisher."""
    config = installation.config()
    name = config.catalogue.publisher
    names = {code: name or config.legal.body or config.city.name(code) for code in config.city.languages}
    return AgentDescription(
        names,
        iri=f"{config.server.url}/id/agent/{config.city.id}",
        kind="http://purl.org/adms/publishertype/LocalAuthority",
        homepage=f"{config.server.url}/",
        identifier=config.city.code("IPA") or "",
    )


def _language_iri(code: str) -> str:
    return f"{vocabulary.AUTHORITY}/language/{vocabulary.LANGUAGE_CODES[code]}"


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
    return dataset


def defaults() -> dict[str, Any]:
    """Return what the installation knows of any dataset of ours, by field."""
    config = installation.config()
    agent, mail = our_agent(), config.catalogue.contact_mail or config.legal.mail
    common: dict[str, Any] = {
        "publisher": agent,
        "contacts": (ContactDescription(name=pick(agent.names, "en"), mail=mail),) if mail else (),
        "access_rights": f"{vocabulary.AUTHORITY}/access-right/PUBLIC",
        "languages": (_language_iri(config.city.languages[0]),),
        "spatial": tuple(place_iris()),
        "availability": f"{vocabulary.AUTHORITY}/planned-availability/AVAILABLE",
    }
    if config.catalogue.profile == "de":
        common["geocoding_level"] = "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
    if config.catalogue.profile == "it":
        common["rights_holder"] = agent
        common["frequency"] = f"{vocabulary.AUTHORITY}/frequency/UNKNOWN"
    return common


def place_iris() -> list[str]:
    """Return the IRIs of the city as a place, by its official codes."""
    city = installation.city()
    schemes = {
        "AGS": "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/{}",
        "NUTS3": "http://data.europa.eu/nuts/code/{}",
    }
    return [pattern.format(code) for scheme, pattern in schemes.items() if (code := city.code(scheme))]


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
def publish(dataset: Dataset, *, person: Person | None, now: datetime) -> None:
    """Make a dataset public.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is published already.
        Incomplete: The city's profile demands something that is missing.
    """
    _refuse_foreign(dataset)
    status = next_status(Status(dataset.status), Step.PUBLISH)
    description = description_of(dataset)
    lacking = [name for name, need in missing_of(description).items() if need is Need.MANDATORY]
    if lacking:
        raise Incomplete(lacking)
    today = now.date().isoformat()
    dataset.status, dataset.withdrawal_reason, dataset.changed_at = status, "", now
    dataset.published_at = dataset.published_at or now
    dataset.description = _own(replace(description, issued=description.issued or today, modified=today))
    dataset.save()
    audit.record(person, "catalogue.dataset.publish", dataset.iri, {})
    indexing.index_dataset(dataset)
    log.info("catalogue.dataset.publish", extra={"dataset": dataset.slug})


@transaction.atomic
def withdraw(dataset: Dataset, *, reason: str, person: Person | None, now: datetime) -> None:
    """Take a dataset back; its address goes on to say that, and why.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is not published.
    """
    _refuse_foreign(dataset)
    dataset.status = next_status(Status(dataset.status), Step.WITHDRAW)
    dataset.withdrawal_reason, dataset.changed_at = reason, now
    dataset.save(update_fields=["status", "withdrawal_reason", "changed_at"])
    audit.record(person, "catalogue.dataset.withdraw", dataset.iri, {"reason": reason})
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
    dataset.delete()


def _refuse_foreign(dataset: Dataset) -> None:
    if dataset.source_id is not None:
        raise NotOurs(dataset)


def _own(description: DatasetDescription) -> dict[str, object]:
    values: dict[str, object] = to_json(replace(description, distributions=()))
    return values


def _sort_title(titles: Mapping[str, str]) -> str:
    return pick(titles, installation.city().languages[0])[:200].lower()


def free_slug(title: str) -> str:
    """Return a slug for a title that no dataset has yet."""
    folded = title
    for umlaut, plain in _UMLAUTS.items():
        folded = folded.replace(umlaut, plain)
    base = slugify(folded)[:100].strip("-") or "dataset"
    taken = set(Dataset.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in candidates if each not in taken)
