"""The engine's sentences, taken apart."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.junctions.domain.decision import KINDS, Decision, read_decision
from tandem.signals.control.reasons import _people
from tandem.signals.domain.users import KIND_NAMES


def test_classes_are_those_of_the_engine():
    assert KINDS == KIND_NAMES


@pytest.mark.parametrize(
    ("why", "wanted"),
    [
        (
            "stays with stage A: 6 cyclists and 1 car arrive within 5 s",
            Decision("coming", "A", {"bicycle": 6, "car": 1}, 5),
        ),
        ("stays with stage A: 1 bus arrives within 1 s", Decision("coming", "A", {"bus": 1}, 1)),
        ("stays with stage A for now: 2 trams elsewhere", Decision("for-now", "A", {"tram": 2})),
        ("stays with stage junction/1-: nobody is elsewhere", Decision("nobody", "junction/1-")),
        (
            "changes to stage B: 1 pedestrian there, waiting up to 31 s; somebody is still inside the junction",
            Decision("waiting", "B", {"pedestrian": 1}, 31, held=True),
        ),
        ("changes to stage B", Decision("changes", "B")),
        ("the detectors are silent", Decision("silent")),
        ("the detectors' view is 2000 ms old", Decision("old")),
        ("the detectors report what cannot be", Decision("impossible")),
        ("the controller failed: Late: the planner did not answer", Decision("failed")),
    ],
)
def test_sentences_of_the_engine(why: str, wanted: Decision):
    assert read_decision(why) == wanted


@given(st.dictionaries(st.integers(0, 4), st.integers(1, 60), min_size=1))
def test_whoever_the_engine_names_is_counted(numbers: dict[int, int]):
    why = f"stays with stage A: {_people(Counter(numbers))} arrive within 5 s"

    assert read_decision(why).people == {KIND_NAMES[kind]: number for kind, number in numbers.items()}


@given(st.text(max_size=200))
def test_nothing_of_an_unknown_sentence_is_kept(text: str):
    found = read_decision(f"HAM-AB 123 {text}")

    assert found == Decision()
    assert found.sentences() == []


def test_what_a_failed_controller_said_is_not_kept():
    assert "secret" not in str(read_decision("the controller failed: ValueError: secret").as_json())


def test_a_decision_is_said_without_numbers_of_people():
    said = read_decision("changes to stage B: 3 cars there, waiting up to 9 s").sentences()

    assert [str(each) for each in said] == [
        "It changes to stage B, because somebody is there.",
        "The longest wait is 9 s.",
    ]
