"""What rounds of matching, their results and their steps are called on pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.exchange.domain.matching.changes import ChangeKind
from tandem.exchange.domain.matching.consent import State
from tandem.exchange.models import ResultPair, RoundResult

Labels = Mapping[str, str | Promise]
RESULT: Labels = {
    RoundResult.MATCH: _("Matching"),
    RoundResult.WHAT_IF: _("What if"),
    RoundResult.REMATCH: _("Matching after a city left"),
}
PAIR: Labels = {
    ResultPair.PROPOSED: _("chosen"),
    ResultPair.FIXED: _("fixed by people"),
    ResultPair.STANDING: _("together already"),
    ResultPair.BLOCKING: _("would rather have each other"),
}
PAIR_TONES: Mapping[str, str] = {
    ResultPair.PROPOSED: "info",
    ResultPair.FIXED: "warning",
    ResultPair.STANDING: "success",
    ResultPair.BLOCKING: "warning",
}
STATE_TONES: Mapping[str, str] = {
    State.PROPOSED: "neutral",
    State.AGREED_BY_SOME: "info",
    State.AGREED: "success",
    State.DECLINED: "error",
    State.REPLACED: "neutral",
    State.WITHDRAWN: "neutral",
}
CHANGE_TONES: Mapping[str, str] = {
    ChangeKind.ENDED: "error",
    ChangeKind.SMALLER: "warning",
    ChangeKind.KEPT: "success",
    ChangeKind.LET_GO: "warning",
    ChangeKind.NEW: "info",
    ChangeKind.ALONE: "error",
}
CHANGE: Labels = {
    ChangeKind.ENDED: _("ended"),
    ChangeKind.SMALLER: _("smaller"),
    ChangeKind.KEPT: _("as before"),
    ChangeKind.LET_GO: _("let go"),
    ChangeKind.NEW: _("new"),
    ChangeKind.ALONE: _("alone"),
}
KIND: Labels = {"1": _("city"), "2": _("town or suburb"), "3": _("rural area")}
STEPS: Labels = {
    "begin": _("Round begun"),
    "describe": _("Title, text or topics changed"),
    "city": _("City added or changed"),
    "city-remove": _("City removed"),
    "import": _("Cities taken from a file"),
    "rules": _("Rules changed"),
    "fix": _("Pair fixed"),
    "unfix": _("Pair no longer fixed"),
    "tandem": _("Tandem named that stands"),
    "tandem-drop": _("Tandem stands no longer"),
    "no-go": _("No-go written down"),
    "no-go-end": _("No-go taken back"),
    RoundResult.MATCH: _("Matching asked for"),
    RoundResult.WHAT_IF: _("What-if asked for"),
    RoundResult.REMATCH: _("Matching asked for after a city left"),
    "discard": _("Result discarded"),
    "take": _("Pairs of a result proposed to the cities"),
    "join": _("Proposed that a city joins others"),
    "agree": _("A city agreed"),
    "decline": _("A city declined"),
    "leave": _("A city left"),
    "make-tandem": _("Tandem made of a pair"),
    "finish": _("Round finished"),
    "reopen": _("Round opened again"),
    "publish": _("Round made public"),
    "withdraw": _("Round taken from the public pages"),
}
ACTIONS: Labels = {f"exchange.matching.{what}": label for what, label in STEPS.items()}
