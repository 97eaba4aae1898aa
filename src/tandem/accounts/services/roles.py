"""Roles: who has which, granting and revoking."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef

from tandem.accounts.domain.roles import ADMINISTRATOR, RoomRole, allows
from tandem.accounts.models import Person, RoleGrant
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.text import say

_KEPT = "_tandem_standing"


class LastAdministrator(Conflict):
    """Without this person nobody could administer the portal."""

    code = "accounts.last-administrator"

    def __init__(self) -> None:
        super().__init__(
            say(
                "This is the portal's last administrator. Make somebody else an administrator first: "
                "tandem person grant EMAIL site:administrator"
            )
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is here.

    Attributes:
        roles: The roles that the person has.
        has_second_factor: Whether a second factor is set up; known for staff only.
    """

    roles: frozenset[RoomRole] = frozenset()
    has_second_factor: bool = False

    @property
    def is_staff(self) -> bool:
        """True for somebody with any role."""
        return bool(self.roles)

    @property
    def is_administrator(self) -> bool:
        """True for somebody who may everything."""
        return ADMINISTRATOR in self.roles


def standing(person: Any) -> Standing:
    """Return what a person is here, by at most one query per loaded person.

    Args:
        person: A person, or Django's anonymous user.
    """
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return Standing()
    known: Standing | None = getattr(person, _KEPT, None)
    if known is None:
        known = _load(person)
        setattr(person, _KEPT, known)
    return known


def _load(person: Person) -> Standing:
    totp = Authenticator.objects.filter(user=OuterRef("person"), type=Authenticator.Type.TOTP)
    rows = list(
        RoleGrant.objects.filter(person=person.pk)
        .annotate(armed=Exists(totp))
        .values_list("room", "role", "armed")
    )
    roles = frozenset(RoomRole.parse(f"{room}:{role}") for room, role, _armed in rows)
    return Standing(roles, has_second_factor=any(armed for _room, _role, armed in rows))


def forget(person: Person) -> None:
    """Make the next question ask the database again."""
    if hasattr(person, _KEPT):
        delattr(person, _KEPT)


def roles_of(person: Any) -> frozenset[RoomRole]:
    """Return the roles that a person has."""
    return standing(person).roles


def has_role(person: Any, room: str, *roles: str) -> bool:
    """Return whether a person may act in ``room`` as one of ``roles``, or at all where none is named.

    Administrators may act as anything. False for anonymous and for deactivated people.
    """
    return allows(roles_of(person), room, roles)


def is_staff(person: Any) -> bool:
    """Return whether a person has any role."""
    return standing(person).is_staff


@transaction.atomic
def grant(person: Person, *roles: RoomRole, actor: Person | None) -> list[RoomRole]:
    """Give a person roles; those that they have already change nothing.

    Args:
        person: Who is given them.
        *roles: What is given.
        actor: Who grants; None for the command line.

    Returns:
        The roles that are new.
    """
    new = [role for role in dict.fromkeys(roles) if _granted(person, role)]
    forget(person)
    for role in new:
        audit.record(actor, "accounts.role.grant", person.uri, {"role": str(role)})
    return new


def _granted(person: Person, role: RoomRole) -> bool:
    _row, is_new = RoleGrant.objects.get_or_create(person=person, room=role.room, role=role.role)
    return is_new


@transaction.atomic
def revoke(person: Person, *roles: RoomRole, actor: Person | None) -> list[RoomRole]:
    """Take roles from a person; those that they have not change nothing.

    Args:
        person: From whom they are taken.
        *roles: What is taken.
        actor: Who revokes; None for the command line.

    Returns:
        The roles that are gone.

    Raises:
        LastAdministrator: Nobody else could administer the portal.
    """
    if ADMINISTRATOR in roles:
        keep_an_administrator(without=person)
    gone = [
        role
        for role in dict.fromkeys(roles)
        if RoleGrant.objects.filter(person=person, room=role.room, role=role.role).delete()[0]
    ]
    forget(person)
    for role in gone:
        audit.record(actor, "accounts.role.revoke", person.uri, {"role": str(role)})
    return gone


@transaction.atomic
def set_roles(person: Person, wanted: Iterable[RoomRole], *, actor: Person | None) -> None:
    """Give a person exactly these roles.

    Raises:
        LastAdministrator: Nobody else could administer the portal.
    """
    wanted = set(wanted)
    held = {each.room_role for each in RoleGrant.objects.filter(person=person)}
    grant(person, *sorted(wanted - held), actor=actor)
    revoke(person, *sorted(held - wanted), actor=actor)


def keep_an_administrator(*, without: Person) -> None:
    """Make sure that somebody else administers the portal, where ``without`` does.

    The rows of the administrators are locked until the end of the transaction, so that two of them
    cannot remove each other at the same moment.

    Raises:
        LastAdministrator: Nobody else does.
    """
    holders = set(
        RoleGrant.objects.select_for_update(of=("self",))
        .filter(room=ADMINISTRATOR.room, role=ADMINISTRATOR.role, person__is_active=True)
        .values_list("person_id", flat=True)
    )
    if holders == {without.pk}:
        raise LastAdministrator
