"""Rows as an XLSX workbook of one sheet."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

MOST_ROWS = 250_000
_LONGEST_CELL = 32_767  # the format's limit
_CHUNK_BYTES = 262_144
_LARGEST_EXACT = 2**53


def workbook(batches: Iterable[Sequence[Sequence[Any]]], names: Sequence[str]) -> Iterator[bytes]:
    """Yield a workbook: a row of bold heads that stays in sight, then the rows, with types.

    Texts stay texts, also those that begin like a formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, name) for name in names])
    for batch in batches:
        for row in batch:
            sheet.append([_cell(sheet, value) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _head(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, value=None)
    cell.value, cell.data_type, cell.font = _text(name), "s", Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        text = _text(value)
        if not text.startswith(("=", "#")):
            return text
        cell = WriteOnlyCell(sheet, value=None)
        cell.value, cell.data_type = text, "s"
        return cell
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, int) and abs(value) > _LARGEST_EXACT:
        return str(value)
    return value


def _text(value: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", value))[:_LONGEST_CELL]
