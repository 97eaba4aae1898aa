"""What partners' events change here: their measures, what they measured, and what they did with ours."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import DatabaseError, transaction

from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, pick, say
from tandem.exchange.domain.card import as_json
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.domain.feeds.event import Action, Event, Kind
from tandem.exchange.domain.feeds.refusal import Malformed
from tandem.exchange.domain.feeds.told import (
    ContentNotUsed,
    ToldVersion,
    check_storable,
    doubt,
    read_evidence,
    read_version,
)
from tandem.exchange.domain.lifecycle import Status
from tandem.exchange.domain.receipt import read_receipt
from tandem.exchange.models import Evidence, Measure, MeasureVersion, Receipt
from tandem.exchange.services import indexing
from tandem.exchange.services.measures import free_slug
from tandem.kit import installation

log = logging.getLogger(__name__)
CANNOT_BE_STORED = "exchange.feed.cannot-be-stored"

Before = Callable[[str], Event | None]
"""Returns what the same city said of an IRI last, before it deleted it; None where it said nothing."""


def apply(
    events: Iterable[Event], *, gone: Iterable[str], before: Before, now: datetime
) -> dict[int, list[Finding]]:
    """Put events of one city to use, in their order; must be called in a transaction.

    Of an event that cannot be put to use nothing is stored, and the others go on.

    Args:
        gone: IRIs that the city had deleted before: a deletion is final.

    Returns:
        What there is to say of events, by their sequence.
    """
    findings: dict[int, list[Finding]] = {}
    deleted = set(gone)
    touched: set[str] = set()
    for event in events:
        if event.iri in deleted:
            continue
        if event.action is Action.DELETE:
            deleted.add(event.iri)
        try:
            check_storable(event)
            with transaction.atomic():
                touched |= _apply(event, before, now)
        except Malformed as error:
            findings.setdefault(event.sequence, []).append(doubt(event, error))
        except DatabaseError:
            log.exception("exchange.feed.cannot-be-stored", extra={"iri": event.iri})
            findings.setdefault(event.sequence, []).append(_not_stored(event))
    for measure in Measure.objects.filter(iri__in=touched):
        indexing.index_measure(measure)
    return findings


def _apply(event: Event, before: Before, now: datetime) -> set[str]:
    """Put one event to use, and return the IRIs of the measures that it changed."""
    is_gone = event.action is Action.DELETE
    match event.kind:
        case Kind.MEASURE:
            return _withdraw_version(event, now) if is_gone else _take_version(event, now)
        case Kind.EVIDENCE:
            return _drop_evidence(event, before, now) if is_gone else _take_evidence(event, before, now)
        case Kind.RECEIPT:
            return _drop_receipt(event, before) if is_gone else _take_receipt(event)
    return set()


# --- versions of measures -----------------------------------------------------------------------
def _take_version(event: Event, now: datetime) -> set[str]:
    told = read_version(event)
    measure = _measure(event, told, now)
    known = MeasureVersion.objects.filter(measure=measure, number=told.number).first()
    if known is not None and known.sha256 != told.sha256:
        raise ContentNotUsed(_changed(event, told.number), f"{event.city}#{event.sequence}")
    is_here = known is not None and bool(known.stored)  # then its bundle has said more than an event can
    said = {} if is_here else {"card": as_json(told.card), "parts": _parts(told)}
    MeasureVersion.objects.update_or_create(
        measure=measure,
        number=told.number,
        defaults={
            **said,
            "changes": dict(told.changes),
            "sha256": told.sha256,
            "byte_size": told.byte_size,
            "address": told.bundle,
            "released_at": min(told.released_at, now),
        },
    )
    newest = measure.versions.order_by("-released_at", "-id").first()
    measure.card = newest.card if newest else as_json(told.card)
    measure.status, measure.is_example, measure.changed_at = Status.PUBLISHED, told.is_example, now
    measure.published_at = measure.published_at or min(told.released_at, now)
    measure.save()
    return {measure.iri}


def _measure(event: Event, told: ToldVersion, now: datetime) -> Measure:
    """Return the row of a partner's measure, made if need be.

    Raises:
        ContentNotUsed: The IRI is another city's here.
    """
    found = Measure.objects.filter(iri=told.measure).first()
    if found is None:
        title = pick(told.card.title, installation.city().languages[0], default="measure")
        return Measure.objects.create(
            iri=told.measure,
            slug=free_slug(title),
            city=event.city,
            card=as_json(told.card),
            created_at=min(event.published, now),
            changed_at=now,
        )
    if found.city != event.city:
        where = f"{event.city}#{event.sequence}"
        sentence = say("{iri} is a measure of {other} here.", iri=told.measure, other=found.city)
        raise ContentNotUsed(sentence, where)
    return found


def _parts(told: ToldVersion) -> list[dict[str, object]]:
    """Return the parts as pages read them. What they would make here, the bundle says once it is fetched."""
    return [
        {
            "key": part.key,
            "titles": dict(part.titles),
            "makes": [],
            "asks": [dict(each) for each in part.asks],
            "wanted": [],
            "fields": [],
            "files": [],
        }
        for part in told.parts
    ]


def _withdraw_version(event: Event, now: datetime) -> set[str]:
    """Take a version off the list; a bundle that was fetched stays. Without any version a measure is withdrawn."""
    iri, _, number = event.iri.rpartition("/")
    measure = Measure.objects.filter(iri=iri, city=event.city).first()
    if measure is None:
        return set()
    measure.versions.filter(number=number).update(address="")
    if not measure.versions.exclude(address="").exists():
        measure.status, measure.changed_at = Status.WITHDRAWN, now
        measure.save(update_fields=["status", "changed_at"])
    return {iri}


def _changed(event: Event, number: str) -> Sentence:
    return say(
        "{city} says now that version {number} of a measure has another content. A version never changes: the one that "
        "was told first stays.",
        city=event.city,
        number=number,
    )


# --- evidence -----------------------------------------------------------------------------------
def _take_evidence(event: Event, before: Before, now: datetime) -> set[str]:
    told = read_evidence(event)
    measure = Measure.objects.filter(iri=told.measure, city=event.city).first()
    if measure is None:
        return set()
    _drop_evidence(event, before, now)
    value = None if told.value is None else round(Decimal(str(told.value)), 6)
    Evidence.objects.create(
        measure=measure,
        indicator=told.indicator,
        city=event.city,
        on=told.on,
        value=value,
        says=dict(told.says),
        address=told.address,
        added_at=now,
    )
    return _touch(measure, now)


def _drop_evidence(event: Event, before: Before, now: datetime) -> set[str]:
    """Take away what an earlier event said of the same value."""
    former = before(event.iri)
    if former is None or former.kind != Kind.EVIDENCE:
        return set()
    told = read_evidence(former)
    measure = Measure.objects.filter(iri=told.measure, city=event.city).first()
    if measure is None:
        return set()
    same = measure.evidence.filter(
        indicator=told.indicator, city=event.city, on=told.on, address=told.address
    )
    same.filter(pk__in=[row.pk for row in same if row.says == dict(told.says)][:1]).delete()
    return _touch(measure, now)


def _touch(measure: Measure, now: datetime) -> set[str]:
    measure.changed_at = now
    measure.save(update_fields=["changed_at"])
    return {measure.iri}


# --- receipts -----------------------------------------------------------------------------------
def _take_receipt(event: Event) -> set[str]:
    """Keep what a partner says of its adoption of a measure of ours, if it is the newest that it said."""
    if event.content["to"] != installation.city().id:
        return set()
    told, found = read_receipt({key: value for key, value in event.content.items() if key != "to"})
    where = f"{event.city}#{event.sequence}"
    if told is None:
        raise ContentNotUsed(say("The receipt cannot be read: {problem}", problem=found[0].message), where)
    if told.city != event.city:
        raise ContentNotUsed(
            say("The receipt says that it is of {other}, not of {city}.", other=told.city, city=event.city),
            where,
        )
    measure = Measure.objects.filter(iri=told.measure, city=installation.city().id).first()
    if measure is None:
        raise ContentNotUsed(say("There is no measure {iri} here.", iri=told.measure), where)
    known = Receipt.objects.filter(city=told.city, adoption=told.adoption).first()
    if known is not None and known.told_at > told.told_at:
        return set()
    Receipt.objects.update_or_create(
        city=told.city,
        adoption=told.adoption,
        defaults={
            "measure": measure,
            "version": told.version,
            "state": told.state.value,
            "parts": {key: state.value for key, state in told.parts.items()},
            "values": _values(told.indicators),
            "told_at": told.told_at,
        },
    )
    return {measure.iri}


def _values(indicators: Mapping[str, Sequence[Measured]]) -> list[dict[str, object]]:
    return [
        {"indicator": key, "on": each.on.isoformat(), "value": each.value}
        for key, values in indicators.items()
        for each in values
    ]


def _drop_receipt(event: Event, before: Before) -> set[str]:
    former = before(event.iri)
    if former is None or former.kind != Kind.RECEIPT:
        return set()
    rows = Receipt.objects.filter(city=event.city, adoption=former.content.get("adoption", ""))
    iris = set(rows.values_list("measure__iri", flat=True))
    rows.delete()
    return iris


def _not_stored(event: Event) -> Finding:
    path = f"{event.city}#{event.sequence}"
    sentence = say("{path}: it cannot be stored here. The log says why.", path=path)
    return Finding(Severity.WARNING, CANNOT_BE_STORED, path, sentence)


# --- a feed that is read anew -------------------------------------------------------------------
def forget(city: str, *, now: datetime) -> None:
    """Let nothing count any more that a city told: its feed is about to be read from the beginning.

    Bundles that were fetched, and what was made of them here, stay.
    """
    rows: Sequence[Measure] = list(Measure.objects.filter(city=city, status=Status.PUBLISHED))
    for measure in rows:
        measure.status, measure.changed_at = Status.WITHDRAWN, now
        measure.save(update_fields=["status", "changed_at"])
        indexing.index_measure(measure)
    MeasureVersion.objects.filter(measure__city=city, stored="").delete()
    MeasureVersion.objects.filter(measure__city=city).update(address="")
    Evidence.objects.filter(measure__city=city, city=city).delete()
    Receipt.objects.filter(city=city).delete()
