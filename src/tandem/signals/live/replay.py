"""Repeat a decision log: the same views, moments and code must give the same bytes."""

from dataclasses import dataclass
from pathlib import Path

from tandem.signals.live.operate import watched
from tandem.signals.live.record import NotALog, read_setup, read_steps, setup_line, step_line


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
            supervised = watched(setup)
            steps = 0
            for at_ms, seen, line in read_steps(path, lines):
                steps += 1
                again = step_line(seen, supervised.step(at_ms, seen))
                if again != line:
                    return Replay(steps, steps + 1, line, again)
    except (OSError, UnicodeDecodeError) as error:
        raise NotALog(path, 1, str(error)) from error
    return Replay(steps)
