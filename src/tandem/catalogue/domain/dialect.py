"""How a text table is written: delimiter, quotes, where the table begins and ends.

Decided from a sample by consistency: the right dialect gives rows of one length whose cells look like data.
Nothing is decided by a file's name.

Source: van den Burg, Nazábal, Sutton (2019), Wrangling messy CSV files by detecting row and type patterns,
Data Mining and Knowledge Discovery 33: score = pattern score × type score. Here a row counts for the pattern only as
far as it keeps the rules of quoting, and what stands beside quotes counts for the delimiter.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tandem.catalogue.domain.cells import sense
from tandem.catalogue.domain.layout import Layout, footer_rows, layout_of, usual_width
from tandem.catalogue.domain.records import Form, Reader, Record

# how much each is trusted: what stands inside times, addresses and sentences, less
DELIMITERS = {
    ";": 1.0,
    ",": 1.0,
    "\t": 1.0,
    "|": 0.95,
    "^": 0.8,
    "~": 0.8,
    "\x1f": 1.0,
    "¦": 0.8,
    ":": 0.4,
    " ": 0.5,
}
BEFORE_BLANK = (",", ";", "|")
SAMPLE_ROWS, SAMPLE_CHARACTERS = 300, 120_000
_FINALISTS, _NEAR, _QUOTES_THAT_TELL = 4, 0.25, 10
_LEAST_SCORE, _LEAST_SHARE_OF_RARE, _LEAST_SHARE_OF_FEW, _FEW, _TRUSTED = 0.02, 0.8, 0.5, 3, 0.9


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is written.

    Attributes:
        encoding: Python's name of it.
        delimiter: Between cells; may end with a blank.
        quote: Around cells that need it.
        escape: Character before a quote inside a cell; the quote itself where it is doubled.
        preamble_lines: Lines above the table, its header not counted.
        has_header: True where the first row of the table names its columns.
        columns: Cells in a row.
        footer_rows: Rows at the end that are no data: totals, notes.
        score: 0 to 1; how consistent the sample is.
        header_rows: How many rows name the columns.
        header_lines: How many lines these take.
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
    header_rows: int = 1
    header_lines: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Return the dialect as plain JSON values."""
        return asdict(self)

    @property
    def form(self) -> Form:
        """How cells are parted and quoted."""
        return Form(self.delimiter, self.quote, self.escape)


@dataclass(frozen=True, slots=True)
class Scored:
    """A form, and how well it reads the sample.

    Attributes:
        columns: Cells in most rows.
    """

    score: float
    form: Form
    columns: int


def detect_dialect(head: str, tail: str, *, encoding: str, whole: bool) -> Dialect:
    """Return the dialect of a table.

    Args:
        head: Its beginning.
        tail: Its end; lines of it may be cut off at its beginning. The same as ``head`` for a small file.
        whole: Whether ``head`` is all of it, so that its last line is no fragment.
    """
    lines = sample_lines(head, whole)
    best = detect_form(lines)
    records = Reader(best.form, best.columns).records(lines, most=SAMPLE_ROWS)
    layout = layout_of(records, best.columns)
    below = Reader(best.form, best.columns).records(tail.split("\n"))
    return Dialect(
        encoding=encoding,
        delimiter=best.form.delimiter,
        quote=best.form.quote,
        escape=best.form.escape,
        preamble_lines=records[layout.first].line - 1 if records else 0,
        has_header=layout.header_rows > 0,
        columns=best.columns,
        footer_rows=min(
            footer_rows([each.cells for each in below], best.columns), _after(below, layout, whole)
        ),
        score=round(best.score, 4),
        header_rows=layout.header_rows,
        header_lines=_header_lines(records, layout),
    )


def _after(below: Sequence[Record], layout: Layout, whole: bool) -> int:
    """Return how many of the last rows can be footers: those under the names of a small table."""
    return max(0, len(below) - layout.first - layout.header_rows) if whole else len(below)


def _header_lines(records: Sequence[Record], layout: Layout) -> int:
    named = records[layout.first : layout.first + layout.header_rows]
    return named[-1].line + named[-1].lines - named[0].line if named else 0


def sample_lines(head: str, whole: bool) -> list[str]:
    """Return the lines of a beginning that are whole, as many as are needed."""
    sample = head[:SAMPLE_CHARACTERS]
    lines = [line.removesuffix("\r") for line in sample.split("\n")]
    cut = len(sample) < len(head) or not whole
    return lines[:-1] if cut and len(lines) > 1 else lines


def detect_form(lines: Sequence[str]) -> Scored:
    """Return how cells are parted and quoted."""
    looked_at = [line for line in lines if line.strip()][: SAMPLE_ROWS * 2]
    text = "\n".join(looked_at)
    quick = [_quickly(looked_at, form, _trust(text, form)) for form in _forms(text)]
    quick.sort(key=lambda each: each.score, reverse=True)
    near = [each for each in quick[:_FINALISTS] if each.score >= quick[0].score * _NEAR]
    finals = [_carefully(lines, each, _trust(text, each.form)) for each in near]
    best = max(finals, key=lambda each: each.score, default=Scored(0.0, Form(","), 1))
    if best.score < _LEAST_SCORE or best.columns < 2:
        return Scored(best.score, Form("\x1f"), 1)
    return best


def _forms(text: str) -> Iterator[Form]:
    for delimiter in [*(f"{each} " for each in BEFORE_BLANK), *DELIMITERS]:
        if delimiter not in text:
            continue
        yield Form(delimiter)
        if '\\"' in text:
            yield Form(delimiter, '"', "\\")
        if f"'{delimiter}" in text or f"{delimiter}'" in text:
            yield Form(delimiter, "'", "'")
            if "\\'" in text:
                yield Form(delimiter, "'", "\\")


def _trust(text: str, form: Form) -> float:
    """Return how much a form is trusted before it is tried: what stands beside quotes, parts cells."""
    usual = DELIMITERS[form.delimiter[0]]
    quotes = text.count(form.quote)
    if quotes < _QUOTES_THAT_TELL:
        return usual
    beside = text.count(form.quote + form.delimiter) + text.count(form.delimiter + form.quote)
    beside += text.count(f"{form.quote}\n") + text.count(f"\n{form.quote}")
    if beside >= 0.8 * quotes:
        return max(usual, 0.95)
    return usual * 0.5 if beside < 0.3 * quotes else usual


def _quickly(lines: Sequence[str], form: Form, trust: float) -> Scored:
    """Score a form by the lines that are records by themselves."""
    rows = [row for row in (form.cells(line) for line in lines) if row is not None]
    columns = usual_width(Counter(map(len, rows)))
    fitting = [row for row in rows if len(row) == columns]
    if " " in form.delimiter and len(fitting) < (
        1.0 if form.delimiter == " " else _LEAST_SHARE_OF_RARE
    ) * len(lines):
        return Scored(0.0, form, columns)  # blanks stand in sentences, too
    return _scored(form, columns, fitting, len(lines), trust)


def _carefully(lines: Sequence[str], found: Scored, trust: float) -> Scored:
    """Score a form by the records that it reads, over lines and with slips."""
    records = Reader(found.form, found.columns).records(lines, most=SAMPLE_ROWS)
    columns = usual_width(Counter(len(record.cells) for record in records))
    fitting = [record for record in records if len(record.cells) == columns]
    if columns <= _FEW and len(fitting) < _LEAST_SHARE_OF_FEW * len(
        records
    ):  # sentences with a comma now and then
        return Scored(0.0, found.form, columns)
    if trust < _TRUSTED and len(fitting) < _LEAST_SHARE_OF_RARE * len(records):
        return Scored(0.0, found.form, columns)
    slips = sum(min(record.cost, 1.0) / 2 for record in fitting)
    return _scored(found.form, columns, [record.cells for record in fitting], len(records) + slips, trust)


def _scored(form: Form, columns: int, rows: Sequence[Sequence[str]], of: float, trust: float) -> Scored:
    if not rows or columns < 2:
        return Scored(0.0, form, columns)
    share = len(rows) / max(1.0, of)
    cells = [cell for row in rows[:SAMPLE_ROWS] for cell in row]
    quality = sum(map(sense, cells)) / len(cells)
    return Scored(share * quality * trust * (columns - 1) / columns, form, columns)
