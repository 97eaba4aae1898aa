"""What was asked of a table, in words: conditions, groups, measures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from tandem.catalogue.domain.exploration import Condition, Exploration, Group, Measure, write_exploration
from tandem.catalogue.domain.periods import Period
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.services.explore import Table
from tandem.catalogue.views import shown

FUNCTIONS: Mapping[str, Promise] = {
    "count": gettext_lazy("number of values"),
    "distinct": gettext_lazy("number of different values"),
    "sum": gettext_lazy("sum"),
    "avg": gettext_lazy("mean"),
    "median": gettext_lazy("median"),
    "min": gettext_lazy("smallest value"),
    "max": gettext_lazy("largest value"),
}
PARTS: Mapping[str, Promise] = {
    "year": gettext_lazy("year"),
    "month": gettext_lazy("month"),
    "day": gettext_lazy("day"),
    "weekday": gettext_lazy("day of the week"),
    "hour": gettext_lazy("hour"),
}
_CONDITIONS: Mapping[str, Promise] = {
    "eq": gettext_lazy("%(column)s: %(value)s"),
    "in": gettext_lazy("%(column)s: %(value)s"),
    "ne": gettext_lazy("%(column)s: not %(value)s"),
    "not_in": gettext_lazy("%(column)s: not %(value)s"),
    "contains": gettext_lazy("%(column)s contains %(value)s"),
    "excludes": gettext_lazy("%(column)s does not contain %(value)s"),
    "starts": gettext_lazy("%(column)s begins with %(value)s"),
    "gte": gettext_lazy("%(column)s: from %(value)s"),
    "lte": gettext_lazy("%(column)s: to %(value)s"),
    "within": gettext_lazy("%(column)s: in %(value)s"),
}
HOW = [
    ("like", gettext_lazy("contains")),
    ("", gettext_lazy("is")),
    ("not", gettext_lazy("is not")),
    ("starts", gettext_lazy("begins with")),
    ("unlike", gettext_lazy("does not contain")),
]


def address(asked: Exploration, path: str = "", **changes: Any) -> str:
    """Return the address that asks for this, with changes; a changed question begins at the first page.

    Args:
        path: Of the page; empty for the page itself.
    """
    if changes and "page" not in changes:
        changes["page"] = 1
    query = urlencode(write_exploration(replace(asked, **changes)))
    return f"{path}?{query}" if query else path or "?"


def kept(asked: Exploration, *own: str, **changes: Any) -> list[tuple[str, str]]:
    """Return what a form must carry along, so that nothing is lost by sending it.

    Args:
        own: Parameters that the form has fields for; a name that ends with a dot stands for all that begin so.
    """
    beginnings = tuple(name for name in own if name.endswith("."))
    return [
        (name, value)
        for name, value in write_exploration(replace(asked, page=1, **changes))
        if name not in own and not (beginnings and name.startswith(beginnings))
    ]


def condition_text(condition: Condition, column: ColumnReport) -> str:
    """Return a condition in words."""
    if condition.op == "is_null":
        said = gettext("%(column)s is empty") if condition.value else gettext("%(column)s is not empty")
        return said % {"column": column.name}
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    texts = [
        period_text(each) if isinstance(each, Period) else shown.value_text(each, column.kind)
        for each in values
    ]
    said = str(_CONDITIONS[condition.op])
    return said % {"column": column.name, "value": gettext(" or ").join(texts)}


def period_text(period: Period) -> str:
    """Return a year or a month in the reader's language."""
    if not period.month:
        return f"{period.year}"
    return date_format(date(period.year, period.month, 1), "YEAR_MONTH_FORMAT")


def group_name(table: Table, group: Group) -> str:
    """Return what rows are grouped by: the head of the column."""
    column = table.column(group.key)
    name = column.name if column else group.key
    return f"{name} ({PARTS[group.part]})" if group.part else name


def group_text(value: Any, table: Table, group: Group) -> str:
    """Return a value that rows are grouped by in the reader's language."""
    if value is None:
        return gettext("(empty)")
    if group.part == "weekday":
        return str(WEEKDAYS[int(value) - 1])
    if group.part == "month":
        year, month = str(value).split("-")
        return period_text(Period(int(year), int(month)))
    if group.part in {"year", "hour"}:
        return str(value)
    column = table.column(group.key)
    return shown.value_text(value, column.kind if column else "text")


def measure_name(table: Table, measure: Measure) -> str:
    """Return what a measure tells: the head of its column."""
    column = table.column(measure.key)
    if column is None:
        return gettext("Number of rows")
    said = gettext("%(function)s of %(column)s") % {
        "function": FUNCTIONS[measure.function],
        "column": column.name,
    }
    return said[:1].upper() + said[1:]


def measure_unit(table: Table, measure: Measure) -> str:
    """Return the unit of a measure; counts have none."""
    column = table.column(measure.key)
    return (column.unit or "") if column and measure.function not in {"count", "distinct"} else ""


def measure_kind(table: Table, measure: Measure) -> str:
    """Return what kind of values a measure has."""
    if measure.function in {"count", "distinct"}:
        return "integer"
    if measure.function in {"avg", "median"}:
        return "decimal"
    column = table.column(measure.key)
    return column.kind if column else "integer"
