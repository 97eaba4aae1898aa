"""Who may do what with adoptions, when: every cell of the table asked of the real pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tandem.exchange.domain.adoption import NotTheirs
from tandem.exchange.models import Adoption, WaitingBundle
from tandem.exchange.services import acting_here, adoption_steps, adoptions
from tandem.exchange.services.ledger import read
from tests.accounts.people import client_of, somebody
from tests.exchange.adopting import SIGNAL, TABLE, adopted, offered, signal, state_of
from tests.exchange.partners import NOW
from tests.site.conftest import own_folder

__all__ = ["own_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder", "rooms")]
ROLES = {
    "citizen": (),
    "planner": ("participation:planner",),
    "editor": ("catalogue:editor",),
    "publisher": ("catalogue:publisher",),
    "engineer": ("junctions:traffic-engineer",),
    "reader": ("exchange:reader",),
    "officer": ("exchange:exchange-officer",),
    "administrator": ("site:administrator",),
}
WHO = ("stranger", *ROLES)
OFFICERS = {"officer", "administrator"}
STAFF = {"reader", *OFFICERS}
SIGNERS = {"publisher", "engineer"}
PAGES = {
    "adoptions": STAFF | SIGNERS,
    "adoption": STAFF | SIGNERS,
    "adoption_receipt": STAFF | SIGNERS,
    "adoption_comparison": STAFF,
    "adoption_go_live": OFFICERS,
    "adoption_diverge": OFFICERS,
    "adoption_retire": OFFICERS,
    "adoption_undo": OFFICERS,
    "take_in": OFFICERS,
    "adopt_version": OFFICERS,
    "adoption_update": OFFICERS,
}
STATES = ("drafts", "diverged", "undone")


def client_for(who: str) -> Client:
    if who == "stranger":
        return Client()
    return client_of(somebody(*ROLES[who], armed=False), kind=Client)


@pytest.fixture
def row(officer) -> Adoption:
    """Return an adoption of a table and a signal, with a newer version."""
    made = adopted(officer, offered(signal()))
    offered(signal(), number="1.1.0")
    return made


def address(page: str, row: Adoption) -> str:
    arguments: list[Any] = [row.pk] if page.startswith("adoption_") or page == "adoption" else []
    arguments += ["1.1.0"] if page == "adoption_update" else []
    arguments += [row.measure.slug, "1.0.0"] if page == "adopt_version" else []
    return reverse(f"exchange:{page}", args=arguments)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", WHO)
def test_pages(row, who, state):
    Adoption.objects.update(state=state)
    client = client_for(who)
    found = {page: client.get(address(page, row)).status_code for page in PAGES}
    refused = 302 if who == "stranger" else 403
    fine = {
        "adopt_version": 200 if state == "undone" else 302,  # what stands leads to its page
        "adoption_update": 200 if state == "drafts" else 409,
    }

    assert found == {page: fine.get(page, 200) if who in PAGES[page] else refused for page in PAGES}


@pytest.mark.parametrize(("key", "signs"), [(TABLE, "publisher"), (SIGNAL, "engineer")])
@pytest.mark.parametrize("who", WHO)
def test_who_signs_which_part(row, who, key, signs):
    client, part = client_for(who), [row.pk, *key.split("/")]
    found = [
        client.get(reverse(f"exchange:adoption_{page}", args=part)).status_code
        for page in ("sign_off", "simulation")
    ]
    refused = 302 if who == "stranger" else 403
    simulates = {signs, *OFFICERS}

    assert found == [
        200 if who in {signs, "administrator"} else refused,
        200 if who in simulates else refused,
    ]


def test_a_signer_of_another_room_does_not_see_what_is_none_of_theirs(officer):
    row = adopted(officer, offered())

    assert client_for("publisher").get(address("adoption", row)).status_code == 200
    assert client_for("engineer").get(address("adoption", row)).status_code == 403


@pytest.mark.parametrize("who", [each for each in WHO if each not in OFFICERS])
def test_nobody_but_officers_changes_the_whole(row, who):
    client = client_for(who)
    before = state_of(row), row.state, row.told, row.version
    for page in ("go_live", "diverge", "retire", "undo", "tell", "comparison"):
        client.post(reverse(f"exchange:adoption_{page}", args=[row.pk]), {"reason": "x", "since_day": 1})
    client.post(address("adoption_update", row), {"then": "update"})
    client.post(address("take_in", row), {"discard": 1})
    row.refresh_from_db()

    assert (state_of(row), row.state, row.told, row.version) == before
    assert not WaitingBundle.objects.exists()


@pytest.mark.parametrize("who", [each for each in WHO if each not in OFFICERS])
def test_nobody_but_officers_adopts(officer, who):
    version = offered()
    answer = client_for(who).post(
        reverse("exchange:adopt_version", args=[version.measure.slug, "1.0.0"]),
        {"then": "adopt", "input-publisher": "Hamm"},
    )

    assert (answer.status_code in {302, 403}, Adoption.objects.count()) == (True, 0)


def test_a_sign_off_without_the_role_is_refused_by_the_service_too(officer, row):
    now = adoptions.part_now(acting_here.acting(officer, now=NOW), read(row).part(TABLE))
    with pytest.raises(NotTheirs):
        adoption_steps.sign_off(str(row.pk), TABLE, seen=now.seen, person=officer, now=NOW)
