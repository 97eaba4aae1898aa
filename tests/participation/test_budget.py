"""Voting on a budget: one ballot each, whatever happens, and nothing that joins it to its voter."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from tandem.participation.domain.phase import PhaseNotOpen
from tandem.participation.domain.voting_code import UnreadableCode, new_batch
from tandem.participation.models import CastBallot, Contribution, VoterEntry, VotingCode
from tandem.participation.services import voting, voting_codes
from tandem.participation.services.voting import BadBallot, Choice
from tandem.participation.services.voting_codes import AlreadyVoted, CodeUnknown
from tests.participation.budgets import a_vote, add_proposal, codes, send, url
from tests.participation.conftest import NOW, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def phase(a_phase):
    return a_vote(a_phase)


@pytest.fixture
def office(person):
    return person("participation:planner")


def kept():
    return sorted((each.choices, each.points, each.channel) for each in CastBallot.objects.all())


# --- one vote each ------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_somebody_with_a_letter_votes_once(page_client, phase, office, language):
    code = codes(phase, office)[0]
    page = f"/{language}/take-part/{phase.process.slug}/3/"
    assert page_client.get(page).status_code == 200
    typed = code.lower().replace("-", " ")
    opened = page_client.post(f"{page}vote/", {"voting_code": typed})
    assert opened.status_code == 200
    assert "Baum" in opened.content.decode()
    looked = page_client.post(f"{page}vote/", {"voting_code": code, "choice": ["1", "2"], "step": "look"})
    assert re.findall(r'name="choice" value="(\d)"', looked.content.decode()) == ["1", "2"]
    assert kept() == []

    cast = page_client.post(f"{page}vote/", {"voting_code": code, "choice": ["1", "2"], "step": "cast"})
    assert cast.url == f"{page}vote/thanks/"
    assert page_client.get(cast.url).status_code == 200
    assert kept() == [(["1", "2"], [], "web")]


def test_a_ballot_that_is_sent_twice_counts_once(page_client, phase, office):
    code = codes(phase, office)[0]
    assert send(page_client, phase, code, "1").url == url(phase, "vote_thanks")
    again = send(page_client, phase, code, "3")
    assert again.url == url(phase, "vote_thanks")
    assert "nothing was changed" in page_client.get(again.url).content.decode()
    opened = send(page_client, phase, code, step="")
    assert (opened.status_code, "has been cast" in opened.content.decode()) == (400, True)
    assert kept() == [(["1"], [], "web")]


def test_an_account_votes_once_whatever_tab(page_client, phase, person):
    page_client.force_login(person())
    ballot = {"choice": ["1"], "step": "cast"}
    assert page_client.post(url(phase, "vote_ballot"), ballot).url == url(phase, "vote_thanks")
    assert page_client.post(url(phase, "vote_ballot"), ballot).url == url(phase, "vote_thanks")
    assert page_client.post(url(phase, "vote_ballot"), {}).url == url(phase, "phase")
    assert "You have voted" in page_client.get(url(phase, "phase")).content.decode()
    assert (CastBallot.objects.count(), VoterEntry.objects.count()) == (1, 1)


def test_one_with_an_address_who_then_makes_an_account_still_has_one_vote(phase, person, by_email):
    from tandem.participation.services.participants import for_person

    someone = person()
    voting.cast(phase, Choice(("1",)), now=NOW, participant=by_email(someone.email))
    with pytest.raises(AlreadyVoted):
        voting.cast(phase, Choice(("1",)), now=NOW, participant=for_person(someone))


def test_a_vote_in_the_last_second_counts_and_one_after_it_does_not(phase, office):
    first, second = codes(phase, office, 2)
    voting.cast(phase, Choice(("1",)), now=phase.closes_at - timedelta(microseconds=1), code=first)
    with pytest.raises(PhaseNotOpen):
        voting.cast(phase, Choice(("1",)), now=phase.closes_at, code=second)
    assert CastBallot.objects.count() == 1
    assert VotingCode.objects.filter(used_on=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_are_each_counted_once(phase, office):
    made = codes(phase, office, 200)

    def act(code):
        try:
            voting.cast(phase, Choice(("1", "3")), now=NOW, code=code)
        except AlreadyVoted:
            return "again"
        else:
            return "counted"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(act, [*made, *made[:50]]))
    assert (told.count("counted"), told.count("again")) == (200, 50)
    assert CastBallot.objects.count() == VoterEntry.objects.count() == 200
    assert VotingCode.objects.filter(used_on=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_one_account_in_twenty_tabs_at_once_is_counted_once(phase, by_email):
    someone = by_email("a@example.org")

    def act(number):
        try:
            voting.cast(phase, Choice((str(number % 4 + 1),)), now=NOW, participant=someone)
        except AlreadyVoted:
            return "again"
        else:
            return "counted"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(act, range(20)))
    assert (told.count("counted"), told.count("again")) == (1, 19)
    assert CastBallot.objects.count() == VoterEntry.objects.count() == 1


# --- nothing joins a voter and a ballot ---------------------------------------------------------
def test_no_column_joins_a_voter_and_a_ballot(phase, office, by_email):
    voting.cast(phase, Choice(("1",)), now=NOW, code=codes(phase, office)[0])
    someone = by_email("a@example.org")
    voting.cast(phase, Choice(("2",)), now=NOW, participant=someone)

    def values(model):
        names = [each.name for each in model._meta.concrete_fields if each.name not in {"phase", "id"}]
        return {str(value) for row in model.objects.values_list(*names) for value in row} - {"None", "", "[]"}

    ballots, register, letters = map(values, (CastBallot, VoterEntry, VotingCode))
    days = {str(NOW.date()), str((NOW + timedelta(days=1)).date())}  # a day alone joins nobody
    assert not (ballots & (register | letters | {str(someone.pk)})) - days
    assert not register & (letters | {str(someone.pk)})


def test_once_the_vote_is_over_not_even_the_order_of_rows_tells(phase, office):
    for number, code in enumerate(codes(phase, office, 40)):
        voting.cast(phase, Choice((str(number // 10 + 1),)), now=NOW, code=code)
    before, came = dict(CastBallot.objects.values_list("pk", "choices")), _rows_in_order()

    voting.mix(phase)

    after = dict(CastBallot.objects.values_list("pk", "choices"))
    assert not before.keys() & after.keys()
    assert sorted(before.values()) == sorted(after.values())
    assert came == sorted(came) != _rows_in_order()


def _rows_in_order():
    """Return what the ballots say in the order in which the database keeps them."""
    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT choices FROM participation_castballot ORDER BY {place}")
        return [str(row[0]) for row in cursor.fetchall()]


def test_the_session_keeps_no_choice_and_no_code(page_client, phase, office):
    code = codes(phase, office)[0]
    send(page_client, phase, code, "1", "2", step="look")
    send(page_client, phase, code, "1", "2")
    assert set(page_client.session.keys()) <= {"participation_ballot_order", "_messages"}


# --- who may, and when --------------------------------------------------------------------------
CELLS = [
    ("guest", None, {"planned": 403, "open": 403, "closed": 403}),
    ("email", None, {"planned": 403, "open": 403, "closed": 403}),
    ("account", None, {"planned": 403, "open": 403, "closed": 403}),
    ("account", ["account"], {"planned": 409, "open": 302, "closed": 409}),
    ("planner", ["account"], {"planned": 409, "open": 302, "closed": 409}),
    ("email", ["email"], {"planned": 409, "open": 302, "closed": 409}),
    ("account", ["code"], {"planned": 403, "open": 403, "closed": 403}),
    ("guest", ["guest", "code"], {"planned": 403, "open": 403, "closed": 403}),
]


@pytest.mark.parametrize("state", ["planned", "open", "closed"])
@pytest.mark.parametrize(("who", "admitted", "expected"), CELLS)
def test_who_may_vote_when(
    page_client, phase, person, by_email, as_participant, who, admitted, expected, state
):
    phase.admitted = admitted
    phase.save()
    move(phase, state)
    if who == "email":
        as_participant(page_client, by_email("a@example.org"))
    elif who != "guest":
        page_client.force_login(person(*(["participation:planner"] if who == "planner" else [])))
    answer = page_client.post(url(phase, "vote_ballot"), {"choice": ["1"], "step": "cast"})
    assert answer.status_code == expected[state]
    assert CastBallot.objects.count() == (expected[state] == 302)


@pytest.mark.parametrize(
    ("state", "admitted", "expected"),
    [
        ("planned", None, 409),
        ("open", None, 302),
        ("closed", None, 409),
        ("open", ["account"], 403),
        ("open", ["code"], 302),
    ],
)
def test_when_a_code_counts(page_client, phase, office, state, admitted, expected):
    code = codes(phase, office)[0]
    phase.admitted = admitted
    phase.save()
    move(phase, state)
    assert send(page_client, phase, code, "1").status_code == expected
    assert CastBallot.objects.count() == (expected == 302)


def test_one_whom_moderation_has_shut_out_does_not_vote(page_client, phase, person):
    from tandem.participation.services.participants import for_person

    someone = person()
    blocked = for_person(someone)
    blocked.blocked_at = NOW
    blocked.save()
    page_client.force_login(someone)
    assert page_client.post(url(phase, "vote_ballot"), {"choice": ["1"], "step": "cast"}).status_code == 403
    assert CastBallot.objects.count() == 0


def test_an_address_of_the_ballot_that_is_just_opened_leads_to_the_vote(page_client, phase):
    assert page_client.get(url(phase, "vote_ballot")).url == url(phase, "phase")


def test_who_is_not_admitted_is_told_how_to_get_in(page_client, phase):
    shown = page_client.get(url(phase, "phase")).content.decode()
    assert ("Code from your letter" in shown, "Sign in to vote" in shown) == (True, True)
    assert "Vote with an e-mail address" not in shown
    phase.admitted = ["email"]
    phase.save()
    shown = page_client.get(url(phase, "phase")).content.decode()
    assert ("Code from your letter" in shown, "Sign in to vote" in shown) == (False, False)
    assert "Vote with an e-mail address" in shown


# --- wrong input --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "choice",
    [
        Choice(()),
        Choice(("9",)),
        Choice(("1", "1")),
        Choice(("1", "2", "3", "4")),
        Choice(("1",), (5,)),
        Choice(("01",)),
    ],
)
def test_a_ballot_against_the_rule_uses_nothing_up(phase, office, choice):
    code = codes(phase, office)[0]
    with pytest.raises(BadBallot):
        voting.cast(phase, choice, now=NOW, code=code)
    voting_codes.check_code(phase, code)
    assert (CastBallot.objects.count(), VoterEntry.objects.count()) == (0, 0)


def test_what_is_wrong_with_a_ballot_is_said_and_nothing_chosen_is_lost(page_client, phase, office):
    code = codes(phase, office)[0]
    answer = send(page_client, phase, code, "1", "2", "3", "4", step="look")
    shown = answer.content.decode()
    assert (answer.status_code, "You have chosen 4; 3 are possible." in shown) == (400, True)
    assert sorted(re.findall(r'value="(\d)" data-cost="\d+" checked', shown)) == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "change", [{"hidden_at": NOW}, {"withdrawn_at": NOW}, {"feasible": False}, {"cost_cents": None}]
)
def test_only_what_can_be_done_and_read_is_voted_on(page_client, phase, office, change):
    Contribution.objects.filter(number=2).update(**change)
    code = codes(phase, office)[0]
    assert "Baum" not in page_client.get(url(phase, "phase")).content.decode()
    assert "Baum" not in send(page_client, phase, code, step="").content.decode()
    assert send(page_client, phase, code, "2").status_code == 400


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"points-1": "4", "points-2": "2"}, 400, "You have given 6 points; 5 are possible."),
        ({"points-1": "0", "points-2": "-1"}, 400, "Choose at least one proposal."),
        ({"points-1": "x"}, 400, "Choose at least one proposal."),
        ({"choice": ["1"]}, 400, "needs at least one point"),
        ({"points-1": "²", "points-2": "1"}, 302, ""),
        ({"points-1": "3", "points-2": "2", "points-3": ""}, 302, ""),
    ],
)
def test_points_are_given_out_once(page_client, a_phase, person, given, status, said):
    phase = a_vote(a_phase, vote_type="cumulative", points=5, most_choices=0)
    page_client.force_login(person())
    answer = page_client.post(url(phase, "vote_ballot"), {**given, "step": "cast"})
    assert (answer.status_code, said in answer.content.decode()) == (status, True)
    assert CastBallot.objects.count() == (status == 302)


def test_points_are_kept_with_their_proposals(page_client, a_phase, person):
    phase = a_vote(a_phase, vote_type="cumulative", points=5, most_choices=0)
    page_client.force_login(person())
    given = {"points-2": "2", "points-1": "3"}
    looked = page_client.post(url(phase, "vote_ballot"), {**given, "step": "look"}).content.decode()
    assert re.findall(r'name="(points-\d)" value="(\d)"', looked) == [("points-1", "3"), ("points-2", "2")]
    page_client.post(url(phase, "vote_ballot"), {**given, "step": "cast"})
    assert kept() == [(["1", "2"], [3, 2], "web")]


def test_where_one_may_be_chosen_there_are_radio_buttons(page_client, a_phase, person):
    phase = a_vote(a_phase, vote_type="choose-1")
    page_client.force_login(person())
    shown = page_client.post(url(phase, "vote_ballot"), {}).content.decode()
    assert (shown.count('type="radio"'), shown.count('type="checkbox"')) == (4, 0)
    two = page_client.post(url(phase, "vote_ballot"), {"choice": ["1", "2"], "step": "cast"})
    assert "You have chosen 2; 1 are possible." in two.content.decode()


# --- codes --------------------------------------------------------------------------------------
def wrong_codes(count):
    return new_batch(count, random_bytes=secrets.token_bytes, key=b"x" * 32, vote="other").codes


def test_guessing_codes_ends_soon_even_for_the_right_guess(page_client, phase, office):
    right = codes(phase, office)[0]
    told = [send(page_client, phase, each, "1").content.decode() for each in wrong_codes(11)]

    assert ["not of this vote" in each for each in told] == [True] * 10 + [False]
    assert "too often" in told[-1]
    assert "too often" in send(page_client, phase, right, "1").content.decode()
    assert CastBallot.objects.count() == 0


def test_another_browser_goes_on_voting_meanwhile(page_client, client, phase, office):
    right = codes(phase, office)[0]
    for each in wrong_codes(11):
        send(page_client, phase, each, "1")
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert send(client, phase, right, "1").status_code == 302


def test_a_slip_in_typing_is_no_guess(page_client, phase, office):
    right = codes(phase, office)[0]
    for _time in range(20):
        answer = send(page_client, phase, "2345-6789-ABC4", "1")
    assert (answer.status_code, "slip in this code" in answer.content.decode()) == (400, True)
    assert send(page_client, phase, right, "1").status_code == 302


def test_an_unknown_a_revoked_and_a_foreign_code_get_the_same_answer(page_client, a_phase, phase, office):
    revoked = codes(phase, office)[0]
    voting_codes.revoke_codes(phase, "north", person=office, now=NOW)
    foreign = codes(a_vote(a_phase), office)[0]

    def told(code):
        text = send(page_client, phase, code, "1").content.decode()
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
        return text.replace(code, "CODE")

    assert told(revoked) == told(foreign) == told(wrong_codes(1)[0])


def test_a_code_serves_in_its_vote_only_and_not_once_revoked(a_phase, phase, office):
    made, other = codes(phase, office), a_vote(a_phase)
    with pytest.raises(CodeUnknown):
        voting_codes.check_code(other, made[0])
    voting.cast(phase, Choice(("1",)), now=NOW, code=made[0])
    assert voting_codes.revoke_codes(phase, "north", person=office, now=NOW) == 2
    with pytest.raises(CodeUnknown):
        voting.cast(phase, Choice(("1",)), now=NOW, code=made[1])
    with pytest.raises(AlreadyVoted):
        voting_codes.check_code(phase, made[0])
    with pytest.raises(UnreadableCode):
        voting_codes.check_code(phase, "2345")


# --- the ballot's page --------------------------------------------------------------------------
def order_of(answer):
    return re.findall(r'name="choice" value="(\d+)"', answer.content.decode())


def test_the_order_is_by_chance_and_stays_in_a_browser(page_client, client, a_phase, office):
    phase = a_vote(a_phase)
    for number in range(5, 25):
        add_proposal(phase, number, f"Platz {number}", feasible=True, cost_cents=100)
    first, second = codes(phase, office, 2)
    orders = [order_of(send(page_client, phase, first, step="")) for _time in range(3)]

    assert sorted(map(int, orders[0])) == list(range(1, 25))
    assert orders[0] == orders[1] == orders[2]
    assert order_of(send(client, phase, second, step="")) != orders[0]


def test_a_search_on_the_ballot_keeps_what_is_chosen(page_client, phase, office):
    code = codes(phase, office)[0]
    found = page_client.post(
        url(phase, "vote_ballot"), {"voting_code": code, "choice": ["4"], "q": "ba BITTE", "step": "find"}
    )
    assert sorted(order_of(found)) == ["1", "2", "4"]
    only = page_client.post(
        url(phase, "vote_ballot"), {"voting_code": code, "choice": ["4"], "q": "3", "step": "find"}
    )
    assert sorted(order_of(only)) == ["3", "4"]


@pytest.mark.parametrize(
    ("query", "expected"), [({"q": "Bus"}, ["Bus"]), ({"q": "2"}, ["Baum"]), ({"q": "xyz"}, [])]
)
def test_what_is_voted_on_can_be_searched(page_client, phase, query, expected):
    shown = page_client.get(url(phase, "phase"), query).content.decode()
    assert re.findall(r'<th scope="row" lang="de"><a href="[^"]+">(\w+)</a>', shown) == expected


@pytest.mark.parametrize("count", [1, 60])
def test_pages_take_few_queries(page_client, a_phase, person, django_assert_max_num_queries, office, count):
    phase = a_vote(a_phase, most_choices=0)
    for number in range(5, 5 + count):
        add_proposal(phase, number, f"Platz {number}", feasible=True, cost_cents=100)
    with django_assert_max_num_queries(4):
        page_client.get(url(phase, "phase"))
    page_client.force_login(person())
    with django_assert_max_num_queries(8):
        page_client.get(url(phase, "phase"))
    page_client.post(url(phase, "vote_ballot"), {})  # the browser gets its order of proposals
    with django_assert_max_num_queries(8):
        page_client.post(url(phase, "vote_ballot"), {})
