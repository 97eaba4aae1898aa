"""The site of a project: a GeoJSON geometry, and a point that stands for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say

MOST_POSITIONS = 20_000
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_LEAST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}
_RINGED = {"Polygon", "MultiPolygon"}
Geometry = Mapping[str, Any]


class BadSite(InvalidInput):
    """A value is no geometry that can be shown."""

    code = "participation.site.bad"


def read_site(value: Any) -> Geometry:
    """Return the geometry in a GeoJSON value: a geometry, a feature, or a collection with one feature.

    Raises:
        BadSite: It is none, its coordinates are not in degrees (WGS 84), it is empty, or it is too large.

    >>> read_site({"type": "Feature", "geometry": {"type": "Point", "coordinates": [7.82, 51.68]}})
    {'type': 'Point', 'coordinates': [7.82, 51.68]}
    """
    geometry = _unwrapped(value)
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in _DEPTH or not isinstance(coordinates, list):
        raise BadSite(
            say("This is no GeoJSON geometry: a point, a line, an area, or several of one kind are possible.")
        )
    cleaned, count = _cleaned(coordinates, _DEPTH[kind], str(kind))
    if count > MOST_POSITIONS:
        raise BadSite(
            say("The shape has {count} corners; simplify it to {most}.", count=count, most=MOST_POSITIONS)
        )
    return {"type": kind, "coordinates": cleaned}


def _unwrapped(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise BadSite(say("The file has several features. Export the one that is the site."))
        value = features[0]
    if isinstance(value, Mapping) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, Mapping):
        raise BadSite(
            say("This is no GeoJSON geometry: a point, a line, an area, or several of one kind are possible.")
        )
    return value


def _cleaned(coordinates: Any, depth: int, kind: str) -> tuple[Any, int]:
    """Return coordinates without heights, and how many positions there are."""
    if depth == 0:
        return _position(coordinates), 1
    if not isinstance(coordinates, list) or not coordinates:
        raise BadSite(say("A part of the shape has no coordinates."))
    parts = [_cleaned(each, depth - 1, kind) for each in coordinates]
    positions = [part for part, _count in parts]
    if depth == 1 and len(positions) < _LEAST.get(kind, 1):
        raise BadSite(say("A part of the shape has too few corners."))
    if depth == 1 and kind in _RINGED and positions[0] != positions[-1]:
        raise BadSite(say("The border of an area is not closed: its last corner has to be its first."))
    return positions, sum(count for _part, count in parts)


def _position(value: Any) -> list[float]:
    if not isinstance(value, list) or len(value) < 2 or not all(_is_number(each) for each in value[:2]):
        raise BadSite(say("A corner of the shape is not two numbers."))
    longitude, latitude = float(value[0]), float(value[1])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BadSite(
            say(
                "The coordinates {longitude}, {latitude} are not degrees (WGS 84). Export the shape in EPSG:4326.",
                longitude=longitude,
                latitude=latitude,
            )
        )
    return [round(longitude, 7), round(latitude, 7)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def middle(geometry: Geometry) -> tuple[float, float]:
    """Return the latitude and longitude of the middle of a geometry's bounds.

    >>> middle({"type": "LineString", "coordinates": [[7.0, 51.0], [8.0, 52.0]]})
    (51.5, 7.5)
    """
    positions = list(_positions(geometry["coordinates"]))
    longitudes, latitudes = [each[0] for each in positions], [each[1] for each in positions]
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def _positions(coordinates: Any) -> Iterator[Sequence[float]]:
    if _is_number(coordinates[0]):
        yield coordinates
    else:
        for each in coordinates:
            yield from _positions(each)
