"""Repeat a decision log: the same views, moments and code must give the same bytes."""

import json
from dataclasses import dataclass
from pathlib import Path

from tandem.signals.control.planner import Planner
from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Heads
from tandem.signals.estimation.observation import Observation
from tandem.signals.live.apart import Late, planner_of
from tandem.signals.live.operate import watched
from tandem.signals.live.record import NotALog, Setup, read_setup, read_steps, setup_line, step_line

LATE = "the controller failed: Late: "


@dataclass(frozen=True, slots=True)
class Replay:
    """What repeating a log gave.

    Attributes:
        differs_at: The first line that came out otherwise; 0 for none.
        logged: That line, as it is in the log.
        repeated: That line, as it came out now.
    """

    steps: int
    differs_at: int = 0
    logged: str = ""
    repeated: str = ""


class _LateAgain:
    """A planner that is late where the log says that it was: time does not repeat itself."""

    def __init__(self, setup: Setup) -> None:
        self.why = ""
        self._setup = setup
        self._planner: Planner | None = None

    @property
    def ahead(self) -> tuple[tuple[int, str], ...]:
        """The changes that the last plan holds."""
        return self._planner.ahead if self._planner else ()

    @property
    def stage_id(self) -> str:
        """The stage that it is in, or changes to."""
        return self._planner.stage_id if self._planner else ""

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return which groups shall be green now. After a failure the planner is made anew."""
        planner, self._planner = self._planner or planner_of(self._setup), None
        if self.why:
            raise Late(self.why)
        request = planner.decide(seen, heads)
        self._planner = planner
        return request


def replay(path: Path) -> Replay:
    """Decide everything in a log again, and compare byte for byte.

    Raises:
        NotALog: The file is no decision log, or of another version.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            first = lines.readline()
            setup = read_setup(path, first)
            if setup_line(setup) != first:
                return Replay(0, 1, first, setup_line(setup))
            again_late = _LateAgain(setup)
            supervised = watched(setup, lambda: again_late)
            steps = 0
            for at_ms, seen, line in read_steps(path, lines):
                steps += 1
                again_late.why = json.loads(line).get("trouble", "").partition(LATE)[2]
                again = step_line(seen, supervised.step(at_ms, seen))
                if again != line:
                    return Replay(steps, steps + 1, line, again)
    except (OSError, UnicodeDecodeError) as error:
        raise NotALog(path, 1, str(error)) from error
    return Replay(steps)
