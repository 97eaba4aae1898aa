"""The receipt of an adoption: what the origin is told. Nothing about people, and no title of what is still a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.exchange.domain.adoption import Adoption, PartState, State
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.domain.conformity import error, faults, step, warning
from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.schemas import CITY, DATE, IRI, SLUG, VERSION_TEXT, whole

FORMAT = "tandem-adoption-receipt/1"
FILE = "receipt.json"
MOST_BYTES = 28_000  # so that it fits an event of a feed
_TEXT = {"type": "string", "minLength": 1}
_VALUE = {
    "type": "object",
    "required": ["on", "value"],
    "properties": {"on": DATE, "value": {"type": "number"}},
}
_PART = {
    "type": "object",
    "required": ["part", "state"],
    "properties": {
        "part": {"type": "string", "pattern": whole(f"{SLUG}/{SLUG}"), "description": "kind/name"},
        "state": {"enum": [state.value for state in PartState]},
    },
}
SCHEMA = {
    "type": "object",
    "required": [
        "format",
        "measure",
        "version",
        "city",
        "adoption",
        "state",
        "parts",
        "indicators",
        "told_at",
    ],
    "properties": {
        "format": {"const": FORMAT},
        "measure": IRI,
        "version": VERSION_TEXT,
        "city": CITY,
        "adoption": _TEXT,
        "state": {"enum": [state.value for state in State]},
        "parts": {"type": "array", "items": _PART},
        "indicators": {"type": "object", "additionalProperties": {"type": "array", "items": _VALUE}},
        "told_at": _TEXT,
    },
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the origin of a measure is told about an adoption. The newest one of an adoption counts.

    Attributes:
        measure: IRI.
        city: Id of the city that adopted it.
        adoption: Its id in that city; it says nothing.
        parts: State by the part's key, which is the origin's own.
        indicators: Our values by the key of the indicator.
        told_at: In UTC.
    """

    measure: str
    version: str
    city: str
    adoption: str
    state: State
    parts: Mapping[str, PartState]
    told_at: datetime
    indicators: Mapping[str, Sequence[Measured]] = field(default_factory=dict)


def receipt_of(
    adoption: Adoption, *, city: str, indicators: Mapping[str, Sequence[Measured]], now: datetime
) -> Receipt:
    """Return the receipt of an adoption as it is now."""
    return Receipt(
        measure=adoption.measure,
        version=adoption.version,
        city=city,
        adoption=adoption.id,
        state=adoption.state,
        parts={part.key: part.state for part in adoption.parts},
        told_at=now.astimezone(UTC),
        indicators={key: tuple(sorted(values)) for key, values in indicators.items()},
    )


def as_json(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as plain JSON values."""
    return {
        "format": FORMAT,
        "measure": receipt.measure,
        "version": receipt.version,
        "city": receipt.city,
        "adoption": receipt.adoption,
        "state": receipt.state.value,
        "parts": [{"part": key, "state": state.value} for key, state in receipt.parts.items()],
        "indicators": {
            key: [{"on": each.on.isoformat(), "value": each.value} for each in values]
            for key, values in receipt.indicators.items()
        },
        "told_at": receipt.told_at.isoformat(),
    }


def fitted(receipt: Receipt) -> Receipt:
    """Return a receipt that fits an event of a feed; where there are too many values, the newest are told."""
    while len(canonical(as_json(receipt))) > MOST_BYTES:
        most = max(map(len, receipt.indicators.values()), default=0) // 2
        newest = {key: tuple(values[len(values) - most :]) for key, values in receipt.indicators.items()}
        if newest == receipt.indicators:
            break
        receipt = replace(receipt, indicators=newest)
    return receipt


def read_receipt(values: Any) -> tuple[Receipt | None, list[Finding]]:
    """Return the receipt that ``as_json`` wrote down, and what is wrong; None where it cannot be used.

    What a receipt has no place for is not kept, so that nothing about people can come along.
    """
    found = faults(values, SCHEMA, file=FILE)
    if found:
        return None, found
    keys = [each["part"] for each in values["parts"]]
    if len(set(keys)) < len(keys):
        found.append(error("receipt.part-twice", f"{FILE}#/parts", say("A part stands there twice.")))
    told_at = _moment(values["told_at"])
    if told_at is None:
        message = say("It is no time with a time zone: 2026-09-30T10:00:00+00:00.")
        found.append(error("receipt.bad-time", f"{FILE}#/told_at", message))
    if found or told_at is None:
        return None, found
    return _read(values, told_at), [_not_kept(name) for name in values if name not in SCHEMA["properties"]]


def _read(values: Mapping[str, Any], told_at: datetime) -> Receipt:
    return Receipt(
        measure=values["measure"],
        version=values["version"],
        city=values["city"],
        adoption=values["adoption"],
        state=State(values["state"]),
        parts={each["part"]: PartState(each["state"]) for each in values["parts"]},
        told_at=told_at,
        indicators={
            key: tuple(sorted(Measured(date.fromisoformat(each["on"]), each["value"]) for each in listed))
            for key, listed in values["indicators"].items()
        },
    )


def _moment(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.utcoffset() is not None else None
    except (ValueError, OverflowError):
        return None


def _not_kept(name: str) -> Finding:
    return warning(
        "receipt.not-kept", step(f"{FILE}#", name), say("A receipt has no place for this; it is not kept.")
    )
