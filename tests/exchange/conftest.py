"""People and measures for tests of the exchange's pages and services."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.exchange.models import Measure
from tandem.kit import parts
from tests.accounts.people import client_of, somebody
from tests.exchange.adopting import Rooms
from tests.exchange.measures import Room, published_measure


@pytest.fixture(autouse=True)
def fresh_limits(settings: Any) -> None:
    """Begin each test without rate limits and without a second factor for staff."""
    cache.clear()
    accounts = replace(settings.TANDEM.accounts, staff_second_factor=False)
    settings.TANDEM = replace(settings.TANDEM, accounts=accounts)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Let ``reverse`` lead to English pages."""
    with override("en"):
        yield


@pytest.fixture
def room() -> Iterator[Room]:
    """Let a room of data be the only one that packs parts."""
    before = dict(parts._handlers)
    parts._handlers.clear()
    made = Room()
    parts.register_handler(made)
    yield made
    parts._handlers.clear()
    parts._handlers.update(before)


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    """Let two rooms that keep their things in memory be the only ones that have parts."""
    before = dict(parts._handlers)
    parts._handlers.clear()
    yield Rooms()
    parts._handlers.clear()
    parts._handlers.update(before)


@pytest.fixture
def officer(db: None) -> Person:
    """Return somebody who describes, publishes and releases."""
    return somebody("exchange:exchange-officer", armed=False)


@pytest.fixture
def client_as() -> Callable[..., Any]:
    """Return a function that returns a client of somebody with roles, which checks every page."""
    return lambda *roles: client_of(somebody(*roles, armed=False))


@pytest.fixture
def measure(db: None) -> Measure:
    """Return a published measure without gaps."""
    return published_measure()
