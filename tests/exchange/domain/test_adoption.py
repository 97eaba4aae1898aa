"""The way of an adoption: what is possible when, and what it does not lose."""

from itertools import product

import pytest

from tandem.exchange.domain.adoption import (
    STANDING,
    STEPS,
    Action,
    NoSuchPart,
    NotPossible,
    State,
    after,
    check_changed,
)
from tandem.exchange.domain.naming import ACTIONS
from tests.exchange.domain.adoption_making import TABLE, adoption, part


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_a_step_is_possible_or_refused_with_a_sentence(state, action):
    found = adoption(state=state)
    if action in STEPS[state]:
        assert after(found, action) is STEPS[state][action]
    else:
        with pytest.raises(NotPossible, match=f"{ACTIONS[action]} is not possible with this adoption. .+"):
            after(found, action)


def test_the_table_of_steps():
    undone, live = State.UNDONE, State.LIVE

    assert {state: dict(steps) for state, steps in STEPS.items()} == {
        State.DRAFTS: dict.fromkeys([Action.SIMULATE, Action.SIGN_OFF, Action.UPDATE], State.DRAFTS)
        | {Action.GO_LIVE: live, Action.UNDO: undone},
        State.LIVE: dict.fromkeys([Action.SIMULATE, Action.SIGN_OFF, Action.GO_LIVE, Action.UPDATE], live)
        | {Action.DIVERGE: State.DIVERGED, Action.RETIRE: State.RETIRED, Action.UNDO: undone},
        State.DIVERGED: dict.fromkeys([Action.SIMULATE, Action.SIGN_OFF, Action.GO_LIVE], State.DIVERGED)
        | {Action.RETIRE: State.RETIRED, Action.UNDO: undone},
        State.RETIRED: {},
        State.UNDONE: {},
    }
    assert {state for state in State if STEPS[state]} == STANDING


def test_a_part_that_is_not_there_is_told():
    with pytest.raises(NoSuchPart, match="signal/other"):
        adoption(part(TABLE)).part("signal/other")


def test_what_people_changed_goes_only_with_their_word():
    check_changed([], confirmed=[])
    check_changed(["catalogue/a"], confirmed=["catalogue/a", "catalogue/b"])
    with pytest.raises(NotPossible, match="changed catalogue/a, catalogue/b\\."):
        check_changed(["catalogue/a", "catalogue/b", "catalogue/c"], confirmed=["catalogue/c"])
