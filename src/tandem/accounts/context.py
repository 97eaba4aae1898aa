"""What every template knows of the person who asks."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tandem.accounts.services.roles import standing
from tandem.kit.installation import config


def person(request: HttpRequest) -> dict[str, Any]:
    """Return ``person`` (None for anonymous people) and ``staff``, both looked up when they are used.

    ``staff`` is the person's standing: ``staff.roles``, ``staff.is_staff``, ``staff.is_administrator``.
    ``sign_up_is_open`` says whether anybody may make an account.
    """
    user = getattr(request, "user", None)
    return {
        "person": SimpleLazyObject(lambda: user if user is not None and user.is_authenticated else None),
        "staff": SimpleLazyObject(lambda: standing(user)),
        "sign_up_is_open": config().accounts.sign_up,
    }
