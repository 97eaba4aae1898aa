"""Where the table lies in a sheet: titles above, the header (one or two rows), notes and totals below."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from tandem.catalogue.domain.layout import footer_reason
from tandem.catalogue.domain.types import is_missing

HEAD_ROWS, TAIL_ROWS = 200, 30
_HEADER_SHARE = 0.6
_YEARS = range(1800, 2201)
_LEAST_WIDTH_FOR_NOTES = 3


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one: first and last row and column, from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the table lies.

    Attributes:
        first_row: First row of data, from 0.
        names: Header of each column; empty texts where there is none.
        above: Rows above the table with what stands there and why it is left out.
        below: Likewise at the end: how many rows, counted from the last.
    """

    first_row: int
    names: list[str]
    above: list[tuple[int, str, str]] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


def cell_text(cell: Any) -> str:
    """Return a cell as a person would write it: whole numbers without a point, dates in ISO form.

    >>> cell_text(3.0), cell_text(0.5), cell_text(True)
    ('3', '0.5', 'true')
    """
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, timedelta):
        return _duration(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell).strip()


def _duration(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def frame(head: Sequence[Sequence[Any]], tail: Sequence[Sequence[Any]], merged: Sequence[Merged]) -> Frame:
    """Return where the table lies.

    Args:
        head: The first rows (at most ``HEAD_ROWS``).
        tail: The last rows (at most ``TAIL_ROWS``); the same rows where there are few.
        merged: Cells that are one.
    """
    counts = [sum(1 for cell in row if cell_text(cell)) for row in head]
    usual = _usual(counts)
    start = next(
        (n for n, count in enumerate(counts) if count >= max(1, math.ceil(_HEADER_SHARE * usual))), 0
    )
    if start and _names_groups(start - 1, merged):
        start -= 1
    above = [(n, *_left_out(head[n])) for n in range(start)]
    width = max((len(row) for row in head), default=0)
    if start >= len(head) or not _is_header(head, start):
        return Frame(start, [""] * width, above, _below(tail, usual))
    if _has_second(head, start, merged):
        return Frame(start + 2, _joined(head, start, merged, width), above, _below(tail, usual))
    names = [cell_text(cell) for cell in head[start]] + [""] * (width - len(head[start]))
    return Frame(start + 1, names, above, _below(tail, usual))


def _usual(counts: Sequence[int]) -> int:
    """Return how many cells a row of the table has: the commonest number, the larger of two alike."""
    several = Counter(count for count in counts if count > 1) or Counter(count for count in counts if count)
    return max(several, key=lambda count: (several[count], count), default=0)


def _left_out(row: Sequence[Any]) -> tuple[str, str]:
    filled = [cell_text(cell) for cell in row if cell_text(cell)]
    return "; ".join(filled)[:300], "preamble" if filled else "blank"


def _is_header(rows: Sequence[Sequence[Any]], start: int) -> bool:
    """Return whether a row names the columns: texts (or years) that differ, over cells of another kind."""
    present = [(number, cell) for number, cell in enumerate(rows[start]) if cell_text(cell)]
    texts = [isinstance(cell, str) for _number, cell in present]
    if not all(texts) and not _are_years([cell for _n, cell in present if not isinstance(cell, str)]):
        return False
    written = [cell_text(cell) for _number, cell in present]
    if any(is_missing(each) for each in written):
        return False
    following = rows[start + 1 : start + 50]
    below = [[row[n] for row in following if n < len(row) and cell_text(row[n])] for n, _cell in present]
    if any(isinstance(cell, float | date | time | bool) for column in below for cell in column):
        return True
    again = sum(
        1 for column, each in zip(below, written, strict=True) if each in {cell_text(c) for c in column}
    )
    return len(set(written)) == len(written) and again == 0


def _are_years(cells: Sequence[Any]) -> bool:
    years = [cell for cell in cells if isinstance(cell, float) and cell.is_integer() and int(cell) in _YEARS]
    return bool(cells) and len(years) == len(cells) and (years == sorted(set(years)) or len(years) == 1)


def _names_groups(number: int, merged: Sequence[Merged]) -> bool:
    """Return whether a row that is too empty for a header names groups of columns, the first one left out."""
    return any(each.top == each.bottom == number and each.right > each.left > 0 for each in merged)


def _has_second(rows: Sequence[Sequence[Any]], start: int, merged: Sequence[Merged]) -> bool:
    """Return whether the header has two rows: groups of columns above, the columns' own names below."""
    groups = [
        each for each in merged if each.top == start and each.right > each.left and each.bottom == start
    ]
    if not groups or start + 2 >= len(rows):
        return False
    covered = {n for each in groups for n in range(each.left, each.right + 1)}
    second = rows[start + 1]
    return all(n < len(second) and isinstance(second[n], str) and second[n].strip() for n in covered)


def _joined(rows: Sequence[Sequence[Any]], start: int, merged: Sequence[Merged], width: int) -> list[str]:
    first = [cell_text(cell) for cell in rows[start]] + [""] * width
    for each in merged:
        if each.top == start:
            for number in range(each.left, min(each.right + 1, width)):
                first[number] = first[each.left]
    second = [cell_text(cell) for cell in rows[start + 1]] + [""] * width
    pairs = zip(first[:width], second[:width], strict=True)
    return [f"{group} – {own}" if group and own and group != own else group or own for group, own in pairs]


def _below(tail: Sequence[Sequence[Any]], usual: int) -> list[str]:
    """Return why each of the last rows is no data, from the last upwards, up to the first that is."""
    found: list[str] = []
    for row in reversed(tail):
        filled = [cell_text(cell) for cell in row if cell_text(cell)]
        reason = footer_reason(filled)
        note = len(filled) == 1 and usual >= _LEAST_WIDTH_FOR_NOTES and isinstance(_first(row), str)
        if filled and reason != "total" and not note:
            return found
        found.append(reason)
    return found


def _first(row: Sequence[Any]) -> Any:
    return next((cell for cell in row if cell_text(cell)), None)


# --- what a column holds ------------------------------------------------------------------------
def cell_kind(cell: Any) -> str:
    """Return the kind of a cell: ``""`` for an empty one or a mark for a missing value."""
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, float | int):
        return "integer" if float(cell).is_integer() and abs(cell) < 1e15 else "decimal"
    if isinstance(cell, datetime):
        return "datetime"
    if isinstance(cell, date):
        return "date"
    if isinstance(cell, time):
        return "time"
    return "" if cell is None or is_missing(str(cell)) else "text"


def column_kind(counts: Mapping[str, int], *, least_share: float = 0.9) -> str:
    """Return the kind of a column from the kinds of its cells; ``""`` where only texts stand in it.

    >>> column_kind({"integer": 9, "text": 1}), column_kind({"text": 3}), column_kind({"date": 1, "text": 1})
    ('integer', '', 'text')
    """
    total = sum(count for kind, count in counts.items() if kind)
    if not total or counts.get("text", 0) == total:
        return ""
    need = least_share * total
    whole, broken = counts.get("integer", 0), counts.get("decimal", 0)
    if whole + broken >= need:
        return "decimal" if broken else "integer"
    days, moments = counts.get("date", 0), counts.get("datetime", 0)
    if days + moments >= need:
        return "datetime" if moments else "date"
    return next((kind for kind in ("boolean", "time") if counts.get(kind, 0) >= need), "text")
