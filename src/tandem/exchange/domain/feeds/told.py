"""What events say of measures and of evidence: written here for our own feed, and read from a partner's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.exchange.domain.card import Card, Contact, as_json, read_card
from tandem.exchange.domain.conformity import faults
from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.feeds.event import MOST_EVENT_BYTES, Event
from tandem.exchange.domain.feeds.fields import in_utc, is_hash, is_iri
from tandem.exchange.domain.feeds.refusal import Malformed
from tandem.exchange.domain.schemas import (
    DATE,
    IRI,
    MOST_IRI,
    MOST_VALUE,
    MOST_VERSION,
    SLUG,
    TEXTS,
    VERSION_TEXT,
    whole,
)

ROOM_FOR_FRAME = 4_600  # of an event around its content: names, hashes, an IRI of 2,000 characters twice
_MOST_CONTENT = MOST_EVENT_BYTES - ROOM_FOR_FRAME
_MOST_ADDRESS = 700
_TEXTS = {"$defs": {"texts": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}}}
_PART = {
    "type": "object",
    "required": ["key", "titles"],
    "properties": {
        "key": {"type": "string", "pattern": whole(f"{SLUG}/{SLUG}")},
        "titles": TEXTS,
        "asks": {"type": "array", "items": TEXTS},
    },
}
_VERSION = {
    **_TEXTS,
    "type": "object",
    "required": ["measure", "number", "released_at", "bundle", "sha256", "byte_size", "card"],
    "properties": {
        "measure": IRI,
        "number": VERSION_TEXT,
        "released_at": {"type": "string"},
        "changes": TEXTS,
        "bundle": IRI,
        "sha256": {"type": "string"},
        "byte_size": {"type": "integer", "minimum": 0, "maximum": 2**53},
        "card": {"type": "object"},
        "parts": {"type": "array", "items": _PART},
        "is_example": {"type": "boolean"},
    },
}
_EVIDENCE = {
    **_TEXTS,
    "type": "object",
    "required": ["measure", "on"],
    "properties": {
        "measure": IRI,
        "indicator": {"type": "string"},
        "on": DATE,
        "value": {"type": "number", "minimum": -MOST_VALUE, "maximum": MOST_VALUE},
        "says": TEXTS,
        "address": {"type": "string"},
    },
}


class ContentNotUsed(Malformed):
    """An event counts, but what it says cannot be put to use here."""

    code = "exchange.feed.content-not-used"


@dataclass(frozen=True, slots=True)
class ToldPart:
    """A part of a version, as far as others are told.

    Attributes:
        key: ``kind/name``.
        asks: Titles of what an adopting city fills in.
    """

    key: str
    titles: Mapping[str, str]
    asks: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class ToldVersion:
    """A version of a measure that a city gave out.

    Attributes:
        measure: IRI of the measure; the event's own is that of the version.
        bundle: Where its bundle can be had.
        card: As much of it as fits an event; without evidence, which has events of its own, and without a mailbox.
    """

    measure: str
    number: str
    released_at: datetime
    bundle: str
    sha256: str
    byte_size: int
    card: Card
    changes: Mapping[str, str]
    parts: Sequence[ToldPart] = ()
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class ToldEvidence:
    """A value of an indicator, or a report, that a city added to a measure of its own."""

    measure: str
    indicator: str
    on: date
    value: float | None
    says: Mapping[str, str]
    address: str


def version_iri(measure: str, number: str) -> str:
    """Return what a version of a measure is called.

    >>> version_iri("https://hamm.example/id/measure/1", "1.0.0")
    'https://hamm.example/id/measure/1/1.0.0'
    """
    return f"{measure}/{number}"


# --- write --------------------------------------------------------------------------------------
def version_content(told: ToldVersion) -> dict[str, Any]:
    """Return what an event says of a version: as much of its card as there is room for."""
    for content in _shorter_and_shorter(told):
        if len(canonical(content)) <= _MOST_CONTENT:
            break
    return content


def _shorter_and_shorter(told: ToldVersion) -> Iterator[dict[str, Any]]:
    contact = replace(told.card.contact, mail="") if told.card.contact else None
    card = replace(told.card, evidence=(), contact=contact if contact != Contact() else None, more={})
    yield _version(told, card, told.changes, told.parts)
    for name in ("software", "is_based_on", "staff", "legal_basis", "lessons", "replicability", "solution"):
        card = replace(card, **{name: getattr(Card("", "", "", {}), name)})
        yield _version(told, card, told.changes, told.parts)
    parts = [replace(part, asks=()) for part in told.parts]
    yield _version(told, card, told.changes, parts)
    least = Card(card.id, card.version, card.city, card.title, summary=card.summary, status=card.status)
    yield _version(told, least, {}, parts)
    yield _version(told, replace(least, summary={}), {}, ())


def _version(
    told: ToldVersion, card: Card, changes: Mapping[str, str], parts: Sequence[ToldPart]
) -> dict[str, Any]:
    return {
        "measure": told.measure,
        "number": told.number,
        "released_at": in_utc(told.released_at),
        "bundle": told.bundle,
        "sha256": told.sha256,
        "byte_size": told.byte_size,
        "card": as_json(card),
        "changes": dict(changes),
        "parts": [
            {"key": part.key, "titles": dict(part.titles), "asks": [dict(each) for each in part.asks]}
            for part in parts
        ],
        "is_example": told.is_example,
    }


def evidence_content(told: ToldEvidence) -> dict[str, Any]:
    """Return what an event says of a value or a report."""
    value = {} if told.value is None else {"value": told.value}
    return {
        "measure": told.measure,
        "indicator": told.indicator,
        "on": told.on.isoformat(),
        **value,
        "says": dict(told.says),
        "address": told.address,
    }


# --- read ---------------------------------------------------------------------------------------
def read_version(event: Event) -> ToldVersion:
    """Return the version that an event tells of.

    Raises:
        ContentNotUsed: Something is missing, strange, or not of the measure that the event's IRI belongs to.
    """
    values = _conform(event, _VERSION)
    measure, number, bundle = values["measure"], values["number"], values["bundle"]
    if event.iri != version_iri(measure, number):
        raise _not_used(event, "object/id")
    if len(measure) > MOST_IRI or not is_iri(measure) or len(number) > MOST_VERSION:
        raise _not_used(event, "measure")
    if not is_iri(bundle) or len(bundle) > _MOST_ADDRESS:
        raise _not_used(event, "bundle")
    if not is_hash(values["sha256"]):
        raise _not_used(event, "sha256")
    card = _card(event, values["card"])
    if (card.id, card.version, card.city) != (measure, number, event.city):
        raise _not_used(event, "card")
    return ToldVersion(
        measure=measure,
        number=number,
        released_at=_moment(event, values["released_at"]),
        bundle=bundle,
        sha256=values["sha256"],
        byte_size=values["byte_size"],
        card=card,
        changes=values.get("changes", {}),
        parts=tuple(_part(each) for each in values.get("parts", ())),
        is_example=values.get("is_example", False),
    )


def read_evidence(event: Event) -> ToldEvidence:
    """Return the value or report that an event tells of.

    Raises:
        ContentNotUsed: Something is missing or strange.
    """
    values = _conform(event, _EVIDENCE)
    address = values.get("address", "")
    if address and (not is_iri(address) or len(address) > _MOST_ADDRESS):
        raise _not_used(event, "address")
    if len(values.get("indicator", "")) > 60:
        raise _not_used(event, "indicator")
    return ToldEvidence(
        measure=values["measure"],
        indicator=values.get("indicator", ""),
        on=date.fromisoformat(values["on"]),
        value=values.get("value"),
        says=values.get("says", {}),
        address=address,
    )


def check_storable(event: Event) -> None:
    """Refuse a text that not every database can keep.

    Raises:
        ContentNotUsed: There is the character zero in it.
    """
    if b"\\u0000" in event.line:
        raise _not_used(event, "\\u0000")


def doubt(event: Event, error: Malformed) -> Finding:
    """Return that an event counts, but is not put to use, as a finding."""
    return Finding(Severity.WARNING, error.code, f"{event.city}#{event.sequence}", error.sentence)


def _conform(event: Event, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = faults(event.content, schema, file="content")
    if found:
        raise _not_used(event, found[0].path)
    return event.content


def _card(event: Event, values: Any) -> Card:
    card, found = read_card(values)
    if card is None:
        raise _not_used(event, found[0].path)
    return replace(card, evidence=())


def _part(values: Mapping[str, Any]) -> ToldPart:
    return ToldPart(values["key"], values["titles"], tuple(values.get("asks", ())))


def _moment(event: Event, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.utcoffset() is not None else event.published
    except (ValueError, OverflowError) as error:
        raise _not_used(event, "released_at") from error


def _not_used(event: Event, where: str) -> ContentNotUsed:
    path = f"{event.city}#{event.sequence}"
    sentence = say(
        "{path}: what it says of {iri} cannot be put to use here, because of {where}.",
        path=path,
        iri=event.iri,
        where=where,
    )
    return ContentNotUsed(sentence, path)
