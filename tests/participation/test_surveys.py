"""Surveys: answered along their branches, once each, with results by question."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse
from django.utils.translation import override

from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen
from tandem.participation.domain.voting_code import UnreadableCode
from tandem.participation.models import Participant, SurveyResponse
from tandem.participation.services import surveys, voting_codes
from tests.participation.conftest import DAY, NOW, move

pytestmark = pytest.mark.django_db
GARDEN = {
    "id": "garden", "kind": "single", "titles": {"de": "Haben Sie einen Garten?"}, "required": True,
    "options": [{"id": "1", "titles": {"de": "ja"}}, {"id": "2", "titles": {"de": "nein"}}],
}  # fmt: skip
SIZE = {"id": "size", "kind": "number", "titles": {"de": "Wie groß?"}, "least": 1.0, "most": 5000.0}
WHY = {"id": "why", "kind": "text", "titles": {"de": "Warum?"}}
QUESTIONS = [{**GARDEN, "branches": [{"to": "why", "options": ["2"]}]}, SIZE, WHY]
EVERY_KIND = [
    GARDEN,
    {
        "id": "trees", "kind": "multiple", "titles": {"de": "Welche Bäume?"}, "most": 2.0,
        "options": [{"id": str(each), "titles": {"de": f"Baum {each}"}} for each in (1, 2, 3)],
    },
    {
        "id": "mark", "kind": "scale", "titles": {"de": "Note"}, "least": 1.0, "most": 5.0,
        "least_titles": {"de": "schlecht"}, "most_titles": {"de": "gut"},
    },
    SIZE,
    WHY,
]  # fmt: skip


def url(phase, name, *more):
    with override("en"):
        return reverse(f"participation:{name}", args=[phase.process.slug, phase.number, *more])


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.SURVEY, settings={"questions": QUESTIONS, "smallest_count": 3})


@pytest.fixture
def straight(a_phase):
    return a_phase(PhaseKind.SURVEY, settings={"questions": EVERY_KIND, "smallest_count": 3})


def step(client, phase, key, answer, what="next", way="answer", **more):
    sent = {"question": key, f"answer-{key}": answer, "step": what, **more}
    return client.post(url(phase, f"survey_{way}"), sent)


def at(response):
    """Return where an answer leads to."""
    assert response.status_code == 302
    return response.url


def question(phase, key, way="answer"):
    return f"{url(phase, f'survey_{way}')}?question={key}"


# --- answering ----------------------------------------------------------------------------------
def test_a_guest_answers_along_the_branch_and_only_once(page_client, phase):
    start = page_client.get(url(phase, "phase")).content.decode()
    assert "There are 3 questions at the most." in start
    assert at(page_client.get(url(phase, "survey_answer"))) == question(phase, "garden")
    asked = page_client.get(question(phase, "garden"))
    assert (asked.context["at"], asked.context["of"]) == (1, 3)
    missing = step(page_client, phase, "garden", "")
    assert missing.status_code == 400
    assert "Please answer this question." in missing.content.decode()

    assert at(step(page_client, phase, "garden", "2")) == question(phase, "why")
    asked = page_client.get(question(phase, "why"))
    assert (asked.context["at"], asked.context["of"]) == (2, 2)
    assert at(step(page_client, phase, "why", "Kein Platz", "back")) == question(phase, "garden")
    assert "checked" in page_client.get(question(phase, "garden")).content.decode()
    assert "Go on where you stopped" in page_client.get(url(phase, "phase")).content.decode()
    assert at(step(page_client, phase, "why", "Kein Platz")) == url(phase, "survey_review")
    look = page_client.get(url(phase, "survey_review"))
    assert [(each["title"], each["said"]) for each in look.context["rows"]] == [
        ("Haben Sie einen Garten?", "nein"),
        ("Warum?", "Kein Platz"),
    ]
    assert at(page_client.post(url(phase, "survey_review"))) == url(phase, "survey_thanks")
    assert page_client.get(url(phase, "survey_thanks")).status_code == 200
    assert SurveyResponse.objects.get().answers == {"garden": "2", "why": "Kein Platz"}

    assert at(page_client.post(url(phase, "survey_review"))) == url(phase, "survey_thanks")
    assert at(page_client.get(url(phase, "survey_answer"))) == url(phase, "phase")
    assert "Your answers count." in page_client.get(url(phase, "phase")).content.decode()
    assert SurveyResponse.objects.count() == 1


def test_an_answer_changed_at_the_end_leads_back_to_the_end(page_client, phase):
    step(page_client, phase, "garden", "2")
    step(page_client, phase, "why", "Kein Platz")
    came_from = {"from": "review"}
    assert at(step(page_client, phase, "why", "Kein Geld", **came_from)) == url(phase, "survey_review")
    assert at(step(page_client, phase, "garden", "1", **came_from)) == question(phase, "size")
    assert at(step(page_client, phase, "size", "120.5", **came_from)) == url(phase, "survey_review")


def test_numbers_are_read_and_shown_as_the_language_writes_them(page_client, phase):
    german = question(phase, "size").replace("/en/", "/de/")
    step(page_client, phase, "garden", "1")
    sent = {"question": "size", "answer-size": "1200,5", "step": "next"}
    assert page_client.post(german, sent).status_code == 302
    shown = page_client.get(url(phase, "survey_review").replace("/en/", "/de/"))
    assert shown.context["rows"][1]["said"] == "1.200,5"
    assert step(page_client, phase, "size", "9999").status_code == 400


def test_unfinished_answers_are_not_taken(page_client, phase):
    assert at(page_client.post(url(phase, "survey_review"))) == url(phase, "survey_review")
    look = page_client.get(url(phase, "survey_review"))
    assert not look.context["is_complete"]
    assert look.context["rows"][0]["problem"] == "Please answer this question."
    assert SurveyResponse.objects.count() == 0


def test_all_questions_stand_on_one_page_where_nothing_branches(page_client, straight, phase):
    together = url(straight, "survey_together")
    shown = page_client.get(together).content.decode()
    assert shown.count("<fieldset") == 3
    assert "5 – gut" in shown
    sent = {"answer-garden": "1", "answer-trees": ["1", "2", "3"], "answer-mark": "4", "answer-why": ""}
    refused = page_client.post(together, sent)
    assert refused.status_code == 400
    assert "Please choose 2 or fewer." in refused.content.decode()
    assert at(page_client.post(together, {**sent, "answer-trees": ["1", "3"]})) == url(
        straight, "survey_review"
    )
    page_client.post(url(straight, "survey_review"))
    assert SurveyResponse.objects.get().answers == {"garden": "1", "trees": ["1", "3"], "mark": 4}
    assert at(page_client.get(url(phase, "survey_together"))) == question(phase, "garden")


@pytest.mark.parametrize("key", ["garden", "trees", "mark", "size", "why"])
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_every_kind_of_question_in_every_language(page_client, straight, key, language):
    address = question(straight, key).replace("/en/", f"/{language}/")
    assert page_client.get(address).status_code == 200


@pytest.mark.parametrize(("state", "status"), [("planned", 409), ("open", 302), ("closed", 409)])
def test_a_survey_is_answered_while_it_is_open(page_client, phase, state, status):
    move(phase, state)
    for name in ("survey_answer", "survey_together", "survey_review"):
        assert page_client.get(url(phase, name), follow=False).status_code in {status, 200}
        assert (page_client.get(url(phase, name)).status_code == 409) == (status == 409)
    assert page_client.post(url(phase, "survey_review")).status_code == status
    assert SurveyResponse.objects.count() == 0


def test_the_closing_second_decides_by_the_request_s_own_time(phase):
    end = phase.closes_at
    surveys.submit(phase, {"garden": "1"}, now=end.replace(microsecond=0) - DAY / 86_400, language="de")
    with pytest.raises(PhaseNotOpen):
        surveys.submit(phase, {"garden": "1"}, now=end, language="de")
    assert SurveyResponse.objects.count() == 1


@pytest.mark.parametrize(
    ("admitted", "who", "gets_in"),
    [
        (["guest"], "guest", True),
        (["email"], "guest", False),
        (["email"], "email", True),
        (["account"], "email", False),
        (["account"], "account", True),
        (["email"], "account", False),
        (["code"], "account", False),
    ],
)
def test_who_may_answer(page_client, phase, person, by_email, as_participant, admitted, who, gets_in):
    phase.admitted = admitted
    phase.save()
    if who == "email":
        as_participant(page_client, by_email("a@example.org"))
    elif who == "account":
        page_client.force_login(person())
    wanted = question(phase, "garden") if gets_in else url(phase, "phase")
    assert at(page_client.get(url(phase, "survey_answer"))) == wanted
    sent = page_client.post(url(phase, "survey_answer"), {"question": "garden", "answer-garden": "1"})
    assert at(sent) == (question(phase, "size") if gets_in else url(phase, "phase"))
    page_client.get(url(phase, "phase"))


def test_a_blocked_participant_cannot_answer(page_client, phase, by_email, as_participant):
    someone = by_email("a@example.org")
    as_participant(page_client, someone)
    Participant.objects.filter(pk=someone.pk).update(blocked_at=NOW)
    assert page_client.get(url(phase, "survey_answer")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_same_person_in_many_tabs_counts_once(phase, by_email):
    someone = by_email("a@example.org")

    def act(_number):
        try:
            surveys.submit(phase, {"garden": "1"}, now=NOW, language="de", participant=someone)
        except surveys.AnsweredAlready:
            return "again"
        else:
            return "counted"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(act, range(8))) == ["again"] * 7 + ["counted"]


# --- codes --------------------------------------------------------------------------------------
@pytest.fixture
def code(phase, person):
    phase.admitted = ["code"]
    phase.save()
    planner = person("participation:planner")
    return voting_codes.make_codes(phase, 1, batch="north", person=planner, now=NOW)[0]


def test_a_code_from_a_letter_answers_once(page_client, phase, code):
    assert at(page_client.post(url(phase, "survey_code"), {"voting_code": code})) == url(
        phase, "survey_answer"
    )
    assert code not in str(dict(page_client.session))
    step(page_client, phase, "garden", "1")
    assert at(page_client.post(url(phase, "survey_review"))) == url(phase, "survey_thanks")
    response = SurveyResponse.objects.get()
    assert (response.participant, response.answers) == (None, {"garden": "1"})
    again = page_client.post(url(phase, "survey_code"), {"voting_code": code})
    assert again.status_code == 400
    assert "has been cast with this already" in again.content.decode()


def test_a_code_used_meanwhile_counts_once(page_client, phase, code):
    page_client.post(url(phase, "survey_code"), {"voting_code": code})
    step(page_client, phase, "garden", "1")
    digest = voting_codes.check_code(phase, code)
    surveys.submit(phase, {"garden": "2"}, now=NOW, language="de", digest=digest)
    assert at(page_client.post(url(phase, "survey_review"))) == url(phase, "survey_thanks")
    assert SurveyResponse.objects.get().answers == {"garden": "2"}


def test_wrong_codes_are_counted_and_slips_are_not(page_client, phase, code):
    other = voting_codes.make_codes(
        phase, 1, batch="lost", person=phase.process.created_by or None, now=NOW
    )[0]  # fmt: skip
    voting_codes.revoke_codes(phase, "lost", person=None, now=NOW)
    with pytest.raises(UnreadableCode):
        voting_codes.check_code(phase, "nonsense")
    for _attempt in range(15):
        assert page_client.post(url(phase, "survey_code"), {"voting_code": "nonsense"}).status_code == 400
    for _attempt in range(10):
        assert page_client.post(url(phase, "survey_code"), {"voting_code": other}).status_code == 400
    refused = page_client.post(url(phase, "survey_code"), {"voting_code": code})
    assert "tried too often" in refused.content.decode()


# --- results ------------------------------------------------------------------------------------
def answered(phase, people=12):
    for number in range(people):
        answers = {"garden": "1", "size": 100.0} if number else {"garden": "2", "why": "Ruf 02381 123456 an"}
        surveys.submit(phase, answers, now=NOW, language="de")


def test_results_are_shown_after_it_has_closed_and_small_numbers_never(page_client, signed_in, person, phase):
    answered(phase)
    assert "results" not in page_client.get(url(phase, "phase")).context
    assert page_client.get(url(phase, "survey_results", "csv")).status_code == 404
    staff = signed_in(person("participation:reader")).get(url(phase, "phase")).content.decode()
    assert "12 people have answered" in staff
    assert "Ruf [telephone number] an" in staff
    page_client.logout()
    move(phase, "closed")
    for language in ("de", "it", "en"):
        shown = page_client.get(f"/{language}/take-part/{phase.process.slug}/1/")
        assert "Ruf" not in shown.content.decode()
        garden, size, why = shown.context["results"]
        assert garden["result"].counts == {"1": None, "2": None}
        # eleven of twelve were asked for the size: the number would tell that one was not
        assert (size["result"].answered, why["result"].answered) == (None, None)


def test_results_as_a_table_hide_what_the_page_hides(page_client, signed_in, person, straight):
    for number in range(8):
        surveys.submit(
            straight, {"garden": "1", "mark": 4 + number % 2, "trees": ("2",)}, now=NOW, language="de"
        )
    move(straight, "closed")
    rows = page_client.get(url(straight, "survey_results", "csv")).content.decode("utf-8-sig").splitlines()
    assert rows[0] == "question,title,asked,answered,answer,people,share,median,mean"
    assert rows[1] == "garden,Haben Sie einen Garten?,8,8,ja,8,1.0,,"
    assert rows[9] == "mark,Note,8,8,4,4,0.5,4.5,4.5"
    assert rows[-1] == "why,Warum?,8,0,,,,,"
    assert page_client.get(url(straight, "survey_results", "xls")).status_code == 404


def test_nobody_can_reckon_who_answered_alone(page_client, phase):
    surveys.submit(phase, {"garden": "1"}, now=NOW, language="de")
    move(phase, "closed")
    shown = page_client.get(url(phase, "phase"))
    assert shown.context["people"] is None
    assert "Very few people have answered." in shown.content.decode()


@pytest.mark.parametrize("people", [1, 40])
def test_pages_ask_the_database_the_same_whatever_the_number_of_responses(
    page_client, signed_in, person, straight, people, django_assert_max_num_queries
):
    for number in range(people):
        surveys.submit(straight, {"garden": "1", "why": f"Text {number}"}, now=NOW, language="de")
    signed_in(person("participation:planner"))
    with django_assert_max_num_queries(8):
        page_client.get(url(straight, "phase"))
    with django_assert_max_num_queries(8):
        page_client.get(question(straight, "garden"))
    with django_assert_max_num_queries(8):
        page_client.get(url(straight, "survey_edit"))
