"""Is the installation well? For load balancers and monitoring."""

import ipaddress
import time
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest

from tandem.kit.installation import config
from tandem.kit.models import Job, WorkerBeat

WORKER_SILENT = timedelta(seconds=60)
_jobs = Gauge("tandem_jobs", "Jobs by state", ["state"])
_worker = Gauge("tandem_worker_alive", "1 where a worker gave a sign of life within the last minute")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 where database and storage work, else 503; a silent worker is told, and does not count."""
    checks = {"database": _database(), "storage": _storage()}
    well = all(checks.values())
    values: dict[str, Any] = {
        "status": "ok" if well else "failing",
        **checks,
        "worker": well and worker_alive(),
    }
    return JsonResponse(values, status=200 if well else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _storage() -> bool:
    try:
        default_storage.exists(f"probe-{int(time.time())}")
    except Exception:
        return False
    return True


def worker_alive() -> bool:
    """Return whether a worker gave a sign of life within the last minute."""
    return WorkerBeat.objects.filter(at__gte=timezone.now() - WORKER_SILENT).exists()


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return figures for Prometheus, to this machine and to private networks only."""
    if not _is_near(request):
        return HttpResponse("Metrics are given to this machine and to private networks only.\n", status=403)
    for state, count in Job.objects.values_list("state").annotate(count=Count("pk")):
        _jobs.labels(state).set(count)
    _worker.set(1 if worker_alive() else 0)
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _is_near(request: HttpRequest) -> bool:
    if config().server.behind_proxy and request.headers.get("X-Forwarded-For"):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False
