"""One run: a scenario under one controller with one seed."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tandem.signals.control.policy import Policy
from tandem.signals.domain.aspect import Aspect
from tandem.signals.domain.junction import Junction
from tandem.signals.domain.users import KIND_NAMES
from tandem.signals.experiment.controllers import MAKERS, NATIVE, WITH_MORE_STAGES, Setting
from tandem.signals.experiment.fingerprint import fingerprint
from tandem.signals.experiment.results import ClassResult, RunResult, SignalTrace, wait_histogram
from tandem.signals.experiment.versions import versions
from tandem.signals.plant.outcome import Outcome, Plant, Trip
from tandem.signals.plant.sumo import SumoOptions, SumoPlant
from tandem.signals.plant.sumo_import import Timing
from tandem.signals.plant.sumo_view import Sight
from tandem.signals.safety.gate import Gate
from tandem.signals.safety.supervised import Decision, Supervised

TRACE_S = 300
LETTERS = {Aspect.RED: "r", Aspect.RED_YELLOW: "u", Aspect.YELLOW: "y"}
PLAIN_STAGES = 1


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be run.

    Attributes:
        scenario: Name shown.
        config: The ``.sumocfg``.
        week_ms: What time of the week it is at time 0.
        trace: Whether the first minutes of signals are kept.
        until_locked: Whether the run ends when it has locked, as what comes after that says nothing. A run that does
            not lock is the same with and without.
    """

    scenario: str
    config: Path
    controller: str
    seed: int
    duration_s: int = 3_600
    teleport_s: int = -1
    sight: Sight = field(default_factory=Sight)
    timing: Timing = field(default_factory=Timing)
    policy: Policy = field(default_factory=Policy)
    week_ms: int = 0
    emissions: bool = True
    trace: bool = True
    until_locked: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """What the run was done with, as plain values."""
        values = asdict(self)
        for name in ("scenario", "config", "controller", "seed", "duration_s"):
            del values[name]
        if not self.until_locked:
            del values["until_locked"]
        for hours in values["policy"]["hours"]:
            hours["days"] = sorted(hours["days"])
        return values

    @property
    def key(self) -> str:
        """What tells this run from all others: whatever changes it changes the key, the code that decides it too."""
        code = fingerprint(self.controller)
        values = [self.scenario, self.controller, self.seed, self.duration_s, self.options, code]
        text = json.dumps(values, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def run(task: Task, *, clock: Callable[[], float] = time.perf_counter) -> RunResult:
    """Run a scenario once, in this process; ``compare`` gives each run a process of its own.

    Args:
        clock: Seconds, for how long decisions take; has no influence on what is decided.

    Raises:
        SumoMissing: libsumo is not installed.
        NotANetwork: The scenario cannot be read.
    """
    began = clock()
    native = NATIVE.get(task.controller, "")
    stages = task.timing.most_stages if task.controller in WITH_MORE_STAGES else PLAIN_STAGES
    options = SumoOptions(
        seed=task.seed,
        duration_s=task.duration_s,
        teleport_s=task.teleport_s,
        sight=task.sight,
        timing=_with_stages(task.timing, stages),
        native=native,
        emissions=task.emissions,
    )
    plant = SumoPlant(task.config, options)

    def locked() -> bool:
        return task.until_locked and plant.view.locked_at_s is not None

    if native:
        log = Log(plant.junctions, traced_s=0)
        plant.start()
        while not plant.done and not locked():
            plant.observe()
            plant.step()
        outcome = plant.close()
        stood_s = plant.view.longest_still_s
        return summed_up(task, outcome, log, took_s=clock() - began, longest_stand_s=stood_s)
    setting = Setting(task.policy, task.week_ms)
    log = Log(plant.junctions, traced_s=TRACE_S if task.trace else 0)
    controllers = supervised(plant, task.controller, setting)
    outcome = control(plant, controllers, log, clock=clock, until=locked)
    stood_s = plant.view.longest_still_s
    return summed_up(task, outcome, log, took_s=clock() - began, longest_stand_s=stood_s)


def _with_stages(timing: Timing, most: int) -> Timing:
    return Timing(**{**asdict(timing), "most_stages": most})


def supervised(plant: Plant, controller: str, setting: Setting) -> list[Supervised]:
    """Return each junction's controller behind its gate; all signals are red before the run."""

    def behind_gate(junction: Junction) -> Supervised:
        longest_ms = max((group.yellow_ms for group in junction.groups), default=0)
        longest_ms = max([longest_ms, *junction.intergreens_ms.values()])
        gate = Gate(junction, now_ms=-longest_ms)
        return Supervised(junction, lambda: MAKERS[controller](junction, setting), gate)

    return [behind_gate(junction) for junction in plant.junctions]


def control(
    plant: Plant,
    controllers: Sequence[Supervised],
    log: "Log",
    *,
    clock: Callable[[], float],
    until: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Run a plant under its controllers to its end, or until something has happened."""
    plant.start()
    while not plant.done and not until():
        now_ms = plant.now_ms
        for number, (each, seen) in enumerate(zip(controllers, plant.observe(), strict=True)):
            before = clock()
            decision = each.step(now_ms, seen)
            log.note(number, decision, took_s=clock() - before)
            plant.apply(number, decision.command)
        plant.step()
    return plant.close()


class Log:
    """Counts what the controllers and the gates of a run do.

    Args:
        traced_s: Until when the signals are kept.
    """

    def __init__(self, junctions: Sequence[Junction], *, traced_s: int) -> None:
        self.junctions = junctions
        self.faults: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self.took_s: list[float] = []
        self._traced_ms = 1000 * traced_s
        self._changes: list[list[tuple[float, str]]] = [[] for _junction in junctions]

    def note(self, number: int, decision: Decision, *, took_s: float) -> None:
        """Take note of one junction's step."""
        command = decision.command
        self.took_s.append(took_s)
        self.faults.update(command.faults)
        self.sources[command.source.name.lower()] += 1
        if decision.at_ms < self._traced_ms:
            shown = "".join(
                ("G" if protected else "g") if aspect is Aspect.GREEN else LETTERS[aspect]
                for aspect, protected in zip(command.aspects, command.protected, strict=True)
            )
            changes = self._changes[number]
            if not changes or changes[-1][1] != shown:
                changes.append((decision.at_ms / 1000, shown))

    @property
    def traces(self) -> tuple[SignalTrace, ...]:
        """What was shown in the first minutes."""
        return tuple(
            SignalTrace(
                junction.id,
                tuple(group.id for group in junction.groups),
                tuple(group.kind.value for group in junction.groups),
                tuple(changes),
            )
            for junction, changes in zip(self.junctions, self._changes, strict=True)
            if changes
        )


def summed_up(
    task: Task, outcome: Outcome, log: Log, *, took_s: float, longest_stand_s: float | None = None
) -> RunResult:
    """Return a run's result."""
    vehicles = [trip for trip in outcome.trips if trip.kind != "pedestrian"]
    classes = [_class_result("all", vehicles)]
    for kind in KIND_NAMES:
        trips = [trip for trip in outcome.trips if trip.kind == kind]
        if trips:
            classes.append(_class_result(kind, trips))
    return RunResult(
        key=task.key,
        scenario=task.scenario,
        controller=task.controller,
        seed=task.seed,
        duration_s=task.duration_s,
        options=json.loads(json.dumps(task.options)),
        classes=tuple(classes),
        locked_at_s=outcome.locked_at_s,
        queue_s=tuple(second for second, _count in outcome.queues),
        queue_veh=tuple(count for _second, count in outcome.queues),
        traces=log.traces,
        decisions=_times(log.took_s),
        gate=_gate(log),
        took_s=round(took_s, 3),
        longest_stand_s=longest_stand_s,
        versions=versions(),
    )


def _class_result(kind: str, trips: Sequence[Trip]) -> ClassResult:
    some = max(len(trips), 1)
    return ClassResult(
        kind=kind,
        count=len(trips),
        finished=sum(trip.finished for trip in trips),
        delay_s=sum(trip.delay_s for trip in trips) / some,
        wait_s=sum(trip.wait_s for trip in trips) / some,
        longest_wait_s=max((trip.wait_s for trip in trips), default=0.0),
        stops=sum(trip.stops for trip in trips) / some,
        co2_g=sum(trip.co2_g for trip in trips) / some,
        waits=wait_histogram([trip.wait_s for trip in trips]),
    )


def _times(took_s: Sequence[float]) -> Mapping[str, float]:
    if not took_s:
        return {}
    values = np.array(took_s) * 1000
    return {
        "count": float(len(values)),
        "mean_ms": round(float(values.mean()), 4),
        "p99_ms": round(float(np.quantile(values, 0.99)), 4),
        "most_ms": round(float(values.max()), 4),
    }


def _gate(log: Log) -> Mapping[str, Any]:
    return {
        "faults": dict(sorted(log.faults.items())),
        "plan_s": log.sources["plan"],
        "recall_s": log.sources["recall"],
    }
