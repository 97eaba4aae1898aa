"""What roles, rooms and actions are called in front of people."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.accounts.domain.invitation import InvitationState
from tandem.accounts.domain.roles import RoomRole

Text = str | Promise
RolesByRoom = list[tuple[Text, list[Text]]]
ROOM_LABELS: Mapping[str, Text] = {
    "catalogue": _("Data"),
    "participation": _("Have a say"),
    "junctions": _("Junctions"),
    "exchange": _("Partners"),
    "site": _("The whole portal"),
}
ROLE_LABELS: Mapping[str, Text] = {
    "reader": _("Reader"),
    "editor": _("Editor"),
    "publisher": _("Publisher"),
    "moderator": _("Moderator"),
    "planner": _("Planner"),
    "traffic-engineer": _("Traffic engineer"),
    "exchange-officer": _("Exchange officer"),
    "administrator": _("Administrator"),
}
STATE_LABELS: Mapping[InvitationState, Text] = {
    InvitationState.OPEN: _("Open"),
    InvitationState.ACCEPTED: _("Accepted"),
    InvitationState.WITHDRAWN: _("Withdrawn"),
    InvitationState.EXPIRED: _("Expired"),
}
_actions: dict[str, Text] = {
    "accounts.invitation.accept": _("Accepted an invitation"),
    "accounts.invitation.create": _("Invited somebody"),
    "accounts.invitation.send-again": _("Sent an invitation again"),
    "accounts.invitation.withdraw": _("Withdrew an invitation"),
    "accounts.person.create": _("Made an account"),
    "accounts.person.deactivate": _("Shut an account"),
    "accounts.person.erase": _("Erased a person"),
    "accounts.person.export": _("Exported a person's data"),
    "accounts.person.reactivate": _("Opened an account again"),
    "accounts.role.grant": _("Gave a role"),
    "accounts.role.revoke": _("Took a role away"),
    "accounts.second-factor.reset": _("Reset a second factor"),
    "accounts.token.create": _("Made an API token"),
    "accounts.token.revoke": _("Revoked an API token"),
}


def register_action_labels(labels: Mapping[str, Text]) -> None:
    """Say what a room's actions are called in the audit trail, lazily translated."""
    _actions.update(labels)


def action_label(action: str) -> Text:
    """Return what an action is called; its own name where nobody said."""
    return _actions.get(action, action)


def room_label(room: str) -> Text:
    """Return what a room is called."""
    return ROOM_LABELS.get(room, room)


def action_room_label(room: str) -> Text:
    """Return what the room of an action is called; people's accounts are no place in the header."""
    return _("People") if room == "accounts" else room_label(room)


def role_label(role: str) -> Text:
    """Return what a role is called."""
    return ROLE_LABELS.get(role, role)


def roles_by_room(roles: Iterable[RoomRole]) -> RolesByRoom:
    """Return roles as people read them: each room with what one is there."""
    found: dict[str, list[Text]] = {}
    for each in sorted(roles):
        found.setdefault(each.room, []).append(role_label(each.role))
    return [(room_label(room), labels) for room, labels in found.items()]
