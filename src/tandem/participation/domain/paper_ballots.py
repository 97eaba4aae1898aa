"""Paper ballots typed into a table: each row is a ballot, or a finding that says why it is none."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.kit.folding import fold

# What people call the columns, folded, in German, Italian and English.
_HEADS = {
    "sheet": "bogen stimmzettel blatt zettelnummer scheda foglio sheet ballot",
    "choices": "vorschlage vorschlag stimmen auswahl wahl proposte proposta voti scelte proposals choices votes vote",
    "code": "code abstimmungscode stimmcode codice",
}
_COLUMNS = {word: column for column, words in _HEADS.items() for word in words.split()}
LONGEST_SHEET = 40


class UnreadableChoices(InvalidInput):
    """What was typed from a ballot says no choices."""

    code = "participation.paper-ballot.unreadable-choices"


@dataclass(frozen=True, slots=True)
class PaperBallot:
    """What stood on a paper ballot.

    Attributes:
        line: Of the table, from 1.
        sheet: The number printed on it.
        choices: Numbers of proposals.
        points: Of each choice; empty where none are given.
        code: As typed; empty where there is none on it.
    """

    line: int
    sheet: str
    choices: tuple[str, ...]
    points: tuple[int, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class BallotImport:
    """What came of reading a table."""

    ballots: list[PaperBallot] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_choices(typed: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the numbers of proposals and their points, as they are typed.

    Raises:
        UnreadableChoices: A number is none, or only some have points.

    >>> read_choices("3, 8 12"), read_choices("3:5; 8:5")
    ((('3', '8', '12'), ()), (('3', '8'), (5, 5)))
    """
    pairs = [each.partition(":") for each in re.split(r"[\s,;]+", typed.strip()) if each]
    numbers = [number.lstrip("0") for number, _colon, _points in pairs]
    points = [rest for _number, colon, rest in pairs if colon]
    if not all(each.isascii() and each.isdecimal() for each in (*numbers, *points)):
        raise UnreadableChoices(
            say("These are no numbers of proposals: {typed}. Write 3 8 12, with points 3:5 8:5.", typed=typed)
        )
    if 0 < len(points) < len(pairs):
        raise UnreadableChoices(say("Some proposals have points and some have none. Write each as 3:5."))
    return tuple(numbers), tuple(map(int, points))


def read_ballots(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> BallotImport:
    """Return the ballots in a table, and a finding for every row that is none.

    Args:
        rows: Line and cells by head; heads in German, Italian or English, in any order.
    """
    done, seen, strange = BallotImport(), dict[str, int](), set[str]()
    for line, cells in rows:
        known = {_column(head): _text(cell) for head, cell in cells.items() if _column(head)}
        strange.update(head for head in cells if not _column(head))
        problem, ballot = _read(line, known)
        if ballot is not None and ballot.sheet in seen:
            problem = say(
                "Ballot {sheet} stands in line {line} already.", sheet=ballot.sheet, line=seen[ballot.sheet]
            )
        if problem or ballot is None:
            done.findings.append(finding_of(line, problem))
            continue
        seen[ballot.sheet] = line
        done.ballots.append(ballot)
    done.findings.extend(_unread(head) for head in sorted(strange))
    return done


def finding_of(line: int, problem: str) -> Finding:
    """Return a row that cannot be used as a finding."""
    return Finding(Severity.ERROR, "participation.paper-ballot.bad-row", f"line {line}", problem)


_NO_SHEET = say("The number of the ballot is missing.")


def _read(line: int, cells: Mapping[str, str]) -> tuple[str, PaperBallot | None]:
    sheet = cells.get("sheet", "")
    if not sheet:
        return _NO_SHEET, None
    if len(sheet) > LONGEST_SHEET:
        return say("The number of a ballot has {most} characters at the most.", most=LONGEST_SHEET), None
    if not cells.get("choices"):
        return say("Ballot {sheet} names no proposal.", sheet=sheet), None
    try:
        choices, points = read_choices(cells["choices"])
    except UnreadableChoices as error:
        return error.sentence, None
    return "", PaperBallot(line, sheet, choices, points, cells.get("code", ""))


def _column(head: str) -> str:
    """Return what a head names; empty for what is not read.

    >>> _column("Nr. des Stimmzettels"), _column("Vorschläge"), _column("Bemerkung")
    ('sheet', 'choices', '')
    """
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", head)]
    return next(
        (_COLUMNS[stem] for word in words for stem in (word, word.removesuffix("s")) if stem in _COLUMNS), ""
    )


def _text(cell: Any) -> str:
    """Return a cell as a text; spreadsheets give whole numbers with a decimal point.

    >>> _text(12.0), _text(" A-7 ")
    ('12', 'A-7')
    """
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _unread(head: str) -> Finding:
    message = say("The column {head} is not read.", head=head)
    return Finding(Severity.INFO, "participation.paper-ballot.column-not-read", head, message)
