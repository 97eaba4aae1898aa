"""Who may do what with a tandem, in each of its states: every cell of the table asked of the real pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tandem.exchange.models import Tandem
from tests.accounts.people import client_of, somebody
from tests.exchange.tandem_making import in_state

pytestmark = pytest.mark.django_db
STATES = ("proposed", "active", "waiting", "ended")
WHO = ("stranger", "citizen", "planner", "reader", "officer", "administrator")
ROLES = {
    "planner": "participation:planner",
    "reader": "exchange:reader",
    "officer": "exchange:exchange-officer",
    "administrator": "site:administrator",
}
LOOK = ("tandem", "tandem_learning", "tandem_visits")
READ = ("tandem_costs", "tandem_report")
CHANGE = ("tandem_edit", "tandem_end", "tandem_invite", "topic_new", "visit_new", "cost_new")


def client_for(who: str) -> Client:
    if who == "stranger":
        return Client()
    roles = [ROLES[who]] if who in ROLES else []
    return client_of(somebody(*roles, armed=False), kind=Client)


def expected(who: str, state: str, page: str) -> int:
    """Return the status that the table has: a stranger is sent to sign in, what is not public is not there."""
    is_staff = who in {"reader", "officer", "administrator"}
    if page in LOOK:
        return 200 if is_staff or state != "proposed" else 404
    if who == "stranger":
        return 302
    may = is_staff if page in READ else who in {"officer", "administrator"}
    return 200 if may else 403


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", WHO)
def test_pages(who: str, state: str):
    tandem, client = in_state(state), client_for(who)
    pages = (*LOOK, *READ, *CHANGE)
    found = {page: client.get(reverse(f"exchange:{page}", args=[tandem.slug])).status_code for page in pages}
    assert found == {page: expected(who, state, page) for page in pages}


def day(name: str, year: int = 2024) -> dict[str, Any]:
    return {f"{name}_day": 31, f"{name}_month": 12, f"{name}_year": year}


def post(client: Client, tandem: Tandem, action: str) -> Any:
    """Do something to a tandem by its page."""
    member = tandem.members.get(city="hamm")
    new = {"known": "other", "city": "venlo", "names_de": "Venlo", **day("joined_on")}
    visit = {"titles_de": "Besuch", "host": "hamm", **day("begins_on"), **day("ends_on")}
    cost = {"city": "hamm", "titles_de": "Bahn", "amount": "1", **day("on")}
    posted: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
        "invite": ("tandem_invite", [], new),
        "leave": (
            "tandem_member",
            [member.pk],
            {"step": "leave", "leave-because_de": "x", **day("leave-on")},
        ),
        "activate": ("tandem_step", [], {"step": "activate"}),
        "end": ("tandem_end", [], day("on")),
        "topic": ("topic_new", [], {"titles_de": "Luft"}),
        "visit": ("visit_new", [], visit),
        "cost": ("cost_new", [], cost),
    }
    name, more, values = posted[action]
    return client.post(reverse(f"exchange:{name}", args=[tandem.slug, *more]), values)


def came_of(tandem: Tandem) -> dict[str, Any]:
    tandem.refresh_from_db()
    return {
        "invite": tandem.members.filter(city="venlo").exists(),
        "leave": tandem.members.get(city="hamm").left_on is not None,
        "activate": tandem.state == "active",
        "end": tandem.state == "ended",
        "topic": tandem.topics.exists(),
        "visit": tandem.visits.exists(),
        "cost": tandem.costs.exists(),
    }


POSSIBLE = {
    "proposed": {
        "invite",
        "leave",
        "end",
        "topic",
        "visit",
        "cost",
    },  # nobody has agreed: it cannot be made active
    "active": {"invite", "leave", "end", "topic", "visit", "cost"},
    "waiting": {"invite", "leave", "end", "topic", "visit", "cost"},  # one city alone
    "ended": {"cost"},
}
ACTIONS = ("invite", "leave", "activate", "end", "topic", "visit", "cost")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("action", ACTIONS)
def test_actions(who: str, state: str, action: str):
    tandem, client = in_state(state), client_for(who)
    before = came_of(tandem)
    answer = post(client, tandem, action)
    may = who in {"officer", "administrator"}
    if not may:
        assert answer.status_code == (302 if who == "stranger" else 403)
    changed = {name for name, value in came_of(tandem).items() if value != before[name]}
    wanted = {action} if may and action in POSSIBLE[state] else set()
    assert changed - {"activate"} == wanted - {"activate"}


def test_nobody_but_staff_sees_what_is_withdrawn():
    tandem = in_state("active")
    Tandem.objects.update(is_public=False)
    address = reverse("exchange:tandem", args=[tandem.slug])
    assert {who: client_for(who).get(address).status_code for who in WHO} == {
        "stranger": 404, "citizen": 404, "planner": 404, "reader": 200, "officer": 200, "administrator": 200,
    }  # fmt: skip
