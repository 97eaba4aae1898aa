"""The shapes of a table's rows, kept beside it for maps."""

import tempfile
from pathlib import Path

from tandem.catalogue.adapters import shapes
from tandem.catalogue.models import TableVersion
from tandem.catalogue.services import tables
from tandem.kit import installation


def shapes_of(version: TableVersion) -> Path:
    """Return the path of the shapes of a version's table, written anew where they are missing.

    Raises:
        NoTable: The file is no table, or there are no places in it.
    """
    path = shapes_path(version)
    if path.exists():
        return path
    table, columns = tables.table_of(version), tables.report_of(version).columns
    if not shapes.geometry_sql(columns):
        raise tables.NoTable(version.distribution_id)
    with tempfile.TemporaryDirectory(dir=installation.folder("cache/tables"), prefix="shapes-") as name:
        shapes.write(table, columns, path, Path(name))
    return path


def shapes_path(version: TableVersion) -> Path:
    """Return where the shapes of a version are cached."""
    return tables.parquet_path(version.id).with_suffix(".shapes.parquet")


def has_places(version: TableVersion) -> bool:
    """Return whether the rows of a version's table have places."""
    return bool(version.report) and bool(shapes.geometry_sql(tables.report_of(version).columns))
