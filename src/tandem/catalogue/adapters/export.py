"""Give a table away as a stream of bytes, however large: CSV, JSON, JSON lines, Parquet, XLSX, GeoJSON."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tandem.catalogue.adapters.duck import loading, quoted, text
from tandem.catalogue.adapters.query import Filter, column_keys_of, feature, ordered, where
from tandem.catalogue.adapters.workbook import workbook
from tandem.catalogue.domain.report import ColumnReport

BATCH_ROWS = 2_000
CHUNK_BYTES = 262_144


def stream(
    parquet: Path,
    wanted: str,
    *,
    columns: Sequence[ColumnReport],
    filters: Sequence[Filter] = (),
    sort: Sequence[tuple[str, bool]] = (),
) -> Iterator[bytes]:
    """Yield the rows that fit, in a format.

    Args:
        wanted: ``csv`` (RFC 4180, UTF-8, ISO dates, decimal points), ``json`` (an array of objects),
            ``jsonl`` (an object a line), ``xlsx``, ``parquet`` or ``geojson``.
        columns: The columns, in order; for ``geojson`` all of them.
    """
    keys = [column.key for column in columns]
    if wanted == "parquet" and not filters and not sort and keys == column_keys_of(parquet):
        return _file(parquet)
    if wanted == "parquet":
        return _filtered_parquet(parquet, keys, filters, sort)
    batches = _batches(parquet, keys, filters, sort)
    if wanted == "geojson":
        return _geojson(batches, columns)
    return written(batches, wanted, keys=keys, names=[column.name for column in columns])


def written(
    batches: Iterable[Sequence[Sequence[Any]]], wanted: str, *, keys: Sequence[str], names: Sequence[str]
) -> Iterator[bytes]:
    """Yield rows in a format: ``csv``, ``json``, ``jsonl`` or ``xlsx``.

    Args:
        keys: What the members of an object are called.
        names: The heads of columns.
    """
    if wanted == "csv":
        return _csv(batches, names)
    if wanted == "xlsx":
        return workbook(batches, names)
    objects = (dict(zip(keys, map(_plain, row), strict=True)) for batch in batches for row in batch)
    return _lines(objects) if wanted == "jsonl" else _array(objects, b"[", b"]\n")


def _sql(
    parquet: Path, keys: Sequence[str], filters: Sequence[Filter], sort: Sequence[tuple[str, bool]]
) -> tuple[str, list[Any]]:
    condition, values = where(filters)
    names = ", ".join(map(quoted, keys))
    return f"SELECT {names} FROM read_parquet({text(parquet)}){condition}{ordered(sort)}", values


def _batches(
    parquet: Path, keys: Sequence[str], filters: Sequence[Filter], sort: Sequence[tuple[str, bool]]
) -> Iterator[list[tuple[Any, ...]]]:
    with tempfile.TemporaryDirectory() as folder, loading(Path(folder)) as connection:
        sql, values = _sql(parquet, keys, filters, sort)
        cursor = connection.execute(sql, values)
        while batch := cursor.fetchmany(BATCH_ROWS):
            yield batch


def _file(parquet: Path) -> Iterator[bytes]:
    with parquet.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            yield chunk


def _filtered_parquet(
    parquet: Path, keys: Sequence[str], filters: Sequence[Filter], sort: Sequence[tuple[str, bool]]
) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder, loading(Path(folder)) as connection:
        target = Path(folder) / "rows.parquet"
        sql, values = _sql(parquet, keys, filters, sort)
        connection.execute(f"COPY ({sql}) TO {text(target)} (FORMAT parquet, COMPRESSION zstd)", values)
        yield from _file(target)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _csv(batches: Iterable[Sequence[Sequence[Any]]], names: Sequence[str]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(names)
    for batch in batches:
        writer.writerows([[_csv_cell(value) for value in row] for row in batch])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    if buffer.getvalue():
        yield buffer.getvalue().encode()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(value)


def _lines(objects: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    waiting, size = [], 0
    for each in objects:
        line = json.dumps(each, ensure_ascii=False, allow_nan=False, default=str).encode() + b"\n"
        waiting.append(line)
        size += len(line)
        if size > CHUNK_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _geojson(batches: Iterable[list[tuple[Any, ...]]], columns: Sequence[ColumnReport]) -> Iterator[bytes]:
    made = (feature(row, columns) for batch in batches for row in batch)
    found = (each for each in made if each is not None)
    yield from _array(found, b'{"type": "FeatureCollection", "features": [', b"]}\n")


def _array(objects: Iterable[dict[str, Any]], begin: bytes, end: bytes) -> Iterator[bytes]:
    waiting, size, between = [begin], 0, b"\n"
    for each in objects:
        part = between + json.dumps(each, ensure_ascii=False, allow_nan=False, default=str).encode()
        between = b",\n"
        waiting.append(part)
        size += len(part)
        if size > CHUNK_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join([*waiting, b"\n", end])
