"""What has been read apart becomes our table: columns with their types, each odd cell listed, a profile of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from tandem.catalogue.adapters.apart import too_large
from tandem.catalogue.adapters.duck import quoted, text
from tandem.catalogue.adapters.reading.columns import mixed_columns, type_columns
from tandem.catalogue.adapters.reading.profiles import with_profiles
from tandem.catalogue.adapters.reading.refusals import MOST_COLUMNS, NoRows, TooManyColumns, Unreadable
from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.report import BAD_CELLS_KEPT, BadCell, ColumnReport
from tandem.catalogue.domain.types import column_keys
from tandem.core.findings import Finding
from tandem.core.text import say

_TYPES = {
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "time": "TIME",
    "text": "VARCHAR",
    "geometry": "VARCHAR",
}
_ROWS_IN_GROUP, _SHAPES_IN_GROUP = 122_880, 8_192


@dataclass(frozen=True, slots=True)
class Incoming:
    """A column of the staged table ``c0``, ``c1`` … in the file's order.

    Attributes:
        kind: As in ``ColumnReport``; empty for a column of texts whose kind is to be recognised.
    """

    name: str
    kind: str


def land(
    connection: duckdb.DuckDBPyConnection, staged: Path, incoming: Sequence[Incoming], rows: int, task: Task
) -> tuple[list[ColumnReport], list[Finding]]:
    """Write a staged Parquet file as our table.

    Args:
        staged: Columns ``c0`` … in texts or in their types already; ``line``, where there is one, is the row's
            place in the file.
        rows: How many rows it has.

    Raises:
        NotATable: There are no rows, or too many columns.
        Cancelled: Somebody asked to stop.
    """
    if not rows or not incoming:
        raise NoRows(task.filename)
    if len(incoming) > MOST_COLUMNS:
        raise TooManyColumns(task.filename, len(incoming))
    names = [each.name.strip() or f"Spalte {number}" for number, each in enumerate(incoming, start=1)]
    keys = column_keys(names)
    task.step(0.5, say("Recognising columns"))
    try:
        return _landed(connection, staged, incoming, names, keys, rows, task)
    except duckdb.OutOfMemoryException as error:
        raise Unreadable(task.filename, too_large()) from error


def _landed(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    incoming: Sequence[Incoming],
    names: Sequence[str],
    keys: Sequence[str],
    rows: int,
    task: Task,
) -> tuple[list[ColumnReport], list[Finding]]:
    texts = [number for number, each in enumerate(incoming) if not each.kind]
    recognised = _recognise(connection, staged, texts, names, keys, rows, task) if texts else []
    _write(connection, staged, incoming, keys, [column.key for column in recognised], task)
    task.step(0.8, say("Looking for cells that do not fit"))
    by_key = {column.key: column for column in recognised}
    typed = [n for n in range(len(incoming)) if n not in texts]
    by_key |= _reports(connection, staged, incoming, typed, names, keys, rows, task.partial)
    columns = [by_key[key] for key in keys]
    findings = mixed_columns(connection, recognised, rows) if recognised else []
    task.step(0.9, say("Describing columns"))
    return with_profiles(connection, task.partial, columns), findings


def _recognise(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    texts: Sequence[int],
    names: Sequence[str],
    keys: Sequence[str],
    rows: int,
    task: Task,
) -> list[ColumnReport]:
    """Recognise the columns of texts, in a table of their own."""
    only = task.work_dir / "texts.parquet"
    listed = ", ".join(f"c{number} AS {quoted(keys[number])}" for number in texts)
    connection.execute(
        f"COPY (SELECT {listed} FROM read_parquet({text(staged)})) TO {text(only)} "
        "(FORMAT parquet, PRESERVE_ORDER true)"
    )
    target = task.work_dir / "recognised.parquet"
    chosen_names, chosen_keys = [names[n] for n in texts], [keys[n] for n in texts]

    def step(_share: float, message: str) -> None:
        task.step(0.6, message)

    return type_columns(connection, only, target, chosen_names, chosen_keys, rows, 0, step)


def _write(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    incoming: Sequence[Incoming],
    keys: Sequence[str],
    recognised: Sequence[str],
    task: Task,
) -> None:
    listed = ", ".join(
        f"r.{quoted(key)}"
        if key in recognised
        else f"TRY_CAST(s.c{number} AS {_TYPES[each.kind]}) AS {quoted(key)}"
        for number, (key, each) in enumerate(zip(keys, incoming, strict=True))
    )
    beside = (
        f" POSITIONAL JOIN read_parquet({text(task.work_dir / 'recognised.parquet')}) r" if recognised else ""
    )
    if recognised:  # two files side by side keep their order with one thread only
        connection.execute("SET threads=1")
    has_shapes = any(each.kind == "geometry" for each in incoming)
    group = _SHAPES_IN_GROUP if has_shapes else _ROWS_IN_GROUP
    connection.execute(
        f"COPY (SELECT {listed} FROM read_parquet({text(staged)}) s{beside}) TO {text(task.partial)} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group}, PRESERVE_ORDER true)"
    )


def _reports(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    incoming: Sequence[Incoming],
    typed: Sequence[int],
    names: Sequence[str],
    keys: Sequence[str],
    rows: int,
    partial: Path,
) -> dict[str, ColumnReport]:
    if not typed:
        return {}
    before = _counts(connection, staged, [f"c{number}" for number in typed])
    after = _counts(connection, partial, [keys[number] for number in typed])
    found = {}
    for number, had, has in zip(typed, before, after, strict=True):
        report = ColumnReport(keys[number], names[number], incoming[number].kind, rows, rows - has)
        if had > has:
            cells = _bad_cells(connection, staged, number, incoming[number].kind)
            report = replace(report, bad_count=had - has, bad_cells=cells)
        found[keys[number]] = report
    return found


def _counts(connection: duckdb.DuckDBPyConnection, parquet: Path, names: Sequence[str]) -> list[int]:
    listed = ", ".join(f"count({quoted(name)})" for name in names)
    row = connection.execute(f"SELECT {listed} FROM read_parquet({text(parquet)})").fetchone()
    return [int(count) for count in row or ()]


def _bad_cells(connection: duckdb.DuckDBPyConnection, staged: Path, number: int, kind: str) -> list[BadCell]:
    has_line = "line" in {
        row[0]
        for row in connection.execute(f"DESCRIBE SELECT * FROM read_parquet({text(staged)})").fetchall()
    }
    line = "CAST(line AS BIGINT)" if has_line else "0"
    rows = connection.execute(
        f"SELECT {line}, file_row_number, CAST(c{number} AS VARCHAR) "
        f"FROM read_parquet({text(staged)}, file_row_number=true) "
        f"WHERE c{number} IS NOT NULL AND TRY_CAST(c{number} AS {_TYPES[kind]}) IS NULL "
        f"ORDER BY file_row_number LIMIT {BAD_CELLS_KEPT}"
    ).fetchall()
    return [BadCell(int(at), int(row) + 1, raw[:200]) for at, row, raw in rows]
