"""The opinion map: vote on one statement after another, change one's votes, write; everybody counts once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tandem.participation.adapters import polis
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen
from tandem.participation.models import Participant, PollStatement, PollVote, QueueItem
from tandem.participation.services import opinion_files, opinion_results, opinions
from tests.participation.conftest import DAY, NOW, move

pytestmark = pytest.mark.django_db
SECOND = DAY / 86_400


def url(phase, name, *more):
    with override("en"):
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


@pytest.fixture
def voter(page_client, by_email, as_participant):
    someone = by_email("a@example.org")
    as_participant(page_client, someone)
    return someone


def fill(phase, people: int, statements: int) -> None:
    """Fill an opinion map with two camps."""
    said = [
        polis.PolisStatement(str(number), f"Aussage {number}", moderated=1)
        for number in range(1, statements + 1)
    ]
    votes = [
        polis.PolisVote(str(who), each.id, 1 if (who % 2) == (int(each.id) % 2) else -1)
        for who in range(people)
        for each in said
    ]
    opinion_files.bring_in(phase, said, votes, language="de", person=None, now=NOW)


# --- voting -------------------------------------------------------------------------------------
def test_somebody_votes_on_one_statement_after_another(page_client, seeded, voter):
    for answered in range(3):
        shown = page_client.get(url(seeded, "phase"))
        asked = shown.context["asked"]
        assert (asked.answered, asked.total) == (answered, 3)
        sent = {"statement": asked.statement.number, "vote": "agree"}
        answer = page_client.post(url(seeded, "opinion_vote"), sent)
        assert (answer.status_code, answer.url) == (302, f"{url(seeded, 'phase')}#vote")
    last = page_client.get(url(seeded, "phase"))
    assert "You have voted on every statement." in last.content.decode()
    assert "You have voted on 3 of 3 statements." in last.content.decode()
    assert sorted(PollVote.objects.values_list("statement__number", "value")) == [(1, 1), (2, 1), (3, 1)]


def test_a_vote_can_be_changed_and_sent_twice_and_counts_once(page_client, seeded, voter):
    for way, value in [("agree", 1), ("agree", 1), ("disagree", -1), ("pass", 0)]:
        page_client.post(url(seeded, "opinion_vote"), {"statement": 1, "vote": way})
        assert list(PollVote.objects.values_list("value", flat=True)) == [value]
    shown = page_client.get(url(seeded, "opinion_mine"))
    assert [(each.number, str(said)) for each, _value, said in shown.context["rows"]] == [(1, "you passed")]
    sent = {"statement": 1, "vote": "agree", "from": "mine", "page": "1"}
    answer = page_client.post(url(seeded, "opinion_vote"), sent)
    assert answer.url == f"{url(seeded, 'opinion_mine')}?page=1#statement-1"


@pytest.mark.parametrize(
    "sent", [{}, {"vote": "agree"}, {"statement": "1", "vote": "2"}, {"statement": "x", "vote": "agree"}]
)
def test_what_is_no_vote_counts_for_nothing(page_client, seeded, voter, sent):
    assert page_client.post(url(seeded, "opinion_vote"), sent).status_code == 302
    assert PollVote.objects.count() == 0


@pytest.mark.parametrize("number", ["0", "4", "999999999999"])
def test_there_are_no_votes_on_what_is_not_there(page_client, seeded, voter, number):
    sent = {"statement": number, "vote": "agree"}
    assert page_client.post(url(seeded, "opinion_vote"), sent).status_code == 404


def test_everybody_gets_an_order_of_their_own_and_keeps_it(phase, by_email):
    fill(phase, 2, 30)
    people = [by_email(f"p{number}@example.org") for number in range(10)]
    first = [opinions.ask(phase, each).statement.number for each in people]
    assert first == [opinions.ask(phase, each).statement.number for each in people]
    assert len(set(first)) > 4


def test_the_closing_second_decides_by_the_request_s_own_time(seeded, by_email):
    someone = by_email("a@example.org")
    opinions.vote(seeded, 1, 1, participant=someone, now=seeded.closes_at - SECOND)
    with pytest.raises(PhaseNotOpen):
        opinions.vote(seeded, 1, -1, participant=someone, now=seeded.closes_at)
    with pytest.raises(PhaseNotOpen):
        opinions.add_statement(seeded, "Neu", language="de", now=seeded.closes_at, participant=someone)
    with pytest.raises(opinions.BadVote):
        opinions.vote(seeded, 1, 2, participant=someone, now=NOW)
    assert PollVote.objects.get().value == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_each_counted_once(seeded, by_email):
    people = [by_email(f"p{number}@example.org") for number in range(50)]

    def act(someone):
        try:
            for number, value in [(1, 1), (2, -1), (1, -1), (3, 0)]:
                opinions.vote(seeded, number, value, participant=someone, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(act, people))
    votes = PollVote.objects.values_list("statement__number", "value")
    assert sorted(votes) == [(1, -1)] * 50 + [(2, -1)] * 50 + [(3, 0)] * 50


@pytest.mark.django_db(transaction=True)
def test_the_same_vote_from_many_tabs_counts_once(seeded, by_email):
    someone = by_email("a@example.org")

    def act(value):
        try:
            opinions.vote(seeded, 1, value, participant=someone, now=NOW)
            opinions.add_statement(seeded, "Ein Brunnen", language="de", now=NOW, participant=someone)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(act, [1, -1] * 5))
    assert PollVote.objects.filter(statement__number=1).count() == 1
    assert PollStatement.objects.filter(text="Ein Brunnen").count() == 1


# --- who, when ----------------------------------------------------------------------------------
WHO = [
    (None, "guest", False),
    (None, "email", True),
    (None, "account", True),
    (["guest"], "guest", True),
    (["account"], "email", False),
    (["email"], "account", False),
]


@pytest.mark.parametrize("state", ["planned", "open", "closed"])
@pytest.mark.parametrize(("admitted", "who", "gets_in"), WHO)
def test_who_votes_and_writes_when(
    page_client, seeded, person, by_email, as_participant, admitted, who, gets_in, state
):
    seeded.admitted = admitted
    seeded.save()
    move(seeded, state)
    if who == "email":
        as_participant(page_client, by_email("a@example.org"))
    elif who == "account":
        page_client.force_login(person())
    status = 302 if gets_in and state == "open" else 409 if gets_in else 403
    voted = page_client.post(url(seeded, "opinion_vote"), {"statement": 1, "vote": "agree"})
    wrote = page_client.post(url(seeded, "opinion_write"), {"text": "Ein Brunnen auf dem Platz"})
    assert (voted.status_code, wrote.status_code) == (status, status)
    done = status == 302
    assert PollVote.objects.filter(statement__number=1).exists() == done
    assert PollStatement.objects.filter(number=4).exists() == done
    shown = page_client.get(url(seeded, "phase"))
    assert "Please confirm" in shown.content.decode() or "account_login" not in shown.content.decode()
    assert page_client.get(url(seeded, "opinion_statements")).status_code == 200
    assert page_client.get(url(seeded, "opinion_mine")).status_code == 200
    assert page_client.get(url(seeded, "opinion_results")).status_code == (409 if state == "planned" else 200)


def test_a_newcomer_sees_a_statement_and_how_to_get_in(page_client, seeded):
    shown = page_client.get(url(seeded, "phase")).content.decode()
    assert "Take part with an e-mail address" in shown
    assert "I agree" not in shown
    assert page_client.get(url(seeded, "opinion_write")).url == f"{url(seeded, 'phase')}#write"


def test_a_blocked_participant_does_nothing(page_client, seeded, voter):
    Participant.objects.filter(pk=voter.pk).update(blocked_at=NOW)
    assert page_client.post(url(seeded, "opinion_vote"), {"statement": 1, "vote": "agree"}).status_code == 403
    assert PollVote.objects.count() == 0


# --- writing ------------------------------------------------------------------------------------
def test_a_statement_waits_until_it_is_admitted(page_client, seeded, voter):
    thanked = page_client.post(url(seeded, "opinion_write"), {"text": " Ein  Brunnen "}, follow=True)
    assert "once somebody has looked at it" in thanked.content.decode()
    row = PollStatement.objects.get(text="Ein Brunnen")
    assert (row.number, row.state, row.participant, row.votes.get().value) == (4, "waiting", voter, 1)
    assert [each.cause for each in QueueItem.objects.all()] == ["admission"]
    assert page_client.post(url(seeded, "opinion_vote"), {"statement": 4, "vote": "agree"}).status_code == 404
    assert opinions.ask(seeded, voter).total == 3
    page_client.post(url(seeded, "opinion_write"), {"text": "ein brunnen"})
    assert PollStatement.objects.count() == 4


def test_without_admission_others_vote_at_once(page_client, seeded, voter):
    seeded.settings = {"admit_first": False}
    seeded.save()
    thanked = page_client.post(url(seeded, "opinion_write"), {"text": "Ein Brunnen"}, follow=True)
    assert "Others can vote on it now." in thanked.content.decode()
    assert opinions.ask(seeded, voter).total == 4
    assert QueueItem.objects.count() == 0
    page_client.post(url(seeded, "opinion_write"), {"text": "Ruft 02381 123456 an"})
    assert [each.cause for each in QueueItem.objects.all()] == ["triage"]


@pytest.mark.parametrize(("text", "said"), [("", "This field is required."), ("x" * 141, "this one has 141")])
def test_a_statement_has_a_length(page_client, seeded, voter, text, said):
    refused = page_client.post(url(seeded, "opinion_write"), {"text": text})
    assert refused.status_code == 400
    assert said in refused.content.decode()


def test_what_is_like_others_is_compared_first(page_client, seeded, voter):
    compared = page_client.post(url(seeded, "opinion_write"), {"text": "Mehr Parkplätze bitte"})
    assert [each.text for each in compared.context["similar"]] == ["Mehr Parkplätze"]
    assert "Mehr Parkplätze bitte</textarea>" in compared.content.decode()
    assert PollStatement.objects.count() == 3
    sent = {"text": "Mehr Parkplätze bitte", "anyway": "yes"}
    assert page_client.post(url(seeded, "opinion_write"), sent).status_code == 302
    same = page_client.post(url(seeded, "opinion_write"), {"text": "mehr parkplätze", "anyway": "yes"})
    assert same.status_code == 400
    assert "Somebody has written the same already." in same.content.decode()


def test_nobody_floods_the_map(page_client, seeded, voter):
    for number in range(20):
        page_client.post(url(seeded, "opinion_write"), {"text": f"Nummer {number}{number}", "anyway": "yes"})
    refused = page_client.post(url(seeded, "opinion_write"), {"text": "Noch eine", "anyway": "yes"})
    assert refused.status_code == 403
    assert PollStatement.objects.count() == 23


# --- pages --------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["de", "it", "en"])
@pytest.mark.parametrize("name", ["phase", "opinion_mine", "opinion_statements", "opinion_results"])
def test_every_page_in_every_language(page_client, phase, voter, name, language):
    fill(phase, 40, 40)
    opinions.vote(phase, 1, 1, participant=voter, now=NOW)
    address = url(phase, name).replace("/en/", f"/{language}/")
    assert page_client.get(address).status_code == 200
    move(phase, "closed")
    assert page_client.get(address).status_code == 200


def test_the_list_of_statements_leads_to_the_report(page_client, seeded):
    first = PollStatement.objects.get(number=1)
    report = reverse("participation:report", args=["poll-statement", first.pk])
    assert report in page_client.get(url(seeded, "opinion_statements")).content.decode()
    assert page_client.get(report).status_code == 200


@pytest.mark.parametrize(
    "name", ["opinion_mine", "opinion_statements", "opinion_results", "opinion_settings", "opinion_export"]
)
def test_the_pages_are_of_opinion_maps_only(signed_in, planner, a_phase, name):
    assert signed_in(planner).get(url(a_phase(PhaseKind.IDEAS), name)).status_code == 404


@pytest.mark.parametrize(("people", "statements"), [(6, 3), (2_000, 100)])
def test_pages_and_votes_take_few_queries(
    signed_in, planner, phase, django_assert_max_num_queries, people, statements
):
    fill(phase, people, statements)
    opinion_results.reckon(phase, now=timezone.now())
    client = signed_in(planner)
    client.post(url(phase, "opinion_vote"), {"statement": 2, "vote": "agree"})
    for name in ("phase", "opinion_mine", "opinion_statements", "opinion_results"):
        with django_assert_max_num_queries(8):
            assert client.get(url(phase, name)).status_code == 200
    with django_assert_max_num_queries(8):
        client.post(url(phase, "opinion_vote"), {"statement": 1, "vote": "agree"})
    move(phase, "closed")
    with django_assert_max_num_queries(8):
        assert client.get(url(phase, "phase")).status_code == 200
