"""Lists of rows out to XLSX, CSV and JSON; rows in from XLSX and CSV, for ``domain/paper``."""

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from tandem.core.errors import InvalidInput
from tandem.core.text import say

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS_IN = 20_000
MOST_BYTES_IN = 20_000_000
MOST_UNPACKED_BYTES = 200_000_000
LONGEST_CELL = 32_767  # characters, of a cell in Excel
_CHUNK_BYTES = 65_536
_CUT = " […]"
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Rows = Iterable[Sequence[Any]]


class UnreadableSheet(InvalidInput):
    """A file is no table that can be read."""

    code = "participation.sheet.unreadable"


def export(wanted: str, columns: Sequence[str], rows: Rows, *, title: str = "Tandem") -> Iterator[bytes]:
    """Yield a list of rows as a file, piece by piece.

    Args:
        wanted: ``csv``, ``json`` or ``xlsx``.
        columns: Heads of the columns; in JSON, the members' names.
        rows: As many values as there are columns: texts, numbers, dates, times, booleans, None.
        title: Of the sheet in XLSX.
    """
    if wanted == "xlsx":
        return _xlsx(columns, rows, title)
    return _csv(columns, rows) if wanted == "csv" else _json(columns, rows)


def _csv(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """Yield CSV as in RFC 4180, with the mark by which Excel knows UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_csv_cell(each) for each in columns])
    for row in rows:
        writer.writerow([_csv_cell(each) for each in row])
        if buffer.tell() > _CHUNK_BYTES:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return content


def _csv_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: a text that would be a formula begins with an apostrophe.

    Source: OWASP, CSV Injection.
    """
    plain = _plain(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, str) and plain.lstrip(" ").startswith(_STARTS_FORMULA):
        return f"'{plain}"
    return plain


def _plain(value: Any) -> Any:
    """Return a value as JSON and CSV have it; dates in ISO form, fractions as decimal numbers."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return float(value) if isinstance(value, (Fraction, Decimal)) else value


def _json(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    parts, size, between = [b"["], 0, b"\n"
    for row in rows:
        members = dict(zip(columns, map(_plain, row), strict=True))
        parts.append(
            between + json.dumps(members, ensure_ascii=False, default=str).encode("utf-8", "replace")
        )
        between, size = b",\n", size + len(parts[-1])
        if size > _CHUNK_BYTES:
            yield b"".join(parts)
            parts, size = [], 0
    yield b"".join([*parts, b"\n]\n"])


def _xlsx(columns: Sequence[str], rows: Rows, title: str) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Tandem")
    sheet.freeze_panes = "A2"
    heads = [_xlsx_cell(sheet, each) for each in columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_xlsx_cell(sheet, each) for each in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    """Return a cell; a text is marked as a text, whatever it begins with."""
    if isinstance(value, (datetime, time)) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)  # Excel knows no zones; callers pass the city's time
    elif isinstance(value, Fraction):
        value = float(value)
    elif value is not None and not isinstance(value, (bool, int, float, Decimal, date, time)):
        value = _NOT_IN_XML.sub("\ufffd", str(value))
        if len(value) > LONGEST_CELL:
            value = value[: LONGEST_CELL - len(_CUT)] + _CUT
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet that was read.

    Attributes:
        line: Of the sheet, from 1, as people see it; of CSV, the line where the row begins.
        cells: By head, without the white space around; empty cells are left out.
    """

    line: int
    cells: Mapping[str, str | int | float | date | datetime]


def read_sheet(content: bytes) -> Iterator[SheetRow]:
    """Yield the rows of an XLSX or CSV file, by their heads; empty rows are left out.

    Args:
        content: Of XLSX, the first sheet is read and formulas give their stored results. CSV may be UTF-8 or
            Windows-1252, with semicolons, commas or tabs.

    Raises:
        UnreadableSheet: It is neither, has no heads, or is too large.
    """
    if len(content) > MOST_BYTES_IN:
        raise UnreadableSheet(say("A table may have {most} MB at the most.", most=MOST_BYTES_IN // 1_000_000))
    lines = _xlsx_lines(content) if content.startswith(b"PK\x03\x04") else _csv_lines(content)
    heads: list[str] = []
    for count, (line, cells) in enumerate(lines):
        if count > MOST_ROWS_IN:
            raise UnreadableSheet(say("A table may have {most} rows at the most.", most=MOST_ROWS_IN))
        if not any(_filled(each) for each in cells):
            continue
        if not heads:
            heads = [str(each or "").strip() for each in cells]
            continue
        named = {
            head: _trimmed(each) for head, each in zip(heads, cells, strict=False) if head and _filled(each)
        }
        if named:
            yield SheetRow(line, named)
    if not heads:
        raise UnreadableSheet(say("This table is empty. Its first row has to name the columns."))


def _filled(cell: Any) -> bool:
    return cell is not None and bool(str(cell).strip())


def _trimmed(cell: Any) -> Any:
    return cell.strip() if isinstance(cell, str) else cell


def _csv_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _text(content)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableSheet(
                say("Line {line} cannot be read: {reason}", line=line, reason=error)
            ) from error
        yield line, cells
        line = reader.line_num + 1


def _text(content: bytes) -> str:
    if b"\0" in content[:4096]:
        raise UnreadableSheet(say("This file is no table. Please send XLSX or CSV."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    broken = say("This XLSX file cannot be read. Please save it again, or as CSV.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked_bytes = sum(each.file_size for each in packed.infolist())
        if unpacked_bytes > MOST_UNPACKED_BYTES:
            raise UnreadableSheet(say("This XLSX file is too large when unpacked."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError) as error:
        raise UnreadableSheet(broken) from error
    if not book.worksheets:
        raise UnreadableSheet(broken)
    try:
        yield from enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
    finally:
        book.close()
