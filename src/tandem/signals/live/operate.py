"""Real time: one step a second for every junction of a plant, logged and published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from tandem.signals.control.planner import Planner, PlannerSettings
from tandem.signals.control.policy import Policy
from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation
from tandem.signals.live.record import Setup, setup_line, step_line
from tandem.signals.plant.outcome import Outcome, Plant
from tandem.signals.publish.messages import Counts, forecast, state
from tandem.signals.publish.outlets import Outlet
from tandem.signals.safety.gate import Gate
from tandem.signals.safety.supervised import Decision, Supervised

STEP_MS = 1_000
ALL_RED_FIRST_MS = 10_000


@dataclass(frozen=True, slots=True)
class Pace:
    """The clock that real time is kept with.

    Attributes:
        now_s: Seconds of a clock that never goes back.
        sleep: Sleeps for so many seconds.
        speed: How many simulated seconds a second takes; 1 for real time, 0 for as fast as it goes.
    """

    now_s: Callable[[], float]
    sleep: Callable[[float], None]
    speed: float = 1.0


@dataclass(slots=True)
class Kept:
    """How well time was kept.

    Attributes:
        latest_s: By how much the latest step began too late.
        slowest_s: How long the slowest decision took.
    """

    steps: int = 0
    latest_s: float = 0.0
    slowest_s: float = 0.0


def began_ms(junction: Junction) -> int:
    """Return the gate's first moment: as long before time 0 as any intergreen of the junction takes."""
    return -max(ALL_RED_FIRST_MS, *junction.intergreens_ms.values(), 0)


def watched(setup: Setup) -> Supervised:
    """Return a junction's planner behind its gate, that says why it does what it does."""
    settings = PlannerSettings(policy=setup.policy, explain=True)
    return Supervised(
        setup.junction,
        lambda: Planner(setup.junction, settings, week_ms=setup.week_ms),
        Gate(setup.junction, now_ms=setup.began_ms),
    )


class Operation:
    """One junction in operation.

    Args:
        log: Where its decisions are written; None for nowhere.
    """

    def __init__(self, setup: Setup, *, log: TextIO | None, outlets: Sequence[Outlet]) -> None:
        self.setup = setup
        self.supervised = watched(setup)
        self.supervised.prepare()
        self.counts = Counts(setup.junction)
        self._log, self._outlets = log, outlets
        if log:
            log.write(setup_line(setup))

    def step(self, now_ms: int, seen: Observation | None) -> Decision:
        """Decide, log and publish one second."""
        decision = self.supervised.step(now_ms, seen)
        if seen is not None and not decision.trouble:
            self.counts.note(seen)
        if self._log:
            self._log.write(step_line(seen, decision))
            self._log.flush()
        message = self.message(decision)
        for outlet in self._outlets:
            outlet.send(message)
        return decision

    def message(self, decision: Decision) -> Mapping[str, Any]:
        """Return what is published of a step."""
        junction, heads = self.setup.junction, self.supervised.gate.heads()
        why = decision.trouble or (decision.request.reason if decision.request else "")
        controller = self.supervised.controller
        ahead: tuple[tuple[int, str], ...] = ()
        present = junction.default_plan.steps[0].stage
        if isinstance(controller, Planner):
            ahead, present = controller.ahead, controller.stage_id
        return {
            "junction": junction.id,
            "state": state(junction, decision.command, heads, why=why),
            "forecast": forecast(junction, heads, ahead, present),
            "counts": {
                "quarter": self.counts.finished,
                "running": self.counts.as_dict(until_ms=decision.at_ms),
            },
        }


def operate(
    plant: Plant,
    *,
    policy: Policy,
    week_ms: int,
    pace: Pace,
    logs: Sequence[TextIO | None],
    outlets: Sequence[Outlet],
    told: Callable[[Decision, Junction], None] = lambda _decision, _junction: None,
) -> tuple[Outcome, Kept]:
    """Run a plant to its end in real time.

    Args:
        logs: One for each junction.
        told: Called with each decision, to show it to somebody.
    """
    plant.start()
    operations = [
        Operation(Setup(junction, "planner", policy, week_ms, began_ms(junction)), log=log, outlets=outlets)
        for junction, log in zip(plant.junctions, logs, strict=True)
    ]
    kept = Kept()
    origin_s = pace.now_s()
    while not plant.done:
        now_ms = plant.now_ms
        if pace.speed:
            due_s = origin_s + now_ms / 1000 / pace.speed
            pace.sleep(max(due_s - pace.now_s(), 0.0))
            kept.latest_s = max(kept.latest_s, pace.now_s() - due_s)
        for number, (operation, seen) in enumerate(zip(operations, plant.observe(), strict=True)):
            before_s = pace.now_s()
            decision = operation.step(now_ms, seen)
            plant.apply(number, decision.command)
            kept.slowest_s = max(kept.slowest_s, pace.now_s() - before_s)
            told(decision, operation.setup.junction)
        kept.steps += 1
        plant.step()
    return plant.close(), kept
