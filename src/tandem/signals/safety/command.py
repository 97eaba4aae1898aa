"""What is asked of a junction, and what it is told: requests come from controllers, commands from the gate alone."""

from dataclasses import dataclass
from enum import IntEnum

from tandem.signals.domain.aspect import Aspect


class Source(IntEnum):
    """Who decided."""

    CONTROLLER = 0
    PLAN = 1  # the fixed plan, since the controller was late, wrong or dead
    RECALL = 2  # the gate, since a group's red was about to become too long


@dataclass(frozen=True, slots=True)
class SignalCommand:
    """What each signal group shows from now on. Only ``safety.gate`` makes one.

    Attributes:
        aspects: One of each group, in the junction's order.
        protected: Whether a green group has its way for itself; False where it gives way.
        faults: Codes of what was wrong with the request, if anything was.
    """

    at_ms: int
    aspects: tuple[Aspect, ...]
    protected: tuple[bool, ...]
    source: Source
    faults: tuple[str, ...] = ()
