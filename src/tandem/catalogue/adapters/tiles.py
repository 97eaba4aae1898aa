"""Vector tiles (MVT 2.1) of a table's places.

A tile has two layers. ``shapes``: lines and areas that are large enough to be seen, simplified to what the zoom can
show. ``points``: points, and the middle of what is too small to be seen; where several share a cell of the
tile they are one point that carries their ``count``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tandem.catalogue.adapters.duck import quoted, text
from tandem.catalogue.adapters.places import FID, ask
from tandem.catalogue.adapters.query import Filter, where
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.domain.tile import Tile

EXTENT, BUFFER = 4_096, 64
CELLS = 4  # cells along a side of a tile: 64 pixels each
SINGLES = 6  # so many points of a cell are drawn one by one
LEAN = 0.12  # how far a count stands from the middle of its cell, as a share of the cell
SMALL_PIXELS = 8  # what is smaller is drawn as a point
MOST_SHAPES, FEWEST_SHAPES = 2_000, 250
MOST_BYTES = 500_000


def tile_of(
    file: Path, tile: Tile, *, told: Sequence[ColumnReport], filters: Sequence[Filter] = (), shapes: bool
) -> bytes:
    """Return a tile; empty where nothing lies in it.

    Args:
        file: The table's places.
        told: Columns of which a feature's ``title`` (the first) and ``note`` (the others) are made.
        filters: What rows must meet.
        shapes: False where the table has points only.
    """
    made = _points(file, tile, told, filters)
    return (_shapes(file, tile, told, filters) if shapes else b"") + made


def _points(file: Path, tile: Tile, told: Sequence[ColumnReport], filters: Sequence[Filter]) -> bytes:
    """Return the layer of points; cells follow the whole map's grid, so that neighbouring tiles agree."""
    narrowed, values = _narrowed(filters)
    cell = tile.side_m / CELLS
    sql = f"""
        WITH near AS (
            SELECT fid, x, y FROM {{shapes}}
            WHERE x >= ? AND x < ? AND y >= ? AND y < ? AND (shape IS NULL OR size < ?){narrowed}
        ), cells AS (
            SELECT count(*) AS n, {_leaning("x", tile.west_m, cell)}, {_leaning("y", tile.south_m, cell)},
                arg_min(struct_pack(fid, x, y), fid, {SINGLES}) AS few
            FROM (SELECT *, floor((x - ?) / ?) AS cell_x, floor((y - ?) / ?) AS cell_y FROM near)
            GROUP BY cell_x, cell_y
        ), singles AS (
            SELECT u.fid, u.x, u.y FROM (SELECT unnest(few) AS u FROM cells WHERE n <= {SINGLES})
        ), drawn AS (
            SELECT singles.fid AS fid, NULL::INTEGER AS count, {_told(told)}, x, y
            FROM singles JOIN {{places}} AS p ON p.{FID} = singles.fid
            UNION ALL SELECT NULL, n::INTEGER, NULL, NULL, x, y FROM cells WHERE n > {SINGLES}
        )
        SELECT CASE WHEN count(*) > 0 THEN ST_AsMVT(d, 'points', {EXTENT}, 'geom', 'id') END FROM (
            SELECT fid AS id, fid::BIGINT AS fid, count, title, note, {_in_tile("ST_Point(x, y)")} AS geom
            FROM drawn ORDER BY fid
        ) AS d
    """
    west, south, side = tile.west_m, tile.south_m, tile.side_m
    bounds = [west, west + side, south, south + side, SMALL_PIXELS * tile.pixel_m]
    given = [*bounds, *values, west, cell, south, cell, *_box(tile)]
    return bytes(ask(file, sql, given, limited=True)[0][0] or b"")


def _leaning(axis: str, begin: float, cell: float) -> str:
    """Return the SQL of where a cell's points are on the average, yet near its middle: counts do not overlap."""
    middle = f"({begin!r} + (any_value(cell_{axis}) + 0.5) * {cell!r})"
    return f"{middle} + greatest(least(avg({axis}) - {middle}, {LEAN * cell!r}), {-LEAN * cell!r}) AS {axis}"


def _shapes(file: Path, tile: Tile, told: Sequence[ColumnReport], filters: Sequence[Filter]) -> bytes:
    """Return the layer of lines and areas: the largest ones, as many as the tile can carry."""
    narrowed, values = _narrowed(filters)
    shape = "ST_SimplifyPreserveTopology(shape, ?)" if tile.zoom < 18 else "shape"
    sql = f"""
        WITH near AS (
            SELECT fid, shape FROM {{shapes}}
            WHERE x2 >= ? AND x1 <= ? AND y2 >= ? AND y1 <= ? AND shape IS NOT NULL AND size >= ?{narrowed}
            ORDER BY size DESC, fid LIMIT ?
        ), drawn AS (
            SELECT near.fid AS id, near.fid::BIGINT AS fid, {_told(told)}, TRY({_in_tile(shape)}) AS geom
            FROM near JOIN {{places}} AS p ON p.{FID} = near.fid
        )
        SELECT CASE WHEN count(*) > 0 THEN ST_AsMVT(d, 'shapes', {EXTENT}, 'geom', 'id') END
        FROM (SELECT * FROM drawn WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom) ORDER BY id) AS d
    """
    edge = BUFFER * tile.side_m / EXTENT
    west, south, side = tile.west_m - edge, tile.south_m - edge, tile.side_m + 2 * edge
    bounds = [west, west + side, south, south + side, SMALL_PIXELS * tile.pixel_m]
    tolerance = [tile.pixel_m / 2] if tile.zoom < 18 else []
    most = MOST_SHAPES
    while True:
        made = bytes(
            ask(file, sql, [*bounds, *values, most, *tolerance, *_box(tile)], limited=True)[0][0] or b""
        )
        if len(made) <= MOST_BYTES or most <= FEWEST_SHAPES:
            return made
        most //= 2


def _in_tile(geometry: str) -> str:
    box = "{'min_x': ?::DOUBLE, 'min_y': ?::DOUBLE, 'max_x': ?::DOUBLE, 'max_y': ?::DOUBLE}::BOX_2D"
    return f"ST_AsMVTGeom({geometry}, {box}, {EXTENT}, {BUFFER}, true)"


def _box(tile: Tile) -> list[float]:
    return [tile.west_m, tile.south_m, tile.west_m + tile.side_m, tile.south_m + tile.side_m]


def _told(told: Sequence[ColumnReport]) -> str:
    """Return the SQL of what a row is called, and of a line about it."""
    if not told:
        return "'' AS title, '' AS note"
    cells = [f"CAST(p.{quoted(column.key)} AS VARCHAR)" for column in told]
    notes = ", ".join(
        f"{text(column.name + ': ')} || {cell}" for column, cell in zip(told[1:], cells[1:], strict=True)
    )
    note = f"concat_ws(' · ', {notes})" if notes else "''"
    return f"left(coalesce({cells[0]}, ''), 200) AS title, left({note}, 300) AS note"


def _narrowed(filters: Sequence[Filter]) -> tuple[str, list[Any]]:
    if not filters:
        return "", []
    condition, values = where(filters)
    return f" AND fid IN (SELECT {FID} FROM {{places}}{condition})", values
