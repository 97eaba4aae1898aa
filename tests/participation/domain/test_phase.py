"""Phases: one table of who may do what, when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.phase import (
    RULES,
    Action,
    BadWindow,
    NotAdmitted,
    NotInThisPhase,
    PhaseKind,
    PhaseNotOpen,
    PhaseState,
    Who,
    Window,
    admittable,
    check_action,
    phase_state,
    possible_actions,
    refusal,
    usually_admitted,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PLANNED, OPEN, CLOSED = PhaseState


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (NOON - SECOND, PLANNED),
        (NOON, OPEN),
        (NOON + timedelta(days=1) - SECOND, OPEN),
        (NOON + timedelta(days=1), CLOSED),
    ],
)
def test_a_window_is_half_open(now, wanted):
    assert phase_state(Window(NOON, NOON + timedelta(days=1)), now=now) is wanted


def test_a_window_without_an_end_does_not_close():
    assert phase_state(Window(NOON), now=NOON + timedelta(days=9999)) is OPEN


@pytest.mark.parametrize(
    "times",
    [(NOON, NOON), (NOON, NOON - SECOND), (NOON.replace(tzinfo=None),), (NOON, datetime(2026, 6, 1))],
)
def test_a_window_that_is_none_is_refused(times):
    with pytest.raises(BadWindow):
        Window(*times)


def table(kind: PhaseKind) -> list[str]:
    """Return who may do what in a phase that admits whom it usually admits: a line for state and person."""
    lines = []
    for state in PhaseState:
        for who in Who:
            actions = possible_actions(kind=kind, state=state, who=who, admitted=usually_admitted(kind))
            said = " ".join(action for action in Action if action in actions)
            lines.append(f"{state} {who}: {said}")
    return lines


def test_everything_in_a_phase_of_ideas():
    assert table(PhaseKind.IDEAS) == [
        "planned guest: read report",
        "planned email: read report",
        "planned account: read report",
        "planned code: read report",
        "planned staff: read report moderate",
        "open guest: read report",
        "open email: read contribute change-own withdraw-own comment withdraw-comment support report",
        "open account: read contribute change-own withdraw-own comment withdraw-comment support report",
        "open code: read report",
        "open staff: read report record-paper moderate reply",
        "closed guest: read report",
        "closed email: read withdraw-own withdraw-comment report",
        "closed account: read withdraw-own withdraw-comment report",
        "closed code: read report",
        "closed staff: read report record-paper moderate reply",
    ]


def test_everything_in_a_phase_of_statements():
    assert table(PhaseKind.STATEMENTS) == [
        "planned guest: read",
        "planned email: read",
        "planned account: read",
        "planned code: read",
        "planned staff: read",
        "open guest: read contribute",
        "open email: read contribute withdraw-own",
        "open account: read contribute withdraw-own",
        "open code: read",
        "open staff: read record-paper weigh",
        "closed guest: read contribute-late",
        "closed email: read contribute-late withdraw-own",
        "closed account: read contribute-late withdraw-own",
        "closed code: read",
        "closed staff: read contribute-late record-paper weigh reply",
    ]


def test_everything_in_a_vote_on_a_budget():
    assert table(PhaseKind.BUDGET_VOTE) == [
        "planned guest: read report",
        "planned email: read report",
        "planned account: read report",
        "planned code: read report",
        "planned staff: read report moderate",
        "open guest: read report",
        "open email: read report",
        "open account: read report",
        "open code: read report vote",
        "open staff: read report record-paper moderate",
        "closed guest: read report see-results",
        "closed email: read report see-results",
        "closed account: read report see-results",
        "closed code: read report see-results",
        "closed staff: read report see-results record-paper moderate publish-results",
    ]


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (
            PhaseKind.BUDGET_SUBMIT,
            {
                "read",
                "report",
                "comment",
                "withdraw-comment",
                "support",
                "contribute",
                "change-own",
                "withdraw-own",
            },
        ),
        (PhaseKind.BUDGET_CHECK, {"read", "report", "withdraw-own"}),
        (PhaseKind.BUDGET_RESULT, {"read", "report", "see-results"}),
        (PhaseKind.OPINION_MAP, {"read", "report", "contribute", "vote", "see-results"}),
        (PhaseKind.SURVEY, {"read", "contribute"}),
    ],
)
def test_what_an_account_may_do_while_a_phase_is_open(kind, wanted):
    actions = possible_actions(kind=kind, state=OPEN, who=Who.ACCOUNT, admitted=usually_admitted(kind))

    assert {action.value for action in actions} == wanted


def test_a_phase_can_admit_guests_where_its_kind_lets_it():
    everybody = frozenset(Who)
    ideas = possible_actions(kind=PhaseKind.IDEAS, state=OPEN, who=Who.GUEST, admitted=everybody)
    vote = possible_actions(kind=PhaseKind.BUDGET_VOTE, state=OPEN, who=Who.GUEST, admitted=everybody)

    assert (Action.CONTRIBUTE in ideas, Action.VOTE in vote) == (True, False)


def test_each_refusal_says_why():
    def why(action, state, who, kind=PhaseKind.IDEAS):
        return refusal(action, kind=kind, state=state, who=who, admitted=usually_admitted(kind))

    assert type(why(Action.VOTE, OPEN, Who.ACCOUNT)) is NotInThisPhase
    assert (
        str(why(Action.CONTRIBUTE, OPEN, Who.GUEST)) == "Please confirm an e-mail address or sign in first."
    )
    assert str(why(Action.MODERATE, OPEN, Who.ACCOUNT)) == "Only the city's staff do that."
    assert str(why(Action.CONTRIBUTE, CLOSED, Who.ACCOUNT)) == "This phase is closed."
    assert str(why(Action.REPLY, OPEN, Who.STAFF, PhaseKind.STATEMENTS)).startswith(
        "This phase is still open"
    )
    assert "code from your letter" in str(why(Action.VOTE, OPEN, Who.GUEST, PhaseKind.BUDGET_VOTE))
    assert why(Action.CONTRIBUTE, OPEN, Who.EMAIL) is None


def test_check_raises_what_refusal_returns():
    kind = PhaseKind.SURVEY
    with pytest.raises(PhaseNotOpen) as caught:
        check_action(Action.CONTRIBUTE, kind=kind, state=PLANNED, who=Who.GUEST, admitted={Who.GUEST})
    assert caught.value.state is PLANNED
    with pytest.raises(NotAdmitted):
        check_action(Action.CONTRIBUTE, kind=kind, state=OPEN, who=Who.GUEST, admitted={Who.ACCOUNT})
    check_action(Action.CONTRIBUTE, kind=kind, state=OPEN, who=Who.GUEST, admitted={Who.GUEST})


@given(
    st.sampled_from(PhaseKind),
    st.sampled_from(PhaseState),
    st.sampled_from(Who),
    st.sets(st.sampled_from(Who)),
    st.sampled_from(Who),
)
def test_admitting_more_never_takes_anything_away(kind, state, who, admitted, more):
    before = possible_actions(kind=kind, state=state, who=who, admitted=admitted)
    after = possible_actions(kind=kind, state=state, who=who, admitted=admitted | {more})

    assert before <= after
    assert Action.VOTE not in after or state is OPEN


def test_what_is_usual_is_possible_and_every_kind_has_rules():
    assert set(RULES) == set(PhaseKind)
    assert [kind for kind in PhaseKind if not usually_admitted(kind) <= admittable(kind)] == []
