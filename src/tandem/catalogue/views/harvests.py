"""The officer's pages of harvests: sources, what came of each run, and why."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tandem.accounts.access import staff
from tandem.accounts.models import Person
from tandem.catalogue.domain.permissions import ALLOWED, ROOM, Action
from tandem.catalogue.harvest_forms import KINDS, SCHEDULES, SourceForm
from tandem.catalogue.models import HarvestRun, HarvestSource
from tandem.catalogue.services import harvest_report, harvest_sources, imports
from tandem.catalogue.views import shown
from tandem.core.errors import TandemError
from tandem.core.text import Sentence
from tandem.kit.models import Job
from tandem.kit.spoken import spoken

harvesters = staff(ROOM, *ALLOWED[Action.HARVEST])
STATES = {
    "running": ("info", gettext_lazy("running")),
    "succeeded": ("success", gettext_lazy("done")),
    "incomplete": ("warning", gettext_lazy("incomplete")),
    "unconfirmed": ("warning", gettext_lazy("waits for your word")),
    "failed": ("error", gettext_lazy("failed")),
    "cancelled": ("neutral", gettext_lazy("cancelled")),
}
RUNS_SHOWN, RUNS_PER_PAGE, SOURCES_PER_PAGE = 5, 20, 30


def _person(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def _with_state(run: Any) -> Any:
    run.tone, run.state_label = STATES.get(run.state, ("neutral", run.state))
    return run


def _title(source: HarvestSource) -> str:
    return shown.texts(source.titles) or source.key


# --- sources ------------------------------------------------------------------------------------
@harvesters
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Show the sources with their latest harvests."""
    harvest_sources.ensure_sources()
    page = Paginator(HarvestSource.objects.all(), SOURCES_PER_PAGE).get_page(request.GET.get("page"))
    found: list[Any] = list(page.object_list)
    recent: dict[int, list[Any]] = {}
    runs = HarvestRun.objects.filter(source__in=found).defer("samples", "said", "message")
    for run in runs.order_by("-started_at")[: RUNS_SHOWN * 10 * SOURCES_PER_PAGE]:
        recent.setdefault(run.source_id, []).append(_with_state(run))
    busy = imports.harvest_jobs()
    for source in found:
        source.recent = recent.get(source.pk, [])[:RUNS_SHOWN]
        source.job = busy.get(source.key)
    return render(request, "catalogue/harvest.html", {"sources": found, "page": page})


@harvesters
@require_safe
def source(request: HttpRequest, key: str) -> HttpResponse:
    """Show one source: what is going on, what is said of it, all of its harvests."""
    found = get_object_or_404(HarvestSource, key=key)
    runs = found.runs.defer("samples", "said", "message").order_by("-started_at")
    page = Paginator(runs, RUNS_PER_PAGE).get_page(request.GET.get("page"))
    job = imports.harvest_jobs().get(found.key)
    return render(
        request,
        "catalogue/harvest_source.html",
        {
            "source": found,
            "source_title": _title(found),
            "page": page,
            "runs": [_with_state(run) for run in page.object_list],
            "job": job,
            "progress_url": reverse("jobs:progress", args=[job.pk]) if job else "",
            "kind_label": dict(KINDS).get(found.kind, found.kind) if found.kind else "",
            "schedule_label": dict(SCHEDULES)[found.schedule],
            "count": found.datasets.count(),
        },
    )


@harvesters
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a source, and try it without taking anything over."""
    form = SourceForm(request.POST or None)
    if form.is_valid():
        found = harvest_sources.add(form.settings(), person=_person(request))
        imports.start_harvest(found.key, dry_run=True, person=_person(request))
        messages.success(
            request, gettext("The source is added, and is being tried. Nothing is taken over yet.")
        )
        return redirect("catalogue:harvest_source", found.key)
    page = {"form": form, "source": None, "heading": gettext("Add a source")}
    return render(request, "catalogue/harvest_edit.html", page)


@harvesters
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change what is said of a source."""
    found = get_object_or_404(HarvestSource, key=key)
    form = SourceForm(request.POST or None, source=found)
    if form.is_valid():
        harvest_sources.change(found, form.settings(), person=_person(request))
        messages.success(request, gettext("It is saved, and holds from the next harvest on."))
        return redirect("catalogue:harvest_source", found.key)
    page = {
        "form": form,
        "source": found,
        "source_title": _title(found),
        "heading": gettext("Change the source"),
    }
    return render(request, "catalogue/harvest_edit.html", page)


@harvesters
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once more, and remove a source with all that it brought."""
    found = get_object_or_404(HarvestSource, key=key)
    if request.method == "POST":
        try:
            harvest_sources.remove(found, person=_person(request))
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
            return redirect("catalogue:harvest_source", key)
        messages.success(request, gettext("The source is gone, and so is what it had brought."))
        return redirect("catalogue:harvest")
    page = {"source": found, "source_title": _title(found), "count": found.datasets.count()}
    return render(request, "catalogue/harvest_remove.html", page)


@harvesters
@require_POST
def harvest_now(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a harvest in the background."""
    imports.start_harvest(
        key,
        dry_run=bool(request.POST.get("dry_run")),
        everything=bool(request.POST.get("everything")),
        accept_removals=bool(request.POST.get("accept_removals")),
        person=_person(request),
    )
    messages.success(request, gettext("The harvest has begun."))
    return redirect("catalogue:harvest_source", key)


# --- runs ---------------------------------------------------------------------------------------
@harvesters
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one harvest did, with its findings by kind and by place."""
    found = get_object_or_404(HarvestRun.objects.select_related("source"), pk=pk)
    before = harvest_report.run_before(found)
    code = request.GET.get("code", "")
    findings, places = harvest_report.page_of(found, code=code, number=request.GET.get("page"))
    job = Job.objects.filter(pk=found.job).first() if found.state == "running" and found.job else None
    page = {
        "run": _with_state(found),
        "problem": spoken(Sentence.from_json(found.said)) if found.said else found.message,
        "source_title": _title(found.source),
        "before": before,
        "compared": _compared(found, before),
        "groups": harvest_report.groups(found, before),
        "code": code,
        "findings": findings,
        "places": places,
        "not_kept": found.findings_total - found.findings.count() if not code else 0,
        "job": job,
        "progress_url": reverse("jobs:progress", args=[job.pk]) if job else "",
        "latest": not found.source.runs.filter(started_at__gt=found.started_at, dry_run=False).exists(),
    }
    return render(request, "catalogue/run.html", page)


def _compared(found: HarvestRun, before: HarvestRun | None) -> list[tuple[Any, int, int | None]]:
    labels = {
        "pages": gettext("Pages read"),
        "created": gettext("New"),
        "updated": gettext("Changed"),
        "unchanged": gettext("Unchanged"),
        "removed": gettext("Removed"),
        "left_out": gettext("Left out by your rules"),
        "findings_total": gettext("Findings"),
    }
    return [
        (label, getattr(found, name), getattr(before, name) if before else None)
        for name, label in labels.items()
    ]


@harvesters
@require_safe
def findings(request: HttpRequest, pk: int, suffix: str) -> HttpResponse | StreamingHttpResponse:
    """Return the findings of a harvest as a file."""
    found = get_object_or_404(HarvestRun.objects.select_related("source"), pk=pk)
    name = f"{found.source.key}-{found.started_at:%Y-%m-%d}-{pk}.{suffix}"
    response: HttpResponse | StreamingHttpResponse
    if suffix == "json":
        response = JsonResponse(harvest_report.as_json(found), json_dumps_params={"ensure_ascii": False})
    else:
        lines = harvest_report.csv_lines(found, code=request.GET.get("code", ""))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
