"""A partner's dataset in our portal: its record, taken over as a harvest takes it over, with its origin.

Nothing of it is ours: its files stay where they are, and the next harvest of the partner goes on with it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.domain import measure_part
from tandem.catalogue.domain.description import DatasetDescription, to_json
from tandem.catalogue.domain.harvest import Change, Found, HarvestPlan, content_hash
from tandem.catalogue.domain.lifecycle import Status, Step
from tandem.catalogue.domain.measure_part import ORIGIN, BadPart
from tandem.catalogue.models import Dataset, HarvestSource, StatusChange
from tandem.catalogue.services import datasets, harvest_sources, history, indexing
from tandem.catalogue.services.harvest_writing import Writer
from tandem.core.city import PartnerCity
from tandem.core.errors import Conflict
from tandem.core.findings import Finding, Severity
from tandem.core.part_values import errors
from tandem.core.parts import Part
from tandem.core.parts import Step as PlanStep
from tandem.core.text import pick, say
from tandem.kit import installation

Fields = Mapping[str, Any]


class Elsewhere(Conflict):
    """The record of a part is that of another dataset than the one that is shown."""

    code = "catalogue.part.elsewhere"

    def __init__(self, iri: str) -> None:
        super().__init__(say("The part speaks of another dataset than {iri}, which is shown here.", iri=iri))


def plan(part: Part, _fields: Fields) -> tuple[list[PlanStep], list[Finding]]:
    """Return what ``make`` would do, and what there is to say of it."""
    record, findings = measure_part.read_origin(part.files.get(ORIGIN))
    if record is None:
        return [], findings
    city = installation.city().languages[0]
    partner, there = _partner_of(record.iri), Dataset.objects.filter(iri=record.iri).first()
    title = pick(record.titles, city)
    if partner is None:
        return [], [*findings, _no_partner(record.iri)]
    if there is None:
        says = say(
            "The record of “{title}” is shown in this portal as one of {city}. Its files stay there.",
            title=title,
            city=partner.name(city),
        )
        return [PlanStep(says)], findings
    if there.source is None or there.source.key != partner.id:
        return [], [*findings, _taken(record.iri)]
    message = say("“{title}” is in this portal already. It is used as it is.", title=title)
    findings.append(Finding(Severity.INFO, "catalogue.part.here-already", record.iri, message))
    return [PlanStep(message)], findings


def _no_partner(iri: str) -> Finding:
    message = say(
        "No partner of this portal gives out {iri}. Name the partner in the configuration, or make a dataset of "
        "your own.",
        iri=iri,
    )
    return Finding(Severity.ERROR, "catalogue.part.no-partner", f"/{ORIGIN}/iri", message)


def _taken(iri: str) -> Finding:
    message = say("Another dataset of this portal is called {iri} already.", iri=iri)
    return Finding(Severity.ERROR, "catalogue.part.taken", f"/{ORIGIN}/iri", message)


def _partner_of(iri: str) -> PartnerCity | None:
    """Return the partner at whose address an IRI lies."""
    partners = installation.config().partners
    return next((each for each in partners if iri.startswith(f"{each.url}/")), None)


def make(part: Part, fields: Fields, *, person: Person | None, now: datetime) -> Dataset:
    """Take a partner's record over, not public yet; return the one that is here already where there is one.

    Raises:
        BadPart: It is no partner's.
    """
    record = _record_of(part)
    there = Dataset.objects.filter(iri=record.iri).first()
    if there is not None:
        return there
    partner = _partner_of(record.iri)
    if partner is None:
        raise BadPart([_no_partner(record.iri)])
    source = harvest_sources.source(partner.id)
    _take(source, record, fields, now=now, is_new=True)
    row = Dataset.objects.get(iri=record.iri)
    row.status, row.published_at, row.created_by = Status.DRAFT, None, person
    row.save(update_fields=["status", "published_at", "created_by"])
    indexing.forget([row.iri])
    history.note_step(row.iri, Step.BEGIN, before="", after=Status.DRAFT, person=person, now=now)
    audit.record(person, "catalogue.dataset.begin", row.iri, {"source": source.key})
    return row


def _record_of(part: Part) -> DatasetDescription:
    record, findings = measure_part.read_origin(part.files.get(ORIGIN))
    if record is None:
        raise BadPart(errors(findings))
    return record


def _take(
    source: HarvestSource, record: DatasetDescription, fields: Fields, *, now: datetime, is_new: bool
) -> None:
    """Write a record as a harvest of its source would."""
    described = measure_part.with_forms(record, fields)
    found = Found(described, url=described.landing_page)
    change = Change(found, to_json(described), content_hash(described))
    plan = HarvestPlan(create=[change]) if is_new else HarvestPlan(update=[change])
    Writer(source, now).take(plan, None)


def update(row: Dataset, part: Part, fields: Fields, *, person: Person | None, now: datetime) -> None:
    """Bring a record in line with the one that came; one that a harvest brought is left to the harvest.

    Raises:
        Elsewhere: The part speaks of another dataset.
    """
    record = _record_of(part)
    if record.iri != row.iri:
        raise Elsewhere(row.iri)
    if row.source is None or not _made_here(row):
        return
    _take(row.source, record, fields, now=now, is_new=False)
    if row.status != Status.PUBLISHED:
        indexing.forget([row.iri])
    audit.record(person, "catalogue.dataset.describe", row.iri, {"source": row.source.key})


def _made_here(row: Dataset) -> bool:
    """Return whether somebody here took the record over; those of a harvest have no history."""
    return StatusChange.objects.filter(iri=row.iri, step=Step.BEGIN).exists()


def go_live(row: Dataset, *, person: Person | None, now: datetime) -> None:
    """Show a record to everybody, as those are that a harvest brings."""
    if row.status == Status.PUBLISHED:
        return
    before, row.status = row.status, Status.PUBLISHED
    row.published_at, row.changed_at = now, now
    row.save(update_fields=["status", "published_at", "changed_at"])
    history.note_step(row.iri, Step.PUBLISH, before=before, after=row.status, person=person, now=now)
    audit.record(person, "catalogue.dataset.publish", row.iri)
    indexing.index_many(list(datasets.with_parts(Dataset.objects.filter(pk=row.pk))))


def undo(row: Dataset, *, person: Person | None, now: datetime) -> None:
    """Remove a record that somebody here took over; one that a harvest has met since, or brought, stays."""
    if row.source is None or not _made_here(row):
        return
    if row.harvest_record.last_seen_at > row.harvest_record.first_seen_at:
        go_live(row, person=person, now=now)
    else:
        audit.record(person, "catalogue.dataset.discard", row.iri, {"slug": row.slug})
        Writer(row.source, now).remove([row.iri])
    history.forget(row.iri)
