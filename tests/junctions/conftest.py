"""Junctions, files and people for tests of the register."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.accounts.services.people import create_person
from tandem.junctions.adapters import latest
from tandem.junctions.domain.approval import Action
from tandem.junctions.models import FileVersion, Junction
from tandem.junctions.services import files, register
from tests.junctions.messages import file_of

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> Iterator[None]:
    """Begin each test without rate limits and received states, with cheap passwords and no second factor."""
    cache.clear()
    settings.TANDEM = replace(
        settings.TANDEM, accounts=replace(settings.TANDEM.accounts, staff_second_factor=False)
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override("en"):
        yield
    latest.forget("market-street")


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """Return a function that makes an account: ``person("junctions:traffic-engineer")``."""
    numbers = iter(range(1_000))

    def make(*roles: str) -> Person:
        number = next(numbers)
        return create_person(
            f"person{number}@example.org", f"Person {number}", "long enough, surely", "en", roles
        )

    return make


@pytest.fixture
def engineer(person: Callable[..., Person]) -> Person:
    """Return an engineer."""
    return person("junctions:traffic-engineer")


@pytest.fixture
def colleague(person: Callable[..., Person]) -> Person:
    """Return another engineer."""
    return person("junctions:traffic-engineer")


@pytest.fixture
def junction(db: None) -> Junction:
    """Return a published junction without a file."""
    made = register.begin(
        titles={"de": "Marktstraße", "it": "Via del Mercato", "en": "Market Street"},
        summaries={"de": "Eine Kreuzung.", "it": "Un incrocio.", "en": "A junction."},
        latitude=51.68,
        longitude=7.82,
        person=None,
        now=NOW,
    )
    Junction.objects.filter(pk=made.pk).update(slug="market-street")
    made.refresh_from_db()
    register.publish(made, person=None, now=NOW)
    return made


@pytest.fixture
def approve(engineer: Person, colleague: Person) -> Callable[..., FileVersion]:
    """Return a function that brings a file to its approval by two people."""

    def bring(junction: Junction, content: bytes = file_of()) -> FileVersion:
        version = files.receive(junction, content, note="", person=engineer, now=NOW)
        files.decide(version, Action.PROPOSE, person=engineer, reason="It is sound.", now=NOW)
        files.decide(version, Action.APPROVE, person=colleague, reason="", now=NOW)
        return version

    return bring


@pytest.fixture
def signed_in(page_client: Any) -> Callable[[Person], Any]:
    """Return a function that signs a person in and returns the client, which checks every page."""

    def sign_in(someone: Person) -> Any:
        page_client.force_login(someone)
        return page_client

    return sign_in


__all__ = ["NOW"]
