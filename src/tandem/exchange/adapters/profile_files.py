"""Tables of profiles as CSV files: bytes to lines and back, whatever the file holds."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.exchange.domain.matching.sheet import Line

MOST_BYTES = 4_000_000
MOST_LINES = 5_000
MOST_HEADS = 2_000
MOST_CELL = 2_000
_FORMULA = "=+-@\t\r"
_FIRST = 4_096


class UnreadableFile(InvalidInput):
    """A file is no table that can be read."""

    code = "exchange.matching.unreadable-file"


def read_lines(content: bytes) -> tuple[list[str], list[Line]]:
    """Return the heads and the lines of a CSV file; empty lines are left out.

    Args:
        content: UTF-8, UTF-16 with its mark, or Windows-1252; with semicolons, commas or tabs.

    Raises:
        UnreadableFile: It is too large, no text, has no heads, or a cell without end.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFile(say("A table may have {most} MB at the most.", most=MOST_BYTES // 1_000_000))
    text = _text_of(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    heads: list[str] = []
    lines: list[Line] = []
    try:
        for cells in rows:
            if not any(each.strip() for each in cells):
                continue
            if not heads:
                heads = _heads(cells)
                continue
            if len(lines) >= MOST_LINES:
                raise UnreadableFile(say("A table may have {most} lines at the most.", most=MOST_LINES))
            lines.append(_line(rows.line_num, heads, cells))
    except csv.Error as error:
        raise UnreadableFile(
            say("Line {line} is no CSV. Save the table as CSV with UTF-8 and try again.", line=rows.line_num)
        ) from error
    if not heads:
        raise UnreadableFile(say("The file is empty. Its first line names the columns."))
    return heads, lines


def write(heads: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a CSV file with semicolons that office programs open; no cell is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([_guarded(each) for each in heads])
    writer.writerows([_guarded(row.get(each, "")) for each in heads] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _text_of(content: bytes) -> str:
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFile(say("The file is no text. Save the table as CSV with UTF-8 and try again."))


def _delimiter(text: str) -> str:
    first = next((each for each in text[:_FIRST].splitlines() if each.strip()), "")
    return max(";,\t", key=first.count)


def _heads(cells: Sequence[str]) -> list[str]:
    if len(cells) > MOST_HEADS:
        raise UnreadableFile(say("A table may have {most} columns at the most.", most=MOST_HEADS))
    return [_bare(each.strip()) for each in cells]


def _line(number: int, heads: Sequence[str], cells: Sequence[str]) -> Line:
    if len(cells) > len(heads) and any(each.strip() for each in cells[len(heads) :]):
        raise UnreadableFile(say("Line {line} has more cells than the first line has heads.", line=number))
    if any(len(each) > MOST_CELL for each in cells):
        raise UnreadableFile(
            say("Line {line} has a cell with more than {most} characters.", line=number, most=MOST_CELL)
        )
    return Line(number, {head: _bare(cell) for head, cell in zip(heads, cells, strict=False)})


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] and text[0] in f"'{_FORMULA}" else text


def _bare(text: str) -> str:
    """Take off the apostrophe that ``_guarded`` put before a text."""
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in f"'{_FORMULA}" else text
