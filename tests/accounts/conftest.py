"""What the tests of accounts share."""

from dataclasses import replace

import pytest
from django.core.cache import cache

from tests.pages import page_client

__all__ = ["page_client"]


@pytest.fixture(autouse=True)
def fresh_limits():
    """Begin each test without rate limits in the cache, and with cheap password hashes."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    """Hash passwords quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def with_accounts(settings, **changes):
    """Change the section [accounts] of the installation."""
    settings.TANDEM = replace(settings.TANDEM, accounts=replace(settings.TANDEM.accounts, **changes))


@pytest.fixture
def second_factor_optional(settings):
    """Let staff work without a second factor."""
    with_accounts(settings, staff_second_factor=False)


@pytest.fixture
def sign_up_closed(settings):
    """Let nobody make an account without an invitation."""
    with_accounts(settings, sign_up=False)


@pytest.fixture(autouse=True)
def second_factor_asked_for(settings):
    """Ask staff for a second factor, as a city does."""
    with_accounts(settings, staff_second_factor=True)
