"""Every address of the portal, and who is let in: found out by asking the portal."""

import inspect
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.urls.resolvers import LocalePrefixPattern, RoutePattern
from django.utils.regex_helper import normalize

EVERYONE, SIGNED_IN, STAFF = "everyone", "signed-in", "staff"
_JSON = {"data": b"{}", "content_type": "application/json"}
_UUID = uuid.UUID(int=0)
_GUESSES = ("x", "1", str(_UUID), "ttl", "series", "publish")  # for the parts of regular expressions


@dataclass(frozen=True, slots=True)
class Route:
    """One address.

    Attributes:
        pattern: As the ledger shows it: ``/<lang>/data/<slug:dataset>/``.
        name: With its namespace: ``catalogue:dataset``.
        example: An address of this form, of something that does not exist.
        method: Where one address answers several methods differently, as in the API; else empty.
    """

    pattern: str
    name: str
    example: str
    method: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.pattern}".lstrip()


def all_routes() -> list[Route]:
    """Return every route of the portal, ordered by its address."""
    return sorted(
        _below(get_resolver(), "/", "/", ()), key=lambda route: (route.pattern, route.method, route.name)
    )


def _below(resolver: URLResolver, shown: str, example: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        entry_shown, entry_example = shown + _shown(entry.pattern), example + _example(entry.pattern)
        if isinstance(entry, URLPattern):
            name = ":".join([*spaces, entry.name or ""])
            yield from (Route(entry_shown, name, entry_example, method) for method in _methods(entry))
        else:
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _below(entry, entry_shown, entry_example, inner)


def _methods(entry: URLPattern) -> list[str]:
    """Return the methods of an operation of the API; other views answer for themselves."""
    nonlocals = inspect.getclosurevars(entry.callback).nonlocals if inspect.isfunction(entry.callback) else {}
    operations = getattr(nonlocals.get("self"), "operations", ())
    return sorted(
        m for each in operations if each.view_func.__name__ == entry.name for m in each.methods
    ) or [""]


def _shown(pattern: Any) -> str:
    if isinstance(pattern, LocalePrefixPattern):
        return "<lang>/"
    if isinstance(pattern, RoutePattern):
        return str(pattern)
    form, names = normalize(str(pattern))[0]
    return form % {name: f"<{name}>" for name in names}


def _example(pattern: Any) -> str:
    if isinstance(pattern, LocalePrefixPattern):
        return f"{settings.LANGUAGE_CODE}/"
    if isinstance(pattern, RoutePattern):
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: _value(pattern.converters[found[1]]), str(pattern))
    form, names = normalize(str(pattern))[0]
    tries = (form % dict(zip(names, values, strict=True)) for values in product(_GUESSES, repeat=len(names)))
    return next(text for text in tries if pattern.regex.search(text))


def _value(converter: Any) -> str:
    if isinstance(converter, UUIDConverter):
        return str(_UUID)
    return "1" if isinstance(converter, IntConverter) else "x"


def who_may(route: Route, *, roleless: Callable[[], Client]) -> str:
    """Return who is let in: everyone, anybody signed in, or staff alone.

    Args:
        roleless: Makes a client signed in as a person without any role.
    """
    if not _refused(_ask(Client(raise_request_exception=False), route)):
        return EVERYONE
    return STAFF if _refused(_ask(roleless(), route)) else SIGNED_IN


def _ask(client: Client, route: Route) -> HttpResponse:
    answer = client.generic(route.method or "GET", route.example, **_JSON)
    return client.post(route.example, **_JSON) if answer.status_code == 405 else answer


def _refused(answer: HttpResponse) -> bool:
    """Return True where the answer is no, or the page to sign in."""
    to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(
        reverse(settings.LOGIN_URL)
    )
    return answer.status_code in {401, 403} or to_sign_in
