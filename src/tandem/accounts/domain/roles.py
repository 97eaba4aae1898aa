"""Roles: what a person may be, and in which room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tandem.core.errors import InvalidInput


class Role(StrEnum):
    """A role. What it may do is said in the ``domain/permissions.py`` of the room it is held in."""

    READER = "reader"  # sees what is not public yet
    EDITOR = "editor"  # prepares, and does not publish
    PUBLISHER = "publisher"
    MODERATOR = "moderator"
    PLANNER = "planner"
    TRAFFIC_ENGINEER = "traffic-engineer"
    EXCHANGE_OFFICER = "exchange-officer"
    ADMINISTRATOR = "administrator"  # may everything, in every room


SITE = "site"
ROOMS: Mapping[str, tuple[Role, ...]] = {
    "catalogue": (Role.READER, Role.EDITOR, Role.PUBLISHER),
    "participation": (Role.READER, Role.MODERATOR, Role.PLANNER),
    "junctions": (Role.READER, Role.TRAFFIC_ENGINEER),
    "exchange": (Role.READER, Role.EXCHANGE_OFFICER),
    SITE: (Role.ADMINISTRATOR,),
}


class UnknownRole(InvalidInput):
    """There is no such role in that room, or no such room."""

    code = "accounts.unknown-role"

    def __init__(self, text: str) -> None:
        known = ", ".join(str(role) for role in ALL_ROLES)
        super().__init__(f"{text!r} is no role. Write room:role, one of: {known}.")


@dataclass(frozen=True, slots=True, order=True)
class RoomRole:
    """A role in a room, written ``catalogue:publisher``.

    Raises:
        UnknownRole: The room has no such role.
    """

    room: str
    role: Role

    def __post_init__(self) -> None:
        if self.role not in ROOMS.get(self.room, ()):
            raise UnknownRole(f"{self.room}:{self.role}")

    def __str__(self) -> str:
        return f"{self.room}:{self.role}"

    @classmethod
    def parse(cls, text: str) -> "RoomRole":
        """Return the role that a text names.

        Raises:
            UnknownRole: The text is of another form, or there is no such role.

        >>> RoomRole.parse("junctions:traffic-engineer").role
        <Role.TRAFFIC_ENGINEER: 'traffic-engineer'>
        """
        room, _colon, role = text.partition(":")
        if role not in ROOMS.get(room, ()):
            raise UnknownRole(text)
        return cls(room, Role(role))


ADMINISTRATOR = RoomRole(SITE, Role.ADMINISTRATOR)
ALL_ROLES = tuple(RoomRole(room, role) for room, roles in ROOMS.items() for role in roles)


def allows(held: Iterable[RoomRole], room: str, roles: Iterable[str] = ()) -> bool:
    """Return whether somebody who holds ``held`` may act in ``room`` as one of ``roles``.

    An administrator may act as anything, anywhere.

    Args:
        held: The roles that the person has.
        room: ``catalogue``, ``participation`` …
        roles: Roles that suffice; empty for any role in the room.

    >>> allows([RoomRole.parse("catalogue:editor")], "catalogue", ["editor", "publisher"])
    True
    >>> allows([RoomRole.parse("catalogue:editor")], "catalogue", ["publisher"])
    False
    """
    wanted = set(roles)
    return any(
        each == ADMINISTRATOR or (each.room == room and (not wanted or each.role in wanted)) for each in held
    )
