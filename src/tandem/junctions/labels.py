"""What the room's states and kinds are called in front of people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tandem.core.publication import Publication
from tandem.junctions.domain.approval import Action, FileState
from tandem.junctions.domain.difference import ChangeKind
from tandem.signals.domain.junction import GroupKind, Turn

Labels = Mapping[str, str | Promise]
PUBLICATION: Labels = {
    Publication.DRAFT: _("draft"),
    Publication.PUBLISHED: _("published"),
    Publication.WITHDRAWN: _("withdrawn"),
}
FILE_STATE: Labels = {
    FileState.UPLOADED: _("uploaded"),
    FileState.PROPOSED: _("waiting for approval"),
    FileState.APPROVED: pgettext_lazy("junction file", "approved"),
    FileState.SENT_BACK: _("sent back"),
    FileState.WITHDRAWN: _("approval withdrawn"),
    FileState.REPLACED: _("replaced by a later version"),
}
FILE_TONE: Mapping[str, str] = {
    FileState.UPLOADED: "neutral",
    FileState.PROPOSED: "info",
    FileState.APPROVED: "success",
    FileState.SENT_BACK: "warning",
    FileState.WITHDRAWN: "warning",
    FileState.REPLACED: "neutral",
}
STEP: Labels = {
    "upload": _("uploaded"),
    Action.PROPOSE: _("proposed for approval"),
    Action.TAKE_BACK: _("proposal taken back"),
    Action.APPROVE: pgettext_lazy("junction file", "approved"),
    Action.SEND_BACK: _("sent back"),
    Action.WITHDRAW: _("approval withdrawn"),
    "replace": _("replaced by a later version"),
}
CHANGE: Labels = {
    ChangeKind.ADDED: pgettext_lazy("part of a junction", "new"),
    ChangeKind.REMOVED: pgettext_lazy("part of a junction", "gone"),
    ChangeKind.CHANGED: pgettext_lazy("part of a junction", "changed"),
}
CHANGE_TONE: Mapping[str, str] = {
    ChangeKind.ADDED: "success",
    ChangeKind.REMOVED: "warning",
    ChangeKind.CHANGED: "info",
}
GROUP_KIND: Labels = {
    GroupKind.VEHICLE: _("vehicles"),
    GroupKind.CYCLE: _("cyclists"),
    GroupKind.PEDESTRIAN: _("pedestrians"),
    GroupKind.BUS: _("buses"),
    GroupKind.TRAM: _("trams"),
}
ROAD_USER: Labels = {
    "car": _("cars"),
    "bicycle": _("cyclists"),
    "pedestrian": _("pedestrians"),
    "bus": _("buses"),
    "tram": _("trams"),
}
TURN: Labels = {
    Turn.LEFT: pgettext_lazy("turn", "left"),
    Turn.STRAIGHT: pgettext_lazy("turn", "straight on"),
    Turn.RIGHT: pgettext_lazy("turn", "right"),
    Turn.U_TURN: pgettext_lazy("turn", "U-turn"),
    Turn.CROSSING: pgettext_lazy("turn", "on foot across"),
}
SHOWS: Labels = {
    "red": pgettext_lazy("signal", "red"),
    "red-yellow": pgettext_lazy("signal", "red and yellow"),
    "green": pgettext_lazy("signal", "green"),
    "yellow": pgettext_lazy("signal", "yellow"),
}
SOURCE: Labels = {
    "controller": _("The controller decides."),
    "plan": _("The fixed plan is shown."),
    "recall": _("The gate decides, because somebody's red was about to become too long."),
}
CONTROLLER: Labels = {
    "plan": _("fixed plan"),
    "webster": _("fixed plan after Webster"),
    "actuated": _("actuated control"),
    "planner": _("Tandem's planner"),
    "max-pressure": _("max pressure"),
    "longest-queue": _("longest queue first"),
    "wave": _("short waves"),
    "sumo-static": _("plans as shipped with the network"),
    "sumo-actuated": _("SUMO's actuated control"),
    "sumo-delay-based": _("SUMO's delay-based control"),
}
