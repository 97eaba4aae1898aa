"""The planner's pages of projects: describe, milestones, files, news, what belongs to it, publish."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.publication import Publication
from tandem.core.references import Reference
from tandem.core.text import pick
from tandem.kit.spoken import spoken
from tandem.participation import labels
from tandem.participation.domain.site import middle
from tandem.participation.forms.projects import (
    FileForm,
    MilestoneForm,
    NewsForm,
    ProjectForm,
    ReferenceForm,
    initial_of,
)
from tandem.participation.models import Process, Project
from tandem.participation.services import project_parts, projects
from tandem.participation.views.guards import form_page, planners, readers


def _title(project: Project) -> str:
    return pick(project.titles, get_language() or "en", default=project.slug)


def _form_page(
    request: HttpRequest,
    project: Project | None,
    form: Any,
    heading: str,
    *,
    files: bool = False,
    **more: Any,
) -> HttpResponse:
    page = {
        "project": project,
        "project_title": _title(project) if project else "",
        "form": form,
        "heading": heading,
        "files": files,
        **more,
    }
    return render(request, "participation/project_form.html", page, status=400 if form.errors else 200)


@readers
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Show the projects and processes that are not public."""
    language = get_language() or "en"
    drafts: list[tuple[str, Project | Process]] = [
        *(("participation:project", each) for each in Project.objects.exclude(status=Publication.PUBLISHED)),
        *(("participation:process", each) for each in Process.objects.exclude(status=Publication.PUBLISHED)),
    ]
    drafts.sort(key=lambda each: each[1].changed_at, reverse=True)
    rows = [
        {
            "title": pick(row.titles, language, default=row.slug),
            "url": reverse(page, args=[row.slug]),
            "row": row,
            "status_label": labels.PUBLICATION[row.status],
        }
        for page, row in drafts
    ]
    return render(request, "participation/work.html", {"rows": rows})


@planners
@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Begin a project."""
    form = ProjectForm(request.POST or None)
    if form.is_valid():
        made = projects.begin(person=person_of(request), now=timezone.now(), **_placed(form.columns()))
        messages.success(request, gettext("The project is a draft. Add what belongs to it, then publish it."))
        return redirect("participation:project", made.slug)
    return _form_page(request, None, form, gettext("New project"))


@planners
@form_page
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what a project says."""
    project = get_object_or_404(Project, slug=slug)
    form = ProjectForm(request.POST or None, initial=initial_of(project))
    if form.is_valid():
        projects.change(project, person=person_of(request), now=timezone.now(), **_placed(form.columns()))
        messages.success(request, gettext("It is saved."))
        return redirect("participation:project", slug)
    return _form_page(request, project, form, gettext("Describe the project"))


def _placed(columns: dict[str, Any]) -> dict[str, Any]:
    """Return the columns with a point in the middle of the site, where none was typed."""
    if columns["site"] and columns["latitude"] is None:
        columns["latitude"], columns["longitude"] = middle(columns["site"])
    return columns


@planners
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish or withdraw a project, as the button says."""
    project = get_object_or_404(Project, slug=slug)
    act = projects.withdraw if request.POST.get("step") == "withdraw" else projects.publish
    try:
        act(project, person=person_of(request), now=timezone.now())
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        done = gettext("It is public now.") if act is projects.publish else gettext("It is no longer public.")
        messages.success(request, done)
    return redirect("participation:project", slug)


@planners
@form_page
def milestone(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Add or change a milestone."""
    project = get_object_or_404(Project, slug=slug)
    row = project_parts.milestone_of(project, pk) if pk else None
    if pk and row is None:
        raise Http404
    names = ("titles", "texts", "on", "precision", "is_reached")
    form = MilestoneForm(
        request.POST or None, initial={name: getattr(row, name) for name in names} if row else None
    )
    if row and request.POST.get("step") == "remove":
        project_parts.remove_milestone(row, person=person_of(request))
        return redirect("participation:project", slug)
    if form.is_valid():
        project_parts.set_milestone(project, row, person=person_of(request), **form.cleaned_data)
        messages.success(request, gettext("It is saved."))
        return redirect("participation:project", slug)
    return _form_page(request, project, form, gettext("Milestone"), may_remove=row is not None)


@planners
@form_page
def news(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish news."""
    project = get_object_or_404(Project, slug=slug)
    form = NewsForm(request.POST or None)
    if form.is_valid():
        project_parts.post_news(project, person=person_of(request), now=timezone.now(), **form.cleaned_data)
        messages.success(request, gettext("It is published. Those who follow the project hear of it."))
        return redirect("participation:project", slug)
    return _form_page(request, project, form, gettext("News"))


@planners
@form_page
def add_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a picture or a document."""
    project = get_object_or_404(Project, slug=slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            project_parts.add_file(
                project,
                content=given["file"].read(),
                filename=given["file"].name,
                person=person_of(request),
                **{name: given[name] for name in ("media_type", "titles", "alternatives", "credit")},
            )
        except TandemError as error:
            form.add_error("file", spoken(error.sentence))
        else:
            messages.success(request, gettext("The file is there."))
            return redirect("participation:project", slug)
    return _form_page(request, project, form, gettext("Picture or document"), files=True)


@planners
@require_POST
def remove_file(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Take a picture or a document away."""
    row = project_parts.file_of(get_object_or_404(Project, slug=slug), pk)
    if row is not None:
        project_parts.remove_file(row, person=person_of(request))
        messages.success(request, gettext("The file is gone."))
    return redirect("participation:project", slug)


@planners
@form_page
def references(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which data, junctions and measures belong to a project."""
    project, language = get_object_or_404(Project, slug=slug), get_language() or "en"
    form = ReferenceForm(request.GET if "q" in request.GET else None)
    found: list[Reference] = []
    if form.is_valid():
        found = project_parts.find_things(form.cleaned_data["q"], language=language)
    if request.method == "POST":
        _change_references(request, project, found)
        return redirect(request.get_full_path())
    page = {
        "project": project,
        "project_title": _title(project),
        "form": form,
        "found": [(each, each.title(language)) for each in found if each.uri != project.iri],
        "kept": [(each, each.title(language)) for each in project_parts.references_of(project)],
    }
    return render(request, "participation/project_references.html", page)


def _change_references(request: HttpRequest, project: Project, found: list[Reference]) -> None:
    """Add what the search found and the button names, or take something away."""
    if gone := request.POST.get("remove"):
        project_parts.remove_reference(project, gone)
    for each in found:
        if each.uri == request.POST.get("add"):
            project_parts.add_reference(project, each)
