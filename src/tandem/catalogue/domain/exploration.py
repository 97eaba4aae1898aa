"""What a person asks of a table by its address: ``?f.art=Linde&f.hoehe_m.min=3&sort=-hoehe_m&by=bezirk``.

One grammar for pages, downloads and the HTTP API. ``parse_exploration`` reads an address, ``write_exploration``
writes one, always in the same order and without what goes without saying, so that one thing has one address. An
address that asks for something impossible is told so; it is never silently ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from tandem.catalogue.domain.periods import PARTS
from tandem.core.errors import InvalidInput

ROWS_PER_PAGE = 50
MOST_ROWS_PER_PAGE = 1_000
NUMBERS = frozenset({"integer", "decimal"})
ORDERED = NUMBERS | {"date", "datetime", "time"}
DATES = frozenset({"date", "datetime"})
VIEWS = ("rows", "groups", "chart", "map", "statistics")
CHART_KINDS = ("bar", "column", "line", "scatter", "histogram")
LAYOUTS = ("grouped", "stacked")
# Function → the kinds of column that it takes; None takes every kind.
FUNCTIONS: Mapping[str, frozenset[str] | None] = {
    "count": None,
    "distinct": None,
    "sum": NUMBERS,
    "avg": NUMBERS,
    "median": NUMBERS,
    "min": ORDERED,
    "max": ORDERED,
}
# The end of a parameter's name → the comparison; ``f.art`` alone compares for equality.
SUFFIXES = {
    "": "eq",
    "not": "ne",
    "like": "contains",
    "unlike": "excludes",
    "starts": "starts",
    "min": "gte",
    "max": "lte",
    "in": "within",
    "empty": "is_null",
}
_SUFFIX_OF = {op: suffix for suffix, op in SUFFIXES.items()} | {"in": "", "not_in": "not"}
MOST_GROUPS, MOST_MEASURES, MOST_SORTS, LONGEST_TEXT = 2, 6, 5, 200


class BadQuery(InvalidInput):
    """The address asks for a column, a comparison or a page that there is not."""

    code = "catalogue.bad-query"


class Column(Protocol):
    """What a query needs to know of a column."""

    @property
    def key(self) -> str:
        """Stable and unique in the table."""

    @property
    def name(self) -> str:
        """The header as written."""

    @property
    def kind(self) -> str:
        """What kind of values it holds."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one column.

    Attributes:
        op: ``eq``, ``ne``, ``in``, ``not_in``, ``contains``, ``excludes``, ``starts``, ``gte``, ``lte``, ``within`` or
            ``is_null``.
        value: Of the column's kind; a tuple for ``in`` and ``not_in``, a text for the comparisons of text, a period
            for ``within``, a truth for ``is_null``.
    """

    key: str
    op: str
    value: Any

    @property
    def parameter(self) -> str:
        """The name of its parameter in an address."""
        suffix = _SUFFIX_OF[self.op]
        return f"f.{self.key}.{suffix}" if suffix else f"f.{self.key}"

    @property
    def texts(self) -> list[str]:
        """Its value as an address has it."""
        if self.op == "is_null":
            return ["1" if self.value else "0"]
        return [value_text(each) for each in (self.value if isinstance(self.value, tuple) else (self.value,))]


@dataclass(frozen=True, slots=True)
class Group:
    """What rows are grouped by: the values of a column, or a part of its dates.

    Attributes:
        part: ``year``, ``month``, ``day``, ``weekday``, ``hour``, or empty.
    """

    key: str
    part: str = ""

    def __str__(self) -> str:
        return f"{self.key}.{self.part}" if self.part else self.key


@dataclass(frozen=True, slots=True)
class Measure:
    """What is worked out for each group: a function of a column, or the number of rows.

    Attributes:
        function: One of ``FUNCTIONS``.
        key: The column; empty for the number of rows.
    """

    function: str = "count"
    key: str = ""

    def __str__(self) -> str:
        return f"{self.function}.{self.key}" if self.key else self.function


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a chart shall look.

    Attributes:
        kind: One of ``CHART_KINDS``; empty lets the data decide.
        layout: ``grouped`` or ``stacked``, where there is a second column.
        x: The column of numbers along the bottom of a scatter chart or a histogram.
        y: The column of numbers along the side of a scatter chart.
        title: In the person's own words; empty takes what the data say.
    """

    kind: str = ""
    layout: str = ""
    x: str = ""
    y: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Exploration:
    """Everything that an address asks of a table.

    Attributes:
        search: Words that a row must have, in whatever column of text.
        sort: Pairs of column and whether descending.
        columns: The columns to show, in order; none shows all.
        order: What the groups are sorted by: a group or a measure as an address has it, ``-`` before it for descending;
            empty lets the data decide.
    """

    conditions: tuple[Condition, ...] = ()
    search: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    columns: tuple[str, ...] = ()
    page: int = 1
    per_page: int = ROWS_PER_PAGE
    by: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ()
    order: str = ""
    drawing: Drawing = Drawing()
    view: str = "rows"

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * self.per_page

    @property
    def narrows(self) -> bool:
        """Whether not every row of the table is meant."""
        return bool(self.conditions or self.search)


def value_text(value: Any) -> str:
    """Return a value as an address has it.

    >>> value_text(3.0), value_text(True), value_text(date(2024, 5, 31))
    ('3', 'true', '2024-05-31')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def write_exploration(asked: Exploration) -> list[tuple[str, str]]:
    """Return the parameters of the one address that asks for this.

    ``parse_exploration`` gives the same exploration back.
    """
    drawing = asked.drawing
    sort = ",".join(f"-{key}" if descending else key for key, descending in asked.sort)
    found = [
        ("view", "" if asked.view == "rows" else asked.view),
        ("q", asked.search),
        *((each.parameter, text) for each in asked.conditions for text in each.texts),
        ("sort", sort),
        ("columns", ",".join(asked.columns)),
        ("by", ",".join(map(str, asked.by))),
        ("show", ",".join(map(str, asked.measures))),
        ("order", asked.order),
        ("kind", drawing.kind),
        ("layout", drawing.layout),
        ("x", drawing.x),
        ("y", drawing.y),
        ("title", drawing.title),
        ("page", "" if asked.page == 1 else str(asked.page)),
        ("per_page", "" if asked.per_page == ROWS_PER_PAGE else str(asked.per_page)),
    ]
    return [(name, text) for name, text in found if text]


__all__ = [
    "CHART_KINDS",
    "DATES",
    "FUNCTIONS",
    "LAYOUTS",
    "NUMBERS",
    "ORDERED",
    "PARTS",
    "VIEWS",
    "BadQuery",
    "Column",
    "Condition",
    "Drawing",
    "Exploration",
    "Group",
    "Measure",
    "value_text",
    "write_exploration",
]
