"""What every controller has in common."""

from collections.abc import Callable
from typing import Protocol

from tandem.signals.control.changing import Stages
from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Heads
from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation


class Controller(Protocol):
    """Asks, every second, for the signal groups that shall be green."""

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return which groups shall be green now."""


MakeController = Callable[[Junction], Controller]


class StageRule:
    """A controller that, whenever it may leave a stage, chooses the next one by a rule."""

    def __init__(self, junction: Junction) -> None:
        self.junction = junction
        self.stages = Stages(junction)

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return which groups shall be green now."""
        self.stages.follow(heads)
        reason = f"stays with stage {self._name()}"
        if self.stages.may_leave(heads):
            target, why = self.choose(seen, heads)
            if target != self.stages.number:
                self.stages.go(target, heads.now_ms)
                reason = f"changes to stage {self._name()}: {why}"
            elif why:
                reason = f"{reason}: {why}"
        elif self.stages.target is not None:
            reason = f"changes to stage {self._name()}"
        return self.stages.request(heads.now_ms, reason)

    def choose(self, seen: Observation, heads: Heads) -> tuple[int, str]:
        """Return the number of the stage to be in, and why."""
        raise NotImplementedError

    def _name(self) -> str:
        number = self.stages.target if self.stages.target is not None else self.stages.number
        return self.junction.stages[number].id
