"""The card of a measure: what it is for, what it took, what it brought, and what another city needs to know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from tandem.core.findings import Finding
from tandem.core.parts import Texts
from tandem.core.text import say
from tandem.exchange.domain.conformity import error, faults, warning
from tandem.exchange.domain.schemas import CARD, DIMENSIONS

FILE = "measure.json"
FORMAT = "tandem-measure/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One object of the file.

    Attributes:
        more: What it says that is not known here; it is kept.
    """

    more: Mapping[str, Any] = field(default_factory=dict)


class Status(StrEnum):
    """How far a measure is."""

    IDEA = "idea"
    PLANNED = "planned"
    TRIAL = "trial"
    IN_OPERATION = "in-operation"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Cost(Record):
    """What a measure costs.

    Attributes:
        one_off_cents: In cents of the currency; None where nobody knows. So is ``yearly_cents``.
        currency: ISO 4217.
        covers: What it pays for, by language.
    """

    currency: str
    one_off_cents: int | None = None
    yearly_cents: int | None = None
    covers: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Staff(Record):
    """Who works for a measure: days until it runs, and full-time equivalents for as long as it runs."""

    role: Texts
    person_days: float | None = None
    fte: float | None = None


@dataclass(frozen=True, slots=True)
class Indicator(Record):
    """What a measure is judged by.

    Attributes:
        better: ``higher`` or ``lower``; empty where neither is better by itself.
        method: How it is measured, by language.
    """

    key: str
    titles: Texts
    unit: str = ""
    better: str = ""
    target: float | None = None
    method: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence(Record):
    """One measured value of an indicator."""

    indicator: str
    on: date
    value: float
    city: str


@dataclass(frozen=True, slots=True)
class Grade(Record):
    """How ready a measure is for another city in one dimension: 0 (not yet) to 4 (as it is), and why."""

    level: int
    why: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replicability(Record):
    """How ready a measure is for another city, in five dimensions."""

    technical: Grade | None = None
    data: Grade | None = None
    market: Grade | None = None
    acceptance: Grade | None = None
    regulation: Grade | None = None


@dataclass(frozen=True, slots=True)
class Tags(Record):
    """What a measure serves: dimensions and principles of the New Leipzig Charter, goals (1 to 17) of the UN."""

    charter: Sequence[str] = ()
    sdg: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Contact(Record):
    """Whom to ask: a role, never a person."""

    role: Texts = field(default_factory=dict)
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Origin(Record):
    """The measure that this one was made of."""

    id: str
    version: str
    city: str


@dataclass(frozen=True, slots=True)
class Card(Record):
    """A measure in words and figures.

    Attributes:
        id: An IRI, for ever.
        version: By Semantic Versioning.
        city: Id of the city whose measure it is.
        licence: Identifier of SPDX.
        is_based_on: Nearest first: the chain of origin.
        software: Keys of publiccode.yml 0.7, where the measure is about software.
    """

    id: str
    version: str
    city: str
    title: Texts
    format: str = FORMAT
    summary: Texts = field(default_factory=dict)
    need: Texts = field(default_factory=dict)
    solution: Texts = field(default_factory=dict)
    status: Status | None = None
    cost: Cost | None = None
    staff: Sequence[Staff] = ()
    legal_basis: Texts = field(default_factory=dict)
    indicators: Sequence[Indicator] = ()
    evidence: Sequence[Evidence] = ()
    lessons: Sequence[Texts] = ()
    replicability: Replicability | None = None
    tags: Tags | None = None
    contact: Contact | None = None
    licence: str = ""
    is_based_on: Sequence[Origin] = ()
    software: Mapping[str, Any] = field(default_factory=dict)


# --- from and to JSON -----------------------------------------------------------------------------
_NESTED: Mapping[str, type[Record]] = {
    "cost": Cost,
    "staff": Staff,
    "indicators": Indicator,
    "evidence": Evidence,
    "replicability": Replicability,
    **dict.fromkeys(DIMENSIONS, Grade),
    "tags": Tags,
    "contact": Contact,
    "is_based_on": Origin,
}
_KEYS = {"is_based_on": "isBasedOn"}


def read_card(values: Any) -> tuple[Card | None, list[Finding]]:
    """Return the card that JSON values describe, and everything that is wrong with them.

    Returns:
        No card where one of the findings is an error.
    """
    found = faults(values, CARD, file=FILE)
    if found:
        return None, found
    card: Card = _built(Card, values)
    found = [*_twice(card), *_without_indicator(card)]
    return (None if found else card), found


def as_json(card: Card) -> dict[str, Any]:
    """Return a card as JSON values, without what is empty; ``read_card`` gives back the same card."""
    return {**_plain(card), "format": card.format}


def _built(kind: type[Record], values: Mapping[str, Any]) -> Any:
    names = {_KEYS.get(each.name, each.name): each.name for each in fields(kind) if each.name != "more"}
    known = {names[key]: _value(names[key], value) for key, value in values.items() if key in names}
    return kind(**known, more={key: value for key, value in values.items() if key not in names})


def _value(name: str, value: Any) -> Any:
    if name == "status":
        return Status(value)
    if name == "on":
        return date.fromisoformat(value)
    below = _NESTED.get(name)
    if isinstance(value, list):
        return tuple(_built(below, each) if below else each for each in value)
    return _built(below, value) if below else value


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        shown = {
            _KEYS.get(each.name, each.name): _plain(getattr(value, each.name))
            for each in fields(value)
            if each.name != "more" and getattr(value, each.name) != _default(each)
        }
        return {**value.more, **shown}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _default(each: Any) -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()


# --- what no schema can say -----------------------------------------------------------------------
def _twice(card: Card) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, indicator in enumerate(card.indicators):
        if indicator.key in seen:
            message = say("Another indicator is called {key} too. Rename one.", key=indicator.key)
            yield error("card.twice", f"{FILE}#/indicators/{number}/key", message)
        seen.add(indicator.key)


def _without_indicator(card: Card) -> Iterator[Finding]:
    known = {indicator.key for indicator in card.indicators}
    for number, evidence in enumerate(card.evidence):
        if evidence.indicator not in known:
            message = say(
                "There is no indicator {key}. Describe it, or correct the name.", key=evidence.indicator
            )
            yield error("card.unknown-indicator", f"{FILE}#/evidence/{number}/indicator", message)


# --- ready for release ----------------------------------------------------------------------------
def gaps(card: Card) -> list[Finding]:
    """Return what is missing before a measure can be released: errors have to be filled, warnings should be.

    >>> [gap.path for gap in gaps(Card("https://hamm.example/m/1", "1.0.0", "hamm", {"de": "Ampel"}))][:2]
    ['measure.json#/summary', 'measure.json#/need']
    """
    return [
        *_missing(card),
        *_missing_grades(card),
        *_missing_contact(card),
        *_missing_proof(card),
        *_untranslated(card),
    ]


def _missing(card: Card) -> Iterator[Finding]:
    wanted = {
        "summary": card.summary,
        "need": card.need,
        "solution": card.solution,
        "status": card.status,
        "cost": card.cost,
        "staff": card.staff,
        "legal_basis": card.legal_basis,
        "indicators": card.indicators,
        "tags": card.tags and (card.tags.charter or card.tags.sdg),
        "licence": card.licence,
    }
    for name, value in wanted.items():
        if not value:
            yield error("card.gap", f"{FILE}#/{name}", say("It is missing. Other cities look for it."))


def _missing_grades(card: Card) -> Iterator[Finding]:
    for name in DIMENSIONS:
        grade: Grade | None = getattr(card.replicability, name, None)
        if grade is None or not grade.why:
            message = say("Say from 0 to 4 how ready the measure is for another city here, and why.")
            yield error("card.gap", f"{FILE}#/replicability/{name}", message)


def _missing_contact(card: Card) -> Iterator[Finding]:
    contact = card.contact or Contact()
    for name in ("role", "mail"):
        if not getattr(contact, name):
            yield error("card.gap", f"{FILE}#/contact/{name}", say("Say whom another city can ask."))


def _missing_proof(card: Card) -> Iterator[Finding]:
    if card.status in {Status.IDEA, Status.PLANNED, None}:
        return
    if not card.evidence:
        yield warning(
            "card.no-evidence", f"{FILE}#/evidence", say("It has begun, and nothing was measured yet.")
        )
    if not card.lessons:
        yield warning(
            "card.no-lessons", f"{FILE}#/lessons", say("It has begun, and no lesson is written down.")
        )


def _untranslated(card: Card) -> Iterator[Finding]:
    for name in ("summary", "need", "solution", "legal_basis"):
        texts: Texts = getattr(card, name)
        for language in card.title:
            if texts and language not in texts:
                message = say("The title is there in {language}, this text is not.", language=language)
                yield warning("card.untranslated", f"{FILE}#/{name}/{language}", message)
