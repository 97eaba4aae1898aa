"""What the room's states and kinds are called in front of people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.core.publication import Publication
from tandem.participation.domain.following import ContributionStatus
from tandem.participation.domain.phase import PhaseKind, PhaseState, Who
from tandem.participation.domain.statement import State

Labels = Mapping[str, str | Promise]
PUBLICATION: Labels = {
    Publication.DRAFT: _("draft"),
    Publication.PUBLISHED: _("published"),
    Publication.WITHDRAWN: _("withdrawn"),
}
STATE: Labels = {
    PhaseState.PLANNED: _("planned"),
    PhaseState.OPEN: _("open"),
    PhaseState.CLOSED: _("closed"),
}
KIND: Labels = {
    PhaseKind.IDEAS: _("Collecting ideas"),
    PhaseKind.STATEMENTS: _("Statements on a plan"),
    PhaseKind.BUDGET_SUBMIT: _("Proposals for the budget"),
    PhaseKind.BUDGET_CHECK: _("The city checks the proposals"),
    PhaseKind.BUDGET_VOTE: _("Vote on the budget"),
    PhaseKind.BUDGET_RESULT: _("Result of the budget"),
    PhaseKind.OPINION_MAP: _("Opinion map"),
    PhaseKind.SURVEY: _("Survey"),
}
WHO: Labels = {
    Who.GUEST: _("everybody, without signing in"),
    Who.EMAIL: _("people with a confirmed e-mail address"),
    Who.ACCOUNT: _("people with an account"),
    Who.CODE: _("people with a code from a letter"),
}
STATUS: Labels = {
    ContributionStatus.RECEIVED: _("received"),
    ContributionStatus.IN_REVIEW: _("being looked into"),
    ContributionStatus.TAKEN_UP: _("taken up"),
    ContributionStatus.DONE: _("done"),
    ContributionStatus.NOT_TAKEN_UP: _("not taken up"),
}
STATUS_TONES: Mapping[str, str] = {
    ContributionStatus.RECEIVED: "neutral",
    ContributionStatus.IN_REVIEW: "info",
    ContributionStatus.TAKEN_UP: "success",
    ContributionStatus.DONE: "success",
    ContributionStatus.NOT_TAKEN_UP: "warning",
}
STATEMENT_STATE: Mapping[str, tuple[str, str | Promise]] = {
    State.RECEIVED: ("neutral", _("received")),
    State.SEGMENTED: ("info", _("being weighed")),
    State.WEIGHED: ("info", _("weighed")),
    State.DECIDED: ("success", _("decided")),
    State.REPLIED: ("success", _("answered")),
    State.WITHDRAWN: ("warning", _("withdrawn")),
}
"""How far a statement is: its tone, and what it is called."""
CHANNEL: Labels = {
    "web": _("on this page"),
    "paper": _("on paper"),
    "phone": _("by telephone"),
    "counter": _("at the counter"),
    "mail": _("by e-mail"),
}
