"""Workbooks (XLSX, XLSB, XLS, ODS): their sheets, and a sheet's rows as texts with the kinds of its columns."""

import csv
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from tandem.catalogue.adapters.apart import Failed
from tandem.catalogue.domain.sheet import (
    HEAD_ROWS,
    TAIL_ROWS,
    Frame,
    Merged,
    cell_kind,
    cell_text,
    column_kind,
    frame,
)
from tandem.core.text import say

MOST_PARTS = 1_000
MOST_COLUMNS = 2_000
_WORKSHEET, _VISIBLE = "WorkSheet", "Visible"


def _open(path: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise Failed(say("it is protected by a password. Save it without one.")) from error
    except (CalamineError, OSError, ValueError) as error:
        raise Failed(say("the workbook is damaged ({problem}).", problem=str(error)[:200])) from error


def sheets(*, path: str, tell: Callable[[float], None]) -> dict[str, Any]:
    """Return the sheets of a workbook: name, and why one is not offered first."""
    found = []
    for each in _open(path).sheets_metadata[:MOST_PARTS]:
        kind, shown = str(each.typ).rpartition(".")[2], str(each.visible).rpartition(".")[2]
        note = "chart" if kind != _WORKSHEET else "" if shown == _VISIBLE else "hidden"
        found.append({"name": each.name, "note": note})
    tell(1.0)
    return {"parts": found}


def sheet(*, path: str, name: str, out: str, tell: Callable[[float], None]) -> dict[str, Any]:
    """Write the rows of a sheet as CSV: the row's number in the sheet, then each cell as text.

    Returns:
        ``rows``, ``columns`` (name and kind of each), ``above`` and ``below`` (what is no data).
    """
    try:
        opened = _open(path).get_sheet_by_name(name)
        return _write(opened, Path(out), tell)
    except CalamineError as error:
        raise Failed(say("the sheet is damaged ({problem}).", problem=str(error)[:200])) from error


def _write(opened: CalamineSheet, out: Path, tell: Callable[[float], None]) -> dict[str, Any]:
    merged = [Merged(*first, *last) for first, last in opened.merged_cell_ranges or ()]
    height = (opened.end[0] + 1) if opened.end else 0
    width = (opened.end[1] + 1) if opened.end else 0
    left = opened.start[1] if opened.start else 0
    if width - left > MOST_COLUMNS:
        raise Failed(
            say(
                "the sheet has {columns} columns; at most {most} can be read.",
                columns=width,
                most=MOST_COLUMNS,
            )
        )
    shifted = [Merged(m.top, m.left - left, m.bottom, m.right - left) for m in merged]
    head = list(islice(_rows(opened, left), HEAD_ROWS))
    tail = list(deque(_rows(opened, left), TAIL_ROWS)) if height > HEAD_ROWS else head[-TAIL_ROWS:]
    found = frame(head, tail, shifted)
    if height <= HEAD_ROWS + TAIL_ROWS:
        found = _not_beyond(found, height)
    return _data(opened, left, height, found, shifted, out, tell)


def _not_beyond(found: Frame, height: int) -> Frame:
    """Let what lies below the table not reach above its first row."""
    return Frame(found.first_row, found.names, found.above, found.below[: max(0, height - found.first_row)])


def _rows(opened: CalamineSheet, left: int) -> Iterator[list[Any]]:
    for row in opened.iter_rows():
        yield row[left:]


class _FilledDown:
    """Gives each row the value of the cells that are merged downwards over it."""

    def __init__(self, merged: Sequence[Merged], first_row: int) -> None:
        self._begins: dict[int, list[Merged]] = {}
        for each in merged:
            if each.bottom > each.top >= first_row and each.left == each.right:
                self._begins.setdefault(each.top, []).append(each)
        self._standing: dict[int, tuple[Any, int]] = {}
        self.columns: set[int] = set()

    def fill(self, number: int, row: list[Any]) -> None:
        """Fill what is merged over a row."""
        for each in self._begins.get(number, ()):
            if each.left < len(row) and cell_text(row[each.left]):
                self._standing[each.left] = row[each.left], each.bottom
                self.columns.add(each.left)
        for place, (value, bottom) in list(self._standing.items()):
            if number > bottom:
                del self._standing[place]
            else:
                row[place] = value


def _data(
    opened: CalamineSheet,
    left: int,
    height: int,
    found: Frame,
    merged: Sequence[Merged],
    out: Path,
    tell: Callable[[float], None],
) -> dict[str, Any]:
    last = height - len(found.below)
    counts = [Counter[str]() for _name in found.names]
    filled_down = _FilledDown(merged, found.first_row)
    written, blank, longest = 0, 0, 0
    dropped: list[tuple[int, str]] = []
    with out.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, row in enumerate(_rows(opened, left)):
            if number < found.first_row:
                continue
            if number >= last:
                dropped.append((number, "; ".join(filter(None, map(cell_text, row)))[:300]))
                continue
            filled_down.fill(number, row)
            texts = [cell_text(cell) for cell in row]
            if not any(texts):
                blank += 1
                continue
            for count, cell in zip(counts, row, strict=False):
                count[cell_kind(cell)] += 1
            writer.writerow([number + 1, *texts])
            longest = max(longest, sum(map(len, texts)))
            written += 1
            if not number % 5_000:
                tell(number / max(1, height))
    return {
        "rows": written,
        "blank": blank,
        "longest": longest,
        "columns": [
            {"name": name, "kind": column_kind(count)}
            for name, count in zip(found.names, counts, strict=True)
        ],
        "above": [[number + 1, line, reason] for number, line, reason in found.above],
        "below": [
            [number + 1, line, reason]
            for (number, line), reason in zip(dropped, reversed(found.below), strict=True)
        ],
        "filled_down": [
            found.names[place] for place in sorted(filled_down.columns) if place < len(found.names)
        ],
    }
