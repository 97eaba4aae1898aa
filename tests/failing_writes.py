"""Let a write to the database fail, so that a test sees whether anything half-made is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

WRITES = {"INSERT", "UPDATE", "DELETE"}


class Injected(Exception):
    """A failure that a test brings about."""


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """Let the so-many-th write to the database fail after it was done, 0 for none; yield the writes."""
    done: list[str] = []

    def run(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, parameters, many, context)
        if sql.split(" ", 1)[0] in WRITES:
            done.append(sql)
            if len(done) == number:
                raise Injected(sql)
        return answer

    with connection.execute_wrapper(run):
        yield done
