"""Long statements: their progress is told while they run, and they stop at once when somebody asks."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

import duckdb

from tandem.catalogue.adapters.reading.task import Task

_PATIENCE_S, _INSIST_S = 0.3, 0.05
Given = TypeVar("Given")


def run(
    connection: duckdb.DuckDBPyConnection,
    statement: str,
    task: Task,
    *,
    shares: tuple[float, float],
    message: str,
) -> None:
    """Run a statement that gives nothing back; see ``watched``."""
    watched(connection, lambda: connection.execute(statement), task, shares=shares, message=message)


def watched(
    connection: duckdb.DuckDBPyConnection,
    work: Callable[[], Given],
    task: Task | None,
    *,
    shares: tuple[float, float],
    message: str,
) -> Given:
    """Return what some work with a connection gives, which is done in a thread of its own.

    Args:
        connection: Used by nobody else meanwhile.
        work: Runs statements; never tells progress itself.
        task: Told how far it is, and asked whether to stop, from this thread. None where nobody watches.
        shares: Of all the work that is done before and after.
        message: What is being done.

    Raises:
        Cancelled: Somebody asked to stop; the statement has ended by then.
        duckdb.Error: A statement failed.
    """
    if task is None:
        return work()
    furthest = shares[0]
    with ThreadPoolExecutor(1, thread_name_prefix="statement") as pool:
        running: Future[Given] = pool.submit(work)
        while True:
            try:
                return running.result(timeout=_PATIENCE_S)
            except NotYet:
                if running.done():
                    raise
            done = max(0.0, connection.query_progress()) / 100
            furthest = max(furthest, shares[0] + (shares[1] - shares[0]) * done)
            try:
                task.step(furthest, message)
            except BaseException:
                while not running.done():
                    connection.interrupt()
                    wait([running], timeout=_INSIST_S)
                raise
