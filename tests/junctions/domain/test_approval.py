"""Who may do what with a version of a junction file, in which state: the whole table."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.errors import TandemError
from tandem.core.findings import Finding, Severity
from tandem.junctions.domain.approval import (
    Action,
    FileState,
    HasErrors,
    NotYours,
    ReasonMissing,
    Who,
    WrongState,
    next_state,
    refusal,
)

ALLOWED = {
    (Who.ENGINEER, FileState.UPLOADED, Action.PROPOSE): FileState.PROPOSED,
    (Who.PROPOSER, FileState.UPLOADED, Action.PROPOSE): FileState.PROPOSED,
    (Who.PROPOSER, FileState.PROPOSED, Action.TAKE_BACK): FileState.UPLOADED,
    (Who.ENGINEER, FileState.PROPOSED, Action.APPROVE): FileState.APPROVED,
    (Who.ENGINEER, FileState.PROPOSED, Action.SEND_BACK): FileState.SENT_BACK,
    (Who.ENGINEER, FileState.APPROVED, Action.WITHDRAW): FileState.WITHDRAWN,
    (Who.PROPOSER, FileState.APPROVED, Action.WITHDRAW): FileState.WITHDRAWN,
}
ERROR = Finding(Severity.ERROR, "signals.check.no-plan", "", "")
WARNING = Finding(Severity.WARNING, "signals.check.unused-exit", "", "")


@pytest.mark.parametrize(("who", "state", "action"), [*product(Who, FileState, Action)])
def test_every_cell_of_the_table(who: Who, state: FileState, action: Action):
    def attempt() -> FileState | None:
        try:
            return next_state(action, state, who=who, findings=[], reason="because")
        except TandemError:
            return None

    assert attempt() == ALLOWED.get((who, state, action))


def test_nobody_approves_what_they_proposed_and_hears_why():
    with pytest.raises(NotYours, match="Another engineer has to approve it"):
        next_state(Action.APPROVE, FileState.PROPOSED, who=Who.PROPOSER, findings=[], reason="")


@given(
    st.lists(st.sampled_from([ERROR, WARNING]), max_size=4), st.sampled_from([Action.PROPOSE, Action.APPROVE])
)
def test_a_file_with_an_error_is_never_proposed_or_approved(findings: list[Finding], action: Action):
    state = FileState.UPLOADED if action is Action.PROPOSE else FileState.PROPOSED
    error = refusal(action, state, who=Who.ENGINEER, findings=findings, reason="because")

    assert isinstance(error, HasErrors) == (ERROR in findings)


@pytest.mark.parametrize(
    ("action", "state", "findings"),
    [
        (Action.PROPOSE, FileState.UPLOADED, [WARNING]),
        (Action.SEND_BACK, FileState.PROPOSED, []),
        (Action.WITHDRAW, FileState.APPROVED, []),
    ],
)
def test_what_needs_a_reason(action: Action, state: FileState, findings: list[Finding]):
    with pytest.raises(ReasonMissing):
        next_state(action, state, who=Who.ENGINEER, findings=findings, reason="  ")
    assert refusal(action, state, who=Who.ENGINEER, findings=findings, reason="because") is None


def test_a_button_is_drawn_before_a_reason_is_written():
    assert refusal(Action.WITHDRAW, FileState.APPROVED, who=Who.ENGINEER) is None


def test_a_state_that_changed_meanwhile_is_said():
    with pytest.raises(WrongState, match="Reload its page"):
        next_state(Action.APPROVE, FileState.APPROVED, who=Who.ENGINEER, findings=[], reason="")
