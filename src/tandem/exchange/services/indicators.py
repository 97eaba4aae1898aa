"""Adopted indicators: make, describe, put live and withdraw one; enter, correct and remove its values."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput
from tandem.core.findings import Finding
from tandem.core.part_values import errors
from tandem.core.text import pick, say
from tandem.exchange.domain import indicator_values
from tandem.exchange.domain.indicator_state import State
from tandem.exchange.domain.indicator_values import Changes, Entry, changes_of, plain, read_table
from tandem.exchange.models import AdoptedIndicator, IndicatorValue
from tandem.kit import installation, row_slugs

log = logging.getLogger(__name__)
RESERVED = frozenset({"offer"})


class NotYet(InvalidInput):
    """A day is still to come."""

    code = "exchange.indicator-value.not-yet"

    def __init__(self, on: date) -> None:
        super().__init__(say("The day {day} is still to come.", day=on.isoformat()))


class ValueThere(Conflict):
    """The day has a value already."""

    code = "exchange.indicator-value.there-already"

    def __init__(self, on: date) -> None:
        super().__init__(say("The day {day} has a value already. Correct that one.", day=on.isoformat()))


class BadTable(InvalidInput):
    """A file cannot be taken in; nothing of it was.

    Attributes:
        findings: Everything that is wrong with it, with its lines.
    """

    code = "exchange.indicator-value.bad-table"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            say(
                "Nothing of the file was taken in. Its faults: {count}. The first: {first}",
                count=len(findings),
                first=findings[0].message,
            )
        )
        self.findings = tuple(findings)


def title_of(indicator: AdoptedIndicator, language: str) -> str:
    """Return what an indicator is called in a language, or the nearest."""
    return pick(indicator.fields.get("titles", {}), language, default=indicator.slug)


# --- indicators ---------------------------------------------------------------------------------
def free_slug(title: str) -> str:
    """Return a slug for a title that no indicator has yet."""
    return row_slugs.free_slug(
        title, AdoptedIndicator.objects.all(), reserved=RESERVED, otherwise="indicator"
    )


@transaction.atomic
def begin(
    *,
    measure: str,
    key: str,
    fields: Mapping[str, Any],
    origin: Mapping[str, Any],
    person: Person | None,
    now: datetime,
) -> AdoptedIndicator:
    """Make a draft of an indicator; one that was withdrawn becomes a draft again, with the values that it had.

    Args:
        measure: IRI.
    """
    known = AdoptedIndicator.objects.filter(measure=measure, key=key).first()
    identity = uuid4()
    row = known or AdoptedIndicator(
        id=identity,
        iri=f"{installation.config().server.url}/id/indicator/{identity}",
        slug=free_slug(pick(fields["titles"], installation.city().languages[0])),
        measure=measure,
        key=key,
        created_by=person,
        created_at=now,
    )
    row.state, row.fields, row.origin, row.changed_at = State.DRAFT, dict(fields), dict(origin), now
    row.save()
    audit.record(person, "exchange.indicator.begin", row.iri, {"measure": measure, "key": key})
    log.info("exchange.indicator.begin", extra={"indicator": row.slug})
    return row


@transaction.atomic
def describe(
    row: AdoptedIndicator, fields: Mapping[str, Any], *, person: Person | None, now: datetime
) -> None:
    """Change what is said of an indicator; where nothing changes, nothing is done."""
    changed = sorted(name for name, value in fields.items() if row.fields.get(name) != value)
    if not changed:
        return
    row.fields, row.changed_at = {**row.fields, **{name: fields[name] for name in changed}}, now
    row.save(update_fields=["fields", "changed_at"])
    audit.record(person, "exchange.indicator.describe", row.iri, {"changed": changed})
    log.info("exchange.indicator.describe", extra={"indicator": row.slug})


@transaction.atomic
def publish(row: AdoptedIndicator, *, person: Person | None, now: datetime) -> None:
    """Show an indicator with its values to everybody. A live one stays so."""
    if row.state == State.LIVE:
        return
    row.published_at = row.published_at or now
    _set_state(row, State.LIVE, now)
    audit.record(person, "exchange.indicator.publish", row.iri)


@transaction.atomic
def withdraw(row: AdoptedIndicator, *, person: Person | None, now: datetime) -> None:
    """Show an indicator to nobody outside any more. Its values stay."""
    if row.state == State.WITHDRAWN:
        return
    _set_state(row, State.WITHDRAWN, now)
    audit.record(person, "exchange.indicator.withdraw", row.iri)


def _set_state(row: AdoptedIndicator, state: State, now: datetime) -> None:
    row.state, row.changed_at = state, now
    row.save(update_fields=["state", "changed_at", "published_at"])
    log.info("exchange.indicator.set-state", extra={"indicator": row.slug, "state": state.value})


@transaction.atomic
def take_away(row: AdoptedIndicator, *, person: Person | None, now: datetime) -> None:
    """Delete a draft; withdraw one that was public, or that has values, which nobody may lose."""
    if row.published_at is not None or row.values.exists():
        withdraw(row, person=person, now=now)
        return
    row.delete()
    audit.record(person, "exchange.indicator.discard", row.iri, {"measure": row.measure, "key": row.key})
    log.info("exchange.indicator.discard", extra={"indicator": row.slug})


# --- values -------------------------------------------------------------------------------------
@transaction.atomic
def enter(
    row: AdoptedIndicator, *, on: date, value: Decimal, note: str, person: Person | None, now: datetime
) -> IndicatorValue:
    """Enter a value.

    Raises:
        NotYet: The day is still to come.
        ValueThere: The day has a value already.
    """
    _lock(row)
    _check_day(row, on, now)
    made = IndicatorValue.objects.create(
        indicator=row, on=on, value=value, note=note, entered_by=person, entered_at=now
    )
    audit.record(person, "exchange.indicator-value.add", row.iri, _about(on, value))
    log.info("exchange.indicator-value.add", extra={"indicator": row.slug})
    return made


@transaction.atomic
def correct(
    entered: IndicatorValue, *, on: date, value: Decimal, note: str, person: Person | None, now: datetime
) -> None:
    """Correct a value, its day or its note. What stood there before stays in the audit trail.

    Raises:
        NotYet: The day is still to come.
        ValueThere: The day has another value already.
    """
    row = entered.indicator
    _lock(row)
    before = (entered.on, entered.value, entered.note)
    if before == (on, value, note):
        return
    _check_day(row, on, now, but=entered)
    entered.on, entered.value, entered.note = on, value, note
    entered.entered_by, entered.entered_at = person, now
    entered.save()
    about = {**_about(on, value), "before": _about(before[0], before[1])}
    audit.record(person, "exchange.indicator-value.correct", row.iri, about)
    log.info("exchange.indicator-value.correct", extra={"indicator": row.slug})


@transaction.atomic
def remove(entered: IndicatorValue, *, person: Person | None) -> None:
    """Remove a value. What it was stays in the audit trail."""
    row, about = entered.indicator, _about(entered.on, entered.value)
    entered.delete()
    audit.record(person, "exchange.indicator-value.remove", row.iri, about)
    log.info("exchange.indicator-value.remove", extra={"indicator": row.slug})


@transaction.atomic
def take_table(
    row: AdoptedIndicator, content: bytes, *, replace: bool, person: Person | None, now: datetime
) -> tuple[Changes, list[Finding]]:
    """Enter the values of a CSV file, all of them or none.

    Args:
        replace: True where the file may correct what is known.

    Returns:
        What it changed, and what there is to say of it.

    Raises:
        BadTable: Something is wrong with it, or with any row of it.
    """
    _lock(row)
    entries, findings = read_table(content, today=timezone.localdate(now))
    kept = {each.on: each for each in row.values.all()}
    known = {on: (each.value, each.note) for on, each in kept.items()}
    changes, more = changes_of(entries, known, replace=replace)
    if wrong := errors([*findings, *more]):
        raise BadTable(wrong)
    IndicatorValue.objects.bulk_create([_row_of(row, each, person, now) for each in changes.added])
    _correct_all(changes.corrected, kept, person=person, now=now)
    about: dict[str, Any] = {"added": len(changes.added), "same": changes.same}
    about["corrected"] = [
        {**_about(each.on, each.value), "before": plain(known[each.on][0])} for each in changes.corrected
    ]
    audit.record(person, "exchange.indicator-value.upload", row.iri, about)
    log.info("exchange.indicator-value.upload", extra={"indicator": row.slug, "added": len(changes.added)})
    return changes, findings


def _row_of(row: AdoptedIndicator, entry: Entry, person: Person | None, now: datetime) -> IndicatorValue:
    return IndicatorValue(
        indicator=row, on=entry.on, value=entry.value, note=entry.note, entered_by=person, entered_at=now
    )


def _correct_all(
    entries: Sequence[Entry], kept: Mapping[date, IndicatorValue], *, person: Person | None, now: datetime
) -> None:
    for each in entries:
        entered = kept[each.on]
        entered.value, entered.note, entered.entered_by, entered.entered_at = (
            each.value,
            each.note,
            person,
            now,
        )
    changed = [kept[each.on] for each in entries]
    IndicatorValue.objects.bulk_update(changed, ["value", "note", "entered_by", "entered_at"], batch_size=500)


def _lock(row: AdoptedIndicator) -> None:
    """Let nobody else enter values before this transaction ends."""
    AdoptedIndicator.objects.select_for_update().get(pk=row.pk)


def _check_day(row: AdoptedIndicator, on: date, now: datetime, *, but: IndicatorValue | None = None) -> None:
    if on > timezone.localdate(now):
        raise NotYet(on)
    there = row.values.filter(on=on)
    if (there.exclude(pk=but.pk) if but else there).exists():
        raise ValueThere(on)


def _about(on: date, value: Decimal) -> dict[str, str]:
    return {"on": on.isoformat(), "value": plain(value)}


def as_table(row: AdoptedIndicator) -> bytes:
    """Return an indicator's values as a CSV file, which ``take_table`` takes."""
    return indicator_values.written(
        Entry(on, value, note)
        for on, value, note in row.values.order_by("on").values_list("on", "value", "note")
    )
