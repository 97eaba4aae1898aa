"""Coordinate reference systems in which features can be had, and where a filter or a box may be written.

Coordinates stand in the order that a system's authority defines: latitude first in EPSG:4326, easting first in
EPSG:25832. Source: OGC 18-058r1, OGC API Features part 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tandem.core.errors import InvalidInput
from tandem.core.text import say

Box = tuple[float, float, float, float]
_EDGE_PARTS = 8  # a straight edge of one system is bent in another: so many pieces follow it closely enough


@dataclass(frozen=True, slots=True)
class Crs:
    """A coordinate reference system.

    Attributes:
        code: As PROJ names it.
        uri: As the standard names it.
        title: For people.
        is_degrees: True where coordinates are latitude and longitude.
        is_swapped: True where latitude stands first.
    """

    code: str
    uri: str
    title: str
    is_degrees: bool = False
    is_swapped: bool = False


def _epsg(number: int, title: str, *, is_degrees: bool = False) -> Crs:
    uri = f"http://www.opengis.net/def/crs/EPSG/0/{number}"
    return Crs(f"EPSG:{number}", uri, title, is_degrees, is_degrees)


CRS84 = Crs(
    "OGC:CRS84",
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "WGS 84, longitude and latitude",
    is_degrees=True,
)
KNOWN = (
    CRS84,
    _epsg(4326, "WGS 84, latitude and longitude", is_degrees=True),
    _epsg(4258, "ETRS89, latitude and longitude", is_degrees=True),
    _epsg(3857, "Web Mercator"),
    _epsg(25832, "ETRS89 / UTM zone 32N"),
    _epsg(25833, "ETRS89 / UTM zone 33N"),
    _epsg(32632, "WGS 84 / UTM zone 32N"),
    _epsg(32633, "WGS 84 / UTM zone 33N"),
    _epsg(3035, "ETRS89-extended / LAEA Europe"),
)
_BY_NAME = {
    name.lower(): crs for crs in KNOWN for name in (crs.uri, crs.uri.replace("http:", "https:"), crs.code)
}


class UnknownCrs(InvalidInput):
    """Features cannot be had in this system, or the parameter names none."""

    code = "catalogue.features.unknown-crs"

    def __init__(self, parameter: str, given: str) -> None:
        super().__init__(
            say(
                "{given}: this coordinate reference system is not known. Known: {known}.",
                given=f"{parameter}={given[:100]}",
                known=", ".join(crs.uri for crs in KNOWN),
            )
        )


class BadBox(InvalidInput):
    """A box is no four or six numbers."""

    code = "catalogue.features.bad-bbox"

    def __init__(self, given: str) -> None:
        super().__init__(
            say(
                "{given}: a box is four numbers (or six with heights), the lower left corner first, and the "
                "upper one not below the lower.",
                given=f"bbox={given[:100]}",
            )
        )


def crs_named(parameter: str, name: str) -> Crs:
    """Return the system that a parameter names, by its URI or as ``EPSG:25832``.

    Raises:
        UnknownCrs: It is none of ours.
    """
    found = _BY_NAME.get(name.strip().strip("[]<>").lower())
    if found is None:
        raise UnknownCrs(parameter, name)
    return found


def numbers_of_box(text: str) -> Box:
    """Return first, second coordinate of the lower corner, and of the upper one; heights are left out.

    Raises:
        BadBox: It is no box.
    """
    parts = text.split(",")
    try:
        values = [float(part) for part in parts]
    except ValueError as error:
        raise BadBox(text) from error
    if len(values) not in {4, 6} or not all(abs(value) < 1e9 for value in values):
        raise BadBox(text)
    half = len(values) // 2
    return values[0], values[1], values[half], values[half + 1]


def boxes_in_degrees(box: Box, crs: Crs, text: str) -> list[Box]:
    """Return a box in degrees as west, south, east, north; as two where it crosses the date line.

    >>> boxes_in_degrees((51.6, 7.7, 51.7, 7.9), crs_named("bbox-crs", "EPSG:4326"), "")
    [(7.7, 51.6, 7.9, 51.7)]
    """
    first, second, third, fourth = box
    west, south, east, north = (second, first, fourth, third) if crs.is_swapped else box
    if south > north:
        raise BadBox(text)
    if west > east:
        return [(west, south, 180.0, north), (-180.0, south, east, north)]
    return [(west, south, east, north)]


def ring_of_box(box: Box, text: str) -> Sequence[Sequence[float]]:
    """Return the outline of a box in metres, in pieces short enough to follow it in another system."""
    left, lower, right, upper = box
    if left > right or lower > upper:
        raise BadBox(text)
    corners = [(left, lower), (right, lower), (right, upper), (left, upper), (left, lower)]
    return [
        [x + (to_x - x) * part / _EDGE_PARTS, y + (to_y - y) * part / _EDGE_PARTS]
        for (x, y), (to_x, to_y) in pairwise(corners)
        for part in range(_EDGE_PARTS)
    ] + [list(corners[0])]
