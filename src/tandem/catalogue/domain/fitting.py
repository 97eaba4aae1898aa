"""Rows that are too long or too short for their table: where the slip most likely is, judged by the columns' types."""

from collections.abc import Sequence
from itertools import accumulate

from tandem.catalogue.domain.cells import is_value
from tandem.catalogue.domain.records import Form
from tandem.catalogue.domain.types import ColumnType, fits

_MOST_SLIPS = 5


def fitness(cells: Sequence[str], kinds: Sequence[ColumnType]) -> float:
    """Return how well cells fit columns: 1 for each that is of its column's type, -1 for each that is not."""
    return sum(map(_fitness, cells, kinds))


def _fitness(cell: str, kind: ColumnType) -> float:
    text = cell.strip()
    if not text:
        return 0.0
    if kind.kind == "text":
        return -0.1 if is_value(text) else 0.1
    return 1.0 if fits(text, kind) else -1.0


def fitted(cells: Sequence[str], kinds: Sequence[ColumnType], delimiter: str) -> list[str]:
    """Return a row with as many cells as the table has columns; nothing but empty cells is lost.

    A surplus delimiter is taken for a part of a cell, a surplus empty cell is left out, a missing one is put in:
    where the row then fits the columns best; of equally good places the last.

    >>> fitted(["a", "", "1"], [ColumnType("text"), ColumnType("integer", "plain")], ",")
    ['a', '1']
    """
    row = list(cells)
    if abs(len(row) - len(kinds)) > _MOST_SLIPS:
        return _cut(row, len(kinds), delimiter)
    while len(row) > len(kinds):
        row = _shorter(row, kinds, delimiter)
    while len(row) < len(kinds):
        row = _longer(row, kinds)
    return row


def _cut(row: list[str], width: int, delimiter: str) -> list[str]:
    while len(row) > width and not row[-1].strip():
        row.pop()
    if len(row) > width:
        row[width - 1 :] = [delimiter.join(row[width - 1 :])]
    return row + [""] * (width - len(row))


def _shorter(row: Sequence[str], kinds: Sequence[ColumnType], delimiter: str) -> list[str]:
    before = [0.0, *accumulate(map(_fitness, row, kinds))]
    behind = list(
        accumulate((_fitness(c, k) for c, k in zip(row[::-1], kinds[::-1], strict=False)), initial=0.0)
    )[::-1]
    offset = len(behind) - 1 - len(kinds)
    best, found = float("-inf"), list(row[:-1])
    for number in range(min(len(kinds), len(row) - 1)):
        pair = row[number], row[number + 1]
        is_empty = not pair[0].strip() or not pair[1].strip()
        joined = (pair[0] if pair[0].strip() else pair[1]) if is_empty else delimiter.join(pair)
        value = (
            before[number] + _fitness(joined, kinds[number]) + behind[number + 1 + offset] + 0.5 * is_empty
        )
        if value >= best:
            best, found = value, [*row[:number], joined, *row[number + 2 :]]
    return found


def _longer(row: Sequence[str], kinds: Sequence[ColumnType]) -> list[str]:
    best, found = float("-inf"), [*row, ""]
    for number in range(len(row) + 1):
        tried = [*row[:number], "", *row[number:]]
        value = fitness(tried, kinds)
        if value >= best:
            best, found = value, tried
    return found


def otherwise_delimited(
    text: str, own: Sequence[str], kinds: Sequence[ColumnType], delimiters: Sequence[str]
) -> list[str] | None:
    """Return the cells of a row that came from a file with another delimiter; None where it did not."""
    best = fitness(own, kinds)
    for delimiter in delimiters:
        if delimiter in text:
            cells = Form(delimiter).cells(text)
            if cells is not None and len(cells) == len(kinds) and fitness(cells, kinds) > max(best, 1.0):
                return cells
    return None
