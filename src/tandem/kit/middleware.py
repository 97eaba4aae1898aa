"""Middleware that every request passes first: how large it may be, and that it is counted."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from prometheus_client import Counter, Histogram

from tandem.kit.installation import config

Handler = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("tandem.request")
_requests = Counter("tandem_requests_total", "Requests by view and status", ["view", "status"])
_seconds = Histogram("tandem_request_seconds", "Seconds until the answer begins, by view", ["view"])
_OVERHEAD_BYTES = 1_000_000


class _Limited:
    """A request body that ends where the limit is, whatever its headers promised."""

    def __init__(self, source: Any, most: int) -> None:
        self._source, self._left = source, most

    def read(self, size: int = -1) -> bytes:
        """Return at most what is left; nothing more is read from the network."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        found: bytes = self._source.read(wanted)
        self._left -= len(found)
        return found

    def readline(self, size: int = -1) -> bytes:
        """Return a line, within what is left."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        found: bytes = self._source.readline(wanted)
        self._left -= len(found)
        return found


class LimitBody:
    """Refuses a request whose body is too large before a byte of it is read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 413 with the limit, or pass the request on."""
        most = config().server.upload_mb * 1_000_000 + _OVERHEAD_BYTES
        said = request.META.get("CONTENT_LENGTH") or "0"
        if not said.isdigit() or int(said) > most:
            return too_large(config().server.upload_mb)
        if "wsgi.input" in request.META and "CONTENT_LENGTH" not in request.META:
            request.META["wsgi.input"] = _Limited(request.META["wsgi.input"], most)
        return self.get_response(request)


def too_large(most_mb: int) -> HttpResponse:
    """Return the answer to a body that is too large; nothing of the portal is needed to make it."""
    limit = f"{most_mb} MB (server.upload_mb)"
    message = f"The upload is larger than {limit}. Nothing was stored. Make it smaller, or split it."
    response = HttpResponse(f"{message}\n", status=413, content_type="text/plain; charset=utf-8")
    response["Connection"] = "close"
    return response


class CountRequests:
    """Counts requests and their time by view, and writes one log line each. No address of a person is kept."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, and count it."""
        begun = time.perf_counter()
        response = self.get_response(request)
        spent = time.perf_counter() - begun
        match = request.resolver_match
        view = match.view_name if match else "none"
        _requests.labels(view, str(response.status_code)).inc()
        _seconds.labels(view).observe(spent)
        values = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round(spent * 1000, 1),
        }
        log.info("%s %s %s", request.method, request.path, response.status_code, extra=values)
        return response
