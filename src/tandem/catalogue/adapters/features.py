"""Features of a table's places: as GeoJSON, page by page; SQL is made here from quoted names and bound values."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tandem.catalogue.adapters.duck import quoted, text
from tandem.catalogue.adapters.places import BOX, FID, GEOMETRY, ask
from tandem.catalogue.domain.cql2 import Term
from tandem.catalogue.domain.crs import CRS84, Box, Crs
from tandem.catalogue.domain.report import ColumnReport


@dataclass(frozen=True, slots=True)
class Found:
    """Some features.

    Attributes:
        numbers: The number of each.
        texts: Each as GeoJSON text.
    """

    numbers: list[int]
    texts: list[str]


def page(
    file: Path,
    columns: Sequence[ColumnReport],
    conditions: Sequence[Term],
    *,
    crs: Crs = CRS84,
    after: int = 0,
    offset: int = 0,
    limit: int,
) -> Found:
    """Return features in the order of the table.

    Args:
        file: The table's places.
        after: Only features with a greater number.
        offset: How many to leave out at first.
    """
    where, values = _where([*conditions, *([Term(f"({FID} > ?)", (after,))] if after else [])])
    sql = f"SELECT {FID}, {_feature(columns, crs)} FROM {{places}}{where} LIMIT ? OFFSET ?"
    rows = ask(file, sql, [*values, limit, offset], limited=bool(conditions))
    return Found([int(number) for number, _text in rows], [feature for _number, feature in rows])


def one(file: Path, columns: Sequence[ColumnReport], number: int, crs: Crs) -> str | None:
    """Return the feature with a number."""
    found = page(file, columns, [Term(f"({FID} = ?)", (number,))], crs=crs, limit=1)
    return found.texts[0] if found.texts else None


def count(file: Path, conditions: Sequence[Term]) -> int:
    """Return how many features fit."""
    where, values = _where(conditions)
    return int(ask(file, f"SELECT count(*) FROM {{places}}{where}", values, limited=True)[0][0])


def extent(file: Path) -> Box | None:
    """Return west, south, east, north of all features, in degrees."""
    west, south, east, north = BOX
    found = ask(file, f"SELECT min({west}), min({south}), max({east}), max({north}) FROM {{places}}")[0]
    return None if found[0] is None else (found[0], found[1], found[2], found[3])


def in_degrees(file: Path, geometry: str, crs: Crs) -> str | None:
    """Return a geometry, both as GeoJSON, in longitude and latitude; None where it lies outside its system."""
    moved = f"ST_Transform(ST_GeomFromGeoJSON(?), {text(crs.code)}, {text(CRS84.code)})"
    sql = f"SELECT ST_AsGeoJSON(g) FROM (SELECT {moved} AS g) WHERE {_is_finite('g')}"
    found = ask(file, sql, [geometry])
    return found[0][0] if found else None


def _where(conditions: Sequence[Term]) -> tuple[str, list[Any]]:
    if not conditions:
        return "", []
    values = [value for term in conditions for value in term.values]
    return f" WHERE {' AND '.join(term.sql for term in conditions)}", values


def _feature(columns: Sequence[ColumnReport], crs: Crs) -> str:
    """Return the SQL of a row as a GeoJSON text."""
    properties = ", ".join(
        f"{quoted(each.key)} := {_value(each)}" for each in columns if each.kind != "geometry"
    )
    values = f"to_json(struct_pack({properties}))" if properties else "'{}'"
    return (
        f"""'{{"type":"Feature","id":' || {FID} || ',"geometry":' || coalesce({_geometry(crs)}, 'null')"""
        f""" || ',"properties":' || {values} || '}}'"""
    )


def _geometry(crs: Crs) -> str:
    if crs == CRS84:
        return f"ST_AsGeoJSON({GEOMETRY})"
    moved = f"ST_Transform({GEOMETRY}, {text(CRS84.code)}, {text(crs.code)})"
    return f"CASE WHEN {_is_finite(moved)} THEN ST_AsGeoJSON({moved}) END"


def _is_finite(geometry: str) -> str:
    return " AND ".join(
        f"isfinite({function}({geometry}))" for function in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")
    )


def _value(column: ColumnReport) -> str:
    name = quoted(column.key)
    if column.kind == "decimal":
        return f"CASE WHEN isfinite({name}) THEN {name} END"
    if column.kind == "datetime":
        return f"replace(CAST({name} AS VARCHAR), ' ', 'T')"
    return name
