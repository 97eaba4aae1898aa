"""CKAN's datastore_search: rows of a table."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from tandem.catalogue.adapters import query
from tandem.catalogue.adapters.query import Filter
from tandem.catalogue.domain.ckan_values import BadPackage
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.models import Distribution
from tandem.catalogue.services import tables
from tandem.catalogue.services.ckan_packages import NotHere
from tandem.catalogue.services.explore import Table

MOST_ROWS = 32_000
FORMATS = ("objects", "lists", "csv", "tsv")
_TYPES = {
    "integer": "int8",
    "decimal": "numeric",
    "boolean": "bool",
    "date": "date",
    "datetime": "timestamp",
    "time": "time",
}


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """What a client asks of a table.

    Attributes:
        filters: For each column its value, or the values that it may have.
        q: Words that a row must hold, or words for each column.
        fields: Columns to return, all without it.
    """

    filters: Mapping[str, Any] = field(default_factory=dict)
    q: str | Mapping[str, Any] = ""
    limit: int = 100
    offset: int = 0
    fields: Sequence[str] = ()
    sort: str = ""
    with_total: bool = True
    records_format: str = "objects"


def find_rows(row: Distribution, asked: RowsAsked) -> dict[str, Any]:
    """Return what datastore_search answers.

    Raises:
        NotHere: The resource is no table.
        BadPackage: A column or a format that there is not.
    """
    table = table_of(row)
    if asked.records_format not in FORMATS:
        raise BadPackage({"records_format": [f"Must be one of {', '.join(FORMATS)}"]})
    columns = [_column(table, name, "fields") for name in asked.fields] or list(table.columns)
    filters = [*_filters(table, asked.filters), *_searched(table, asked.q)]
    page = query.rows(
        tables.table_of(table.version),
        filters=filters,
        sort=_sorted(table, asked.sort),
        offset=asked.offset,
        limit=min(asked.limit, MOST_ROWS),
        columns=[column.key for column in columns],
    )
    total = {"total": page.total, "total_was_estimated": False} if asked.with_total else {}
    return {
        "include_total": asked.with_total,
        "resource_id": str(row.pk),
        "limit": asked.limit,
        "offset": asked.offset,
        "records_format": asked.records_format,
        "fields": [_field(column) for column in columns],
        "records": _records(page.rows, columns, asked.records_format),
        **total,
    }


def table_info(row: Distribution) -> dict[str, Any]:
    """Return what datastore_info answers: the columns, and how many rows there are.

    Raises:
        NotHere: The resource is no table.
    """
    table = table_of(row)
    fields = [_field(column) for column in table.columns]
    return {
        "meta": {"id": str(row.pk), "count": table.version.rows, "table_type": "BASE TABLE"},
        "fields": fields,
    }


def table_of(row: Distribution) -> Table:
    """Return the table of a resource.

    Raises:
        NotHere: It has none.
    """
    if row.current is None or not row.current.report:
        raise NotHere("table of the resource", str(row.pk))
    return Table.of(row.current)


def _field(column: ColumnReport) -> dict[str, Any]:
    return {"id": column.key, "type": _TYPES.get(column.kind, "text"), "info": {"label": column.name}}


def _column(table: Table, name: Any, where: str) -> ColumnReport:
    found = next((each for each in table.columns if name in (each.key, each.name)), None)
    if found is None:
        known = ", ".join(each.key for each in table.columns)
        raise BadPackage({where: [f"There is no column {str(name)[:60]!r}. The table has: {known}"]})
    return found


def _filters(table: Table, filters: Mapping[str, Any]) -> list[Filter]:
    found = []
    for name, value in filters.items():
        key = _column(table, name, "filters").key
        values = value if isinstance(value, list) else [value]
        if not all(each is None or isinstance(each, str | int | float | bool) for each in values):
            raise BadPackage({"filters": [f"{name}: must be a value or a list of values"]})
        if values == [None]:
            found.append(Filter(key, "is_null", True))
        else:
            found.append(Filter(key, "in", [each for each in values if each is not None]))
    return found


def _searched(table: Table, q: str | Mapping[str, Any]) -> list[Filter]:
    if isinstance(q, str):
        keys = [column.key for column in table.columns]
        words = q.split()[:20]
        return [Filter("", "search", words, tuple(keys))] if words else []
    return [
        Filter(_column(table, name, "q").key, "contains", word)
        for name, words in q.items()
        for word in str(words).split()[:20]
    ]


def _sorted(table: Table, sort: str) -> list[tuple[str, bool]]:
    found = []
    for part in filter(None, (each.strip() for each in sort.split(","))):
        name, _space, direction = part.rpartition(" ")
        named = direction.lower() in {"asc", "desc"} and name
        column = _column(table, (name if named else part).strip().strip('"'), "sort")
        found.append((column.key, bool(named) and direction.lower() == "desc"))
    return found


# --- records ------------------------------------------------------------------------------------
def _records(rows: Sequence[Sequence[Any]], columns: Sequence[ColumnReport], wanted: str) -> Any:
    plain = [[_plain(value) for value in row] for row in rows]
    if wanted == "objects":
        keys = [column.key for column in columns]
        return [dict(zip(keys, row, strict=True)) for row in plain]
    if wanted == "lists":
        return plain
    written = io.StringIO()
    csv.writer(written, delimiter="," if wanted == "csv" else "\t", lineterminator="\n").writerows(plain)
    return written.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | list | dict) or value is None else str(value)
