"""What parts, roles and actions of adoptions are called on pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tandem.accounts.labels import ROLE_LABELS, ROOM_LABELS
from tandem.exchange.domain.adoption import Action, PartState, State
from tandem.exchange.domain.comparison import Verdict

Labels = Mapping[str, Any]

STATE_TONES: Mapping[str, str] = {
    State.DRAFTS: "info",
    State.LIVE: "success",
    State.DIVERGED: "warning",
    State.RETIRED: "neutral",
    State.UNDONE: "neutral",
}
PART_STATES: Labels = {
    PartState.MADE: _("to be signed off"),
    PartState.SIGNED_OFF: _("signed off"),
    PartState.LIVE: _("in use"),
    PartState.GONE: _("taken away"),
}
PART_TONES: Mapping[str, str] = {
    PartState.MADE: "info",
    PartState.SIGNED_OFF: "success",
    PartState.LIVE: "success",
    PartState.GONE: "neutral",
}
STEPS: Labels = {
    Action.GO_LIVE: _("Put it to use"),
    Action.DIVERGE: _("Go our own way"),
    Action.RETIRE: _("Retire it"),
    Action.UNDO: _("Undo the adoption"),
}
VERDICTS: Labels = {
    Verdict.TOO_FEW: _("Too few values to say anything."),
    Verdict.NO_CLEAR_CHANGE: _("No clear change: the values scatter as much as they differ."),
    Verdict.BETTER: _("Clearly better than before."),
    Verdict.WORSE: _("Clearly worse than before."),
    Verdict.CHANGED: _("Clearly changed."),
}
ACTIONS = {
    "exchange.bundle.take-in": _("Took a partner's bundle in"),
    "exchange.bundle.wait": _("Brought a bundle whose key nobody has compared"),
    "exchange.bundle.discard": _("Threw away a bundle that waited"),
    "exchange.adoption.adopt": _("Adopted a measure"),
    "exchange.adoption.simulate": _("Attached a simulation to an adopted part"),
    "exchange.adoption.sign-off": _("Signed an adopted part off"),
    "exchange.adoption.go-live": _("Put an adopted measure to use"),
    "exchange.adoption.update": _("Took a newer version of a measure over"),
    "exchange.adoption.diverge": _("Let an adopted measure go its own way"),
    "exchange.adoption.retire": _("Retired an adopted measure"),
    "exchange.adoption.undo": _("Undid the adoption of a measure"),
    "exchange.adoption.tell": _("Told the newest values of an adopted measure"),
    "exchange.adoption.compare": _("Noted since when the partner has an adopted measure"),
}


def role(signs: str) -> str:
    """Return what a role is called that signs parts off: ``catalogue:publisher``."""
    room, _colon, name = signs.partition(":")
    return f"{ROLE_LABELS.get(name, name)} ({ROOM_LABELS.get(room, room)})"
