"""The weighing table (Abwägungstabelle, controdeduzioni): what was said, what was weighed, what was decided.

Made from statements, in one of three languages, with or without names. How it becomes a file is the adapters' part.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tandem.core.errors import InvalidInput
from tandem.core.text import LANGUAGES, say
from tandem.participation.domain.statement import Decision, Outcome, Segment, Statement
from tandem.participation.domain.triage import redact


class UnknownLanguage(InvalidInput):
    """A synopsis is asked for in a language that it has no words in."""

    code = "participation.synopsis.unknown-language"


class AuthorKind(StrEnum):
    """Who made a statement."""

    PUBLIC_BODY = "public-body"  # authorities, utilities, chambers, neighbouring cities
    PUBLIC = "public"  # people, firms, associations


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement as it comes into the table.

    Attributes:
        author: Name as given; left out for the public unless names are asked for.
        received_on: At the place.
        alike: How many statements are this one, itself included; above 1 for a group of mass statements.
    """

    kind: AuthorKind
    author: str
    statement: Statement
    received_on: date
    alike: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One segment in the table, as it is printed.

    Attributes:
        number: Section, statement and segment: ``B 3.2``.
    """

    number: str
    author: str
    text: str
    weighing: str
    decision: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the table: the public bodies, the public."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Synopsis:
    """The table, ready to be set.

    Attributes:
        subtitle: City, day, and whether it is anonymised.
        heads: Of the five columns.
        page_of: For ``{page}`` and ``{pages}``.
    """

    language: str
    title: str
    subtitle: str
    heads: tuple[str, str, str, str, str]
    sections: tuple[Section, ...]
    page_of: str
    author: str
    as_of: date


@dataclass(frozen=True, slots=True)
class _Words:
    heads: tuple[str, str, str, str, str]
    sections: dict[AuthorKind, str]
    outcomes: dict[Outcome, str]
    person: str
    alike: str
    received: str
    late: str
    in_files: str
    proposed: str
    as_of: str
    anonymised: str
    page_of: str
    day: str


_WORDS = {
    "de": _Words(
        heads=("Nr.", "Eingegangen von", "Stellungnahme", "Abwägung", "Beschluss"),
        sections={
            AuthorKind.PUBLIC_BODY: "Behörden und sonstige Träger öffentlicher Belange",
            AuthorKind.PUBLIC: "Öffentlichkeit",
        },
        outcomes={
            Outcome.FOLLOWED: "Der Anregung wird gefolgt.",
            Outcome.PARTLY_FOLLOWED: "Der Anregung wird teilweise gefolgt.",
            Outcome.NOT_FOLLOWED: "Der Anregung wird nicht gefolgt.",
            Outcome.NOTED: "Wird zur Kenntnis genommen.",
            Outcome.OUTSIDE: "Nicht Gegenstand dieses Plans.",
            Outcome.LEFT_OUT_LATE: "Verspätet eingegangen, bleibt unberücksichtigt.",
        },
        person="Person {number}",
        alike="und {others} weitere, gleichlautend",
        received="eingegangen am {day}",
        late="nach Fristende",
        in_files="Die Stellungnahme steht in ihren Anlagen.",
        proposed="Vorschlag: {outcome}",
        as_of="Stand: {day}",
        anonymised="Angaben zu Personen sind entfernt",
        page_of="Seite {page} von {pages}",
        day="%d.%m.%Y",
    ),
    "it": _Words(
        heads=("N.", "Presentata da", "Osservazione", "Controdeduzione", "Decisione"),
        sections={AuthorKind.PUBLIC_BODY: "Enti e amministrazioni pubbliche", AuthorKind.PUBLIC: "Pubblico"},
        outcomes={
            Outcome.FOLLOWED: "Accolta.",
            Outcome.PARTLY_FOLLOWED: "Parzialmente accolta.",
            Outcome.NOT_FOLLOWED: "Non accolta.",
            Outcome.NOTED: "Se ne prende atto.",
            Outcome.OUTSIDE: "Non pertinente a questo piano.",
            Outcome.LEFT_OUT_LATE: "Pervenuta fuori termine, non esaminata.",
        },
        person="Persona {number}",
        alike="e altre {others}, di uguale contenuto",
        received="pervenuta il {day}",
        late="fuori termine",
        in_files="L’osservazione è contenuta nei suoi allegati.",
        proposed="Proposta: {outcome}",
        as_of="Aggiornata al {day}",
        anonymised="I dati personali sono stati rimossi",
        page_of="Pagina {page} di {pages}",
        day="%d/%m/%Y",
    ),
    "en": _Words(
        heads=("No.", "Received from", "Statement", "Weighing", "Decision"),
        sections={AuthorKind.PUBLIC_BODY: "Public bodies", AuthorKind.PUBLIC: "The public"},
        outcomes={
            Outcome.FOLLOWED: "The point is followed.",
            Outcome.PARTLY_FOLLOWED: "The point is followed in part.",
            Outcome.NOT_FOLLOWED: "The point is not followed.",
            Outcome.NOTED: "Noted.",
            Outcome.OUTSIDE: "Not a matter of this plan.",
            Outcome.LEFT_OUT_LATE: "Received late, left out of account.",
        },
        person="Person {number}",
        alike="and {others} more, of the same wording",
        received="received on {day}",
        late="after the end of the period",
        in_files="The statement is in its files.",
        proposed="Proposal: {outcome}",
        as_of="As of {day}",
        anonymised="Personal details are removed",
        page_of="Page {page} of {pages}",
        day="%Y-%m-%d",
    ),
}
_LETTERS = {AuthorKind.PUBLIC_BODY: "A", AuthorKind.PUBLIC: "B"}


def make_synopsis(
    entries: Iterable[Entry], *, title: str, city: str, language: str, as_of: date, named: bool = False
) -> Synopsis:
    """Return the weighing table of a plan's statements.

    Public bodies come first and are always named. The public is numbered in the order given, unless ``named``, and
    what identifies somebody is taken out of their texts as far as ``triage`` finds it: have somebody read it before
    it is published. Statements that were withdrawn are left out; one that nobody has cut yet is one row.

    Args:
        language: ``de``, ``it`` or ``en``; of the words around, not of the statements.
        named: For the council's own copy, which is not published.

    Raises:
        UnknownLanguage: There are no words in ``language``.
    """
    if language not in _WORDS:
        raise UnknownLanguage(say("A synopsis can be made in: {languages}.", languages=", ".join(LANGUAGES)))
    words = _WORDS[language]
    kept = [entry for entry in entries if entry.statement.withdrawn_at is None]
    sections = []
    for kind, heading in words.sections.items():
        these = [entry for entry in kept if entry.kind is kind]
        open_names = named or kind is AuthorKind.PUBLIC_BODY
        rows = tuple(_rows(these, words, language, open_names=open_names))
        sections += [Section(heading, rows)] if rows else []
    notes = [city, words.as_of.format(day=as_of.strftime(words.day))] + [words.anonymised] * (not named)
    return Synopsis(
        language, title, " · ".join(notes), words.heads, tuple(sections), words.page_of, city, as_of
    )


def _rows(entries: Sequence[Entry], words: _Words, language: str, *, open_names: bool) -> Iterator[Row]:
    for number, entry in enumerate(entries, start=1):
        name = entry.author if open_names else words.person.format(number=number)
        author = _author(entry, name, words)
        segments = _segments(entry.statement, words)
        for part, (text, segment) in enumerate(segments, start=1):
            shown = text if open_names else redact(text, language=language, names=(entry.author,))
            label = f"{_LETTERS[entry.kind]} {number}.{part}"
            weighing = segment.weighing.reasons if segment and segment.weighing else ""
            yield Row(label, author, shown, weighing, _decision(segment, words))


def _author(entry: Entry, name: str, words: _Words) -> str:
    lines = [name]
    if entry.alike > 1:
        lines.append(words.alike.format(others=entry.alike - 1))
    lines.append(words.received.format(day=entry.received_on.strftime(words.day)))
    return "\n".join(lines + [words.late] * entry.statement.late)


def _segments(statement: Statement, words: _Words) -> Iterator[tuple[str, Segment | None]]:
    """Yield the texts of a statement's segments and what came of each; those of white space only are left out.

    Of a statement without a text it is said that it is in its files.
    """
    if not statement.segments or not statement.text.strip():
        yield statement.text.strip() or words.in_files, next(iter(statement.segments), None)
        return
    for segment in statement.segments:
        text = statement.text[segment.span.start : segment.span.end].strip()
        if text:
            yield text, segment


def _decision(segment: Segment | None, words: _Words) -> str:
    if segment is None or segment.weighing is None:
        return ""
    if segment.decision is None:
        return words.proposed.format(outcome=words.outcomes[segment.weighing.outcome])
    return f"{words.outcomes[segment.decision.outcome]}\n{_who_decided(segment.decision, words)}"


def _who_decided(decision: Decision, words: _Words) -> str:
    parts = (decision.body, decision.decided_on.strftime(words.day), decision.resolution)
    return ", ".join(part for part in parts if part)


def runs_right_to_left(text: str) -> bool:
    """Return whether a paragraph is set from right to left: its first letter says so.

    Source: Unicode Standard Annex 9, rules P2 and P3.

    >>> runs_right_to_left("1. שלום"), runs_right_to_left("a שלום")
    (True, False)
    """
    for each in text:
        direction = unicodedata.bidirectional(each)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
