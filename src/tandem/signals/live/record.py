"""The decision log: everything that a junction saw, was asked for and was told, as lines of JSON.

The first line says what was controlled and how; each further line is one step. Numbers are written so that reading
them gives the same ones, so that a replay sees exactly what the junction saw.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tandem import __version__
from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.control.policy import Hours, Policy
from tandem.signals.domain.junction import Junction
from tandem.signals.domain.notation import junction_from_json, junction_to_json
from tandem.signals.estimation.observation import EXIT, USER, Observation
from tandem.signals.safety.supervised import Decision

FORMAT = "tandem-decisions/1"


class NotALog(InvalidInput):
    """The file is no decision log."""

    code = "signals.log.invalid"

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(
            say(
                "{path} is no decision log that can be repeated: line {line}: {problem}.",
                path=path,
                line=line,
                problem=problem,
            )
        )


@dataclass(frozen=True, slots=True)
class Setup:
    """What a log was made with.

    Attributes:
        began_ms: The gate's first moment, when all groups were red.
        week_ms: What time of the week it was at time 0.
    """

    junction: Junction
    controller: str
    policy: Policy
    week_ms: int
    began_ms: int


def setup_line(setup: Setup) -> str:
    """Return the first line of a log."""
    policy = asdict(setup.policy)
    for hours in policy["hours"]:
        hours["days"] = sorted(hours["days"])
    return _line(
        {
            "format": FORMAT,
            "tandem": __version__,
            "controller": setup.controller,
            "policy": policy,
            "week_ms": setup.week_ms,
            "began_ms": setup.began_ms,
            "junction": junction_to_json(setup.junction),
        }
    )


def step_line(seen: Observation | None, decision: Decision) -> str:
    """Return the line of one step."""
    request, command = decision.request, decision.command
    return _line(
        {
            "at_ms": decision.at_ms,
            "seen": None if seen is None else _seen(seen),
            "request": None
            if request is None
            else {
                "green": sorted(request.green),
                "permissive": sorted(request.permissive),
                "made_at_ms": request.made_at_ms,
                "why": request.reason,
            },
            "trouble": decision.trouble,
            "command": {
                "aspects": "".join(aspect.name[0] if aspect != 1 else "U" for aspect in command.aspects),
                "protected": "".join("1" if each else "0" for each in command.protected),
                "source": command.source.name.lower(),
                "faults": list(command.faults),
            },
        }
    )


def read_setup(path: Path, line: str) -> Setup:
    """Return what the first line says.

    Raises:
        NotALog: It is no first line of a decision log, or of another version.
    """
    try:
        values = json.loads(line)
        if values["format"] != FORMAT:
            raise NotALog(path, 1, f"its format is {values['format']!r}, not {FORMAT!r}")
        policy = values["policy"]
        hours = tuple(
            Hours(**each | {"days": frozenset(each["days"]), "weights": tuple(each["weights"])})
            for each in policy["hours"]
        )
        return Setup(
            junction_from_json(values["junction"]),
            values["controller"],
            Policy(**policy | {"weights": tuple(policy["weights"]), "hours": hours}),
            values["week_ms"],
            values["began_ms"],
        )
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise NotALog(path, 1, str(error)) from error


def read_steps(path: Path, lines: Iterator[str]) -> Iterator[tuple[int, Observation | None, str]]:
    """Yield each step's moment, what was seen, and the line itself.

    Raises:
        NotALog: A line is no step; a last line that was cut off ends the log.
    """
    for number, line in enumerate(lines, start=2):
        if not line.endswith("\n"):
            return
        try:
            values = json.loads(line)
            yield values["at_ms"], _observation(values["seen"]), line
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise NotALog(path, number, str(error)) from error


def _seen(seen: Observation) -> dict[str, Any]:
    return {
        "at_ms": seen.at_ms,
        "users": seen.users.tolist(),
        "exits": seen.exits.tolist(),
        "inside": seen.inside.tolist(),
        "in_box": seen.in_box.tolist(),
    }


def _observation(values: Mapping[str, Any] | None) -> Observation | None:
    if values is None:
        return None
    return Observation(
        values["at_ms"],
        np.array([tuple(row) for row in values["users"]], USER),
        np.array([tuple(row) for row in values["exits"]], EXIT),
        np.array(values["inside"], np.int64),
        np.array(values["in_box"], np.int64),
    )


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":")) + "\n"
