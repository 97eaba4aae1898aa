"""A text table with slips becomes one without: regular lines pass through as they are, others are read with sense.

Works through files of any size with little memory: runs of regular lines are recognised by one expression.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.dialect import DELIMITERS, Dialect
from tandem.catalogue.domain.fitting import fitted, otherwise_delimited
from tandem.catalogue.domain.layout import begins_another_table, footer_reason, is_footer
from tandem.catalogue.domain.records import Form, Reader, Record
from tandem.catalogue.domain.report import DroppedLine
from tandem.catalogue.domain.types import ColumnType
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

CHUNK, WINDOW, LONGEST_LINE = 8_388_608, 400_000, 10_000_000
MOST_FINDINGS, MOST_BREAKS, MOST_GAPS = 100, 1_000_000, 200
_PEEK = 5


@dataclass(slots=True)
class LineMap:
    """On which line of the file a row of the table stands."""

    rows: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def note(self, row: int, line: int) -> None:
        """Take in that a row, from 0, stands on a line, from 1."""
        if self.rows and len(self.rows) < MOST_BREAKS and line - row == self.lines[-1] - self.rows[-1]:
            return
        if len(self.rows) < MOST_BREAKS:
            self.rows.append(row)
            self.lines.append(line)

    def line_of(self, row: int) -> int:
        """Return the line of a row, from 0; 0 where it is not known."""
        if not self.rows or len(self.rows) >= MOST_BREAKS:
            return 0
        at = max(0, bisect_right(self.rows, row) - 1)
        return self.lines[at] + row - self.rows[at]


@dataclass(slots=True)
class Repaired:
    """What came of reading a file with slips.

    Attributes:
        slips: Rows that were not written as the others; the first hundred are in ``findings``.
    """

    rows: int = 0
    slips: int = 0
    line_map: LineMap = field(default_factory=LineMap)
    dropped: list[DroppedLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Lines:
    """The lines of a file, with a look ahead and in little memory."""

    def __init__(self, opened: BinaryIO) -> None:
        self.opened, self.buffer, self.at, self.line, self.ended = opened, b"", 0, 1, False

    def fill(self) -> bool:
        """Have enough of the file in memory to look ahead; return whether there is any left."""
        while not self.ended and self._is_low():
            chunk = self.opened.read(CHUNK)
            self.ended = not chunk
            self.buffer, self.at = self.buffer[self.at :] + chunk, 0
            if self.ended and self.buffer and not self.buffer.endswith(b"\n"):
                self.buffer += b"\n"
        return self.at < len(self.buffer)

    def _is_low(self) -> bool:
        left = len(self.buffer) - self.at
        return left < WINDOW or (left < LONGEST_LINE and self.buffer.find(b"\n", self.at) < 0)

    def peek(self, most: int) -> list[bytes]:
        """Return the next whole lines, without their ends."""
        if most == 1:
            end = self.buffer.find(b"\n", self.at)
            return [self.buffer[self.at : end if end >= 0 else len(self.buffer)].removesuffix(b"\r")]
        lines = self.buffer[self.at : self.at + WINDOW].split(b"\n", most)
        whole = lines[:-1] if len(lines) > 1 else lines
        return [line.removesuffix(b"\r") for line in whole]

    def skip(self, lines: int) -> None:
        """Step over lines."""
        for _line in range(lines):
            end = self.buffer.find(b"\n", self.at)
            self.at = end + 1 if end >= 0 else len(self.buffer)
            self.line += 1

    def take(self, pattern: re.Pattern[bytes]) -> bytes:
        """Return the run of lines that match, and step over it."""
        match = pattern.match(self.buffer, self.at)
        if match is None:
            return b""
        run = match.group()
        self.at = match.end()
        self.line += run.count(b"\n")
        return run


def run_of_regular(form: Form, columns: int, names: Sequence[str]) -> re.Pattern[bytes]:
    """Return the expression for lines that are records by themselves: neither blank nor the names once more."""
    delimiter, quote, escape = (
        re.escape(each.encode()) for each in (form.delimiter, form.quote, form.escape)
    )
    first = re.escape(form.delimiter[0].encode())
    plain = (
        rb"[^" + first + quote + rb"\r\n]*+"
        if len(form.delimiter) == 1
        else rb"(?:(?!" + delimiter + rb")[^" + quote + rb"\r\n])*+"
    )
    inside = (
        rb"(?:[^"
        + quote
        + escape
        + rb"\r\n]|"
        + escape
        + (quote if form.escape == form.quote else rb"[^\r\n]")
        + rb")*+"
    )
    cell = rb"(?:" + plain + rb"|" + quote + inside + quote + rb")"
    blank = rb"(?!(?:" + first + rb"| |" + quote + rb")*+\r?\n)"
    again = (
        rb"(?!"
        + delimiter.join(quote + rb"?" + re.escape(name.encode()) + quote + rb"?" for name in names)
        + rb"\r?\n)"
    )
    line = cell + rb"(?:" + delimiter + cell + rb"){" + str(columns - 1).encode() + rb"}\r?\n"
    return re.compile(rb"(?:" + blank + (again if any(names) else b"") + line + rb")++")


class Repair:
    """Reads one file with slips and writes it without them."""

    def __init__(self, dialect: Dialect, names: Sequence[str], kinds: Sequence[ColumnType]) -> None:
        self.form, self.columns, self.names, self.kinds = dialect.form, dialect.columns, list(names), kinds
        self.first_line = dialect.preamble_lines + dialect.header_lines * dialect.has_header
        self.reader = Reader(self.form, self.columns)
        self.valued = [number for number, kind in enumerate(kinds) if kind.kind not in {"text", "boolean"}]
        self.pending: list[tuple[Record, list[str]]] = []
        self.found = Repaired()

    def run(self, plain: Path, target: Path, task: Task, shares: tuple[float, float]) -> Repaired:
        """Write the rows of a table, its names left out, each with as many cells as it has columns.

        Raises:
            Cancelled: Somebody asked to stop.
        """
        regular = run_of_regular(self.form, self.columns, self.names)
        size, told = max(1, plain.stat().st_size), -1
        with plain.open("rb") as opened, target.open("wb") as sink:
            lines = _Lines(opened)
            lines.fill()
            lines.skip(self.first_line)
            after_gap, gaps = False, 0
            while lines.fill():
                done = opened.tell() - len(lines.buffer) + lines.at
                if done // 1_000_000 != told:
                    told = done // 1_000_000
                    task.step(
                        shares[0] + (shares[1] - shares[0]) * done / size, say("Reading rows with slips")
                    )
                if not after_gap and self._pass_on(lines, regular, sink):
                    continue
                if self._is_blank(lines.peek(1)[0]):
                    lines.skip(1)
                    gaps += 1
                    after_gap = gaps <= MOST_GAPS
                elif not self._one(lines, sink, after_gap):
                    break
                else:
                    after_gap = False
        self._drop_pending()
        return self.found

    def _pass_on(self, lines: _Lines, regular: re.Pattern[bytes], sink: BinaryIO) -> bool:
        first = lines.line
        run = lines.take(regular)
        if run:
            self._flush(sink)
            self.found.line_map.note(self.found.rows, first)
            sink.write(run.replace(b"\r\n", b"\n") if b"\r" in run else run)
            self.found.rows += lines.line - first
        return bool(run)

    def _is_blank(self, line: bytes) -> bool:
        return not line.strip(self.form.delimiter.encode() + self.form.quote.encode() + b" \t")

    def _one(self, lines: _Lines, sink: BinaryIO, after_gap: bool) -> bool:
        """Read one record; return whether the table goes on."""
        text = self._texts(lines.peek(1))
        needs_more = after_gap or self.form.is_open(text[0])
        window = self._texts(lines.peek(self.reader.lookahead)) if needs_more else text
        record = self.reader.record(window or text, 0, lines.line)
        if self._is_names(record.cells):
            self._drop(record, "header")
        elif (after_gap or len(record.cells) != self.columns) and self._is_other_table(lines):
            self._drop(record, "other-table")
            self._tell_other_table(record)
            return False
        elif len(text[0]) >= LONGEST_LINE:
            self._drop(record, "too-long")
        elif is_footer(record.cells, self.columns):
            self.pending.append((record, self._texts(lines.peek(1))))
        else:
            self._flush(sink)
            self._keep(record, "\n".join(window[: record.lines]), sink)
        lines.skip(record.lines)
        return True

    def _texts(self, lines: Sequence[bytes]) -> list[str]:
        return [line.decode("utf-8", errors="replace") for line in lines]

    def _is_names(self, cells: Sequence[str]) -> bool:
        return any(self.names) and [cell.strip() for cell in cells] == [name.strip() for name in self.names]

    def _is_other_table(self, lines: _Lines) -> bool:
        window = self._texts(lines.peek(_PEEK * 4))
        rows = [each.cells for each in Reader(self.form).records(window, most=_PEEK)]
        if rows and sum(1 for cell in rows[0] if cell.strip()) <= 1:
            rows = rows[1:]
        return begins_another_table(rows, self.columns, self.valued)

    def _keep(self, record: Record, text: str, sink: BinaryIO) -> None:
        cells = record.cells
        if len(cells) != self.columns:
            cells = fitted(cells, self.kinds, self.form.delimiter)
            cells = otherwise_delimited(text, cells, self.kinds, tuple(DELIMITERS)) or cells
        if record.is_odd or len(record.cells) != self.columns:
            self._tell_slip(record, text, cells)
        self.found.line_map.note(self.found.rows, record.line)
        self.found.rows += 1
        sink.write(self.form.delimiter.join(map(self.form.written, cells)).encode() + b"\n")

    def _flush(self, sink: BinaryIO) -> None:
        """Keep what looked like a footer and has rows after it."""
        pending, self.pending = self.pending, []
        for record, text in pending:
            self._keep(record, text[0], sink)

    def _drop_pending(self) -> None:
        for record, _text in self.pending:
            self._drop(record, footer_reason(record.cells))

    def _drop(self, record: Record, reason: str) -> None:
        content = "; ".join(cell for cell in record.cells if cell)[:300]
        self.found.dropped.append(DroppedLine(record.line, content, reason))

    def _tell_slip(self, record: Record, text: str, cells: Sequence[str]) -> None:
        self.found.slips += 1
        if self.found.slips > MOST_FINDINGS:
            return
        self.found.findings.append(
            Finding(
                Severity.WARNING,
                "catalogue.table.row-with-a-slip",
                f"line {record.line}",
                say(
                    "Quotes or delimiters are not as in the other rows: {content} It was read as: {cells}",
                    content=text[:200],
                    cells=" | ".join(cells)[:200],
                ),
            )
        )

    def _tell_other_table(self, record: Record) -> None:
        self.found.findings.append(
            Finding(
                Severity.WARNING,
                "catalogue.table.other-table",
                f"line {record.line}",
                say(
                    "Another table begins here: {content} Only the first one was read. Save each table in a file of "
                    "its own.",
                    content=" | ".join(record.cells)[:200],
                ),
            )
        )
