"""What accounts offers to the rest of the portal; ``site.wiring`` puts it in its place."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tandem.accounts.domain.permissions import ALLOWED, ROOM, Action
from tandem.accounts.services.roles import has_role
from tandem.kit.navigation import StaffTool


def staff_tools() -> list[StaffTool]:
    """Return the administrators' pages."""
    return [
        StaffTool(_("People"), "accounts:people", _may(Action.SEE_PEOPLE)),
        StaffTool(_("Invitations"), "accounts:invitations", _may(Action.INVITE)),
        StaffTool(_("Audit trail"), "accounts:audit", _may(Action.SEE_AUDIT)),
    ]


def _may(action: Action) -> Callable[[HttpRequest], bool]:
    def visible(request: HttpRequest) -> bool:
        return has_role(request.user, ROOM, *ALLOWED[action])

    return visible
