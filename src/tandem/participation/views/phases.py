"""The page of a phase: each kind of phase has its own."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from tandem.participation import access
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Phase

Page = Callable[[HttpRequest, Phase], HttpResponse]
_VIEWS = "tandem.participation.views"
PAGES: Mapping[PhaseKind, str] = {
    PhaseKind.IDEAS: f"{_VIEWS}.ideas.show",
    PhaseKind.STATEMENTS: f"{_VIEWS}.statements.show",
    PhaseKind.BUDGET_SUBMIT: f"{_VIEWS}.ideas.show",
    PhaseKind.BUDGET_CHECK: f"{_VIEWS}.budget_check.show",
    PhaseKind.BUDGET_VOTE: f"{_VIEWS}.budget_vote.show",
    PhaseKind.BUDGET_RESULT: f"{_VIEWS}.budget_result.show",
    PhaseKind.OPINION_MAP: f"{_VIEWS}.opinions.show",
    PhaseKind.SURVEY: f"{_VIEWS}.surveys.show",
}


@require_safe
def phase(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a phase by the page of its kind."""
    found = access.visible_phase(request, slug, number)
    show: Page = import_string(PAGES[found.phase_kind])
    return show(request, found)
