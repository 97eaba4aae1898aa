"""The page of a table: rows, groups, a chart, a map, statistics; and the same to embed elsewhere."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from tandem.catalogue.domain import sql as sql_texts
from tandem.catalogue.domain.exploration import NUMBERS, BadQuery, Exploration, write_exploration
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import explore
from tandem.catalogue.services.explore import Table
from tandem.catalogue.views import shown, table_charts, table_filters, table_words
from tandem.catalogue.views.table_found import distribution_or_404, table_or_404, title_of
from tandem.catalogue.views.table_map import map_of
from tandem.catalogue.views.table_words import address, kept
from tandem.kit import installation
from tandem.kit.spoken import spoken

ROWS_EMBEDDED = 20
FRAME_HEIGHT_PX = 480


@dataclass(frozen=True, slots=True)
class PageShown:
    """Where in the rows the page is."""

    number: int
    num_pages: int


def _asked(found: Table, query: QueryDict) -> tuple[Exploration, str]:
    """Return what an address asks for, and what is wrong with it."""
    try:
        asked, problem = found.ask(dict(query.lists())), ""
    except BadQuery as error:
        asked, problem = Exploration(), spoken(error.sentence)
    if asked.view == "map" and not found.has_places:
        asked = replace(asked, view="rows")
    return asked, problem


@require_safe
def table(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Show a table: its rows, groups, a chart, a map, or statistics."""
    dataset, distribution = distribution_or_404(request, slug, position)
    found = table_or_404(distribution)
    asked, problem = _asked(found, request.GET)
    view = _view(request, distribution, found, asked)
    total = view.get("rows_total")
    if total is None:
        total = explore.count_of(found, asked)
    page = _frame(request, dataset, distribution, found, asked, total) | view | {"problem": problem}
    return render(request, "catalogue/table.html", page, status=400 if problem else 200)


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # it passes on what it is given
def embed(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Show the same without the portal around it, for pages elsewhere."""
    dataset, distribution = distribution_or_404(request, slug, position)
    found = table_or_404(distribution)
    asked, problem = _asked(found, request.GET)
    few = replace(asked, per_page=min(asked.per_page, ROWS_EMBEDDED))
    view = _view(request, distribution, found, few)
    page = view | {
        "title": asked.drawing.title or title_of(distribution),
        "caption": title_of(distribution),
        "view": asked.view,
        "dataset_title": shown.texts(dataset.description["titles"]),
        "table_url": address(asked, reverse("catalogue:table", args=[slug, position])),
        "problem": problem,
    }
    return render(request, "catalogue/embed.html", page, status=400 if problem else 200)


def _frame(
    request: HttpRequest,
    dataset: Dataset,
    distribution: Distribution,
    found: Table,
    asked: Exploration,
    total: int,
) -> dict[str, Any]:
    """Return what every view of the table has around it."""
    title = title_of(distribution)
    every = table_filters.without_conditions(asked)
    return {
        "dataset": dataset,
        "dataset_title": shown.texts(dataset.description["titles"]),
        "title": title,
        "caption": title,
        "asked": asked,
        "view": asked.view,
        "views": _views(request, found, asked),
        "total": total,
        "total_text": shown.count_text(total),
        "all_rows_text": shown.count_text(found.version.rows),
        "filtered": asked.narrows,
        "conditions": table_filters.conditions(found, asked),
        "clear_url": address(every, request.path),
        "filters": table_filters.filters(found, asked),
        "how_choices": table_words.HOW,
        "column_choices": table_filters.column_choices(found, asked),
        "columns_chosen": bool(asked.columns),
        "all_columns_url": address(asked, columns=()),
        "sorts": table_filters.sorts(found, asked),
        "sort_choices": [(column.key, column.name) for column in found.columns if column.kind != "geometry"],
        "kept_by_filters": kept(asked, "f."),
        "kept_by_search": kept(asked, "q"),
        "kept_by_columns": kept(asked, "columns", "sort"),
        "downloads": shown.downloads(distribution, found.version, found, _download_query(asked)),
        "sql_url": _sql_url(dataset, distribution),
        **_shared(request, distribution, asked, title),
    }


def _download_query(asked: Exploration) -> str:
    rows = Exploration(
        conditions=asked.conditions, search=asked.search, sort=asked.sort, columns=asked.columns
    )
    return urlencode(write_exploration(rows))


def _sql_url(dataset: Dataset, distribution: Distribution) -> str:
    if dataset.status != Status.PUBLISHED:
        return ""
    name = sql_texts.written(sql_texts.table_name(dataset.slug, distribution.position))
    query = urlencode({"sql": f"SELECT *\nFROM {name}\nLIMIT 100"})
    return f"{reverse('catalogue:sql')}?{query}"


def _shared(
    request: HttpRequest, distribution: Distribution, asked: Exploration, title: str
) -> dict[str, Any]:
    base = installation.config().server.url.rstrip("/")
    where = reverse("catalogue:embed", args=[distribution.dataset.slug, distribution.position])
    frame = format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>',
        base + address(asked, where, page=1),
        asked.drawing.title or title,
        FRAME_HEIGHT_PX,
    )
    return {"share_url": base + address(asked, request.path), "frame_html": frame}


def _view(
    request: HttpRequest, distribution: Distribution, found: Table, asked: Exploration
) -> dict[str, Any]:
    """Return what one view shows."""
    title = title_of(distribution)
    if asked.view == "chart":
        return _chart(distribution, found, table_charts.with_defaults(found, asked), title)
    if asked.view == "groups":
        return _groups(distribution, found, table_charts.with_defaults(found, asked))
    if asked.view == "statistics":
        return {"statistics": table_charts.statistics(found, asked)}
    if asked.view == "map":
        return {"map": map_of(request, distribution, found, asked, title)}
    rows = explore.rows_of(found, asked)
    return {
        "columns": table_filters.heads(found, asked),
        "rows": shown.cells(rows.rows, explore.shown_columns(found, asked)),
        "rows_total": rows.total,
        "page": _page_of(rows.total, asked),
    }


def _page_of(total: int, asked: Exploration) -> PageShown:
    last = max(1, -(-total // asked.per_page))
    if asked.page > last:
        raise Http404
    return PageShown(asked.page, last)


def _groups(distribution: Distribution, found: Table, asked: Exploration) -> dict[str, Any]:
    made = table_charts.groups(found, asked)
    query = urlencode(write_exploration(replace(asked, view="rows", page=1, columns=(), sort=())))
    where = [distribution.dataset.slug, distribution.position]
    return _choices(found, asked) | {
        "columns": made.columns,
        "rows": made.rows,
        "page": _page_of(made.total, asked),
        "group_total": made.total,
        "group_count": shown.count_text(made.total),
        "kept": kept(asked, "by", "show", "order"),
        "group_downloads": [
            (wanted.upper(), f"{reverse('catalogue:groups', args=[*where, wanted])}?{query}")
            for wanted in explore.GROUP_FORMATS
        ],
    }


def _choices(found: Table, asked: Exploration) -> dict[str, Any]:
    """Return the fields of the form that says what is worked out."""
    groups = [*map(str, asked.by), "", ""][:2]
    measures = [*map(str, asked.measures), "", "", ""][: max(3, len(asked.measures))]
    return {
        "group_fields": list(enumerate(groups, start=1)),
        "measure_fields": list(enumerate(measures, start=1)),
        "group_choices": table_charts.group_choices(found),
        "measure_choices": table_charts.measure_choices(found),
    }


def _chart(distribution: Distribution, found: Table, asked: Exploration, title: str) -> dict[str, Any]:
    where = [distribution.dataset.slug, distribution.position]
    numbers = [(c.key, c.name) for c in found.columns if c.kind in NUMBERS and not c.profile.role]
    return _choices(found, asked) | {
        "drawing": asked.drawing,
        "kinds": table_charts.KINDS,
        "layouts": table_charts.LAYOUTS,
        "number_columns": numbers,
        "kept": kept(asked, "by", "show", "order", "kind", "layout", "x", "y", "title"),
        "chart": table_charts.chart(found, asked, title),
        "svg_url": address(asked, reverse("catalogue:chart", args=where)),
    }


def _views(request: HttpRequest, found: Table, asked: Exploration) -> list[tuple[str, str]]:
    entries = [
        ("rows", gettext("Table")),
        ("groups", gettext("Groups")),
        ("chart", gettext("Chart")),
        ("statistics", gettext("Statistics")),
    ]
    if found.has_places:
        entries.insert(3, ("map", gettext("Map")))
    return [
        (label, request.get_full_path() if key == asked.view else address(asked, request.path, view=key))
        for key, label in entries
    ]
