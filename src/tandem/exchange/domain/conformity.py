"""Whether JSON values conform to one of our schemas, said place by place.

Knows the words of JSON Schema that ``schemas`` uses, and no others.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say

Schema = Mapping[str, Any]
Faults = Iterator[Finding]
MOST_FINDINGS = 1_000
_LONGEST_SHOWN = 60


def faults(values: Any, schema: Schema, *, file: str) -> list[Finding]:
    """Return everything in which values do not conform to a schema, up to 1,000 places.

    Args:
        values: As ``json.loads`` returns them.
        schema: With its definitions in ``$defs``.
        file: Where the values are from; paths of findings begin with it: ``measure.json#/cost/currency``.

    >>> [finding.path for finding in faults({"a": "x"}, {"properties": {"a": {"type": "integer"}}}, file="f.json")]
    ['f.json#/a']
    """
    return list(islice(_faults(values, schema, schema, f"{file}#"), MOST_FINDINGS))


def error(code: str, path: str, message: Sentence) -> Finding:
    """Return a finding that stands in the way."""
    return Finding(Severity.ERROR, f"exchange.{code}", path, message)


def warning(code: str, path: str, message: Sentence) -> Finding:
    """Return a finding that does not stand in the way."""
    return Finding(Severity.WARNING, f"exchange.{code}", path, message)


def resolved(schema: Schema, whole: Schema) -> Schema:
    """Return what a schema refers to, or itself."""
    if "$ref" not in schema:
        return schema
    return {**whole["$defs"][schema["$ref"].removeprefix("#/$defs/")], **schema}


def same(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal; other than in Python, true is not 1.

    >>> same({"a": [1, 2.0]}, {"a": [1.0, 2]}), same(True, 1)
    (True, False)
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def step(path: str, name: str | int) -> str:
    """Return the path of a value inside another, as RFC 6901 writes it.

    >>> step("measure.json#", "a/b")
    'measure.json#/a~1b'
    """
    return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"


def _faults(value: Any, schema: Schema, whole: Schema, path: str) -> Faults:
    if not schema:
        return
    schema = resolved(schema, whole)
    if not _is_of_type(value, schema.get("type")):
        yield _fault(path, say("{value} is no {type}.", value=_shown(value), type=_types(schema["type"])))
        return
    if "const" in schema and not same(value, schema["const"]):
        yield _fault(path, say("It has to be {wanted}.", wanted=schema["const"]))
    if "enum" in schema and not any(same(value, each) for each in schema["enum"]):
        allowed = ", ".join(str(each) for each in schema["enum"])
        yield _fault(
            path, say("{value} is not allowed. Use {allowed}.", value=_shown(value), allowed=allowed)
        )
    for kind, look in _LOOKS.items():
        if isinstance(value, kind) and not isinstance(value, bool):
            yield from look(value, schema, whole, path)


def _text_faults(value: str, schema: Schema, _whole: Schema, path: str) -> Faults:
    if len(value) < schema.get("minLength", 0):
        yield _fault(path, say("It is empty."))
    wanted = schema.get("description", schema.get("pattern", ""))
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield _fault(
            path, say("{value} is not of the right form: {wanted}", value=_shown(value), wanted=wanted)
        )
    elif schema.get("format") == "date" and not _is_date(value):
        yield _fault(path, say("{value} is no day of the calendar.", value=_shown(value)))


def _number_faults(value: float, schema: Schema, _whole: Schema, path: str) -> Faults:
    if value < schema.get("minimum", value):
        yield _fault(path, say("{value} is less than {limit}.", value=value, limit=schema["minimum"]))
    if value > schema.get("maximum", value):
        yield _fault(path, say("{value} is more than {limit}.", value=value, limit=schema["maximum"]))


def _list_faults(values: list[Any], schema: Schema, whole: Schema, path: str) -> Faults:
    if len(values) < schema.get("minItems", 0):
        yield _fault(path, say("It is empty."))
    if schema.get("uniqueItems") and _has_doubles(values):
        yield _fault(path, say("Something stands there twice."))
    for number, value in enumerate(values):
        yield from _faults(value, schema.get("items", {}), whole, step(path, number))


def _object_faults(values: dict[str, Any], schema: Schema, whole: Schema, path: str) -> Faults:
    if len(values) < schema.get("minProperties", 0):
        yield _fault(path, say("It is empty."))
    for name in schema.get("required", ()):
        if name not in values:
            yield _fault(step(path, name), say("It is missing. Add it."))
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    for name, value in values.items():
        yield from _faults(name, schema.get("propertyNames", {}), whole, step(path, name))
        yield from _faults(value, known.get(name, others), whole, step(path, name))


_LOOKS: Mapping[Any, Callable[[Any, Schema, Schema, str], Faults]] = {
    str: _text_faults,
    (int, float): _number_faults,
    list: _list_faults,
    dict: _object_faults,
}


def _is_of_type(value: Any, wanted: str | list[str] | None) -> bool:
    match wanted:
        case None:
            return True
        case list():
            return any(_is_of_type(value, each) for each in wanted)
        case "string":
            return isinstance(value, str)
        case "integer":
            return _is_number(value) and value == int(value)
        case "number":
            return _is_number(value)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
    return value is None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _has_doubles(values: list[Any]) -> bool:
    """Return whether a text, number or boolean stands twice in a list."""
    plain = [(isinstance(each, bool), each) for each in values if not isinstance(each, list | dict)]
    return len(set(plain)) < len(plain)


def _types(wanted: str | list[str]) -> str:
    return wanted if isinstance(wanted, str) else " / ".join(wanted)


def _fault(path: str, message: Sentence) -> Finding:
    return error("schema", path, message)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return f"“{text[:_LONGEST_SHOWN]}{'…' if len(text) > _LONGEST_SHOWN else ''}”"
