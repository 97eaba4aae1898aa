"""What became of the road users of a run, whatever plant it ran in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation
from tandem.signals.safety.command import SignalCommand


@dataclass(frozen=True, slots=True)
class Trip:
    """One road user's way.

    Attributes:
        kind: One of ``domain.users.KIND_NAMES``.
        delay_s: Time lost against a free way, a late start included.
        wait_s: Time spent standing.
        co2_g: Carbon dioxide, grams.
    """

    kind: str
    delay_s: float
    wait_s: float
    stops: int
    co2_g: float
    finished: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run's result.

    Attributes:
        locked_at_s: When somebody began to stand for more than ten minutes; None if nobody did.
        queues: (second, how many stood in front of all stop lines).
    """

    trips: tuple[Trip, ...]
    locked_at_s: float | None
    queues: tuple[tuple[int, int], ...]


class Plant(Protocol):
    """What can be controlled: the same surface for SUMO and for the exact queue model."""

    @property
    def junctions(self) -> Sequence[Junction]:
        """The junctions, in the order of ``observe``."""

    @property
    def now_ms(self) -> int:
        """Milliseconds since the run began."""

    @property
    def done(self) -> bool:
        """True when the run's time is over."""

    def start(self) -> None:
        """Begin the run."""

    def observe(self) -> Sequence[Observation | None]:
        """Return what each junction sees now; None while its detectors are silent."""

    def apply(self, number: int, command: SignalCommand) -> None:
        """Show a command's aspects at a junction."""

    def step(self) -> None:
        """Go on by one second."""

    def close(self) -> Outcome:
        """End the run."""
