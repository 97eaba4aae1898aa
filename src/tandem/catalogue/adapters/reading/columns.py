"""Text columns become typed ones: recognised from a sample, written to Parquet, and each odd cell listed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters.duck import quoted, text
from tandem.catalogue.adapters.reading.cells import present_sql, typed_sql
from tandem.catalogue.adapters.reading.statements import watched
from tandem.catalogue.adapters.reading.task import Progress, Task
from tandem.catalogue.domain.report import BAD_CELLS_KEPT, BadCell, ColumnReport
from tandem.catalogue.domain.types import ColumnType, detect_type, mixed, unit_in
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
    *,
    task: Task | None = None,
    line_of: Callable[[int], int] | None = None,
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
        task: So that long statements can be watched and stopped.
        line_of: Instead of ``first_line``: the line of a row, from 0; 0 where it is not known.
    """
    where = line_of or (lambda row: first_line + row if first_line else 0)
    connection.execute(
        f"CREATE OR REPLACE VIEW staged AS SELECT {_named(connection, staged, keys)}, file_row_number FROM "
        f"read_parquet({text(staged)}, file_row_number=true) WHERE file_row_number < {rows}"
    )
    found = watched(
        connection,
        lambda: _detect(connection, names, keys, rows),
        task,
        shares=(0.5, 0.6),
        message=say("Recognising columns"),
    )
    step(0.6, say("Writing the table"))
    settled = watched(
        connection,
        lambda: _settled(connection, keys, found, partial, rows),
        task,
        shares=(0.6, 0.85),
        message=say("Writing the table"),
    )
    step(0.85, say("Looking for cells that do not fit"))
    return watched(
        connection,
        lambda: [
            _reported(connection, names, keys, settled, number, rows, where) for number in range(len(keys))
        ],
        task,
        shares=(0.85, 0.9),
        message=say("Looking for cells that do not fit"),
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    """The types that hold for the whole table.

    Attributes:
        kept: How many cells of each column were read.
        bad: How many say something and do not fit.
    """

    found: Sequence[ColumnType]
    kept: Sequence[int]
    bad: Sequence[int]


def _settled(
    connection: duckdb.DuckDBPyConnection,
    keys: Sequence[str],
    found: Sequence[ColumnType],
    partial: Path,
    rows: int,
) -> _Settled:
    """Write the table; again with texts where too many cells of a column do not fit."""
    while True:
        _write(connection, keys, found, partial)
        present, kept = _counts(connection, keys, found, partial, rows)
        bad = [int(before - after) for before, after in zip(present, kept, strict=True)]
        worse = [
            kind.kind != "text" and wrong > MOST_BAD_SHARE * of
            for kind, wrong, of in zip(found, bad, present, strict=True)
        ]
        if not any(worse):
            return _Settled(found, kept, bad)
        found = [
            ColumnType("text") if is_worse else kind for kind, is_worse in zip(found, worse, strict=True)
        ]


def _reported(
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    keys: Sequence[str],
    settled: _Settled,
    number: int,
    rows: int,
    line_of: Callable[[int], int],
) -> ColumnReport:
    kind, bad = settled.found[number], settled.bad[number]
    return ColumnReport(
        key=keys[number],
        name=names[number],
        kind=kind.kind,
        unit=_unit(names[number], kind),
        rows=rows,
        nulls=int(rows - settled.kept[number]),
        bad_count=bad,
        bad_cells=_bad_cells(connection, keys[number], kind, line_of) if bad else [],
    )


def _unit(name: str, found: ColumnType) -> str:
    return (found.unit or unit_in(name)) if found.kind in {"integer", "decimal"} else ""


def _named(connection: duckdb.DuckDBPyConnection, staged: Path, keys: Sequence[str]) -> str:
    """Return the staged columns under the table's names: those of that name, else in their order."""
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({text(staged)})").fetchall()
    found = [str(name) for name, *_rest in described]
    staged_names = keys if set(keys) <= set(found) else found[: len(keys)]
    return ", ".join(f"{quoted(name)} AS {quoted(key)}" for name, key in zip(staged_names, keys, strict=True))


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
    connection: duckdb.DuckDBPyConnection,
    keys: Sequence[str],
    found: Sequence[ColumnType],
    partial: Path,
    rows: int,
) -> tuple[Sequence[int], Sequence[int]]:
    """Return how many cells of each column say something, and how many were read."""
    kept = ", ".join(f"count({quoted(key)})" for key in keys)
    after = connection.execute(f"SELECT {kept} FROM read_parquet({text(partial)})").fetchone() or ()
    doubtful = [number for number in range(len(keys)) if after[number] < rows]
    before = list(after)
    if doubtful:
        present = ", ".join(
            f"count(*) FILTER ({present_sql(keys[number], found[number].kind)})" for number in doubtful
        )
        counts = connection.execute(f"SELECT {present} FROM staged").fetchone() or ()
        for number, count in zip(doubtful, counts, strict=True):
            before[number] = count
    return before, after


def _bad_cells(
    connection: duckdb.DuckDBPyConnection, key: str, found: ColumnType, line_of: Callable[[int], int]
) -> list[BadCell]:
    rows = connection.execute(
        f"SELECT file_row_number, {quoted(key)} FROM staged WHERE {present_sql(key, found.kind)} "
        f"AND ({typed_sql(key, found)}) IS NULL ORDER BY file_row_number LIMIT {BAD_CELLS_KEPT}"
    ).fetchall()
    return [BadCell(line_of(row), row + 1, raw[:200]) for row, raw in rows]
