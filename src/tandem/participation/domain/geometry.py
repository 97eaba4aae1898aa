"""What somebody drew on the map: a point, a line or an area, small enough to be meant."""

from collections.abc import Collection, Mapping
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.participation.domain.site import middle, read_site

SHAPE_OF = {"Point": "point", "LineString": "line", "Polygon": "area"}
MOST_CORNERS = 200
DECIMALS = 5  # about a metre


class BadShape(InvalidInput):
    """What was drawn cannot be used here."""

    code = "participation.shape.bad"


def read_shape(value: Any, *, allowed: Collection[str]) -> tuple[Mapping[str, Any], float, float]:
    """Return a drawn shape, and the latitude and longitude that stand for it.

    Args:
        value: A GeoJSON geometry.
        allowed: ``point``, ``line``, ``area``: what can be drawn here.

    Raises:
        BadSite: It is no geometry.
        BadShape: It is of another kind, or has too many corners.

    >>> read_shape({"type": "Point", "coordinates": [7.8212345, 51.6812345]}, allowed={"point"})
    ({'type': 'Point', 'coordinates': [7.82123, 51.68123]}, 51.68123, 7.82123)
    """
    geometry = read_site(value)
    if SHAPE_OF.get(geometry["type"]) not in allowed:
        raise BadShape(
            say("This kind of shape cannot be used here. Draw it again with the buttons at the map.")
        )
    coordinates, count = _rounded(geometry["coordinates"])
    if count > MOST_CORNERS:
        raise BadShape(
            say("The shape has {count} corners; {most} are enough.", count=count, most=MOST_CORNERS)
        )
    drawn = {"type": geometry["type"], "coordinates": coordinates}
    latitude, longitude = middle(drawn)
    return drawn, round(latitude, DECIMALS), round(longitude, DECIMALS)


def _rounded(coordinates: Any) -> tuple[Any, int]:
    if isinstance(coordinates, float):
        return round(coordinates, DECIMALS), 0
    parts = [_rounded(each) for each in coordinates]
    is_position = isinstance(coordinates[0], float)
    return [part for part, _count in parts], 1 if is_position else sum(count for _part, count in parts)
