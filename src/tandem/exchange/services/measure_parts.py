"""What belongs to a measure of ours: parts taken from the rooms, and evidence."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, NotFound
from tandem.core.parts import Part
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.naming import PART_KINDS, named
from tandem.exchange.models import Evidence, Measure, MeasurePart
from tandem.exchange.services import indexing
from tandem.exchange.services.measures import card_of
from tandem.kit import installation
from tandem.kit.parts import handlers

MOST_OFFERED = 20  # of each room


class UnknownPartKind(NotFound):
    """No room of this installation handles parts of this kind."""

    code = "exchange.unknown-part-kind"

    def __init__(self, kind: str) -> None:
        super().__init__(say("No room here has parts of the kind {kind}.", kind=named(kind, PART_KINDS)))


class PartTwice(Conflict):
    """The thing goes along with the measure already."""

    code = "exchange.part-twice"

    def __init__(self) -> None:
        super().__init__(say("It goes along with the measure already."))


# --- parts --------------------------------------------------------------------------------------
def offered(query: str, language: str) -> list[tuple[str, Reference]]:
    """Return what the rooms have that can go along with a measure, with the kind of its part."""
    return [
        (kind, reference)
        for kind, handler in handlers().items()
        for reference in list(handler.offered(query, language))[:MOST_OFFERED]
    ]


def reference_of(part: MeasurePart) -> Reference:
    """Return the thing that a part is made of."""
    return Reference(**part.reference)


def packed(part: MeasurePart) -> Part:
    """Return a part as it would travel now.

    Raises:
        UnknownPartKind: No room handles parts of this kind.
        NotFound: The thing is gone.
    """
    handler = handlers().get(part.kind)
    if handler is None:
        raise UnknownPartKind(part.kind)
    return handler.pack(part.reference["uri"])


@transaction.atomic
def add_part(
    measure: Measure, kind: str, reference: Reference, *, person: Person | None, now: datetime
) -> MeasurePart:
    """Let a thing of one of our rooms go along with a measure, behind the others.

    Raises:
        UnknownPartKind: No room handles parts of this kind.
        PartTwice: It goes along already.
        NotFound: There is no such thing.
    """
    if any(each.reference["uri"] == reference.uri for each in measure.parts.filter(kind=kind)):
        raise PartTwice
    last = measure.parts.aggregate(last=Max("position"))["last"]
    values = {**asdict(reference), "titles": dict(reference.titles)}
    part = MeasurePart(measure=measure, kind=kind, reference=values, position=0 if last is None else last + 1)
    packed(part)
    part.save()
    _changed(measure, "exchange.part.add", {"part": reference.uri}, person, now)
    return part


@transaction.atomic
def remove_part(measure: Measure, part: MeasurePart, *, person: Person | None, now: datetime) -> None:
    """Let a thing no longer go along with a measure."""
    part.delete()
    _changed(measure, "exchange.part.remove", {"part": part.reference["uri"]}, person, now)


@transaction.atomic
def move_up(measure: Measure, part: MeasurePart, *, person: Person | None, now: datetime) -> None:
    """Put a part before the one that stands before it; the first stays where it is."""
    rows = list(measure.parts.all())
    place = next(number for number, each in enumerate(rows) if each.pk == part.pk)
    if place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for number, row in enumerate(rows):
        row.position = number
    MeasurePart.objects.bulk_update(rows, ["position"])
    _changed(measure, "exchange.part.move", {"part": part.reference["uri"]}, person, now)


# --- evidence -----------------------------------------------------------------------------------
@transaction.atomic
def add_evidence(
    measure: Measure,
    *,
    indicator: str,
    on: date,
    value: Decimal | None,
    says: Mapping[str, str],
    address: str,
    person: Person | None,
    now: datetime,
) -> Evidence:
    """Add a value of an indicator, or a report.

    Args:
        indicator: Key; empty for a report.
    """
    row = Evidence.objects.create(
        measure=measure,
        indicator=indicator,
        city=installation.city().id,
        on=on,
        value=value,
        says=dict(says),
        address=address,
        added_by=person,
        added_at=now,
    )
    _changed(measure, "exchange.evidence.add", {"indicator": indicator}, person, now)
    return row


@transaction.atomic
def remove_evidence(measure: Measure, row: Evidence, *, person: Person | None, now: datetime) -> None:
    """Take a value or a report away. Versions that were given out keep it."""
    row.delete()
    _changed(measure, "exchange.evidence.remove", {"indicator": row.indicator}, person, now)


def indicator_titles(measure: Measure) -> dict[str, Mapping[str, str]]:
    """Return the titles of a measure's indicators, by key."""
    return {each.key: each.titles for each in card_of(measure).indicators}


def _changed(
    measure: Measure, action: str, about: Mapping[str, str], person: Person | None, now: datetime
) -> None:
    measure.changed_at = now
    measure.save(update_fields=["changed_at"])
    audit.record(person, action, measure.iri, about)
    indexing.index_measure(measure)
