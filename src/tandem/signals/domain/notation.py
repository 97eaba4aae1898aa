"""A junction as a JSON document, and back, without loss.

In the document times are seconds (``minimum_green_s``) and lengths metres (``path_m``); what has its default is left
out. ``junction.schema.json`` beside this module says what a document may hold.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.signals.domain.junction import (
    Approach,
    Clearance,
    Detector,
    Exit,
    GroupKind,
    Interstage,
    Junction,
    Lane,
    Movement,
    Plan,
    PlanStep,
    SignalGroup,
    Stage,
    Turn,
)

_Name = TypeVar("_Name")
FORMAT = "tandem-junction/1"
_PARTS: Mapping[str, type] = {
    "approaches": Approach,
    "lanes": Lane,
    "exits": Exit,
    "groups": SignalGroup,
    "movements": Movement,
    "stages": Stage,
    "plans": Plan,
    "interstages": Interstage,
    "clearances": Clearance,
    "detectors": Detector,
}
_EMPTY = {"exit": ""}  # fields that a document may leave out though the class has no default for them
_LONGEST_SHOWN = 60


class NotAJunction(InvalidInput):
    """A document describes no junction.

    Attributes:
        findings: Everything that is wrong with it.
    """

    code = "signals.junction.invalid"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first, more = findings[0], len(findings) - 1
        message = say(
            "The junction is wrong at {path}: {problem}", path=first.path or "$", problem=first.message
        )
        if more:
            message = say("{first} Further faults: {count}.", first=message, count=more)
        super().__init__(message)
        self.findings = tuple(findings)


# --- reading --------------------------------------------------------------------------------------
def read_junction(text: str) -> Junction:
    """Return the junction that a text in JSON describes.

    Raises:
        NotAJunction: It is no JSON, holds a name twice, or describes no junction.
    """
    try:
        values = json.loads(text, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        problem = say("It is no JSON ({problem}). Correct it.", problem=error)
        raise NotAJunction([_fault("not-json", "", problem)]) from error
    return junction_from_json(values)


def junction_from_json(values: Any) -> Junction:
    """Return the junction that a JSON document describes.

    Args:
        values: The document as ``json.loads`` returns it. Seconds are kept to the millisecond.

    Raises:
        NotAJunction: It does not keep to the schema, or refers to something that is not there.
    """
    if faults := _schema_faults(values):
        raise NotAJunction(faults)
    junction = _built(values)
    if faults := [*_double_pairs(junction), *dangling(junction)]:
        raise NotAJunction(faults)
    return junction


def _built(values: Mapping[str, Any]) -> Junction:
    parts = {name: tuple(_part(kind, each) for each in values.get(name, ())) for name, kind in _PARTS.items()}
    place = values.get("place")
    return Junction(
        id=values["id"],
        name=values.get("name", ""),
        intergreens_ms={
            (clearing, entering): _ms(seconds)
            for clearing, row in values["intergreens"].items()
            for entering, seconds in row.items()
        },
        assumptions=tuple(values.get("assumptions", ())),
        place=(float(place["lat"]), float(place["lon"])) if place else None,
        **parts,
    )


def _part(kind: type, values: Mapping[str, Any]) -> Any:
    found = {
        field.name: _value(field.name, values[_key(field.name)])
        for field in fields(kind)
        if _key(field.name) in values
    }
    left_out = {field.name: _EMPTY[field.name] for field in fields(kind) if field.name in _EMPTY}
    return kind(**left_out | found)


def _value(name: str, value: Any) -> Any:
    """Return a value of the document as the field of that name holds it."""
    match name:
        case "kind":
            return GroupKind(value)
        case "turn":
            return Turn(value)
        case "green" | "permissive":
            return frozenset(value)
        case "yields_to":
            return tuple(value)
        case "steps":
            return tuple(_part(PlanStep, step) for step in value)
        case "ends_ms" | "starts_ms":
            return {group: _ms(seconds) for group, seconds in value.items()}
    if name.endswith("_ms"):
        return _ms(value)
    return value if isinstance(value, str) else float(value)


def _ms(seconds: float) -> int:
    return round(1000 * seconds)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if double := _doubles(name for name, _value in pairs):
        raise ValueError(f"{double[0]!r} stands twice in one object")
    return dict(pairs)


# --- writing --------------------------------------------------------------------------------------
def write_junction(junction: Junction) -> str:
    """Return the junction as a text in JSON, one thing on each line, as one would write it by hand."""
    lines = (
        f"  {json.dumps(name, ensure_ascii=False)}: {_laid_out(value)}"
        for name, value in junction_to_json(junction).items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _laid_out(value: Any) -> str:
    """Return a value with one item of a list, or one row of the matrix, on each line."""

    def plain(part: Any) -> str:
        return json.dumps(part, ensure_ascii=False, allow_nan=False)

    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {plain(item)}" for item in value) + "\n  ]"
    if isinstance(value, dict) and any(isinstance(row, dict) for row in value.values()):
        rows = (f"    {plain(name)}: {plain(row)}" for name, row in value.items())
        return "{\n" + ",\n".join(rows) + "\n  }"
    return plain(value)


def junction_to_json(junction: Junction) -> dict[str, Any]:
    """Return the junction as a JSON document; ``junction_from_json`` gives back the same one.

    Signal groups of a stage stand in the junction's order.
    """
    order = {group.id: number for number, group in enumerate(junction.groups)}
    intergreens: dict[str, dict[str, float]] = {}
    for (clearing, entering), between_ms in junction.intergreens_ms.items():
        intergreens.setdefault(clearing, {})[entering] = _seconds(between_ms)
    parts = {name: [_plain(each, order) for each in getattr(junction, name)] for name in _PARTS}
    optional: dict[str, Any] = {
        "name": junction.name,
        "place": {"lat": junction.place[0], "lon": junction.place[1]} if junction.place else None,
        **parts,
        "assumptions": list(junction.assumptions),
    }
    values = {"format": FORMAT, "id": junction.id, "intergreens": intergreens}
    schema = _schema()
    values |= {name: value for name, value in optional.items() if value or name in schema["required"]}
    return {name: values[name] for name in schema["properties"] if name in values}


def _plain(part: Any, order: Mapping[str, int]) -> dict[str, Any]:
    """Return one part of a junction as JSON values."""
    return {
        _key(field.name): _plain_value(field.name, value, order)
        for field in fields(part)
        if (value := getattr(part, field.name)) != _default(field)
    }


def _plain_value(name: str, value: Any, order: Mapping[str, int]) -> Any:
    if isinstance(value, Mapping):
        return {group: _seconds(moment_ms) for group, moment_ms in value.items()}
    if isinstance(value, frozenset):
        return sorted(value, key=lambda group: (order.get(group, len(order)), group))
    if isinstance(value, tuple):
        return [each if isinstance(each, str) else _plain(each, order) for each in value]
    if name.endswith("_ms"):
        return _seconds(value)
    return _number(value) if isinstance(value, float) else value


def _key(name: str) -> str:
    """Return what a field is called in the document.

    >>> _key("minimum_green_ms"), _key("path_m")
    ('minimum_green_s', 'path_m')
    """
    return f"{name[:-3]}_s" if name.endswith("_ms") else name


def _default(field: "Field[Any]") -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return _EMPTY.get(field.name, field.default)


def _seconds(ms: int) -> float:
    return _number(ms / 1000)


def _number(value: float) -> float:
    """Return a number without a fraction where it has none: 5, not 5.0."""
    return int(value) if float(value).is_integer() else value


# --- the schema -----------------------------------------------------------------------------------
@cache
def _schema() -> dict[str, Any]:
    text = files("tandem.signals.domain").joinpath("junction.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def _validator() -> Any:
    """Return the schema's validator, to which infinity is no number."""
    checker = Draft202012Validator.TYPE_CHECKER.redefine(
        "number",
        lambda _checker, value: (
            isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        ),
    )
    return extend(Draft202012Validator, type_checker=checker)(_schema())


def _schema_faults(values: Any) -> list[Finding]:
    errors = sorted(_validator().iter_errors(values), key=lambda error: [str(step) for step in error.path])
    return list(dict.fromkeys(_fault("schema", error.json_path, _said(error)) for error in errors))


def _said(error: ValidationError) -> Sentence:
    """Return what is wrong, and what belongs there."""
    value, limit = error.instance, error.validator_value
    wanted = error.schema.get("description", "")
    match error.validator:
        case "required":
            missing = ", ".join(name for name in limit if name not in value)
            return say("{missing} is missing. Add it.", missing=missing)
        case "additionalProperties":
            known = error.schema.get("properties", {})
            unknown = ", ".join(name for name in value if name not in known)
            return say(
                "{unknown} is unknown. Remove it, or use one of {known}.",
                unknown=unknown,
                known=", ".join(known),
            )
        case "type":
            return say("{value} is no {type}. {wanted}", value=_shown(value), type=limit, wanted=wanted)
        case "enum" | "const":
            allowed = ", ".join(limit) if isinstance(limit, list) else limit
            return say("{value} is not allowed. Use {allowed}.", value=_shown(value), allowed=allowed)
        case "minimum":
            return say("{value} is less than {limit}. {wanted}", value=value, limit=limit, wanted=wanted)
        case "exclusiveMinimum":
            return say("{value} is not above {limit}. {wanted}", value=value, limit=limit, wanted=wanted)
        case "maximum":
            return say("{value} is more than {limit}. {wanted}", value=value, limit=limit, wanted=wanted)
        case "minLength" | "minItems":
            return say("It is empty. {wanted}", wanted=wanted)
        case "uniqueItems":
            return say("Something stands there twice. {wanted}", wanted=wanted)
    return say("{problem}. {wanted}", problem=error.message, wanted=wanted)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


# --- references -----------------------------------------------------------------------------------
def dangling(junction: Junction) -> list[Finding]:
    """Return what a junction names that is not there, and what it names twice.

    Paths are like ``movements/k1/lane``. A junction without such findings can be used by every other function.
    """
    known = {name: [each.id for each in getattr(junction, name)] for name in _PARTS if _has_id(name)}
    twice = [
        _fault("double", f"{name}/{double}", say("The name stands twice. Rename one of the two."))
        for name, names in known.items()
        for double in _doubles(names)
    ]
    return twice + [
        _fault("unknown", path, _unknown(kind, name))
        for path, kind, name in _references(junction)
        if name not in known[kind]
    ]


def _has_id(name: str) -> bool:
    return any(field.name == "id" for field in fields(_PARTS[name]))


def _unknown(kind: str, name: str) -> Sentence:
    return say(
        "{name} is not among the {kind}. Add it there, or correct the name here.", name=name, kind=kind
    )


def _references(junction: Junction) -> Iterator[tuple[str, str, str]]:
    """Yield every reference: where it stands, what it refers to, and the name."""
    for lane in junction.lanes:
        yield f"lanes/{lane.id}/approach", "approaches", lane.approach
    for exit_ in junction.exits:
        if exit_.leads_to:
            yield f"exits/{exit_.id}/leads_to", "lanes", exit_.leads_to
    for detector in junction.detectors:
        yield f"detectors/{detector.id}/lane", "lanes", detector.lane
    for movement in junction.movements:
        yield from _movement_references(movement)
    for pair in junction.intergreens_ms:
        for group in pair:
            yield f"intergreens/{pair[0]}/{pair[1]}", "groups", group
    for stage in junction.stages:
        for group in sorted(stage.green | stage.permissive):
            yield f"stages/{stage.id}", "groups", group
    for plan in junction.plans:
        for number, step in enumerate(plan.steps):
            yield f"plans/{plan.id}/steps/{number}", "stages", step.stage
    for change in junction.interstages:
        yield from _interstage_references(change)
    for clearance in junction.clearances:
        for name in (clearance.clearing, clearance.entering):
            yield f"clearances/{clearance.clearing}/{clearance.entering}", "movements", name


def _movement_references(movement: Movement) -> Iterator[tuple[str, str, str]]:
    place = f"movements/{movement.id}"
    yield f"{place}/lane", "lanes", movement.lane
    yield f"{place}/group", "groups", movement.group
    if movement.exit:
        yield f"{place}/exit", "exits", movement.exit
    for other in movement.yields_to:
        yield f"{place}/yields_to", "movements", other


def _interstage_references(change: Interstage) -> Iterator[tuple[str, str, str]]:
    place = f"interstages/{change.first}/{change.second}"
    for stage in (change.first, change.second):
        yield place, "stages", stage
    for group in (*change.ends_ms, *change.starts_ms):
        yield place, "groups", group


def _double_pairs(junction: Junction) -> list[Finding]:
    pairs = _doubles((each.first, each.second) for each in junction.interstages)
    return [
        _fault(
            "double", f"interstages/{first}/{second}", say("The change stands twice. Remove one of the two.")
        )
        for first, second in pairs
    ]


def _doubles(names: Iterable[_Name]) -> list[_Name]:
    return [name for name, count in Counter(names).items() if count > 1]


def _fault(what: str, path: str, message: str) -> Finding:
    return Finding(Severity.ERROR, f"signals.junction.{what}", path, message)
