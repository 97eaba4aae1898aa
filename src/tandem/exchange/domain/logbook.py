"""The logbook of a topic, from the need to the effect, and what the cities decided."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """How far something has come, in this order."""

    NEED = "need"
    IDEA = "idea"
    LOOK = "look"  # somebody went and saw how others do it
    ADAPT = "adapt"
    TRY = "try"
    USE = "use"
    EFFECT = "effect"


class Verdict(StrEnum):
    """What a city decided about a measure."""

    TRY = "try"
    WATCH = "watch"
    DROP = "drop"


class Reached(StrEnum):
    """What the logbook says of a stage."""

    WRITTEN = "written"
    SKIPPED = "skipped"  # a later stage is written about, this one is not
    NOT_YET = "not-yet"


STAGES = tuple(Stage)
TAKEN_OVER = frozenset({Stage.USE, Stage.EFFECT})


def standings(stages: Iterable[Stage]) -> dict[Stage, Reached]:
    """Return every stage, in order, with what the logbook says of it; a gap before a later entry is told as one.

    Args:
        stages: Of the entries.

    >>> found = standings([Stage.NEED, Stage.LOOK])
    >>> [each.value for each in found.values()][:4]
    ['written', 'skipped', 'written', 'not-yet']
    """
    written = set(stages)
    furthest = max(map(STAGES.index, written), default=-1)
    return {stage: _reached(stage, written, furthest) for stage in STAGES}


def _reached(stage: Stage, written: Collection[Stage], furthest: int) -> Reached:
    if stage in written:
        return Reached.WRITTEN
    return Reached.SKIPPED if STAGES.index(stage) < furthest else Reached.NOT_YET


def is_taken_over(stages: Iterable[Stage]) -> bool:
    """Return whether a logbook documents that something was taken over: it is in use, or has an effect.

    >>> is_taken_over([Stage.NEED, Stage.LOOK])
    False
    """
    return not TAKEN_OVER.isdisjoint(stages)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, as far as rules ask.

    Attributes:
        number: Orders the decisions of one day.
        measure: URI.
    """

    number: int
    measure: str
    city: str
    verdict: Verdict
    on: date


def standing_decisions(decisions: Iterable[Decided]) -> list[Decided]:
    """Return the decisions that hold: of each city about each measure the newest."""
    newest: dict[tuple[str, str], Decided] = {}
    for each in sorted(decisions, key=lambda one: (one.on, one.number)):
        newest[each.measure, each.city] = each
    return sorted(newest.values(), key=lambda one: (one.on, one.number), reverse=True)
