"""The forms beside a table: conditions, columns, order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext

from tandem.catalogue.domain.exploration import DATES, NUMBERS, Condition, Exploration, value_text
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.services import explore
from tandem.catalogue.services.explore import Table
from tandem.catalogue.views import shown
from tandem.catalogue.views.table_words import address, condition_text

_OWN = {"choice": {"eq", "in", "ne", "not_in", "is_null"}, "range": {"gte", "lte", "within", "is_null"}}
_TEXT_HOW = {"eq": "", "ne": "not", "contains": "like", "excludes": "unlike", "starts": "starts"}


@dataclass(frozen=True, slots=True)
class FilterShown:
    """One column's filter in the form.

    Attributes:
        kind: ``choice`` (values to tick), ``range`` (from, to) or ``text``.
        how: The chosen comparison of a text, ``not`` of values to tick.
        kept: Conditions on the column that the form has no field for.
    """

    key: str
    name: str
    kind: str
    id: str
    input: str = "text"
    active: bool = False
    least: str = ""
    most: str = ""
    lowest: str = ""
    highest: str = ""
    period: str = ""
    has_periods: bool = False
    text: str = ""
    how: str = ""
    empty: str = ""
    has_empty: bool = False
    options: list[dict[str, Any]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)


def conditions(found: Table, asked: Exploration) -> list[dict[str, str]]:
    """Return the conditions in words, each with the address without it."""
    listed = []
    for number, each in enumerate(asked.conditions):
        column = found.column(each.key)
        others = asked.conditions[:number] + asked.conditions[number + 1 :]
        if column:
            listed.append(
                {"text": condition_text(each, column), "without_url": address(asked, conditions=others)}
            )
    if asked.search:
        listed.append(
            {
                "text": gettext("Search: %(words)s") % {"words": asked.search},
                "without_url": address(asked, search=""),
            }
        )
    return listed


def filters(found: Table, asked: Exploration) -> list[FilterShown]:
    """Return the filters of all columns."""
    choices = explore.choices_of(found, asked)
    given: dict[str, list[Condition]] = {}
    for each in asked.conditions:
        given.setdefault(each.key, []).append(each)
    return [
        _filter(column, given.get(column.key, []), choices.get(column.key))
        for column in found.columns
        if column.kind != "geometry"
    ]


def _filter(column: ColumnReport, given: Sequence[Condition], choices: Sequence[Any] | None) -> FilterShown:
    kind = "choice" if choices is not None else "range" if column.kind in NUMBERS | DATES else "text"
    by_op = {each.op: each for each in given}
    empty = by_op.get("is_null")
    common: dict[str, Any] = {
        "key": column.key,
        "name": column.name,
        "id": f"f-{column.key}",
        "kind": kind,
        "active": bool(given),
        "has_empty": column.nulls > 0 or empty is not None,
        "empty": empty.texts[0] if empty else "",
    }
    if kind == "choice":
        how = "not" if by_op.keys() & {"ne", "not_in"} else ""
        return FilterShown(
            **common, how=how, options=list(_options(column, by_op, choices or ())), kept=_rest(given, kind)
        )
    if kind == "range":
        return _range(column, by_op, common, _rest(given, kind))
    first = next((each for each in given if each.op in _TEXT_HOW), None)
    others = [each for each in given if each is not first and each.op != "is_null"]
    return FilterShown(
        **common,
        text=first.texts[0] if first else "",
        how=_TEXT_HOW[first.op] if first else "like",
        kept=[(each.parameter, text) for each in others for text in each.texts],
    )


def _range(
    column: ColumnReport, by_op: Mapping[str, Condition], common: dict[str, Any], rest: list[tuple[str, str]]
) -> FilterShown:
    def text(op: str) -> str:
        return by_op[op].texts[0] if op in by_op else ""

    return FilterShown(
        **common,
        input="date" if column.kind == "date" else "text",
        least=text("gte"),
        most=text("lte"),
        lowest=str(column.profile.min or ""),
        highest=str(column.profile.max or ""),
        has_periods=column.kind in DATES,
        period=text("within"),
        kept=rest,
    )


def _rest(given: Sequence[Condition], kind: str) -> list[tuple[str, str]]:
    return [(each.parameter, text) for each in given if each.op not in _OWN[kind] for text in each.texts]


def _options(
    column: ColumnReport, given: Mapping[str, Condition], choices: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    selected = {text for op in ("eq", "in", "ne", "not_in") if op in given for text in given[op].texts}
    for value, count in choices:
        if value is not None:
            raw = value_text(value)
            label = shown.value_text(value, column.kind)
            yield {"value": raw, "label": label, "count": count, "selected": raw in selected}


def column_choices(found: Table, asked: Exploration) -> list[dict[str, Any]]:
    """Return the columns with whether each is shown."""
    shown_keys = {column.key for column in explore.shown_columns(found, asked)}
    return [
        {"key": column.key, "name": column.name, "shown": column.key in shown_keys}
        for column in found.columns
    ]


def sorts(found: Table, asked: Exploration) -> list[dict[str, Any]]:
    """Return the fields of the order: what is sorted by now, and one more."""
    taken = [f"-{key}" if descending else key for key, descending in asked.sort][:3]
    fields = [*taken, ""][:3]
    return [{"number": number, "value": value} for number, value in enumerate(fields, start=1)]


def heads(found: Table, asked: Exploration) -> list[shown.Head]:
    """Return the heads of the rows, each with a link to sort by it."""
    directions = dict(asked.sort)
    return [_head(column, asked, directions) for column in explore.shown_columns(found, asked)]


def _head(column: ColumnReport, asked: Exploration, directions: Mapping[str, bool]) -> shown.Head:
    descending = directions.get(column.key)
    direction = "" if descending is None else "descending" if descending else "ascending"
    url = address(asked, sort=((column.key, descending is False),))
    return shown.Head(column.name, column.unit_beside, column.kind in NUMBERS, url, direction)


def without_conditions(asked: Exploration) -> Exploration:
    """Return the same question of all rows."""
    return replace(asked, conditions=(), search="", page=1)
