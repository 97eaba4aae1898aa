"""Who may do what in the catalogue."""

from collections.abc import Mapping
from enum import StrEnum


class Action(StrEnum):
    """What a member of staff does here."""

    SEE_DRAFTS = "see-drafts"
    EDIT = "edit"
    PUBLISH = "publish"
    HARVEST = "harvest"


ROOM = "catalogue"
ALLOWED: Mapping[Action, tuple[str, ...]] = {
    Action.SEE_DRAFTS: ("reader", "editor", "publisher"),
    Action.EDIT: ("editor", "publisher"),
    Action.PUBLISH: ("publisher",),
    Action.HARVEST: ("publisher",),
}
