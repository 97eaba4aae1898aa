"""The opinion map: vote, write, see groups; counted once each; files of Polis in and out."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from tandem.participation.adapters import polis
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import OpinionResult, PollStatement, PollVote, QueueItem
from tandem.participation.services import opinions
from tests.participation.conftest import NOW, move

pytestmark = pytest.mark.django_db


def url(phase, name, *more):
    return reverse(f"participation:{name}", args=[phase.process.slug, phase.number, *more])


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.OPINION_MAP)


@pytest.fixture
def planner(person):
    return person("participation:planner")


@pytest.fixture
def seeded(phase, planner):
    for text in ("Mehr Bäume", "Mehr Parkplätze", "Weniger Lärm"):
        opinions.add_statement(phase, text, language="de", now=NOW, person=planner)
    return phase


def fill(phase, people: int, statements: int) -> None:
    """Fill an opinion map with two camps."""
    said = [
        polis.PolisStatement(str(number), f"Aussage {number}", moderated=1) for number in range(statements)
    ]
    votes = [
        polis.PolisVote(str(who), str(number), 1 if (who % 2) == (number % 2) else -1)
        for who in range(people)
        for number in range(statements)
    ]
    opinions.bring_in(phase, said, votes, language="de", person=None, now=NOW)


def test_somebody_votes_on_one_statement_after_another(page_client, seeded, by_email, as_participant):
    as_participant(page_client, by_email("a@example.org"))
    for expected in (1, 2, 3):
        asked = page_client.get(url(seeded, "phase")).context["asked"]
        answer = page_client.post(url(seeded, "opinion_vote"), {"statement": asked.number, "vote": "agree"})
        assert answer.status_code == 302
        assert PollVote.objects.count() == expected
    assert "voted on every statement" in page_client.get(url(seeded, "phase")).content.decode()
    page_client.post(url(seeded, "opinion_vote"), {"statement": 1, "vote": "disagree"})
    assert PollVote.objects.count() == 3
    assert PollVote.objects.get(statement__number=1).value == -1
    assert page_client.get(url(seeded, "opinion_mine")).status_code == 200


@pytest.mark.parametrize(("state", "status"), [("planned", 409), ("open", 302), ("closed", 409)])
def test_votes_count_while_it_is_open(page_client, seeded, by_email, as_participant, state, status):
    as_participant(page_client, by_email("a@example.org"))
    move(seeded, state)
    assert (
        page_client.post(url(seeded, "opinion_vote"), {"statement": 1, "vote": "agree"}).status_code == status
    )


def test_a_statement_waits_until_it_is_admitted(page_client, seeded, by_email, as_participant):
    as_participant(page_client, by_email("a@example.org"))
    page_client.post(url(seeded, "opinion_write"), {"text": "Ein Brunnen"})
    page_client.post(url(seeded, "opinion_write"), {"text": "ein brunnen"})
    row = PollStatement.objects.get(text="Ein Brunnen")
    assert row.state == "waiting"
    assert [each.cause for each in QueueItem.objects.all()] == ["admission"]
    assert page_client.post(url(seeded, "opinion_vote"), {"statement": 4, "vote": "agree"}).status_code == 404
    too_long = page_client.post(url(seeded, "opinion_write"), {"text": "x" * 141})
    assert (too_long.status_code, "141" in too_long.content.decode()) == (400, True)


@pytest.mark.django_db(transaction=True)
def test_fifty_votes_at_once_are_each_counted_once(seeded, by_email):
    people = [by_email(f"p{number}@example.org") for number in range(25)]

    def act(someone):
        try:
            for value in (1, -1):
                opinions.vote(seeded, 1, value, participant=someone, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(act, people * 2))
    assert PollVote.objects.count() == 25
    assert set(PollVote.objects.values_list("value", flat=True)) <= {1, -1}


@pytest.mark.parametrize(("people", "statements"), [(4, 3), (300, 40)])
def test_the_map_takes_few_queries(
    page_client, phase, django_assert_max_num_queries, by_email, as_participant, people, statements
):
    fill(phase, people, statements)
    opinions.reckon(phase, now=NOW)
    as_participant(page_client, by_email("a@example.org"))
    with django_assert_max_num_queries(10):
        assert page_client.get(url(phase, "phase")).status_code == 200
    with django_assert_max_num_queries(14):
        page_client.post(url(phase, "opinion_vote"), {"statement": 1, "vote": "agree"})


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_groups_are_shown_without_names(page_client, phase, language):
    fill(phase, 40, 20)
    shown = page_client.get(f"/{language}/take-part/{phase.process.slug}/1/")
    assert [(each["letter"], each["size"]) for each in shown.context["groups"]] == [("A", 20), ("B", 20)]
    assert shown.content.decode().count('<circle class="dot') == 40
    assert OpinionResult.objects.get().votes == 800


def test_without_clear_groups_the_page_says_so(page_client, phase):
    fill(phase, 4, 3)
    assert "no clear groups" in page_client.get(url(phase, "phase")).content.decode()


def test_polis_files_come_in_and_go_out_the_same(signed_in, planner, phase):
    client = signed_in(planner)
    fill(phase, 10, 4)
    files = zipfile.ZipFile(io.BytesIO(client.get(url(phase, "opinion_export")).content))
    assert sorted(files.namelist()) == ["comments.csv", "participants-votes.csv", "summary.csv", "votes.csv"]
    votes = polis.read_votes(files.read("votes.csv")).rows
    PollVote.objects.all().delete()
    client.post(
        url(phase, "opinion_settings"),
        {
            "step": "files",
            "comments": SimpleUploadedFile("comments.csv", files.read("comments.csv")),
            "votes": SimpleUploadedFile("votes.csv", files.read("votes.csv")),
        },
    )
    again = zipfile.ZipFile(io.BytesIO(client.get(url(phase, "opinion_export")).content))
    assert PollVote.objects.count() == len(votes) == 40
    assert sorted(again.read("participants-votes.csv").split()) == sorted(
        files.read("participants-votes.csv").split()
    )


def test_a_planner_sets_it_up(signed_in, planner, phase, person):
    client = signed_in(planner)
    assert client.get(url(phase, "opinion_settings")).status_code == 200
    client.post(url(phase, "opinion_settings"), {"step": "seed", "text": "Mehr Bänke"})
    client.post(
        url(phase, "opinion_settings"),
        {"step": "settings", "admit_first": "", "longest_text": 200, "smallest_group": 4},
    )
    phase.refresh_from_db()
    assert (PollStatement.objects.get().state, phase.settings["longest_text"]) == ("admitted", 200)
    assert signed_in(person()).get(url(phase, "opinion_settings")).status_code == 403
