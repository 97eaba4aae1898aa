"""Pabulib's ``.pb`` files, in and out: META, PROJECTS and VOTES, each a table with semicolons.

A file is read twice over: first into its tables as they stand (``PabulibFile``, from which the same file can be written
again, columns that nobody knows included), then into an election. What cannot be used is left out and told with its
line; the rest is used.

Source:
    Faliszewski et al. (2023), Participatory Budgeting: Data, Tools, and Analysis; pabulib.org/format.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.participation.domain.budget.election import (
    Ballot,
    Election,
    InvalidElection,
    Proposal,
    VoteType,
    merged,
)

MOST_BYTES = 100_000_000
MOST_PROJECTS = 5_000
MOST_VOTES = 2_000_000
MOST_FINDINGS = 200
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]")
_AMOUNT = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,2}))?")
_POINTS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
_TO_QUOTE = re.compile(r'[;"\r\n]')
_WHOLE = re.compile(r"[0-9]{1,12}")
_SECTIONS = ("META", "PROJECTS", "VOTES")
_META_COLUMNS = ("key", "value")
_TRUE_IDS = ("project_id", "cost")

Row = tuple[str, ...]
NumberedRow = tuple[int, list[str]]


class FileTooLarge(InvalidInput):
    """A file is larger than an election should be."""

    code = "participation.pabulib.too-large"


@dataclass(frozen=True, slots=True)
class Table:
    """A section of a file.

    Attributes:
        rows: As many cells as there are columns.
        lines: Where each row ends in the file, from 1. Two tables are equal wherever their rows stood.
    """

    columns: Row
    rows: tuple[Row, ...]
    lines: tuple[int, ...] = field(default=(), compare=False)

    def column(self, *names: str) -> Sequence[str]:
        """Return the cells of the first of these columns that there is; empty cells if there is none of them."""
        place = next((self.columns.index(name) for name in names if name in self.columns), None)
        return [""] * len(self.rows) if place is None else [row[place].strip() for row in self.rows]


@dataclass(frozen=True, slots=True)
class PabulibFile:
    """A file as it stands."""

    meta: Table
    projects: Table
    votes: Table

    def about(self, key: str) -> str:
        """Return what META says of a key, empty if nothing."""
        return next((row[1].strip() for row in self.meta.rows if row[0].strip() == key and row[1:]), "")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file.

    Attributes:
        election: None if the file does not say what it is about; ``findings`` say why.
        official: Ids of the winners that the file names (``selected`` is 1).
    """

    file: PabulibFile
    election: Election | None
    official: frozenset[str]
    findings: list[Finding]


class _Findings:
    """A list of findings that does not grow without end."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._more = 0

    def add(self, severity: Severity, code: str, line: int | None, message: Sentence) -> None:
        if len(self._kept) >= MOST_FINDINGS:
            self._more += 1
            return
        path = "" if line is None else f"line {line}"
        self._kept.append(Finding(severity, f"participation.pabulib.{code}", path, message))

    def error(self, code: str, line: int | None, message: Sentence) -> None:
        self.add(Severity.ERROR, code, line, message)

    def warning(self, code: str, line: int | None, message: Sentence) -> None:
        self.add(Severity.WARNING, code, line, message)

    def all(self) -> list[Finding]:
        if not self._more:
            return list(self._kept)
        more = say("There are {number} more findings like these.", number=self._more)
        return [*self._kept, Finding(Severity.INFO, "participation.pabulib.more", "", more)]


# --- in -------------------------------------------------------------------------------------------
def read(content: bytes) -> Reading:
    """Return the tables and the election of a file, and what is wrong with it.

    Raises:
        FileTooLarge: There is more of it than of the largest city's election.
    """
    _require_size(len(content), MOST_BYTES, "bytes")
    found = _Findings()
    file = _tables(_text(content, found), found)
    _require_size(len(file.projects.rows), MOST_PROJECTS, "projects")
    _require_size(len(file.votes.rows), MOST_VOTES, "votes")
    proposals = _proposals(file, found)
    election = _election(file, proposals, found)
    official = (
        row_id
        for row_id, selected in zip(
            file.projects.column("project_id"), file.projects.column("selected"), strict=True
        )
        if selected == "1"
    )
    return Reading(file, election, frozenset(official), found.all())


def _require_size(size: int, most: int, what: str) -> None:
    if size > most:
        raise FileTooLarge(
            say("The file has {size} {what}; {most} can be read.", size=size, what=what, most=most)
        )


def _text(content: bytes, found: _Findings) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found.warning(
            "not-utf-8", line, say("The file is not UTF-8; some letters are lost. Save it as UTF-8.")
        )
        return content.decode("utf-8-sig", "replace")


def _tables(text: str, found: _Findings) -> PabulibFile:
    tables: dict[str, Table] = {}
    for name, begins, rows in _sections(_rows(text, found), found):
        if name in tables:
            found.error(
                "section-twice", begins, say("Section {name} is there twice; the first counts.", name=name)
            )
            continue
        columns = tuple(cell.strip() for cell in rows[0][1]) if rows else ()
        body = tuple(_fitted(row, columns, name, line, found) for line, row in rows[1:])
        tables[name] = Table(columns, body, tuple(line for line, _row in rows[1:]))
    for name in _SECTIONS:
        if name not in tables:
            found.error("no-section", None, say("There is no section {name}. Add it.", name=name))
    return PabulibFile(*(tables.get(name, Table((), ())) for name in _SECTIONS))


def _sections(rows: Iterable[NumberedRow], found: _Findings) -> Iterator[tuple[str, int, list[NumberedRow]]]:
    """Return name, line and rows of each section; what comes before the first is told."""
    name, begins, body = "", 0, list[NumberedRow]()
    for line, row in rows:
        title = row[0].strip().upper()
        if title in _SECTIONS and not any(row[1:]):
            if name:
                yield name, begins, body
            name, begins, body = title, line, []
        elif name:
            body.append((line, row))
        else:
            found.error("outside", line, say("This comes before META. A file begins with a line META."))
    if name:
        yield name, begins, body


def _rows(text: str, found: _Findings) -> Iterator[NumberedRow]:
    """Return the rows that say something, each with the line it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    before = 0
    try:
        for row in reader:
            if reader.line_num > before + 1:
                found.warning(
                    "long-cell",
                    before + 1,
                    say("A cell goes on to line {line}. Is a quotation mark missing?", line=reader.line_num),
                )
            before = reader.line_num
            if any(row):
                yield reader.line_num, row
    except csv.Error as error:
        found.error(
            "unreadable",
            reader.line_num,
            say("From here on nothing can be read: {error}. Is a quotation mark missing?", error=error),
        )


def _fitted(row: Sequence[str], columns: Row, section: str, line: int, found: _Findings) -> Row:
    """Return a row with as many cells as there are columns."""
    if len(row) == len(columns):
        return tuple(row)
    if section == "META":  # a comment with semicolons that nobody put into quotation marks
        return (row[0], ";".join(row[1:]))
    found.warning(
        "cells",
        line,
        say(
            "There are {cells} cells for {columns} columns. The rest is taken as empty, or left out.",
            cells=len(row),
            columns=len(columns),
        ),
    )
    return (*row, *[""] * len(columns))[: len(columns)]


def _proposals(file: PabulibFile, found: _Findings) -> dict[str, Proposal]:
    table = file.projects
    for name in _TRUE_IDS:
        if table.columns and name not in table.columns:
            found.error("no-column", None, say("PROJECTS has no column {name}. Add it.", name=name))
    proposals: dict[str, Proposal] = {}
    cells = (
        table.lines,
        table.column("project_id"),
        table.column("cost"),
        table.column("name"),
        table.column("category", "categories"),
        table.column("target", "targets"),
        table.column("votes"),
    )
    for line, project_id, cost, name, categories, targets, votes in zip(*cells, strict=True):
        cents = cents_of(cost)
        if not project_id or project_id in proposals:
            found.error(
                "bad-id",
                line,
                say("The id “{id}” is empty, or there twice. The line is left out.", id=project_id),
            )
        elif cents is None:
            found.error("bad-cost", line, _bad_amount(cost))
        else:
            words = _listed(categories), _listed(targets)
            proposals[project_id] = Proposal(project_id, cents, name, *words, _whole(votes))
    return proposals


def _bad_amount(cell: str) -> Sentence:
    return say(
        "“{cell}” is no amount. Write digits, with two decimals at most and nothing between thousands but spaces.",
        cell=cell,
    )


def cents_of(cell: str) -> int | None:
    """Return an amount in cents, None if it is none.

    >>> cents_of("1 000 000"), cents_of("12.5"), cents_of("12,50"), cents_of("1.000.000")
    (100000000, 1250, 1250, None)
    """
    match = _AMOUNT.fullmatch(_SPACES.sub("", cell))
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None


def _listed(cell: str) -> tuple[str, ...]:
    if cell.lower() == "none":
        return ()
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def _election(file: PabulibFile, proposals: Mapping[str, Proposal], found: _Findings) -> Election | None:
    budget, vote_type = file.about("budget"), file.about("vote_type")
    cents = cents_of(budget)
    if cents is None:
        found.error("bad-budget", None, say("META has no budget that can be read: “{cell}”.", cell=budget))
    if vote_type not in set(VoteType):
        known = ", ".join(VoteType)
        found.error(
            "vote-type",
            None,
            say("The vote_type “{given}” is none of {known}.", given=vote_type, known=known),
        )
        return None
    if cents is None:
        return None
    ballots = _Ballots(file, proposals, VoteType(vote_type), found).read()
    _compare_numbers(file, proposals, ballots, found)
    return Election(
        cents, tuple(proposals.values()), merged(ballots, VoteType(vote_type)), VoteType(vote_type)
    )


class _Ballots:
    """Reads the votes of a file."""

    def __init__(
        self, file: PabulibFile, proposals: Mapping[str, Proposal], vote_type: VoteType, found: _Findings
    ) -> None:
        self._file, self._found, self._type = file, found, vote_type
        self._ids = {name: name for name in proposals}  # one string each: quicker to look up later
        self._most = _whole(file.about("max_length"))
        self._least = _whole(file.about("min_length"))
        self._most_points = _whole(file.about("max_sum_points"))

    def read(self) -> list[Ballot]:
        """Return the ballots that can be used, in the file's order."""
        votes = self._file.votes
        if votes.columns and "vote" not in votes.columns:
            self._found.error("no-column", None, say("VOTES has no column {name}. Add it.", name="vote"))
        self._tell_repeated_voters(votes)
        rows = zip(votes.lines, votes.column("vote"), votes.column("points"), strict=True)
        ballots = (self._ballot(line, *cells) for line, *cells in rows)
        return [ballot for ballot in ballots if ballot is not None]

    def _tell_repeated_voters(self, votes: Table) -> None:
        seen: set[str] = set()
        for line, voter in zip(votes.lines, votes.column("voter_id"), strict=True):
            if voter and voter in seen:
                self._found.warning(
                    "voter-twice", line, say("Voter {id} is there twice; both count.", id=voter)
                )
            seen.add(voter)

    def _ballot(self, line: int, vote: str, points: str) -> Ballot | None:
        named = [] if vote.lower() == "none" else [part.strip() for part in vote.split(",") if part.strip()]
        if self._type is VoteType.CHOOSE_ONE and len(named) > 1:
            message = say("Here {number} are chosen; one may be. The ballot is left out.", number=len(named))
            self._found.error("too-many", line, message)
            return None
        self._tell_length(line, len(named))
        if self._type is not VoteType.CUMULATIVE:
            return Ballot(tuple(self._known(line, named)))
        given = self._points(line, len(named), points)
        if given is None:
            return None
        points_of = dict(
            zip(reversed(named), reversed(given), strict=True)
        )  # of one named twice, the first counts
        kept = [each for each in self._known(line, named) if points_of[each] > 0]
        return Ballot(tuple(kept), tuple(points_of[each] for each in kept))

    def _known(self, line: int, named: Sequence[str]) -> list[str]:
        """Return the choices that there are, each once."""
        known = [self._ids[each] for each in named if each in self._ids]
        if len(known) < len(named):
            unknown = next(each for each in named if each not in self._ids)
            self._found.warning(
                "unknown-project", line, say("There is no project {id}. That choice is left out.", id=unknown)
            )
        once = list(dict.fromkeys(known))
        if len(once) < len(known):
            self._found.warning("choice-twice", line, say("A project is chosen twice; it counts once."))
        return once

    def _points(self, line: int, choices: int, cell: str) -> list[int | Fraction] | None:
        parts = [part.strip() for part in cell.split(",") if part.strip()] if choices else []
        if len(parts) != choices or not all(_POINTS.fullmatch(part) for part in parts):
            message = say(
                "The points “{cell}” do not fit {choices} choices. The ballot is left out.",
                cell=cell,
                choices=choices,
            )
            self._found.error("bad-points", line, message)
            return None
        points = [Fraction(part) for part in parts]
        total, most = sum(points), self._most_points
        if most is not None and total > most:
            message = say(
                "Here are {points} points; {most} are allowed. The ballot counts.", points=total, most=most
            )
            self._found.warning("sum-of-points", line, message)
        return [int(each) if each.denominator == 1 else each for each in points]

    def _tell_length(self, line: int, number: int) -> None:
        most, least = self._most, self._least
        if most is not None and number > most:
            message = say(
                "Here {number} are chosen; {most} are allowed. The ballot counts.", number=number, most=most
            )
            self._found.warning("too-long", line, message)
        if least is not None and number < least:
            message = say(
                "Here {number} are chosen; at least {least} should be. The ballot counts.",
                number=number,
                least=least,
            )
            self._found.warning("too-short", line, message)


def _whole(cell: str) -> int | None:
    return int(cell) if _WHOLE.fullmatch(cell) else None


def _compare_numbers(
    file: PabulibFile, proposals: Mapping[str, Proposal], ballots: Sequence[Ballot], found: _Findings
) -> None:
    """Tell where the file says other numbers than its lines."""
    for key, number in (("num_projects", len(proposals)), ("num_votes", len(ballots))):
        said = file.about(key)
        if said and said != str(number):
            message = say("{key} is {said}, but {number} can be used.", key=key, said=said, number=number)
            found.warning("number", None, message)
    counted = Counter(choice for ballot in ballots for choice in ballot.choices)
    for line, project_id in zip(file.projects.lines, file.projects.column("project_id"), strict=True):
        proposal = proposals.get(project_id)
        if proposal and proposal.votes is not None and proposal.votes != counted[project_id]:
            found.add(
                Severity.INFO,
                "votes",
                line,
                say(
                    "Project {id} has {said} votes, but {number} ballots name it.",
                    id=project_id,
                    said=proposal.votes,
                    number=counted[project_id],
                ),
            )


# --- out ------------------------------------------------------------------------------------------
def write(file: PabulibFile) -> bytes:
    """Return the file; read again, it is the same."""
    lines: list[str] = []
    for name, table in zip(_SECTIONS, (file.meta, file.projects, file.votes), strict=True):
        lines += (name, _line(table.columns), *map(_line, table.rows))
    return "".join(f"{line}\n" for line in lines).encode()


def _line(cells: Row) -> str:
    return ";".join(map(_quoted, cells))


def _quoted(cell: str) -> str:
    """Return a cell as it is written: ``csv`` leaves carriage returns bare, which ends the line for a reader."""
    return '"' + cell.replace('"', '""') + '"' if _TO_QUOTE.search(cell) else cell


def file_of(election: Election, *, about: Mapping[str, str], winners: Collection[str] = ()) -> PabulibFile:
    """Return an election as a file. The ballots are in an order of their own, which tells nothing about who cast them.

    Args:
        election: What was voted on.
        about: What META says besides numbers, budget and kind of votes: description, country, unit, instance, rule,
            date_begin, date_end, currency, …
        winners: Ids for the column ``selected``.

    Raises:
        InvalidElection: An id has a comma or begins or ends with a space, which the format cannot say.
    """
    odd = next((each.id for each in election.proposals if "," in each.id or each.id != each.id.strip()), None)
    if odd is not None:
        raise InvalidElection(say("Pabulib has no way to write the id “{id}”. Give another one.", id=odd))
    numbers = {
        "num_projects": str(len(election.proposals)),
        "num_votes": str(election.voters),
        "budget": amount_of(election.budget_cents),
        "vote_type": election.vote_type.value,
    }
    before = ("description", "country", "unit", "subunit", "instance", "district")
    meta = {key: about[key] for key in before if key in about} | numbers
    meta |= {key: value for key, value in about.items() if key not in meta}
    return PabulibFile(
        Table(_META_COLUMNS, tuple((key, _one_line(value)) for key, value in meta.items())),
        _projects_of(election, frozenset(winners)),
        _votes_of(election),
    )


def amount_of(cents: int) -> str:
    """Return an amount as Pabulib writes it.

    >>> amount_of(107000000), amount_of(1250)
    ('1070000', '12.50')
    """
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def _projects_of(election: Election, winners: Collection[str]) -> Table:
    counted: Counter[str] = Counter()
    for ballot in election.ballots:
        for choice in ballot.choices:
            counted[choice] += ballot.voters
    rows = (
        (
            each.id,
            amount_of(each.cost_cents),
            str(counted[each.id]),
            _one_line(each.name),
            _list_of(each.categories),
            _list_of(each.targets),
            str(int(each.id in winners)),
        )
        for each in election.proposals
    )
    return Table(("project_id", "cost", "votes", "name", "category", "target", "selected"), tuple(rows))


def _votes_of(election: Election) -> Table:
    points = ("points",) if election.vote_type is VoteType.CUMULATIVE else ()
    ballots = [
        ballot for ballot in merged(election.ballots, election.vote_type) for _voter in range(ballot.voters)
    ]
    rows = (
        (str(number), ",".join(ballot.choices), *[",".join(map(_points_of, ballot.points))][: len(points)])
        for number, ballot in enumerate(ballots, start=1)
    )
    return Table(("voter_id", "vote", *points), tuple(rows))


def _points_of(points: int | Fraction) -> str:
    return str(points) if isinstance(points, int) else f"{float(points):.6f}".rstrip("0").rstrip(".")


def _list_of(words: Iterable[str]) -> str:
    return ",".join(_one_line(each.replace(",", " ")) for each in words)


def _one_line(text: str) -> str:
    return " ".join(text.split())
