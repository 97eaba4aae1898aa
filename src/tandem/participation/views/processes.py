"""Processes for everybody: what is open now, and one process with its phases."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tandem.core.publication import Publication
from tandem.core.text import pick
from tandem.kit.identifiers import see_other
from tandem.kit.open_to_all import open_to_all
from tandem.participation import access, labels
from tandem.participation.domain.phase import PhaseState
from tandem.participation.models import Process
from tandem.participation.views import frame

GROUPS = (PhaseState.OPEN, PhaseState.PLANNED, PhaseState.CLOSED)


@require_safe
def process_list(request: HttpRequest) -> HttpResponse:
    """Show where one can have a say now, what comes, and what is over."""
    now = timezone.now()
    public = Process.objects.filter(status=Publication.PUBLISHED, project__status=Publication.PUBLISHED)
    found = public.select_related("project").prefetch_related("phases")
    groups: dict[PhaseState, list[dict[str, object]]] = {state: [] for state in GROUPS}
    for each in found:
        phases = [frame.shown(phase, each.slug, now) for phase in each.phases.all()]
        state = next(
            (state for state in GROUPS if any(one.state is state for one in phases)), PhaseState.CLOSED
        )
        current = next((one for one in phases if one.state is state), None)
        groups[state].append({"process": each, "current": current})
    page = {
        "open": groups[PhaseState.OPEN],
        "planned": groups[PhaseState.PLANNED],
        "closed": groups[PhaseState.CLOSED],
        "may_plan": access.may_plan(request),
    }
    return render(request, "participation/processes.html", page)


@require_safe
def process(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a process: what it is for, its phases, what became of it."""
    found, now = access.visible_process(request, slug), timezone.now()
    phases = [frame.shown(each, slug, now) for each in found.phases.all()]
    language = get_language() or "en"
    page = {
        "process": found,
        "project": found.project,
        "process_title": pick(found.titles, language, default=slug),
        "project_title": pick(found.project.titles, language, default=found.project.slug),
        "phases": phases,
        "status_label": labels.PUBLICATION[found.status],
        "current": next((each for each in phases if each.state is PhaseState.OPEN), None),
        "is_example": found.project.is_example,
        "may_plan": access.may_plan(request),
    }
    return render(request, "participation/process.html", page)


@open_to_all
@require_safe
def identifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from the name of a process to its page."""
    return see_other("participation:process", access.process_named(request, pk).slug)
