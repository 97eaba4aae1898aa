"""The shapes of a table, beside it: ready for maps, sorted by where they lie, with their bounds."""

from collections.abc import Sequence
from pathlib import Path

from tandem.catalogue.adapters import spatial
from tandem.catalogue.adapters.duck import loading, quoted, text
from tandem.catalogue.domain.report import ColumnReport

ROW_GROUP = 8_192
_WORLD = "{'min_x': -180.0, 'min_y': -90.0, 'max_x': 180.0, 'max_y': 90.0}::BOX_2D"


def geometry_sql(columns: Sequence[ColumnReport]) -> str:
    """Return the SQL that gives a row's place as a geometry; empty where the table has no places."""
    by_role = {column.profile.role: quoted(column.key) for column in columns if column.profile.role}
    if "geometry" in by_role:
        return f"TRY(ST_GeomFromGeoJSON({by_role['geometry']}))"
    if {"latitude", "longitude"} <= set(by_role):
        return f"ST_Point(CAST({by_role['longitude']} AS DOUBLE), CAST({by_role['latitude']} AS DOUBLE))"
    return ""


def write(parquet: Path, columns: Sequence[ColumnReport], target: Path, work_dir: Path) -> int:
    """Write the shapes of a table; the file appears in one step, whole.

    It has the columns ``row`` (the row's number in the table's file, from 0), ``geometry`` (WGS 84, longitude
    first), ``xmin``, ``ymin``, ``xmax`` and ``ymax`` (degrees). Rows lie along a Hilbert curve, so that whoever
    asks for a part of the map by the bounds reads a part of the file. Rows without a place are left out.

    Args:
        parquet: The table.
        columns: Of which some have the role of coordinates or of a geometry.
        work_dir: Folder for what is needed on the way.

    Returns:
        How many shapes there are.
    """
    partial = work_dir / f"{target.name}.partial"
    shape = geometry_sql(columns)
    try:
        with loading(work_dir) as connection:
            spatial.load(connection)
            row = connection.execute(
                "COPY (SELECT row, ST_SetCRS(g, 'OGC:CRS84') AS geometry, ST_XMin(g) AS xmin, ST_YMin(g) AS ymin, "
                "ST_XMax(g) AS xmax, ST_YMax(g) AS ymax FROM (SELECT file_row_number AS row, "
                f"{shape} AS g FROM read_parquet({text(parquet)}, file_row_number=true)) "
                f"WHERE g IS NOT NULL AND NOT ST_IsEmpty(g) ORDER BY ST_Hilbert(g, {_WORLD})) "
                f"TO {text(partial)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
            ).fetchone()
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return int(row[0]) if row else 0
