"""The conditions that features must meet: boxes, times, values of columns, and a filter."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tandem.catalogue.domain.cql2 import Names, Term, condition_of, quoted, touching
from tandem.catalogue.domain.cql2_geometry import bounds_of
from tandem.catalogue.domain.crs import Box, ring_of_box
from tandem.catalogue.domain.feature_query import FeatureQuery
from tandem.catalogue.domain.moments import Interval


def conditions_of(
    asked: FeatureQuery, names: Names, *, filter_: Any, time_key: str, metres: Names
) -> list[Term]:
    """Return what a feature must meet.

    Args:
        names: What a filter may name.
        filter_: The filter in CQL2's JSON form; None without one.
        time_key: Column whose time counts; empty where the table has none, and then every time fits.
        metres: As ``names``, where a geometry is written in the box's system.
    """
    terms = [_of_value(quoted(key), names.kinds[key], value) for key, value in asked.equals]
    if asked.boxes:
        terms.append(_any_of([_of_box(names, box) for box in asked.boxes]))
    if asked.box:
        ring = {"type": "Polygon", "coordinates": [ring_of_box(asked.box[0], str(asked.box[0]))]}
        placed = metres.in_degrees(json.dumps(ring))
        exact = Term(f"TRY(ST_Intersects({names.geometry}, ST_GeomFromGeoJSON(?)))", (placed,))
        terms.append(touching(names.box, bounds_of(json.loads(placed)), exact))
    if asked.interval and time_key:
        terms.extend(_of_time(quoted(time_key), names.kinds[time_key], asked.interval))
    if filter_ is not None:
        terms.append(condition_of(filter_, names))
    return terms


def _of_box(names: Names, box: Box) -> Term:
    west, south, east, north = names.box
    if west == east and south == north:  # points: being near is being inside
        return touching(names.box, box)
    inside = f"({west} >= ? AND {east} <= ? AND {south} >= ? AND {north} <= ?)"
    outline = f"TRY(ST_Intersects({names.geometry}, ST_MakeEnvelope(?, ?, ?, ?)))"
    exact = Term(f"({inside} OR {outline})", (box[0], box[2], box[1], box[3], *box))
    return touching(names.box, box, exact)


def _any_of(terms: list[Term]) -> Term:
    values = tuple(value for term in terms for value in term.values)
    return Term(f"({' OR '.join(term.sql for term in terms)})", values)


def _of_time(column: str, kind: str, interval: Interval) -> Iterator[Term]:
    for sign, end in ((">=", interval.start), ("<=", interval.end)):
        if end is not None:
            yield Term(f"({column} {sign} ?)", (end.date() if kind == "date" else end,))


def _of_value(column: str, kind: str, value: Any) -> Term:
    if kind == "time":
        return Term(f"({column} = TRY_CAST(? AS TIME))", (value,))
    if kind in {"date", "datetime"}:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        if is_day != (kind == "date"):
            return Term(f"(CAST({column} AS DATE) = CAST(? AS DATE))", (value,))
    return Term(f"({column} = ?)", (value,))
