"""Invitations: when they can be accepted, and for how long."""

from datetime import datetime, timedelta
from enum import StrEnum

VALID_FOR = timedelta(days=14)


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def invitation_state(
    *, expires_at: datetime, accepted_at: datetime | None, withdrawn_at: datetime | None, now: datetime
) -> InvitationState:
    """Return the state of an invitation at ``now``; what a person did comes before what the clock did.

    It is open before ``expires_at``, not at it.
    """
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.OPEN if now < expires_at else InvitationState.EXPIRED


def may_be_sent_again(state: InvitationState) -> bool:
    """Return whether a new link may be sent: an expired invitation comes alive again by it."""
    return state in {InvitationState.OPEN, InvitationState.EXPIRED}
