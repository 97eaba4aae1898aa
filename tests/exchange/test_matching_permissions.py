"""Who may do what with a round of matching, in each of its states: every cell of the table asked of the real pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tandem.exchange.models import Round
from tandem.exchange.services import rounds
from tests.accounts.people import client_of, somebody
from tests.exchange.matching_making import BY, a_round, proposed

pytestmark = pytest.mark.django_db
STATES = ("open", "finished", "public")
ROLES = {
    "planner": "participation:planner",
    "reader": "exchange:reader",
    "officer": "exchange:exchange-officer",
    "administrator": "site:administrator",
}
WHO = ("stranger", "citizen", *ROLES)
PAIR = ["arezzo", "hamm"]
LOOK: dict[str, list[Any]] = {
    "round": [],
    "result": [1],
    "result_cities": [1],
    "result_blocking": [1],
    "result_compared": [1],
    "result_pair": [1, *PAIR],
}
READ: dict[str, list[Any]] = {
    "round_cities": [],
    "round_file": [],
    "round_check": [],
    "round_consent": [],
    "round_history": [],
}
CHANGE: dict[str, list[Any]] = {
    "round_describe": [],
    "round_city_new": [],
    "round_city": ["hamm"],
    "round_take_file": [],
    "round_rules": [],
    "round_leave": ["hamm"],
    "result_what_if": [1],
    "result_look_up": [1],
}
POSTED: dict[str, tuple[list[Any], dict[str, str]]] = {
    "round_step": ([], {"step": "finish"}),
    "round_rule_drop": ([], {"drop": "fixed arezzo hamm"}),
    "round_match": ([], {}),
    "result_take": ([1], {}),
    "result_join": ([1], {"cities": "sofia arezzo hamm"}),
    "result_discard": ([1], {}),
}


def in_state(state: str) -> Round:
    row = a_round()
    proposed(row)
    row.refresh_from_db()
    if state != "open":
        rounds.finish(row, **BY)
    if state == "public":
        rounds.publish(row, **BY)
    return row


def client_for(who: str) -> Client:
    roles = [ROLES[who]] if who in ROLES else []
    return Client() if who == "stranger" else client_of(somebody(*roles, armed=False), kind=Client)


def expected(who: str, state: str, page: str) -> int:
    """Return the status that the table has: a stranger is sent to sign in, what is not public is not there."""
    is_staff = who in {"reader", "officer", "administrator"}
    if page in LOOK:
        return 200 if is_staff or state == "public" else 404
    if who == "stranger":
        return 302
    may = is_staff if page in READ else who in {"officer", "administrator"}
    return 200 if may else 403


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", WHO)
def test_pages(who: str, state: str):
    row, client = in_state(state), client_for(who)
    pages = LOOK | READ | CHANGE | {"round_answer": [row.proposals.first().pk]}
    found = {
        page: client.get(reverse(f"exchange:{page}", args=[row.slug, *more])).status_code
        for page, more in pages.items()
    }
    assert found == {page: expected(who, state, page) for page in pages}


@pytest.mark.parametrize("who", WHO)
def test_only_officers_begin_a_round(who: str):
    answered = client_for(who).post(reverse("exchange:round_new"), {"titles_de": "R", "topics": "air: Air"})
    may = who in {"officer", "administrator"}
    assert Round.objects.exists() is may
    assert answered.status_code == (302 if may or who == "stranger" else 403)


@pytest.mark.parametrize("action", POSTED)
@pytest.mark.parametrize("who", WHO)
def test_only_officers_change_anything(who: str, action: str):
    row, client = in_state("open"), client_for(who)
    before = (list(Round.objects.values()), row.results.count(), row.steps.count())
    more, posted = POSTED[action]
    address = reverse(f"exchange:{action}", args=[row.slug, *more])
    assert client.get(address).status_code in {302, 403, 405}
    answered = client.post(address, posted)
    if who not in {"officer", "administrator"}:
        assert answered.status_code == (302 if who == "stranger" else 403)
        assert (list(Round.objects.values()), row.results.count(), row.steps.count()) == before
    else:
        assert answered.status_code == 302
