"""The process that answers SQL of strangers. Started as a script by ``sandbox``; knows nothing of Tandem.

It imports DuckDB once and then waits at a socket (its standard input). Each byte that comes there carries
a connection; for each a copy of the process (``fork``) is made, which answers one question and ends. The copy has an
empty environment, no open file but that connection, and from the moment the tables are attached it can open
nothing more: no file, no socket, no program. What SQL can do in it, it can do to itself only.
"""

import datetime
import decimal
import json
import math
import os
import resource
import signal
import socket
import struct
import sys
import threading
import types
import uuid
from typing import Any

import duckdb

LONGEST_CELL = 20_000
MOST_REQUEST_BYTES = 4_000_000
# What tells about the machine, or runs SQL from a text that nobody has checked; and what reads files. DuckDB's own lock
# holds without these lists, but for the tables' own files: those it may open, and so SQL could read them as files.
CLOSED = {"query", "query_table", "current_setting", "getvariable", "which_secret", "write_log"}
CLOSED_BEGINNINGS = ("duckdb_", "pragma_", "pg_", "sql_auto", "json_execute")
OUTSIDE_BEGINNINGS = (
    "read_", "parquet_", "glob", "sniff_", "st_read", "st_drivers", "load_", "enable_", "disable_", "force_",
    "checkpoint",
)  # fmt: skip
OUTSIDE_ENDINGS = ("_scan", "_scan_pushdown", "_attach", "_query")
HARMLESS = {"pg_typeof"}


class Refused(Exception):
    """The question is not answered; ``kind`` says why."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind, self.values = kind, values


class _Utc(datetime.tzinfo):
    """Stands for the time zones of pytz, which DuckDB asks for; every moment is told in UTC."""

    def localize(self, moment: datetime.datetime) -> datetime.datetime:
        return moment.replace(tzinfo=datetime.UTC)

    def utcoffset(self, _moment: datetime.datetime | None) -> datetime.timedelta:
        return datetime.timedelta(0)

    def tzname(self, _moment: datetime.datetime | None) -> str:
        return "UTC"

    def dst(self, _moment: datetime.datetime | None) -> datetime.timedelta:
        return datetime.timedelta(0)


def _load() -> None:
    """Load what DuckDB loads when it first needs it: the copies can open no file."""
    with duckdb.connect(config={"threads": "1"}) as connection:
        kinds = "1.5::DECIMAL(4,1), date '2024-01-01', interval 1 day, uuid(), 'x'::BLOB, now()"
        connection.execute(f"SELECT {kinds}, ?", [uuid.UUID(int=0)]).fetchall()


def _stand_in_for_pytz() -> None:
    stand_in: Any = types.ModuleType("pytz")
    stand_in.utc = _Utc()
    stand_in.timezone = lambda _name: stand_in.utc
    sys.modules["pytz"] = stand_in


# --- one question -------------------------------------------------------------------------------
def answer(link: socket.socket) -> None:
    """Answer the one question that comes by a connection."""
    request = json.loads(_receive(link))
    limits = request["limits"]
    _limit(limits)
    try:
        found: dict[str, Any] = {"result": _result(request, limits)}
    except Refused as refused:
        found = {"refused": refused.kind, **refused.values}
    except MemoryError:
        found = {"refused": "OutOfMemoryException", "message": ""}
    except duckdb.Error as error:
        found = {"refused": type(error).__name__, "message": str(error)[:4_000]}
    link.sendall(json.dumps(found, allow_nan=False, default=str).encode())


def _receive(link: socket.socket) -> bytes:
    (size,) = struct.unpack("!I", _exactly(link, 4))
    if size > MOST_REQUEST_BYTES:
        raise Refused("too-long")
    return _exactly(link, size)


def _exactly(link: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = link.recv(min(size, 65_536))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _limit(limits: dict[str, Any]) -> None:
    """Bound what the process may use. The kernel ends it by itself when its time is over: SIGALRM is not caught."""
    last_s = limits["seconds"] + limits["grace_s"]
    os.nice(5)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, last_s)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(last_s) + 1,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits["address_space_bytes"],) * 2)


def _result(request: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    connection = _connection(request["tables"], limits)
    statement = _the_select(connection, request["sql"])
    timer = threading.Timer(limits["seconds"], connection.interrupt)
    timer.daemon = True
    timer.start()
    cursor = connection.execute(statement)
    columns = [[each[0], str(each[1])] for each in cursor.description or []]
    return {"columns": columns, **_rows(cursor, limits)}


def _connection(tables: dict[str, list[str]], limits: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Return a connection that sees the tables and nothing else, and can be opened no further."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_persistent_secrets": "false",
            "threads": "1",
            "memory_limit": limits["memory"],
        }
    )
    for number, (path, names) in enumerate(tables.items()):
        connection.execute(f"ATTACH {_literal(path)} AS tandem_{number} (READ_ONLY)")
        for name in names:
            connection.execute(f"CREATE VIEW {_quoted(name)} AS FROM tandem_{number}.main.rows")
    for setting in (
        "python_enable_replacements=false",
        "enable_progress_bar=false",
        "TimeZone='UTC'",
        "home_directory='/'",
        "extension_directory='/'",
        "temp_directory=''",
        "enable_external_access=false",
        "lock_configuration=true",
    ):
        connection.execute(f"SET {setting}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return connection


def _the_select(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused("not-one", count=len(statements))
    (statement,) = statements
    if statement.type != duckdb.StatementType.SELECT:
        raise Refused("not-select", type=statement.type.name)
    _check_functions(connection, statement.query)
    return statement


def _check_functions(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse functions and tables that tell about the machine.

    The kernel's limits keep them from doing harm; this keeps them from telling where the installation lies.
    """
    row = connection.execute(f"SELECT json_serialize_sql({_literal(sql)})").fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise Refused("not-select", type=tree.get("error_type", ""))
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            _check_name(str(node.get("function_name") or "").lower(), is_function=True)
            _check_name(str(node.get("table_name") or "").lower(), is_function=False)
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _check_name(name: str, *, is_function: bool) -> None:
    if name in HARMLESS:
        return
    if name.startswith(CLOSED_BEGINNINGS) or (is_function and name in CLOSED):
        raise Refused("closed", name=name)
    if is_function and (name.startswith(OUTSIDE_BEGINNINGS) or name.endswith(OUTSIDE_ENDINGS)):
        raise Refused("outside", name=name)


def _rows(cursor: Any, limits: dict[str, Any]) -> dict[str, Any]:
    rows: list[list[Any]] = []
    left = limits["result_bytes"]
    while batch := cursor.fetchmany(500):
        for found in batch:
            if len(rows) == limits["rows"]:
                return {"rows": rows, "cut": "rows"}
            row = [_plain(value) for value in found]
            left -= len(json.dumps(row, allow_nan=False, default=str))
            if left < 0:
                return {"rows": rows, "cut": "bytes"}
            rows.append(row)
    return {"rows": rows, "cut": ""}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; dates and times in ISO form, what JSON has no word for as a text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST_CELL else f"{value[:LONGEST_CELL]}…"
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, decimal.Decimal):
        return float(value) if decimal.Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value[: LONGEST_CELL // 2].hex()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value[:LONGEST_CELL]]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in list(value.items())[:LONGEST_CELL]}
    return str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# --- the process that waits ---------------------------------------------------------------------
def _serve_copy(door: socket.socket, handed: int) -> None:
    """Answer in this copy of the process, and end it, whatever happens."""
    status = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.close(nothing)
        door.detach()
        answer(socket.socket(fileno=handed))
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Wait for questions until the other side closes the socket."""
    os.environ.clear()
    _stand_in_for_pytz()
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    door = socket.socket(fileno=0)
    door.sendall(b"!")
    while True:
        message, handed, _flags, _address = socket.recv_fds(door, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            _serve_copy(door, handed[0])
        os.close(handed[0])


if __name__ == "__main__":
    main()
