"""Who asks, and whether they may: for the views and APIs of every room."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url

from tandem.accounts.domain.permissions import ALLOWED, ROOM, Action
from tandem.accounts.models import Person
from tandem.accounts.services import tokens
from tandem.accounts.services.roles import has_role, is_staff, roles_of, standing

__all__ = [
    "allowed",
    "confirmed",
    "has_role",
    "is_staff",
    "person_of",
    "person_of_token",
    "roles_of",
    "signed_in",
    "staff",
    "standing",
]

View = Callable[..., HttpResponseBase]
_SCHEME = "bearer"


def staff(room: str, *roles: str) -> Callable[[View], View]:
    """Let only people with one of ``roles`` in ``room`` (any role, where none is named) see a view.

    Anonymous people are sent to sign in and come back; others get the page "You may not do this".
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if not has_role(request.user, room, *roles):
                raise PermissionDenied
            return view(request, *arguments, **named)

        return guarded

    return decorate


def allowed(action: Action) -> Callable[[View], View]:
    """Let only people who may do this with other people's accounts see a view."""
    return staff(ROOM, *ALLOWED[action])


def signed_in(view: View) -> View:
    """Let only people who are signed in see a view."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *arguments, **named)

    return guarded


def confirmed(view: View) -> View:
    """Ask for the password or a code once more before a view takes what is posted to it.

    What was posted is kept meanwhile. Who confirmed within the last 15 minutes is not asked.
    """
    return cast("View", reauthentication_required(view, allow_get=True))


def person_of(request: HttpRequest) -> Person:
    """Return who asks, in a view that lets only people in who are signed in."""
    person = request.user
    assert isinstance(person, Person)  # noqa: S101 - the view's decorator saw to it
    return person


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Return the redirect to signing in and back."""
    return redirect_to_login(request.get_full_path(), resolve_url("account_login"))


def person_of_token(request: HttpRequest) -> Person | None:
    """Return the active person whose token the request carries as ``Authorization: Bearer …``.

    None where there is no such header, and where the token is unknown, revoked, or of somebody
    whose account is shut.
    """
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not secret.strip():
        return None
    return tokens.person_of(secret.strip())
