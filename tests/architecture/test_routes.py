"""The route ledger: who may see what is decided by people, in ``routes.txt``, and kept by the code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override

from tests.architecture.committed import assert_committed
from tests.architecture.routes import EVERYONE, Route, all_routes, who_may

LEDGER = Path(__file__).with_name("routes.txt")
HEAD = """\
# Every address of the portal, and whom it lets in: everyone, signed-in, staff. A test asks each address, with
# ids of things that do not exist, without an account and as a person without a role. Where the thing itself
# decides, as with drafts, it is as if it were not there; that, and what each role may do, is tested in the rooms.
"""
WORK = re.compile(
    r"/(edit|describe|new|add|publish|withdraw|discard|erase|revoke|people|audit|drafts|harvests)\b"
)
OF_CITIZENS = re.compile(r"/take-part/.*/(ideas|statements)/(new|<.*>)|/take-part/mine/")
"""What citizens do with what is theirs; the page itself says who may, by the state of the phase."""
CHANGE = re.compile(r" (POST|PUT|PATCH|DELETE) ")
READS = re.compile(r" POST /api/v1/sql ")
"""A question too long for an address; it can change nothing."""


@pytest.fixture
def roleless(db: None) -> Callable[[], Client]:
    """Return what signs a person without any role in."""
    person = get_user_model().objects.create(email="nobody@example.org")

    def sign_in() -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(person)
        return client

    return sign_in


def test_routes_and_whom_they_let_in_are_as_the_ledger_says(roleless: Callable[[], Client]):
    rows = [(who_may(route, roleless=roleless), str(route), route.name) for route in all_routes()]
    width = max(len(pattern) for _who, pattern, _name in rows)
    lines = [f"{who:<10} {pattern:<{width}}  {name}" for who, pattern, name in rows]

    assert_committed(LEDGER, HEAD + "\n".join(lines) + "\n")


def test_nothing_that_reads_like_work_of_the_staff_is_open_to_everyone():
    held = [line for line in LEDGER.read_text("utf-8").splitlines() if line.startswith(EVERYONE)]
    rooms = [line for line in held if " /<lang>/account/" not in line and not OF_CITIZENS.search(line)]

    assert [
        line for line in rooms if WORK.search(line) or (CHANGE.search(line) and not READS.search(line))
    ] == []


def test_every_route_has_a_name_and_is_reached():
    routes = all_routes()

    assert len(routes) > 20
    assert [route.pattern for route in routes if not route.name.rpartition(":")[2]] == []
    assert [route.example for route in routes if not _is_reached(route)] == []


def _is_reached(route: Route) -> bool:
    """Return False where no address, or one without a name, answers the example."""
    with override(settings.LANGUAGE_CODE):
        try:
            return bool(resolve(route.example).url_name)
        except Resolver404:
            return False
