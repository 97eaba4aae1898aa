"""How a text table is written: encoding, delimiter, quotes, where the table begins and ends.

Decided from a sample by consistency: the right dialect gives rows of one length whose cells look like data.
Nothing is decided by a file's name.

Source: van den Burg, Nazábal, Sutton (2019), Wrangling messy CSV files by detecting row and type patterns,
Data Mining and Knowledge Discovery 33: score = pattern score × type score.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

DELIMITERS = (",", ";", "\t", "|", ":", "^", "~")
QUOTES = ('"', "'", "")
SAMPLE_ROWS = 300
_EPSILON = 1e-3
_TYPED = tuple(
    re.compile(pattern)
    for pattern in (
        r"[+-]?\d{1,3}([.\s'’ ]\d{3})*(,\d+)?\s*[%€]?",
        r"[+-]?\d{1,3}(,\d{3})*(\.\d+)?\s*[%€$]?",
        r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?\s*[%€]?",
        r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}([ T]\d{1,2}:\d{2}(:\d{2})?)?",
        r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?",
        r"\d{1,2}:\d{2}(:\d{2})?",
        r"[\w.+-]+@[\w-]+\.[\w.]+",
        r"(https?|ftp)://\S+",
        r"(?i)n/?a|k\.\s?a\.|n\.\s?d\.|null|none|-|–|\.|",
        r"(?i)true|false|ja|nein|s[iì]|no|yes|wahr|falsch|vero|falso",
    )
)
_PLAIN_TEXT = re.compile(r"[\w(][\w\s.,;:()/&+'’\"%°€§#*?!=<>\[\]@_–„“”«»²³-]*")
_TOTAL_WORDS = (
    "summe|gesamt(summe|zahl|ergebnis)?|insgesamt|zusammen|mittelwert|durchschnitt",
    "total[ei]?|totale complessivo|complessivo|somma|media|sum|grand total",
)
_TOTAL = re.compile(rf"(?i)^\W*({'|'.join(_TOTAL_WORDS)})\b")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is written.

    Attributes:
        encoding: Python's name of it.
        quote: Empty where cells are never quoted.
        escape: Character before a quote inside a cell; the quote itself where it is doubled.
        preamble_lines: Lines above the table, its header not counted.
        has_header: True where the first row of the table names its columns.
        columns: Cells in a row.
        footer_rows: Rows at the end that are no data: totals, notes.
        score: 0 to 1; how consistent the sample is.
    """

    encoding: str
    delimiter: str
    quote: str
    escape: str
    preamble_lines: int
    has_header: bool
    columns: int
    footer_rows: int
    score: float

    def as_dict(self) -> dict[str, Any]:
        """Return the dialect as plain JSON values."""
        return asdict(self)


def detect_encoding(sample: bytes) -> str:
    """Return the encoding of a text: by its mark, by its zeros, by whether it is valid UTF-8.

    >>> detect_encoding("Straße".encode("cp1252"))
    'cp1252'
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return name
    zeros_even, zeros_odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
    half = max(1, min(len(sample), 4096) // 2)
    if zeros_odd > 0.4 * half and zeros_even < 0.1 * half:
        return "utf-16-le"
    if zeros_even > 0.4 * half and zeros_odd < 0.1 * half:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError:
        return "latin-1" if re.search(rb"[\x81\x8d\x8f\x90\x9d]", sample) else "cp1252"
    return "utf-8"


def is_binary(sample: bytes) -> bool:
    """Return whether bytes are no text in any encoding that tables come in."""
    if detect_encoding(sample) in {"utf-16", "utf-16-le", "utf-16-be", "utf-32"}:
        return False
    control = sum(sample.count(code) for code in (*range(9), 11, *range(14, 27), *range(28, 32)))
    return b"\0" in sample or control > len(sample) * 0.01


def detect_dialect(head: str, tail: str, *, encoding: str, whole: bool) -> Dialect:
    """Return the dialect of a table.

    Args:
        head: Its beginning.
        tail: Its end; lines of it may be cut off at its beginning. The same as ``head`` for a small file.
        whole: Whether ``head`` is all of it, so that its last line is no fragment.
    """
    lines = head.splitlines()
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    candidates = [
        (delimiter, quote)
        for delimiter in DELIMITERS
        if delimiter in head
        for quote in QUOTES
        if not quote or quote in head
    ]
    scored = [(*_score(lines, delimiter, quote), delimiter, quote) for delimiter, quote in candidates]
    best = max(scored, key=lambda each: each[0], default=(0.0, [], ",", '"'))
    score, rows, delimiter, quote = best
    if not rows or score <= _EPSILON:
        rows, delimiter, quote = _rows(lines, "\x1f", ""), ",", '"'
    columns = _columns(rows)
    first = next((index for index, row in enumerate(rows) if _belongs(row, columns)), 0)
    first = _skip_titles(rows, first, columns)
    body = rows[first:]
    return Dialect(
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        escape=_escape(head, quote),
        preamble_lines=_line_of(lines, delimiter, quote, first),
        has_header=has_header(body),
        columns=columns,
        footer_rows=_footer_rows(_rows(tail.splitlines(), delimiter, quote, most=None), columns),
        score=round(score, 4),
    )


def _rows(
    lines: Sequence[str], delimiter: str, quote: str, *, most: int | None = SAMPLE_ROWS
) -> list[list[str]]:
    return [row for row, _end in _rows_with_lines(lines, delimiter, quote, most=most)]


def _rows_with_lines(
    lines: Sequence[str], delimiter: str, quote: str, *, most: int | None
) -> Iterator[tuple[list[str], int]]:
    reader = csv.reader(
        (f"{line}\n" for line in lines),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        doublequote=True,
        strict=False,
    )
    count = 0
    while most is None or count < most:
        try:
            yield next(reader), reader.line_num
        except StopIteration:
            return
        except csv.Error:
            continue
        count += 1


def _score(lines: Sequence[str], delimiter: str, quote: str) -> tuple[float, list[list[str]]]:
    rows = _rows(lines, delimiter, quote)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return 0.0, rows
    lengths = Counter(len(row) for row in filled)
    pattern = sum(count * max(_EPSILON, length - 1) / length for length, count in lengths.items()) / len(
        lengths
    )
    cells = [cell for row in filled for cell in row]
    typed = sum(_looks(cell) for cell in cells) / len(cells)
    broken = sum(cell.count("\n") for cell in cells)
    unquoted = (
        0.9
        if not quote and any(cell.startswith('"') and cell.endswith('"') and len(cell) > 1 for cell in cells)
        else 1.0
    )
    return pattern / len(filled) * typed * unquoted / (1 + 0.05 * broken), rows


def _looks(cell: str) -> float:
    """Return how much a cell looks like data: 1 for a known type, less for text, 0 for rubbish."""
    text = cell.strip()
    if any(pattern.fullmatch(text) for pattern in _TYPED):
        return 1.0
    return 0.85 if _PLAIN_TEXT.fullmatch(text) else 0.1


def _columns(rows: Sequence[Sequence[str]]) -> int:
    """Return the length that most rows have; of two equally common ones the longer."""
    lengths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    usual = max(
        lengths.items(), key=lambda item: (item[1] * (item[0] > 1) or item[1] * 0.01, item[0]), default=(1, 0)
    )
    return usual[0]


def _belongs(row: Sequence[str], columns: int) -> bool:
    return len(row) == columns and (columns == 1 or sum(1 for cell in row if cell.strip()) >= 2)


def _skip_titles(rows: Sequence[Sequence[str]], first: int, columns: int) -> int:
    """Step over rows that have the table's width and only one or two filled cells: titles padded by a spreadsheet."""
    if columns < 4:
        return first
    last = min(len(rows), first + 20)
    for index in range(first, last):
        filled = sum(1 for cell in rows[index] if cell.strip())
        if len(rows[index]) == columns and filled > columns / 2:
            return index
    return first


def _line_of(lines: Sequence[str], delimiter: str, quote: str, row: int) -> int:
    """Return how many lines stand before a row."""
    if row == 0:
        return 0
    ends = [end for _row, end in _rows_with_lines(lines, delimiter, quote, most=row)]
    return ends[-1] if ends else 0


def has_header(body: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names the columns: texts over values, or texts that never come again."""
    if not body:
        return False
    first, rest = [cell.strip() for cell in body[0]], [row for row in body[1:60] if len(row) == len(body[0])]
    if any(_is_value(cell) for cell in first if cell):
        years = [cell for cell in first if re.fullmatch(r"(19|20)\d{2}", cell)]
        others = [cell for cell in first if cell and not re.fullmatch(r"(19|20)\d{2}", cell)]
        return bool(years and others) and not any(_is_value(cell) for cell in others)
    if not any(first):
        return False
    if not rest:
        return True
    valued = [any(_is_value(row[index].strip()) for row in rest) for index in range(len(first))]
    if any(valued):
        return True
    repeated = sum(
        1 for index, cell in enumerate(first) if cell and any(row[index].strip() == cell for row in rest)
    )
    return repeated == 0 and len(set(first)) == len(first)


def _is_value(cell: str) -> bool:
    return bool(cell) and any(pattern.fullmatch(cell) for pattern in _TYPED[:6])


def _footer_rows(rows: Sequence[Sequence[str]], columns: int) -> int:
    """Return how many rows at the end are no data: empty ones, notes, totals."""
    count = 0
    for row in reversed(rows):
        filled = [cell.strip() for cell in row if cell.strip()]
        is_note = len(row) < columns and columns > 1 and len(filled) <= 1
        is_total = bool(filled) and bool(_TOTAL.match(filled[0]))
        is_padded_note = columns > 3 and len(filled) == 1 and len(row) == columns and bool(row[0].strip())
        if not (not filled or is_note or is_total or is_padded_note) or count >= 20:
            break
        count += 1
    return count


def footer_reason(row: Sequence[str]) -> str:
    """Return why a row at the end is no data: ``blank``, ``total`` or ``footer``."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled:
        return "blank"
    return "total" if _TOTAL.match(filled[0]) else "footer"


def _escape(head: str, quote: str) -> str:
    if quote and f"\\{quote}" in head and f"{quote}{quote}" not in head.replace(f"\\{quote}", ""):
        return "\\"
    return quote
