"""Projects for everybody: all of them on a timeline and a map, and one with everything about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tandem.core.text import pick
from tandem.participation import access
from tandem.participation.domain.publication import Publication
from tandem.participation.models import Project
from tandem.participation.views import frame


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Show all projects."""
    page = {"projects": Project.objects.filter(status=Publication.PUBLISHED)}
    return render(request, "participation/projects.html", page)


@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a project: what happens, when, and how to have a say."""
    found, now = access.visible_project(request, slug), timezone.now()
    processes = [
        (each, [frame.shown(phase, each.slug, now) for phase in each.phases.all()])
        for each in found.processes.filter(status=Publication.PUBLISHED).prefetch_related("phases")
    ]
    page = {
        "project": found,
        "project_title": pick(found.titles, get_language() or "en", default=slug),
        "processes": processes,
        "milestones": found.milestones.all(),
        "is_example": found.is_example,
    }
    return render(request, "participation/project.html", page)
