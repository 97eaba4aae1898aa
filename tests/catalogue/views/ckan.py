"""Calls CKAN's Action API as its clients do."""

import json
from typing import Any

from django.test import Client

from tandem.accounts.domain.roles import RoomRole
from tandem.accounts.models import Person
from tandem.accounts.services import roles, tokens

COMPLETE = {
    "title": "Bäume",
    "notes": "Alle Bäume der Stadt",
    "license_id": "CC0-1.0",
    "resources": [{"url": "https://a.example/baeume.csv", "name": "Tabelle", "format": "CSV"}],
}


def token_of(role: str = "") -> str:
    """Return the token of a new person with a role in the catalogue, or with none."""
    number = Person.objects.count()
    person = Person.objects.create_user(f"{number}@a.example", "x", name=f"Person {number}")
    if role:
        roles.grant(person, RoomRole.parse(f"catalogue:{role}"), actor=None)
    return tokens.create_token(person, "test", actor=None)[1]


def call(action: str, token: str = "", /, **parameters: Any) -> tuple[int, dict[str, Any]]:
    """Post JSON to an action; return the status and the whole answer."""
    headers = {"Authorization": token} if token else {}
    answer = Client().post(
        f"/api/3/action/{action}", json.dumps(parameters), content_type="application/json", headers=headers
    )
    return answer.status_code, answer.json()


def result(action: str, token: str = "", /, **parameters: Any) -> Any:
    """Post JSON to an action that succeeds; return its result."""
    status, answer = call(action, token, **parameters)
    assert (status, answer["success"]) == (200, True), answer
    return answer["result"]


def error(action: str, token: str = "", /, **parameters: Any) -> tuple[int, str, list[str]]:
    """Post JSON to an action that fails; return the status, the type of the error, and the fields it names."""
    status, answer = call(action, token, **parameters)
    assert answer["success"] is False, answer
    assert set(answer) == {"help", "success", "error"}
    return status, answer["error"]["__type"], sorted(set(answer["error"]) - {"__type"})


def extras(package: dict[str, Any]) -> dict[str, str]:
    """Return a package's extras by key."""
    return {each["key"]: each["value"] for each in package["extras"]}
