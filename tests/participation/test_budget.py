"""The participatory budget: checked, voted on once each, reckoned and explained."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse

from tandem.kit import jobs
from tandem.kit.models import Job
from tandem.participation.adapters import pabulib
from tandem.participation.domain.budget.allocation import allocate
from tandem.participation.domain.budget.rule import Rule
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen
from tandem.participation.models import Allocation, CastBallot, Contribution, VoterEntry, VotingCode
from tandem.participation.services import allocating, voting
from tandem.participation.services.voting import AlreadyVoted, BadBallot, Choice, CodeUnknown
from tests.participation.conftest import NOW, move

pytestmark = pytest.mark.django_db
SETTINGS = {"budget_cents": 100_000_00, "most_choices": 3}


@pytest.fixture
def phase(a_phase):
    found = a_phase(PhaseKind.BUDGET_VOTE, settings=SETTINGS)
    first = found.process.phases.get(number=1)
    for number, (title, euros) in enumerate(
        [("Bank", 40_000), ("Baum", 30_000), ("Bus", 60_000), ("Bad", 90_000)], 1
    ):
        Contribution.objects.create(
            process=found.process, phase=first, kind="proposal", number=number, title=title, text="x", language="de",
            feasible=True, cost_cents=euros * 100,
        )  # fmt: skip
    return found


@pytest.fixture
def office(person):
    return person("participation:planner")


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    monkeypatch.setattr("tandem.kit.installation.folder", lambda name: tmp_path)


def url(phase, name, *more):
    return reverse(f"participation:{name}", args=[phase.process.slug, phase.number, *more])


def codes(phase, office, count=3):
    return voting.make_codes(phase, count, batch="north", person=office)


def vote(client, phase, code, *choices, step="cast"):
    return client.post(url(phase, "vote_ballot"), {"voting_code": code, "choice": choices, "step": step})


# --- one vote each ------------------------------------------------------------------------------
def test_somebody_with_a_letter_votes_once(page_client, phase, office):
    code = codes(phase, office)[0]
    assert page_client.get(url(phase, "phase")).status_code == 200
    opened = page_client.post(url(phase, "vote_ballot"), {"voting_code": code.lower().replace("-", " ")})
    assert opened.status_code == 200
    assert "Baum" in opened.content.decode()
    assert "Is this your ballot?" in vote(page_client, phase, code, "1", "2", step="look").content.decode()
    assert CastBallot.objects.count() == 0

    assert vote(page_client, phase, code, "1", "2").url == url(phase, "vote_thanks")
    assert [(each.choices, each.points) for each in CastBallot.objects.all()] == [(["1", "2"], [])]
    assert page_client.get(url(phase, "vote_thanks")).status_code == 200
    again = vote(page_client, phase, code, "3")
    assert (again.status_code, "has been cast" in again.content.decode()) == (400, True)
    assert CastBallot.objects.count() == 1


def test_an_account_votes_once_whatever_tab(page_client, phase, person):
    page_client.force_login(person())
    ballot = {"choice": ["1"], "step": "cast"}
    assert page_client.post(url(phase, "vote_ballot"), ballot).status_code == 302
    assert page_client.post(url(phase, "vote_ballot"), ballot).status_code == 409
    assert (CastBallot.objects.count(), VoterEntry.objects.count()) == (1, 1)


def test_nothing_joins_a_voter_and_a_ballot(phase, office, person, by_email):
    voting.cast(phase, Choice(("1",)), now=NOW, code=codes(phase, office)[0])
    someone = by_email("a@example.org")
    voting.cast(phase, Choice(("2",)), now=NOW, participant=someone)
    register = {each.key for each in VoterEntry.objects.all()}
    known = {str(someone.pk), *VotingCode.objects.values_list("digest", flat=True)}
    kept = {
        str(value) for row in CastBallot.objects.values() for name, value in row.items() if name != "phase_id"
    }

    assert not register & kept
    assert not known & kept
    assert not known & register


def test_a_guest_and_an_address_do_not_vote_unless_admitted(page_client, phase, by_email, as_participant):
    ballot = {"choice": ["1"], "step": "cast"}
    assert page_client.post(url(phase, "vote_ballot"), ballot).status_code == 403
    as_participant(page_client, by_email("a@example.org"))
    assert page_client.post(url(phase, "vote_ballot"), ballot).status_code == 403
    phase.admitted = ["email"]
    phase.save()
    assert page_client.post(url(phase, "vote_ballot"), ballot).status_code == 302
    assert CastBallot.objects.count() == 1


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


# --- wrong input --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "choice",
    [Choice(()), Choice(("9",)), Choice(("1", "1")), Choice(("1", "2", "3", "4")), Choice(("1",), (5,))],
)
def test_a_ballot_against_the_rule_uses_nothing_up(phase, office, choice):
    code = codes(phase, office)[0]
    with pytest.raises(BadBallot):
        voting.cast(phase, choice, now=NOW, code=code)
    voting.check_code(phase, code)
    assert CastBallot.objects.count() == 0


def test_points_are_given_out_once(page_client, phase, person):
    phase.settings = {**SETTINGS, "vote_type": "cumulative", "points": 5, "most_choices": 0}
    phase.save()
    page_client.force_login(person())
    too_many = page_client.post(url(phase, "vote_ballot"), {"points-1": "4", "points-2": "2", "step": "cast"})
    assert (too_many.status_code, "6 points" in too_many.content.decode()) == (400, True)
    page_client.post(
        url(phase, "vote_ballot"), {"points-1": "3", "points-2": "2", "points-3": "", "step": "cast"}
    )
    assert [(each.choices, each.points) for each in CastBallot.objects.all()] == [(["1", "2"], [3, 2])]


def test_guessing_codes_ends_soon(page_client, phase, office):
    codes(phase, office)
    guessed = voting.new_batch(
        12, random_bytes=__import__("secrets").token_bytes, key=b"x" * 32, vote="other"
    ).codes
    told = [vote(page_client, phase, each, "1").content.decode() for each in guessed]

    assert ["not of this vote" in each for each in told] == [True] * 10 + [False] * 2
    assert "too often" in told[-1]


def test_revoked_and_foreign_codes_open_nothing(a_phase, phase, office):
    made, other = codes(phase, office), a_phase(PhaseKind.BUDGET_VOTE, settings=SETTINGS)
    with pytest.raises(CodeUnknown):
        voting.check_code(other, made[0])
    assert voting.revoke_codes(phase, "north", person=office, now=NOW) == 3
    with pytest.raises(CodeUnknown):
        voting.check_code(phase, made[0])


def test_codes_are_downloaded_once_and_kept_nowhere(signed_in, phase, office):
    client = signed_in(office)
    answer = client.post(url(phase, "vote_codes"), {"count": 5, "batch": "south", "step": "make"})
    made = answer.content.decode().split()[1:]

    assert len(set(made)) == 5
    assert not set(made) & set(VotingCode.objects.values_list("digest", flat=True))
    assert made[0] not in client.get(url(phase, "vote_codes")).content.decode()


# --- the office ---------------------------------------------------------------------------------
def test_the_rule_is_frozen_once_the_vote_has_begun(signed_in, phase, office):
    client = signed_in(office)
    rule = {
        "budget": "50000",
        "vote_type": "approval",
        "most_choices": 0,
        "points": 10,
        "method": "most-votes",
    }
    assert client.post(url(phase, "vote_settings"), rule).status_code == 409
    move(phase, "planned")
    assert client.post(url(phase, "vote_settings"), rule).status_code == 302
    phase.refresh_from_db()
    assert phase.settings["budget_cents"] == 50_000_00


def test_the_office_checks_a_proposal_and_the_author_hears_of_it(signed_in, a_phase, office, by_email):
    phase = a_phase(PhaseKind.BUDGET_CHECK)
    author = by_email("a@example.org")
    row = Contribution.objects.create(
        process=phase.process, phase=phase.process.phases.get(number=1), kind="proposal", number=1, title="Bank",
        text="x", language="de", participant=author,
    )  # fmt: skip
    client = signed_in(office)
    missing = client.post(url(phase, "proposal_check", 1), {"feasible": "yes"})
    assert "Say what it costs." in missing.content.decode()
    client.post(url(phase, "proposal_check", 1), {"feasible": "yes", "cost": "1250.50", "note": "Gut"})
    row.refresh_from_db()
    assert (row.feasible, row.cost_cents) == (True, 125_050)
    assert author.notifications.count() == 1
    assert "1,250.50 €" in client.get(url(phase, "phase")).content.decode()


def test_a_paper_ballot_counts_once_and_burns_its_code(signed_in, phase, person, office):
    code = codes(phase, office)[0]
    client = signed_in(person("participation:moderator"))
    ballot = {"sheet": "A-1", "choices": "1 3", "voting_code": code}
    assert client.post(url(phase, "vote_paper"), ballot).status_code == 302
    assert "been cast" in client.post(url(phase, "vote_paper"), ballot).content.decode()
    assert (
        "entered already"
        in client.post(url(phase, "vote_paper"), {**ballot, "voting_code": ""}).content.decode()
    )
    assert [(each.sheet, each.choices) for each in CastBallot.objects.all()] == [("A-1", ["1", "3"])]


@pytest.mark.parametrize("name", ["vote_settings", "vote_codes", "vote_paper"])
def test_citizens_do_no_office_work(signed_in, person, phase, name):
    assert signed_in(person()).get(url(phase, name)).status_code == 403


# --- the result ---------------------------------------------------------------------------------
@pytest.fixture
def voted(phase, office):
    for number, code in enumerate(codes(phase, office, 12)):
        choices = ("1", "2") if number < 7 else ("3",)
        voting.cast(phase, Choice(choices), now=NOW, code=code)
    move(phase, "closed")
    return phase


def test_nobody_sees_how_it_stands_while_it_is_open(signed_in, phase, office):
    voting.cast(phase, Choice(("1",)), now=NOW, code=codes(phase, office)[0])
    shown = signed_in(office).get(url(phase, "phase")).content.decode()
    assert "people voted" not in shown
    assert signed_in(office).post(url(phase, "vote_reckon"), {"step": "reckon"}).status_code == 409


def test_the_result_is_reckoned_published_and_explained(signed_in, page_client, voted, office, person):
    client = signed_in(office)
    assert client.post(url(voted, "vote_reckon"), {"step": "publish"}, follow=True).status_code == 200
    assert voted.results_published_at is None
    client.post(url(voted, "vote_reckon"), {"step": "reckon"})
    jobs.run_here(Job.objects.get())
    assert Job.objects.get().state == Job.SUCCEEDED
    kept = Allocation.objects.get()
    expected = allocate(allocating.election_of(voted), allocating.rule_of(voted)).winners
    assert kept.winners == list(expected)

    citizen = person()
    assert "not public yet" in signed_in(citizen).get(url(voted, "phase")).content.decode()
    assert page_client.get(url(voted, "vote_election")).status_code == 404
    signed_in(office).post(url(voted, "vote_reckon"), {"step": "publish"})
    page_client.logout()
    for language in ("de", "it", "en"):
        result = f"/{language}/take-part/{voted.process.slug}/4/"
        assert "Bank" in page_client.get(result).content.decode()
    shown = page_client.get(url(voted, "phase")).content.decode()
    assert "12 people voted" in shown
    read = pabulib.read(page_client.get(url(voted, "vote_election")).content)
    again = allocate(read.election, Rule(add_one=True, completion=True)).winners
    assert set(again) == set(expected)


def test_pages_take_few_queries(page_client, voted, django_assert_max_num_queries):
    allocating.reckon(voted, now=NOW)
    voted.refresh_from_db()
    allocating.publish(voted, person=None, now=NOW)
    with django_assert_max_num_queries(8):
        assert page_client.get(url(voted, "phase")).status_code == 200
    move(voted, "open")
    with django_assert_max_num_queries(8):
        assert page_client.get(url(voted, "phase")).status_code == 200
