"""The page of a table: rows, groups, chart, map, statistics; what narrows them; downloads; a page to embed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.adapters import originals
from tandem.catalogue.domain import sql as sql_texts
from tandem.catalogue.domain.exploration import NUMBERS, BadQuery, Exploration, write_exploration
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.domain.telling import telling_columns
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import explore, tiles
from tandem.catalogue.services import features as features_service
from tandem.catalogue.services.explore import Table
from tandem.catalogue.services.features import Collection
from tandem.catalogue.services.tables import NoTable
from tandem.catalogue.views import shown, table_charts, table_filters, table_words
from tandem.catalogue.views.table_words import address, kept
from tandem.kit import drawing, installation
from tandem.kit.maps import Feature, Layer, Map
from tandem.kit.spoken import spoken

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
FEATURES_LISTED = 50
FEATURES_DRAWN = 20_000
ROWS_EMBEDDED = 20
FRAME_HEIGHT_PX = 480


@dataclass(frozen=True, slots=True)
class PageShown:
    """Where in the rows the page is."""

    number: int
    num_pages: int


def distribution_or_404(request: HttpRequest, slug: str, position: int) -> tuple[Dataset, Distribution]:
    """Return the dataset and one of its distributions, as far as the person may see them."""
    dataset = access.visible_dataset(request, slug)
    distribution = get_object_or_404(
        Distribution.objects.select_related("current"), dataset=dataset, position=position
    )
    distribution.dataset = dataset
    return dataset, distribution


def table_or_404(distribution: Distribution) -> Table:
    """Return the distribution's table."""
    if distribution.current is None or not distribution.current.report:
        raise NoTable(distribution.id)
    return Table.of(distribution.current)


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
        "title": asked.drawing.title or _title(distribution, found),
        "caption": _title(distribution, found),
        "view": asked.view,
        "dataset_title": shown.texts(dataset.description["titles"]),
        "table_url": address(asked, reverse("catalogue:table", args=[slug, position])),
        "problem": problem,
    }
    return render(request, "catalogue/embed.html", page, status=400 if problem else 200)


def _title(distribution: Distribution, found: Table) -> str:
    return shown.texts(distribution.description.get("titles", {})) or found.version.filename


def _frame(
    request: HttpRequest,
    dataset: Dataset,
    distribution: Distribution,
    found: Table,
    asked: Exploration,
    total: int,
) -> dict[str, Any]:
    """Return what every view of the table has around it."""
    title = _title(distribution, found)
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
    title = _title(distribution, found)
    if asked.view == "chart":
        return _chart(distribution, found, table_charts.with_defaults(found, asked), title)
    if asked.view == "groups":
        return _groups(distribution, found, table_charts.with_defaults(found, asked))
    if asked.view == "statistics":
        return {"statistics": table_charts.statistics(found, asked)}
    if asked.view == "map":
        return {"map": _map(request, distribution, found, asked, title)}
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


@require_safe
def chart(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Return a chart as an SVG file."""
    dataset, distribution = distribution_or_404(request, slug, position)
    found = table_or_404(distribution)
    asked = table_charts.with_defaults(found, found.ask(dict(request.GET.lists())))
    drawn = table_charts.chart(found, asked, _title(distribution, found))
    if drawn is None:
        raise Http404
    source = (
        f"{shown.texts(dataset.description['titles'])} · {installation.city().name(request.LANGUAGE_CODE)}"
    )
    response = HttpResponse(drawing.svg(drawn, source=source), content_type="image/svg+xml")
    response["Content-Disposition"] = content_disposition_header(True, f"{dataset.slug}.svg") or ""
    return response


@require_safe
def groups(request: HttpRequest, slug: str, position: int, wanted: str) -> StreamingHttpResponse:
    """Return the groups with what was worked out for each, in a format."""
    dataset, distribution = distribution_or_404(request, slug, position)
    found = table_or_404(distribution)
    asked = table_charts.with_defaults(found, found.ask(dict(request.GET.lists())))
    names = table_charts.group_names(found, asked)
    stream = explore.export_groups(found, asked, wanted, names)
    return _attached(stream, f"{dataset.slug}-groups.{wanted}", MEDIA_TYPES[wanted])


def _attached(stream: Any, name: str, media_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(stream, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


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


def _map(
    request: HttpRequest, distribution: Distribution, found: Table, asked: Exploration, title: str
) -> Map:
    where = reverse("catalogue:features", args=[distribution.dataset.slug, distribution.position])
    listed = explore.features_of(found, asked, limit=FEATURES_LISTED)["features"]
    total = explore.count_of(found, asked)
    return Map(
        title=title,
        layers=[
            _layer(distribution, found, title, address(asked, where, view="rows"), _layer_kind(listed), total)
        ],
        features=[
            Feature(title=_feature_title(found, each), note=_feature_note(found, each)) for each in listed
        ],
        features_total=total,
        more_url=address(asked, request.path, view="rows"),
    )


def _layer(distribution: Distribution, found: Table, title: str, url: str, kind: Any, total: int) -> Layer:
    """Return the layer of the rows that fit: in tiles where they are many."""
    layer = Layer("rows", title, url, kind)
    if total < tiles.TILED_FROM:
        return layer
    return tiles.tiled(layer, Collection(features_service.id_of(distribution), distribution, found))


def _layer_kind(features: Sequence[Mapping[str, Any]]) -> Any:
    kinds = {(each.get("geometry") or {}).get("type", "Point") for each in features}
    return "areas" if kinds & {"Polygon", "MultiPolygon"} else "lines" if "LineString" in kinds else "points"


def _named(found: Table) -> list[ColumnReport]:
    """Return the columns that tell a row apart for a person: texts first, no coordinates."""
    return telling_columns(found.columns)


def _feature_title(found: Table, feature: Mapping[str, Any]) -> str:
    named = _named(found)
    return str(feature["properties"].get(named[0].key) or "") if named else ""


def _feature_note(found: Table, feature: Mapping[str, Any]) -> str:
    values = ((column, feature["properties"].get(column.key)) for column in _named(found)[1:])
    return " · ".join(
        f"{column.name}: {shown.value_text(value, column.kind)}"
        for column, value in values
        if value is not None
    )


@require_safe
def features(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Return the rows that have a place, for the map."""
    _dataset, distribution = distribution_or_404(request, slug, position)
    found = table_or_404(distribution)
    collection = explore.features_of(found, found.ask(dict(request.GET.lists())), limit=FEATURES_DRAWN)
    for each in collection["features"]:
        each["properties"] = {"title": _feature_title(found, each), "note": _feature_note(found, each)}
    return JsonResponse(collection, content_type="application/geo+json")


@require_safe
def download(
    request: HttpRequest, slug: str, position: int, wanted: str
) -> HttpResponse | StreamingHttpResponse:
    """Return the original, or the rows that fit in a format."""
    dataset, distribution = distribution_or_404(request, slug, position)
    version = distribution.current
    if version is None:
        raise NoTable(distribution.id)
    if wanted == "original":
        content = originals.open_original(version.sha256)
        return FileResponse(
            content, as_attachment=True, filename=version.filename, content_type=version.media_type
        )
    found = table_or_404(distribution)
    stream = explore.export_rows(found, found.ask(dict(request.GET.lists())), wanted)
    name = f"{dataset.slug}{f'-{position}' if position else ''}.{wanted}"
    return _attached(stream, name, MEDIA_TYPES[wanted])
