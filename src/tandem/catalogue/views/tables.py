"""The page of a table: rows, chart or map, filters, downloads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.adapters import originals
from tandem.catalogue.domain.exploration import NUMBERS, BadQuery, Exploration
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.domain.telling import telling_columns
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import explore, tiles
from tandem.catalogue.services import features as features_service
from tandem.catalogue.services.explore import Table
from tandem.catalogue.services.features import Collection
from tandem.catalogue.services.tables import NoTable
from tandem.catalogue.views import shown
from tandem.kit.charts import Chart
from tandem.kit.maps import Feature, Layer, Map
from tandem.kit.spoken import spoken

FUNCTIONS = {
    "count": gettext_lazy("number"),
    "sum": gettext_lazy("sum"),
    "avg": gettext_lazy("mean"),
    "min": gettext_lazy("smallest value"),
    "max": gettext_lazy("largest value"),
}
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
}
FEATURES_LISTED = 50
FEATURES_DRAWN = 20_000


@dataclass(frozen=True, slots=True)
class FilterShown:
    """One column's filter in the form."""

    key: str
    name: str
    kind: str
    id: str
    input: str = "text"
    active: bool = False
    least: str = ""
    most: str = ""
    lowest: str = ""
    highest: str = ""
    text: str = ""
    options: list[dict[str, Any]] = field(default_factory=list)


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


@require_safe
def table(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Show a table: its rows, a chart of them, or a map."""
    dataset, distribution = distribution_or_404(request, slug, position)
    found = table_or_404(distribution)
    parameters = dict(request.GET.lists())
    try:
        asked, problem = found.ask(parameters), ""
    except BadQuery as error:
        asked, problem = Exploration(), spoken(error.sentence)
    view = request.GET.get("view", "rows")
    if view not in {"rows", "chart", "map"} or (view == "map" and not found.has_places):
        view = "rows"
    page = _page(request, dataset, distribution, found, asked, view) | {"problem": problem}
    return render(request, "catalogue/table.html", page, status=400 if problem else 200)


def _page(
    request: HttpRequest,
    dataset: Dataset,
    distribution: Distribution,
    found: Table,
    asked: Exploration,
    view: str,
) -> dict[str, Any]:
    rows = explore.rows_of(found, asked) if view == "rows" else None
    total = rows.total if rows else explore.count_of(found, asked)
    title = shown.texts(distribution.description.get("titles", {})) or found.version.filename
    query = request.GET.copy()
    for name in ("page", "view", "by", "measure", "function"):
        query.pop(name, None)
    page = {
        "dataset": dataset,
        "dataset_title": shown.texts(dataset.description["titles"]),
        "title": title,
        "caption": title,
        "view": view,
        "views": _views(request, found, view),
        "total": total,
        "total_text": shown.count_text(total),
        "all_rows_text": shown.count_text(found.version.rows),
        "filtered": bool(asked.conditions),
        "conditions": _conditions(request, found, asked),
        "clear_url": f"?view={view}" if view != "rows" else request.path,
        "filters": _filters(found, asked),
        "kept_view": _kept(request, ("view", "sort", "by", "measure", "function")),
        "downloads": shown.downloads(distribution, found.version, found, query.urlencode()),
    }
    if view == "chart":
        return page | _chart(request, found, asked, title)
    if rows is None:
        return page | {"map": _map(request, distribution, found, asked, title, total)}
    last = max(1, -(-total // asked.per_page))
    if asked.page > last:
        raise Http404
    return page | {
        "columns": shown.heads(found.columns, request=request, asked=asked),
        "rows": shown.cells(rows.rows, found.columns),
        "page": PageShown(asked.page, last),
    }


def _views(request: HttpRequest, found: Table, view: str) -> list[tuple[str, str]]:
    entries = [("rows", gettext("Table")), ("chart", gettext("Chart"))]
    if found.has_places:
        entries.append(("map", gettext("Map")))
    return [
        (label, request.get_full_path() if key == view else request.path + _to_view(request.GET, key))
        for key, label in entries
    ]


def _to_view(query: QueryDict, key: str) -> str:
    return shown.with_query(query, view=None if key == "rows" else key, page=None)


def _kept(request: HttpRequest, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, request.GET[name]) for name in names if request.GET.get(name)]


def _conditions(request: HttpRequest, found: Table, asked: Exploration) -> list[dict[str, str]]:
    signs = {"eq": "=", "ne": "≠", "gte": "≥", "lte": "≤", "contains": "∋", "in": "=", "is_null": "∅"}
    names = {column.key: column.name for column in found.columns}
    return [
        {
            "text": f"{names[each.key]} {signs[each.op]} {each.raw}",
            "without_url": shown.without(request.GET, each.parameter),
        }
        for each in asked.conditions
    ]


def _filters(found: Table, asked: Exploration) -> list[FilterShown]:
    choices = explore.choices_of(found, asked)
    given: dict[str, dict[str, Any]] = {}
    for each in asked.conditions:
        given.setdefault(each.key, {})[each.op] = each
    return [
        _filter(column, given.get(column.key, {}), choices.get(column.key))
        for column in found.columns
        if column.kind != "geometry"
    ]


def _filter(column: ColumnReport, given: Mapping[str, Any], choices: Sequence[Any] | None) -> FilterShown:
    common: dict[str, Any] = {
        "key": column.key,
        "name": column.name,
        "id": f"f-{column.key}",
        "active": bool(given),
    }
    if choices is not None:
        return FilterShown(**common, kind="choice", options=list(_options(column, given, choices)))
    if column.kind in NUMBERS or column.kind == "date":
        return FilterShown(
            **common,
            kind="range",
            input="date" if column.kind == "date" else "text",
            least=given["gte"].raw if "gte" in given else "",
            most=given["lte"].raw if "lte" in given else "",
            lowest=str(column.profile.min or ""),
            highest=str(column.profile.max or ""),
        )
    return FilterShown(**common, kind="text", text=given["contains"].raw if "contains" in given else "")


def _options(
    column: ColumnReport, given: Mapping[str, Any], choices: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    selected = set(given["in"].value if "in" in given else [given["eq"].value] if "eq" in given else [])
    for value, count in choices:
        if value is not None:
            label = shown.value_text(value, column.kind)
            raw = str(value).lower() if isinstance(value, bool) else str(value)
            yield {"value": raw, "label": label, "count": count, "selected": value in selected}


def _chart(request: HttpRequest, found: Table, asked: Exploration, title: str) -> dict[str, Any]:
    first = explore.first_question(found)
    if not asked.by:
        asked = Exploration(asked.conditions, by=first.by, measure=first.measure, function=first.function)
    by, measure = found.column(asked.by), found.column(asked.measure)
    numbers = [column for column in found.columns if column.kind in NUMBERS]
    function = asked.function if measure else "count"
    groups = explore.groups_of(found, asked)
    return {
        "by": asked.by,
        "measure": asked.measure,
        "function": function,
        "functions": list(FUNCTIONS.items()),
        "group_columns": [column for column in found.columns if column.kind != "geometry"],
        "number_columns": numbers,
        "kept": [
            (name, value) for name, values in request.GET.lists() if name.startswith("f.") for value in values
        ],
        "chart": _drawing(title, groups, by, measure, function) if by and groups else None,
    }


def _drawing(
    title: str, groups: Sequence[Any], by: ColumnReport, measure: ColumnReport | None, function: str
) -> Chart:
    in_time = by.kind in {"date", "datetime"}
    points = [(shown.value_text(key, by.kind) or gettext("(empty)"), value) for key, value in groups]
    heading = (
        gettext("%(function)s of %(column)s") % {"function": FUNCTIONS[function], "column": measure.name}
        if measure
        else gettext("Number of rows")
    )
    return Chart(
        title=gettext("%(what)s by %(column)s") % {"what": heading, "column": by.name},
        points=points,
        kind="line" if in_time and len(points) > 12 else "column" if in_time else "bar",
        unit=(measure.unit or "") if measure else "",
        label_heading=by.name,
        value_heading=heading,
        note=title,
    )


def _map(
    request: HttpRequest, distribution: Distribution, found: Table, asked: Exploration, title: str, total: int
) -> Map:
    where = reverse("catalogue:features", args=[distribution.dataset.slug, distribution.position])
    query = request.GET.copy()
    query.pop("view", None)
    listed = explore.features_of(found, asked, limit=FEATURES_LISTED)["features"]
    return Map(
        title=title,
        layers=[
            _layer(distribution, found, title, f"{where}?{query.urlencode()}", _layer_kind(listed), total)
        ],
        features=[
            Feature(title=_feature_title(found, each), note=_feature_note(found, each)) for each in listed
        ],
        features_total=total,
        more_url=request.path + _to_view(request.GET, "rows"),
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
    return " · ".join(f"{column.name}: {value}" for column, value in values if value is not None)


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
    response = StreamingHttpResponse(stream, content_type=MEDIA_TYPES[wanted])
    name = f"{dataset.slug}{f'-{position}' if position else ''}.{wanted}"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
