"""DuckDB's spatial extension, from the file that was installed with the package: nothing is ever downloaded."""

from functools import cache
from importlib import resources
from pathlib import Path

import duckdb

from tandem.catalogue.adapters.duck import text
from tandem.core.errors import Unavailable
from tandem.core.text import say


class NoSpatialExtension(Unavailable):
    """The extension is not installed, or for another version of DuckDB."""

    code = "catalogue.spatial-extension-missing"

    def __init__(self) -> None:
        super().__init__(
            say(
                "Maps cannot be read: DuckDB's spatial extension for version {version} is not installed. "
                "Install the package duckdb-extension-spatial of the same version.",
                version=duckdb.__version__,
            )
        )


@cache
def extension_path() -> Path:
    """Return where the extension lies.

    Raises:
        NoSpatialExtension: It does not.
    """
    try:
        folder = Path(str(resources.files("duckdb_extension_spatial")))
    except ModuleNotFoundError as error:
        raise NoSpatialExtension from error
    found = folder / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    if not found.is_file():
        raise NoSpatialExtension
    return found


def load(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the extension into a connection, before the connection is closed to the outside.

    Raises:
        NoSpatialExtension: It is not installed.
    """
    connection.execute(f"LOAD {text(extension_path())}")


def confine(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Leave a connection one folder and nothing else: no other file, no network, no further setting.

    GDAL's own ways around (``/vsicurl/`` and the like) are closed with it, as its files go through DuckDB.
    """
    connection.execute(f"SET allowed_directories=[{text(f'{folder}/')}]")
    connection.execute("SET enable_external_access=false; SET lock_configuration=true")
