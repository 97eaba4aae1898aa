"""What becomes of a contribution, as the city says it."""

from enum import StrEnum


class ContributionStatus(StrEnum):
    """How far the city is with a contribution. Each but the first is given with an answer."""

    RECEIVED = "received"
    IN_REVIEW = "in-review"
    TAKEN_UP = "taken-up"
    DONE = "done"
    NOT_TAKEN_UP = "not-taken-up"
