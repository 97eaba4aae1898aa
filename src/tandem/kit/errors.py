"""Show errors: a page with translated words for people, one JSON shape for programs.

The JSON shape, everywhere: ``{"error": {"code": …, "message": …, "details": …}}``; ``details`` only
where an error has some.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, TandemError, Unavailable
from tandem.core.text import Sentence
from tandem.kit.identifiers import Withdrawn
from tandem.kit.spoken import spoken

Text = str | Promise
Handler = Callable[[HttpRequest], HttpResponse]
API_PATH = "/api/"
logger = logging.getLogger(__name__)

KINDS: Mapping[type[TandemError], tuple[Text, Text]] = {
    InvalidInput: (
        _("That could not be used"),
        _("Something in the request is not as it should be. Nothing was changed."),
    ),
    NotAllowed: (
        _("You may not do this"),
        _("Your account has not the role that this needs. Nothing was changed."),
    ),
    NotFound: (
        _("This page does not exist"),
        _("The address may be mistyped, or what was here has been taken away."),
    ),
    Conflict: (
        _("That is not possible at the moment"),
        _("The thing is in another state than this needs; perhaps somebody changed it a moment ago."),
    ),
    Unavailable: (
        _("That cannot be reached at the moment"),
        _("Something that this needs does not answer. Nothing was lost; please try again in a few minutes."),
    ),
}
_OTHER: tuple[Text, Text] = (
    _("Something went wrong"),
    _("The fault is ours, not yours. It has been recorded, and what was saved before is still there."),
)
_texts: dict[str, Text] = {}


def register_error_texts(texts: Mapping[str, Text]) -> None:
    """Give errors the words that people read, by the errors' codes, lazily translated."""
    _texts.update(texts)


def words(error: TandemError) -> tuple[Text, Text]:
    """Return title and text of an error for people: by its code, its own sentence, else by its kind."""
    title, text = next((said for kind, said in KINDS.items() if isinstance(error, kind)), _OTHER)
    if error.code in _texts:
        return title, _texts[error.code]
    said = error.sentence
    return title, spoken(said) if isinstance(said, Sentence) else text


def wants_json(request: HttpRequest) -> bool:
    """Return True where a program asks: below ``/api/``, or accepting JSON and no page."""
    only_json = request.accepts("application/json") and not request.accepts("text/html")
    return request.path.startswith(API_PATH) or only_json


def error_json(code: str, message: str, *, status: int, details: Any = None) -> JsonResponse:
    """Return the one JSON shape of an error."""
    error = {"code": code, "message": message, **({} if details is None else {"details": details})}
    return JsonResponse({"error": error}, status=status, json_dumps_params={"ensure_ascii": False})


def error_response(request: HttpRequest, error: TandemError) -> HttpResponse:
    """Return what the asker is shown for an error of Tandem's."""
    if wants_json(request):
        details = getattr(error, "details", None)
        return error_json(error.code, str(error), status=error.http_status, details=details)
    return _page(request, *words(error), code=error.code, status=error.http_status)


def withdrawn(request: HttpRequest) -> HttpResponse:
    """Say that something was public once, and is no more."""
    if wants_json(request):
        return error_json("withdrawn", f"What was at {request.path} was withdrawn.", status=410)
    text = _("It was public once, and the city has withdrawn it. Its address leads nowhere else.")
    return _page(request, _("This was withdrawn"), text, code="", status=410)


def _page(request: HttpRequest, title: Text, text: Text, *, code: str, status: int) -> HttpResponse:
    page = {"error_title": title, "error_text": text, "error_code": code, "error_status": status}
    return render(request, "kit/errors/error.html", page, status=status)


class ShowErrors:
    """Turns an error that a view lets pass into an answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the answer for an error of Tandem's, or what was withdrawn; any other goes on to ``server_error``."""
        if isinstance(exception, Withdrawn):
            return withdrawn(request)
        if not isinstance(exception, TandemError):
            return None
        if exception.http_status >= 500:
            logger.warning("kit.request.failed code=%s path=%s: %s", exception.code, request.path, exception)
        return error_response(request, exception)
