"""How long things about people are kept that nobody needs any more."""

from datetime import datetime, timedelta

UNVERIFIED_FOR = timedelta(days=7)
CLOSED_INVITATIONS_FOR = timedelta(days=90)
REVOKED_TOKENS_FOR = timedelta(days=90)


def unverified_since(now: datetime) -> datetime:
    """Return the moment before which a sign-up that was never verified is too old."""
    return now - UNVERIFIED_FOR
