"""JSON files as tables: GeoJSON, an array of objects, one object a line."""

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tandem.catalogue.adapters import geojson
from tandem.catalogue.adapters.duck import loading, quoted, text
from tandem.catalogue.adapters.reading.content import as_utf8
from tandem.catalogue.adapters.reading.profiles import with_profiles
from tandem.catalogue.adapters.reading.refusals import NoRows, Unreadable
from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.report import ColumnReport, LoadReport
from tandem.catalogue.domain.types import column_keys
from tandem.core.text import say

_JSON_TYPES = {
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "text": "VARCHAR",
    "geometry": "VARCHAR",
}


def recognises(head: bytes) -> bool:
    """Return whether a file begins like JSON."""
    return geojson.is_json(head)


def read(task: Task) -> LoadReport:
    """Read a JSON file.

    Raises:
        NotATable: It breaks off, or there is no list of objects in it.
    """
    partial = task.partial
    try:
        found = geojson.read(as_utf8(task.source, task.head, task.work_dir))
    except (ValueError, RecursionError) as error:
        raise Unreadable(task.filename, f"it begins like JSON and is none ({error}).") from error
    if not found.rows:
        raise NoRows(task.filename)
    keys = column_keys(found.names)
    lines = task.work_dir / "rows.json"
    longest = 0
    with lines.open("wb") as sink:
        for row in found.rows:
            line = json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False).encode() + b"\n"
            longest = max(longest, len(line))
            sink.write(line)
    task.step(0.5, say("Recognising columns"))
    kinds = [found.kind(number) for number in range(len(keys))]
    with loading(task.work_dir) as connection:
        columns = ", ".join(
            f"{text(key)}: {text(_JSON_TYPES[kind])}" for key, kind in zip(keys, kinds, strict=True)
        )
        connection.execute(
            f"COPY (SELECT * FROM read_json({text(lines)}, format='newline_delimited', columns={{{columns}}}, "
            f"maximum_object_size={longest + 1_000})) TO {text(partial)} (FORMAT parquet, COMPRESSION zstd)"
        )
        kept = _kept(connection, keys, partial)
        reports = [
            ColumnReport(
                key=key, name=name, kind=kind, rows=len(found.rows), nulls=int(len(found.rows) - count)
            )
            for key, name, kind, count in zip(keys, found.names, kinds, kept, strict=True)
        ]
        task.step(0.9, say("Describing columns"))
        return LoadReport(columns=with_profiles(connection, partial, reports), rows=len(found.rows))


def _kept(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], partial: Path) -> Sequence[int]:
    kept = ", ".join(f"count({quoted(key)})" for key in keys)
    return connection.execute(f"SELECT {kept} FROM read_parquet({text(partial)})").fetchone() or ()
