"""Pages of background jobs: what is going on, how far it is, what went wrong."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import is_staff, to_sign_in
from tandem.kit import jobs
from tandem.kit.models import Job
from tandem.kit.spoken import spoken

PER_PAGE = 30
STATES = {
    Job.WAITING: gettext_lazy("waiting"),
    Job.RUNNING: gettext_lazy("running"),
    Job.SUCCEEDED: gettext_lazy("done"),
    Job.FAILED: gettext_lazy("failed"),
    Job.CANCELLED: gettext_lazy("cancelled"),
    Job.INTERRUPTED: gettext_lazy("interrupted"),
}


def may_see(request: HttpRequest) -> bool:
    """Return whether the person may see everybody's jobs: any member of staff."""
    return is_staff(request.user)


def _job_or_404(request: HttpRequest, pk: UUID) -> Job:
    job = get_object_or_404(Job.objects.select_related("person"), pk=pk)
    if not may_see(request) and (job.person is None or job.person != request.user):
        raise Http404
    return job


@require_safe
def job_list(request: HttpRequest) -> HttpResponseBase:
    """Show the jobs, the newest first."""
    if not request.user.is_authenticated:
        return to_sign_in(request)
    if not may_see(request):
        raise PermissionDenied
    rows = Job.objects.select_related("person")
    state = request.GET.get("state", "")
    if state in STATES:
        rows = rows.filter(state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for job in page.object_list:
        job.kind_label, job.state_label = jobs.kind_title(job.kind), STATES[job.state]  # type: ignore[attr-defined]
    tabs: list[tuple[Any, str]] = [(gettext("All"), reverse("jobs:list"))]
    tabs += [(label, f"{reverse('jobs:list')}?state={key}") for key, label in STATES.items()]
    return render(request, "site/jobs.html", {"page": page, "tabs": tabs})


@require_safe
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one job with its progress."""
    found = _job_or_404(request, pk)
    page = {"job": found, "kind_label": jobs.kind_title(found.kind), "state_label": STATES[found.state]}
    return render(request, "site/job.html", page)


@never_cache
@require_safe
def progress(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Return how far a job is."""
    found = _job_or_404(request, pk)
    return JsonResponse(
        {"state": found.state, "share": found.share, "message": spoken(found.doing), "done": found.done}
    )


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask a job to stop."""
    found = _job_or_404(request, pk)
    jobs.cancel(found)
    messages.info(request, gettext("The job stops at its next step."))
    return redirect("jobs:job", pk)
