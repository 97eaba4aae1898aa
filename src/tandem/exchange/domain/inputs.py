"""What an adopting city fills in: how it is described, how it travels, and whether what was filled in will do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.core.findings import Finding
from tandem.core.parts import Input, InputKind, Part
from tandem.core.text import pick, say
from tandem.exchange.domain.conformity import error, faults, step, warning
from tandem.exchange.domain.schemas import DIALECT, FORM, INPUTS

FILE = "inputs.schema.json"
_TYPES = {
    InputKind.TEXT: "string",
    InputKind.INTEGER: "integer",
    InputKind.DECIMAL: "number",
    InputKind.DATE: "string",
    InputKind.CHOICE: "string",
    InputKind.BOOLEAN: "boolean",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An input, and the keys of the parts that want it; none where it is for the measure as a whole."""

    input: Input
    parts: tuple[str, ...] = ()


# --- all inputs of a bundle -----------------------------------------------------------------------
def gathered(inputs: Sequence[Input], parts: Sequence[Part]) -> tuple[list[Asked], list[Finding]]:
    """Return every input of a measure and its parts once, by key, and what is wrong with them.

    Two parts may share an input; then they have to describe it alike.
    """
    asked: dict[str, Asked] = {}
    found: list[Finding] = []
    for owner, each in [
        *(("", each) for each in inputs),
        *((part.key, each) for part in parts for each in part.inputs),
    ]:
        known = asked.setdefault(each.key, Asked(each))
        if known.input != each:
            message = say("Two inputs are called {key} and are not alike. Rename one.", key=each.key)
            found.append(error("inputs.twice", step(f"{FILE}#/properties", each.key), message))
        elif owner:
            asked[each.key] = Asked(each, tuple(sorted({*known.parts, owner})))
    found += [fault for each in asked.values() for fault in _definition_faults(each.input)]
    return [asked[key] for key in sorted(asked)], found


def _definition_faults(each: Input) -> Iterator[Finding]:
    path = step(f"{FILE}#/properties", each.key)
    if (each.kind is InputKind.CHOICE) != bool(each.choices):
        yield error(
            "inputs.choices", path, say("Choices belong to an input of the kind choice, and to no other.")
        )
    if each.least is not None and each.most is not None and each.least > each.most:
        yield error("inputs.limits", path, say("The least value is above the most."))
    if each.default is not None and not _fits(each, each.default):
        yield error("inputs.default", path, say("{value} is no value for this input.", value=each.default))


# --- as JSON Schema -------------------------------------------------------------------------------
def as_schema(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return inputs as a JSON Schema of the object that is filled in, with our own words behind ``x-``.

    >>> as_schema([Asked(Input("speed", InputKind.INTEGER, unit="km/h", default=30))])["properties"]["speed"]["x-unit"]
    'km/h'
    """
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {each.input.key: _property(each) for each in asked},
        "required": sorted(each.input.key for each in asked if each.input.default is None),
        "additionalProperties": False,
    }


def _property(asked: Asked) -> dict[str, Any]:
    each = asked.input
    said = {
        "title": pick(each.titles, "en"),
        "description": pick(each.hints, "en"),
        "x-titles": dict(each.titles),
        "x-hints": dict(each.hints),
        "x-unit": each.unit,
        "x-profile": each.profile,
        "x-choices": {value: dict(titles) for value, titles in each.choices.items()},
        "x-parts": list(asked.parts),
    }
    return {**_value_schema(each), **{name: value for name, value in said.items() if value}}


def _value_schema(each: Input) -> dict[str, Any]:
    limits = {
        "format": "date" if each.kind is InputKind.DATE else None,
        "enum": list(each.choices) or None,
        "minimum": each.least,
        "maximum": each.most,
        "default": each.default,
    }
    return {"type": _TYPES[each.kind], **{name: value for name, value in limits.items() if value is not None}}


def read_schema(values: Any) -> tuple[list[Asked], list[Finding]]:
    """Return the inputs that ``as_schema`` wrote down, and what is wrong; none where something is."""
    found = faults(values, FORM, file=FILE)
    if found:
        return [], found
    asked = [_read_property(key, each) for key, each in values["properties"].items()]
    return sorted(asked, key=lambda each: each.input.key), []


def _read_property(key: str, values: Mapping[str, Any]) -> Asked:
    choices = values.get("x-choices", {})
    read = Input(
        key,
        _kind(values),
        titles=values.get("x-titles", {}),
        hints=values.get("x-hints", {}),
        unit=values.get("x-unit", ""),
        default=values.get("default"),
        profile=values.get("x-profile", ""),
        choices={value: choices.get(value, {}) for value in values.get("enum", ())},
        least=values.get("minimum"),
        most=values.get("maximum"),
    )
    return Asked(read, tuple(values.get("x-parts", ())))


def _kind(values: Mapping[str, Any]) -> InputKind:
    if "enum" in values:
        return InputKind.CHOICE
    if values.get("format") == "date":
        return InputKind.DATE
    kinds = {"integer": InputKind.INTEGER, "number": InputKind.DECIMAL, "boolean": InputKind.BOOLEAN}
    return kinds.get(values.get("type", ""), InputKind.TEXT)


# --- as a list, in a folder that is packed --------------------------------------------------------
def inputs_as_json(inputs: Sequence[Input]) -> list[dict[str, Any]]:
    """Return inputs as JSON values, without what is empty."""
    return [
        {
            "key": each.key,
            "kind": each.kind.value,
            **{name: value for name, value in _rest(each) if value not in ("", None, {})},
        }
        for each in inputs
    ]


def _rest(each: Input) -> Iterator[tuple[str, Any]]:
    for name in ("titles", "hints", "unit", "default", "profile", "choices", "least", "most"):
        yield name, getattr(each, name)


def read_inputs(values: Any, *, file: str) -> tuple[list[Input], list[Finding]]:
    """Return the inputs that ``inputs_as_json`` wrote down, and what is wrong; none where something is."""
    found = faults(values, INPUTS, file=file)
    if found:
        return [], found
    return [Input(**_known(each)) for each in values], []


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in values.items() if name in Input.__dataclass_fields__}
    return {**known, "kind": InputKind(values.get("kind", InputKind.TEXT))}


# --- what was filled in ---------------------------------------------------------------------------
def offered(each: Input, profile: Mapping[str, Any]) -> Any:
    """Return what a form shows before anything is filled in: from the city's profile, else the default."""
    own = profile.get(each.profile)
    return own if _filled(own) and _fits(each, own) else each.default


def check_values(
    inputs: Sequence[Input], values: Mapping[str, Any], profile: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Finding]]:
    """Return what a city's inputs come to, and what is wrong or missing.

    Args:
        inputs: Of a measure and its parts.
        values: What was filled in, as JSON values by key; a blank text counts as nothing.
        profile: What the city says of itself.

    >>> check_values([Input("speed", InputKind.INTEGER, most=50, default=30)], {}, {})
    ({'speed': 30}, [])
    """
    known = {each.key: each for each in inputs}
    taken: dict[str, Any] = {}
    found: list[Finding] = []
    for key, each in known.items():
        value = values.get(key) if _filled(values.get(key)) else offered(each, profile)
        if value is None:
            found.append(error("inputs.missing", f"inputs#/{key}", say("Fill it in.")))
        elif wrong := _value_faults(each, value):
            found += wrong
        else:
            taken[key] = value
    found += [
        warning("inputs.unknown", step("inputs#", key), say("No part asks for it."))
        for key in values
        if key not in known
    ]
    return taken, found


def _filled(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _fits(each: Input, value: Any) -> bool:
    return not _value_faults(each, value)


def _value_faults(each: Input, value: Any) -> list[Finding]:
    schema = {"properties": {each.key: _value_schema(each)}}
    return faults({each.key: value}, schema, file="inputs")
