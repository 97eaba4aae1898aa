"""The city's own feed for partners and for everybody: plain files at addresses that never change."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from tandem.core.errors import Unavailable
from tandem.exchange.domain.feeds.head import HEAD, PAGE_EVENTS, SIGNATURE, page_path
from tandem.exchange.domain.feeds.reading import MOST_PAGE_BYTES
from tandem.exchange.services import keys, own_feed
from tandem.kit.open_to_all import open_to_all

ASK_AGAIN = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
_MEDIA_TYPES = {HEAD: "application/json", SIGNATURE: "application/jose"}


@open_to_all
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Lead from the feed's address to its head."""
    return redirect("feed-head")


@open_to_all
@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """Return how far the feed goes, and until when that is to be believed."""
    return _file(request, HEAD, _read(HEAD))


@open_to_all
@require_safe
def signature(request: HttpRequest) -> HttpResponse:
    """Return the city's signature of the head."""
    return _file(request, SIGNATURE, _read(SIGNATURE))


@open_to_all
@require_safe
def page(request: HttpRequest, number: int) -> HttpResponse:
    """Return a page of the feed, one event a line. A full page never changes again."""
    path = page_path(number)
    if not request.path.endswith(path):
        raise Http404  # one address for one file
    return _file(request, path, _read(path))


@open_to_all
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Return the city's public key. Whether it is this city's, only people can compare."""
    response = HttpResponse(keys.public_pem(), content_type="application/x-pem-file")
    response["Cache-Control"] = ASK_AGAIN
    return response


def _read(path: str) -> bytes:
    try:
        return own_feed.folder().fetch(path, MOST_PAGE_BYTES)
    except Unavailable as error:
        raise Http404 from error


def _file(request: HttpRequest, path: str, content: bytes) -> HttpResponse:
    """Return a file of the feed, or that it is still the one that the reader has."""
    response = HttpResponse(content, content_type=_MEDIA_TYPES.get(path, "application/jsonl"))
    is_full = path not in _MEDIA_TYPES and content.count(b"\n") == PAGE_EVENTS
    response["ETag"] = f'"{sha256(content).hexdigest()}"'
    response["Cache-Control"] = FOR_EVER if is_full else ASK_AGAIN
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if answer is None else answer
