"""Where a table begins and ends in a file: lines above it, rows that name its columns, totals and notes below it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tandem.catalogue.domain.cells import is_value, is_year
from tandem.catalogue.domain.records import Record
from tandem.catalogue.domain.types import is_missing

_TOTALS = "summe|gesamt(summe|zahl|ergebnis)?|insgesamt|zusammen|total[ei]?|totale complessivo|complessivo|grand total"
_AGGREGATES = "mittelwert|durchschnitt|somma|media|sum"
_TOTAL = re.compile(rf"(?i)\W*(({_TOTALS})\b.*|({_AGGREGATES})\W*(\d{{4}})?\W*)", re.DOTALL)
_NOTE = re.compile(
    r"(?i)\W*((daten)?quellen?|stand|hinweise?|anmerkung(en)?|erl(ä|ae)uterung(en)?|legende|fonte|note?|avvertenz[ae]|"
    r"aggiornat\w+|source|©)\b.*",
    re.DOTALL,
)
_MOST_HEADER_ROWS, _MOST_FOOTER_ROWS, _TITLES = 5, 20, 20
_ROWS_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table is among the records of a file.

    Attributes:
        first: Which record is the table's first: a row of names, or of data where there are none.
        header_rows: How many rows name the columns; 0 where none does.
    """

    first: int
    header_rows: int


def usual_width(widths: Counter[int]) -> int:
    """Return the number of cells that most rows have; of two equally common ones the larger."""
    usual = max(
        widths.items(), key=lambda item: (item[1] * (item[0] > 1) or item[1] * 0.01, item[0]), default=(1, 0)
    )
    return usual[0]


def layout_of(records: Sequence[Record], columns: int) -> Layout:
    """Return where the table is.

    Args:
        records: The beginning of the file, without blank lines.
        columns: How many cells a row of the table has.
    """
    rows = [record.cells for record in records]
    first = next((number for number, row in enumerate(rows) if _belongs(row, columns)), 0)
    first = _after_titles(rows, first, columns)
    if first and _names_with_a_slip(rows, first, columns):
        first -= 1
    return Layout(first, header_rows(rows[first:]))


def _belongs(row: Sequence[str], columns: int) -> bool:
    return len(row) == columns and (columns == 1 or sum(1 for cell in row if cell.strip()) >= 2)


def _after_titles(rows: Sequence[Sequence[str]], first: int, columns: int) -> int:
    """Step over rows of the table's width with only one or two filled cells: titles padded by a spreadsheet."""
    if columns < 4:
        return first
    for number in range(first, min(len(rows), first + _TITLES)):
        filled = sum(1 for cell in rows[number] if cell.strip())
        if len(rows[number]) == columns and (filled > columns / 2 or _is_group_row(rows, number, columns)):
            return number
    return first


def _is_group_row(rows: Sequence[Sequence[str]], number: int, columns: int) -> bool:
    """Return whether a half-filled row names groups of the columns that the next row names."""
    filled = [cell for cell in rows[number] if cell.strip()]
    if len(filled) < 2 or number + 1 >= len(rows) or any(is_value(cell.strip()) for cell in filled):
        return False
    below = rows[number + 1]
    return (
        len(below) == columns
        and sum(1 for cell in below if cell.strip()) > columns / 2
        and not _has_values(below)
    )


def _names_with_a_slip(rows: Sequence[Sequence[str]], first: int, columns: int) -> bool:
    """Return whether the row above the first whole one names the columns with a delimiter too many or too few."""
    above = [cell.strip() for cell in rows[first - 1]]
    filled = [cell for cell in above if cell]
    near = columns > 3 and abs(len(above) - columns) <= 2
    return (
        near and len(filled) > columns / 2 and len(set(filled)) == len(filled)
        and not _has_values(above) and _has_values(rows[first])
    )  # fmt: skip


def _has_values(row: Sequence[str]) -> bool:
    return any(is_value(cell.strip()) for cell in row)


def header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the first rows name the columns.

    More than one where the following rows have words, too, in every column that holds values further down.
    """
    if not rows or not _is_header(rows):
        return 0
    width = len(rows[0])
    body = [row for row in rows[1 : _ROWS_LOOKED_AT + _MOST_HEADER_ROWS] if len(row) == width]
    valued = [number for number in range(width) if _is_valued(body, number)]
    count = 1
    while (
        len(valued) > 1
        and count < min(len(rows), _MOST_HEADER_ROWS)
        and _also_names(rows[count], valued, rows[0])
    ):
        count += 1
    return count if count < len(rows) else 1


def _is_valued(body: Sequence[Sequence[str]], number: int) -> bool:
    cells = [row[number].strip() for row in body]
    present = [cell for cell in cells if not is_missing(cell)]
    return len(present) > 1 and sum(map(is_value, present)) >= 0.6 * len(present)


def _also_names(row: Sequence[str], valued: Sequence[int], first: Sequence[str]) -> bool:
    if len(row) != len(first):
        return False
    cells = [row[number].strip() for number in valued]
    words = [cell for cell in cells if cell and not is_missing(cell)]
    return (
        len(words) >= max(2, len(valued) / 2)
        and not any(map(is_value, row))
        and len(words) == sum(map(bool, cells))
    )


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names the columns: words over values, or words that never come again."""
    first = [cell.strip() for cell in rows[0]]
    rest = [row for row in rows[1:_ROWS_LOOKED_AT] if len(row) == len(first)]
    if any(is_value(cell) for cell in first):
        others = [cell for cell in first if cell and not is_year(cell)]
        return (
            bool(others)
            and len(others) < len([cell for cell in first if cell])
            and not any(map(is_value, others))
        )
    if not any(first):
        return False
    if not rest or any(any(is_value(row[number].strip()) for row in rest) for number in range(len(first))):
        return True
    again = any(
        cell and any(row[number].strip() == cell for row in rest) for number, cell in enumerate(first)
    )
    return not again and len(set(first)) == len(first)


def joined_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one name per column from the rows that name the columns, as a person reads them.

    A cell left empty beside a filled one in an upper row belongs to the group on its left, as merged cells are saved.

    >>> joined_names([["Jahr", "Einwohner", ""], ["", "männlich", "weiblich"]])
    ['Jahr', 'Einwohner männlich', 'Einwohner weiblich']
    """
    filled = [list(row) for row in rows]
    for upper in filled[:-1]:
        group = ""
        for number, cell in enumerate(upper):
            group = cell or group
            if (
                not cell
                and all(not row[number].strip() for row in filled[:-1])
                and filled[-1][number].strip()
            ):
                upper[number] = group
    return [
        " ".join(part for part in (cell.strip() for cell in parts) if part)
        for parts in zip(*filled, strict=True)
    ]


def fitting_names(cells: Sequence[str], columns: int) -> list[str]:
    """Return as many names as there are columns: empty ones too many are left out, missing ones are empty.

    >>> fitting_names(["Jahr", "", "Zahl"], 2), fitting_names(["Jahr"], 2)
    (['Jahr', 'Zahl'], ['Jahr', ''])
    """
    names = list(cells)
    while len(names) > columns and any(not name.strip() for name in names):
        names.pop(next(number for number in reversed(range(len(names))) if not names[number].strip()))
    return (names + [""] * columns)[:columns]


def footer_rows(rows: Sequence[Sequence[str]], columns: int) -> int:
    """Return how many rows at the end are no data: empty ones, notes, totals."""
    count = 0
    for row in reversed(rows):
        if count >= _MOST_FOOTER_ROWS or not is_footer(row, columns):
            break
        count += 1
    return count


def is_footer(row: Sequence[str], columns: int) -> bool:
    """Return whether a row would be no data if nothing but such rows came after it."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled:
        return columns > 1
    if _TOTAL.fullmatch(filled[0]) and (columns > 1 or len(filled[0]) < 12):
        return True
    is_short = columns > 1 and len(row) < columns
    is_padded = columns > 3 and len(filled) == 1 and len(row) == columns and bool(row[0].strip())
    return (is_short and (len(filled) <= 1 or bool(_NOTE.fullmatch(filled[0])))) or is_padded


def footer_reason(row: Sequence[str]) -> str:
    """Return why a row at the end is no data: ``blank``, ``total`` or ``footer``."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled:
        return "blank"
    return "total" if _TOTAL.fullmatch(filled[0]) else "footer"


def begins_another_table(rows: Sequence[Sequence[str]], columns: int, valued: Sequence[int]) -> bool:
    """Return whether rows after a gap, or of another width, are a table of their own and no rows of this one.

    Args:
        rows: The next few rows, the supposed names first.
        columns: Cells in a row of this table.
        valued: Which of its columns hold values.
    """
    if len(rows) < 3:
        return False
    first = [cell.strip() for cell in rows[0]]
    filled = [cell for cell in first if cell]
    if len(filled) < 2 or len(filled) <= len(first) / 2 or _has_values(first):
        return False
    if len(first) == columns and not any(
        first[number] and not is_missing(first[number]) for number in valued
    ):
        return False
    return all(len(row) == len(first) for row in rows[1:3]) and any(_has_values(row) for row in rows[1:3])
