"""Executable parts of a measure: what a room packs for another city, and what it makes of a part that comes in.

Parts are data, never code: plain JSON fields and files. The rooms know this page, and not each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from tandem.core.findings import Finding
from tandem.core.references import Reference
from tandem.core.text import Sentence

Texts = Mapping[str, str]


class InputKind(StrEnum):
    """What is filled in."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    CHOICE = "choice"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Input:
    """What an adopting city fills in.

    Attributes:
        key: Lower-case letters, digits, hyphens; unique within the bundle.
        titles: By language; so are ``hints``.
        unit: Of a number.
        default: Taken where nothing is filled in; None where something must be.
        profile: What of the city's own profile is offered first: ``name``, ``publisher``, ``contact_mail`` …
        choices: Of a choice: value → titles.
        least: Of a number, inclusive; so is ``most``.
    """

    key: str
    kind: InputKind = InputKind.TEXT
    titles: Texts = field(default_factory=dict)
    hints: Texts = field(default_factory=dict)
    unit: str = ""
    default: Any = None
    profile: str = ""
    choices: Mapping[str, Texts] = field(default_factory=dict)
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One executable part as it travels.

    Attributes:
        kind: Of its handler: ``catalogue``, ``participation``, ``signal`` or ``indicator``.
        name: Lower-case letters, digits, hyphens; unique among the parts of its kind.
        titles: By language.
        fields: Plain JSON values that can be compared and merged key by key.
        files: File name (no folders) → content.
        inputs: What has to be filled in for it.
        origin: What it was made of, where it came from.
    """

    kind: str
    name: str
    titles: Texts
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    inputs: Sequence[Input] = ()
    origin: Reference | None = None

    @property
    def key(self) -> str:
        """What a bundle and an adoption know it by.

        >>> Part("catalogue", "baumkataster", {}).key
        'catalogue/baumkataster'
        """
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that adopting a part will do.

    Attributes:
        says: In one sentence: what is made, of what.
    """

    says: Sentence


@dataclass(frozen=True, slots=True)
class PartPlan:
    """What would become of a part; nothing is changed by planning.

    Attributes:
        findings: Conflicts and gaps. One of severity error stands in the way.
    """

    steps: Sequence[Step] = ()
    findings: Sequence[Finding] = ()


class PartHandler(Protocol):
    """What a room can do with parts of one kind. Every change happens in the transaction of whoever calls.

    Attributes:
        kind: Name of the parts' folder in a bundle.
        signs: The role of whoever may sign such a part off: ``catalogue:publisher``.
    """

    kind: str
    signs: str

    def offered(self, query: str, language: str) -> Sequence[Reference]:
        """Return what of this room can go along with a measure, by a search in its titles."""
        ...

    def pack(self, uri: str) -> Part:
        """Return a thing of this room as a part.

        Raises:
            NotFound: There is no such thing.
        """
        ...

    def plan(self, part: Part, inputs: Mapping[str, Any]) -> PartPlan:
        """Return what ``make`` would do with a part and what stands in the way."""
        ...

    def make(self, part: Part, inputs: Mapping[str, Any], *, person: Any, now: datetime) -> Reference:
        """Make a draft of a part, and return it."""
        ...

    def fields_of(self, uri: str) -> Mapping[str, Any] | None:
        """Return what became of a part, in the form of its fields; None where it is gone."""
        ...

    def update(self, uri: str, part: Part, fields: Mapping[str, Any], *, person: Any, now: datetime) -> None:
        """Bring what was made in line with merged fields, and with the part's files."""
        ...

    def go_live(self, uri: str, *, person: Any, now: datetime) -> None:
        """Make it public, or put it to use."""
        ...

    def undo(self, uri: str, *, person: Any, now: datetime) -> None:
        """Take away what ``make`` made: a draft is deleted, what was public is withdrawn."""
        ...


@runtime_checkable
class Simulates(Protocol):
    """What a handler can do besides whose parts are signed off only after a simulation."""

    def simulations(self, uri: str) -> Sequence[Reference]:
        """Return the results of simulations of what became of a part, as it is now; the newest first."""
        ...


@runtime_checkable
class ReadsTogether(Protocol):
    """What a handler can do besides that needs no more queries for many things than for one."""

    def fields_of_all(self, uris: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return what ``fields_of`` says of each thing, by URI; what is gone is left out."""
        ...


Handlers = Mapping[str, PartHandler]
