"""What the states, stages and decisions of tandems are called on pages, and what was done to them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.exchange.domain.logbook import Reached, Stage, Verdict
from tandem.exchange.domain.tandem import PlayedPart, State

Labels = Mapping[str, str | Promise]
STATE: Labels = {
    State.PROPOSED: _("proposed"),
    State.ACTIVE: _("active"),
    State.WAITING: _("waiting for another city"),
    State.ENDED: _("has ended"),
}
STATE_TONES: Mapping[str, str] = {
    State.PROPOSED: "neutral",
    State.ACTIVE: "success",
    State.WAITING: "warning",
    State.ENDED: "info",
}
PLAYED: Labels = {PlayedPart.LEAD: _("leads"), PlayedPart.FOLLOW: _("follows")}
STAGE: Labels = {
    Stage.NEED: _("Need"),
    Stage.IDEA: _("Idea"),
    Stage.LOOK: _("Looking at it"),
    Stage.ADAPT: _("Adapting"),
    Stage.TRY: _("Trying out"),
    Stage.USE: _("In use"),
    Stage.EFFECT: _("Effect"),
}
REACHED: Labels = {
    Reached.SKIPPED: _("Nothing is written about this stage, though a later one is."),
    Reached.NOT_YET: _("Nothing yet."),
}
VERDICT: Labels = {
    Verdict.TRY: _("try it"),
    Verdict.WATCH: _("watch it"),
    Verdict.DROP: _("drop it"),
}
VERDICT_TONES: Mapping[str, str] = {Verdict.TRY: "success", Verdict.WATCH: "info", Verdict.DROP: "warning"}
KEY: Labels = {
    "pinned": _("compared and pinned"),
    "seen": _("not compared yet"),
    "retired": _("replaced by another key"),
    "revoked": _("no longer valid"),
}
KEY_TONES: Mapping[str, str] = {"pinned": "success", "seen": "warning", "revoked": "error"}
ACTIONS: Labels = {
    "exchange.tandem.begin": _("Proposed a tandem"),
    "exchange.tandem.change": _("Changed a tandem"),
    "exchange.tandem.publish": _("Made a tandem public"),
    "exchange.tandem.withdraw": _("Withdrew a tandem"),
    "exchange.tandem.invite": _("Named a city in a tandem"),
    "exchange.tandem.consent": _("Recorded that a city agreed"),
    "exchange.tandem.leave": _("Recorded that a city left"),
    "exchange.tandem.contact": _("Changed a city's contact in a tandem"),
    "exchange.tandem.activate": _("Made a tandem active"),
    "exchange.tandem.end": _("Ended a tandem"),
    "exchange.topic.set": _("Set a topic of a tandem"),
    "exchange.topic.remove": _("Removed a topic of a tandem"),
    "exchange.agenda.set": _("Set a question of the learning agenda"),
    "exchange.agenda.remove": _("Removed a question of the learning agenda"),
    "exchange.log.set": _("Wrote in a logbook"),
    "exchange.log.remove": _("Removed an entry of a logbook"),
    "exchange.decision.set": _("Recorded a decision of a tandem"),
    "exchange.decision.remove": _("Removed a decision of a tandem"),
    "exchange.cost.set": _("Recorded a cost of a tandem"),
    "exchange.cost.remove": _("Removed a cost of a tandem"),
    "exchange.visit.set": _("Planned a visit"),
    "exchange.visit.programme": _("Changed the programme of a visit"),
    "exchange.visit.participants": _("Changed who comes to a visit"),
    "exchange.visit.report": _("Wrote the report of a visit"),
    "exchange.visit.remove": _("Removed a visit"),
}
