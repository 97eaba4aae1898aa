"""The planner's pages of processes: pick a blueprint, set dates and texts, look, publish."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.kit.installation import city
from tandem.kit.spoken import spoken
from tandem.participation import labels
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.domain.phase_settings import IdeaSettings
from tandem.participation.forms.processes import (
    IDEA_KINDS,
    BlueprintForm,
    IdeaSettingsForm,
    PhaseForm,
    ProcessForm,
)
from tandem.participation.models import Phase, Process, Project
from tandem.participation.services import processes
from tandem.participation.views import frame
from tandem.participation.views.guards import form_page, planners

SETTINGS_PAGES = {
    PhaseKind.STATEMENTS: "participation:statement_settings",
    PhaseKind.BUDGET_VOTE: "participation:vote_settings",
    PhaseKind.OPINION_MAP: "participation:opinion_settings",
    PhaseKind.SURVEY: "participation:survey_edit",
}


@planners
@form_page
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Pick a blueprint for a process in a project."""
    project = get_object_or_404(Project, slug=slug)
    form = BlueprintForm(request.POST or None, initial={"blueprint": "ideas", "titles": project.titles})
    if form.is_valid():
        given = form.cleaned_data
        first = datetime.combine(given["opens_on"], time(), ZoneInfo(city().timezone))
        made = processes.begin(
            project,
            code=given["blueprint"],
            titles=given["titles"],
            opens_at=first,
            person=person_of(request),
            now=timezone.now(),
        )
        return redirect("participation:process_edit", made.slug)
    page = {
        "project": project,
        "project_title": pick(project.titles, get_language() or "en", default=slug),
        "form": form,
        "steps": _steps(None),
    }
    return render(request, "participation/process_new.html", page, status=400 if form.errors else 200)


def _steps(process: Process | None) -> list[tuple[str, str]]:
    edit = reverse("participation:process_edit", args=[process.slug]) if process else ""
    shown = reverse("participation:process", args=[process.slug]) if process else ""
    return [(gettext("Choose"), ""), (gettext("Texts and dates"), edit), (gettext("Look and publish"), shown)]


@planners
@form_page
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the texts of a process; its phases are one click away."""
    process = get_object_or_404(Process.objects.select_related("project"), slug=slug)
    form = ProcessForm(request.POST or None, initial={"titles": process.titles, "texts": process.texts})
    if form.is_valid():
        processes.change(process, person=person_of(request), now=timezone.now(), **form.cleaned_data)
        messages.success(request, gettext("It is saved."))
        return redirect("participation:process_edit", slug)
    now = timezone.now()
    page = {
        **_process_page(process),
        "form": form,
        "steps": _steps(process),
        "phases": [frame.shown(each, slug, now) for each in process.phases.all()],
    }
    return render(request, "participation/process_edit.html", page, status=400 if form.errors else 200)


def _process_page(process: Process) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "process": process,
        "project": process.project,
        "process_title": pick(process.titles, language, default=process.slug),
        "project_title": pick(process.project.titles, language, default=process.project.slug),
        "status_label": labels.PUBLICATION[process.status],
    }


@planners
@form_page
def phase(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change a phase: its texts, its dates, whom it admits, and what is set in it."""
    found = get_object_or_404(
        Phase.objects.select_related("process__project"), process__slug=slug, number=number
    )
    has_dates = found.phase_kind is not PhaseKind.STATEMENTS  # those follow from the law
    form = PhaseForm(request.POST or None, phase=found, has_dates=has_dates)
    more = (
        IdeaSettingsForm(request.POST or None, settings=IdeaSettings.from_json(found.settings))
        if found.phase_kind in IDEA_KINDS
        else None
    )
    if form.is_valid() and (more is None or more.is_valid()):
        columns = form.columns() | ({"settings": more.settings()} if more else {})
        try:
            processes.change_phase(found, person=person_of(request), now=timezone.now(), **columns)
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("It is saved."))
            return redirect("participation:process_edit", slug)
    page = {
        **_process_page(found.process),
        "phase": found,
        "phase_title": frame.title_of(found, get_language() or "en"),
        "form": form,
        "more": more,
        "settings_url": _settings_url(found),
    }
    is_wrong = form.errors or (more and more.errors)
    return render(request, "participation/phase_edit.html", page, status=400 if is_wrong else 200)


def _settings_url(phase: Phase) -> str:
    """Return where the rest of a phase is set; empty where there is nothing else."""
    try:
        return reverse(SETTINGS_PAGES[phase.phase_kind], args=[phase.process.slug, phase.number])
    except (KeyError, NoReverseMatch):
        return ""


@planners
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish or withdraw a process, as the button says."""
    process = get_object_or_404(Process.objects.select_related("project"), slug=slug)
    act = processes.withdraw if request.POST.get("step") == "withdraw" else processes.publish
    try:
        act(process, person=person_of(request), now=timezone.now())
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        done = (
            gettext("It is public now.") if act is processes.publish else gettext("It is no longer public.")
        )
        messages.success(request, done)
    return redirect("participation:process", slug)
