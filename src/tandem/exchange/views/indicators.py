"""Adopted indicators for everybody: all of them, one with its values, its values as a file, its persistent address."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tandem.exchange import access, indicator_labels, labels
from tandem.exchange.domain.indicator_state import State
from tandem.exchange.domain.indicator_values import plain
from tandem.exchange.domain.lifecycle import UNSEEN, Status
from tandem.exchange.models import AdoptedIndicator, IndicatorValue, Measure
from tandem.exchange.services import indicator_data, indicators
from tandem.exchange.services.browsing import city_name
from tandem.exchange.services.browsing import title_of as measure_title
from tandem.exchange.services.indicators import title_of
from tandem.kit import installation
from tandem.kit.charts import Chart
from tandem.kit.identifiers import see_other
from tandem.kit.numbers import figure
from tandem.kit.open_to_all import open_to_all
from tandem.kit.spoken import language

PER_PAGE, VALUES_PER_PAGE = 30, 50
MOST_DRAWN, MOST_COLUMNS = 400, 12


def visible_or_404(request: HttpRequest, slug: str) -> AdoptedIndicator:
    """Return the indicator with that slug, as far as the asker may see it.

    Raises:
        Http404: There is none, or it is not live and the asker no member of staff.
    """
    found = AdoptedIndicator.objects.filter(slug=slug).first()
    if found is None or (found.state != State.LIVE and not access.may_see_drafts(request)):
        raise Http404
    return found


# --- all ----------------------------------------------------------------------------------------
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Show the adopted indicators with their latest values; to staff those that are not live, too."""
    staff = access.may_see_drafts(request)
    newest = IndicatorValue.objects.filter(indicator=OuterRef("pk")).order_by("-on")
    rows = AdoptedIndicator.objects.annotate(
        count=Count("values"),
        last_on=Subquery(newest.values("on")[:1]),
        last=Subquery(newest.values("value")[:1]),
    )
    if not staff:
        rows = rows.filter(state=State.LIVE)
    page = Paginator(rows.order_by("slug"), PER_PAGE).get_page(request.GET.get("page"))
    measures = _measures_of(page.object_list)
    dataset = indicator_data.dataset()
    return render(
        request,
        "exchange/indicators.html",
        {
            "page": page,
            "rows": [{"row": each, **_about(each, measures, staff=staff)} for each in page.object_list],
            "dataset": (dataset.title(language()), f"/{language()}/{dataset.path}") if dataset else None,
            "may_adopt": access.may_adopt(request),
        },
    )


def _measures_of(rows: Any) -> dict[str, Measure]:
    found = Measure.objects.filter(iri__in={each.measure for each in rows})
    return {each.iri: each for each in found}


def _about(row: Any, measures: Mapping[str, Measure], *, staff: bool) -> dict[str, Any]:
    """Return how an indicator stands in a list or above its page."""
    measure = measures.get(row.measure)
    shown = measure is not None and (staff or Status(measure.status) not in UNSEEN)
    last = getattr(row, "last", None)
    return {
        "title": title_of(row, language()),
        "state_label": indicator_labels.STATE[row.state],
        "state_tone": indicator_labels.STATE_TONES[row.state],
        "measure": measure,
        "measure_title": measure_title(measure, language()) if measure and shown else "",
        "measure_url": reverse("exchange:measure", args=[measure.slug]) if measure and shown else row.measure,
        "city": city_name(measure.city, language()) if measure else "",
        "last": "" if last is None else figure(last),
    }


# --- one ----------------------------------------------------------------------------------------
@require_safe
def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an indicator: what it means, whose measure it belongs to, this city's values."""
    row = visible_or_404(request, slug)
    values = list(row.values.all())
    staff = access.may_see_drafts(request)
    page = Paginator(values, VALUES_PER_PAGE).get_page(request.GET.get("page"))
    said = row.fields
    shown = {
        "indicator": row,
        "fields": said,
        **_about(row, _measures_of([row]), staff=staff),
        "better": labels.BETTER[said["better"]],
        "target": "" if said["target"] is None else figure(said["target"]),
        "interval": indicator_labels.INTERVAL.get(said["interval"], said["interval"]),
        "page": page,
        "values": _rows(list(page.object_list)),
        "count": len(values),
        "chart": _chart(row, values) if len(values) > 1 else None,
        "may_adopt": access.may_adopt(request),
        "may_see_drafts": staff,
        "public_address": f"{installation.config().server.url}/id/indicator/{row.pk}",
    }
    return render(request, "exchange/indicator.html", shown)


def _rows(values: Sequence[IndicatorValue]) -> list[dict[str, Any]]:
    """Return values as a table shows them, all with as many decimals as the longest has."""
    decimals = max((len(plain(each.value).partition(".")[2]) for each in values), default=0)
    return [{"row": each, "value": figure(each.value, decimals=decimals)} for each in values]


def _chart(row: AdoptedIndicator, values: Sequence[IndicatorValue]) -> Chart:
    """Return the newest values, the earliest first."""
    drawn = list(reversed(values[:MOST_DRAWN]))
    place = {"title": title_of(row, language()), "city": installation.city().name(language())}
    return Chart(
        title=gettext("%(title)s in %(city)s") % place,
        points=[(date_format(each.on, "SHORT_DATE_FORMAT"), Decimal(plain(each.value))) for each in drawn],
        kind="column" if len(drawn) <= MOST_COLUMNS else "line",
        unit=row.fields["unit"],
        label_heading=gettext("Date"),
        value_heading=gettext("Value"),
        note=gettext("One point for each value, in the order of the days; gaps between days are not drawn."),
    )


@require_safe
def values(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the values of an indicator away as CSV."""
    row = visible_or_404(request, slug)
    answer = HttpResponse(indicators.as_table(row), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@open_to_all
@require_safe
def identifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer an indicator's persistent address with its page."""
    found = AdoptedIndicator.objects.filter(pk=pk).values_list("slug", flat=True).first()
    if found is None:
        raise Http404
    visible_or_404(request, found)
    return see_other("exchange:indicator", found)
