"""Foreign files are opened by foreign parsers in a process of its own, with limits of memory and time.

A workbook that claims a cell in the last of 17 thousand million places, a parser that loops or aborts: it takes
the little process with it, and nothing else.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from tandem.core.text import Sentence, say

MEMORY_BYTES = 1_500_000_000
MOST_SECONDS = 3_600
_POLL_SECONDS = 0.2


class Failed(Exception):
    """The file could not be opened; the message says why, for people."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def run(
    what: str,
    arguments: Mapping[str, Any],
    *,
    work_dir: Path,
    tell: Callable[[float], None],
    memory_bytes: int = MEMORY_BYTES,
    seconds: float = MOST_SECONDS,
) -> dict[str, Any]:
    """Carry out a function of ``tandem.catalogue.adapters.apart`` in a process of its own.

    Args:
        what: ``workbook.sheets`` and the like.
        arguments: Plain JSON values.
        work_dir: The only folder that it may write into.
        tell: Called again and again with the share done (0 to 1); what it raises ends the process.
        memory_bytes: Most address space that the process may take.
        seconds: Longest time.

    Raises:
        Failed: It said why it could not, was too large, took too long, or broke.
    """
    command = [sys.executable, "-m", "tandem.catalogue.adapters.apart", what]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=work_dir,
        env=_environment(work_dir),
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            return _talk(process, {**arguments, "memory": memory_bytes}, tell, seconds)
        finally:
            process.kill()


def _environment(work_dir: Path) -> dict[str, str]:
    """Return what the process needs to find its code, and none of our secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**kept, "PYTHONPATH": paths, "HOME": str(work_dir), "TMPDIR": str(work_dir)}


def _talk(
    process: "subprocess.Popen[str]",
    arguments: Mapping[str, Any],
    tell: Callable[[float], None],
    seconds: float,
) -> dict[str, Any]:
    assert process.stdin  # noqa: S101 - Popen was asked for pipes
    assert process.stdout  # noqa: S101
    said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(process.stdout, said), daemon=True).start()
    try:
        process.stdin.write(json.dumps(arguments))
        process.stdin.close()
    except BrokenPipeError:
        raise Failed(_broken(process.wait())) from None
    until, share = time.monotonic() + seconds, 0.0
    while True:
        try:
            word = said.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            word = {}
        if word is None:
            raise Failed(_broken(process.wait()))
        if "done" in word:
            return dict(word["done"])
        if "problem" in word:
            problem = word["problem"]
            raise Failed(Sentence.from_json(problem) if isinstance(problem, dict) else str(problem))
        share = word.get("share", share)
        tell(share)
        if time.monotonic() > until:
            raise Failed(say("it takes longer than {minutes} minutes.", minutes=int(seconds // 60)))


def _listen(lines: IO[str], said: "queue.SimpleQueue[dict[str, Any] | None]") -> None:
    try:
        for line in lines:
            said.put(json.loads(line))
    except ValueError:
        pass  # the last line was cut off: the end says so
    finally:
        said.put(None)


def too_large() -> Sentence:
    """Return what to say of a file that needs too much memory."""
    return say("it needs more memory than a file may take. Save the table as CSV: that may be of any size.")


def _broken(code: int) -> str:
    if code < 0:
        return say(
            "it needs more memory than a file may take, or is damaged in a way that stops the reader. If it "
            "is sound, save the table as CSV: that may be of any size."
        )
    return say("the reader stopped without saying why. Is the file damaged?")
