"""Interfaces that pages of other sites may read: public data, without cookies (CORS)."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Last-Modified, Content-Crs, Content-Disposition",
}
_ASKED_BEFORE = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, Authorization, X-CKAN-API-Key, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a browser hand a view's answer to pages of any site; no cookie comes along."""

    @wraps(view)
    def opened(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response: HttpResponseBase = HttpResponse(status=204)
            _say(response, _ASKED_BEFORE)
        else:
            response = view(request, *arguments, **named)
        _say(response, _HEADERS)
        return response

    return opened


def _say(response: HttpResponseBase, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        response.headers[name] = value
