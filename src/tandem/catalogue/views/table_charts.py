"""Draw what was asked of a table: groups as a table, charts, statistics of columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from tandem.catalogue.domain.charting import correlation
from tandem.catalogue.domain.exploration import (
    DATES,
    FUNCTIONS,
    NUMBERS,
    Condition,
    Exploration,
    Group,
    Measure,
)
from tandem.catalogue.domain.periods import PARTS, Period
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.services import charting, explore
from tandem.catalogue.services.charting import Bars, ColumnStatistics
from tandem.catalogue.services.explore import Table
from tandem.catalogue.views import shown, table_words
from tandem.catalogue.views.shown import Cell, Head
from tandem.catalogue.views.table_words import address, group_name, group_text, measure_name
from tandem.kit.charts import Chart
from tandem.kit.numbers import figure
from tandem.kit.series import ScatterChart, Series, SeriesChart

AnyChart = Chart | SeriesChart | ScatterChart
KINDS: Sequence[tuple[str, Promise]] = (
    ("", gettext_lazy("what fits")),
    ("bar", gettext_lazy("bars")),
    ("column", gettext_lazy("columns")),
    ("line", gettext_lazy("line")),
    ("scatter", gettext_lazy("points of two numbers")),
    ("histogram", gettext_lazy("distribution of a number or date")),
)
LAYOUTS: Sequence[tuple[str, Promise]] = (
    ("", gettext_lazy("beside each other")),
    ("stacked", gettext_lazy("upon each other")),
)
POINTS_OF_A_LINE = 12


# --- choices in forms ---------------------------------------------------------------------------
def group_choices(found: Table) -> list[tuple[str, str]]:
    """Return what rows can be grouped by: each column, of dates each part."""
    choices = []
    for column in found.columns:
        if column.kind != "geometry":
            choices.append((column.key, column.name))
        if column.kind in DATES:
            parts = [part for part in PARTS if column.kind == "datetime" or part not in {"hour", "day"}]
            choices += [
                (f"{column.key}.{part}", group_name(found, Group(column.key, part))) for part in parts
            ]
    return choices


def measure_choices(found: Table) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be worked out, by column: pairs of the column's name and its choices."""
    choices: list[tuple[str, list[tuple[str, str]]]] = [("", [("count", gettext("Number of rows"))])]
    for column in found.columns:
        if column.kind == "geometry" or column.profile.role in {"latitude", "longitude"}:
            continue
        fitting = [name for name, kinds in FUNCTIONS.items() if kinds is None or column.kind in kinds]
        listed = [
            (f"{name}.{column.key}", measure_name(found, Measure(name, column.key))) for name in fitting
        ]
        choices.append((column.name, listed))
    return choices


def with_defaults(found: Table, asked: Exploration) -> Exploration:
    """Return the question with what the table is shown with where the person has not chosen."""
    group, measure = explore.first_question(found)
    by = asked.by or (group,)
    measures = asked.measures or ((measure,) if not asked.by else (Measure(),))
    return replace(asked, by=by, measures=measures)


# --- groups -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class GroupsShown:
    """A page of groups as a table."""

    columns: list[Head]
    rows: list[list[Cell]]
    total: int


def groups(found: Table, asked: Exploration) -> GroupsShown:
    """Return a page of groups, ready to be shown."""
    answer = explore.groups_of(found, asked)
    rows = [
        [
            *(Cell(group_text(v, found, g), False) for v, g in zip(row, asked.by, strict=False)),
            *(
                _measured(found, value, measure)
                for value, measure in zip(row[len(asked.by) :], asked.measures, strict=True)
            ),
        ]
        for row in answer.rows
    ]
    return GroupsShown(_group_heads(found, asked), rows, answer.total)


def _measured(found: Table, value: Any, measure: Measure) -> Cell:
    kind = table_words.measure_kind(found, measure)
    if kind == "decimal" and value is not None:
        return Cell(figure(value, decimals=2), True)
    return Cell(shown.value_text(value, kind), kind in NUMBERS)


def _group_heads(found: Table, asked: Exploration) -> list[Head]:
    heads = [(str(each), group_name(found, each), "", False) for each in asked.by]
    heads += [
        (
            str(each),
            measure_name(found, each),
            table_words.measure_unit(found, each),
            table_words.measure_kind(found, each) in NUMBERS,
        )
        for each in asked.measures
    ]
    return [_group_head(asked, *each) for each in heads]


def _group_head(asked: Exploration, key: str, name: str, unit: str, is_number: bool) -> Head:
    now = asked.order
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    first = f"-{key}" if is_number else key
    second = key if is_number else f"-{key}"
    return Head(name, unit, is_number, address(asked, order=second if now == first else first), direction)


def group_names(found: Table, asked: Exploration) -> list[str]:
    """Return the heads of the groups' table as plain texts."""
    return [
        *(group_name(found, each) for each in asked.by),
        *(measure_name(found, each) for each in asked.measures),
    ]


# --- charts -------------------------------------------------------------------------------------
def chart(found: Table, asked: Exploration, note: str) -> AnyChart | None:
    """Return the chart that was asked for; None where there is nothing to draw.

    Args:
        asked: With defaults.
        note: What stands below: the table's title.
    """
    drawing = asked.drawing
    if drawing.kind == "scatter":
        return _scatter(found, asked, note)
    if drawing.kind == "histogram":
        return _histogram(found, asked, note)
    if len(asked.by) == 2:
        return _series(found, asked, note)
    return _groups(found, asked, note)


def _what(found: Table, asked: Exploration) -> tuple[str, str]:
    """Return the measure's heading, and the chart's title."""
    heading = measure_name(found, asked.measures[0])
    said = gettext("%(what)s by %(column)s") % {
        "what": heading,
        "column": gettext(" and ").join(group_name(found, each) for each in asked.by),
    }
    return heading, asked.drawing.title or said


def _left_out(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)s smaller one is not drawn.", "%(count)s smaller ones are not drawn.", count) % {
        "count": count
    }


def _kind(asked: Exploration, points: int, *, in_order: bool) -> Any:
    if asked.drawing.kind:
        return asked.drawing.kind
    return "line" if in_order and points > POINTS_OF_A_LINE else "column" if in_order else "bar"


def _number(value: Any) -> Any:
    """Return a measure that can be drawn; dates have no length."""
    return value if isinstance(value, int | float) or value is None or hasattr(value, "as_tuple") else None


def _groups(found: Table, asked: Exploration, note: str) -> Chart | None:
    drawn = charting.groups_drawn(found, replace(asked, measures=asked.measures[:1]))
    if not drawn.rows:
        return None
    heading, title = _what(found, asked)
    return Chart(
        title=title,
        points=[(group_text(key, found, asked.by[0]), _number(value)) for key, value in drawn.rows],
        kind=_kind(asked, len(drawn.rows), in_order=drawn.in_order),
        unit=table_words.measure_unit(found, asked.measures[0]),
        label_heading=group_name(found, asked.by[0]),
        value_heading=heading,
        note=" ".join(filter(None, (f"{note}.", _left_out(drawn.left_out)))),
    )


def _series(found: Table, asked: Exploration, note: str) -> SeriesChart | None:
    arranged = charting.series_drawn(found, asked)
    if not arranged.categories:
        return None
    heading, title = _what(found, asked)
    in_order = explore.has_order(found, asked.by[0])
    first, second = asked.by
    return SeriesChart(
        title=title,
        labels=[group_text(each, found, first) for each in arranged.categories],
        series=[
            Series(group_text(each, found, second), [_number(value) for value in values])
            for each, values in zip(arranged.series, arranged.values, strict=True)
        ],
        kind=_kind(asked, len(arranged.categories), in_order=in_order),
        layout="stacked" if asked.drawing.layout == "stacked" else "grouped",
        unit=table_words.measure_unit(found, asked.measures[0]),
        label_heading=group_name(found, first),
        value_heading=heading,
        note=" ".join(
            filter(None, (f"{note}.", _left_out(arranged.series_left_out + arranged.categories_left_out)))
        ),
    )


def _with_unit(column: ColumnReport) -> str:
    return f"{column.name} ({column.unit_beside})" if column.unit_beside else column.name


def _axes(found: Table, asked: Exploration) -> tuple[ColumnReport, ColumnReport] | None:
    numbers = [column for column in found.columns if column.kind in NUMBERS and not column.profile.role]
    x = found.column(asked.drawing.x) or next(iter(numbers), None)
    y = found.column(asked.drawing.y) or next((column for column in numbers if column is not x), None)
    return (x, y) if x and y else None


def _scatter(found: Table, asked: Exploration, note: str) -> ScatterChart | None:
    axes = _axes(found, asked)
    if axes is None:
        return None
    x, y = axes
    drawing = replace(asked.drawing, x=x.key, y=y.key)
    points, total = charting.points_drawn(found, replace(asked, drawing=drawing))
    coefficient = correlation(points)
    finding = (
        gettext("Correlation of the two: %(number)s (Pearson, from −1 to 1).")
        % {"number": figure(coefficient, decimals=2)}
        if coefficient is not None
        else ""
    )
    fewer = (
        gettext("%(count)s of %(total)s rows, chosen from all over the table.")
        % {"count": figure(len(points), decimals=0), "total": figure(total, decimals=0)}
        if total > len(points)
        else ""
    )
    title = asked.drawing.title or gettext("%(y)s and %(x)s") % {"y": y.name, "x": x.name}
    note = " ".join(filter(None, (f"{note}.", fewer)))
    return ScatterChart(title, points, _with_unit(x), _with_unit(y), finding, note) if points else None


def _histogram(found: Table, asked: Exploration, note: str) -> Chart | None:
    fitting = [column for column in found.columns if column.kind in NUMBERS and not column.profile.role]
    column = found.column(asked.drawing.x) or next(iter(fitting), None)
    bars = charting.histogram_of(found, asked, column.key) if column else None
    if column is None or bars is None:
        return None
    title = asked.drawing.title or gettext("How %(column)s is distributed") % {"column": column.name}
    return bars_chart(column, bars, title=title, note=f"{note}.")


def bars_chart(column: ColumnReport, bars: Bars, *, title: str, note: str = "") -> Chart:
    """Return a histogram as a chart."""
    return Chart(
        title=title,
        points=list(zip(_interval_texts(column, bars), bars.counts, strict=True)),
        kind="column",
        label_heading=_with_unit(column),
        value_heading=gettext("Number of rows"),
        note=note,
    )


def _interval_texts(column: ColumnReport, bars: Bars) -> list[str]:
    if bars.intervals is not None:
        cut = bars.intervals
        return [_ends_text(column, *cut.bounds(number)) for number in range(cut.count)]
    begins = bars.begins or []
    if bars.step == "day":
        return [shown.value_text(each, "date") for each in begins]
    months = bars.step == "month"
    return [table_words.period_text(Period(each.year, each.month if months else 0)) for each in begins]


def _ends_text(column: ColumnReport, low: Any, high: Any) -> str:
    if column.kind == "integer":
        high -= 1
    return "–".join([figure(low)] if low == high else [figure(low), figure(high)])


# --- statistics ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class StatisticsShown:
    """The statistics of a column, ready to be shown."""

    key: str
    name: str
    kind: str
    unit: str
    facts: list[tuple[str, str]]
    top: list[tuple[str, str, str, str]]
    chart: Chart | None


def statistics(found: Table, asked: Exploration) -> list[StatisticsShown]:
    """Return the statistics of the columns shown."""
    return [_statistics(each, found, asked) for each in charting.statistics_of(found, asked)]


def _statistics(each: ColumnStatistics, found: Table, asked: Exploration) -> StatisticsShown:
    column, numbers = each.column, each.found
    rows = numbers.count + numbers.missing
    title = gettext("How %(column)s is distributed") % {"column": column.name}
    return StatisticsShown(
        key=column.key,
        name=column.name,
        kind=str(shown.KINDS[column.kind]),
        unit=column.unit_beside,
        facts=list(_facts(each)),
        top=[
            (
                shown.value_text(value, column.kind),
                shown.count_text(count),
                _share(count, rows),
                address(
                    asked,
                    view="rows",
                    conditions=(
                        *(c for c in asked.conditions if c.key != column.key),
                        Condition(column.key, "eq", value),
                    ),
                ),
            )
            for value, count in numbers.top
        ],
        chart=bars_chart(column, each.bars, title=title) if each.bars and len(each.bars.counts) > 1 else None,
    )


def _share(count: int, rows: int) -> str:
    return gettext("%(share)s %%") % {"share": figure(100 * count / rows, decimals=1)} if rows else ""


def _facts(each: ColumnStatistics) -> Iterator[tuple[str, str]]:
    column, numbers = each.column, each.found
    rows = numbers.count + numbers.missing

    def text(value: Any) -> str:
        return figure(value) if column.kind in NUMBERS else shown.value_text(value, column.kind)

    yield gettext("Values"), shown.count_text(numbers.count)
    share = f" ({_share(numbers.missing, rows)})" if numbers.missing else ""
    yield gettext("Empty"), f"{shown.count_text(numbers.missing)}{share}"
    yield gettext("Different values"), shown.count_text(numbers.distinct)
    if numbers.least is not None:
        yield gettext("Smallest"), text(numbers.least)
        yield gettext("Largest"), text(numbers.most)
    if numbers.mean is not None:
        yield gettext("Mean"), figure(numbers.mean, decimals=2)
    if len(numbers.quartiles) == 3:
        yield gettext("Median"), text(numbers.quartiles[1])
        yield gettext("Middle half"), f"{text(numbers.quartiles[0])} – {text(numbers.quartiles[2])}"
    if numbers.deviation is not None:
        yield gettext("Standard deviation"), figure(numbers.deviation, decimals=2)
