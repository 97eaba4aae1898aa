"""Data services and dataset series: begin, describe, review, publish, withdraw. What holds for both."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.domain import completeness
from tandem.catalogue.domain.completeness import Need
from tandem.catalogue.domain.description import (
    ContactDescription,
    SeriesDescription,
    ServiceDescription,
    from_json,
    to_json,
)
from tandem.catalogue.domain.harvest import hash_of
from tandem.catalogue.domain.lifecycle import Status, Step, may_discard, next_status
from tandem.catalogue.models import DataService, Dataset, DatasetSeries, HarvestSource, Record
from tandem.catalogue.services import history, own_catalogue, publishing
from tandem.core.errors import Conflict
from tandem.core.text import pick, say
from tandem.kit import installation
from tandem.kit.row_slugs import free_slug

log = logging.getLogger(__name__)
MOST_CHOICES = 2_000
Row: TypeAlias = Record
Description: TypeAlias = ServiceDescription | SeriesDescription


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record.

    Attributes:
        name: In addresses and in the audit trail.
        rdf_class: Prefixed name of its class.
    """

    name: str
    rdf_class: str
    model: type[DataService] | type[DatasetSeries]
    described: type[ServiceDescription] | type[SeriesDescription]


SERVICE = Kind("service", "dcat:DataService", DataService, ServiceDescription)
SERIES = Kind("series", "dcat:DatasetSeries", DatasetSeries, SeriesDescription)
KINDS = {kind.name: kind for kind in (SERVICE, SERIES)}


class StillUsed(Conflict):
    """Datasets refer to a record that shall vanish."""

    code = "catalogue.still-used"

    def __init__(self, row: Row) -> None:
        super().__init__(
            say(
                "{slug} was public or comes from a partner; withdraw it, so that its address still says "
                "what became of it.",
                slug=row.slug,
            )
        )


def kind_of(row: Row) -> Kind:
    """Return which kind a row is of."""
    return SERVICE if isinstance(row, DataService) else SERIES


def description_of(row: Row) -> Any:
    """Return what a record says of itself."""
    return from_json(kind_of(row).described, {"iri": row.iri, **row.description})


def published(kind: Kind) -> "QuerySet[Any]":
    """Return our published records of a kind."""
    return kind.model.objects.filter(status=Status.PUBLISHED, source=None)


def missing_of(kind: Kind, description: Description) -> dict[str, Need]:
    """Return what the city's profile asks for and the description has not."""
    profile = installation.config().catalogue.profile
    return completeness.missing_record(description, kind=kind.name, profile=profile)


def choices(kind: Kind) -> list[tuple[str, Mapping[str, str]]]:
    """Return our records of a kind that are not withdrawn, as (IRI, titles)."""
    return _titled(kind.model.objects.filter(source=None))


def dataset_choices() -> list[tuple[str, Mapping[str, str]]]:
    """Return our datasets that are not withdrawn, as (IRI, titles)."""
    return _titled(Dataset.objects.filter(source=None))


def _titled(rows: "QuerySet[Any]") -> list[tuple[str, Mapping[str, str]]]:
    found = rows.exclude(status=Status.WITHDRAWN).values_list("iri", "description__titles")
    return [(iri, titles or {}) for iri, titles in found[:MOST_CHOICES]]


def members(series_iri: str) -> list[Dataset]:
    """Return the published datasets of a series, by title. Series are few and read whole."""
    rows = Dataset.objects.filter(status=Status.PUBLISHED, description__icontains=series_iri)
    return [row for row in rows if series_iri in row.description.get("in_series", ())]


def named(iris: Iterable[str]) -> list[Row]:
    """Return the published records, of either kind, that have these IRIs."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return []
    found: list[Row] = []
    for kind in KINDS.values():
        found.extend(published(kind).filter(iri__in=wanted))
    return found


# --- change -------------------------------------------------------------------------------------
@transaction.atomic
def begin(kind: Kind, *, titles: Mapping[str, str], person: Person | None, now: datetime) -> Row:
    """Make a draft with everything filled in that the installation knows."""
    config = installation.config()
    identity = uuid4()
    iri = f"{config.server.url}/id/{kind.name}/{identity}"
    agent, mail = own_catalogue.our_agent(), config.catalogue.contact_mail or config.legal.mail
    contact = ContactDescription(name=pick(agent.names, "en"), mail=mail)
    started = kind.described(
        iri=iri, titles=dict(titles), publisher=agent, contacts=(contact,) if mail else ()
    )
    row: Row = kind.model.objects.create(
        id=identity,
        iri=iri,
        slug=_free_slug(kind, pick(titles, config.city.languages[0], default=kind.name)),
        description=to_json(started),
        sort_title=_sort_title(titles),
        created_by=person,
        changed_at=now,
    )
    audit.record(person, f"catalogue.{kind.name}.begin", iri, {})
    history.note_step(iri, Step.BEGIN, before="", after=Status.DRAFT, person=person, now=now)
    return row


@transaction.atomic
def describe(row: Row, description: Description, *, person: Person | None, now: datetime) -> None:
    """Replace what a record of ours says of itself.

    Raises:
        StillUsed: It comes from a partner.
    """
    if row.source_id is not None:
        raise StillUsed(row)
    changed = replace(description, modified=now.date().isoformat())
    row.description, row.sort_title, row.changed_at = to_json(changed), _sort_title(changed.titles), now
    row.save(update_fields=["description", "sort_title", "changed_at"])
    audit.record(person, f"catalogue.{kind_of(row).name}.describe", row.iri, {})


def _take_up(row: Row) -> None:
    """Read a record anew, to be changed; until the transaction ends nobody else changes it."""
    row.refresh_from_db(from_queryset=kind_of(row).model.objects.select_for_update())


@transaction.atomic
def take_step(row: Row, step: Step, *, person: Person | None, now: datetime, note: str = "") -> None:
    """Give a record to be reviewed or back, publish it, or withdraw it with the reason.

    Raises:
        WrongStatus: The step is not possible now.
        NeedsTwoPeople: The city wants another person to publish.
        Incomplete: The city's profile demands something that is missing.
    """
    _take_up(row)
    kind, before = kind_of(row), Status(row.status)
    after = next_status(before, step)
    if step is Step.PUBLISH:
        history.check_publisher(row.iri, row.status, person)
    if step in {Step.PUBLISH, Step.SUBMIT}:
        _refuse_incomplete(kind, description_of(row))
    row.status, row.changed_at = after, now
    row.withdrawal_reason = note if step is Step.WITHDRAW else ""
    if step is Step.PUBLISH:
        row.published_at = row.published_at or now
        row.description = {"issued": now.date().isoformat(), **row.description}
    row.save()
    history.note_step(row.iri, step, before=before, after=after, person=person, now=now, note=note)
    audit.record(person, f"catalogue.{kind.name}.{step}", row.iri, {"reason": note} if note else {})
    log.info("catalogue.record.step", extra={"record": row.slug, "step": step.value})


def _refuse_incomplete(kind: Kind, description: Description) -> None:
    lacking = [name for name, need in missing_of(kind, description).items() if need is Need.MANDATORY]
    if lacking:
        raise publishing.Incomplete(lacking)


@transaction.atomic
def discard(row: Row, *, person: Person | None) -> None:
    """Delete a draft that was never public.

    Raises:
        StillUsed: It was public once.
    """
    _take_up(row)
    if not may_discard(Status(row.status), was_published=row.published_at is not None):
        raise StillUsed(row)
    audit.record(person, f"catalogue.{kind_of(row).name}.discard", row.iri, {"slug": row.slug})
    history.forget(row.iri)
    row.delete()


# --- harvest ------------------------------------------------------------------------------------
@transaction.atomic
def take_over(
    source: HarvestSource,
    services: Sequence[ServiceDescription],
    series: Sequence[SeriesDescription],
    *,
    now: datetime,
    complete: bool,
) -> None:
    """Keep the services and series of a source as they are now; those that disappeared go.

    Args:
        source: Whose.
        services: All that it has.
        series: All that it has.
        now: The time.
        complete: Whether the whole catalogue was read; if not, nothing goes.
    """
    for kind, found in ((SERVICE, services), (SERIES, series)):
        _take_over_kind(source, kind, {each.iri: each for each in found if each.titles}, now, complete)


def _take_over_kind(
    source: HarvestSource, kind: Kind, found: Mapping[str, Any], now: datetime, complete: bool
) -> None:
    ours = f"{installation.config().server.url}/id/"
    rows = {row.iri: row for row in kind.model.objects.filter(iri__in=list(found))}
    for iri, description in found.items():
        digest, row = hash_of(description), rows.get(iri)
        if iri.startswith(ours) or (row is not None and row.source_id != source.pk):
            continue
        values = {
            "description": to_json(description),
            "content_hash": digest,
            "sort_title": _sort_title(description.titles),
            "changed_at": now,
        }
        if row is None:
            title = f"{source.key} {pick(description.titles, installation.city().languages[0])}"
            kind.model.objects.create(
                iri=iri,
                slug=_free_slug(kind, title),
                status=Status.PUBLISHED,
                source=source,
                published_at=now,
                **values,
            )
        elif row.content_hash != digest:
            kind.model.objects.filter(pk=row.pk).update(**values)
    if complete:
        gone = kind.model.objects.filter(source=source).exclude(iri__in=list(found))
        gone.delete()


def _sort_title(titles: Mapping[str, str]) -> str:
    return pick(titles, installation.city().languages[0])[:200].lower()


def _free_slug(kind: Kind, title: str) -> str:
    return free_slug(title, kind.model.objects.all(), otherwise=kind.name, reserved={"new"})
