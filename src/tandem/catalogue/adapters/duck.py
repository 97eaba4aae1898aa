"""DuckDB connections: closed to the outside, small in memory, one per thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY = "250MB"
THREADS = 2
_local = threading.local()


def quoted(name: str) -> str:
    """Return an identifier, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str | Path) -> str:
    """Return a text literal for SQL, for the places where DuckDB takes no parameter."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def loading(work_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that may spill into ``work_dir``, and close it."""
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    try:
        connection.execute(
            f"SET memory_limit='{MEMORY}'; SET threads={THREADS}; SET temp_directory={text(work_dir)}"
        )
        connection.execute("SET preserve_insertion_order=true; SET enable_progress_bar=false")
        yield connection
    finally:
        connection.close()


def reading() -> duckdb.DuckDBPyConnection:
    """Return this thread's connection for reading tables: nothing can be attached, installed or reached."""
    connection: duckdb.DuckDBPyConnection | None = getattr(_local, "connection", None)
    if connection is None:
        connection = duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        connection.execute(f"SET memory_limit='{MEMORY}'; SET threads={THREADS}; SET temp_directory=''")
        connection.execute(
            "SET parquet_metadata_cache=true; SET enable_progress_bar=false; SET lock_configuration=true"
        )
        _local.connection = connection
    return connection
