"""Who asks, and whether they may."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest

from tandem.accounts.services.roles import has_role
from tandem.exchange.domain.lifecycle import UNSEEN, Status
from tandem.exchange.domain.permissions import ALLOWED, ROOM, Duty
from tandem.exchange.models import Measure
from tandem.exchange.services import rounds
from tandem.kit import installation
from tandem.kit.parts import handlers


def may(request: HttpRequest, duty: Duty) -> bool:
    """Return whether the person who asks has a role for this."""
    person = request.user
    return person.is_authenticated and has_role(person, ROOM, *ALLOWED[duty])


may_see_drafts = partial(may, duty=Duty.SEE_DRAFTS)
may_describe = partial(may, duty=Duty.DESCRIBE)
may_publish = partial(may, duty=Duty.PUBLISH)
may_adopt = partial(may, duty=Duty.ADOPT)
may_meet = partial(may, duty=Duty.MEET)
may_trust = partial(may, duty=Duty.TRUST)


def may_sign(request: HttpRequest, signs: str) -> bool:
    """Return whether the person who asks has the role that signs a part off, written ``room:role``."""
    person, (room, _colon, role) = request.user, signs.partition(":")
    return person.is_authenticated and has_role(person, room, role)


def may_see_adoptions(request: HttpRequest) -> bool:
    """Return whether the person who asks is staff of the exchange, or signs parts off in any room."""
    return may_see_drafts(request) or any(may_sign(request, each.signs) for each in handlers().values())


def may_see_matching(request: HttpRequest) -> bool:
    """Return whether the person has anything to see of matching: staff, and everybody once a round is public."""
    return may_see_drafts(request) or rounds.is_anything_public()


def is_ours(measure: Measure) -> bool:
    """Return whether this city describes a measure."""
    return measure.city == installation.city().id


def is_announced(measure: Measure) -> bool:
    """Return whether everybody may know that a measure is being prepared."""
    return bool(measure.announcement) and Status(measure.status) in UNSEEN


def check_visible(request: HttpRequest, measure: Any) -> Any:
    """Return a measure, as far as the person may see it, if only that it is being prepared or was withdrawn.

    Raises:
        Http404: There is none, or nobody outside may see it and the person no member of staff.
    """
    if measure is None:
        raise Http404
    if Status(measure.status) in UNSEEN and not is_announced(measure) and not may_see_drafts(request):
        raise Http404
    return measure


def own_or_404(slug: str) -> Measure:
    """Return a measure of ours.

    Raises:
        Http404: There is none of that slug, or it is a partner's.
    """
    found = Measure.objects.filter(slug=slug, city=installation.city().id).first()
    if found is None:
        raise Http404
    return found
