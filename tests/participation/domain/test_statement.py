"""The way of a statement: each state, each step, each reason against it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.segments import Segmentation, by_sentence
from tandem.participation.domain.statement import (
    Decision,
    IncompleteStep,
    Obstacle,
    Outcome,
    Reply,
    State,
    Statement,
    Step,
    StepNotPossible,
    Weighing,
    decided,
    obstacles,
    outcome_counts,
    reopened,
    replied,
    segmented,
    sentence_of,
    state_of,
    weighed,
    withdrawn,
)

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TEXT = "It is loud. I ask for trees."
WEIGHING = Weighing(Outcome.FOLLOWED, "The noise report says so too.", "P-23", NOW)
DECISION = Decision(Outcome.PARTLY_FOLLOWED, "Council", date(2026, 9, 1), "V/2026/17")
REPLY = Reply("Dear …", NOW)

RECEIVED = Statement(TEXT)
CUT = segmented(RECEIVED, by_sentence(TEXT))
WEIGHED = weighed(weighed(CUT, 0, WEIGHING), 1, WEIGHING)
DECIDED = decided(decided(WEIGHED, 0, DECISION), 1, DECISION)
REPLIED = replied(DECIDED, REPLY)
WITHDRAWN = withdrawn(WEIGHED, NOW)
ALL = {
    "received": RECEIVED,
    "segmented": CUT,
    "weighed": WEIGHED,
    "decided": DECIDED,
    "replied": REPLIED,
    "withdrawn": WITHDRAWN,
}


def test_the_state_follows_from_what_a_statement_has():
    assert {name: state_of(each).value for name, each in ALL.items()} == {name: name for name in ALL}
    assert state_of(weighed(CUT, 1, WEIGHING)) is State.SEGMENTED
    assert state_of(decided(WEIGHED, 1, DECISION)) is State.WEIGHED


def test_what_is_in_the_way_of_each_step_in_each_state():
    table = {
        name: {step.value: [each.value for each in obstacles(statement, step, 0)] for step in Step}
        for name, statement in ALL.items()
    }

    uncut = ["not-segmented"]
    assert table["received"] == {
        "segment": [],
        "weigh": uncut,
        "decide": uncut,
        "reopen": uncut,
        "reply": uncut,
        "withdraw": [],
    }
    assert table["segmented"] == {
        "segment": [],
        "weigh": [],
        "decide": ["not-weighed"],
        "reopen": ["not-decided"],
        "reply": ["not-weighed", "not-decided"],
        "withdraw": [],
    }
    assert table["weighed"] == {
        "segment": [],
        "weigh": [],
        "decide": [],
        "reopen": ["not-decided"],
        "reply": ["not-decided"],
        "withdraw": [],
    }
    assert table["decided"] == {
        "segment": [],
        "weigh": ["decided"],
        "decide": ["decided"],
        "reopen": [],
        "reply": [],
        "withdraw": [],
    }
    assert table["replied"] == {step.value: ["replied"] for step in Step}
    assert table["withdrawn"] == {step.value: ["withdrawn"] for step in Step}


@given(st.sampled_from(list(ALL.values())), st.sampled_from(Step), st.integers(-1, 2))
def test_a_step_raises_exactly_where_something_is_in_its_way(statement, step, segment):
    do = {
        Step.SEGMENT: lambda: segmented(statement, by_sentence(TEXT)),
        Step.WEIGH: lambda: weighed(statement, segment, WEIGHING),
        Step.DECIDE: lambda: decided(statement, segment, DECISION),
        Step.REOPEN: lambda: reopened(statement, segment),
        Step.REPLY: lambda: replied(statement, REPLY),
        Step.WITHDRAW: lambda: withdrawn(statement, NOW),
    }[step]
    against = obstacles(statement, step, segment)
    if against:
        with pytest.raises(StepNotPossible) as caught:
            do()
        assert (caught.value.obstacle, caught.value.sentence) == (against[0], sentence_of(against[0]))
    else:
        assert do().text == TEXT


def test_cutting_anew_keeps_the_weighing_of_what_stays():
    cut_once_more = by_sentence(TEXT).cut(16)

    again = segmented(weighed(CUT, 0, WEIGHING), cut_once_more)

    assert [(each.span.start, each.weighing) for each in again.segments] == [
        (0, WEIGHING),
        (12, None),
        (16, None),
    ]


def test_what_is_decided_is_not_cut_anew():
    halfway = decided(WEIGHED, 1, DECISION)

    assert segmented(halfway, by_sentence(TEXT).cut(3)).segments[2].decision == DECISION
    with pytest.raises(StepNotPossible) as caught:
        segmented(halfway, Segmentation(TEXT))
    assert (caught.value.obstacle, caught.value.segment) == (Obstacle.DECIDED, 1)


def test_segments_of_another_text_are_refused():
    with pytest.raises(StepNotPossible) as caught:
        segmented(RECEIVED, by_sentence(TEXT + " "))
    assert caught.value.obstacle is Obstacle.OTHER_TEXT


def test_only_a_late_statement_is_left_out_as_late():
    left_out = Weighing(Outcome.LEFT_OUT_LATE, "Came on 9 June.", "P-23", NOW)
    late = segmented(Statement(TEXT, late=True), Segmentation(TEXT))

    assert weighed(late, 0, left_out).segments[0].weighing == left_out
    with pytest.raises(StepNotPossible) as caught:
        weighed(CUT, 0, left_out)
    assert caught.value.obstacle is Obstacle.IN_TIME
    with pytest.raises(StepNotPossible):
        decided(WEIGHED, 0, Decision(Outcome.LEFT_OUT_LATE, "Council", date(2026, 9, 1)))


def test_reopening_takes_back_the_decision_and_keeps_the_weighing():
    again = reopened(DECIDED, 0)

    assert (again.segments[0].decision, again.segments[0].weighing) == (None, WEIGHING)
    assert state_of(again) is State.WEIGHED


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weighing(Outcome.NOTED, " \n", "P-23", NOW),
        lambda: Decision(Outcome.NOTED, "", date(2026, 9, 1)),
        lambda: Reply("  ", NOW),
    ],
)
def test_what_says_nothing_is_refused(make):
    with pytest.raises(IncompleteStep):
        make()


def test_outcomes_are_counted_by_segment():
    counts = outcome_counts([DECIDED, reopened(DECIDED, 0), WEIGHED])

    assert {outcome.value: count for outcome, count in counts.items() if count} == {"partly-followed": 3}
    assert set(counts) == set(Outcome)
