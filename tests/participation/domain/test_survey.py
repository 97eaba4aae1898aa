"""Surveys: what is wrong with one, the path that answers lead along, and whether they can be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.findings import Severity
from tandem.participation.domain.survey import (
    END,
    BadSurvey,
    Branch,
    Question,
    QuestionKind,
    ask_again,
    check_answers,
    check_survey,
    path,
)

SINGLE, MULTIPLE, SCALE, NUMBER, TEXT = QuestionKind
TRAVEL = (
    Question(
        "how", SINGLE, ("bike", "car", "none"), required=True, branches=(Branch("why", frozenset({"none"})),)
    ),
    Question("km", NUMBER, least=0, most=100, branches=(Branch(END, least=50),)),
    Question("what", MULTIPLE, ("rain", "hills", "lanes"), least=1, most=2, otherwise=END),
    Question("why", TEXT, required=True, most=10),
    Question("happy", SCALE, least=1, most=5),
)


def walked(**answers):
    return [question.id for question in path(TRAVEL, answers)]


def codes(questions):
    return [
        (each.severity.value, each.code.removeprefix("participation.survey."), each.path)
        for each in check_survey(questions)
    ]


def test_answers_lead_along_a_path():
    assert walked() == ["how", "km", "what"]
    assert walked(how="bike", km=12) == ["how", "km", "what"]
    assert walked(how="bike", km=50) == ["how", "km"]
    assert walked(how="none") == ["how", "why", "happy"]
    assert path((), {}) == ()


def test_the_first_branch_that_fits_is_taken():
    questions = (
        Question(
            "a", MULTIPLE, ("x", "y"), branches=(Branch("c", frozenset("x")), Branch("d", frozenset("y")))
        ),
        Question("b", TEXT),
        Question("c", TEXT, otherwise=END),
        Question("d", TEXT),
    )

    assert [each.id for each in path(questions, {"a": ("y", "x")})] == ["a", "c"]
    assert [each.id for each in path(questions, {"a": ("y",)})] == ["a", "d"]
    assert [each.id for each in path(questions, {})] == ["a", "b", "c"]


def test_a_good_survey_has_no_findings():
    assert check_survey(TRAVEL) == []
    assert check_survey(()) == []


@pytest.mark.parametrize(
    ("questions", "wanted"),
    [
        ([Question("a", TEXT), Question("a", TEXT)], [("error", "duplicate-id", "a")]),
        ([Question("", TEXT)], [("error", "duplicate-id", "")]),
        ([Question("a", SINGLE, ("x",))], [("error", "too-few-options", "a")]),
        ([Question("a", MULTIPLE, ("x", "y", "x"))], [("error", "duplicate-option", "a")]),
        ([Question("a", SCALE, least=1)], [("error", "open-scale", "a")]),
        ([Question("a", NUMBER, least=2, most=1)], [("error", "empty-range", "a")]),
        ([Question("a", TEXT, otherwise="z")], [("error", "no-such-question", "a")]),
        (
            [Question("a", TEXT, otherwise="c"), Question("b", TEXT), Question("c", TEXT)],
            [("warning", "unreachable", "b")],
        ),
        (
            [Question("a", SCALE, least=1, most=5, branches=(Branch(END, least=6),))],
            [("warning", "idle-branch", "a")],
        ),
        (
            [Question("a", SINGLE, ("x", "y"), branches=(Branch(END, frozenset("z")),))],
            [("warning", "idle-branch", "a")],
        ),
        ([Question("a", TEXT), Question("b", TEXT, otherwise="a")], [("error", "circle", "a")]),
        ([Question("a", TEXT, otherwise="a")], [("error", "circle", "a")]),
        (
            [Question("a", TEXT, otherwise=END), Question("b", TEXT, otherwise="b")],
            [("warning", "unreachable", "b")],
        ),
    ],
)
def test_what_is_wrong_with_a_survey(questions, wanted):
    assert codes(questions) == wanted


def test_a_branch_back_is_a_circle_even_where_it_is_seldom_taken():
    questions = (
        Question("a", TEXT),
        Question("b", SCALE, least=1, most=5, branches=(Branch("a", least=5),)),
        Question("c", TEXT),
    )

    assert codes(questions) == [("error", "circle", "a")]


def test_a_survey_in_a_circle_cannot_be_asked():
    with pytest.raises(BadSurvey):
        path((Question("a", TEXT, otherwise="a"),), {})
    with pytest.raises(BadSurvey):
        path((Question("a", TEXT, otherwise="z"),), {})


IDS = st.sampled_from(["a", "b", "c", "d", END])


@given(st.lists(st.tuples(IDS, IDS | st.none(), st.booleans()), min_size=1, max_size=4), st.data())
def test_a_survey_without_errors_can_be_asked_with_any_answers(leads, data):
    questions = [
        Question(
            name,
            SCALE,
            least=1,
            most=2,
            branches=(Branch(to, least=2),) if branched else (),
            otherwise=otherwise,
        )
        for name, (to, otherwise, branched) in zip("abcd", leads, strict=False)
    ]
    if any(each.severity is Severity.ERROR for each in check_survey(questions)):
        return
    answers = data.draw(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 2)))

    reached = [each.id for each in path(questions, answers)]

    assert len(set(reached)) == len(reached)
    unreachable = {each.path for each in check_survey(questions) if each.code.endswith("unreachable")}
    assert unreachable.isdisjoint(reached)


@pytest.mark.parametrize(
    ("answers", "kept", "wrong"),
    [
        ({"how": "bike", "km": 12.5, "what": ("rain",)}, {"how": "bike", "km": 12.5, "what": ("rain",)}, []),
        ({}, {}, [("missing", "how")]),
        ({"how": ""}, {}, [("missing", "how")]),
        ({"how": "bus"}, {}, [("wrong-kind", "how")]),
        ({"how": "car", "km": -1}, {"how": "car"}, [("too-little", "km")]),
        ({"how": "car", "km": 101}, {"how": "car"}, [("too-much", "km")]),
        ({"how": "car", "km": float("nan")}, {"how": "car"}, [("wrong-kind", "km")]),
        ({"how": "car", "km": True}, {"how": "car"}, [("wrong-kind", "km")]),
        ({"how": "car", "km": "12"}, {"how": "car"}, [("wrong-kind", "km")]),
        ({"how": "car", "what": ("rain", "hills", "lanes")}, {"how": "car"}, [("too-much", "what")]),
        ({"how": "car", "what": ("rain", "rain")}, {"how": "car"}, [("wrong-kind", "what")]),
        ({"how": "car", "what": ("snow",)}, {"how": "car"}, [("wrong-kind", "what")]),
        ({"how": "car", "what": ()}, {"how": "car"}, []),
        ({"how": "none", "why": "x" * 11}, {"how": "none"}, [("too-much", "why")]),
        ({"how": "none", "why": "x", "happy": 4.0}, {"how": "none", "why": "x"}, [("wrong-kind", "happy")]),
        ({"how": "none", "why": "x", "km": 3}, {"how": "none", "why": "x"}, [("not-asked", "km")]),
        ({"how": "car", "nonsense": "x"}, {"how": "car"}, [("not-asked", "nonsense")]),
    ],
)
def test_answers_are_looked_at_along_the_path(answers, kept, wrong):
    checked = check_answers(TRAVEL, answers)

    found = [(each.code.removeprefix("participation.survey."), each.path) for each in checked.findings]
    assert (checked.answers, found) == (kept, wrong)
    assert ask_again(checked) == any(code != "not-asked" for code, _path in wrong)
