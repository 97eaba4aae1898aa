"""Opinion groups on pages: shown without names, honestly, kept up to date, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from django.db import connections

from tandem.participation.adapters import polis
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import OpinionResult, Participant, PollStatement, PollVote
from tandem.participation.services import opinion_files, opinion_results, opinions
from tests.participation.conftest import NOW, move
from tests.participation.test_opinions import fill, url

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.OPINION_MAP)


def at_random(phase, people=120, statements=20):
    random = np.random.default_rng(4)
    said = [
        polis.PolisStatement(str(number), f"Aussage {number}", moderated=1) for number in range(statements)
    ]
    votes = [
        polis.PolisVote(str(who), each.id, int(random.integers(-1, 2)))
        for who in range(people)
        for each in said
    ]
    opinion_files.bring_in(phase, said, votes, language="de", person=None, now=NOW)


# --- what is shown ------------------------------------------------------------------------------
def test_groups_are_shown_without_names(page_client, phase):
    fill(phase, 40, 20)
    shown = page_client.get(url(phase, "opinion_results"))
    assert [(each["letter"], each["size"]) for each in shown.context["groups"]] == [("A", 20), ("B", 20)]
    page = shown.content.decode()
    assert (page.count('<circle class="opinion-dot group-'), page.count('<polygon class="outline')) == (2, 2)
    for someone in Participant.objects.all():
        assert str(someone.pk) not in page
        assert someone.pk.hex not in page
        assert someone.pseudonym not in page
    telling = shown.context["groups"][0]["telling"][0]
    assert (telling["inside"]["agree"] + telling["inside"]["disagree"], telling["inside"]["seen"]) == (
        100,
        20,
    )
    assert (telling["inside"]["agree"], telling["outside"]["disagree"]) in {(100, 100), (0, 0)}
    assert OpinionResult.objects.get().votes == 800


def test_what_unites_and_what_divides(page_client, phase):
    fill(phase, 40, 20)
    one = PollStatement.objects.get(number=3)
    one.votes.update(value=1)
    shown = page_client.get(url(phase, "opinion_results"))
    assert [
        (each["row"].number, each["agrees"], each["all"]["agree"]) for each in shown.context["uniting"]
    ] == [(3, True, 100)]
    assert {each["all"]["agree"] for each in shown.context["dividing"]} == {50}


def test_somebody_sees_their_own_group(page_client, phase, as_participant):
    fill(phase, 40, 20)
    opinion_results.reckon(phase, now=NOW)
    voters = list(Participant.objects.filter(poll_votes__statement__number=1, poll_votes__value=1))
    others = list(Participant.objects.filter(poll_votes__statement__number=1, poll_votes__value=-1))
    seen = []
    for someone in (voters[0], voters[7], others[0]):
        as_participant(page_client, someone)
        seen.append(page_client.get(url(phase, "opinion_results")).context["mine"])
    assert seen[0] == seen[1] != seen[2]
    assert set(seen) == {"A", "B"}


def test_without_clear_groups_the_page_says_so_and_why(page_client, a_phase, phase):
    at_random(phase)
    shown = page_client.get(url(phase, "opinion_results"))
    assert "There are no clear groups" in shown.content.decode()
    assert "more clearly than they would by chance" in shown.content.decode()
    assert (shown.context["groups"], shown.context["drawn"].outlines) == ([], ())
    few = a_phase(PhaseKind.OPINION_MAP)
    fill(few, 8, 3)
    assert (
        "Too few people have voted often enough"
        in page_client.get(url(few, "opinion_results")).content.decode()
    )


def test_of_very_few_people_nothing_is_shown(page_client, phase):
    fill(phase, 4, 10)
    shown = page_client.get(url(phase, "opinion_results"))
    page = shown.content.decode()
    assert "nothing is shown yet" in page
    assert (shown.context["told"]["people"], "% agree" in page) == (4, False)
    assert "% agree" not in page_client.get(url(phase, "opinion_statements")).content.decode()
    rows = (
        page_client.get(url(phase, "opinion_statements_file", "csv")).content.decode("utf-8-sig").splitlines()
    )
    assert rows[1] == "1,Aussage 1,de,,,"


def test_a_small_group_is_not_described_and_not_drawn_apart(page_client, phase):
    fill(phase, 40, 20)
    phase.settings = {"smallest_group": 30}
    phase.save()
    shown = page_client.get(url(phase, "opinion_results"))
    assert [(each["size"], each["telling"]) for each in shown.context["groups"]] == [(None, []), (None, [])]
    assert {each.group for each in shown.context["drawn"].dots} == {-1}
    assert shown.context["mine"] is None


def test_a_statement_that_was_taken_out_is_not_shown_any_more(page_client, phase):
    fill(phase, 40, 20)
    page_client.get(url(phase, "opinion_results"))
    PollStatement.objects.update(state="refused")
    page = page_client.get(url(phase, "opinion_results")).content.decode()
    assert "Aussage" not in page


def test_before_anybody_has_voted(page_client, phase):
    assert "Nobody has voted yet" in page_client.get(url(phase, "opinion_results")).content.decode()
    move(phase, "closed")
    assert "Nobody has voted yet" in page_client.get(url(phase, "phase")).content.decode()
    rows = (
        page_client.get(url(phase, "opinion_statements_file", "csv")).content.decode("utf-8-sig").splitlines()
    )
    assert rows == ["number,statement,language,agree,disagree,pass"]
    assert page_client.get(url(phase, "opinion_statements_file", "exe")).status_code == 404


def test_all_statements_as_a_table(page_client, phase):
    fill(phase, 10, 2)
    PollVote.objects.filter(statement__number=2).update(value=0)
    rows = (
        page_client.get(url(phase, "opinion_statements_file", "csv")).content.decode("utf-8-sig").splitlines()
    )
    assert rows[1:] == ["1,Aussage 1,de,5,5,0", "2,Aussage 2,de,0,0,10"]


# --- when it is reckoned ------------------------------------------------------------------------
def test_it_is_reckoned_again_after_half_a_minute_where_something_changed(phase, by_email):
    fill(phase, 20, 8)
    first = opinion_results.latest(phase, now=NOW)
    someone = by_email("a@example.org")
    opinions.vote(phase, 1, 1, participant=someone, now=NOW)
    assert opinion_results.latest(phase, now=NOW + timedelta(seconds=29)).votes == first.votes == 160
    assert opinion_results.latest(phase, now=LATER).votes == 161
    assert opinion_results.latest(phase, now=LATER + timedelta(hours=1)).computed_at == LATER
    opinions.vote(phase, 1, -1, participant=someone, now=LATER)  # as many votes, but another one
    again = opinion_results.latest(phase, now=LATER + timedelta(hours=1))
    assert (again.votes, again.computed_at) == (161, LATER + timedelta(hours=1))


def test_many_votes_are_left_to_the_worker(phase, monkeypatch):
    fill(phase, 20, 8)
    monkeypatch.setattr(opinion_results, "MOST_AT_ONCE", 100)
    assert opinion_results.latest(phase, now=NOW) is None
    assert opinion_results.bring_up_to_date(NOW) == 1
    assert opinion_results.latest(phase, now=NOW).result["people"] == 20
    assert opinion_results.bring_up_to_date(LATER) == 0
    PollVote.objects.first().delete()
    assert opinion_results.bring_up_to_date(NOW) == 0
    assert opinion_results.bring_up_to_date(LATER) == 1


@pytest.mark.parametrize("state", ["planned", "closed"])
def test_the_worker_leaves_alone_what_is_not_open(phase, state):
    fill(phase, 20, 8)
    move(phase, state)
    assert opinion_results.bring_up_to_date(NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_many_who_look_at_once_have_it_reckoned_once(phase, monkeypatch):
    fill(phase, 20, 8)
    reckon, done = opinion_results.reckon, []

    def counted(*arguments, **named):
        done.append(1)
        return reckon(*arguments, **named)

    monkeypatch.setattr(opinion_results, "reckon", counted)

    def look(_number):
        try:
            opinion_results.latest(phase, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(look, range(10)))
    assert len(done) == 1
    assert OpinionResult.objects.get().result["people"] == 20


def test_it_goes_on_from_where_it_was(phase):
    fill(phase, 40, 20)
    opinion_results.reckon(phase, now=NOW)
    before = OpinionResult.objects.get()
    opinion_results.reckon(phase, now=LATER)
    after = OpinionResult.objects.get()
    assert after.state["wish"][1] == before.state["wish"][1] + 1
    assert after.result["places"] == before.result["places"]
