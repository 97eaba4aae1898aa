"""Surveys, for the office: questions written, tried out and frozen, forms from paper."""

import pytest

from tandem.core.publication import Publication
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import SurveyResponse
from tandem.participation.services import surveys
from tests.participation.conftest import NOW, move
from tests.participation.test_surveys import EVERY_KIND, QUESTIONS, at, question, step, url

pytestmark = pytest.mark.django_db
WHERE = {"kind": "single", "titles_de": "Wo?", "options_de": "Nord\nSüd", "options_en": "North\nSouth"}


@pytest.fixture
def draft(a_phase):
    return a_phase(PhaseKind.SURVEY, state="planned")


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.SURVEY, settings={"questions": QUESTIONS, "smallest_count": 3})


@pytest.fixture
def office(signed_in, person):
    return signed_in(person("participation:planner"))


def kept(phase):
    phase.refresh_from_db()
    return surveys.settings_of(phase).questions


def test_a_planner_writes_moves_and_removes_questions(office, draft):
    assert "No question yet" in office.get(url(draft, "survey_edit")).content.decode()
    new = url(draft, "survey_question_new")
    assert office.get(new).status_code == 200
    assert at(office.post(new, WHERE)) == url(draft, "survey_edit")
    assert kept(draft)[0]["options"][1] == {"id": "2", "titles": {"de": "Süd", "en": "South"}}
    office.post(new, {"kind": "text", "titles_de": "Sonst noch?"})
    office.post(
        new, {"kind": "scale", "titles_de": "Note", "least": "1", "most": "5", "least_titles_de": "schlecht"}
    )
    for key, move_it, expected in [
        ("note", "up", ["wo", "note", "sonst-noch"]),
        ("wo", "down", ["note", "wo", "sonst-noch"]),
        ("note", "up", ["note", "wo", "sonst-noch"]),
        ("nobody", "up", ["note", "wo", "sonst-noch"]),
        ("wo", "remove", ["note", "sonst-noch"]),
    ]:
        office.post(url(draft, "survey_edit"), {"id": key, "step": move_it})
        assert [each["id"] for each in kept(draft)] == expected
    for language in ("de", "it", "en"):
        for name, more in [("survey_edit", []), ("survey_question", ["note"]), ("survey_ways", ["note"])]:
            assert office.get(url(draft, name, *more).replace("/en/", f"/{language}/")).status_code == 200


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"titles_de": ""}, "Enter a text in at least one language."),
        ({"options_en": "North"}, "Name the same options in each language"),
        ({"options_de": "Nord", "options_en": ""}, "Name two options or more."),
        ({"kind": "scale"}, "A scale needs two ends"),
        ({"kind": "scale", "least": "5", "most": "1"}, "from one whole number to a larger one"),
        ({"kind": "scale", "least": "1", "most": "99"}, "in 20 steps at the most"),
        ({"kind": "scale", "least": "0.5", "most": "4"}, "from one whole number to a larger one"),
    ],
)
def test_a_question_that_cannot_be_asked_is_not_kept(office, draft, changed, problem):
    refused = office.post(url(draft, "survey_question_new"), {**WHERE, **changed})
    assert refused.status_code == 400
    assert problem in refused.content.decode()
    assert kept(draft) == ()


def test_answers_lead_elsewhere(office, draft):
    for key, more in [
        ("Wo", WHERE),
        ("Alter", {"kind": "number"}),
        ("Warum", {"kind": "text"}),
        ("Ende", {"kind": "text"}),
    ]:
        office.post(url(draft, "survey_question_new"), {**more, "titles_de": key})
    ways = url(draft, "survey_ways", "wo")
    assert at(office.post(ways, {"to_1": "warum", "to_2": ":end", "otherwise": ""})) == url(
        draft, "survey_edit"
    )
    assert kept(draft)[0]["branches"] == [{"to": "warum", "options": ["1"]}, {"to": "", "options": ["2"]}]
    shown = office.get(ways).context["form"]
    assert [shown[name].initial for name in ("to_1", "to_2", "otherwise")] == ["warum", ":end", ""]
    office.post(
        url(draft, "survey_ways", "alter"),
        {"least_1": "18", "most_1": "30", "to_1": "ende", "otherwise": ":end"},
    )
    assert (kept(draft)[1]["branches"], kept(draft)[1]["otherwise"]) == (
        [{"to": "ende", "least": 18.0, "most": 30.0}],
        "",
    )
    assert [each["leads"] for each in office.get(url(draft, "survey_edit")).context["questions"]] == [
        [3, None], [4, None], [], [],
    ]  # fmt: skip
    office.post(url(draft, "survey_question", "wo"), {**WHERE, "titles_de": "Wo denn?"})
    assert kept(draft)[0]["branches"][0]["to"] == "warum"
    assert office.post(ways, {"to_1": "nowhere"}).status_code == 400


def test_what_is_wrong_with_a_survey_is_shown_and_keeps_it_shut(office, page_client, draft):
    surveys.set_questions(
        draft, [{**QUESTIONS[0], "branches": [{"to": "nowhere", "options": ["2"]}]}], person=None, now=NOW
    )
    assert "leads to nowhere" in office.get(url(draft, "survey_edit")).content.decode()
    assert at(office.get(url(draft, "survey_trial_answer"))) == url(draft, "survey_edit")
    move(draft, "open")
    assert at(office.get(url(draft, "survey_answer"))) == url(draft, "phase")
    assert "The survey is not ready" in office.get(url(draft, "phase")).content.decode()
    assert office.get(url(draft, "survey_paper")).status_code == 404


# --- trying it out ------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_a_trial_goes_through_the_whole_survey_and_keeps_nothing(office, phase, state):
    move(phase, state)
    assert at(office.get(url(phase, "survey_trial_answer"))) == question(phase, "garden", "trial_answer")
    assert (
        "You are trying the survey out."
        in office.get(question(phase, "garden", "trial_answer")).content.decode()
    )
    assert at(step(office, phase, "garden", "2", way="trial_answer")) == question(
        phase, "why", "trial_answer"
    )
    assert at(step(office, phase, "why", "So", way="trial_answer")) == url(phase, "survey_trial_review")
    assert office.get(url(phase, "survey_trial_review")).context["rows"][1]["said"] == "So"
    assert at(office.post(url(phase, "survey_trial_review"))) == url(phase, "survey_edit")
    assert at(office.get(url(phase, "survey_trial_answer"))) == question(phase, "garden", "trial_answer")
    assert SurveyResponse.objects.count() == 0


def test_a_trial_of_a_straight_survey_on_one_page(office, a_phase):
    phase = a_phase(PhaseKind.SURVEY, state="planned", settings={"questions": EVERY_KIND})
    assert office.get(url(phase, "survey_trial_together")).status_code == 200
    sent = {"answer-garden": "1"}
    assert at(office.post(url(phase, "survey_trial_together"), sent)) == url(phase, "survey_trial_review")


# --- frozen -------------------------------------------------------------------------------------
def test_only_texts_are_corrected_once_it_has_begun(office, phase):
    assert at(office.get(url(phase, "survey_question_new"))) == url(phase, "survey_edit")
    office.post(url(phase, "survey_edit"), {"id": "garden", "step": "remove"})
    office.post(url(phase, "survey_ways", "garden"), {"to_1": ":end", "otherwise": ""})
    assert list(kept(phase)) == QUESTIONS
    given = {"kind": "text", "titles_de": "Haben Sie wohl einen Garten?", "options_de": "ja doch\nnein"}
    one = url(phase, "survey_question", "garden")
    assert at(office.post(one, given)) == url(phase, "survey_edit")
    changed = kept(phase)[0]
    assert (changed["kind"], changed["titles"]["de"]) == ("single", "Haben Sie wohl einen Garten?")
    assert [(each["id"], each["titles"]["de"]) for each in changed["options"]] == [
        ("1", "ja doch"),
        ("2", "nein"),
    ]
    assert surveys.question_of(changed) == surveys.question_of(QUESTIONS[0])
    refused = office.post(one, {**given, "options_de": "ja\nnein\nvielleicht"})
    assert refused.status_code == 400
    assert "no option can be added" in refused.content.decode()


def test_a_draft_can_be_changed_even_after_its_first_day(office, phase):
    phase.process.status = Publication.DRAFT
    phase.process.save()
    office.post(url(phase, "survey_edit"), {"id": "size", "step": "remove"})
    assert [each["id"] for each in kept(phase)] == ["garden", "why"]
    surveys.submit(phase, {"garden": "1"}, now=NOW, language="de")
    with pytest.raises(surveys.SurveyFrozen):
        surveys.set_questions(phase, QUESTIONS, person=None, now=NOW)


# --- paper --------------------------------------------------------------------------------------
def test_a_paper_form_counts_once_even_with_gaps(signed_in, person, phase):
    client = signed_in(person("participation:moderator"))
    form = {"sheet": "7", "answer-garden": "1", "answer-size": "12", "answer-why": ""}
    for language in ("de", "it", "en"):
        assert client.get(url(phase, "survey_paper").replace("/en/", f"/{language}/")).status_code == 200
    assert client.post(url(phase, "survey_paper"), form).status_code == 302
    again = client.post(url(phase, "survey_paper"), form)
    assert again.status_code == 400
    assert "Form 7 has been entered already" in again.content.decode()
    assert client.post(url(phase, "survey_paper"), {"sheet": "8", "answer-size": "12"}).status_code == 302
    assert client.post(url(phase, "survey_paper"), {"sheet": "9", "answer-size": "0"}).status_code == 400
    assert {each.sheet: each.answers for each in SurveyResponse.objects.all()} == {
        "7": {"garden": "1", "size": 12.0},
        "8": {"size": 12.0},
    }
    assert "2 paper forms are entered." in client.get(url(phase, "survey_paper")).content.decode()
    rows = client.get(url(phase, "survey_responses", "csv")).content.decode("utf-8-sig").splitlines()
    assert rows[0] == "given_on,channel,language,garden,size,why"
    assert len(rows) == 3
    assert client.get(url(phase, "survey_responses", "exe")).status_code == 404


@pytest.mark.parametrize(("state", "status"), [("planned", 409), ("open", 200), ("closed", 200)])
def test_paper_is_entered_once_it_has_begun(office, phase, state, status):
    move(phase, state)
    assert office.get(url(phase, "survey_paper")).status_code == status


# --- who ----------------------------------------------------------------------------------------
PAGES = {
    "survey_edit": ([], {"planner"}),
    "survey_question_new": ([], {"planner"}),
    "survey_question": (["garden"], {"planner"}),
    "survey_ways": (["garden"], {"planner"}),
    "survey_paper": ([], {"planner", "moderator"}),
    "survey_responses": (["csv"], {"planner", "moderator"}),
    "survey_trial_answer": ([], {"planner", "moderator", "reader"}),
    "survey_trial_review": ([], {"planner", "moderator", "reader"}),
}


@pytest.mark.parametrize("role", ["planner", "moderator", "reader", ""])
@pytest.mark.parametrize("name", PAGES)
def test_who_does_the_office_s_work(signed_in, person, phase, name, role):
    more, allowed = PAGES[name]
    client = signed_in(person(*([f"participation:{role}"] if role else [])))
    refused = client.get(url(phase, name, *more)).status_code == 403
    assert refused == (role not in allowed)


@pytest.mark.parametrize("name", ["survey_edit", "survey_paper", "survey_question_new"])
def test_the_pages_are_of_surveys_only(office, a_phase, name):
    assert office.get(url(a_phase(PhaseKind.IDEAS), name)).status_code == 404
