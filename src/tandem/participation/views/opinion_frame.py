"""What the pages of an opinion map share."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tandem.core.errors import NotFound
from tandem.core.text import say
from tandem.participation import access
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Phase
from tandem.participation.views import frame


class NoOpinionMap(NotFound):
    """The phase is of another kind."""

    code = "participation.opinion.none"

    def __init__(self) -> None:
        super().__init__(say("There is no opinion map here."))


def opinion_map(request: HttpRequest, slug: str, number: int) -> Phase:
    """Return the opinion map of an address.

    Raises:
        Http404: There is none that the asker may see.
        NoOpinionMap: The phase is of another kind.
    """
    phase = access.visible_phase(request, slug, number)
    if phase.phase_kind is not PhaseKind.OPINION_MAP:
        raise NoOpinionMap
    return phase


def home(phase: Phase) -> str:
    """Return the address of an opinion map."""
    return reverse("participation:phase", args=[phase.process.slug, phase.number])


def map_page(request: HttpRequest, phase: Phase) -> dict[str, Any]:
    """Return what every page of an opinion map shows."""
    return {
        **frame.phase_page(request, phase),
        "may_plan": access.may_plan(request),
        "may_export": access.may_export(request),
        "next": request.get_full_path() if request.method == "GET" else home(phase),
    }
