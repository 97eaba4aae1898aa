"""Ask a Parquet table: rows, counts to filter by, groups to draw, places to map.

SQL is made here alone, from quoted column names and bound values; who asks never writes any.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters.duck import quoted, reading
from tandem.catalogue.adapters.geojson import centre
from tandem.catalogue.domain.report import ColumnReport
from tandem.core.errors import InvalidInput, Unavailable
from tandem.core.text import say

_SIGNS = {"eq": "=", "ne": "IS DISTINCT FROM", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_FUNCTIONS = {"count": "count(*)", "sum": "sum({})", "avg": "avg({})", "min": "min({})", "max": "max({})"}


class UnknownComparison(InvalidInput):
    """There is no such comparison."""

    code = "catalogue.query.unknown-comparison"

    def __init__(self, op: str) -> None:
        super().__init__(
            say(
                "There is no comparison {op}. Known: {signs}.",
                op=repr(op),
                signs=", ".join((*_SIGNS, "contains", "in", "is_null")),
            )
        )


class TableBroken(Unavailable):
    """The cached table cannot be read."""

    code = "catalogue.query.table-broken"

    def __init__(self, problem: str) -> None:
        super().__init__(
            say("The table cannot be read ({problem}). Mend it with: tandem rebuild tables", problem=problem)
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a column.

    Attributes:
        value: A list for ``in``, a truth for ``is_null``, a text and the columns to look in for ``anywhere``.
    """

    key: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and how many fit in all."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    total: int


def where(filters: Iterable[Filter]) -> tuple[str, list[Any]]:
    """Return the WHERE clause of conditions, and its values.

    Raises:
        UnknownComparison: A condition has an ``op`` that there is not.
    """
    parts, values = [], []
    for each in filters:
        name = quoted(each.key)
        if each.op == "is_null":
            parts.append(f"{name} IS {'' if each.value else 'NOT '}NULL")
        elif each.op == "in":
            parts.append(f"{name} IN ({', '.join('?' * len(each.value))})" if each.value else "false")
            values.extend(each.value)
        elif each.op == "contains":
            parts.append(f"contains(lower(CAST({name} AS VARCHAR)), lower(?))")
            values.append(str(each.value))
        elif each.op == "anywhere":
            text, keys = each.value
            whole = ", ".join(f"CAST({quoted(key)} AS VARCHAR)" for key in keys)
            parts.append(f"contains(lower(concat_ws(chr(31), {whole})), lower(?))")
            values.append(str(text))
        elif each.op in _SIGNS:
            parts.append(f"{name} {_SIGNS[each.op]} ?")
            values.append(each.value)
        else:
            raise UnknownComparison(each.op)
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def _ask(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    try:
        return reading().execute(sql, list(values)).fetchall()
    except duckdb.ConversionException as error:
        raise InvalidInput(
            say("A value does not fit its column: {problem}", problem=str(error).partition("\n")[0])
        ) from error
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise TableBroken(str(error).partition("\n")[0]) from error


def column_keys_of(parquet: Path) -> list[str]:
    """Return the keys of a table's columns, in order."""
    rows = _ask(
        "SELECT name FROM parquet_schema(?) WHERE num_children IS NULL OR num_children = 0", [str(parquet)]
    )
    return [str(row[0]) for row in rows]


def rows(
    parquet: Path,
    *,
    filters: Sequence[Filter] = (),
    sort: Sequence[tuple[str, bool]] = (),
    offset: int = 0,
    limit: int = 50,
    columns: Sequence[str] | None = None,
) -> Page:
    """Return rows in the file's order, or sorted, with the number of all that fit.

    Args:
        sort: Pairs of column and whether descending; empty values come last.
    """
    condition, values = where(filters)
    names = ", ".join(quoted(key) for key in columns) if columns else "*"
    order = ", ".join(
        f"{quoted(key)} {'DESC' if descending else 'ASC'} NULLS LAST" for key, descending in sort
    )
    by = f" ORDER BY {order}" if order else ""
    found = _ask(
        f"SELECT {names} FROM read_parquet(?){condition}{by} LIMIT {int(limit)} OFFSET {int(offset)}",
        [str(parquet), *values],
    )
    keys = list(columns) if columns else column_keys_of(parquet)
    return Page(keys, found, count(parquet, filters=filters))


def count(parquet: Path, *, filters: Sequence[Filter] = ()) -> int:
    """Return how many rows fit."""
    condition, values = where(filters)
    return int(_ask(f"SELECT count(*) FROM read_parquet(?){condition}", [str(parquet), *values])[0][0])


def facets(
    parquet: Path, keys: Sequence[str], *, filters: Sequence[Filter] = (), limit: int = 20
) -> dict[str, list[tuple[Any, int]]]:
    """Return the commonest values of columns with their counts; a column's own conditions do not narrow it."""
    found = {}
    for key in keys:
        condition, values = where(each for each in filters if each.key != key)
        name = quoted(key)
        found[key] = [
            (value, int(number))
            for value, number in _ask(
                f"SELECT {name}, count(*) FROM read_parquet(?){condition} GROUP BY 1 "
                f"ORDER BY 2 DESC, 1 LIMIT {int(limit)}",
                [str(parquet), *values],
            )
        ]
    return found


def group(
    parquet: Path,
    *,
    by: str,
    measure: str | None,
    function: str,
    filters: Sequence[Filter] = (),
    limit: int = 30,
    order: str = "value",
) -> list[tuple[Any, float | None]]:
    """Return a function of a column for each value of another.

    Args:
        measure: Column of numbers; None counts rows.
        function: ``count``, ``sum``, ``avg``, ``min`` or ``max``.
        order: ``value`` gives the largest first, ``key`` follows the grouped column.
    """
    condition, values = where(filters)
    what = _FUNCTIONS[function].format(quoted(measure)) if measure else "count(*)"
    by_what = "1" if order == "key" else "2 DESC NULLS LAST, 1"
    return [
        (key, value)
        for key, value in _ask(
            f"SELECT {quoted(by)}, {what} FROM read_parquet(?){condition} GROUP BY 1 "
            f"ORDER BY {by_what} LIMIT {int(limit)}",
            [str(parquet), *values],
        )
    ]


def features(
    parquet: Path, columns: Sequence[ColumnReport], *, filters: Sequence[Filter] = (), limit: int = 1_000
) -> dict[str, Any]:
    """Return rows that have a place as a GeoJSON feature collection (WGS 84)."""
    condition, values = where(filters)
    found = _ask(f"SELECT * FROM read_parquet(?){condition} LIMIT {int(limit)}", [str(parquet), *values])
    made = (feature(row, columns) for row in found)
    return {"type": "FeatureCollection", "features": [each for each in made if each is not None]}


def feature(row: Sequence[Any], columns: Sequence[ColumnReport]) -> dict[str, Any] | None:
    """Return a row as a GeoJSON feature, or None where it has no place."""
    properties, latitude, longitude, geometry = {}, None, None, None
    for column, value in zip(columns, row, strict=True):
        role = column.profile.role
        if role == "geometry":
            geometry = json.loads(value) if value else None
            continue
        latitude = value if role == "latitude" else latitude
        longitude = value if role == "longitude" else longitude
        properties[column.key] = value.isoformat() if hasattr(value, "isoformat") else value
    if geometry is None and latitude is not None and longitude is not None:
        geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    if geometry is None or centre(geometry) is None:
        return None
    return {"type": "Feature", "geometry": geometry, "properties": properties}
