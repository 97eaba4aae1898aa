"""Real time: one step a second for every junction of a plant, logged and published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from tandem.signals.control.planner import Planner
from tandem.signals.control.policy import Policy
from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation
from tandem.signals.live.apart import Apart, PlannerApart, Plans, planner_of
from tandem.signals.live.record import Setup, setup_line, step_line
from tandem.signals.plant.outcome import Outcome, Plant
from tandem.signals.publish.messages import Counts, Simulation, forecast, state
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


def watched(setup: Setup, make: Callable[[], Plans] | None = None) -> Supervised:
    """Return a junction's planner behind its gate, that says why it does what it does.

    Args:
        make: Gives the planner, also after one has failed; by default one in this process.
    """
    return Supervised(
        setup.junction, make or (lambda: planner_of(setup)), Gate(setup.junction, now_ms=setup.began_ms)
    )


class Operation:
    """One junction in operation.

    Args:
        log: Where its decisions are written; None for nowhere.
        make: Gives the planner, as for ``watched``.
        simulation: What is published with each step where a simulation is controlled.
    """

    def __init__(
        self,
        setup: Setup,
        *,
        log: TextIO | None,
        outlets: Sequence[Outlet],
        make: Callable[[], Plans] | None = None,
        simulation: Simulation | None = None,
    ) -> None:
        self.setup = setup
        self.simulation = simulation
        self.supervised = watched(setup, make)
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
        if isinstance(controller, Planner | PlannerApart):
            ahead, present = controller.ahead, controller.stage_id
        return {
            "junction": junction.id,
            "state": state(junction, decision.command, heads, why=why),
            "forecast": forecast(junction, heads, ahead, present),
            "counts": {
                "quarter": self.counts.finished,
                "running": self.counts.as_dict(until_ms=decision.at_ms),
            },
            **({"simulation": self.simulation.as_dict()} if self.simulation else {}),
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
    with_process: bool = True,
    simulation: Simulation | None = None,
    again: Callable[[], Plant | None] = lambda: None,
) -> tuple[Outcome, Kept]:
    """Run a plant to its end in real time.

    Args:
        logs: One for each junction.
        told: Called with each decision, to show it to somebody.
        with_process: Whether the planners have a process of their own, so that one that hangs or is killed ends
            in the fixed plan; not where the run goes as fast as it can.
        simulation: What is published with each step where the plant is a simulation.
        again: Called at the end; gives the same plant anew, or None where that was all.

    Returns:
        What came of the last round, and how well its time was kept.
    """
    setups = [Setup(junction, "planner", policy, week_ms, began_ms(junction)) for junction in plant.junctions]
    # as fast as it goes there is no time to be late for
    apart = Apart(setups) if pace.speed and with_process else None
    try:
        if apart:
            apart.wait()
        while True:
            plant.start()
            operations = [
                Operation(
                    setup, log=log, outlets=outlets, make=_in_process(apart, number), simulation=simulation
                )
                for number, (setup, log) in enumerate(zip(setups, logs, strict=True))
            ]
            kept = _keep_time(plant, operations, pace, told)
            outcome, following = plant.close(), again()
            if following is None:
                return outcome, kept
            plant = following
            if apart:
                apart.begin_anew()
    finally:
        if apart:
            apart.close()


def _in_process(apart: Apart | None, number: int) -> Callable[[], Plans] | None:
    return None if apart is None else lambda: PlannerApart(apart, number)


def _keep_time(
    plant: Plant,
    operations: Sequence[Operation],
    pace: Pace,
    told: Callable[[Decision, Junction], None],
) -> Kept:
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
    return kept
