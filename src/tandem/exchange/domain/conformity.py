"""Whether JSON values conform to one of our schemas, said place by place. ``jsonschema`` reads the schemas."""

import sys
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.exchange.domain.naming import named

Schema = Mapping[str, Any]
Errors = Iterator[ValidationError]
MOST_FINDINGS = 1_000
_LONGEST_SHOWN = 60


def faults(values: Any, schema: Schema, *, file: str) -> list[Finding]:
    """Return in which places values do not conform to a schema, up to 1,000, and of each place the first fault.

    Args:
        values: As ``json.loads`` returns them; what is not finite counts as no number.
        schema: One of ours, with its definitions in ``$defs``; never one that came with the values.
        file: Where the values are from; paths of findings begin with it: ``measure.json#/cost/currency``.

    >>> [finding.path for finding in faults({"a": "x"}, {"properties": {"a": {"type": "integer"}}}, file="f.json")]
    ['f.json#/a']
    """
    found: dict[str, Finding] = {}
    for each in _Validator(schema, format_checker=_FORMATS).iter_errors(values):
        path = reduce(step, each.absolute_path, f"{file}#")
        found.setdefault(path, error("schema", path, _said(each)))
        if len(found) == MOST_FINDINGS:
            break
    return list(found.values())


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


_TYPES = {
    "string": say("text"),
    "integer": say("whole number"),
    "number": say("number"),
    "boolean": say("truth value"),
    "array": say("list"),
    "object": say("object"),
    "null": say("null"),
}


def _said(fault: ValidationError) -> Sentence:
    """Return what is wrong, and what belongs there."""
    value, wanted = fault.instance, fault.validator_value
    match fault.validator:
        case "type":
            return say("{value} is no {type}.", value=_shown(value), type=_types(wanted))
        case "const":
            return say("It has to be {wanted}.", wanted=wanted)
        case "enum":
            allowed = ", ".join(str(each) for each in wanted)
            return say("{value} is not allowed. Use {allowed}.", value=_shown(value), allowed=allowed)
        case "pattern":
            form = fault.schema.get("description", wanted)
            return say("{value} is not of the right form: {wanted}", value=_shown(value), wanted=form)
        case "format":
            return say("{value} is no day of the calendar.", value=_shown(value))
        case "minimum":
            return say("{value} is less than {limit}.", value=value, limit=wanted)
        case "maximum":
            return say("{value} is more than {limit}.", value=value, limit=wanted)
        case "maxLength":
            return say("It has more than {limit} characters.", limit=wanted)
        case "required":
            return say("It is missing. Add it.")
        case "uniqueItems":
            return say("Something stands there twice.")
    return say("It is empty.")  # minLength, minItems, minProperties


def _types(wanted: str | list[str]) -> str:
    if isinstance(wanted, str):
        return named(wanted, _TYPES)
    return reduce(lambda one, other: say("{one} or {other}", one=one, other=other), map(_types, wanted))


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return f"“{text[:_LONGEST_SHOWN]}{'…' if len(text) > _LONGEST_SHOWN else ''}”"


# --- words whose faults the library says of the whole object, or looks for too long ---------------
def _required(_validator: Any, names: list[str], value: Any, _schema: Schema) -> Errors:
    if isinstance(value, dict):
        yield from (ValidationError("missing", path=[name]) for name in names if name not in value)


def _property_names(validator: Any, wanted: Schema, value: Any, _schema: Schema) -> Errors:
    if isinstance(value, dict):
        for name in value:
            yield from validator.descend(instance=name, schema=wanted, path=name)


def _unique_items(_validator: Any, is_wanted: bool, value: Any, _schema: Schema) -> Errors:
    """Look at texts, numbers and booleans only, so that strangers' lists do not take quadratic time."""
    if is_wanted and isinstance(value, list):
        plain = [(isinstance(each, bool), each) for each in value if not isinstance(each, list | dict)]
        if len(set(plain)) < len(plain):
            yield ValidationError("double")


def _is_number(_checker: Any, value: Any) -> bool:
    """Return whether a value is a number that a double can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


_FORMATS = FormatChecker(["date"])
_Validator = extend(
    Draft202012Validator,
    {"required": _required, "propertyNames": _property_names, "uniqueItems": _unique_items},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)
