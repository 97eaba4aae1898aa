"""Help for tests that need people: somebody with roles, signed in, with or without a second factor."""

import itertools
import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from tandem.accounts.models import Person
from tandem.accounts.services.people import create_person
from tests.pages import PageClient

PASSWORD = "seven unrelated words, nearly"
_numbers = itertools.count(1)


def somebody(
    *roles: str, email: str = "", name: str = "", language: str = "en", armed: bool = True
) -> Person:
    """Return a new person; staff get a second factor unless ``armed`` is False."""
    number = next(_numbers)
    person = create_person(
        email or f"person{number}@example.org", name or f"Person {number}", PASSWORD, language, roles
    )
    if roles and armed:
        arm(person)
    return person


def arm(person: Person) -> str:
    """Set up a second factor, and return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code that an authenticator app shows now, or some steps of 30 s later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def client_of(person: Person, *, confirmed: bool = False, kind: type[Client] = PageClient) -> Any:
    """Return a client that is signed in, and that confirmed its password just now where ``confirmed``."""
    client = kind()
    client.force_login(person)
    if confirmed:
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client
