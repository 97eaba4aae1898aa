"""Text tables: bytes → dialect → text columns → typed columns in Parquet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tandem.catalogue.adapters.duck import loading, quoted, text
from tandem.catalogue.adapters.reading import statements
from tandem.catalogue.adapters.reading.columns import mixed_columns, type_columns
from tandem.catalogue.adapters.reading.content import HEAD_BYTES, as_utf8, head_of
from tandem.catalogue.adapters.reading.profiles import with_profiles
from tandem.catalogue.adapters.reading.refusals import MOST_COLUMNS, NoRows, TooManyColumns, Unreadable
from tandem.catalogue.adapters.reading.repairing import LONGEST_LINE, MOST_FINDINGS, LineMap, Repair, Repaired
from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.dialect import SAMPLE_ROWS, Dialect, detect_dialect, sample_lines
from tandem.catalogue.domain.encoding import detect_encoding
from tandem.catalogue.domain.layout import fitting_names, footer_reason, footer_rows, joined_names
from tandem.catalogue.domain.records import Reader, Record
from tandem.catalogue.domain.report import DroppedLine, LoadReport
from tandem.catalogue.domain.types import ColumnType, column_keys, detect_type
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

TAIL_BYTES = 65_536
BUFFER_BYTES = LONGEST_LINE + 2_000_000


@dataclass(frozen=True, slots=True)
class Recognised:
    """What is known of a text table before it is read as a whole.

    Attributes:
        plain: The file as UTF-8.
        header: Names of the columns as written; empty where there are none.
        sample: The first records below the names.
        has_slips: Whether the beginning or the end already shows rows that are not as the others.
    """

    plain: Path
    dialect: Dialect
    header: list[str]
    above: list[DroppedLine]
    sample: list[Record]
    has_slips: bool

    @property
    def names(self) -> list[str]:
        """A name for each column."""
        given = self.header or [""] * self.dialect.columns
        return [name.strip() or f"Spalte {number}" for number, name in enumerate(given, start=1)]


@dataclass(frozen=True, slots=True)
class Staged:
    """A table whose cells are all texts, as written.

    Attributes:
        rows: How many of the staged rows are data, from the first.
    """

    path: Path
    rows: int
    dropped: list[DroppedLine]
    findings: list[Finding]
    line_of: Callable[[int], int]


def read(task: Task) -> LoadReport:
    """Read a text table.

    Raises:
        NotATable: There are no rows in it, or it breaks off.
        Cancelled: Somebody asked to stop.
    """
    found = recognise(task)
    with loading(task.work_dir) as connection:
        staged = stage(connection, task, found)
        if not staged.rows:
            raise NoRows(task.filename)
        keys = column_keys(found.names)
        columns = type_columns(
            connection,
            staged.path,
            task.partial,
            found.names,
            keys,
            staged.rows,
            0,
            task.step,
            task=task,
            line_of=staged.line_of,
        )
        task.step(0.9, say("Describing columns"))
        columns, odd = statements.watched(
            connection,
            lambda: (
                with_profiles(connection, task.partial, columns),
                mixed_columns(connection, columns, staged.rows),
            ),
            task,
            shares=(0.9, 0.99),
            message=say("Describing columns"),
        )
    return LoadReport(
        columns=columns,
        rows=staged.rows,
        dialect=found.dialect,
        dropped_lines=found.above + staged.dropped,
        findings=staged.findings + odd,
    )


def recognise(task: Task) -> Recognised:
    """Return how a text table is written and what its columns are called.

    Raises:
        TooManyColumns: More than a table can have.
    """
    plain = as_utf8(
        task.source, task.head, task.work_dir, lambda: task.step(0.03, say("Looking at the file"))
    )
    head, tail, whole = _ends(plain)
    dialect = detect_dialect(head, tail, encoding=detect_encoding(task.head), whole=whole)
    if dialect.columns > MOST_COLUMNS:
        raise TooManyColumns(task.filename, dialect.columns)
    lines = sample_lines(head, whole)
    records = Reader(dialect.form, dialect.columns).records(
        lines[dialect.preamble_lines :], most=SAMPLE_ROWS, first_line=dialect.preamble_lines + 1
    )
    named, sample = records[: dialect.header_rows], records[dialect.header_rows :]
    header = (
        joined_names([fitting_names(each.cells, dialect.columns) for each in named])
        if dialect.has_header
        else []
    )
    return Recognised(
        plain=plain,
        dialect=dialect,
        header=header,
        above=_above(lines, dialect),
        sample=sample if dialect.has_header else records,
        has_slips=_mixes_line_ends(head) or _has_slips(records, lines, tail, dialect, header),
    )


def _ends(plain: Path) -> tuple[str, str, bool]:
    size = plain.stat().st_size
    with plain.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
        opened.seek(max(0, size - TAIL_BYTES))
        tail = opened.read()
    end = tail.decode("utf-8", errors="ignore").replace("\r\n", "\n")
    if size > TAIL_BYTES:
        end = end.partition("\n")[2]
    return head.decode("utf-8", errors="ignore"), end, size <= HEAD_BYTES


def _above(lines: Sequence[str], dialect: Dialect) -> list[DroppedLine]:
    return [
        DroppedLine(number, line[:300], "preamble" if line.strip(dialect.delimiter + " ") else "blank")
        for number, line in enumerate(lines[: dialect.preamble_lines], start=1)
    ]


def _mixes_line_ends(head: str) -> bool:
    return head.count("\r\n") not in (0, head.count("\n"))


def _has_slips(
    records: Sequence[Record], lines: Sequence[str], tail: str, dialect: Dialect, header: Sequence[str]
) -> bool:
    """Return whether the file must be read with care: the quick way would lose rows or misread them."""
    marks = dialect.delimiter + dialect.quote + " \t"
    body = "\n".join(lines[dialect.preamble_lines + dialect.header_lines :])
    gaps = any(not line.strip(marks) for part in (body, tail) for line in part.rstrip().split("\n"))
    quoted_above = dialect.quote in "".join(lines[: dialect.preamble_lines])
    many_lines = dialect.header_lines > max(1, dialect.header_rows)
    again = any(
        [cell.strip() for cell in record.cells] == header for record in records[dialect.header_rows :]
    )
    odd = any(record.is_odd or len(record.cells) != dialect.columns for record in records)
    return bool(body) and (gaps or quoted_above or many_lines or odd or (bool(header) and again))


# --- all cells as texts -------------------------------------------------------------------------
def stage(connection: duckdb.DuckDBPyConnection, task: Task, found: Recognised) -> Staged:
    """Read every row as texts: quickly where all keep the rules, else with care.

    Raises:
        Unreadable: Neither way.
        Cancelled: Somebody asked to stop.
    """
    dialect, path = found.dialect, task.work_dir / "staged.parquet"
    skip = dialect.preamble_lines + dialect.header_lines * dialect.has_header
    if not found.has_slips and _quickly(connection, task, found, skip, path):
        total = _count(connection, path)
        rows = max(0, total - dialect.footer_rows)
        rows_are_lines = all(record.lines == 1 for record in found.sample)
        line_of = (lambda row: skip + 1 + row) if rows_are_lines else (lambda _row: 0)
        return Staged(path, rows, _below(connection, path, rows, line_of), [], line_of)
    return _carefully(connection, task, found, path)


def _quickly(
    connection: duckdb.DuckDBPyConnection, task: Task, found: Recognised, skip: int, path: Path
) -> bool:
    """Stage a file as it is; return whether every row kept the rules."""
    try:
        _copy(connection, task, found.dialect, found.plain, skip, path, (0.1, 0.45))
    except duckdb.Error as error:
        if isinstance(error, duckdb.InterruptException | duckdb.OutOfMemoryException):
            raise
        return False
    rejected = connection.execute("SELECT count(*) FROM reject_errors").fetchone()
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    lost = bool(rejected and rejected[0]) or (bool(found.sample) and not _count(connection, path))
    return not lost and not _has_names_again(connection, path, found)


def _has_names_again(connection: duckdb.DuckDBPyConnection, path: Path, found: Recognised) -> bool:
    if not found.header:
        return False
    same = " AND ".join(
        f"trim({quoted(f'c{number}')}) = {text(name.strip())}" for number, name in enumerate(found.header)
    )
    return (
        connection.execute(f"SELECT 1 FROM read_parquet({text(path)}) WHERE {same} LIMIT 1").fetchone()
        is not None
    )


def _carefully(connection: duckdb.DuckDBPyConnection, task: Task, found: Recognised, path: Path) -> Staged:
    """Stage a file whose rows do not all keep the rules."""
    clean = task.work_dir / "clean"
    kinds = _kinds(found)
    repaired = Repair(found.dialect, found.header, kinds).run(found.plain, clean, task, (0.1, 0.3))
    try:
        if repaired.rows:
            _copy(connection, task, found.dialect, clean, 0, path, (0.3, 0.5))
    except duckdb.Error as error:
        if isinstance(error, duckdb.InterruptException):
            raise
        raise Unreadable(task.filename, str(error).partition("\n")[0]) from error
    total = _count(connection, path) if repaired.rows else 0
    rows = total - _footers(clean, found.dialect, total)
    below = _below(connection, path, rows, repaired.line_map.line_of) if rows < total else []
    clean.unlink(missing_ok=True)
    return Staged(
        path,
        rows,
        below + repaired.dropped,
        _findings(repaired),
        _known(repaired.line_map, repaired.rows == total),
    )


def _known(line_map: LineMap, is_whole: bool) -> Callable[[int], int]:
    return line_map.line_of if is_whole else (lambda _row: 0)


def _findings(repaired: Repaired) -> list[Finding]:
    if repaired.slips <= MOST_FINDINGS:
        return repaired.findings
    more = say(
        "{count} rows in all were not written as the others; the first are listed.", count=repaired.slips
    )
    return [*repaired.findings, Finding(Severity.WARNING, "catalogue.table.rows-with-slips", "", more)]


def _kinds(found: Recognised) -> list[ColumnType]:
    columns = found.dialect.columns
    rows = [each.cells for each in found.sample if len(each.cells) == columns and not each.is_odd]
    return [detect_type(name, [row[number] for row in rows]) for number, name in enumerate(found.names)]


def _footers(clean: Path, dialect: Dialect, total: int) -> int:
    _head, tail, _whole = _ends(clean)
    rows = Reader(dialect.form, dialect.columns).records(tail.split("\n"))
    return min(footer_rows([each.cells for each in rows], dialect.columns), total)


def _copy(
    connection: duckdb.DuckDBPyConnection,
    task: Task,
    dialect: Dialect,
    source: Path,
    skip: int,
    path: Path,
    shares: tuple[float, float],
) -> None:
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(dialect.columns))
    options = (
        f"auto_detect=false, header=false, skip={skip}, columns={{{columns}}}, delim={text(dialect.delimiter)}, "
        f"quote={text(dialect.quote)}, escape={text(dialect.escape)}, strict_mode=true, ignore_errors=true, "
        f"store_rejects=true, rejects_limit=1000, max_line_size={LONGEST_LINE}, buffer_size={BUFFER_BYTES}, "
        "nullstr='\x01'"
    )
    rows = f"SELECT * FROM read_csv({text(source)}, {options})"
    statement = f"COPY ({rows}) TO {text(path)} (FORMAT parquet, COMPRESSION snappy)"
    statements.run(connection, statement, task, shares=shares, message=say("Reading rows"))


def _count(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    read = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchone()
    return int(read[0]) if read else 0


def _below(
    connection: duckdb.DuckDBPyConnection, path: Path, rows: int, line_of: Callable[[int], int]
) -> list[DroppedLine]:
    found = connection.execute(
        "SELECT file_row_number, * EXCLUDE (file_row_number) FROM read_parquet(?, file_row_number=true) "
        "WHERE file_row_number >= ? ORDER BY file_row_number",
        [str(path), rows],
    ).fetchall()
    return [
        DroppedLine(
            line=line_of(number),
            text="; ".join(cell for cell in cells if cell)[:300],
            reason=footer_reason([cell or "" for cell in cells]),
        )
        for number, *cells in found
    ]


def rows_as_written(source: Path, work_dir: Path) -> list[list[str]]:
    """Return a text table as it is recognised, before its columns get types: the names first, where it has any.

    Raises:
        NotATable: It is none.
    """
    head = head_of(source)
    if not head.strip():
        return []
    task = Task(
        source,
        head,
        source.name,
        work_dir / "partial",
        work_dir,
        lambda _share, _message: None,
        lambda: False,
    )
    found = recognise(task)
    rows = [found.header] if found.header else []
    with loading(work_dir) as connection:
        staged = stage(connection, task, found)
        if staged.rows:
            cells = connection.execute(
                f"SELECT * FROM read_parquet({text(staged.path)}) LIMIT {staged.rows}"
            ).fetchall()
            rows += [[cell or "" for cell in row] for row in cells]
    return rows
