"""JSON files as tables: GeoJSON, an array of objects, one object a line."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GEOMETRY = "geometry"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class JsonRows:
    """A JSON file as rows: scalars as they are, geometries and nested values as JSON texts."""

    names: list[str]
    rows: list[list[Any]]
    has_geometry: bool

    def kind(self, number: int) -> str:
        """Return the kind of a column, from all of its values."""
        if self.has_geometry and number == len(self.names) - 1:
            return GEOMETRY
        values = [row[number] for row in self.rows if row[number] is not None]
        kinds = {type(value) for value in values}
        if kinds == {bool}:
            return "boolean"
        if kinds == {int}:
            return "integer"
        if kinds and kinds <= {int, float}:
            return "decimal"
        if kinds == {str} and all(_DATE.fullmatch(value) for value in values):
            return "date"
        return "text"


def is_json(head: bytes) -> bool:
    """Return whether a file begins like JSON."""
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return begin.startswith(b"{") or re.match(rb"\[\s*[{\]]", begin) is not None


def read(plain: Path) -> JsonRows:
    """Read a JSON file.

    Raises:
        ValueError: It is no JSON, or no table in it.
    """
    content = plain.read_text("utf-8-sig")
    try:
        found = json.loads(content)
    except json.JSONDecodeError:
        found = [json.loads(line) for line in content.splitlines() if line.strip()]
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        return _features(found.get("features") or [])
    if isinstance(found, dict):
        lists = [
            value
            for value in found.values()
            if isinstance(value, list) and value and isinstance(value[0], dict)
        ]
        found = max(lists, key=len, default=[found])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ValueError("there is no list of objects in it")
    return _table(found, [])


def _features(features: Sequence[Any]) -> JsonRows:
    proper = [each for each in features if isinstance(each, dict)]
    return _table(
        [each.get("properties") or {} for each in proper], [each.get("geometry") for each in proper]
    )


def _table(objects: Sequence[dict[str, Any]], geometries: Sequence[Any]) -> JsonRows:
    names = list(dict.fromkeys(name for each in objects for name in each))
    mixed = {name for name in names if len({_family(each.get(name)) for each in objects} - {""}) > 1}
    rows = [[_scalar(each.get(name), name in mixed) for name in names] for each in objects]
    if geometries:
        for row, geometry in zip(rows, geometries, strict=True):
            row.append(json.dumps(geometry) if geometry else None)
        names = [*names, GEOMETRY]
    return JsonRows(names, rows, bool(geometries))


def _family(value: Any) -> str:
    return "" if value is None else "number" if type(value) in {int, float} else type(value).__name__


def _scalar(value: Any, as_text: bool) -> Any:
    if value is None or (isinstance(value, str | int | float | bool) and not as_text):
        return value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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
