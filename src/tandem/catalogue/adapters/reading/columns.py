"""Text columns become typed ones: recognised from a sample, written to Parquet, and each odd cell listed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters.duck import quoted, text
from tandem.catalogue.adapters.reading.cells import present_sql, typed_sql
from tandem.catalogue.adapters.reading.task import Progress
from tandem.catalogue.domain.report import BAD_CELLS_KEPT, BadCell, ColumnReport
from tandem.catalogue.domain.types import ColumnType, detect_type, mixed
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

SAMPLE_CELLS = 2_000
MOST_BAD_SHARE = 0.1
_KINDS = {
    "integer": say("whole numbers"),
    "decimal": say("decimal numbers"),
    "date": say("dates"),
    "datetime": say("dates with a time"),
    "time": say("times"),
}


def type_columns(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    partial: Path,
    names: Sequence[str],
    keys: Sequence[str],
    rows: int,
    first_line: int,
    step: Progress,
) -> list[ColumnReport]:
    """Recognise the columns of a table of texts and write it typed.

    Args:
        connection: Where the view ``staged`` is made.
        staged: Parquet file of texts.
        partial: Where the typed table goes.
        names: Headers as written.
        keys: The columns' names in ``staged``.
        rows: How many rows of ``staged`` are data, from the first.
        first_line: Line of the file on which the first row stands; 0 where lines are not rows.
        step: Told how far it is.
    """
    connection.execute(
        "CREATE OR REPLACE VIEW staged AS SELECT * FROM "
        f"read_parquet({text(staged)}, file_row_number=true) WHERE file_row_number < {rows}"
    )
    found = _detect(connection, names, keys, rows)
    step(0.6, say("Writing the table"))
    while True:
        _write(connection, keys, found, partial)
        present, kept = _counts(connection, keys, partial, rows)
        bad = [int(present[number] - kept[number]) for number in range(len(keys))]
        worse = [
            n for n in range(len(keys)) if bad[n] > MOST_BAD_SHARE * present[n] and found[n].kind != "text"
        ]
        if not worse:
            break
        found = [ColumnType("text") if number in worse else each for number, each in enumerate(found)]
    step(0.85, say("Looking for cells that do not fit"))
    return [
        ColumnReport(
            key=keys[number],
            name=names[number],
            kind=found[number].kind,
            unit=found[number].unit,
            rows=rows,
            nulls=int(rows - kept[number]),
            bad_count=bad[number],
            bad_cells=_bad_cells(connection, keys[number], found[number], first_line) if bad[number] else [],
        )
        for number in range(len(keys))
    ]


def _sample(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], rows: int) -> list[tuple[Any, ...]]:
    """Return the first rows and some from all over the table, as written."""
    columns = ", ".join(quoted(key) for key in keys)
    stride = max(1, rows // (SAMPLE_CELLS // 2))
    return connection.execute(
        f"SELECT {columns} FROM staged WHERE file_row_number < {SAMPLE_CELLS // 2} "
        f"OR file_row_number % {stride} = 0 LIMIT {SAMPLE_CELLS * 2}"
    ).fetchall()


def mixed_columns(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[ColumnReport], rows: int
) -> list[Finding]:
    """Return a finding for each text column that is mostly numbers or dates, so that somebody can mend it."""
    texts = [column for column in columns if column.kind == "text"]
    sample = _sample(connection, [column.key for column in texts], rows) if texts else []
    found = [
        (column, mixed(column.name, (row[number] or "" for row in sample)))
        for number, column in enumerate(texts)
    ]
    return [
        Finding(
            Severity.WARNING,
            "catalogue.table.mixed-column",
            column.name,
            say(
                "Read as text: {fit} of {cells} cells looked at are {kind}, too few for the rest to be "
                "mistakes. What does not fit: {others}. Correct these cells and upload the file again to "
                "have numbers and dates sorted, filtered and drawn as such.",
                fit=near.fit,
                cells=near.cells,
                kind=_KINDS[near.kind],
                others=", ".join(near.others)[:200],
            ),
        )
        for column, near in found
        if near
    ]


def _detect(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], keys: Sequence[str], rows: int
) -> list[ColumnType]:
    sample = _sample(connection, keys, rows)
    found = [detect_type(name, (row[number] or "" for row in sample)) for number, name in enumerate(names)]
    whole = [number for number, each in enumerate(found) if each.kind == "integer"]
    if whole:
        tests = ", ".join(f"bool_or(regexp_matches(trim({quoted(keys[n])}), '^0[0-9]+$'))" for n in whole)
        codes = connection.execute(f"SELECT {tests} FROM staged").fetchone() or ()
        for number, is_code in zip(whole, codes, strict=True):
            if is_code:
                found[number] = ColumnType("text")
    return found


def _write(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[str], found: Sequence[ColumnType], partial: Path
) -> None:
    typed = ", ".join(
        f"{typed_sql(key, each)} AS {quoted(key)}" for key, each in zip(keys, found, strict=True)
    )
    connection.execute(
        f"COPY (SELECT {typed} FROM staged) TO {text(partial)} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, PRESERVE_ORDER true)"
    )


def _counts(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[str], partial: Path, rows: int
) -> tuple[Sequence[int], Sequence[int]]:
    """Return how many cells of each column say something, and how many were read."""
    kept = ", ".join(f"count({quoted(key)})" for key in keys)
    after = connection.execute(f"SELECT {kept} FROM read_parquet({text(partial)})").fetchone() or ()
    doubtful = [number for number in range(len(keys)) if after[number] < rows]
    before = list(after)
    if doubtful:
        present = ", ".join(f"count(*) FILTER ({present_sql(keys[number])})" for number in doubtful)
        counts = connection.execute(f"SELECT {present} FROM staged").fetchone() or ()
        for number, count in zip(doubtful, counts, strict=True):
            before[number] = count
    return before, after


def _bad_cells(
    connection: duckdb.DuckDBPyConnection, key: str, found: ColumnType, first_line: int
) -> list[BadCell]:
    rows = connection.execute(
        f"SELECT file_row_number, {quoted(key)} FROM staged WHERE {present_sql(key)} "
        f"AND ({typed_sql(key, found)}) IS NULL ORDER BY file_row_number LIMIT {BAD_CELLS_KEPT}"
    ).fetchall()
    return [BadCell(first_line + row if first_line else 0, row + 1, raw[:200]) for row, raw in rows]
