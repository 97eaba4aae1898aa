"""Records of a text table: split as written where the rules of quoting are kept, else read with sense.

A *regular* line is one record by itself: each quoted cell is opened and closed on it. Everything else (a cell over
several lines, a quote that nobody closes, quotes inside a quoted cell, a delimiter too many) is read in the way that
breaks the fewest rules and gives as many cells as the table has columns.
"""

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

MOST_LINES, MOST_CHARACTERS, _MOST_STEPS = 400, 200_000, 3_000
_LITERAL, _BOTH_ENDS, _STRAY, _AGAIN, _PASSED = 1.0, 0.5, 1.0, 0.05, 1.0
_LINE, _SWALLOWED, _OTHER_WIDTH = 0.05, 2.0, 3.0
_MOST_TRIES = 3


@dataclass(frozen=True)
class Form:
    """How cells are parted and quoted.

    Attributes:
        delimiter: One character, or one and a blank.
        quote: Empty where cells are never quoted.
        escape: What stands before a quote inside a quoted cell; the quote itself where it is doubled.
    """

    delimiter: str
    quote: str = '"'
    escape: str = '"'

    @cached_property
    def _quoted(self) -> re.Pattern[str]:
        """A quoted cell with what ends it."""
        q, e, d = re.escape(self.quote), re.escape(self.escape), re.escape(self.delimiter)
        inside = rf"[^{q}]*+(?:{q}{q}[^{q}]*+)*+" if self.escape == self.quote else rf"(?:[^{q}{e}]|{e}.)*+"
        return re.compile(rf"{q}({inside}){q}(?:{d}|\Z)", re.DOTALL)

    @cached_property
    def _closing(self) -> re.Pattern[str]:
        """A quote that can end a cell."""
        return re.compile(rf"{re.escape(self.quote)}[ \t]*(?={re.escape(self.delimiter)}|\Z)")

    def cells(self, text: str) -> list[str] | None:
        """Return the cells of a record that keeps the rules; None where it does not."""
        if not self.quote or self.quote not in text:
            return text.split(self.delimiter)
        cells, position, end = [], 0, len(text)
        while True:
            if text.startswith(self.quote, position):
                match = self._quoted.match(text, position)
                if match is None:
                    return None
                cells.append(self.plain(match[1]))
                if match.end() == end and not text.endswith(self.delimiter, match.end(1) + 1):
                    return cells
                position = match.end()
                continue
            stop = text.find(self.delimiter, position)
            if stop < 0:
                return [*cells, text[position:]]
            cells.append(text[position:stop])
            position = stop + len(self.delimiter)

    def is_open(self, text: str) -> bool:
        """Return whether the last cell of a text is quoted and not closed."""
        position, step = 0, len(self.delimiter)
        while self.quote and position <= len(text):
            if text.startswith(self.quote, position):
                match = self._quoted.match(text, position)
                if match is None:
                    return True
                position = match.end()
                if position == len(text):
                    return False
                continue
            stop = text.find(self.delimiter, position)
            if stop < 0:
                return False
            position = stop + step
        return False

    def ends_a_cell(self, line: str) -> bool:
        """Return whether a quote stands where it can end a cell."""
        return self._closing.search(line) is not None

    def plain(self, content: str) -> str:
        """Return what a quoted cell's content means."""
        if self.escape and self.escape != self.quote:
            return re.sub(
                rf"{re.escape(self.escape)}([{re.escape(self.quote + self.escape)}])", r"\1", content
            )
        return content.replace(self.quote * 2, self.quote) if self.escape else content

    def written(self, cell: str) -> str:
        """Return a cell as this form writes it, so that ``cells`` gives it back."""
        if not self.quote or not (
            self.delimiter in cell or "\n" in cell or "\r" in cell or cell.startswith(self.quote)
        ):
            return cell
        mark = self.escape or self.quote
        escaped = cell if mark == self.quote else cell.replace(mark, mark * 2)
        return self.quote + escaped.replace(self.quote, mark + self.quote) + self.quote

    # --- where the rules are not kept ---------------------------------------------------------
    def likely(self, text: str, columns: int) -> tuple[float, list[str]]:
        """Return the reading of a record that breaks the fewest rules, and its cost: 0 where it breaks none.

        Args:
            text: The record without its line end.
            columns: How many cells it should have.
        """
        if not self.quote or self.quote not in text or len(text) > MOST_CHARACTERS:
            cells = text.split(self.delimiter)
            return _OTHER_WIDTH * (len(cells) != columns), cells
        return self._search(text, columns)

    def _search(self, text: str, columns: int) -> tuple[float, list[str]]:
        closings = [match.start() for match in self._closing.finditer(text)]
        ends = {match.start(): match.end() for match in self._closing.finditer(text)}
        heap: list[tuple[float, int, int, _Chain | None]] = [(0.0, 0, 0, None)]
        seen: set[tuple[int, int]] = set()
        for _step in range(_MOST_STEPS):
            if not heap:
                break
            cost, position, count, chain = heapq.heappop(heap)
            if position < 0:
                return cost, _unrolled(chain)
            if (position, count) in seen:
                continue
            seen.add((position, count))
            for more, after, cell in self._next(text, position, closings, ends):
                last = after > len(text)
                width = _OTHER_WIDTH if last and count + 1 != columns else 0.0
                heapq.heappush(
                    heap,
                    (cost + more + width, -count - 1 if last else after, count + 1, _Chain(cell, chain)),
                )
        return _OTHER_WIDTH + _LITERAL, text.split(self.delimiter)

    def _next(
        self, text: str, position: int, closings: Sequence[int], ends: dict[int, int]
    ) -> list[tuple[float, int, str]]:
        """Return the ways to read the cell at a position: cost, where the next one begins, what it says."""
        step = len(self.delimiter)
        stop = text.find(self.delimiter, position)
        stop = len(text) if stop < 0 else stop
        start = position
        while start < stop and text[start] in " \t":
            start += 1
        opens = text.startswith(self.quote, start)
        after = stop + step if stop < len(text) else len(text) + 1
        literal = text[position:stop]
        if not opens:
            return [(0.0, after, literal)]
        ways = []
        if "\n" not in literal:
            ways.append((_LITERAL + _BOTH_ENDS * literal.rstrip().endswith(self.quote), after, literal))
        passed = 0
        for closing in closings:
            if closing <= start:
                continue
            content = text[start + 1 : closing]
            if self.escape not in ("", self.quote) and _ends_escaped(content, self.escape):
                continue
            plain, strays = self._content(content)
            if not strays and not passed:
                ways.append((0.0, _after(ends[closing], text, step), plain))
            else:
                ways.append(
                    (
                        _STRAY + _AGAIN * min(strays, 5) + _PASSED * passed,
                        _after(ends[closing], text, step),
                        plain,
                    )
                )
            doubled = len(content) - len(content.rstrip(self.quote))
            passed += self.escape != self.quote or doubled % 2 == 0
            if passed > 3:
                break
        return ways

    def _content(self, content: str) -> tuple[str, int]:
        """Return what a quoted content means, and how many quotes stand in it unescaped."""
        if self.escape not in ("", self.quote):
            bare = re.sub(rf"{re.escape(self.escape)}.", "", content, flags=re.DOTALL)
            return self.plain(content), bare.count(self.quote)
        runs = re.findall(rf"{re.escape(self.quote)}+", content)
        if not self.escape:
            return content, 0
        strays = sum(len(run) % 2 for run in runs)
        return self.plain(content), strays


def _after(end: int, text: str, step: int) -> int:
    return end + step if end < len(text) else len(text) + 1


def _ends_escaped(content: str, escape: str) -> bool:
    return (len(content) - len(content.rstrip(escape))) % 2 == 1


@dataclass(frozen=True, slots=True, order=False)
class _Chain:
    cell: str
    before: "_Chain | None"

    def __lt__(self, other: object) -> bool:
        return False


def _unrolled(chain: _Chain | None) -> list[str]:
    cells = []
    while chain is not None:
        cells.append(chain.cell)
        chain = chain.before
    return cells[::-1]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read.

    Attributes:
        line: Its first line in the text, from 1.
        lines: How many lines it spans.
        cost: 0 where it keeps the rules.
    """

    cells: list[str]
    line: int
    lines: int = 1
    cost: float = 0.0

    @property
    def is_odd(self) -> bool:
        """Whether it breaks a rule, and does not merely go on over several lines."""
        return self.cost >= _LITERAL


@dataclass(slots=True)
class Reader:
    """Reads lines as records of a table of so many columns.

    Attributes:
        columns: 0 where it is not known: then only the rules decide.
    """

    form: Form
    columns: int = 0
    lookahead: int = field(default=MOST_LINES)

    def record(self, lines: Sequence[str], at: int, first_line: int = 1) -> Record:
        """Return the record that begins at a line."""
        text = lines[at]
        cells = self.form.cells(text)
        if cells is not None and self.columns in (0, len(cells)):
            return Record(cells, first_line + at)
        best = Record(cells, first_line + at) if cells is not None else None
        cost, likely = (
            self.form.likely(text, self.columns)
            if self.columns
            else (_LITERAL, text.split(self.form.delimiter))
        )
        if best is None or len(likely) == self.columns:
            best = Record(likely, first_line + at, 1, cost)
        if cells is None or self.form.quote in text:
            longer = self._over_lines(lines, at, first_line, best.cost or _OTHER_WIDTH)
            best = longer or best
        return best

    def _over_lines(self, lines: Sequence[str], at: int, first_line: int, cost: float) -> Record | None:
        """Return the record read over several lines, where that costs less than what one line gave."""
        form, best, swallowed, size = self.form, None, 0.0, len(lines[at])
        if not form.quote or not form.is_open(lines[at]):
            return None
        text, tries = lines[at], 0
        for number in range(1, min(self.lookahead, len(lines) - at)):
            line = lines[at + number]
            size += len(line)
            swallowed += _LINE + _SWALLOWED * self._is_a_row(line)
            if swallowed >= cost or size > MOST_CHARACTERS:
                break
            text += "\n" + line
            if form.quote not in line:
                continue
            cells = form.cells(text)
            if cells is not None and self.columns in (0, len(cells)):
                return Record(cells, first_line + at, number + 1, swallowed)
            if self.columns and tries < _MOST_TRIES and form.ends_a_cell(line):
                tries += 1
                other, likely = form.likely(text, self.columns)
                if other + swallowed < cost and len(likely) == self.columns:
                    best, cost = (
                        Record(likely, first_line + at, number + 1, other + swallowed),
                        other + swallowed,
                    )
        return best

    def _is_a_row(self, line: str) -> bool:
        """Return whether a line is a row of the table by itself; one that closes a quote from before is none."""
        if self.columns <= 1 or line.count(self.form.quote) % 2:
            return False
        cells = self.form.cells(line)
        return cells is not None and len(cells) == self.columns

    def records(self, lines: Sequence[str], *, most: int = 0, first_line: int = 1) -> list[Record]:
        """Return the records of lines, blank ones left out; at most so many where ``most`` is not 0."""
        found: list[Record] = []
        at = 0
        while at < len(lines) and not (most and len(found) >= most):
            if not lines[at].strip():
                at += 1
                continue
            record = self.record(lines, at, first_line)
            found.append(record)
            at += record.lines
        return found
