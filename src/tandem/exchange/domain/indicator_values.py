"""Values of an indicator: what one may be, and a table of them as people export it from a spreadsheet.

A table is taken as a whole or not at all; every row that is wrong is told with its line.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tandem.core.findings import Finding, Severity
from tandem.core.part_values import errors
from tandem.core.text import Sentence, say

LARGEST_BYTES, MOST_ROWS = 1_000_000, 10_000
LONGEST_NOTE = 300
WHOLE_DIGITS, DECIMALS = 14, 6
NAMES: Mapping[str, tuple[str, ...]] = {
    "on": ("date", "datum", "data", "day", "tag", "giorno", "on"),
    "value": ("value", "wert", "valore"),
    "note": ("note", "notiz", "bemerkung", "nota", "osservazioni"),
}
"""What the columns may be called, in lower-case letters."""

_ORDER = {"on": 0, "value": 1, "note": 2}  # where no line says otherwise
_NUMBER = re.compile(rf"[+\-−]?\d{{1,{WHOLE_DIGITS}}}([.,]\d{{1,{DECIMALS}}})?", re.ASCII)
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", re.ASCII),
)
_UNSEEN = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value on a day.

    Attributes:
        on: The day it is of, or the last one of its period.
        note: What to know about it.
        line: Of the table it stood in.
    """

    on: date
    value: Decimal
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What a table would change.

    Attributes:
        added: On days without a value.
        corrected: On days that have another value, or another note.
        same: How many rows say what is known.
    """

    added: Sequence[Entry]
    corrected: Sequence[Entry]
    same: int


def number_of(text: str) -> Decimal | None:
    """Return the number that a text says, None where it is none: digits, with a comma or a point before decimals.

    No separators of thousands: 1.234 is one and a bit.

    >>> number_of("12,5"), number_of("1.234.567")
    (Decimal('12.5'), None)
    """
    plain = text.strip()
    return Decimal(plain.replace(",", ".").replace("−", "-")) if _NUMBER.fullmatch(plain) else None


def date_of(text: str) -> date | None:
    """Return the day that a text says, None where it is none: 2026-03-27, 27.3.2026 or 27/3/2026.

    >>> date_of("27.3.2026") == date_of("27/03/2026") == date(2026, 3, 27)
    True
    """
    for form in _DATES:
        match = form.fullmatch(text.strip())
        if match:
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
    return None


def read_table(content: bytes, *, today: date) -> tuple[list[Entry], list[Finding]]:
    """Return the values of a CSV file, and everything that is wrong with it; no values where something is.

    The columns are date, value and note, in this order, or in any order under a line of names. Between them stand
    semicolons, commas or tabs.

    Args:
        today: Nothing later was measured.
    """
    if len(content) > LARGEST_BYTES:
        return [], [
            _fault("too-large", "", say("The file is too large: {most} bytes at most.", most=LARGEST_BYTES))
        ]
    try:
        text = content.decode("utf-8-sig")
        rows = _rows(text)
    except (UnicodeDecodeError, csv.Error):
        message = say("It is no CSV file in UTF-8. Choose that when you save it in the spreadsheet.")
        return [], [_fault("no-table", "", message)]
    if not rows:
        return [], [_fault("no-rows", "", say("There is no row in it."))]
    if len(rows) > MOST_ROWS:
        return [], [_fault("too-many", "", say("It has more than {most} rows.", most=MOST_ROWS))]
    return _read(rows, today)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that are not empty, with their numbers and cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    between = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]


def _read(rows: list[tuple[int, list[str]]], today: date) -> tuple[list[Entry], list[Finding]]:
    places, findings = _places(rows[0][1])
    if errors(findings):
        return [], findings
    entries: dict[date, Entry] = {}
    for line, row in rows if places is None else rows[1:]:
        findings += _row_faults(line, row, places or _ORDER, today, entries)
    if not entries and not errors(findings):
        findings.append(_fault("no-rows", "", say("There is no row in it.")))
    return ([] if errors(findings) else list(entries.values())), findings


def _places(row: Sequence[str]) -> tuple[dict[str, int] | None, list[Finding]]:
    """Return in which column what stands, by the names in the first line; None where that is no line of names."""
    if date_of(row[0]) is not None:
        return None, []
    named = {cell.strip().lower(): place for place, cell in enumerate(row)}
    places = {name: named[each] for name, words in NAMES.items() for each in words if each in named}
    if "on" in places and "value" in places:
        taken = set(places.values())
        unknown = [cell.strip() for place, cell in enumerate(row) if place not in taken and cell.strip()]
        return places, [
            Finding(
                Severity.WARNING,
                "exchange.indicator-value.unknown-column",
                "1",
                say("The column “{name}” is not known here. It is left out.", name=name[:60]),
            )
            for name in unknown
        ]
    message = say(
        "The first line is neither a date with a value, nor the names of the columns: date, value, note."
    )
    return None, [_fault("no-names", "1", message)]


def _row_faults(
    line: int, row: Sequence[str], places: Mapping[str, int], today: date, entries: dict[date, Entry]
) -> list[Finding]:
    """Return what is wrong with a row; add it to the entries, by day, where nothing is."""
    on_text, value_text, note = (
        row[places[name]].strip() if name in places and places[name] < len(row) else ""
        for name in ("on", "value", "note")
    )
    on, value = date_of(on_text), number_of(value_text)
    found = [*_date_faults(line, on_text, on, today, entries), *_value_faults(line, value_text, value)]
    if len(note) > LONGEST_NOTE or _UNSEEN.search(note):
        found.append(
            _fault(
                "bad-note",
                f"{line}",
                say(
                    "The note is too long, or has characters in it that cannot be seen: {most} at most.",
                    most=LONGEST_NOTE,
                ),
            )
        )
    if places is _ORDER and note.isdigit():
        message = say("Is that a comma before decimals? Then put semicolons between the columns.")
        found.append(_fault("comma", f"{line}", message))
    if not found and on is not None and value is not None:
        entries[on] = Entry(on, value, note, line)
    return found


def _date_faults(
    line: int, text: str, on: date | None, today: date, entries: Mapping[date, Entry]
) -> Iterator[Finding]:
    if on is None:
        message = say("“{text}” is no date such as 2026-03-27 or 27.3.2026.", text=text[:40])
        yield _fault("no-date", f"{line}", message)
    elif on > today:
        yield _fault("not-yet", f"{line}", say("The day {day} is still to come.", day=on.isoformat()))
    elif on in entries:
        yield _fault("twice", f"{line}", say("The day {day} stands there twice.", day=on.isoformat()))


def _value_faults(line: int, text: str, value: Decimal | None) -> Iterator[Finding]:
    if value is None:
        message = say(
            "“{text}” is no number such as 12.5 or 12,5, without separators of thousands.", text=text[:40]
        )
        yield _fault("no-number", f"{line}", message)


def changes_of(
    entries: Sequence[Entry], known: Mapping[date, tuple[Decimal, str]], *, replace: bool
) -> tuple[Changes, list[Finding]]:
    """Return what a table would change, and which rows contradict what is known.

    Args:
        known: Value and note by day.
        replace: True where a table may correct what is known.
    """
    added = [each for each in entries if each.on not in known]
    other = [each for each in entries if each.on in known and (each.value, each.note) != known[each.on]]
    findings = [] if replace else [_other(each, known[each.on][0]) for each in other]
    return Changes(added, other, len(entries) - len(added) - len(other)), findings


def _other(entry: Entry, before: Decimal) -> Finding:
    message = say(
        "The day {day} has a value already: {before}. Correct it there, or say that the file corrects it.",
        day=entry.on.isoformat(),
        before=plain(before),
    )
    return _fault("other-value", f"{entry.line}", message)


def written(entries: Iterable[Entry]) -> bytes:
    """Return values as a CSV file that ``read_table`` reads."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(("date", "value", "note"))
    writer.writerows((each.on.isoformat(), plain(each.value), each.note) for each in entries)
    return file.getvalue().encode()


def plain(value: Decimal) -> str:
    """Return a number as programs write it, without zeros at the end.

    >>> plain(Decimal("12.500000")), plain(Decimal("100"))
    ('12.5', '100')
    """
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _fault(code: str, line: str, message: Sentence) -> Finding:
    return Finding(Severity.ERROR, f"exchange.indicator-value.{code}", line, message)
