"""Contributions that came on paper or at the counter, typed into a table: they count like all others.

Each row that cannot be used is told with its line and what is wrong; the others are taken.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.kit.folding import fold
from tandem.participation.domain.triage import fingerprint

# What people call the columns, folded, in German, Italian and English.
_HEADS = {
    "text": "text inhalt anregung stellungnahme beitrag idee testo contenuto osservazione contributo proposta idea "
    "statement contribution content",
    "title": "titel betreff uberschrift titolo oggetto title subject",
    "received_on": "datum eingang eingangsdatum eingegangen ricevuto data arrivo date received",
    "author": "name einwender absender nome mittente presentatore author sender",
    "address": "anschrift adresse indirizzo address",
    "channel": "weg kanal eingangsweg canale modalita channel",
    "category": "thema kategorie tema categoria topic category",
    "latitude": "breite breitengrad latitudine latitude lat",
    "longitude": "lange langengrad longitudine longitude lon lng",
}
_COLUMNS = {word: column for column, words in _HEADS.items() for word in words.split()}
REQUIRED = ("text", "received_on")


@dataclass(frozen=True, slots=True)
class PaperContribution:
    """What stood on a sheet of paper.

    Attributes:
        line: Of the table, from 1.
        channel: As typed: letter, counter, workshop …
    """

    line: int
    text: str
    received_on: date
    title: str = ""
    author: str = ""
    address: str = ""
    channel: str = ""
    category: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class PaperImport:
    """What came of reading a table."""

    contributions: list[PaperContribution] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Unusable(ValueError):
    """A cell cannot be used; the sentence says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_paper(rows: Iterable[tuple[int, Mapping[str, Any]]], *, today: date) -> PaperImport:
    """Return the contributions in a table, and a finding for every row that is none.

    Args:
        rows: Line and cells by head; heads in German, Italian or English, in any order.
        today: Nothing can have come later.
    """
    done, seen, strange = PaperImport(), dict[str, int](), set[str]()
    for line, cells in rows:
        known = {_column(head): cell for head, cell in cells.items() if _column(head)}
        strange.update(head for head in cells if not _column(head))
        try:
            contribution = _contribution(line, known, today)
        except _Unusable as error:
            done.findings.append(_finding(Severity.ERROR, "bad-row", line, error.sentence))
            continue
        done.contributions.append(contribution)
        earlier = seen.setdefault(fingerprint(contribution.text), line)
        if earlier != line:
            message = say("The same text stands in line {earlier}. Was it typed twice?", earlier=earlier)
            done.findings.append(_finding(Severity.WARNING, "same-text", line, message))
    done.findings.extend(_unread(head) for head in sorted(strange))
    return done


def _column(head: str) -> str:
    """Return what a head names; empty for what is not read.

    >>> _column("Eingegangen am"), _column("Länge (WGS 84)"), _column("Bemerkung")
    ('received_on', 'longitude', '')
    """
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", head)]
    return next((_COLUMNS[word] for word in words if word in _COLUMNS), "")


def _finding(severity: Severity, code: str, line: int, message: Sentence) -> Finding:
    return Finding(severity, f"participation.paper.{code}", f"line {line}", message)


def _unread(head: str) -> Finding:
    message = say("The column {head} is not read.", head=head)
    return Finding(Severity.INFO, "participation.paper.column-not-read", head, message)


def _contribution(line: int, cells: Mapping[str, Any], today: date) -> PaperContribution:
    missing = [column for column in REQUIRED if not str(cells.get(column, "")).strip()]
    if missing:
        raise _Unusable(_MISSING[missing[0]])
    received_on = _day(cells["received_on"])
    if received_on > today:
        raise _Unusable(say("It cannot have been received on {day}, which is to come.", day=received_on))
    latitude, longitude = _degrees(cells, "latitude"), _degrees(cells, "longitude")
    if (latitude is None) != (longitude is None):
        raise _Unusable(say("A place needs both latitude and longitude."))
    plain = {
        key: str(cells.get(key, "")).strip() for key in ("title", "author", "address", "channel", "category")
    }
    text = str(cells["text"]).strip()
    return PaperContribution(line, text, received_on, **plain, latitude=latitude, longitude=longitude)


_MISSING = {
    "text": say("The text is missing."),
    "received_on": say("The day on which it was received is missing."),
}


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for pattern, make in _DAYS:
        found = pattern.fullmatch(str(cell).strip())
        if found:
            try:
                return make(*map(int, found.groups()))
            except ValueError:
                break
    raise _Unusable(say("{cell} is no date. Write it as 24.12.2026 or 2026-12-24.", cell=cell))


_DAYS: tuple[tuple[re.Pattern[str], Callable[..., date]], ...] = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII), date),
    (
        re.compile(r"(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4})", re.ASCII),
        lambda day, month, year: date(year, month, day),
    ),
)


def _degrees(cells: Mapping[str, Any], column: str) -> float | None:
    cell = cells.get(column)
    if cell is None or not str(cell).strip():
        return None
    try:
        degrees = float(str(cell).strip().replace(",", ".").removesuffix("°"))
    except ValueError:
        degrees = float("nan")
    if column == "latitude" and not -90 <= degrees <= 90:
        raise _Unusable(say("{cell} is no latitude in degrees.", cell=cell))
    if column == "longitude" and not -180 <= degrees <= 180:
        raise _Unusable(say("{cell} is no longitude in degrees.", cell=cell))
    return degrees
