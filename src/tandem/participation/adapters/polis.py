"""Polis' export: comments.csv, votes.csv, participants-votes.csv and summary.csv, in and out."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

MOST_BYTES = 100_000_000
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


def _read(content: bytes, needed: Sequence[str], read: Any) -> PolisRows:
    if len(content) > MOST_BYTES:
        raise NoPolisFile(say("The file has more than {most} MB.", most=MOST_BYTES // 10**6))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoPolisFile(say("The file is not UTF-8. Take it as Polis exported it.")) from error
    lines = csv.DictReader(io.StringIO(text, newline=""))
    missing = [each for each in needed if each not in (lines.fieldnames or ())]
    if missing:
        raise NoPolisFile(
            say("The file has no column {column}. Is it another file of the export?", column=missing[0])
        )
    found = PolisRows()
    for line in lines:
        try:
            found.rows.append(read(line))
        except (KeyError, TypeError, ValueError):
            message = say("Line {line} cannot be used and is left out.", line=lines.line_num)
            code = "participation.polis.bad-line"
            found.findings.append(Finding(Severity.WARNING, code, str(lines.line_num), message))
    return found


def _comment(line: Mapping[str, str]) -> PolisStatement:
    if not line["comment-id"].strip() or not line["comment-body"].strip():
        raise ValueError
    return PolisStatement(
        id=line["comment-id"].strip(),
        text=line["comment-body"].strip(),
        author=line.get("author-id") or "",
        at=_time(line.get("timestamp")),
        moderated=int(line.get("moderated") or 0),
        agrees=int(line.get("agrees") or 0),
        disagrees=int(line.get("disagrees") or 0),
    )


def _vote(line: Mapping[str, str]) -> PolisVote:
    value = int(line["vote"])
    if value not in (1, 0, -1) or not line["voter-id"].strip() or not line["comment-id"].strip():
        raise ValueError
    return PolisVote(
        line["voter-id"].strip(), line["comment-id"].strip(), value, _time(line.get("timestamp"))
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(text) / 1000, UTC) if text else None


# --- out ----------------------------------------------------------------------------------------
def write_comments(statements: Iterable[PolisStatement]) -> bytes:
    """Return a comments.csv; read again, it holds the same."""
    return _write(
        COMMENT_HEADS,
        (
            (*_times(each.at), each.id, each.author, each.agrees, each.disagrees, each.moderated, each.text)
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
    heads = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *statements)
    rows = []
    for name, row, group in zip(participants, values, groups, strict=True):
        cells = ["" if each != each else int(each) for each in row.tolist()]
        given = [each for each in cells if each != ""]
        counts = (0, len(given), given.count(1), given.count(-1))
        rows.append((name, group if group >= 0 else "", *counts, *cells))
    return _write(heads, rows)


def write_summary(values: Mapping[str, Any]) -> bytes:
    """Return a summary.csv: names and values, one a line, without a head."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(values.items())
    return target.getvalue().encode()


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
