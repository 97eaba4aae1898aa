"""The officer's pages of harvests."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import staff
from tandem.accounts.models import Person
from tandem.catalogue.domain.permissions import ALLOWED, ROOM, Action
from tandem.catalogue.models import HarvestRun, HarvestSource
from tandem.catalogue.services import harvest, imports
from tandem.catalogue.views import shown
from tandem.core.findings import Finding

harvesters = staff(ROOM, *ALLOWED[Action.HARVEST])
STATES = {
    "running": gettext_lazy("running"),
    "succeeded": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
    "cancelled": gettext_lazy("cancelled"),
}
RUNS_SHOWN = 5


@harvesters
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Show the sources with their latest harvests."""
    harvest.ensure_sources()
    found = list(HarvestSource.objects.all())
    recent: dict[int, list[Any]] = {}
    for run in HarvestRun.objects.order_by("-started_at")[:200]:
        run.state_label = STATES.get(run.state, run.state)  # type: ignore[attr-defined]
        recent.setdefault(run.source_id, []).append(run)
    for source in found:
        source.recent = recent.get(source.pk, [])[:RUNS_SHOWN]  # type: ignore[attr-defined]
    return render(request, "catalogue/harvest.html", {"sources": found})


@harvesters
@require_POST
def harvest_now(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a harvest in the background."""
    person = request.user if isinstance(request.user, Person) else None
    imports.start_harvest(key, dry_run=bool(request.POST.get("dry_run")), person=person)
    messages.success(request, gettext("The harvest has begun. Reload this page to see what came of it."))
    return redirect("catalogue:harvest")


@harvesters
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one harvest did, with its findings."""
    found = get_object_or_404(HarvestRun.objects.select_related("source"), pk=pk)
    found.state_label = STATES.get(found.state, found.state)  # type: ignore[attr-defined]
    page = {
        "run": found,
        "source_title": shown.texts(found.source.titles) or found.source.key,
        "findings": [Finding.from_dict(each) for each in found.findings],
    }
    return render(request, "catalogue/run.html", page)
