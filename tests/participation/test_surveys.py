"""Surveys: edited, answered along their branches, once each, with results by question."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse

from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import SurveyResponse
from tandem.participation.services import surveys
from tests.participation.conftest import NOW, move

pytestmark = pytest.mark.django_db
QUESTIONS = [
    {
        "id": "garden", "kind": "single", "titles": {"de": "Haben Sie einen Garten?"}, "required": True,
        "options": [{"id": "1", "titles": {"de": "ja"}}, {"id": "2", "titles": {"de": "nein"}}],
        "branches": [{"to": "why", "options": ["2"]}],
    },
    {"id": "size", "kind": "number", "titles": {"de": "Wie groß?"}, "least": 1, "most": 5000},
    {"id": "why", "kind": "text", "titles": {"de": "Warum?"}},
]  # fmt: skip


def url(phase, name, *more):
    return reverse(f"participation:{name}", args=[phase.process.slug, phase.number, *more])


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.SURVEY, settings={"questions": QUESTIONS, "smallest_count": 3})


def step(client, phase, key, answer, what="next"):
    return client.post(url(phase, "survey_answer"), {"question": key, "answer": answer, "step": what})


def test_a_guest_answers_along_the_branch_and_only_once(page_client, phase):
    assert page_client.get(url(phase, "phase")).status_code == 200
    assert "Garten" in page_client.get(url(phase, "survey_answer")).content.decode()
    assert step(page_client, phase, "garden", "").status_code == 400
    assert "Warum?" in step(page_client, phase, "garden", "2").content.decode()
    assert "Garten" in step(page_client, phase, "why", "", "back").content.decode()
    shown = step(page_client, phase, "why", "Kein Platz").content.decode()
    assert "Kein Platz" in shown
    assert "Wie groß?" not in shown
    assert page_client.post(url(phase, "survey_answer"), {"step": "send"}).status_code == 200
    assert SurveyResponse.objects.get().answers == {"garden": "2", "why": "Kein Platz"}

    step(page_client, phase, "garden", "2")
    assert page_client.post(url(phase, "survey_answer"), {"step": "send"}).status_code == 409
    assert SurveyResponse.objects.count() == 1


def test_unfinished_answers_are_not_taken(page_client, phase):
    answer = page_client.post(url(phase, "survey_answer"), {"step": "send"}, follow=True)
    assert "need an answer" in answer.content.decode()
    assert SurveyResponse.objects.count() == 0


@pytest.mark.parametrize(("state", "status"), [("planned", 409), ("open", 200), ("closed", 409)])
def test_a_survey_is_answered_while_it_is_open(page_client, phase, state, status):
    move(phase, state)
    assert page_client.get(url(phase, "survey_answer")).status_code == status


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


def test_results_are_shown_after_it_has_closed_and_small_numbers_never(page_client, signed_in, person, phase):
    for number in range(12):
        answers = (
            {"garden": "1", "size": 100.0} if number < 11 else {"garden": "2", "why": "Ruf 02381 123456 an"}
        )
        surveys.submit(phase, answers, now=NOW, language="de")
    assert "have answered" not in page_client.get(url(phase, "phase")).content.decode()
    staff = signed_in(person("participation:reader")).get(url(phase, "phase")).content.decode()
    assert "12 people have answered" in staff
    assert "02381" not in staff
    page_client.logout()
    move(phase, "closed")
    for language in ("de", "it", "en"):
        assert page_client.get(f"/{language}/take-part/{phase.process.slug}/1/").status_code == 200
    shown = page_client.get(url(phase, "phase"))
    assert next(each["result"].counts for each in shown.context["results"]) == {"1": None, "2": None}


def test_a_planner_writes_questions_and_sees_what_is_wrong(signed_in, person, a_phase):
    phase = a_phase(PhaseKind.SURVEY, state="planned")
    client = signed_in(person("participation:planner"))
    new = url(phase, "survey_question_new")
    given = {"kind": "single", "titles_de": "Wo?", "options_de": "Nord\nSüd", "options_en": "North\nSouth"}
    assert client.post(new, {**given, "branches": "2 -> nowhere"}).status_code == 302
    assert "leads to nowhere" in client.get(url(phase, "survey_edit")).content.decode()
    assert (
        client.post(url(phase, "survey_question", "wo"), {**given, "branches": "2 -> end"}).status_code == 302
    )
    phase.refresh_from_db()
    assert phase.settings["questions"][0]["options"][1]["titles"] == {"de": "Süd", "en": "South"}
    assert client.post(new, {**given, "options_en": "North"}).status_code == 400
    client.post(new, {"kind": "text", "titles_de": "Sonst noch?"})
    client.post(url(phase, "survey_edit"), {"id": "sonst-noch", "step": "up"})
    phase.refresh_from_db()
    assert [each["id"] for each in phase.settings["questions"]] == ["sonst-noch", "wo"]


def test_questions_are_frozen_once_somebody_has_answered(signed_in, person, phase):
    surveys.submit(phase, {"garden": "1"}, now=NOW, language="de")
    client = signed_in(person("participation:planner"))
    assert client.post(url(phase, "survey_edit"), {"id": "garden", "step": "remove"}).status_code == 409


def test_a_paper_form_counts_once(signed_in, person, phase):
    client = signed_in(person("participation:moderator"))
    form = {"sheet": "7", "garden-answer": "1", "size-answer": "12", "why-answer": ""}
    assert client.get(url(phase, "survey_paper")).status_code == 200
    assert client.post(url(phase, "survey_paper"), form).status_code == 302
    assert client.post(url(phase, "survey_paper"), form).status_code == 400
    assert [(each.channel, each.answers) for each in SurveyResponse.objects.all()] == [
        ("paper", {"garden": "1", "size": 12.0})
    ]
    assert b"garden" in client.get(url(phase, "survey_responses", "csv")).content


@pytest.mark.parametrize("name", ["survey_edit", "survey_question_new", "survey_paper"])
def test_citizens_do_no_office_work(signed_in, person, phase, name):
    assert signed_in(person()).get(url(phase, name)).status_code == 403
