"""The planners in a process of their own: whatever happens to it, the signals go on.

A planner that hangs, or whose process is killed, does not answer in time; the gate then shows the fixed plan in the
same second, and the process is started anew. Where several junctions are planned, one process serves them all.
"""

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from tandem.signals.control.planner import Planner, PlannerSettings
from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Heads
from tandem.signals.estimation.observation import Observation
from tandem.signals.live.record import Setup

ANSWERS_S = 0.5
STARTS_S = 120.0


class Pipe(Protocol):
    """What is used of a connection between two processes."""

    def send(self, message: Any) -> None:
        """Send a message."""

    def recv(self) -> Any:
        """Return the next message."""

    def poll(self, timeout: float = 0.0) -> bool:
        """Return whether a message comes within so many seconds."""

    def close(self) -> None:
        """Close this end."""


class Late(TimeoutError):
    """The planner did not answer in time. Not an error for people: it is written to the decision log."""


class Plans(Protocol):
    """A planner, wherever it runs."""

    @property
    def ahead(self) -> tuple[tuple[int, str], ...]:
        """The changes that the last plan holds: (moment in milliseconds, stage)."""

    @property
    def stage_id(self) -> str:
        """The stage that it is in, or changes to."""

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return which groups shall be green now."""


def planner_of(setup: Setup) -> Planner:
    """Return a junction's planner that says why it does what it does."""
    return Planner(setup.junction, PlannerSettings(policy=setup.policy, explain=True), week_ms=setup.week_ms)


class Apart:
    """A process that plans for some junctions.

    Args:
        make: Makes a junction's planner, in that process.
        answers_s: How long an answer may take.
    """

    def __init__(
        self,
        setups: Sequence[Setup],
        *,
        make: Callable[[Setup], Plans] = planner_of,
        answers_s: float = ANSWERS_S,
    ) -> None:
        self._setups, self._make, self._answers_s = setups, make, answers_s
        self._ready = False
        self._process, self._pipe = self._started()

    @property
    def process_id(self) -> int | None:
        """The number of the process that plans now."""
        return self._process.pid

    def wait(self) -> None:
        """Wait until it can answer, so that the first decision is as fast as the others."""
        if not self._ready and self._pipe.poll(STARTS_S):
            self._is_ready()

    def ask(
        self, number: int, seen: Observation, heads: Heads
    ) -> tuple[Request, tuple[tuple[int, str], ...], str]:
        """Return what a junction's planner wants, the changes ahead, and its stage.

        Raises:
            Late: No answer came in time, or nobody can answer yet.
            Exception: What the planner failed with.
        """
        if not self._is_ready():
            raise Late("the planner is being started")
        try:
            self._pipe.send((number, seen, heads))
            answer = self._pipe.recv() if self._pipe.poll(self._answers_s) else None
        except (EOFError, OSError):
            self._start_anew()
            raise Late("the planner's process has ended") from None
        if answer is None:
            self._start_anew()
            raise Late(f"the planner did not answer within {round(1000 * self._answers_s)} ms")
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def begin_anew(self) -> None:
        """Make each planner anew, as at the beginning of a run; the process stays, so that nobody waits for it."""
        with contextlib.suppress(
            OSError
        ):  # a process that has ended is started anew, with new planners, when asked
            self._pipe.send(None)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _is_ready(self) -> bool:
        try:
            if not self._ready and self._pipe.poll():
                self._pipe.recv()
                self._ready = True
        except (EOFError, OSError):
            self._start_anew()
        return self._ready

    def _start_anew(self) -> None:
        self.close()
        self._ready = False
        self._process, self._pipe = self._started()

    def _started(self) -> tuple[BaseProcess, Pipe]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._setups, self._make), daemon=True)
        process.start()
        theirs.close()
        return process, ours


class PlannerApart:
    """One junction's planner in a process of its own, as a controller."""

    def __init__(self, apart: Apart, number: int) -> None:
        self._apart, self._number = apart, number
        self.ahead: tuple[tuple[int, str], ...] = ()
        self.stage_id = ""

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return which groups shall be green now."""
        request, self.ahead, self.stage_id = self._apart.ask(self._number, seen, heads)
        return request


def _serve(pipe: Pipe, setups: Sequence[Setup], make: Callable[[Setup], Plans]) -> None:
    """Answer until nobody asks any more. A planner that fails is made anew; ``None`` makes all of them anew."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    planners = [make(setup) for setup in setups]
    pipe.send("ready")
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return
        if asked is None:
            planners = [make(setup) for setup in setups]
            continue
        number, seen, heads = asked
        planner = planners[number]
        try:
            pipe.send((planner.decide(seen, heads), planner.ahead, planner.stage_id))
        except Exception as error:  # the one who asks tells it
            planners[number] = make(setups[number])
            pipe.send(error)
