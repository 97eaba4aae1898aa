"""Which of the city's staff may do what in participation. When it may be done is said in ``domain.phase``."""

from collections.abc import Mapping
from enum import StrEnum

from tandem.participation.domain.phase import Action


class Duty(StrEnum):
    """What a member of staff does here."""

    SEE_DRAFTS = "see-drafts"
    PLAN = "plan"  # projects, processes, their texts and dates, publishing
    MODERATE = "moderate"
    RECORD = "record"  # what came on paper, by telephone, at the counter
    ANSWER = "answer"
    DECIDE = "decide"  # check costs, weigh, publish results
    EXPORT = "export"


ROOM = "participation"
ALLOWED: Mapping[Duty, tuple[str, ...]] = {
    Duty.SEE_DRAFTS: ("reader", "moderator", "planner"),
    Duty.PLAN: ("planner",),
    Duty.MODERATE: ("moderator", "planner"),
    Duty.RECORD: ("moderator", "planner"),
    Duty.ANSWER: ("planner",),
    Duty.DECIDE: ("planner",),
    Duty.EXPORT: ("moderator", "planner"),
}
DUTIES: Mapping[Action, Duty] = {
    Action.RECORD_PAPER: Duty.RECORD,
    Action.MODERATE: Duty.MODERATE,
    Action.CHECK: Duty.DECIDE,
    Action.WEIGH: Duty.DECIDE,
    Action.REPLY: Duty.ANSWER,
    Action.SEE_INTERIM_RESULTS: Duty.SEE_DRAFTS,
    Action.PUBLISH_RESULTS: Duty.DECIDE,
    Action.CONTRIBUTE_LATE: Duty.RECORD,
}
"""The duty that somebody needs who does this as staff; every other action staff do as citizens do."""
