"""What moderation can do, for which reasons, and how long one can appeal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from tandem.core.errors import Conflict
from tandem.core.text import say

APPEAL_WITHIN = timedelta(days=183)
"""Six months: Regulation (EU) 2022/2065, Article 20(1)."""


class Measure(StrEnum):
    """What is done with something that somebody wrote."""

    KEEP = "keep"
    HIDE = "hide"
    BLOCK = "block"  # hide it, and shut its author out
    RESTORE = "restore"
    ADMIT = "admit"
    REFUSE = "refuse"


AGAINST = frozenset({Measure.HIDE, Measure.BLOCK, Measure.REFUSE})
"""Measures that the author is told of with reasons, and may appeal against."""


class Ground(StrEnum):
    """Why; each is a rule that the city has published."""

    PERSONAL_DATA = "personal-data"
    INSULT = "insult"
    ADVERTISING = "advertising"
    OFF_TOPIC = "off-topic"
    REPEATED = "repeated"
    UNLAWFUL = "unlawful"
    OTHER = "other"


POSSIBLE: Mapping[str, frozenset[Measure]] = {
    "contribution": frozenset({Measure.KEEP, Measure.HIDE, Measure.BLOCK, Measure.RESTORE}),
    "comment": frozenset({Measure.KEEP, Measure.HIDE, Measure.BLOCK, Measure.RESTORE}),
    "poll-statement": frozenset({Measure.ADMIT, Measure.REFUSE, Measure.BLOCK}),
}


class NotPossible(Conflict):
    """A measure does not fit what it is about."""

    code = "participation.moderation.not-possible"


class NoAppeal(Conflict):
    """Nobody can appeal here, or not any more."""

    code = "participation.moderation.no-appeal"


def require_possible(subject_kind: str, measure: Measure) -> None:
    """Do nothing where a measure fits.

    Raises:
        NotPossible: It does not.
    """
    if measure not in POSSIBLE[subject_kind]:
        raise NotPossible(say("That cannot be done with this. Load the page again."))


def require_appealable(measure: Measure, *, decided_at: datetime, appealed: bool, now: datetime) -> None:
    """Do nothing where an author may appeal against a decision.

    Raises:
        NoAppeal: Nothing was taken from them, they have appealed already, or it is more than six months ago.
    """
    if measure not in AGAINST:
        raise NoAppeal(say("Nothing was taken from you by this decision."))
    if appealed:
        raise NoAppeal(say("You have appealed against this decision already."))
    if now > decided_at + APPEAL_WITHIN:
        raise NoAppeal(
            say("The decision is more than six months old; it cannot be appealed against here any more.")
        )
