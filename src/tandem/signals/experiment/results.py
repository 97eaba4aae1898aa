"""What one run of a scenario gave."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

WAIT_BIN_S = 5
WAIT_BINS = 61  # the last one holds everything from 300 s on


@dataclass(frozen=True, slots=True)
class ClassResult:
    """One class of road users in one run.

    Attributes:
        kind: ``all``, ``car``, ``bicycle``, ``pedestrian``, ``bus`` or ``tram``.
        count: Everyone whom the scenario holds, those who could not even start included.
        finished: Those who arrived.
        delay_s: Mean time lost against a free way, the wait before the start included (RESCO's delay).
        wait_s: Mean time spent standing.
        longest_wait_s: Of any one of them.
        stops: Mean number of stops.
        co2_g: Mean carbon dioxide, grams; 0 for those without an engine.
        waits: How many waited 0–5 s, 5–10 s, …; shape ``(61,)``, the last for 300 s and more.
    """

    kind: str
    count: int
    finished: int
    delay_s: float
    wait_s: float
    longest_wait_s: float
    stops: float
    co2_g: float
    waits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SignalTrace:
    """What one junction showed in the first minutes of a run.

    Attributes:
        groups: The ids of its signal groups.
        kinds: ``vehicle``, ``cycle``, ``pedestrian``, ``bus`` or ``tram`` for each group.
        changes: (second, one letter for each group), whenever something changed: ``r`` red, ``u`` red and
            yellow, ``G`` green, ``g`` green that gives way, ``y`` yellow.
    """

    junction: str
    groups: tuple[str, ...]
    kinds: tuple[str, ...]
    changes: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run: a scenario under one controller with one seed.

    Attributes:
        key: What the run is known by: it is done again only if this changes.
        locked_at_s: When somebody began to stand for more than ten minutes; None if nobody did.
        queue_s: Seconds at which ``queue_veh`` was counted.
        queue_veh: How many stood in front of all stop lines.
        decisions: Of the controllers: count, mean_ms, p99_ms, most_ms.
        gate: Of the gates: faults by code, seconds in the plan, recalls.
        longest_stand_s: Longest that anybody stood in one go; None where it was not measured.
        versions: Of Tandem and of what it computes with, by name; empty in files of before they were kept.
    """

    key: str
    scenario: str
    controller: str
    seed: int
    duration_s: int
    options: Mapping[str, Any]
    classes: tuple[ClassResult, ...]
    locked_at_s: float | None
    queue_s: tuple[int, ...] = ()
    queue_veh: tuple[int, ...] = ()
    traces: tuple[SignalTrace, ...] = ()
    decisions: Mapping[str, float] = field(default_factory=dict)
    gate: Mapping[str, Any] = field(default_factory=dict)
    took_s: float = 0.0
    longest_stand_s: float | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> ClassResult | None:
        """Return the result of one class of road users, if the scenario has any."""
        return next((each for each in self.classes if each.kind == kind), None)

    def as_line(self) -> str:
        """Return the run as one line of JSON."""
        return json.dumps(asdict(self), separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_line(cls, line: str) -> "RunResult":
        """Return the run that ``as_line`` wrote, now or in an earlier version that kept less."""
        values = json.loads(line)
        values["classes"] = tuple(
            ClassResult(**each | {"waits": tuple(each["waits"])}) for each in values["classes"]
        )
        values["traces"] = tuple(
            SignalTrace(
                each["junction"],
                tuple(each["groups"]),
                tuple(each["kinds"]),
                tuple((at, shown) for at, shown in each["changes"]),
            )
            for each in values["traces"]
        )
        for name in ("queue_s", "queue_veh"):
            values[name] = tuple(values[name])
        return cls(**values)


def wait_histogram(waits_s: Sequence[float]) -> tuple[int, ...]:
    """Return how many waited 0–5 s, 5–10 s, …; the last bin holds 300 s and more."""
    bins = [0] * WAIT_BINS
    for wait_s in waits_s:
        bins[min(int(wait_s // WAIT_BIN_S), WAIT_BINS - 1)] += 1
    return tuple(bins)
