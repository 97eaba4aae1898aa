"""Staff work here with a second factor, or not at all."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tandem.accounts.services import second_factor
from tandem.kit.errors import error_json, wants_json

Handler = Callable[[HttpRequest], HttpResponse]
FREE_PREFIXES = ("account_", "mfa_")
FREE = frozenset(
    [
        "accounts:second_factor",
        "accounts:me",
        "accessibility",
        "feedback",
        "healthz",
        "imprint",
        "logo",
        "metrics",
        "privacy",
        "theme",
    ]
)


class SecondFactor:
    """Sends staff who have no second factor yet to the page that explains it.

    Everything by which one sets it up, signs out, or learns who runs the portal stays open.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Return the redirect to the explanation, or None to go on."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _is_free(request):
            return None
        if not second_factor.is_missing(request.user):
            return None
        if wants_json(request):
            text = "Set up a second factor first; staff need one. Sign in on the portal's pages to do so."
            return error_json("accounts.second-factor-missing", text, status=403)
        return redirect("accounts:second_factor")


def _is_free(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in FREE or name.startswith(FREE_PREFIXES)
