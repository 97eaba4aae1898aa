"""Answer SQL of strangers in a process of its own, that can do nothing but read the tables it is given.

One process waits with DuckDB loaded; for each question it makes a copy of itself (``sandbox_child``). Starting
a new interpreter instead would cost a quarter of a second for each question.
"""

import atexit
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tandem.core.errors import Unavailable
from tandem.core.text import say

_SCRIPT = Path(__file__).with_name("sandbox_child.py")
_START_S = 30.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may use.

    Attributes:
        rows: Most rows of the result.
        result_bytes: Most bytes of the result, as JSON.
        seconds: When DuckDB is asked to stop.
        grace_s: How much later the kernel ends the process.
        memory: Most memory that DuckDB gives itself.
        address_space_bytes: Most memory that the kernel gives the process, programs' text included.
    """

    rows: int = 1_000
    result_bytes: int = 5_000_000
    seconds: float = 10.0
    grace_s: float = 2.0
    memory: str = "200MB"
    address_space_bytes: int = 800_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        columns: Pairs of name and DuckDB type.
        cut: ``rows`` or ``bytes`` where the result is longer than what is here.
    """

    columns: list[tuple[str, str]]
    rows: list[list[Any]]
    cut: str = ""


class QueryStopped(Exception):
    """The question was not answered.

    Attributes:
        kind: The reason: DuckDB's name of the error, or a word of ``sandbox_child``; ``died`` and ``time`` where the
            process ended without an answer.
        values: What belongs to the reason.
    """

    def __init__(self, kind: str, values: Mapping[str, Any]) -> None:
        super().__init__(kind)
        self.kind, self.values = kind, dict(values)


class SandboxBusy(Unavailable):
    """As many questions are being answered as the installation allows, and others wait."""

    code = "catalogue.sql.busy"

    def __init__(self) -> None:
        super().__init__(
            say("Other queries are being answered at the moment. Please try again in a few seconds.")
        )


class SandboxBroken(Unavailable):
    """The process that answers cannot be started."""

    code = "catalogue.sql.broken"

    def __init__(self) -> None:
        super().__init__(say("Queries cannot be answered at the moment: their process does not start."))


class _Waiting:
    """The process that waits, and the socket to it. Started at the first question, and again when it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None
        self._owner = 0

    def connect(self) -> socket.socket:
        """Return a connection to a new copy of the process.

        Raises:
            SandboxBroken: It cannot be started.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._lock:
                try:
                    self._send(theirs)
                except OSError:  # it has ended since the last question
                    self._close()
                    self._send(theirs)
        except OSError as error:
            ours.close()
            raise SandboxBroken from error
        return ours

    def _send(self, end: socket.socket) -> None:
        door = self._door
        if door is None or self._owner != os.getpid():
            door = self._start()
        socket.send_fds(door, [b"?"], [end.fileno()])

    def _start(self) -> socket.socket:
        door, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", str(_SCRIPT)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"HOME": "/", "MALLOC_ARENA_MAX": "2", "LANG": "C.UTF-8"},
                start_new_session=True,
            )
        door.settimeout(_START_S)
        if door.recv(1) != b"!":
            door.close()
            raise BrokenPipeError
        door.settimeout(None)
        self._door, self._owner = door, os.getpid()
        return door

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        door, process = self._door, self._process
        mine = self._owner == os.getpid()
        self._door = self._process = None
        if door is not None:
            door.close()
        if process is not None and mine:
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)


_waiting = _Waiting()
close = _waiting.close
atexit.register(close)


def ask(sql: str, tables: Mapping[Path, Sequence[str]], limits: Limits) -> Answer:
    """Return what a SELECT finds in tables.

    Args:
        sql: Anything that a stranger may send.
        tables: Files made by ``sql_files``, each with the names that the SQL may use for it.

    Raises:
        QueryStopped: There is no answer; the error says why.
        SandboxBroken: The process cannot be started.
    """
    request = {
        "sql": sql,
        "tables": {str(path): list(names) for path, names in tables.items()},
        "limits": asdict(limits),
    }
    begun = time.monotonic()
    with _waiting.connect() as link:
        link.settimeout(limits.seconds + limits.grace_s + 3)
        with suppress(OSError):  # it may end before it has read everything
            sent = json.dumps(request).encode()
            link.sendall(struct.pack("!I", len(sent)) + sent)
        received = _everything(link, 2 * limits.result_bytes + 1_000_000)
    try:
        found = json.loads(received)
    except ValueError:
        late = time.monotonic() - begun >= limits.seconds
        raise QueryStopped("time" if late else "died", {}) from None
    if "result" not in found:
        raise QueryStopped(found.pop("refused"), found)
    result = found["result"]
    return Answer([(name, kind) for name, kind in result["columns"]], result["rows"], result["cut"])


def _everything(link: socket.socket, most: int) -> bytes:
    parts, size = [], 0
    with suppress(OSError):
        while part := link.recv(262_144):
            parts.append(part)
            size += len(part)
            if size > most:
                return b""
    return b"".join(parts)


@contextmanager
def turn(folder: Path, *, at_once: int, queue: int, wait_s: float) -> Iterator[None]:
    """Wait for one of the installation's turns, and hold it.

    The turns are locks on files, so they count over all processes, and one whose process dies is free again.

    Args:
        folder: Where the locks are.
        at_once: How many questions are answered at the same time.
        queue: How many may wait; whoever comes then is told so at once.

    Raises:
        SandboxBusy: Nothing came free within ``wait_s``, or the queue is full.
    """
    with _held(folder, "wait", at_once + queue, 0.0), _held(folder, "turn", at_once, wait_s):
        yield


@contextmanager
def _held(folder: Path, name: str, count: int, wait_s: float) -> Iterator[None]:
    last = time.monotonic() + wait_s
    while (descriptor := _free(folder, name, count)) is None:
        if time.monotonic() >= last:
            raise SandboxBusy
        time.sleep(0.02)
    try:
        yield
    finally:
        os.close(descriptor)


def _free(folder: Path, name: str, count: int) -> int | None:
    for number in range(count):
        descriptor = os.open(folder / f"{name}-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
        else:
            return descriptor
    return None
