"""The controllers that can be compared, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.control.actuated import Actuated
from tandem.signals.control.controller import Controller
from tandem.signals.control.fixed import FixedPlan
from tandem.signals.control.planner import Planner, PlannerSettings
from tandem.signals.control.policy import Policy
from tandem.signals.control.rules import LongestQueue, MaxPressure, Wave
from tandem.signals.control.webster import WebsterPlan
from tandem.signals.domain.junction import Junction


@dataclass(frozen=True, slots=True)
class Setting:
    """What a controller may know beside its junction.

    Attributes:
        week_ms: What time of the week it is at time 0, in milliseconds since Monday's midnight.
    """

    policy: Policy
    week_ms: int = 0


MAKERS: Mapping[str, Callable[[Junction, Setting], Controller]] = {
    "plan": lambda junction, _setting: FixedPlan(junction),
    "webster": lambda junction, _setting: WebsterPlan(junction),
    "actuated": lambda junction, _setting: Actuated(junction),
    "max-pressure": lambda junction, _setting: MaxPressure(junction),
    "longest-queue": lambda junction, _setting: LongestQueue(junction),
    "wave": lambda junction, _setting: Wave(junction),
    "planner": lambda junction, setting: Planner(
        junction, PlannerSettings(policy=setting.policy), week_ms=setting.week_ms
    ),
}
# SUMO's own controllers: they switch within SUMO, past the gate, and are there to be compared with.
NATIVE: Mapping[str, str] = {
    "sumo-static": "static",
    "sumo-actuated": "actuated",
    "sumo-delay-based": "delay_based",
}
# The planner may use every stage that is safe; its peers use those of the plan, as they were published.
WITH_MORE_STAGES = frozenset({"planner"})


class UnknownController(InvalidInput):
    """No controller has this name."""

    code = "signals.unknown-controller"

    def __init__(self, name: str) -> None:
        known = ", ".join([*MAKERS, *NATIVE])
        super().__init__(say("There is no controller {name}. There are: {known}.", name=name, known=known))


def check_names(names: list[str]) -> None:
    """Raise if a name is unknown.

    Raises:
        UnknownController: There is no such controller.
    """
    for name in names:
        if name not in MAKERS and name not in NATIVE:
            raise UnknownController(name)
