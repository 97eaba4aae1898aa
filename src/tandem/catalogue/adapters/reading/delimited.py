"""Text tables: bytes → dialect → text columns → typed columns in Parquet."""

import csv
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tandem.catalogue.adapters.duck import loading, quoted, text
from tandem.catalogue.adapters.reading.columns import mixed_columns, type_columns
from tandem.catalogue.adapters.reading.content import HEAD_BYTES, as_utf8
from tandem.catalogue.adapters.reading.profiles import with_profiles
from tandem.catalogue.adapters.reading.refusals import MOST_COLUMNS, NoRows, TooManyColumns, Unreadable
from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.dialect import Dialect, detect_dialect, detect_encoding, footer_reason
from tandem.catalogue.domain.report import DroppedLine, LoadReport
from tandem.catalogue.domain.types import column_keys
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

TAIL_BYTES = 65_536


def read(task: Task) -> LoadReport:
    """Read a text table.

    Raises:
        NotATable: There are no rows in it, or it breaks off.
    """
    plain = as_utf8(task.source, task.head, task.work_dir)
    head, tail, whole = _ends(plain)
    dialect = detect_dialect(head, tail, encoding=detect_encoding(task.head), whole=whole)
    if dialect.columns > MOST_COLUMNS:
        raise TooManyColumns(task.filename, dialect.columns)
    preamble, header = _above(head, dialect)
    names = header or [f"Spalte {number}" for number in range(1, dialect.columns + 1)]
    names = [name.strip() or f"Spalte {number}" for number, name in enumerate(names, start=1)]
    keys = column_keys(names)
    staged = task.work_dir / "staged.parquet"
    with loading(task.work_dir) as connection:
        task.step(0.1, say("Reading rows"))
        skip = dialect.preamble_lines + (1 if dialect.has_header else 0)
        findings = _stage(connection, plain, dialect, keys, skip, staged, task.filename)
        task.step(0.5, say("Recognising columns"))
        read = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(staged)]).fetchone()
        total = int(read[0]) if read else 0
        rows = max(0, total - dialect.footer_rows)
        if not rows:
            raise NoRows(task.filename)
        first_line = skip + 1 if _lines_are_rows(head, dialect) else 0
        dropped = preamble + _below(connection, staged, keys, rows, total, first_line)
        columns = type_columns(connection, staged, task.partial, names, keys, rows, first_line, task.step)
        findings += mixed_columns(connection, columns, rows)
        task.step(0.9, say("Describing columns"))
        columns = with_profiles(connection, task.partial, columns)
    return LoadReport(columns=columns, rows=rows, dialect=dialect, dropped_lines=dropped, findings=findings)


def _ends(plain: Path) -> tuple[str, str, bool]:
    size = plain.stat().st_size
    with plain.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
        opened.seek(max(0, size - TAIL_BYTES))
        tail = opened.read()
    whole = size <= HEAD_BYTES
    end = tail.decode("utf-8", errors="ignore")
    if size > TAIL_BYTES:
        end = end.partition("\n")[2]
    return head.decode("utf-8", errors="ignore").lstrip("\ufeff"), end, whole


def _above(head: str, dialect: Dialect) -> tuple[list[DroppedLine], list[str]]:
    lines = head.splitlines()
    above = [
        DroppedLine(number, line[:300], "preamble" if line.strip(dialect.delimiter + " ") else "blank")
        for number, line in enumerate(lines[: dialect.preamble_lines], start=1)
    ]
    if not dialect.has_header:
        return above, []
    reader = csv.reader(
        lines[dialect.preamble_lines :], delimiter=dialect.delimiter, quotechar=dialect.quote or None
    )
    header = next(reader, [])
    return above, (header + [""] * dialect.columns)[: dialect.columns]


def _lines_are_rows(head: str, dialect: Dialect) -> bool:
    return not dialect.quote or head.count(dialect.quote) % 2 == 0


def _stage(
    connection: duckdb.DuckDBPyConnection,
    plain: Path,
    dialect: Dialect,
    keys: Sequence[str],
    skip: int,
    staged: Path,
    filename: str,
) -> list[Finding]:
    columns = ", ".join(f"{text(key)}: 'VARCHAR'" for key in keys)
    options = (
        f"auto_detect=false, header=false, skip={skip}, columns={{{columns}}}, delim={text(dialect.delimiter)}, "
        f"quote={text(dialect.quote)}, escape={text(dialect.escape)}, null_padding=true, strict_mode=false, "
        f"ignore_errors=true, store_rejects=true, max_line_size=10000000, nullstr='\\x01'"
    )
    copy = "COPY (SELECT * FROM read_csv({}, {}, parallel={})) TO {} (FORMAT parquet, COMPRESSION snappy)"
    problem: duckdb.Error | None = None
    for parallel in ("true", "false"):
        try:
            connection.execute(copy.format(text(plain), options, parallel, text(staged)))
        except duckdb.Error as error:
            problem = error
            connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
            continue
        return _rejected(connection)
    raise Unreadable(filename, str(problem).partition("\n")[0])


def _rejected(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    rows = connection.execute(
        "SELECT line, error_type, csv_line FROM reject_errors ORDER BY line LIMIT 100"
    ).fetchall()
    return [
        Finding(
            Severity.WARNING,
            "catalogue.table.bad-row",
            f"line {line}",
            say(
                "This row was left out ({kind}): {content}",
                kind=str(kind).lower(),
                content=str(content)[:200],
            ),
        )
        for line, kind, content in rows
    ]


def _below(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    keys: Sequence[str],
    rows: int,
    total: int,
    first_line: int,
) -> list[DroppedLine]:
    if rows == total:
        return []
    names = ", ".join(quoted(key) for key in keys)
    found = connection.execute(
        f"SELECT file_row_number, {names} FROM read_parquet(?, file_row_number=true) "
        "WHERE file_row_number >= ? ORDER BY file_row_number",
        [str(staged), rows],
    ).fetchall()
    return [
        DroppedLine(
            line=first_line + number if first_line else 0,
            text="; ".join(cell for cell in cells if cell)[:300],
            reason=footer_reason([cell or "" for cell in cells]),
        )
        for number, *cells in found
    ]
