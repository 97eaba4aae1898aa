"""Sources on this machine, for tests: a DCAT feed and a CKAN portal that behave as well or as badly as told."""

import gzip
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tandem.core.config import Config, PartnerCity


@dataclass
class Answer:
    """What is sent: status, media type, body, further headers."""

    content: bytes = b""
    media_type: str = "text/turtle"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip_seconds: float = 0.0


Site = Callable[[str, dict[str, list[str]], dict[str, str]], Answer]


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """Serve a site on loopback; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = site(parts.path, parse_qs(parts.query), headers)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            try:
                for start in range(0, len(answer.content), 20 if answer.drip_seconds else 10**9):
                    self.wfile.write(
                        answer.content[start : start + 20] if answer.drip_seconds else answer.content
                    )
                    time.sleep(answer.drip_seconds)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def with_partner(config: Config, base: str, path: str) -> Config:
    """Return a configuration with one partner, at an address on this machine."""
    partner = PartnerCity("partner", {"de": "Partner"}, base, f"{base}{path}", may_be_local=True)
    return replace(config, partners=(partner,))


PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
HYDRA = "http://www.w3.org/ns/hydra/core#"


def record(number: int, text: str = "Eins", more: str = "") -> str:
    """Return a dataset in Turtle, with one file."""
    return (
        f'<http://x.example/{number}> a dcat:Dataset ; dct:title "{text} {number}"@de ;'
        f' dct:description "Das {text}"@de {more}; dcat:distribution <http://x.example/{number}/f> .\n'
        f"<http://x.example/{number}/f> a dcat:Distribution ; dcat:accessURL <http://x.example/{number}.csv> .\n"
    )


@dataclass
class DcatSite:
    """A DCAT feed in pages.

    Attributes:
        pages: Their records.
        asked: Addresses that were fetched and answered in full.
    """

    pages: list[str] = field(default_factory=list)
    conditional: bool = True
    packed: bool = False
    next_word: str = "next"
    total: int | None = None
    broken: dict[int, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, path: str, query: dict[str, list[str]], headers: dict[str, str]) -> Answer:
        """Answer a request."""
        number = int(query.get("page", ["1"])[0])
        if path != "/catalogue" or not 1 <= number <= len(self.pages):
            return Answer(b"nothing here", "text/plain", 404)
        if number in self.broken:
            return self.broken[number]
        text = PREFIXES + self.pages[number - 1]
        if number < len(self.pages):
            text += f"<?page={number}> <{HYDRA}{self.next_word}> <?page={number + 1}> .\n"
        if self.total is not None:
            text += f"<?page={number}> <{HYDRA}totalItems> {self.total} .\n"
        content = text.encode()
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if self.conditional and headers.get("if-none-match") == etag:
            return Answer(status=304)
        self.asked.append(f"{number}")
        extra = {"ETag": etag} if self.conditional else {}
        if self.packed:
            content, extra = gzip.compress(content), {**extra, "Content-Encoding": "gzip"}
        return Answer(content, headers=extra)


def package(number: int, **values: Any) -> dict[str, Any]:
    """Return a package as a plain CKAN has it."""
    return {
        "id": f"{number:08d}-0000-0000-0000-000000000000",
        "name": f"paket-{number}",
        "title": f"Paket {number}",
        "notes": "Ein Paket",
        "metadata_modified": f"2024-01-01T00:00:{number % 60:02d}.000000",
        "tags": [{"name": "stadt", "display_name": "stadt"}],
        "license_id": "dl-de-by-2.0",
        "organization": {"id": "o1", "name": "hamm", "title": "Stadt Hamm"},
        "resources": [{"id": f"r{number}", "url": f"https://x.example/{number}.csv", "format": "CSV"}],
        **values,
    }


@dataclass
class CkanSite:
    """A CKAN portal.

    Attributes:
        packages: By name.
        instead: What an action answers instead of its result.
        poisoned: Names of packages that make each page with them fail.
        calls: Actions with their parameters.
    """

    packages: dict[str, dict[str, Any]] = field(default_factory=dict)
    instead: dict[str, Callable[[dict[str, list[str]]], Answer]] = field(default_factory=dict)
    poisoned: set[str] = field(default_factory=set)
    most_rows: int = 1_000
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, *packages: dict[str, Any]) -> None:
        """Add or change packages."""
        self.packages.update({each["name"]: each for each in packages})

    def __call__(self, path: str, query: dict[str, list[str]], headers: dict[str, str]) -> Answer:
        """Answer a request."""
        action = path.removeprefix("/api/3/action/")
        if action == path:
            return Answer(b"<html>portal</html>", "text/html")
        asked = {name: values[0] for name, values in query.items()}
        self.calls.append((action, asked))
        if action in self.instead:
            return self.instead[action](query)
        result = {"status_show": self._status, "package_list": self._names, "package_search": self._search}
        found = result[action](asked) if action in result else None
        return found if isinstance(found, Answer) else said(found)

    def _status(self, _asked: dict[str, str]) -> Any:
        return {"ckan_version": "2.11.0"}

    def _names(self, asked: dict[str, str]) -> Any:
        start = int(asked.get("offset", "0"))
        return sorted(self.packages)[start : start + int(asked.get("limit", "100000"))]

    def _search(self, asked: dict[str, str]) -> Any:
        found = sorted(self.packages.values(), key=lambda each: str(each.get("id")))
        wanted = asked.get("fq", "")
        if wanted:
            since = wanted.removeprefix("metadata_modified:[").removesuffix("Z TO *]")
            found = [each for each in found if each["metadata_modified"] >= since]
        start, rows = int(asked.get("start", "0")), min(self.most_rows, int(asked.get("rows", "10")))
        some = found[start : start + rows]
        if any(each["name"] in self.poisoned for each in some):
            return Answer(b"Internal Server Error", "text/html", 500)
        return {"count": len(found), "results": some}


def said(result: Any) -> Answer:
    """Return CKAN's envelope around a result."""
    return Answer(json.dumps({"help": "", "success": True, "result": result}).encode(), "application/json")
