"""Who asks, and what of the junctions they may see and do."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from tandem.accounts.models import Person
from tandem.accounts.services.roles import has_role
from tandem.junctions.domain.approval import Action, Who, refusal
from tandem.junctions.domain.permissions import ALLOWED, ROOM, Duty
from tandem.junctions.models import FileVersion, Junction
from tandem.junctions.services.files import state_of, who_of
from tandem.kit.identifiers import check_public


def may(request: HttpRequest, duty: Duty) -> bool:
    """Return whether the person who asks has a role for this."""
    return request.user.is_authenticated and has_role(request.user, ROOM, *ALLOWED[duty])


may_see_drafts = partial(may, duty=Duty.SEE_DRAFTS)
may_engineer = partial(may, duty=Duty.ENGINEER)


def visible_junction(request: HttpRequest, slug: str) -> Junction:
    """Return the junction with that slug, as far as the asker may see it.

    Raises:
        Http404: There is none, or it never was public and the asker no member of staff.
        Withdrawn: It was public once.
    """
    return _visible(request, slug=slug)


def junction_named(request: HttpRequest, pk: UUID) -> Junction:
    """Return the junction with that id, as far as the asker may see it.

    Raises:
        Http404, Withdrawn: As ``visible_junction``.
    """
    return _visible(request, pk=pk)


def _visible(request: HttpRequest, **where: Any) -> Junction:
    found = Junction.objects.filter(**where).first()
    if found is None:
        raise Http404
    if not may_see_drafts(request):
        check_public(found.status)
    return found


def who(request: HttpRequest, version: FileVersion) -> Who:
    """Return as whom somebody asks for a version of a file."""
    if may_engineer(request) and isinstance(request.user, Person):
        return who_of(version, request.user)
    return Who.READER if may_see_drafts(request) else Who.PUBLIC


def possible(request: HttpRequest, version: FileVersion) -> list[Action]:
    """Return what the asker may do with a version now."""
    asker, findings = who(request, version), version.found
    return [each for each in Action if refusal(each, state_of(version), who=asker, findings=findings) is None]
