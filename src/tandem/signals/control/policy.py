"""The city's policy for its signals: whose waiting counts how much, and when. Read from a file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.domain.users import KIND_NAMES as KINDS

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MS = 86_400_000


class NotAPolicy(InvalidInput):
    """The policy file cannot be used."""

    code = "signals.policy.invalid"

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(say("The policy is wrong at {place}: {problem}.", place=place, problem=problem))


@dataclass(frozen=True, slots=True)
class Hours:
    """A time of the week with weights of its own: school hours, a market.

    Attributes:
        days: 0 for Monday to 6 for Sunday.
        from_ms: Since midnight.
        until_ms: Since midnight; not included.
        weights: One for each of ``KINDS``.
    """

    name: str
    days: frozenset[int]
    from_ms: int
    until_ms: int
    weights: tuple[float, ...]

    def hold(self, week_ms: int) -> bool:
        """Return whether a moment lies within, in milliseconds since Monday's midnight.

        >>> school = Hours("school", frozenset({0, 1}), 27_000_000, 30_600_000, (1.0,) * 5)
        >>> school.hold(28_000_000), school.hold(28_000_000 + 6 * 86_400_000)
        (True, False)
        """
        day, moment = divmod(week_ms % (7 * DAY_MS), DAY_MS)
        return day in self.days and self.from_ms <= moment < self.until_ms


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts how much.

    Attributes:
        weights: One for each of ``KINDS``: what a second of its waiting counts.
        equity: How much each second that somebody has already stood adds to the weight.
        stop_s: Seconds of waiting that a stop counts.
        recall_s: After so long a red a stage is served although the detectors see nobody; 0 for never.
        box_s: Longest that a change waits for those who still stand inside the junction.
        hours: Times with weights of their own; the first that holds counts.
    """

    weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    equity: float = 0.02
    stop_s: float = 6.0
    recall_s: float = 120.0
    box_s: float = 20.0
    hours: tuple[Hours, ...] = ()

    def weights_at(self, week_ms: int) -> tuple[float, ...]:
        """Return the weights that count at a moment, in milliseconds since Monday's midnight."""
        return next((hours.weights for hours in self.hours if hours.hold(week_ms)), self.weights)


def read_policy(text: str) -> Policy:
    r"""Return the policy that a TOML text describes; what it leaves out stays as it is by default.

    Raises:
        NotAPolicy: The text is no TOML, names something unknown, or gives an impossible value.

    >>> read_policy("[weights]\nbicycle = 2.5").weights
    (1.0, 1.0, 2.5, 1.0, 1.0)
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotAPolicy("the file", f"it is no TOML ({error})") from error
    return read_policy_values(values)


def read_policy_values(values: Mapping[str, Any]) -> Policy:
    """Return the policy that the values of a TOML table describe.

    Raises:
        NotAPolicy: Something is unknown, or impossible.
    """
    known = {"weights", "waiting", "hours"}
    for name in values:
        if name not in known:
            raise NotAPolicy(name, f"it is unknown; known are {', '.join(sorted(known))}")
    weights = _weights(values.get("weights", {}), Policy().weights, "weights")
    names = {each.name for each in fields(Policy)} - {"weights", "hours"}
    numbers: dict[str, Any] = {}
    for name, value in values.get("waiting", {}).items():
        if name not in names:
            raise NotAPolicy(f"waiting.{name}", f"it is unknown; known are {', '.join(sorted(names))}")
        numbers[name] = _number(value, f"waiting.{name}")
    hours = values.get("hours", [])
    if not isinstance(hours, list):
        raise NotAPolicy("hours", "write each as [[hours]]")
    return Policy(
        weights=weights,
        hours=tuple(_hours(each, weights, number) for number, each in enumerate(hours, 1)),
        **numbers,
    )


def _hours(values: Mapping[str, Any], weights: tuple[float, ...], number: int) -> Hours:
    place = f"hours {number}"
    days = values.get("days", list(DAYS[:5]))
    unknown = [day for day in days if day not in DAYS]
    if unknown:
        raise NotAPolicy(place, f"{unknown[0]!r} is no day; days are {', '.join(DAYS)}")
    from_ms, until_ms = _clock(values.get("from"), place), _clock(values.get("until"), place)
    if from_ms >= until_ms:
        raise NotAPolicy(place, "it ends before it begins")
    return Hours(
        str(values.get("name", place)),
        frozenset(DAYS.index(day) for day in days),
        from_ms,
        until_ms,
        _weights(values.get("weights", {}), weights, f"{place}.weights"),
    )


def _weights(values: Mapping[str, Any], base: tuple[float, ...], place: str) -> tuple[float, ...]:
    found = list(base)
    for kind, value in values.items():
        if kind not in KINDS:
            raise NotAPolicy(f"{place}.{kind}", f"it is unknown; known are {', '.join(KINDS)}")
        found[KINDS.index(kind)] = _number(value, f"{place}.{kind}")
    return tuple(found)


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 10_000:
        raise NotAPolicy(place, f"{value!r} is no number between 0 and 10,000")
    return float(value)


def _clock(value: Any, place: str) -> int:
    hour, colon, minute = str(value).partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and int(hour) <= 24 and int(minute) < 60):
        raise NotAPolicy(place, f"{value!r} is no time such as 07:30")
    return (int(hour) * 60 + int(minute)) * 60_000
