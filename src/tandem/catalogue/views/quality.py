"""The dashboard of quality: how good our descriptions are, and what would help each one next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from tandem.catalogue.forms import FIELD_NAMES
from tandem.catalogue.services import quality
from tandem.catalogue.views.points import BANDS
from tandem.catalogue.views.staff import readers
from tandem.kit.charts import Chart

ORDERS = {
    "points": gettext_lazy("Fewest points first"),
    "due": gettext_lazy("Longest overdue first"),
    "title": gettext_lazy("By title"),
}


@readers
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show what there is, band by band, and the datasets with their next step."""
    today = timezone.localdate()
    order = request.GET.get("order", "points")
    band, late = request.GET.get("band", ""), request.GET.get("late") == "1"
    shown = quality.rows(today, order=order, late_only=late, band=band, page=request.GET.get("page"))
    whole = quality.overview(today)
    page: dict[str, Any] = {
        "overview": whole,
        "mean": round(whole.mean) if whole.mean is not None else None,
        "chart": _chart(whole) if whole.count else None,
        "page": shown,
        "rows": [_shown(row) for row in shown.rows],
        "orders": ORDERS.items(),
        "order": order if order in ORDERS else "points",
        "bands": [(name, label) for name, label in BANDS.items()],
        "band": band,
        "late": late,
    }
    return render(request, "catalogue/quality.html", page)


def _chart(whole: quality.Overview) -> Chart:
    heading = gettext("Datasets")
    return Chart(
        title=gettext("How good the descriptions are"),
        points=[(str(BANDS[name]), count) for name, count in whole.bands.items()],
        kind="bar",
        label_heading=gettext("Description quality"),
        value_heading=heading,
    )


def _shown(row: quality.Row) -> dict[str, Any]:
    step = row.next_step
    return {
        "dataset": row.dataset,
        "points": row.assessment.points,
        "step": FIELD_NAMES[step[0]] if step else "",
        "gain": step[1] if step else 0,
        "due_on": row.dataset.due_on,
        "is_late": row.is_late,
        "broken": row.broken,
    }
