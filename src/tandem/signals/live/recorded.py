"""A recorded run as a plant: its views come from decision logs, whatever is shown.

What another controller or another policy would have asked for on a day that has been. Nobody in it reacts to what is
shown, so it says how often and where decisions differ, and nothing about delay.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation
from tandem.signals.live.record import NotALog, read_setup, read_steps
from tandem.signals.plant.outcome import Outcome
from tandem.signals.safety.command import SignalCommand

STANDS_MPS = 0.5
STEP_MS = 1_000

_Step = tuple[int, Observation | None, str]


class Recorded:
    """A plant that shows each junction what it saw in its log.

    Args:
        logs: One for each junction, of the same run.

    Raises:
        NotALog: A file is no decision log, or of another version; also while it is being read.
    """

    def __init__(self, logs: Sequence[Path]) -> None:
        self._logs = logs
        self._junctions = [_junction(path) for path in logs]
        self._opened = ExitStack()
        self._steps: list[Iterator[_Step]] = []
        self._now: list[_Step | None] = []
        self._queues: list[tuple[int, int]] = []

    @property
    def junctions(self) -> Sequence[Junction]:
        """The junctions, in the order of the logs."""
        return self._junctions

    @property
    def now_ms(self) -> int:
        """Milliseconds since the recorded run began."""
        return self._now[0][0] if self._now and self._now[0] else 0

    @property
    def done(self) -> bool:
        """True after the last step of the shortest log."""
        return any(step is None for step in self._now)

    def start(self) -> None:
        """Go to the first step."""
        for path in self._logs:
            lines = self._opened.enter_context(path.open(encoding="utf-8"))
            lines.readline()
            self._steps.append(read_steps(path, lines))
        self.step()

    def observe(self) -> Sequence[Observation | None]:
        """Return what each junction saw; None where its detectors were silent."""
        seen = [step[1] if step else None for step in self._now]
        standing = sum(int((view.users["speed_mps"] < STANDS_MPS).sum()) for view in seen if view is not None)
        self._queues.append((self.now_ms // STEP_MS, standing))
        return seen

    def apply(self, number: int, command: SignalCommand) -> None:
        """Show nothing: what was, stays."""

    def step(self) -> None:
        """Go on to the next step."""
        self._now = [next(steps, None) for steps in self._steps]

    def close(self) -> Outcome:
        """End the run. Nobody's way is known from what detectors saw."""
        self._opened.close()
        return Outcome((), None, tuple(self._queues))


def _junction(path: Path) -> Junction:
    try:
        with path.open(encoding="utf-8") as lines:
            return read_setup(path, lines.readline()).junction
    except (OSError, UnicodeDecodeError) as error:
        raise NotALog(path, 1, str(error)) from error
