"""What the columns of a table hold: how many different values, from where to where, the commonest, coordinates."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters.duck import quoted, text
from tandem.catalogue.domain.report import ColumnProfile, ColumnReport
from tandem.catalogue.domain.types import column_keys

TOP_VALUES = 40


def with_profiles(
    connection: duckdb.DuckDBPyConnection, partial: Path, columns: Sequence[ColumnReport]
) -> list[ColumnReport]:
    """Return the columns with what each of them holds in the written table."""
    aggregates = ", ".join(_aggregates(column) for column in columns)
    values = list(
        connection.execute(f"SELECT {aggregates} FROM read_parquet({text(partial)})").fetchone() or ()
    )
    profiled = []
    for number, column in enumerate(columns):
        distinct, least, most, mean = values[4 * number : 4 * number + 4]
        few = column.kind in {"text", "boolean"} and 0 < distinct <= TOP_VALUES
        top = _top(connection, partial, column.key) if few else []
        profile = ColumnProfile(
            distinct=len(top) or min(int(distinct), column.rows - column.nulls),
            min=_plain(least),
            max=_plain(most),
            mean=mean,
            top=top,
            role=role_of(column.name, column.kind, least, most),
        )
        profiled.append(replace(column, profile=profile))
    latitudes = [column for column in profiled if column.profile.role == "latitude"]
    longitudes = [column for column in profiled if column.profile.role == "longitude"]
    return profiled if bool(latitudes) == bool(longitudes) else [_without_role(column) for column in profiled]


def _without_role(column: ColumnReport) -> ColumnReport:
    if column.profile.role not in {"latitude", "longitude"}:
        return column
    return replace(column, profile=replace(column.profile, role=""))


def _aggregates(column: ColumnReport) -> str:
    name = quoted(column.key)
    if column.kind == "geometry":
        return "0, NULL, NULL, NULL"
    mean = f"avg({name})" if column.kind in {"integer", "decimal"} else "NULL"
    ends = "NULL, NULL" if column.kind == "text" else f"min({name}), max({name})"
    return f"approx_count_distinct({name}), {ends}, {mean}"


def _top(connection: duckdb.DuckDBPyConnection, partial: Path, key: str) -> list[tuple[Any, int]]:
    name = quoted(key)
    rows = connection.execute(
        f"SELECT {name}, count(*) AS n FROM read_parquet({text(partial)}) WHERE {name} IS NOT NULL "
        f"GROUP BY 1 ORDER BY n DESC, 1 LIMIT {TOP_VALUES + 20}"
    ).fetchall()
    return [(value, int(count)) for value, count in rows]


def _plain(value: Any) -> Any:
    return (
        value
        if value is None or isinstance(value, int | float | bool)
        else str(value)
        if not hasattr(value, "isoformat")
        else value.isoformat()
    )


_LATITUDES = {
    "lat",
    "latitude",
    "breite",
    "breitengrad",
    "geo_breite",
    "latitudine",
    "y",
    "geogr_breite",
    "lat_wgs84",
    "wgs84_lat",
    "breite_wgs84",
    "nord",
}
_LONGITUDES = {
    "lon",
    "lng",
    "long",
    "longitude",
    "laenge",
    "laengengrad",
    "geo_laenge",
    "longitudine",
    "x",
    "geogr_laenge",
    "lon_wgs84",
    "wgs84_lon",
    "laenge_wgs84",
    "ost",
    "est",
}


def role_of(name: str, kind: str, least: Any, most: Any) -> str:
    """Return whether a column holds coordinates: by its name, and only where its values can be degrees."""
    if kind == "geometry":
        return "geometry"
    if kind not in {"decimal", "integer"} or least is None:
        return ""
    key = column_keys([name])[0]
    words = {key, *key.split("_")}
    if words & _LATITUDES and least >= -90 and most <= 90:
        return "latitude"
    if words & _LONGITUDES and least >= -180 and most <= 180:
        return "longitude"
    return ""
