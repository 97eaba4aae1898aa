from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.accounts.domain.invitation import InvitationState, invitation_state, may_be_sent_again

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("expires_at", "accepted_at", "withdrawn_at", "expected"),
    [
        (NOW + SECOND, None, None, "open"),
        (NOW, None, None, "expired"),
        (NOW - SECOND, None, None, "expired"),
        (NOW + SECOND, NOW - SECOND, None, "accepted"),
        (NOW - SECOND, NOW - 2 * SECOND, None, "accepted"),
        (NOW + SECOND, None, NOW - SECOND, "withdrawn"),
        (NOW - SECOND, None, NOW - SECOND, "withdrawn"),
    ],
)
def test_state(expires_at, accepted_at, withdrawn_at, expected):
    state = invitation_state(
        expires_at=expires_at, accepted_at=accepted_at, withdrawn_at=withdrawn_at, now=NOW
    )

    assert state == expected


@pytest.mark.parametrize(
    ("state", "expected"), [("open", True), ("expired", True), ("accepted", False), ("withdrawn", False)]
)
def test_what_may_be_sent_again(state, expected):
    assert may_be_sent_again(InvitationState(state)) is expected


@given(
    expires=st.integers(-1000, 1000),
    accepted=st.none() | st.integers(-1000, 0),
    withdrawn=st.none() | st.integers(-1000, 0),
    later=st.integers(0, 1000),
)
def test_a_closed_invitation_never_opens_again(expires, accepted, withdrawn, later):
    def at(seconds):
        return None if seconds is None else NOW + timedelta(seconds=seconds)

    facts = {"expires_at": at(expires), "accepted_at": at(accepted), "withdrawn_at": at(withdrawn)}
    if invitation_state(**facts, now=NOW) is not InvitationState.OPEN:
        assert invitation_state(**facts, now=at(later)) is not InvitationState.OPEN
