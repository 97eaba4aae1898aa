"""Who may do what with a measure, when: every cell of the table asked of the real pages."""

from functools import partial

import pytest
from django.urls import reverse

from tandem.exchange.domain.permissions import ALLOWED, Duty
from tandem.exchange.services import measures
from tests.accounts.people import client_of, somebody
from tests.exchange.measures import NOW, draft_measure, texts

pytestmark = pytest.mark.django_db
NOBODY, CITIZEN, OTHER, READER, OFFICER, ADMINISTRATOR = (
    "nobody",
    "",
    "catalogue:publisher",
    "exchange:reader",
    "exchange:exchange-officer",
    "site:administrator",
)
EVERYBODY = (NOBODY, CITIZEN, OTHER, READER, OFFICER, ADMINISTRATOR)
STAFF, OFFICERS = {READER, OFFICER, ADMINISTRATOR}, {OFFICER, ADMINISTRATOR}
STATES = ("draft", "announced", "review", "published", "withdrawn")
READ = {
    "draft": STAFF,
    "announced": set(EVERYBODY),
    "review": STAFF,
    "published": set(EVERYBODY),
    "withdrawn": STAFF,
}
PAGES = {
    "measure_history": STAFF,
    "measure_parts": OFFICERS,
    "measure_evidence": OFFICERS,
    "measure_announce": OFFICERS,
    "measure_submit": OFFICERS,
    "measure_send_back": OFFICERS,
    "measure_publish": OFFICERS,
    "measure_release": OFFICERS,
    "measure_withdraw": OFFICERS,
    "measure_discard": OFFICERS,
}


def in_state(state):
    made = draft_measure()
    do = partial(dict, person=None, now=NOW)
    if state == "announced":
        measures.announce(made, texts("Soon"), **do())
    if state == "review":
        measures.submit(made, **do())
    if state in {"published", "withdrawn"}:
        measures.publish(made, **do())
    if state == "withdrawn":
        measures.withdraw(made, **do(reason=texts("Over")))
    return made


@pytest.fixture
def clients(db, page_client):
    people = {role: client_of(somebody(*([role] if role else []), armed=False)) for role in EVERYBODY[1:]}
    return {NOBODY: page_client, **people}


@pytest.mark.parametrize("state", STATES)
def test_who_reads_a_measure(clients, state):
    address = reverse("exchange:measure", args=[in_state(state).slug])
    answers = {who: client.get(address).status_code for who, client in clients.items()}
    refused = 410 if state == "withdrawn" else 404

    assert answers == {who: 200 if who in READ[state] else refused for who in EVERYBODY}


@pytest.mark.parametrize("state", ["draft", "published"])
@pytest.mark.parametrize("page", PAGES)
def test_who_sees_the_pages_of_the_staff(clients, state, page):
    address = reverse(f"exchange:{page}", args=[in_state(state).slug])
    answers = {who: client.get(address).status_code for who, client in clients.items()}

    assert answers == {who: 200 if who in PAGES[page] else 302 if who == NOBODY else 403 for who in EVERYBODY}


@pytest.mark.parametrize(("page", "step"), [("measure_edit", "what"), ("measure_check", "what")])
def test_who_describes(clients, page, step):
    made = in_state("draft")
    address = reverse(f"exchange:{page}", args=[made.slug, step])
    before = made.card
    for who in (NOBODY, CITIZEN, OTHER, READER):
        assert clients[who].post(address, {"title_de": "Neu"}).status_code in {302, 403}
    made.refresh_from_db()
    assert made.card == before


def test_nobody_but_officers_changes_anything_by_posting(clients):
    made = in_state("draft")
    for who in (NOBODY, CITIZEN, OTHER, READER):
        for page in PAGES:
            clients[who].post(reverse(f"exchange:{page}", args=[made.slug]), {"note": "x", "number": "1.0.0"})
    made.refresh_from_db()
    assert (made.status, made.steps.count(), made.versions.count()) == ("draft", 1, 0)


def test_the_table_names_the_roles_that_there_are():
    assert {duty: set(roles) for duty, roles in ALLOWED.items()} == {
        Duty.SEE_DRAFTS: {"reader", "exchange-officer"},
        **{duty: {"exchange-officer"} for duty in Duty if duty is not Duty.SEE_DRAFTS},
    }
