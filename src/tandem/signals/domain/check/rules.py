"""The rules that a city sets for its junctions, read from a file."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.domain.clearing import DEFAULT_RULES, ClearingRules, Driving
from tandem.signals.domain.junction import GroupKind


class NotCheckRules(InvalidInput):
    """The rules of the check cannot be used."""

    code = "signals.check.invalid-rules"

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            say("The check's rules are wrong at {place}: {problem}", place=place, problem=problem)
        )


@dataclass(frozen=True, slots=True)
class CheckRules:
    """What a city asks of its junctions.

    The defaults are figures in common use in Germany, to be verified; nothing here says that they conform to a
    guideline.

    Attributes:
        clearing: What intergreens are computed with.
        minimum_green_ms: Least minimum green of each kind of group.
        yellow_ms: Rows of (highest speed in km/h, least yellow), in rising order, for vehicles and buses.
        walking_mps: What pedestrians walk with.
        whole_crossing: Whether the minimum green lasts over the whole crossing, not to its middle only, as where
            it is equipped for blind people.
    """

    clearing: ClearingRules = DEFAULT_RULES
    minimum_green_ms: Mapping[GroupKind, int] = field(default_factory=lambda: dict.fromkeys(GroupKind, 5_000))
    yellow_ms: tuple[tuple[float, int], ...] = ((50.0, 3_000), (60.0, 4_000), (70.0, 5_000))
    cycle_yellow_ms: int = 2_000
    walking_mps: float = 1.2
    whole_crossing: bool = False


def rules_from_mapping(values: Mapping[str, Any]) -> CheckRules:
    """Return the rules that the values of a TOML table describe; what they leave out stays as it is by default.

    Raises:
        NotCheckRules: A name is unknown, or a value impossible.

    >>> rules_from_mapping({"walking_mps": 1.0, "minimum_green_s": {"vehicle": 8}}).walking_mps
    1.0
    """
    readers: Mapping[str, Callable[[Any], dict[str, Any]]] = {
        "clearing": lambda value: {"clearing": _clearing(value)},
        "minimum_green_s": lambda value: {"minimum_green_ms": _minimum_greens(value)},
        "yellow_s": lambda value: {"yellow_ms": _yellow_table(value)},
        "cycle_yellow_s": lambda value: {"cycle_yellow_ms": _ms(value, "cycle_yellow_s")},
        "walking_mps": lambda value: {"walking_mps": _number(value, "walking_mps", above_zero=True)},
        "whole_crossing": lambda value: {"whole_crossing": _yes_or_no(value)},
    }
    _refuse_unknown(values, readers, "")
    given: dict[str, Any] = {}
    for name, value in values.items():
        given |= readers[name](value)
    return CheckRules(**given)


def _clearing(values: Any) -> ClearingRules:
    rules = ClearingRules()
    _refuse_unknown(values, [each.name for each in fields(rules)], "clearing.")
    return replace(
        rules, **{name: _driving(getattr(rules, name), name, each) for name, each in values.items()}
    )


def _driving(default: Driving, kind: str, values: Any) -> Driving:
    place = f"clearing.{kind}."
    _refuse_unknown(values, [each.name for each in fields(default)], place)
    numbers = {
        name: _number(value, f"{place}{name}", above_zero=name.endswith("_mps"))
        for name, value in values.items()
    }
    return replace(default, **numbers)


def _minimum_greens(values: Any) -> Mapping[GroupKind, int]:
    _refuse_unknown(values, list(GroupKind), "minimum_green_s.")
    given = {GroupKind(kind): _ms(value, f"minimum_green_s.{kind}") for kind, value in values.items()}
    return {**CheckRules().minimum_green_ms, **given}


def _yellow_table(values: Any) -> tuple[tuple[float, int], ...]:
    if not isinstance(values, Mapping) or not values or not all(str(speed).isdecimal() for speed in values):
        raise NotCheckRules(
            "yellow_s", say("It is no table such as {example}.", example="{ 50 = 3, 60 = 4 }")
        )
    return tuple(sorted((float(speed), _ms(value, f"yellow_s.{speed}")) for speed, value in values.items()))


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise NotCheckRules("whole_crossing", say("{value} is neither true nor false.", value=value))
    return value


def _ms(value: Any, place: str) -> int:
    return round(1000 * _number(value, place))


def _number(value: Any, place: str, *, above_zero: bool = False) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise NotCheckRules(place, say("{value} is no number.", value=value))
    if value < 0 or (above_zero and value == 0):
        raise NotCheckRules(place, say("{value} is too small.", value=value))
    return float(value)


def _refuse_unknown(values: Any, known: Iterable[str], place: str) -> None:
    if not isinstance(values, Mapping):
        raise NotCheckRules(place.rstrip("."), say("It is no table."))
    for name in values:
        if name not in known:
            raise NotCheckRules(
                f"{place}{name}", say("It is unknown. Known are {known}.", known=", ".join(known))
            )
