"""Statistics of columns, and what charts are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tandem.catalogue.adapters import aggregates
from tandem.catalogue.adapters.aggregates import Statistics
from tandem.catalogue.domain.charting import (
    MOST_CATEGORIES,
    MOST_POINTS_IN_TIME,
    Intervals,
    Pivot,
    date_step,
    intervals,
    pivot,
)
from tandem.catalogue.domain.exploration import DATES, NUMBERS, Exploration, Measure
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.services import explore, tables
from tandem.catalogue.services.explore import Table

COLUMNS_AT_ONCE = 30
MOST_KEPT = 64
POINTS_DRAWN = 2_000
_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Bars:
    """A histogram.

    Attributes:
        counts: How many values lie in each interval, or in each ``step`` of the calendar.
        intervals: Of numbers; None for dates.
        begins: The first day of each step, of dates.
        step: ``day``, ``month`` or ``year``, of dates.
    """

    counts: list[int]
    intervals: Intervals | None = None
    begins: list[date] | None = None
    step: str = ""


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """The statistics of a column with its histogram, where it has numbers or dates."""

    column: ColumnReport
    found: Statistics
    bars: Bars | None


_kept: dict[tuple[str, tuple[str, ...]], list[ColumnStatistics]] = {}


def statistics_of(table: Table, asked: Exploration) -> list[ColumnStatistics]:
    """Return the statistics of the columns shown, of the rows that fit; of very many columns the first.

    Those of all rows are kept in memory: a version of a table never changes, and a million rows take seconds.
    """
    columns = [c for c in explore.shown_columns(table, asked) if c.kind != "geometry"][:COLUMNS_AT_ONCE]
    if asked.narrows:
        return _worked_out(table, asked, columns)
    key = (str(table.version.pk), tuple(column.key for column in columns))
    found = _kept.get(key)
    if found is None:
        found = _worked_out(table, asked, columns)
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept), key), None)
        _kept[key] = found
    return found


def _worked_out(table: Table, asked: Exploration, columns: Sequence[ColumnReport]) -> list[ColumnStatistics]:
    found = aggregates.statistics(
        tables.table_of(table.version),
        [(column.key, column.kind) for column in columns],
        filters=explore.filters_of(table, asked),
        rows=table.version.rows,
    )
    return [
        ColumnStatistics(column, each, _bars(table, asked, column, each))
        for column, each in zip(columns, found, strict=True)
    ]


def histogram_of(table: Table, asked: Exploration, key: str) -> Bars | None:
    """Return the histogram of a column of the rows that fit; None where there is nothing to draw."""
    column = table.column(key)
    if column is None:
        return None
    (found,) = aggregates.statistics(
        tables.table_of(table.version),
        [(key, column.kind)],
        filters=explore.filters_of(table, asked),
        rows=table.version.rows,
        top=1,
    )
    return _bars(table, asked, column, found)


def _bars(table: Table, asked: Exploration, column: ColumnReport, found: Statistics) -> Bars | None:
    if found.least is None or column.kind not in NUMBERS | DATES:
        return None
    path, filters = tables.table_of(table.version), explore.filters_of(table, asked)
    if column.kind in NUMBERS:
        cut = intervals(float(found.least), float(found.most), whole=column.kind == "integer")
        counts = aggregates.number_bars(path, column.key, start=cut.start, width=cut.width, filters=filters)
        return Bars(cut.spread(counts), intervals=cut)
    step = date_step(_day(found.least), _day(found.most))
    counted = aggregates.date_bars(path, column.key, step=step, filters=filters)
    return Bars([count for _begin, count in counted], begins=[_day(begin) for begin, _ in counted], step=step)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Drawn:
    """Groups, ready to be drawn.

    Attributes:
        rows: Group and measure; of two groups the first, the second, and the measure.
        left_out: How many groups are not here.
    """

    rows: Sequence[tuple[Any, ...]]
    left_out: int
    in_order: bool


def groups_drawn(table: Table, asked: Exploration) -> Drawn:
    """Return the groups by one column that a chart shows: all points in time, else the largest."""
    in_order = explore.has_order(table, asked.by[0])
    most = MOST_POINTS_IN_TIME if in_order else MOST_CATEGORIES
    found = explore.groups_of(table, replace(asked, page=1, per_page=most))
    return Drawn(found.rows, found.total - len(found.rows), in_order)


def series_drawn(table: Table, asked: Exploration) -> Pivot:
    """Return the groups by two columns, arranged as series."""
    measures = asked.measures[:1] or (Measure(),)
    found = explore.groups_of(table, replace(asked, page=1, per_page=_CELLS, measures=measures, order=""))
    rows = [(row[0], row[1], row[2]) for row in found.rows]
    first, second = (explore.has_order(table, each) for each in asked.by)
    return pivot(rows, in_order=first, series_in_order=second)


def points_drawn(table: Table, asked: Exploration) -> tuple[list[tuple[float, float]], int]:
    """Return the points of a scatter chart, and how many rows have both numbers."""
    return aggregates.pairs(
        tables.table_of(table.version),
        asked.drawing.x,
        asked.drawing.y,
        filters=explore.filters_of(table, asked),
        limit=POINTS_DRAWN,
    )
