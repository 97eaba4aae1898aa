"""Look into a table: rows, choices to filter by, groups to draw, places to map, files to take away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tandem.catalogue.adapters import export, query
from tandem.catalogue.adapters.query import Filter
from tandem.catalogue.domain.exploration import NUMBERS, ORDERED, Exploration, parse_exploration
from tandem.catalogue.domain.report import ColumnReport, LoadReport
from tandem.catalogue.models import TableVersion
from tandem.catalogue.services import tables
from tandem.core.errors import InvalidInput
from tandem.core.text import say

CHOICES_PER_COLUMN = 12
MOST_CHOICES = 40
GROUPS_DRAWN = 30
FORMATS = ("csv", "json", "parquet", "geojson")


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


def rows_of(table: Table, asked: Exploration) -> query.Page:
    """Return one page of rows, with the number of all that fit."""
    return query.rows(
        tables.table_of(table.version),
        filters=_filters(asked),
        sort=[(asked.sort, asked.descending)] if asked.sort else [],
        offset=asked.offset,
        limit=asked.per_page,
    )


def count_of(table: Table, asked: Exploration) -> int:
    """Return how many rows fit."""
    if not asked.conditions:
        return table.version.rows
    return query.count(tables.table_of(table.version), filters=_filters(asked))


def choices_of(table: Table, asked: Exploration) -> dict[str, list[tuple[Any, int]]]:
    """Return the values to choose from, with counts, of each column that has few.

    Where no other column narrows the rows, the counts are those of the column's profile.
    """
    columns = [column for column in table.columns if is_choice(column)][:CHOICES_PER_COLUMN]
    narrowed = [c.key for c in columns if any(condition.key != c.key for condition in asked.conditions)]
    found = {c.key: c.profile.top[:MOST_CHOICES] for c in columns if c.key not in narrowed}
    if narrowed:
        path = tables.table_of(table.version)
        found |= query.facets(path, narrowed, filters=_filters(asked), limit=MOST_CHOICES)
    return found


def is_choice(column: ColumnReport) -> bool:
    """Return whether a column is filtered by ticking values: few of them, and no number or date."""
    return column.kind == "boolean" or (column.kind == "text" and 1 < column.profile.distinct <= MOST_CHOICES)


def groups_of(table: Table, asked: Exploration) -> list[tuple[Any, float | None]]:
    """Return the values of ``asked.by`` with the asked function of the measure."""
    column = table.column(asked.by)
    ordered = column is not None and column.kind in ORDERED - NUMBERS
    return query.group(
        tables.table_of(table.version),
        by=asked.by,
        measure=asked.measure or None,
        function=asked.function,
        filters=_filters(asked),
        limit=1_000 if ordered else GROUPS_DRAWN,
        order="key" if ordered else "value",
    )


def first_question(table: Table) -> Exploration:
    """Return the chart that the table is shown with before anybody asks: the likeliest grouping."""
    dates = [
        column
        for column in table.columns
        if column.kind in {"date", "datetime"} and column.profile.distinct > 1
    ]
    few = [column for column in table.columns if is_choice(column)]
    numbers = [column for column in table.columns if column.kind in NUMBERS and not column.profile.role]
    by = (few or dates or list(table.columns))[0]
    measure = numbers[0].key if numbers and by in dates else ""
    return Exploration(by=by.key, measure=measure, function="avg" if measure else "count")


def features_of(table: Table, asked: Exploration, *, limit: int) -> dict[str, Any]:
    """Return the rows that have a place, as a GeoJSON feature collection."""
    return query.features(tables.table_of(table.version), table.columns, filters=_filters(asked), limit=limit)


def export_rows(table: Table, asked: Exploration, wanted: str) -> Iterator[bytes]:
    """Return the rows that fit, in a format, as a stream.

    Raises:
        NoSuchFormat: The format is unknown, or the table has no places for GeoJSON.
    """
    if wanted not in FORMATS or (wanted == "geojson" and not table.has_places):
        raise NoSuchFormat(wanted)
    everything = replace(asked, page=1)
    sort = [(asked.sort, asked.descending)] if asked.sort else []
    return export.stream(
        tables.table_of(table.version), wanted, columns=table.columns, filters=_filters(everything), sort=sort
    )


def _filters(asked: Exploration) -> list[Filter]:
    return [Filter(condition.key, condition.op, condition.value) for condition in asked.conditions]
