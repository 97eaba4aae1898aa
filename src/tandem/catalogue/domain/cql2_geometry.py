"""Geometries that are written in a filter: checked before a library sees them."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say

MOST_POSITIONS = 5_000
# How deep the positions of each type lie.
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


class BadGeometry(InvalidInput):
    """A geometry is not written as it should be."""

    code = "catalogue.features.bad-geometry"


def checked_geometry(node: Mapping[str, Any]) -> str:
    """Return a geometry as GeoJSON text; a box becomes a polygon.

    Raises:
        BadGeometry: It is none, or has too many positions.

    >>> checked_geometry({"type": "Point", "coordinates": [7.8, 51.7]})
    '{"type": "Point", "coordinates": [7.8, 51.7]}'
    """
    if "bbox" in node:
        return json.dumps(_box(node["bbox"]))
    count = sum(1 for _ in _positions(node))
    if not 0 < count <= MOST_POSITIONS:
        raise BadGeometry(say("A geometry in a filter has 1 to {most} positions.", most=MOST_POSITIONS))
    return json.dumps(_plain(node))


def bounds_of(node: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """Return least x, least y, most x, most y of a checked geometry."""
    found = list(_positions(_box(node["bbox"]) if "bbox" in node else node))
    xs, ys = [each[0] for each in found], [each[1] for each in found]
    return min(xs), min(ys), max(xs), max(ys)


def _box(values: Any) -> dict[str, Any]:
    if not _are_numbers(values) or len(values) not in {4, 6}:
        raise BadGeometry(say("A box has four or six numbers."))
    half = len(values) // 2
    (west, south), (east, north) = values[:2], values[half : half + 2]
    if south > north or west > east:
        raise BadGeometry(say("The first corner of a box is the lower left one."))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _plain(node: Mapping[str, Any]) -> dict[str, Any]:
    if node["type"] == "GeometryCollection":
        return {"type": node["type"], "geometries": [_plain(each) for each in node["geometries"]]}
    return {"type": node["type"], "coordinates": node["coordinates"]}


def _positions(node: Any, level: int = 0) -> Iterator[Sequence[float]]:
    kind = node.get("type") if isinstance(node, Mapping) else None
    if kind == "GeometryCollection" and level == 0 and isinstance(node.get("geometries"), list):
        for each in node["geometries"]:
            yield from _positions(each, 1)
    elif isinstance(kind, str) and kind in _DEPTHS:
        yield from _below(node.get("coordinates"), _DEPTHS[kind], kind)
    else:
        raise BadGeometry(say("This is no geometry: {given}.", given=repr(node)[:80]))


def _below(found: Any, depth: int, kind: str) -> Iterator[Sequence[float]]:
    if depth == 0:
        if not _are_numbers(found) or len(found) not in {2, 3}:
            raise BadGeometry(say("A position is two or three numbers, not {given}.", given=repr(found)[:80]))
        yield found
        return
    if not isinstance(found, Sequence) or isinstance(found, str) or len(found) > MOST_POSITIONS:
        raise BadGeometry(say("The positions of a {kind} are lists.", kind=kind))
    if depth == 1 and "Polygon" in kind and (len(found) < 4 or found[0] != found[-1]):
        raise BadGeometry(say("A ring has at least four positions, and ends where it begins."))
    if depth == 1 and "Line" in kind and len(found) < 2:
        raise BadGeometry(say("A line has at least two positions."))
    for each in found:
        yield from _below(each, depth - 1, kind)


def _are_numbers(values: Any) -> bool:
    return isinstance(values, Sequence) and all(
        isinstance(each, int | float)
        and not isinstance(each, bool)
        and math.isfinite(each)
        and abs(each) < 1e12
        for each in values
    )
