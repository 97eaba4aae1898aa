"""Who may do what with other people's accounts."""

from collections.abc import Mapping
from enum import StrEnum

from tandem.accounts.domain.roles import SITE, Role


class Action(StrEnum):
    """What a member of staff does here."""

    SEE_PEOPLE = "see-people"
    CHANGE_ROLES = "change-roles"
    INVITE = "invite"
    SHUT_ACCOUNTS = "shut-accounts"
    ERASE = "erase"
    SEE_AUDIT = "see-audit"


ROOM = SITE
ALLOWED: Mapping[Action, tuple[str, ...]] = dict.fromkeys(Action, (Role.ADMINISTRATOR,))
