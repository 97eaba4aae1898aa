"""What GeoJSON is: how such a file begins, and the middle of a geometry."""

import re
from typing import Any


def is_json(head: bytes) -> bool:
    """Return whether a file begins like JSON."""
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return begin.startswith(b"{") or re.match(rb"\[\s*[{\]]", begin) is not None


def centre(geometry: dict[str, Any]) -> tuple[float, float] | None:
    """Return the middle of a geometry's bounds: (longitude, latitude) in degrees; None where it has no points."""
    points = list(_points(geometry.get("coordinates") or geometry.get("geometries") or []))
    if not points:
        return None
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _points(found: Any) -> Any:
    if isinstance(found, dict):
        yield from _points(found.get("coordinates") or [])
    elif found and isinstance(found[0], int | float):
        yield found
    else:
        for each in found:
            yield from _points(each)
