"""The map of a table: the rows that have a place, listed and drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tandem.catalogue.domain.exploration import Exploration
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.domain.telling import telling_columns
from tandem.catalogue.models import Distribution
from tandem.catalogue.services import explore, tiles
from tandem.catalogue.services import features as features_service
from tandem.catalogue.services.explore import Table
from tandem.catalogue.services.features import Collection
from tandem.catalogue.views import shown
from tandem.catalogue.views.table_found import distribution_or_404, table_or_404
from tandem.catalogue.views.table_words import address
from tandem.kit.maps import Feature, Layer, Map

FEATURES_LISTED = 50
FEATURES_DRAWN = 20_000


def map_of(
    request: HttpRequest, distribution: Distribution, found: Table, asked: Exploration, title: str
) -> Map:
    """Return the map of the rows that fit, with the first of them listed beside it."""
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
