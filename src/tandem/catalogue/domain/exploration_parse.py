"""Read from an address what it asks of a table."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from tandem.catalogue.domain.exploration import (
    CHART_KINDS,
    DATES,
    FUNCTIONS,
    LAYOUTS,
    LONGEST_TEXT,
    MOST_GROUPS,
    MOST_MEASURES,
    MOST_ROWS_PER_PAGE,
    MOST_SORTS,
    NUMBERS,
    ROWS_PER_PAGE,
    SUFFIXES,
    VIEWS,
    BadQuery,
    Column,
    Condition,
    Drawing,
    Exploration,
    Group,
    Measure,
    value_text,
)
from tandem.catalogue.domain.periods import PARTS, parse_period
from tandem.core.text import Sentence, say

Parameters = Mapping[str, Sequence[str]]
Known = Mapping[str, Column]
_EXAMPLES = {"integer": "42", "decimal": "3.5", "date": "2024-05-31", "boolean": "true", "time": "08:00"}
_TEXTUAL = {"contains", "excludes", "starts"}
_LONGEST_VALUE = 60
_LARGEST = 10**37  # what a database's whole number can hold


def parse_exploration(parameters: Parameters, columns: Iterable[Column]) -> Exploration:
    """Return what the address asks for.

    Args:
        parameters: Each parameter's values, as in a parsed query string. Parameters that are none of
            this grammar's are left to others; empty ones ask for nothing.
        columns: The table's columns.

    Raises:
        BadQuery: A column, comparison, number, date or page that cannot be; the error names it.
    """
    known = {column.key: column for column in columns}
    by = _groups(parameters, known)
    measures = _measures(parameters, known)
    return Exploration(
        conditions=tuple(_conditions(parameters, known)),
        search=" ".join(_first(parameters, "q")[:LONGEST_TEXT].split()),
        sort=_sort(parameters, known),
        columns=_columns(parameters, known),
        page=_whole(parameters, "page", default=1, most=10**7),
        per_page=_whole(parameters, "per_page", default=ROWS_PER_PAGE, most=MOST_ROWS_PER_PAGE),
        by=by,
        measures=measures,
        order=_order(parameters, by, measures),
        drawing=_drawing(parameters, known),
        view=_choice(parameters, "view", VIEWS) or "rows",
    )


# --- conditions ---------------------------------------------------------------------------------
def _conditions(parameters: Parameters, known: Known) -> Iterator[Condition]:
    """Yield the conditions: by the columns' order, then by the comparisons' order."""
    asked: dict[tuple[str, str], list[str]] = {}
    for name, values in parameters.items():
        if name.startswith("f."):
            key, _, suffix = name.removeprefix("f.").partition(".")
            given = [value.strip() for value in values if value.strip()]
            if given:
                _column(key, known)
                asked.setdefault((key, suffix), []).extend(given)
    _take_over_how(asked)
    for _key, suffix in asked:
        if suffix not in SUFFIXES:
            raise _no_such(f"f.….{suffix}", filter(None, SUFFIXES))
    for key, column in known.items():
        for suffix, op in SUFFIXES.items():
            if (key, suffix) in asked:
                yield from _condition(column, suffix, op, asked[key, suffix])


def _take_over_how(asked: dict[tuple[str, str], list[str]]) -> None:
    """Turn a form's pair of comparison and value, ``f.art.how=like&f.art=x``, into ``f.art.like=x``."""
    for key, _suffix in [each for each in asked if each[1] == "how"]:
        how = asked.pop((key, "how"))[0]
        given = asked.pop((key, ""), [])
        if how not in SUFFIXES:
            raise _no_such(f"f.{key}.how={how}", filter(None, SUFFIXES))
        if given:
            asked.setdefault((key, how), []).extend(given)


def _condition(column: Column, suffix: str, op: str, given: list[str]) -> Iterator[Condition]:
    name = f"f.{column.key}.{suffix}" if suffix else f"f.{column.key}"
    if op == "is_null":
        yield Condition(column.key, op, given[0] in {"1", "true", "yes"})
    elif op in _TEXTUAL:
        for text in sorted(set(given)):
            yield Condition(column.key, op, text)
    elif op == "within":
        yield Condition(column.key, op, _period(name, given[0], column))
    elif op in {"eq", "ne"}:
        values = sorted({_value(name, text, column.kind) for text in given}, key=value_text)
        several = {"eq": "in", "ne": "not_in"}[op]
        yield (
            Condition(column.key, several, tuple(values))
            if len(values) > 1
            else Condition(column.key, op, values[0])
        )
    else:
        yield Condition(column.key, op, _value(name, given[0], column.kind))


def _period(name: str, text: str, column: Column) -> Any:
    if column.kind not in DATES:
        raise BadQuery(
            say("{given}: {column} holds no dates.", given=f"{name}={text}", column=repr(column.key))
        )
    try:
        return parse_period(text)
    except ValueError as error:
        raise BadQuery(
            say(
                "{given}: write a year like 2024, or a month like 2024-05.",
                given=f"{name}={text}",
            )
        ) from error


def _value(name: str, text: str, kind: str) -> Any:
    try:
        return _typed(text, kind)
    except (ValueError, KeyError, OverflowError) as error:
        raise BadQuery(
            say(
                "{given}: this column holds values of the kind {kind}; write it like {example}.",
                given=f"{name}={text[:LONGEST_TEXT]}",
                kind=kind,
                example=_EXAMPLES.get(kind, "2024-05-31T08:00"),
            )
        ) from error


def _typed(text: str, kind: str) -> Any:
    if kind != "text" and len(text) > _LONGEST_VALUE:
        raise ValueError
    if kind == "integer":
        number = int(text)
        if abs(number) >= _LARGEST:
            raise OverflowError
        return number
    if kind == "decimal":
        value = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
        if not math.isfinite(value):
            raise ValueError
        return value
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "datetime":
        return datetime.fromisoformat(text)
    if kind == "time":
        return time.fromisoformat(text).isoformat()
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
    return text


# --- the rest -----------------------------------------------------------------------------------
def _listed(parameters: Parameters, name: str) -> list[str]:
    """Return the entries of a list, however it is written: ``a,b`` or once for each; each entry once."""
    texts = (text.strip() for value in parameters.get(name, ()) for text in value.split(","))
    return list(dict.fromkeys(filter(None, texts)))


def _sort(parameters: Parameters, known: Known) -> tuple[tuple[str, bool], ...]:
    found: dict[str, bool] = {}
    for text in _listed(parameters, "sort"):
        key = text.removeprefix("-")
        _column(key, known)
        found.setdefault(key, text.startswith("-"))
    return tuple(found.items())[:MOST_SORTS]


def _columns(parameters: Parameters, known: Known) -> tuple[str, ...]:
    found = tuple(_column(key, known).key for key in _listed(parameters, "columns"))
    return () if found == tuple(known) else found


def _groups(parameters: Parameters, known: Known) -> tuple[Group, ...]:
    texts = _listed(parameters, "by")
    if len(texts) > MOST_GROUPS:
        raise BadQuery(say("Rows can be grouped by {most} columns at most.", most=MOST_GROUPS))
    return tuple(_group(text, known) for text in texts)


def _group(text: str, known: Known) -> Group:
    key, _, part = text.partition(".")
    column = _column(key, known)
    if part and part not in PARTS:
        raise _no_such(f"by={text}", PARTS)
    if part and (column.kind not in DATES or (part == "hour" and column.kind == "date")):
        raise BadQuery(say("{given}: {column} holds no such dates.", given=f"by={text}", column=repr(key)))
    return Group(key, part)


def _measures(parameters: Parameters, known: Known) -> tuple[Measure, ...]:
    texts = _listed(parameters, "show")
    if not texts:  # the earlier way to ask for one
        key, function = _first(parameters, "measure"), _first(parameters, "function")
        texts = [f"{function or 'sum'}.{key}" if key else function] if key or function else []
    if len(texts) > MOST_MEASURES:
        raise BadQuery(say("At most {most} things can be worked out at once.", most=MOST_MEASURES))
    return tuple(dict.fromkeys(_measure(text, known) for text in texts))


def _measure(text: str, known: Known) -> Measure:
    function, _, key = text.partition(".")
    if function not in FUNCTIONS:
        raise _no_such(f"show={text}", FUNCTIONS)
    if not key:
        return Measure()
    column, kinds = _column(key, known), FUNCTIONS[function]
    if kinds is not None and column.kind not in kinds:
        raise BadQuery(
            say("{given}: {column} holds nothing that this can be taken of.",
                given=f"show={text}", column=repr(key))
        )  # fmt: skip
    return Measure(function, key)


def _order(parameters: Parameters, by: Sequence[Group], measures: Sequence[Measure]) -> str:
    text = _first(parameters, "order")
    known = [*map(str, by), *map(str, measures or (Measure(),))]
    if text and text.removeprefix("-") not in known:
        raise _no_such(f"order={text}", known)
    return text


def _drawing(parameters: Parameters, known: Known) -> Drawing:
    axes = {}
    for name in ("x", "y"):
        axes[name] = _first(parameters, name)
        if axes[name] and _column(axes[name], known).kind not in NUMBERS:
            raise BadQuery(say("{given}: this column holds no numbers.", given=f"{name}={axes[name]}"))
    return Drawing(
        kind=_choice(parameters, "kind", CHART_KINDS),
        layout=_choice(parameters, "layout", LAYOUTS),
        title=" ".join(_first(parameters, "title")[:LONGEST_TEXT].split()),
        **axes,
    )


def _choice(parameters: Parameters, name: str, known: Iterable[str]) -> str:
    text = _first(parameters, name)
    if text and text not in known:
        raise _no_such(f"{name}={text}", known)
    return text


def _column(key: str, known: Known) -> Column:
    if key not in known:
        sentence: Sentence = say(
            "There is no column {column}. The table has: {known}.",
            column=repr(key[:LONGEST_TEXT]),
            known=", ".join(known),
        )
        raise BadQuery(sentence)
    return known[key]


def _no_such(given: str, known: Iterable[str]) -> BadQuery:
    return BadQuery(
        say("{given} is not known here. Known: {known}.", given=given[:LONGEST_TEXT], known=", ".join(known))
    )


def _first(parameters: Parameters, name: str) -> str:
    values = parameters.get(name) or [""]
    return values[0].strip()


def _whole(parameters: Parameters, name: str, *, default: int, most: int) -> int:
    text = _first(parameters, name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= most:
        raise BadQuery(
            say("{given}: must be a whole number from 1 to {most}.", given=f"{name}={text}", most=most)
        )
    return int(text)
