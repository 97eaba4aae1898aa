"""Maps: layers of things that have a place, and the list beside them that does the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from tandem.kit.installation import config

Text = str | Promise
LayerKind = Literal["points", "lines", "areas"]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a map.

    Attributes:
        id: Stable within a page: ``catalogue-datasets``.
        title: What it shows, lazily translated.
        geojson_url: Where its features are, as a GeoJSON feature collection in WGS 84. A feature's
            properties ``title``, ``note`` and ``url`` make its popup; further ones are ignored.
        kind: What its features mostly are.
        shown: False for a layer that the reader has to switch on.
        tiles_url: Where its features are as vector tiles, with ``{z}``, ``{x}`` and ``{y}``; empty where they
            come as GeoJSON.
        items_url: Of a tiled layer: where its features can be asked for by ``bbox`` and ``limit``, as GeoJSON.
        title_key: The property of those that is their title.
        bounds: Of a tiled layer: west, south, east, north in degrees.
    """

    id: str
    title: Text
    geojson_url: str
    kind: LayerKind = "points"
    shown: bool = True
    tiles_url: str = ""
    items_url: str = ""
    title_key: str = ""
    bounds: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """A thing of the list beside the map; one with coordinates is also a point on the map.

    Attributes:
        url: Its page.
        note: One line about it.
        latitude: Degrees north, WGS 84.
        longitude: Degrees east, WGS 84.
    """

    title: Text
    url: str = ""
    note: Text = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Map:
    """A map, and the list beside it.

    Attributes:
        title: What the map shows; names its region for screen readers.
        features: The list beside the map.
        features_total: How many things there are, where the list shows only the first.
        more_url: Where the whole list is.
        centre: Latitude and longitude at the start; the city's without it.
        zoom: Level at the start, 0 to 19; the city's without it.
        fit: True where the map should begin with everything in sight.
        max_features: Most features of one layer that the browser draws.
    """

    title: Text
    layers: Sequence[Layer] = ()
    features: Sequence[Feature] = ()
    features_total: int | None = None
    more_url: str = ""
    centre: tuple[float, float] | None = None
    zoom: int | None = None
    fit: bool = True
    max_features: int = 50_000
    texts: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what ``map.js`` needs."""
        settings, city = config().map, config().city
        return {
            "centre": list(self.centre or (city.latitude, city.longitude)),
            "zoom": settings.zoom if self.zoom is None else self.zoom,
            "fit": self.fit,
            "maxFeatures": self.max_features,
            "tiles": {"url": settings.base_map, "attribution": settings.attribution}
            if settings.base_map
            else None,
            "layers": [_layer(layer) for layer in self.layers],
            "points": [_point(each) for each in self.features if each.latitude is not None],
            "language": get_language() or "en",
            "texts": {**_texts(), **self.texts},
        }


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": str(layer.title),
        "url": layer.geojson_url,
        "kind": layer.kind,
        "shown": layer.shown,
        **(_tiled(layer) if layer.tiles_url else {}),
    }


def _tiled(layer: Layer) -> dict[str, Any]:
    west, south, east, north = layer.bounds or (0.0, 0.0, 0.0, 0.0)
    return {
        "tiles": layer.tiles_url,
        "items": layer.items_url,
        "titleKey": layer.title_key,
        "bounds": [[south, west], [north, east]] if layer.bounds else None,
    }


def _point(feature: Feature) -> dict[str, Any]:
    return {
        "title": str(feature.title),
        "note": str(feature.note),
        "url": feature.url,
        "at": [feature.latitude, feature.longitude],
    }


def _texts() -> dict[str, str]:
    return {
        "zoomIn": gettext("Zoom in"),
        "zoomOut": gettext("Zoom out"),
        "close": gettext("Close"),
        "layers": gettext("Layers"),
        "loading": gettext("The map is loading …"),
        "failed": gettext("This layer could not be loaded: {title}. The list beside the map still works."),
        "many": gettext("{count} places here. Zoom in to see them one by one."),
        "cut": gettext("Only the first {count} things of this layer are drawn: {title}."),
        "unnamed": gettext("Without a name"),
        "attribution": gettext("Map data"),
    }
