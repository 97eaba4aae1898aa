"""What signal groups can show."""

from dataclasses import dataclass
from enum import IntEnum


class Aspect(IntEnum):
    """What a signal group shows."""

    RED = 0
    RED_YELLOW = 1
    GREEN = 2
    YELLOW = 3


@dataclass(frozen=True, slots=True)
class Heads:
    """What all groups of a junction show, in the junction's order, and since when.

    Attributes:
        now_ms: The moment of this view.
    """

    now_ms: int
    aspects: tuple[Aspect, ...]
    since_ms: tuple[int, ...]
