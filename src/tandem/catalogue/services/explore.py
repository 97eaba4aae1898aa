"""Look into a table: rows, choices to filter by, groups to draw, places to map, files to take away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tandem.catalogue.adapters import aggregates, export, query, workbook
from tandem.catalogue.adapters.query import Filter
from tandem.catalogue.domain.exploration import (
    DATES,
    NUMBERS,
    ORDERED,
    Condition,
    Exploration,
    Group,
    Measure,
)
from tandem.catalogue.domain.exploration_parse import parse_exploration
from tandem.catalogue.domain.report import ColumnReport, LoadReport
from tandem.catalogue.models import TableVersion
from tandem.catalogue.services import tables
from tandem.core.errors import InvalidInput
from tandem.core.text import say

CHOICES_PER_COLUMN = 12
MOST_CHOICES = 40
FORMATS = ("csv", "json", "jsonl", "parquet", "xlsx", "geojson")
GROUP_FORMATS = ("csv", "json", "jsonl", "xlsx")
MOST_GROUPS_EXPORTED = 1_000_000


class NoSuchFormat(InvalidInput):
    """The table cannot be had in that format."""

    code = "catalogue.no-such-format"

    def __init__(self, wanted: str) -> None:
        super().__init__(
            say(
                "There is no format {wanted} here. Known: original, {formats}.",
                wanted=repr(wanted),
                formats=", ".join(FORMATS),
            )
        )


class TooLongForWorkbook(InvalidInput):
    """The rows are too many for a workbook."""

    code = "catalogue.too-long-for-workbook"

    def __init__(self, rows: int) -> None:
        super().__init__(
            say(
                "These are {rows} rows; a workbook holds {most} here. Filter first, or take CSV or Parquet.",
                rows=rows,
                most=workbook.MOST_ROWS,
            )
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table version, ready to be asked."""

    version: TableVersion
    report: LoadReport

    @classmethod
    def of(cls, version: TableVersion) -> "Table":
        """Return the table of a version."""
        return cls(version, tables.report_of(version))

    @property
    def columns(self) -> Sequence[ColumnReport]:
        """The columns, in the file's order."""
        return self.report.columns

    def column(self, key: str) -> ColumnReport | None:
        """Return the column of that key."""
        return next((column for column in self.columns if column.key == key), None)

    def by_role(self, role: str) -> ColumnReport | None:
        """Return the column that plays a role (``latitude`` …), as far as the file shows it."""
        return next((column for column in self.columns if column.profile.role == role), None)

    @property
    def has_places(self) -> bool:
        """True where rows have coordinates or a geometry."""
        both = self.by_role("latitude") and self.by_role("longitude")
        return bool(both or self.by_role("geometry"))

    def ask(self, parameters: Mapping[str, Sequence[str]]) -> Exploration:
        """Return what an address asks of the table.

        Raises:
            BadQuery: Something that cannot be.
        """
        return parse_exploration(parameters, self.columns)


def shown_columns(table: Table, asked: Exploration) -> list[ColumnReport]:
    """Return the columns to show, in the order asked."""
    chosen = [table.column(key) for key in asked.columns]
    return [column for column in chosen if column] or list(table.columns)


def rows_of(table: Table, asked: Exploration) -> query.Page:
    """Return one page of rows, with the number of all that fit."""
    return query.rows(
        tables.table_of(table.version),
        filters=filters_of(table, asked),
        sort=asked.sort,
        offset=asked.offset,
        limit=asked.per_page,
        columns=asked.columns or None,
    )


def count_of(table: Table, asked: Exploration) -> int:
    """Return how many rows fit."""
    if not asked.narrows:
        return table.version.rows
    return query.count(tables.table_of(table.version), filters=filters_of(table, asked))


def choices_of(table: Table, asked: Exploration) -> dict[str, list[tuple[Any, int]]]:
    """Return the values to choose from, with counts, of each column that has few.

    Where no other column narrows the rows, the counts are those of the column's profile.
    """
    columns = [column for column in table.columns if is_choice(column)][:CHOICES_PER_COLUMN]
    narrowed = [
        c.key
        for c in columns
        if asked.search or any(condition.key != c.key for condition in asked.conditions)
    ]
    found = {c.key: c.profile.top[:MOST_CHOICES] for c in columns if c.key not in narrowed}
    if narrowed:
        path = tables.table_of(table.version)
        found |= query.facets(path, narrowed, filters=filters_of(table, asked), limit=MOST_CHOICES)
    return found


def is_choice(column: ColumnReport) -> bool:
    """Return whether a column is filtered by ticking values: few of them, and no number or date."""
    return column.kind == "boolean" or (column.kind == "text" and 1 < column.profile.distinct <= MOST_CHOICES)


def groups_of(table: Table, asked: Exploration) -> aggregates.Groups:
    """Return one page of the groups, with each measure; one group of everything where nothing is grouped by."""
    measures = asked.measures or (Measure(),)
    return aggregates.groups(
        tables.table_of(table.version),
        by=[(each.key, each.part) for each in asked.by],
        measures=[(each.function, each.key) for each in measures],
        filters=filters_of(table, asked),
        order=_order(table, asked, measures),
        offset=asked.offset,
        limit=asked.per_page,
    )


def _order(table: Table, asked: Exploration, measures: Sequence[Measure]) -> list[tuple[int, bool]]:
    names = [*map(str, asked.by), *map(str, measures)]
    if asked.order:
        return [(names.index(asked.order.removeprefix("-")), asked.order.startswith("-"))]
    if not asked.by or has_order(table, asked.by[0]):
        return []
    return [(len(asked.by), True)]


def has_order(table: Table, group: Group) -> bool:
    """Return whether the values grouped by have an order of their own, such as dates."""
    column = table.column(group.key)
    return bool(group.part) or (column is not None and column.kind in ORDERED - NUMBERS)


def first_question(table: Table) -> tuple[Group, Measure]:
    """Return the chart that the table is shown with before anybody asks: the likeliest grouping."""
    dates = [column for column in table.columns if column.kind in DATES and column.profile.distinct > 1]
    few = [
        column
        for column in table.columns
        if is_choice(column) and column.profile.distinct < column.rows - column.nulls
    ]
    numbers = [column for column in table.columns if column.kind in NUMBERS and not column.profile.role]
    by = (few or dates or list(table.columns))[0]
    measure = Measure("avg", numbers[0].key) if numbers and by in dates else Measure()
    return Group(by.key), measure


def features_of(table: Table, asked: Exploration, *, limit: int) -> dict[str, Any]:
    """Return the rows that have a place, as a GeoJSON feature collection."""
    return query.features(
        tables.table_of(table.version), table.columns, filters=filters_of(table, asked), limit=limit
    )


def export_rows(table: Table, asked: Exploration, wanted: str) -> Iterator[bytes]:
    """Return the rows that fit, in a format, as a stream.

    Raises:
        NoSuchFormat: The format is unknown, or the table has no places for GeoJSON.
        TooLongForWorkbook: There are more rows than a workbook is made of.
    """
    if wanted not in FORMATS or (wanted == "geojson" and not table.has_places):
        raise NoSuchFormat(wanted)
    if wanted == "xlsx":
        _check_length(count_of(table, asked))
    return export.stream(
        tables.table_of(table.version),
        wanted,
        columns=table.columns if wanted == "geojson" else shown_columns(table, asked),
        filters=filters_of(table, asked),
        sort=asked.sort,
    )


def export_groups(table: Table, asked: Exploration, wanted: str, names: Sequence[str]) -> Iterator[bytes]:
    """Return all groups with their measures, in a format.

    Args:
        names: The heads of the columns: of the groups, then of the measures.

    Raises:
        NoSuchFormat: The format is unknown.
        TooLongForWorkbook: There are more groups than a workbook is made of.
    """
    if wanted not in GROUP_FORMATS:
        raise NoSuchFormat(wanted)
    keys = [str(each) for each in (*asked.by, *(asked.measures or (Measure(),)))]
    found = groups_of(table, replace(asked, page=1, per_page=MOST_GROUPS_EXPORTED))
    if wanted == "xlsx":
        _check_length(found.total)
    return export.written([found.rows], wanted, keys=keys, names=names)


def _check_length(rows: int) -> None:
    if rows > workbook.MOST_ROWS:
        raise TooLongForWorkbook(rows)


def filters_of(table: Table, asked: Exploration) -> list[Filter]:
    """Return the conditions as the tables take them."""
    filters = [_filter(each) for each in asked.conditions]
    if asked.search:
        looked_in = tuple(column.key for column in table.columns if column.kind == "text")
        words = asked.search.split()
        if any(character.isdigit() for character in asked.search):
            looked_in += tuple(column.key for column in table.columns if column.kind in NUMBERS | DATES)
        filters.append(Filter("", "search", words, looked_in))
    return filters


def _filter(condition: Condition) -> Filter:
    value = condition.value
    if condition.op == "within":
        value = value.bounds
    elif isinstance(value, tuple):
        value = list(value)
    return Filter(condition.key, condition.op, value)
