"""The results of a comparison, as ``tandem signals compare`` writes them, summed up by controller and class."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say

KINDS = ("car", "bicycle", "pedestrian", "bus", "tram")
MOST_RUNS = 5_000
_MEANS = ("delay_s", "wait_s", "longest_wait_s", "stops", "co2_g")
# Two-sided 95 % of Student's distribution, by degrees of freedom. Source: Abramowitz and Stegun (1964), table 26.10.
_STUDENT = (
    *(
        12.706,
        4.303,
        3.182,
        2.776,
        2.571,
        2.447,
        2.365,
        2.306,
        2.262,
        2.228,
        2.201,
        2.179,
        2.160,
        2.145,
        2.131,
    ),
    *(
        2.120,
        2.110,
        2.101,
        2.093,
        2.086,
        2.080,
        2.074,
        2.069,
        2.064,
        2.060,
        2.056,
        2.052,
        2.048,
        2.045,
        2.042,
    ),
)
_NORMAL = 1.960


class NotResults(InvalidInput):
    """A file holds no results of a comparison."""

    code = "junctions.evaluation.not-results"

    def __init__(self, problem: str) -> None:
        super().__init__(
            say(
                "The file holds no results: {problem} Upload what tandem signals compare wrote by --results.",
                problem=problem,
            )
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One class of road users under one controller, over all runs.

    Attributes:
        runs: How many runs there were; ``locked`` of them came to a standstill.
        people: Mean number of road users in a run.
        delay_s: Mean time lost per road user; the 95 % interval lies between ``delay_low_s`` and ``delay_high_s``.
        wait_s: Mean time spent standing, likewise.
        longest_wait_s: Of any one of them in any run.
        quality: Service quality, A to F.
    """

    controller: str
    kind: str
    runs: int
    locked: int
    people: float
    delay_s: float
    delay_low_s: float
    delay_high_s: float
    wait_s: float
    wait_low_s: float
    wait_high_s: float
    longest_wait_s: float
    stops: float
    co2_g: float
    quality: str


@dataclass(frozen=True, slots=True)
class Results:
    """What a comparison gave.

    Attributes:
        scenario: Its name.
        duration_s: Of each run.
        rows: By controller in the order of the file, then by class; the first controller is the reference.
        versions: Of what computed it, by name; several versions of one thing stand side by side.
    """

    scenario: str
    duration_s: int
    rows: tuple[Row, ...]
    versions: Mapping[str, str]

    @property
    def controllers(self) -> list[str]:
        """The controllers, the reference first."""
        return list(dict.fromkeys(row.controller for row in self.rows))

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values that ``from_json`` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Results":
        """Return the results that ``as_json`` wrote."""
        return cls(
            values["scenario"],
            values["duration_s"],
            tuple(Row(**row) for row in values["rows"]),
            dict(values["versions"]),
        )


def read_results(text: str) -> Results:
    """Return what a file of results holds: one run in each line.

    A last line that an interruption cut off is left out, as the engine itself does.

    Raises:
        NotResults: A line is no run, the runs are of several scenarios, or there is none.
    """
    runs = _runs(text)
    scenarios = sorted({run["scenario"] for run in runs})
    if len(scenarios) > 1:
        raise NotResults(say("It is about several scenarios ({names}).", names=", ".join(scenarios)))
    controllers = list(dict.fromkeys(run["controller"] for run in runs))
    rows = [
        row
        for controller in controllers
        for kind in KINDS
        if (row := _row(controller, kind, [run for run in runs if run["controller"] == controller]))
    ]
    return Results(scenarios[0], max(run["duration_s"] for run in runs), tuple(rows), _versions(runs))


def _runs(text: str) -> list[dict[str, Any]]:
    lines = text.splitlines()
    runs = []
    for number, line in enumerate(lines, start=1):
        try:
            runs.append(_run(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            if number == len(lines) and runs and not text.endswith("\n"):
                break
            raise NotResults(say("line {number} is no run.", number=number)) from error
        if number > MOST_RUNS:
            raise NotResults(say("It has more than {most} runs.", most=MOST_RUNS))
    if not runs:
        raise NotResults(say("It has no run."))
    return runs


def _run(values: Any) -> dict[str, Any]:
    """Return what is used of a run; everything else is left behind."""
    return {
        "scenario": str(values["scenario"])[:200],
        "controller": str(values["controller"])[:60],
        "duration_s": int(values["duration_s"]),
        "locked": values["locked_at_s"] is not None,
        "classes": {
            str(each["kind"]): {name: _number(each[name]) for name in ("count", *_MEANS)}
            for each in values["classes"]
        },
        "versions": {
            str(name)[:40]: str(version)[:60] for name, version in (values.get("versions") or {}).items()
        },
    }


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(value)
    return float(value)


def _row(controller: str, kind: str, runs: Sequence[Mapping[str, Any]]) -> Row | None:
    found = [run["classes"][kind] for run in runs if kind in run["classes"]]
    if not found:
        return None
    means = {name: sum(each[name] for each in found) / len(found) for name in ("count", *_MEANS)}
    delay, wait = ([each[name] for each in found] for name in ("delay_s", "wait_s"))
    longest_s = max(each["longest_wait_s"] for each in found)
    return Row(
        controller,
        kind,
        len(runs),
        sum(run["locked"] for run in runs),
        means["count"],
        means["delay_s"],
        *_interval(delay),
        means["wait_s"],
        *_interval(wait),
        longest_s,
        means["stops"],
        means["co2_g"],
        service_quality(kind, wait_s=means["wait_s"], longest_wait_s=longest_s),
    )


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % confidence interval of a mean of independent runs (Student's t)."""
    mean, degrees = sum(values) / len(values), len(values) - 1
    if not degrees:
        return mean, mean
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / degrees)
    quantile = _STUDENT[degrees - 1] if degrees <= len(_STUDENT) else _NORMAL + 2.42 / degrees
    half = quantile * spread / math.sqrt(len(values))
    return mean - half, mean + half


def service_quality(kind: str, *, wait_s: float, longest_wait_s: float) -> str:
    """Return the quality of service, A to F, as the engine judges it.

    Vehicles are judged by their mean wait, pedestrians and cyclists by the longest one. Vehicles get no F, which
    stands for demand above capacity and not for a wait.

    Source: figures after HBS 2015 as generally known; to be checked before anybody relies on them.

    >>> service_quality("car", wait_s=12, longest_wait_s=60), service_quality("bicycle", wait_s=5, longest_wait_s=56)
    ('A', 'D')
    """
    if kind in {"pedestrian", "bicycle"}:
        limits, value = (30.0, 40.0, 55.0, 70.0, 85.0), longest_wait_s
    else:
        limits, value = (20.0, 35.0, 50.0, 70.0, math.inf), wait_s
    return next((letter for letter, limit in zip("ABCDE", limits, strict=True) if value <= limit), "F")


def _versions(runs: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for run in runs:
        for name, version in run["versions"].items():
            found.setdefault(name, set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in sorted(found.items())}
