"""Ask the catalogue in SPARQL: each query in a process of its own, with limits on time, memory and bytes."""

import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from tandem.catalogue.adapters.rdf import PREFIXES
from tandem.catalogue.adapters.sparql_process import GRAPHS, RESULTS
from tandem.core.errors import InvalidInput, Unavailable
from tandem.core.text import say

LONGEST_QUERY = 100_000
AT_A_TIME = 4
WAIT_S = 5.0
_NOT_WORDS = re.compile(
    r"""\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|\#[^\n]*""",
    re.DOTALL,
)
_SERVICE = re.compile(r"(?<![\w:?$.-])service(?![\w:-])", re.IGNORECASE)
_places = threading.BoundedSemaphore(AT_A_TIME)


class BadSparql(InvalidInput):
    """The query cannot be answered as it is written."""

    code = "catalogue.sparql.bad-query"

    def __init__(self, problem: str) -> None:
        super().__init__(say("The query cannot be read: {problem}", problem=problem))


class NoService(InvalidInput):
    """The query asks another server."""

    code = "catalogue.sparql.no-service"

    def __init__(self) -> None:
        super().__init__(
            say("SERVICE is not possible here: this catalogue asks no other server. Ask each one by itself.")
        )


class TooLargeAnswer(InvalidInput):
    """The answer is larger than one may be."""

    code = "catalogue.sparql.too-large"

    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            say(
                "The answer is larger than {megabytes} MB, or needs more memory than a query may have. Narrow the "
                "query down, or ask for parts of it with LIMIT and OFFSET.",
                megabytes=most_bytes // 1_000_000,
            )
        )


class TookTooLong(InvalidInput):
    """The query was ended because its time was over."""

    code = "catalogue.sparql.too-long"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            say(
                "The query took longer than {seconds} seconds and was ended. Narrow it down: name a property or a "
                "class, and avoid patterns that are not connected.",
                seconds=f"{seconds:g}",
            )
        )


class Busy(Unavailable):
    """Others are asking."""

    code = "catalogue.sparql.busy"

    def __init__(self) -> None:
        super().__init__(
            say("Several queries are being answered at the moment. Please try again in a few seconds.")
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one query may have.

    Attributes:
        seconds: Time from its start to its answer.
        most_bytes: Size of the answer.
        memory_bytes: Address space of its process.
    """

    seconds: float = 10.0
    most_bytes: int = 20_000_000
    memory_bytes: int = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave."""

    content: bytes
    media_type: str


def ask(
    store: Path, query: str, *, results: str = "json", graph: str = "ttl", limits: Limits | None = None
) -> Answer:
    """Return the answer to a SPARQL query over a store on disk; all its graphs together are asked.

    Args:
        store: Folder of the store; nobody writes to it meanwhile.
        query: SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE.
        results: ``json``, ``xml``, ``csv`` or ``tsv``, for SELECT and ASK.
        graph: ``ttl``, ``nt``, ``rdf`` or ``jsonld``, for CONSTRUCT and DESCRIBE.

    Raises:
        BadSparql: The query is no SPARQL, or fails.
        NoService: It asks another server.
        TooLargeAnswer: The answer is too large.
        TookTooLong: Its time was over.
        Busy: Four others are being answered, and none ends soon.
    """
    limits = limits or Limits()
    if results not in RESULTS or graph not in GRAPHS:
        raise BadSparql(f"unknown format {results} {graph}")
    if len(query) > LONGEST_QUERY:
        raise BadSparql(f"it is longer than {LONGEST_QUERY} characters")
    if _SERVICE.search(_NOT_WORDS.sub(" ", query)):
        raise NoService
    asked = {
        "store": str(store),
        "query": query,
        "results": results,
        "graph": graph,
        "prefixes": PREFIXES,
        "most_bytes": limits.most_bytes,
        "memory_bytes": limits.memory_bytes,
    }
    if not _places.acquire(timeout=WAIT_S):
        raise Busy
    try:
        said = _in_its_own_process(json.dumps(asked).encode(), limits)
    finally:
        _places.release()
    head, _, content = said.partition(b"\n")
    return _answer(json.loads(head), content, limits)


def _in_its_own_process(asked: bytes, limits: Limits) -> bytes:
    command = [sys.executable, "-m", "tandem.catalogue.adapters.sparql_process"]
    environment = {name: os.environ[name] for name in ("PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, nothing of the query
            command, input=asked, capture_output=True, timeout=limits.seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLong(limits.seconds) from error
    if done.returncode < 0 or (done.returncode and b"MemoryError" in done.stderr):
        raise TooLargeAnswer(limits.most_bytes)  # out of memory
    if done.returncode:
        raise RuntimeError(
            f"the process that answers SPARQL broke: {done.stderr.decode(errors='replace')[-2000:]}"
        )
    return done.stdout


def _answer(head: dict[str, str], content: bytes, limits: Limits) -> Answer:
    if head.get("error") == "too-large":
        raise TooLargeAnswer(limits.most_bytes)
    if "error" in head:
        raise BadSparql(head["text"])
    return Answer(content, head["media_type"])
