"""Pages for when something is wrong."""

import logging

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tandem.kit.context import Frame
from tandem.kit.errors import error_json, wants_json

_SECRET = ("password", "csrf", "token", "code", "secret", "otp")
_LONGEST_KEPT = 100_000
logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that a request could not be understood."""
    if wants_json(request):
        return error_json("bad-request", "The request could not be understood.", status=400)
    return _page(request, _("That could not be used"), _("The request could not be understood."), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the person may not see this page."""
    if wants_json(request):
        return error_json("not-allowed", "You may not do this.", status=403)
    text = _("Your account has not the role that this needs. Nothing was changed.")
    return _page(request, _("You may not do this"), text, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page, and where to go instead."""
    if wants_json(request):
        return error_json("not-found", f"There is nothing at {request.path}.", status=404)
    text = _("The address may be mistyped, or what was here has been taken away.")
    return _page(request, _("This page does not exist"), text, status=404)


def _page(request: HttpRequest, title: str, text: str, *, status: int) -> HttpResponse:
    page = {"error_title": title, "error_text": text, "error_code": "", "error_status": status}
    return render(request, "kit/errors/error.html", page, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke. Needs neither the database nor a session."""
    if wants_json(request):
        return error_json("error", "Something went wrong on our side. It has been recorded.", status=500)
    try:
        page = {"frame": Frame(request), "request": request}
        return HttpResponse(render_to_string("kit/errors/server_error.html", page), status=500)
    except Exception:
        logger.exception("kit.server-error-page.failed")
        return HttpResponse(_bare_page(), status=500)


def _bare_page() -> str:
    """Return a page that needs no template."""
    title, text = escape(_("Something went wrong")), escape(_("Please try again in a few minutes."))
    return (
        f'<!doctype html><html lang="{get_language() or "en"}"><meta charset="utf-8"><title>{title}</title>'
        f"<main><h1>{title}</h1><p>{text}</p></main></html>"
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was not taken because its page was too old, and give back what was typed."""
    logger.info("kit.csrf.refused path=%s: %s", request.path, reason)
    if wants_json(request):
        return error_json("csrf", f"The request was refused: {reason}", status=403)
    return render(request, "kit/errors/csrf.html", {"kept": _typed(request)}, status=403)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the form's fields held, without anything secret."""
    try:
        sent = list(request.POST.lists())
    except (UnreadablePostError, ValueError):
        return []
    return [
        (name, value[:_LONGEST_KEPT])
        for name, values in sent
        for value in values
        if value.strip() and not any(word in name.lower() for word in _SECRET)
    ]
