"""Polis' export: comments.csv, votes.csv, participants-votes.csv and summary.csv, in and out.

Both layouts of participants-votes.csv are known, with and without the column ``xid``. A text that a spreadsheet would
take for a formula begins with an apostrophe in what is written, which is taken off again in what is read.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import isnan
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

MOST_BYTES = 100_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COMMENT_HEADS = (
    "timestamp",
    "datetime",
    "comment-id",
    "author-id",
    "agrees",
    "disagrees",
    "moderated",
    "comment-body",
)
VOTE_HEADS = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
PERSON_HEADS = ("group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
_RISKY = re.compile(r"'*[=+\-@\t\r]")


class NoPolisFile(InvalidInput):
    """A file is none of Polis' export."""

    code = "participation.polis.no-file"


@dataclass(frozen=True, slots=True)
class PolisStatement:
    """A line of comments.csv.

    Attributes:
        moderated: 1 admitted, -1 taken out, 0 neither.
    """

    id: str
    text: str
    author: str = ""
    at: datetime | None = None
    moderated: int = 0
    agrees: int = 0
    disagrees: int = 0


@dataclass(frozen=True, slots=True)
class PolisVote:
    """A line of votes.csv: 1 agree, 0 pass, -1 disagree."""

    voter: str
    statement: str
    value: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PolisPerson:
    """A line of participants-votes.csv.

    Attributes:
        votes: By statement.
        group: None for somebody who is in no group.
        comments: How many statements they wrote.
        xid: What another system calls them; None in a file without that column.
    """

    id: str
    votes: Mapping[str, int]
    group: int | None = None
    comments: int = 0
    xid: str | None = None


@dataclass(frozen=True, slots=True)
class PolisRows:
    """What a file holds, and what in it cannot be used."""

    rows: list[Any] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


# --- in -----------------------------------------------------------------------------------------
def read_comments(content: bytes) -> PolisRows:
    """Return the statements of a comments.csv.

    Raises:
        NoPolisFile: It is not UTF-8, too large, or has not the columns.
    """
    return _read(content, ("comment-id", "comment-body"), _comment)


def read_votes(content: bytes) -> PolisRows:
    """Return the votes of a votes.csv, in the order of time.

    Raises:
        NoPolisFile: It is not UTF-8, too large, or has not the columns.
    """
    found = _read(content, ("comment-id", "voter-id", "vote"), _vote)
    found.rows.sort(key=lambda each: each.at or datetime.min.replace(tzinfo=UTC))
    return found


def read_participants(content: bytes) -> PolisRows:
    """Return the people of a participants-votes.csv, each with all their votes.

    Raises:
        NoPolisFile: It is not UTF-8, too large, or has not the columns.
    """
    return _read(content, ("participant", "group-id"), _person)


def read_summary(content: bytes) -> dict[str, str]:
    """Return the names and values of a summary.csv.

    Raises:
        NoPolisFile: It is not UTF-8, too large, or no list of names and values.
    """
    rows = [row for _line, row in _lines(content) if row]
    if not rows or any(len(row) != 2 for row in rows):
        raise NoPolisFile(say("The file is no summary of Polis: it has a name and a value in each line."))
    return {name: _unguarded(value) for name, value in rows}


def _read(content: bytes, needed: Sequence[str], read: Callable[[Mapping[str, str]], Any]) -> PolisRows:
    lines = _lines(content)
    heads = next(lines, (1, []))[1]
    missing = [each for each in needed if each not in heads]
    if missing:
        raise NoPolisFile(
            say("The file has no column {column}. Is it another file of the export?", column=missing[0])
        )
    found = PolisRows()
    for number, cells in lines:
        if not cells:
            continue
        try:
            found.rows.append(read(_by_head(heads, cells)))
        except _BadLine as error:
            found.findings.append(_finding(number, error.args[0]))
    return found


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield each row and the number of the line on which it begins."""
    if len(content) > MOST_BYTES:
        raise NoPolisFile(say("The file has more than {most} MB.", most=MOST_BYTES // 10**6))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoPolisFile(say("The file is not UTF-8. Take it as Polis exported it.")) from error
    rows, begins = csv.reader(io.StringIO(text, newline="")), 1
    try:
        for row in rows:
            yield begins, row
            begins = rows.line_num + 1
    except csv.Error as error:
        raise NoPolisFile(
            say("Line {line} is no line of a table: {reason}.", line=begins, reason=error)
        ) from error


def _by_head(heads: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(heads):
        raise _BadLine(say("it has {count} cells instead of {wanted}", count=len(cells), wanted=len(heads)))
    return dict(zip(heads, cells, strict=True))


class _BadLine(Exception):
    """A line cannot be used; the reason is a sentence."""


def _finding(line: int, reason: str) -> Finding:
    message = say("Line {line} is left out: {reason}.", line=line, reason=reason)
    return Finding(Severity.WARNING, "participation.polis.bad-line", str(line), message)


def _comment(line: Mapping[str, str]) -> PolisStatement:
    return PolisStatement(
        id=_filled(line, "comment-id"),
        text=_unguarded(_filled(line, "comment-body")),
        author=line.get("author-id", ""),
        at=_time(line),
        moderated=_number(line, "moderated", range(-1, 2)),
        agrees=_number(line, "agrees"),
        disagrees=_number(line, "disagrees"),
    )


def _vote(line: Mapping[str, str]) -> PolisVote:
    _filled(line, "vote")
    value = _number(line, "vote", range(-1, 2))
    return PolisVote(_filled(line, "voter-id"), _filled(line, "comment-id"), value, _time(line))


def _person(line: Mapping[str, str]) -> PolisPerson:
    return PolisPerson(
        id=_filled(line, "participant"),
        votes={
            name: _number(line, name, range(-1, 2))
            for name, cell in line.items()
            if name.isdecimal() and cell
        },
        group=_number(line, "group-id") if line["group-id"] else None,
        comments=_number(line, "n-comments"),
        xid=_unguarded(line["xid"]) if "xid" in line else None,
    )


def _filled(line: Mapping[str, str], column: str) -> str:
    value = line[column].strip()
    if not value:
        raise _BadLine(say("{column} is empty", column=column))
    return value


def _number(line: Mapping[str, str], column: str, allowed: range | None = None) -> int:
    """Return a whole number; 0 for an empty cell."""
    cell = line.get(column, "").strip()
    if not re.fullmatch(r"-?[0-9]{1,15}|", cell):
        raise _BadLine(say("{column} is {value}, which is no whole number", column=column, value=cell[:40]))
    number = int(cell or 0)
    if allowed is not None and number not in allowed:
        raise _BadLine(say("{column} is {value} instead of 1, 0 or -1", column=column, value=number))
    return number


def _time(line: Mapping[str, str]) -> datetime | None:
    if not line.get("timestamp"):
        return None
    try:
        return EPOCH + timedelta(milliseconds=_number(line, "timestamp"))
    except OverflowError as error:
        raise _BadLine(say("{column} is no time", column="timestamp")) from error


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


# --- out ----------------------------------------------------------------------------------------
def write_comments(statements: Iterable[PolisStatement]) -> bytes:
    """Return a comments.csv; read again, it holds the same."""
    return _write(
        COMMENT_HEADS,
        (
            (
                *_times(each.at),
                each.id,
                each.author,
                each.agrees,
                each.disagrees,
                each.moderated,
                _guarded(each.text),
            )
            for each in statements
        ),
    )


def write_votes(votes: Iterable[PolisVote]) -> bytes:
    """Return a votes.csv; read again, it holds the same."""
    return _write(VOTE_HEADS, ((*_times(each.at), each.statement, each.voter, each.value) for each in votes))


def write_participants(
    participants: Sequence[str], statements: Sequence[str], values: Any, groups: Sequence[int]
) -> bytes:
    """Return a participants-votes.csv.

    Args:
        values: Shape ``(participants, statements)``, NaN where somebody has not voted.
        groups: The group of each participant, -1 for none.
    """
    return write_people(
        [
            PolisPerson(
                name,
                {
                    statement: int(value)
                    for statement, value in zip(statements, row, strict=True)
                    if not isnan(value)
                },
                group if group >= 0 else None,
            )
            for name, row, group in zip(participants, values.tolist(), groups, strict=True)
        ],
        statements,
    )


def write_people(people: Sequence[PolisPerson], statements: Sequence[str]) -> bytes:
    """Return a participants-votes.csv; read again, it holds the same. With an xid where anybody has one."""
    has_xid = any(each.xid is not None for each in people)
    heads = ("participant", *(("xid",) if has_xid else ()), *PERSON_HEADS, *statements)
    return _write(heads, (_person_cells(each, statements, has_xid=has_xid) for each in people))


def _person_cells(person: PolisPerson, statements: Sequence[str], *, has_xid: bool) -> list[Any]:
    values = list(person.votes.values())
    return [
        person.id,
        *([_guarded(person.xid or "")] if has_xid else []),
        "" if person.group is None else person.group,
        person.comments,
        len(values),
        values.count(1),
        values.count(-1),
        *(person.votes.get(each, "") for each in statements),
    ]


def write_summary(values: Mapping[str, Any]) -> bytes:
    """Return a summary.csv: names and values, one a line, without a head; read again, it holds the same."""
    target = io.StringIO()
    rows = ((name, _guarded(value) if isinstance(value, str) else value) for name, value in values.items())
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue().encode()


def _guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def _times(at: datetime | None) -> tuple[str, str]:
    if at is None:
        return "", ""
    return str(round(at.timestamp() * 1000)), at.astimezone(UTC).strftime("%a %b %d %H:%M:%S UTC %Y")


def _write(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return target.getvalue().encode()
