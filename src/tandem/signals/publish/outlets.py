"""Where published messages go: lines in a stream, and a small HTTP server that only answers GET."""

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TextIO

from tandem.core.errors import Unavailable
from tandem.core.text import say


class Outlet(Protocol):
    """Takes messages, gives nothing back."""

    def send(self, message: Mapping[str, Any]) -> None:
        """Publish a message."""

    def close(self) -> None:
        """Stop publishing."""


class Lines:
    """Writes each message as a line of JSON."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, message: Mapping[str, Any]) -> None:
        """Write a line."""
        self._stream.write(json.dumps(message, separators=(",", ":")) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Leave the stream to whoever opened it."""


class PortTaken(Unavailable):
    """The port cannot be listened on."""

    code = "signals.publish.port-taken"

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(
            say(
                "Nothing can be published on {host}:{port}: {problem}. Name another port with --publish.",
                host=host,
                port=port,
                problem=problem,
            )
        )


class HttpOutlet:
    """Answers ``GET /`` with the last message of each junction, and ``GET /<part>`` with a part of it.

    There is nothing that it accepts: every other method is refused, and request bodies are not read.

    Args:
        host: Where it listens.
        port: 0 for any free one.

    Raises:
        PortTaken: The port is taken.
    """

    def __init__(self, host: str, port: int) -> None:
        self._last: dict[str, Mapping[str, Any]] = {}
        last = self._last

        class Handler(BaseHTTPRequestHandler):
            timeout = 5
            server_version, sys_version = "tandem", ""

            def do_GET(self) -> None:
                part = self.path.partition("?")[0].strip("/")
                messages = list(last.values())
                if part and part not in {"state", "forecast", "counts"}:
                    self.send_error(404)
                    return
                body = [message.get(part, {}) for message in messages] if part else messages
                data = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Cache-Control", "no-store")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the decision log is the record."""

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except (OSError, OverflowError) as error:
            raise PortTaken(host, port, getattr(error, "strerror", None) or str(error)) from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="publish", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    def send(self, message: Mapping[str, Any]) -> None:
        """Take the place of the junction's last message."""
        self._last[str(message["junction"])] = message

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
