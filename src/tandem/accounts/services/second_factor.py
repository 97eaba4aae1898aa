"""The second factor of staff."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit, roles
from tandem.kit.installation import config


def is_missing(person: Any) -> bool:
    """Return whether somebody must set up a second factor before they work here."""
    if not config().accounts.staff_second_factor:
        return False
    known = roles.standing(person)
    return known.is_staff and not known.has_second_factor


def has_second_factor(person: Person) -> bool:
    """Return whether a person signs in with a second factor."""
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


@transaction.atomic
def reset(person: Person, *, actor: Person | None) -> bool:
    """Take a person's second factor and recovery codes away, so that they can set up new ones.

    Returns:
        Whether there was anything to take.
    """
    deleted, _kinds = Authenticator.objects.filter(user=person).delete()
    roles.forget(person)
    if deleted:
        audit.record(actor, "accounts.second-factor.reset", person.uri)
    return bool(deleted)
