"""How OGC APIs answer: JSON for programs, a page for people, errors as the standard's exceptions."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tandem.catalogue.domain.exploration import BadQuery
from tandem.core.errors import TandemError
from tandem.core.text import say
from tandem.kit.open_to_all import open_to_all

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA, OPENAPI = "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"
FORMATS = {"json": JSON, "geojson": JSON, "html": HTML}
Made = dict[str, Any] | str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address has to say, in two forms; each is made only where it is wanted.

    Attributes:
        document: Returns the JSON form, as values or as text.
        template: Of the page.
        page: Returns what the template shows.
        media_type: Of the JSON form.
        version: Changes whenever the answer does; empty where that is not known.
        headers: Further headers of the JSON form.
    """

    document: Callable[[], Made]
    template: str
    page: Callable[[], dict[str, Any]]
    media_type: str = JSON
    version: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


View = Callable[..., Answer]


def ogc(*parameters: str, others: bool = False) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Make an address of an OGC API from a function that returns its answer.

    Args:
        *parameters: Names of the query's parameters that the address knows beside ``f``.
        others: True where the function refuses unknown parameters itself.
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @open_to_all
        @require_safe
        @wraps(view)
        def answered(request: HttpRequest, **named: Any) -> HttpResponseBase:
            response = _answer(request, view, named, None if others else {"f", *parameters})
            patch_vary_headers(response, ("Accept", "Accept-Language"))
            return response

        return answered

    return decorate


def _answer(
    request: HttpRequest, view: View, named: Mapping[str, Any], known: set[str] | None
) -> HttpResponse:
    is_page = _wants_page(request)
    try:
        _refuse_unknown(request.GET, known)
        answer = view(request, **named)
        if is_page:
            return render(request, answer.template, answer.page())
        return _document(request, answer)
    except TandemError as error:
        if is_page:
            raise
        found = {"code": error.code, "description": str(error)}
        return HttpResponse(
            json.dumps(found, ensure_ascii=False), status=error.http_status, content_type=JSON
        )


def _document(request: HttpRequest, answer: Answer) -> HttpResponse:
    etag = _etag(request, answer.version) if answer.version else ""
    if etag and etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        made = answer.document()
        content = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False)
        response = HttpResponse(content, content_type=answer.media_type)
        _add(response, answer.headers)
    if etag:
        _add(response, {"ETag": etag, "Cache-Control": "no-cache"})
    return response


def _add(response: HttpResponse, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        response[name] = value


def _etag(request: HttpRequest, version: str) -> str:
    said = "\0".join((version, request.build_absolute_uri(), get_language() or ""))
    return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'


def _wants_page(request: HttpRequest) -> bool:
    """Return whether a page is asked for: by ``f``, else by what the browser would rather have."""
    asked = request.GET.get("f", "")
    if asked in FORMATS:
        return FORMATS[asked] == HTML
    return request.get_preferred_type([JSON, GEOJSON, SCHEMA, OPENAPI, HTML]) == HTML


def _refuse_unknown(given: Iterable[str], known: set[str] | None) -> None:
    """Refuse parameters that there are not, and a form that there is not: an address is never half understood."""
    names = [name for name in given if known is not None and name not in known]
    if names:
        raise BadQuery(
            say(
                "{given}: there is no such parameter. Known: {known}.",
                given=names[0][:60],
                known=", ".join(sorted(known or ())),
            )
        )
    asked = given.get("f", "json") if isinstance(given, Mapping) else "json"
    if asked not in FORMATS:
        raise BadQuery(
            say(
                "{given}: there is no such form. Known: {known}.",
                given=f"f={asked[:40]}",
                known=", ".join(FORMATS),
            )
        )


def link(
    request: HttpRequest, rel: str, path: str, media_type: str, title: str = "", **query: str
) -> dict[str, str]:
    """Return a link of a document."""
    href = request.build_absolute_uri(f"{path}?{urlencode(query)}" if query else path)
    return {"rel": rel, "href": href, "type": media_type, **({"title": title} if title else {})}
