"""What the views of this room ask of a request: what was typed, and who acts when."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tandem.accounts.access import person_of

form_page = require_http_methods(["GET", "HEAD", "POST"])
"""Lets a view that shows a form take what is sent with it."""


def typed(request: HttpRequest) -> Any:
    """Return what was sent with a form; None where it is only looked at."""
    return request.POST if request.method == "POST" else None


def by(request: HttpRequest) -> dict[str, Any]:
    """Return who acts, and when: what every service wants to know."""
    return {"person": person_of(request), "now": timezone.now()}
