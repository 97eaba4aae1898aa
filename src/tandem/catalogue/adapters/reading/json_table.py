"""JSON files as tables: GeoJSON, an array of objects, one object a line; objects in rows are spread, one level deep."""

import codecs
from pathlib import Path

import duckdb

from tandem.catalogue.adapters import geojson, spatial
from tandem.catalogue.adapters.apart.layers import WGS_84, geojson_sql
from tandem.catalogue.adapters.duck import loading, text
from tandem.catalogue.adapters.reading import json_stream
from tandem.catalogue.adapters.reading.content import as_utf8
from tandem.catalogue.adapters.reading.landing import Incoming, land
from tandem.catalogue.adapters.reading.places import place_findings
from tandem.catalogue.adapters.reading.refusals import MOST_COLUMNS, TooManyColumns, Unreadable
from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.report import LoadReport, Origin
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DUCK = {
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "VARCHAR",
    "text": "VARCHAR",
}


def recognises(head: bytes) -> bool:
    """Return whether a file begins like JSON."""
    encoding = next((name for mark, name in _UTF_16.items() if head.startswith(mark)), "")
    plain = (
        head[: len(head) // 2 * 2].decode(encoding, "ignore").encode("utf-8", "ignore") if encoding else head
    )
    return geojson.is_json(plain.lstrip(b"\x1e"))


def read(task: Task) -> LoadReport:
    """Read a JSON file.

    Raises:
        NotATable: It breaks off, or there is no list of objects in it.
    """
    plain = as_utf8(task.source, task.head, task.work_dir)
    whole = max(1, plain.stat().st_size)

    def tick(taken: int) -> None:
        task.step(min(0.4, 0.4 * taken / whole), say("Reading rows"))

    try:
        rows = json_stream.read(plain, task.work_dir, most_columns=MOST_COLUMNS, tick=tick)
    except json_stream.NotJson as error:
        raise Unreadable(task.filename, error.args[0]) from error
    if len(rows.columns) > MOST_COLUMNS:
        raise TooManyColumns(task.filename, len(rows.columns))
    incoming = [Incoming(each.name, each.kind) for each in rows.columns.values()]
    if rows.has_geometry:
        incoming.append(Incoming(json_stream.GEOMETRY, "geometry"))
    staged = task.work_dir / "staged.parquet"
    with loading(task.work_dir) as connection:
        lost = _stage(connection, rows, incoming, staged, task)
        columns, findings = land(connection, staged, incoming, rows.count, task)
    findings = [*_nested(rows), *place_findings(rows.system, lost), *findings]
    return LoadReport(columns, rows.count, findings=findings, origin=_origin(rows))


def _origin(rows: json_stream.Rows) -> Origin:
    return Origin("GEOJSON" if rows.has_geometry else "JSON", crs=rows.system)


def _stage(
    connection: duckdb.DuckDBPyConnection,
    rows: json_stream.Rows,
    incoming: list[Incoming],
    staged: Path,
    task: Task,
) -> int:
    """Write the rows as Parquet; return how many geometries were lost on the way to WGS 84."""
    if not rows.count or not incoming:
        return 0
    columns = {f"c{n}": _DUCK[each.kind] for n, each in enumerate(incoming) if each.kind != "geometry"}
    listed = [f"{name}" for name in columns]
    for number, each in enumerate(incoming):
        if each.kind == "datetime":
            listed[number] = _moment(f"c{number}")
    if rows.has_geometry:
        columns["g"] = "VARCHAR"
        listed.append(f"{_geometry(connection, rows.system)} AS c{len(incoming) - 1}")
    shape = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    source = (
        f"read_json({text(rows.path)}, format='newline_delimited', columns={{{shape}}}, "
        f"maximum_object_size={rows.longest + 1_000})"
    )
    try:
        connection.execute(
            f"COPY (SELECT {', '.join(listed)} FROM {source}) TO {text(staged)} (FORMAT parquet, PRESERVE_ORDER true)"
        )
    except duckdb.Error as error:
        raise Unreadable(task.filename, str(error).partition("\n")[0][:200]) from error
    if not rows.has_geometry:
        return 0
    row = connection.execute(
        f"SELECT (SELECT count(g) FROM {source}) - count(c{len(incoming) - 1}) FROM read_parquet({text(staged)})"
    ).fetchone()
    return int(row[0]) if row else 0


def _moment(name: str) -> str:
    """Return the SQL that reads a moment; one with a zone becomes UTC."""
    zoned = rf"regexp_matches({name}, '(Z|[+-]\d{{2}}:?\d{{2}})$')"
    utc = f"CAST(TRY_CAST({name} AS TIMESTAMPTZ) AS TIMESTAMP)"
    return f"CASE WHEN {zoned} THEN {utc} ELSE TRY_CAST({name} AS TIMESTAMP) END AS {name}"


def _geometry(connection: duckdb.DuckDBPyConnection, system: str) -> str:
    if not system or system.upper() in {WGS_84, "EPSG:4326"}:
        return "g"
    spatial.load(connection)
    return geojson_sql("TRY(ST_GeomFromGeoJSON(g))", system)


def _nested(rows: json_stream.Rows) -> list[Finding]:
    found = []
    if rows.spread:
        found.append(
            Finding(
                Severity.INFO,
                "catalogue.table.spread",
                ", ".join(rows.spread)[:200],
                say("The members of objects became columns of their own, named with a point between."),
            )
        )
    if rows.kept:
        found.append(
            Finding(
                Severity.INFO,
                "catalogue.table.nested",
                ", ".join(rows.kept)[:200],
                say("Lists and what is nested deeper are kept as JSON text in these columns."),
            )
        )
    return found
