"""Spatial files (GeoPackage, Shapefile) and Parquet: their layers, and a layer as a Parquet table in WGS 84.

They are opened by GDAL and DuckDB in a connection that can reach one folder and nothing else, by the one driver
that the file's content shows.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters import spatial
from tandem.catalogue.adapters.apart import Failed, too_large
from tandem.catalogue.adapters.duck import loading, quoted, text
from tandem.core.text import say

MEMORY, SPACE_BYTES = "800MB", 6_000_000_000
ROWS_IN_GROUP, SHAPES_IN_GROUP = 122_880, 8_192
MOST_PARTS = 1_000
MOST_COLUMNS = 2_000
WGS_84 = "OGC:CRS84"
_DRIVERS = {"GPKG": "GPKG", "SHP": "ESRI Shapefile"}
_FOREIGN_MODULE = re.compile(r"(?is)\s*CREATE\s+VIRTUAL\s+TABLE\b(?!.*\bUSING\s+\"?rtree\b)")
_KINDS = (
    (re.compile(r"BOOLEAN"), "boolean", "{}"),
    (re.compile(r"U?(TINYINT|SMALLINT|INTEGER)|BIGINT"), "integer", "CAST({} AS BIGINT)"),
    (re.compile(r"FLOAT|DOUBLE|DECIMAL.*"), "decimal", "CAST({} AS DOUBLE)"),
    (re.compile(r"DATE"), "date", "{}"),
    (re.compile(r"TIMESTAMP WITH TIME ZONE"), "datetime", "({} AT TIME ZONE 'UTC')"),
    (re.compile(r"TIMESTAMP.*"), "datetime", "CAST({} AS TIMESTAMP)"),
    (re.compile(r"TIME"), "time", "{}"),
    (re.compile(r"(STRUCT|MAP|UNION).*|.*\[\d*\]|JSON"), "text", "CAST(to_json({}) AS VARCHAR)"),
    (re.compile(r"BLOB"), "text", "CASE WHEN {0} IS NOT NULL THEN '(' || octet_length({0}) || ' bytes)' END"),
)


@contextmanager
def _confined(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with loading(folder) as connection:
        spatial.load(connection)
        connection.execute(f"SET TimeZone='UTC'; SET memory_limit='{MEMORY}'")
        spatial.confine(connection, folder)
        yield connection


def _failed(error: duckdb.Error) -> Failed:
    if isinstance(error, duckdb.OutOfMemoryException):
        return Failed(too_large())
    line = str(error).partition("\n")[0]
    return Failed(say("the file is damaged ({problem}).", problem=re.sub(r"(/[\w.-]+)+/", "", line)[:200]))


# --- layers -------------------------------------------------------------------------------------
def layers(*, path: str, driver: str, tell: Callable[[float], None]) -> dict[str, Any]:
    """Return the layers of a spatial file: name, and ``table`` as a note where there is no geometry."""
    if driver == "GPKG":
        _refuse_programs(path)
    with _confined(Path(path).parent) as connection:
        found = [{"name": each["name"], "note": _note(each)} for each in _meta(connection, path)]
    tell(1.0)
    return {"parts": found[:MOST_PARTS]}


def _note(layer: dict[str, Any]) -> str:
    return "" if layer["geometry_fields"] else "table"


def _meta(connection: duckdb.DuckDBPyConnection, path: str) -> list[dict[str, Any]]:
    try:
        row = connection.execute("SELECT layers FROM st_read_meta(?)", [path]).fetchone()
    except duckdb.Error as error:
        raise _failed(error) from error
    return list(row[0]) if row else []


def _refuse_programs(path: str) -> None:
    """Refuse a GeoPackage with views or triggers in it: they are programs that run when it is read."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as database:
            database.execute("PRAGMA trusted_schema=off")
            rows = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    except sqlite3.Error as error:
        raise Failed(say("the file is damaged ({problem}).", problem=str(error)[:200])) from error
    virtual = [name for kind, name, sql in rows if kind == "table" and _FOREIGN_MODULE.match(sql or "")]
    tables = {name for kind, name, _sql in rows if kind == "table"}
    if "gpkg_contents" not in tables:
        raise Failed(say("it is an SQLite database and no GeoPackage. Save its table as CSV."))
    views = virtual + [name for kind, name, _sql in rows if kind == "view"]
    if views:
        raise Failed(
            say(
                "it has a view in it ({name}), which is a program. Save it as a layer of its own.",
                name=", ".join(views)[:100],
            )
        )


# --- one layer ----------------------------------------------------------------------------------
def layer(
    *, path: str, driver: str, name: str, crs: str, out: str, tell: Callable[[float], None]
) -> dict[str, Any]:
    """Write a layer as Parquet: its attributes with their types, its geometry as GeoJSON text in WGS 84.

    Args:
        crs: Definition of the coordinates' system where the file itself has none; may be empty.

    Returns:
        ``rows``, ``columns`` (name and kind), ``crs`` (what the system is called), ``lost`` (geometries that
        could not be brought to WGS 84).
    """
    if driver == "GPKG":
        _refuse_programs(path)
    with _confined(Path(path).parent) as connection:
        meta = next((each for each in _meta(connection, path) if each["name"] == name), None)
        if meta is None:
            raise Failed(say("there is no layer {name} in it.", name=name))
        geometry = (meta["geometry_fields"] or [{}])[0]
        system = geometry.get("crs") or {}
        relation = (
            f"st_read({text(path)}, layer := {text(name)}, allowed_drivers := [{text(_DRIVERS[driver])}])"
        )
        definition = _definition(system) or crs
        if driver == "SHP":  # its rows have no number of their own; GDAL counts them
            relation = f"(SELECT * EXCLUDE (OGC_FID) FROM {relation})"
        found = _copy(connection, relation, definition, out, tell)
        return {**found, "crs": _called(system) or definition[:100]}


def _definition(system: dict[str, Any]) -> str:
    if system.get("auth_name") and system.get("auth_code"):
        return f"{system['auth_name']}:{system['auth_code']}"
    return str(system.get("wkt") or system.get("proj4") or "")


def _called(system: dict[str, Any]) -> str:
    code = f"{system['auth_name']}:{system['auth_code']}" if system.get("auth_code") else ""
    name = str(system.get("name") or "")
    return f"{name} ({code})" if name and code else name or code


def parquet(*, path: str, out: str, tell: Callable[[float], None]) -> dict[str, Any]:
    """Write a Parquet file anew with our types; geometries as GeoJSON text in WGS 84."""
    with _confined(Path(path).parent) as connection:
        relation = f"read_parquet({text(path)})"
        system = _geometry_system(connection, relation)
        return {**_copy(connection, relation, system, out, tell), "crs": system}


def _described(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as error:
        raise _failed(error) from error
    return [(str(row[0]), str(row[1])) for row in rows]


def _geometry_system(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    kinds = [kind for _name, kind in _described(connection, relation) if kind.startswith("GEOMETRY")]
    match = re.fullmatch(r"GEOMETRY\('(.*)'\)", kinds[0], re.DOTALL) if kinds else None
    return match[1] if match else ""


def _copy(
    connection: duckdb.DuckDBPyConnection, relation: str, system: str, out: str, tell: Callable[[float], None]
) -> dict[str, Any]:
    columns = _described(connection, relation)
    if len(columns) > MOST_COLUMNS:
        raise Failed(
            say(
                "it has {columns} columns; at most {most} can be read.",
                columns=len(columns),
                most=MOST_COLUMNS,
            )
        )
    shapes = [name for name, kind in columns if kind.startswith("GEOMETRY")]
    kept = [(name, kind) for name, kind in columns if name not in shapes[1:]]
    kept.sort(key=lambda column: column[0] in shapes)  # the geometry comes last, as in GeoJSON
    parts = [_column(name, kind, system) for name, kind in kept]
    listed = ", ".join(f"{sql} AS c{number}" for number, (_kind, sql) in enumerate(parts))
    group = SHAPES_IN_GROUP if shapes else ROWS_IN_GROUP
    tell(0.05)
    try:
        connection.execute(
            f"COPY (SELECT {listed} FROM {relation}) TO {text(out)} "
            f"(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {group}, PRESERVE_ORDER true)"
        )
        lost = _lost(connection, relation, shapes[:1], out, len(parts) - 1)
    except duckdb.Error as error:
        raise _failed(error) from error
    tell(1.0)
    rows = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [out]).fetchone()
    return {
        "rows": int(rows[0]) if rows else 0,
        "columns": [
            {"name": "geometry" if kind == "geometry" else name, "kind": kind}
            for (name, _type), (kind, _sql) in zip(kept, parts, strict=True)
        ],
        "lost": lost,
        "left_out": shapes[1:],
    }


def _lost(
    connection: duckdb.DuckDBPyConnection, relation: str, shapes: list[str], out: str, place: int
) -> int:
    """Return how many geometries could not be brought to WGS 84."""
    if not shapes:
        return 0
    before = connection.execute(f"SELECT count({quoted(shapes[0])}) FROM {relation}").fetchone()
    after = connection.execute(f"SELECT count(c{place}) FROM read_parquet(?)", [out]).fetchone()
    return int(before[0]) - int(after[0]) if before and after else 0


def _column(name: str, kind: str, system: str) -> tuple[str, str]:
    cell = quoted(name)
    if kind.startswith("GEOMETRY"):
        return "geometry", geojson_sql(f"CAST({cell} AS GEOMETRY)", system)
    for pattern, ours, sql in _KINDS:
        if pattern.fullmatch(kind):
            return ours, sql.format(cell)
    return "text", f"CAST({cell} AS VARCHAR)"


def geojson_sql(geometry: str, system: str) -> str:
    """Return the SQL that gives a geometry as GeoJSON text in WGS 84; NULL where that cannot be."""
    flat = f"ST_Force2D({geometry})"
    if not system:  # nobody says where it is: only degrees can be taken as they are
        degrees = f"ST_XMin({flat}) >= -180 AND ST_XMax({flat}) <= 180 AND abs(ST_YMin({flat})) <= 90"
        flat = f"CASE WHEN {degrees} AND abs(ST_YMax({flat})) <= 90 THEN {flat} END"
    if system and system.upper() not in {WGS_84, "EPSG:4326"}:
        flat = f"TRY(ST_Transform({flat}, {text(system)}, {text(WGS_84)}, always_xy := true))"
    finite = f"isfinite(ST_XMin({flat})) AND isfinite(ST_YMax({flat}))"
    return f"CASE WHEN {finite} THEN CAST(ST_AsGeoJSON({flat}) AS VARCHAR) END"
