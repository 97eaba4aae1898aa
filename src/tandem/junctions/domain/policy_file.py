"""A policy as it travels with a junction file: is it one at all?

The engine is the judge of a policy, and the portal does not know it. Here only what would make a file something else
is refused: other names than those a policy has, and values that are no plain numbers and texts.
"""

import tomllib
from collections.abc import Mapping
from typing import Any

from tandem.core.findings import Finding
from tandem.core.part_values import (
    LONGEST_LINE,
    Check,
    Faults,
    errors,
    fault,
    form,
    one_of,
    record,
    several,
    text,
    too_much,
)
from tandem.core.text import say

KINDS = ("car", "pedestrian", "bicycle", "bus", "tram")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WAITING = ("equity", "stop_s", "recall_s", "box_s")
LARGEST_NUMBER = 10_000
MOST_HOURS = 100


def check_policy(content: bytes, largest: int) -> list[Finding]:
    r"""Return everything that is wrong with a policy; paths are JSON Pointers into it.

    Args:
        largest: How many bytes it may have.

    >>> [each.path for each in check_policy(b"[weights]\nlorry = 2", 100)]
    ['/weights/lorry']
    """
    if len(content) > largest:
        return [too_much("", len(content), largest)]
    try:
        values = tomllib.loads(content.decode())
    except (ValueError, RecursionError):
        return [
            fault(
                "not-a-policy", "", say("It is no TOML text. Write it as the documentation of policies says.")
            )
        ]
    return errors([*_CHECK(values, ""), *_unknown(values)])


def _number(value: Any, path: str) -> Faults:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        yield fault("out-of-range", path, say("It is no number between 0 and {most}.", most=LARGEST_NUMBER))


def _unknown(values: Mapping[str, Any]) -> Faults:
    """Yield what a policy has no place for, as errors: the engine would refuse it."""
    message = say("A policy has no place for this. Take it out.")
    for finding in _CHECK(values, ""):
        if finding.code == "core.part.unknown":
            yield fault("not-a-policy", finding.path, message)


_CLOCK = form(r"\d{1,2}:\d{2}")
_WEIGHTS: Check = record(dict.fromkeys(KINDS, _number))
_HOURS: Mapping[str, Check] = {
    "name": text(LONGEST_LINE),
    "days": several(one_of(DAYS), len(DAYS)),
    "from": _CLOCK,
    "until": _CLOCK,
    "weights": _WEIGHTS,
}
_CHECK = record(
    {
        "weights": _WEIGHTS,
        "waiting": record(dict.fromkeys(WAITING, _number)),
        "hours": several(record(_HOURS, ("from", "until")), MOST_HOURS),
    }
)
