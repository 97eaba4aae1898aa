"""What a running engine publishes, checked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.junctions.domain.live import (
    AnotherJunction,
    Counted,
    NotAState,
    State,
    check_belongs,
    is_silent,
    read_state,
)
from tests.junctions.messages import message, quarter

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def test_a_message_is_read():
    state = read_state(message(at_s=100.0))

    assert [(each.id, each.shows, each.soonest_s, each.likely_s, each.latest_s) for each in state.groups] == [
        ("K1", "green", 0.0, 8.0, None),
        ("K2", "red", 6.0, 14.0, 40.0),
        ("F1", "red", 6.0, None, None),
    ]
    assert state.running == Counted(0.0, 100.0, {"bicycle": 1, "car": 3})
    assert state.quarter is None


def test_counts_are_summed_over_lanes():
    counts = quarter()
    counts["quarter"]["lanes"] = {"a": {"car": 2}, "b": {"car": 3, "tram": 1}}

    assert read_state(message(counts=counts)).quarter == Counted(0.0, 900.0, {"car": 5, "tram": 1})


def test_what_is_kept_can_be_read_again():
    state = read_state(message(counts=quarter(car=4), why="changes to stage B: 3 cars there"))

    assert State.from_json(json.loads(json.dumps(state.as_json()))) == state


@pytest.mark.parametrize("place", ["", "state", "counts", "forecast/K1", "state/groups/K1", "counts/running"])
def test_what_the_schema_does_not_know_is_not_accepted(place: str):
    sent = message()
    inner = sent
    for step in filter(None, place.split("/")):
        inner = inner[step]
    inner["plate"] = "HAM-AB 123"

    with pytest.raises(NotAState):
        read_state(sent)


def test_a_class_that_is_no_class_is_not_accepted():
    sent = message()
    sent["counts"]["running"]["lanes"]["market-1"]["Mrs Miller"] = 1

    with pytest.raises(NotAState, match="Nothing of it was kept"):
        read_state(sent)


@given(VALUES)
def test_whatever_is_sent_is_a_state_or_refused(values: object):
    with pytest.raises(NotAState):
        read_state(values)


@given(VALUES, st.sampled_from(["state", "counts"]))
def test_whatever_stands_in_for_a_part_is_refused(values: object, part: str):
    with pytest.raises(NotAState):
        read_state(message() | {part: values})


@pytest.mark.parametrize(("junction", "groups"), [("other", {"K1", "K2", "F1"}), ("market", {"K1", "K2"})])
def test_another_junction_than_the_approved_one_is_refused(junction: str, groups: set[str]):
    with pytest.raises(AnotherJunction):
        check_belongs(read_state(message()), junction=junction, groups=groups)


def test_an_engine_is_silent_after_three_seconds():
    assert [is_silent(age_s=age_s) for age_s in (0.0, 2.99, 3.0, 100.0)] == [False, False, True, True]
