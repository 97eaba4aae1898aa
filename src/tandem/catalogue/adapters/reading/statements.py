"""Long statements: their progress is told while they run, and they stop at once when somebody asks."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Any

import duckdb

from tandem.catalogue.adapters.reading.task import Task

_PATIENCE_S = 0.3


def run(
    connection: duckdb.DuckDBPyConnection,
    statement: str,
    task: Task,
    *,
    shares: tuple[float, float],
    message: str,
) -> list[tuple[Any, ...]]:
    """Return what a statement gives.

    Args:
        connection: Used by nobody else meanwhile.
        statement: SQL.
        task: Told how far it is, and asked whether to stop, from this thread.
        shares: Of all the work that is done before and after.
        message: What is being done.

    Raises:
        Cancelled: Somebody asked to stop; the statement has ended by then.
        duckdb.Error: The statement failed.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="statement") as pool:
        running: Future[list[tuple[Any, ...]]] = pool.submit(_fetched, connection, statement)
        while True:
            try:
                return running.result(timeout=_PATIENCE_S)
            except NotYet:
                if running.done():
                    raise
            done = max(0.0, connection.query_progress()) / 100
            try:
                task.step(shares[0] + (shares[1] - shares[0]) * done, message)
            except BaseException:
                connection.interrupt()
                raise


def _fetched(connection: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[Any, ...]]:
    return connection.execute(statement).fetchall()
