"""Errors: each has a code of its own, with its room in front, and one JSON shape."""

import importlib
import pkgutil
import re
from collections import Counter

import pytest
from django.test import Client

import tandem
from tandem.core import errors
from tandem.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, TandemError, Unavailable
from tests.architecture.routes import EVERYONE, all_routes
from tests.architecture.test_routes import LEDGER

KINDS = (InvalidInput, NotAllowed, NotFound, Conflict, Unavailable)
CODE = re.compile(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+")


def every_error() -> list[type[TandemError]]:
    """Return every error class of the package, all modules imported."""
    for module in pkgutil.walk_packages(tandem.__path__, "tandem."):
        if ".migrations." not in module.name and not module.name.endswith((".settings", ".formats")):
            importlib.import_module(module.name)
    return sorted(_subclasses(TandemError), key=lambda kind: (kind.__module__, kind.__name__))


def _subclasses(kind: type[TandemError]) -> set[type[TandemError]]:
    below = {sub for sub in kind.__subclasses__() if sub.__module__.startswith("tandem.")}
    return below.union(*(_subclasses(sub) for sub in below))


@pytest.fixture(scope="module")
def rooms_errors() -> list[type[TandemError]]:
    """Return the errors of the rooms, the five kinds left out."""
    return [error for error in every_error() if error.__module__ != errors.__name__]


def faults(error: type[TandemError]) -> list[str]:
    """Return what is wrong with how an error is declared."""
    room, code = error.__module__.split(".")[1], error.code
    return [
        sentence
        for sentence, wrong in (
            ("is not of exactly one kind", sum(issubclass(error, kind) for kind in KINDS) != 1),
            ("has no code of its own", "code" not in vars(error)),
            (f"has the code {code!r}, not of the form room.words-with-hyphens", not CODE.fullmatch(code)),
            (f"has the code {code!r}, without its room {room!r} in front", code.split(".")[0] != room),
            ("sets what its kind says", not {"http_status", "exit_code"}.isdisjoint(vars(error))),
        )
        if wrong
    ]


def test_errors_are_of_one_kind_and_their_codes_name_their_rooms(rooms_errors: list[type[TandemError]]):
    assert {error.__qualname__: found for error in rooms_errors if (found := faults(error))} == {}


def test_codes_are_unique(rooms_errors: list[type[TandemError]]):
    counts = Counter(error.code for error in rooms_errors)

    assert [code for code, count in counts.items() if count > 1] == []


def test_faults_are_found():
    class Vague(errors.InvalidInput, errors.Conflict):
        http_status = 418

    assert len(faults(Vague)) == 5


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_api_answers_what_does_not_exist_in_the_one_shape(method: str):
    answer = Client().generic(method, "/api/v1/nothing-of-this-name")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert set(answer.json()) == {"error"}
    assert {"code", "message"} <= set(answer.json()["error"]) <= {"code", "message", "details"}


@pytest.mark.django_db
def test_api_refuses_a_token_that_is_none_in_the_one_shape():
    ledger = [line.split() for line in LEDGER.read_text("utf-8").splitlines() if "/api/" in line]
    closed = {
        name for who, *_address, name in ledger if who not in {"#", EVERYONE} and name.startswith("api:")
    }
    routes = [route for route in all_routes() if route.name in closed]
    assert routes
    for route in routes:
        token = {"Authorization": "Bearer not-a-token"}
        answer = Client().generic(route.method, route.example, b"{}", "application/json", headers=token)

        assert answer.status_code in {401, 403}, route
        assert {"code", "message"} <= set(answer.json()["error"]) <= {"code", "message", "details"}
