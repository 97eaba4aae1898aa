"""The process that answers one SPARQL query: it reads one store, writes one answer, and can do nothing else.

Started by ``adapters.sparql``. Before the query is looked at, the process gives up opening anything: no file, no
socket, so that ``SERVICE`` reaches nobody. Whoever started it ends it when its time is over.
"""

import json
import resource
import sys
from typing import Any, BinaryIO

import pyoxigraph as ox

PIECE_BYTES = 65_536
RESULTS = {
    "json": (ox.QueryResultsFormat.JSON, "application/sparql-results+json"),
    "xml": (ox.QueryResultsFormat.XML, "application/sparql-results+xml"),
    "csv": (ox.QueryResultsFormat.CSV, "text/csv; charset=utf-8"),
    "tsv": (ox.QueryResultsFormat.TSV, "text/tab-separated-values; charset=utf-8"),
}
GRAPHS = {
    "ttl": (ox.RdfFormat.TURTLE, "text/turtle; charset=utf-8"),
    "nt": (ox.RdfFormat.N_TRIPLES, "application/n-triples"),
    "rdf": (ox.RdfFormat.RDF_XML, "application/rdf+xml"),
    "jsonld": (ox.RdfFormat.JSON_LD, "application/ld+json"),
}


class _TooLarge(Exception):
    """The answer is larger than one may be."""


class _Limited:
    """Takes in at most so many bytes."""

    def __init__(self, most: int) -> None:
        self.pieces: list[bytes] = []
        self._left = most

    def write(self, piece: bytes) -> int:
        """Take a piece in."""
        self._left -= len(piece)
        if self._left < 0:
            raise _TooLarge
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: it is all in memory."""


def main() -> None:
    """Answer the query on standard input: one line of JSON with what came of it, then the answer's bytes."""
    asked = json.load(sys.stdin.buffer)
    store = ox.Store.read_only(asked["store"])
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    head, pieces = answer(store, asked)
    out: BinaryIO = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    out.writelines(pieces)
    out.flush()


def answer(store: Any, asked: dict[str, Any]) -> tuple[dict[str, str], list[bytes]]:
    """Return what came of a query, and the answer's bytes: ``{"media_type": …}`` or ``{"error": …, "text": …}``."""
    sink = _Limited(asked["most_bytes"])
    try:
        found = store.query(asked["query"], use_default_graph_as_union=True)
        is_graph = isinstance(found, ox.QueryTriples)
        formats: Any = GRAPHS if is_graph else RESULTS
        kind, media_type = formats[asked["graph" if is_graph else "results"]]
        if is_graph:
            ox.serialize(found, sink, format=kind, prefixes=asked["prefixes"])
        else:
            found.serialize(sink, format=kind)
    except (_TooLarge, MemoryError):
        return {"error": "too-large", "text": ""}, []
    except SyntaxError as error:
        return {"error": "syntax", "text": str(error)}, []
    except (ValueError, OSError, RuntimeError) as error:
        return {"error": "failed", "text": str(error)}, []
    return {"media_type": media_type}, sink.pieces


if __name__ == "__main__":
    main()
