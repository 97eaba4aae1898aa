"""CQL2 decided row by row in plain Python, to compare with: slow, simple, and with SQL's unknown (None)."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any


def holds(node: Any, row: dict[str, Any]) -> Any:
    """Return what a node of a filter in JSON form is for a row; None is unknown."""
    if not isinstance(node, dict):
        return node
    if "property" in node:
        return row[node["property"]]
    if "date" in node:
        return date.fromisoformat(node["date"])
    if "timestamp" in node:
        return datetime.fromisoformat(node["timestamp"].removesuffix("Z"))
    return _operation(node["op"], node["args"], row)


def _operation(op: str, args: list[Any], row: dict[str, Any]) -> Any:
    if op in {"and", "or"}:
        values = [holds(each, row) for each in args]
        deciding = op == "or"
        if deciding in values:
            return deciding
        return None if None in values else not deciding
    if op == "in":
        value = holds(args[0], row)
        return None if value is None else any(_compare("=", value, holds(each, row)) for each in args[1])
    values = [holds(each, row) for each in args]
    if op == "isNull":
        return values[0] is None
    if any(value is None for value in values):
        return None
    return _of_values(op, values)


def _of_values(op: str, values: list[Any]) -> Any:
    if op == "not":
        return not values[0]
    if op == "casei":
        return values[0].lower()
    if op == "accenti":
        plain = unicodedata.normalize("NFD", values[0])
        return "".join(each for each in plain if unicodedata.category(each) != "Mn")
    if op == "between":
        return _compare(">=", values[0], values[1]) and _compare("<=", values[0], values[2])
    if op == "like":
        return re.fullmatch(_pattern(values[1]), values[0], re.DOTALL) is not None
    if op in {"+", "-", "*"}:
        one, other = map(float, values)
        return {"+": one + other, "-": one - other, "*": one * other}[op]
    if op.startswith("t_"):
        one, other = map(_moment, values)
        return {"t_after": one > other, "t_before": one < other, "t_equals": one == other}[op]
    return _compare(op, *values)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _compare(op: str, one: Any, other: Any) -> bool:
    if isinstance(one, datetime) != isinstance(other, datetime) and isinstance(one, date):
        one, other = (each.date() if isinstance(each, datetime) else each for each in (one, other))
    if isinstance(one, str):
        one, other = one.encode(), other.encode()
    known = {"=": one == other, "<>": one != other}
    if op in known:
        return known[op]
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]


def _pattern(written: str) -> str:
    made, escaped = [], False
    for each in written:
        if escaped or each not in "\\%_":
            made.append(re.escape(each))
            escaped = False
        elif each == "\\":
            escaped = True
        else:
            made.append(".*" if each == "%" else ".")
    return "".join(made) + (re.escape("\\") if escaped else "")
