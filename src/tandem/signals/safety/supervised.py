"""A controller behind its gate: one step of one junction, whatever happens to the controller or to its detectors."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Heads
from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation
from tandem.signals.safety.command import SignalCommand
from tandem.signals.safety.gate import LONGEST_SILENCE_MS, Gate

FARTHEST_M = 5_000.0
FASTEST_MPS = 100.0


class Decides(Protocol):
    """A controller, as the gate's side sees it."""

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return which groups shall be green now."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What happened in one step.

    Attributes:
        request: What the controller asked for; None where it could not be asked or did not answer.
        trouble: What kept the controller from answering, in English; empty if nothing did.
    """

    at_ms: int
    request: Request | None
    command: SignalCommand
    trouble: str = ""


class Supervised:
    """Asks a controller and lets the gate decide. A controller that fails is made anew.

    Args:
        junction: What is controlled.
        make: Makes a controller; called again after one has failed.
        gate: Guards the junction.
    """

    def __init__(self, junction: Junction, make: Callable[[], Decides], gate: Gate) -> None:
        self.junction = junction
        self.gate = gate
        self._make = make
        self._controller: Decides | None = None

    @property
    def controller(self) -> Decides | None:
        """The controller; None before the first step and after it has failed."""
        return self._controller

    def prepare(self) -> None:
        """Make the controller now, so that the first step is as fast as the others."""
        self._controller = self._make()

    def step(self, now_ms: int, seen: Observation | None) -> Decision:
        """Return what is shown from now on, and why.

        Args:
            now_ms: Not before the last step.
            seen: What the detectors see; None where they are silent.
        """
        trouble = unusable(seen, self.junction, now_ms=now_ms)
        request = None
        if seen is not None and not trouble:
            try:
                controller = self._controller or self._make()
                request = controller.decide(seen, self._heads(now_ms))
                self._controller = controller
            except Exception as error:  # whatever a controller does, the signals go on
                self._controller = None
                trouble = f"the controller failed: {type(error).__name__}: {error}"
        command = self.gate.step(now_ms, request)
        return Decision(now_ms, request, command, trouble)

    def _heads(self, now_ms: int) -> Heads:
        shown = self.gate.heads()
        return Heads(max(now_ms, shown.now_ms), shown.aspects, shown.since_ms)


def unusable(seen: Observation | None, junction: Junction, *, now_ms: int) -> str:
    """Return why an observation cannot be used; empty if it can.

    NaN, infinity, positions and speeds that nothing on a road has, unknown movements and observations that are
    older than two seconds are not guessed around: the fixed plan is the better answer to them.
    """
    if seen is None:
        return "the detectors are silent"
    age_ms = now_ms - seen.at_ms
    if not 0 <= age_ms < LONGEST_SILENCE_MS:
        return f"the detectors' view is {age_ms} ms old"
    sizes = (len(seen.exits), len(seen.inside), len(seen.in_box))
    if sizes != (len(junction.exits), len(junction.movements), len(junction.movements)):
        return "the detectors' view is of another junction"
    users = seen.users
    if len(users) and not (
        _within(users["movement"], 0, len(junction.movements) - 1)
        and _within(users["onward"], -1, len(junction.movements) - 1)
        and _within(users["distance_m"], -50.0, FARTHEST_M)
        and _within(users["speed_mps"], 0.0, FASTEST_MPS)
        and _within(users["allowed_mps"], 0.0, FASTEST_MPS)
        and _within(users["waited_s"], 0.0, math.inf)
        and _within(users["size"], 0.0, 10_000.0)
    ):
        return "the detectors report what cannot be"
    if any(not np.isfinite(seen.exits[name]).all() for name in ("storage_m", "used_m", "tail_gap_m")):
        return "the detectors report what cannot be"
    return ""


def _within(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], least: float, most: float) -> bool:
    return bool(np.isfinite(values).all() and (values >= least).all() and (values <= most).all())
