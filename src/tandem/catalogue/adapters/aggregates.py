"""Work out groups and statistics of a Parquet table. SQL is made here and in ``query`` alone, from quoted names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tandem.catalogue.adapters.duck import quoted
from tandem.catalogue.adapters.query import Filter, fetch, where

_FUNCTIONS = {
    "count": "count({})",
    "distinct": "count(DISTINCT {})",
    "sum": "sum({})",
    "avg": "avg({})",
    "median": "median({})",
    "min": "min({})",
    "max": "max({})",
}
_PARTS = {
    "": "{}",
    "year": "year({})",
    "month": "strftime({}, '%Y-%m')",
    "day": "CAST({} AS DATE)",
    "weekday": "isodow({})",
    "hour": "hour({})",
}
_STEPS = {"year": "year", "month": "month", "day": "day"}
EXACT_ROWS = 3_000_000
_QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups with what was worked out for each.

    Attributes:
        rows: The values grouped by, then the measures, in the order asked.
        total: How many groups there are in all.
    """

    rows: list[tuple[Any, ...]]
    total: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a column holds.

    Attributes:
        count: Rows with a value.
        missing: Rows without one.
        distinct: Different values; about, where the table is very long.
        quartiles: A quarter, half and three quarters of the values are at most this; none for texts.
        top: The most frequent values with their counts.
        bars: For numbers and dates: beginning of each interval, and how many values lie in it.
    """

    key: str
    count: int
    missing: int
    distinct: int
    least: Any = None
    most: Any = None
    mean: float | None = None
    deviation: float | None = None
    quartiles: tuple[Any, ...] = ()
    top: list[tuple[Any, int]] = field(default_factory=list)
    bars: list[tuple[Any, int]] = field(default_factory=list)


def groups(
    parquet: Path,
    *,
    by: Sequence[tuple[str, str]],
    measures: Sequence[tuple[str, str]],
    filters: Sequence[Filter] = (),
    order: Sequence[tuple[int, bool]] = (),
    offset: int = 0,
    limit: int = 1_000,
) -> Groups:
    """Return a page of groups.

    Args:
        by: Pairs of column and part of its dates (empty: the values themselves); none makes one group of all.
        measures: Pairs of function and column; an empty column counts rows.
        order: Pairs of the result column's number, from 0, and whether descending; empty values come last.
    """
    condition, values = where(filters)
    keys = [_PARTS[part].format(quoted(key)) for key, part in by]
    worked_out = [
        _FUNCTIONS[function].format(quoted(key)) if key else "count(*)" for function, key in measures
    ]
    grouped = f" GROUP BY {', '.join(str(number + 1) for number in range(len(keys)))}" if keys else ""
    ways = [f"{number + 1} {'DESC' if descending else 'ASC'} NULLS LAST" for number, descending in order]
    ways += [f"{number + 1} ASC NULLS LAST" for number in range(len(keys))]  # no two runs differ
    sorted_by = f" ORDER BY {', '.join(ways)}" if ways else ""
    found = fetch(
        f"SELECT {', '.join([*keys, *worked_out])}, count(*) OVER () FROM read_parquet(?){condition}{grouped}"
        f"{sorted_by} LIMIT {int(limit)} OFFSET {int(offset)}",
        [str(parquet), *values],
    )
    return Groups([row[:-1] for row in found], int(found[0][-1]) if found else 0)


def statistics(
    parquet: Path,
    columns: Sequence[tuple[str, str]],
    *,
    filters: Sequence[Filter] = (),
    rows: int,
    top: int = 10,
) -> list[Statistics]:
    """Return the statistics of columns, of the rows that fit.

    Args:
        columns: Pairs of key and kind.
        rows: How many rows the table has; of very many, different values are counted approximately.
        top: How many of the most frequent values.
    """
    condition, values = where(filters)
    parts = [part for key, kind in columns for part in _summary(quoted(key), kind, exact=rows <= EXACT_ROWS)]
    if not parts:
        return []
    row = fetch(
        f"SELECT count(*), {', '.join(parts)} FROM read_parquet(?){condition}", [str(parquet), *values]
    )[0]
    each = len(parts) // len(columns)
    return [
        _statistics(
            parquet, key, kind, int(row[0]), row[1 + number * each : 1 + (number + 1) * each], filters, top
        )
        for number, (key, kind) in enumerate(columns)
    ]


def _summary(name: str, kind: str, *, exact: bool) -> list[str]:
    """Return seven expressions that sum a column up."""
    is_number, is_ordered = (
        kind in {"integer", "decimal"},
        kind in {"integer", "decimal", "date", "datetime", "time"},
    )
    distinct = f"count(DISTINCT {name})" if exact else f"approx_count_distinct({name})"
    quartiles = f"quantile_disc({name}, {list(_QUARTILES)})"
    if is_number:
        quartiles = f"quantile_cont({name}, {list(_QUARTILES)})"
    return [
        f"count({name})",
        distinct,
        f"min({name})" if is_ordered else "NULL",
        f"max({name})" if is_ordered else "NULL",
        f"avg({name})" if is_number else "NULL",
        f"stddev_samp({name})" if is_number else "NULL",
        quartiles if is_ordered else "NULL",
    ]


def _statistics(
    parquet: Path, key: str, kind: str, rows: int, found: Sequence[Any], filters: Sequence[Filter], top: int
) -> Statistics:
    count, distinct, least, most, mean, deviation, quartiles = found
    return Statistics(
        key=key,
        count=int(count),
        missing=rows - int(count),
        distinct=int(distinct),
        least=least,
        most=most,
        mean=mean,
        deviation=deviation,
        quartiles=tuple(quartiles or ()),
        top=_top(parquet, key, filters, top) if kind != "geometry" and distinct < count else [],
    )


def _top(parquet: Path, key: str, filters: Sequence[Filter], most: int) -> list[tuple[Any, int]]:
    condition, values = where([*filters, Filter(key, "is_null", False)])
    name = quoted(key)
    return [
        (value, int(number))
        for value, number in fetch(
            f"SELECT {name}, count(*) FROM read_parquet(?){condition} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {int(most)}",
            [str(parquet), *values],
        )
    ]


def number_bars(
    parquet: Path, key: str, *, start: float, width: float, filters: Sequence[Filter] = ()
) -> dict[int, int]:
    """Return how many numbers lie in each interval ``[start + n * width, start + (n + 1) * width)``, by ``n``."""
    condition, values = where([*filters, Filter(key, "is_null", False)])
    expression = f"CAST(floor((CAST({quoted(key)} AS DOUBLE) - ?) / ?) AS BIGINT)"
    found = fetch(
        f"SELECT {expression}, count(*) FROM read_parquet(?){condition} GROUP BY 1",
        [start, width, str(parquet), *values],
    )
    return {int(number): int(count) for number, count in found}


def date_bars(parquet: Path, key: str, *, step: str, filters: Sequence[Filter] = ()) -> list[tuple[Any, int]]:
    """Return how many dates lie in each ``year``, ``month`` or ``day``, in order."""
    condition, values = where([*filters, Filter(key, "is_null", False)])
    return [
        (begin, int(count))
        for begin, count in fetch(
            f"SELECT CAST(date_trunc('{_STEPS[step]}', {quoted(key)}) AS DATE), count(*) "
            f"FROM read_parquet(?){condition} GROUP BY 1 ORDER BY 1",
            [str(parquet), *values],
        )
    ]


def pairs(
    parquet: Path, x: str, y: str, *, filters: Sequence[Filter] = (), limit: int
) -> tuple[list[tuple[float, float]], int]:
    """Return pairs of two columns of numbers, and how many rows have both.

    Of more than ``limit`` rows it is the same choice each time, from all over the table.
    """
    both = [*filters, Filter(x, "is_null", False), Filter(y, "is_null", False)]
    condition, values = where(both)
    total = int(fetch(f"SELECT count(*) FROM read_parquet(?){condition}", [str(parquet), *values])[0][0])
    found = fetch(
        f"SELECT CAST({quoted(x)} AS DOUBLE), CAST({quoted(y)} AS DOUBLE) "
        f"FROM read_parquet(?, file_row_number = true){condition} ORDER BY hash(file_row_number) LIMIT {int(limit)}",
        [str(parquet), *values],
    )
    return [(float(a), float(b)) for a, b in found], total
