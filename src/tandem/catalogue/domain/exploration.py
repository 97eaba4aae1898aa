"""What a person asks of a table by its address: ``?f.name=…&f.height.min=…&sort=-height&page=2&by=district``.

One grammar for pages, downloads and the HTTP API. An address that asks for something impossible is told so; it is
never silently ignored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from tandem.core.errors import InvalidInput
from tandem.core.text import say

ROWS_PER_PAGE = 50
MOST_ROWS_PER_PAGE = 1_000
NUMBERS = frozenset({"integer", "decimal"})
ORDERED = NUMBERS | {"date", "datetime", "time"}
FUNCTIONS = ("count", "sum", "avg", "min", "max")
_SUFFIXES = {"min": "gte", "max": "lte", "not": "ne", "like": "contains", "empty": "is_null"}


_EXAMPLES = {"integer": "42", "decimal": "3.5", "date": "2024-05-31", "boolean": "true"}


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
        op: ``eq``, ``ne``, ``contains``, ``gte``, ``lte``, ``in`` or ``is_null``.
        raw: The parameter as it came, to show the form and the link again.
    """

    key: str
    op: str
    value: Any
    parameter: str
    raw: str


@dataclass(frozen=True, slots=True)
class Exploration:
    """Everything that an address asks of a table."""

    conditions: tuple[Condition, ...] = ()
    sort: str = ""
    descending: bool = False
    page: int = 1
    per_page: int = ROWS_PER_PAGE
    by: str = ""
    measure: str = ""
    function: str = "count"

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * self.per_page


def parse_exploration(parameters: Mapping[str, Sequence[str]], columns: Iterable[Column]) -> Exploration:
    """Return what the address asks for.

    Args:
        parameters: Each parameter's values, as in a parsed query string. Parameters that are none of
            this grammar's are left to others.
        columns: The table's columns.

    Raises:
        BadQuery: A column, comparison, number, date or page that cannot be; the error names it.
    """
    known = {column.key: column for column in columns}
    conditions = tuple(
        condition
        for name, values in parameters.items()
        if name.startswith("f.")
        for condition in _conditions(name, values, known)
    )
    sort = _first(parameters, "sort")
    by, measure = _first(parameters, "by"), _first(parameters, "measure")
    for key in filter(None, (sort.removeprefix("-"), by, measure)):
        _column(key, known)
    function = _first(parameters, "function") or ("sum" if measure else "count")
    if function not in FUNCTIONS:
        raise BadQuery(
            say(
                "{given}: there is no such function. Known: {known}.",
                given=f"function={function}",
                known=", ".join(FUNCTIONS),
            )
        )
    return Exploration(
        conditions=conditions,
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        page=_whole(parameters, "page", default=1, most=10**7),
        per_page=_whole(parameters, "per_page", default=ROWS_PER_PAGE, most=MOST_ROWS_PER_PAGE),
        by=by,
        measure=measure,
        function=function,
    )


def _conditions(name: str, values: Sequence[str], known: Mapping[str, Column]) -> Iterable[Condition]:
    key, _, suffix = name.removeprefix("f.").partition(".")
    column = _column(key, known)
    given = [value.strip() for value in values if value.strip()]
    if not given:
        return
    if suffix and suffix not in _SUFFIXES:
        raise BadQuery(
            say(
                "{given}: there is no such comparison. Known: {known}.",
                given=name,
                known=", ".join(_SUFFIXES),
            )
        )
    if suffix == "empty":
        yield Condition(key, "is_null", given[0] in {"1", "true", "yes"}, name, given[0])
    elif not suffix and len(given) > 1:
        yield Condition(
            key, "in", [_value(name, value, column.kind) for value in given], name, ", ".join(given)
        )
    else:
        op = _SUFFIXES.get(suffix, "eq")
        value = given[0] if op == "contains" else _value(name, given[0], column.kind)
        yield Condition(key, op, value, name, given[0])


def _column(key: str, known: Mapping[str, Column]) -> Column:
    if key not in known:
        raise BadQuery(
            say(
                "There is no column {column}. The table has: {known}.",
                column=repr(key),
                known=", ".join(known),
            )
        )
    return known[key]


def _value(name: str, text: str, kind: str) -> Any:
    try:
        if kind == "integer":
            return int(text)
        if kind == "decimal":
            return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "datetime":
            return datetime.fromisoformat(text)
        if kind == "boolean":
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
    except (ValueError, KeyError) as error:
        raise BadQuery(
            say(
                "{given}: this column holds values of the kind {kind}; write it like {example}.",
                given=f"{name}={text}",
                kind=kind,
                example=_EXAMPLES.get(kind, "2024-05-31T08:00"),
            )
        ) from error
    return text


def _first(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    values = parameters.get(name) or [""]
    return values[0]


def _whole(parameters: Mapping[str, Sequence[str]], name: str, *, default: int, most: int) -> int:
    text = _first(parameters, name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= most:
        raise BadQuery(
            say("{given}: must be a whole number from 1 to {most}.", given=f"{name}={text}", most=most)
        )
    return int(text)
