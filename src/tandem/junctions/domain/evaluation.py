"""The results of a comparison, as ``tandem signals compare`` writes them, summed up by controller and class."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.domain.summing_up.interval import interval
from tandem.signals.domain.summing_up.quality import service_quality

KINDS = ("car", "bicycle", "pedestrian", "bus", "tram")
MOST_RUNS = 5_000
LARGEST_NUMBER = 10**12
_MEANS = ("delay_s", "wait_s", "longest_wait_s", "stops", "co2_g")


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
        "duration_s": int(_number(values["duration_s"])),
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
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST_NUMBER:
        raise ValueError(value)
    return float(value)


def _row(controller: str, kind: str, runs: Sequence[Mapping[str, Any]]) -> Row | None:
    found = [run["classes"][kind] for run in runs if kind in run["classes"]]
    if not found:
        return None
    means = {name: sum(each[name] for each in found) / len(found) for name in ("count", *_MEANS)}
    delay, wait = (interval(each[name] for each in found) for name in ("delay_s", "wait_s"))
    longest_s = max(each["longest_wait_s"] for each in found)
    return Row(
        controller,
        kind,
        len(runs),
        sum(run["locked"] for run in runs),
        means["count"],
        means["delay_s"],
        delay.low,
        delay.high,
        means["wait_s"],
        wait.low,
        wait.high,
        longest_s,
        means["stops"],
        means["co2_g"],
        service_quality(kind, wait_s=means["wait_s"], longest_wait_s=longest_s),
    )


def _versions(runs: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for run in runs:
        for name, version in run["versions"].items():
            found.setdefault(name, set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in sorted(found.items())}
