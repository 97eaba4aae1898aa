"""What a running engine publishes each second, checked: what is not in the schema is not accepted."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from tandem.core.errors import Conflict, InvalidInput
from tandem.core.text import say
from tandem.junctions.domain.decision import Decision, read_decision

SILENT_S = 3.0
"""After so many seconds without a message an engine counts as silent."""


class NotAState(InvalidInput):
    """A message is none that a junction publishes."""

    code = "junctions.live.not-a-state"

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(
            say(
                "The message is wrong at {path}: {problem} Nothing of it was kept.",
                path=path,
                problem=problem,
            )
        )


class AnotherJunction(Conflict):
    """The engine runs another junction than the one whose file was approved."""

    code = "junctions.live.another-junction"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class GroupShown:
    """What a signal group shows.

    Attributes:
        since_s: On the engine's clock.
        to: What it changes to next; empty where there is no forecast.
        soonest_s: From now; so are the others. None where the engine does not know.
    """

    id: str
    kind: str
    shows: str
    gives_way: bool
    since_s: float
    to: str = ""
    soonest_s: float | None = None
    likely_s: float | None = None
    latest_s: float | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Who passed, by class of road user.

    Attributes:
        from_s: On the engine's clock, like ``until_s``.
    """

    from_s: float
    until_s: float
    by_kind: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Simulation:
    """That no street but a simulation is controlled.

    Attributes:
        lasts_s: How long a round is, on the engine's clock, which begins with it.
        again: Whether it begins anew when it is over.
    """

    lasts_s: int
    again: bool

    def minute(self, at_s: float) -> int:
        """Return which minute of the round it is.

        >>> Simulation(3600, True).minute(0.0), Simulation(3600, True).minute(60.0)
        (1, 2)
        """
        return int(at_s // 60) + 1

    @property
    def minutes(self) -> int:
        """How many minutes a round has, the last one begun."""
        return -(-self.lasts_s // 60)


@dataclass(frozen=True, slots=True)
class State:
    """One second of a junction.

    Attributes:
        junction: The engine's id of it.
        at_s: On the engine's clock.
        source: ``controller``, ``plan`` or ``recall``.
        quarter: The last full quarter of an hour, if there was one.
        simulation: None where the street itself is controlled.
    """

    junction: str
    at_s: float
    source: str
    decision: Decision
    faults: tuple[str, ...]
    groups: tuple[GroupShown, ...]
    quarter: Counted | None
    running: Counted
    simulation: Simulation | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values that ``from_json`` reads: what is kept of a message, and nothing else."""
        return asdict(self) | {"decision": self.decision.as_json()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "State":
        """Return the state that ``as_json`` wrote."""
        quarter, simulation = values["quarter"], values.get("simulation")
        return cls(
            values["junction"],
            values["at_s"],
            values["source"],
            Decision(**values["decision"]),
            tuple(values["faults"]),
            tuple(GroupShown(**each) for each in values["groups"]),
            Counted(**quarter) if quarter else None,
            Counted(**values["running"]),
            Simulation(**simulation) if simulation else None,
        )


@cache
def _validator() -> Any:
    text = files("tandem.junctions.domain").joinpath("state.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def read_state(values: Any) -> State:
    """Return what a message says.

    Args:
        values: The message as ``json.loads`` returns it.

    Raises:
        NotAState: It does not keep to the schema.
    """
    error = next(iter(_validator().iter_errors(values)), None)
    if error is not None:
        problem = say("it does not keep to the schema ({rule}).", rule=error.validator)
        raise NotAState(error.json_path[:200], problem)
    state, forecast, simulation = values["state"], values["forecast"], values.get("simulation")
    return State(
        values["junction"],
        state["at_s"],
        state["source"],
        read_decision(state["why"]),
        tuple(state["faults"]),
        tuple(GroupShown(name, **shown, **forecast.get(name, {})) for name, shown in state["groups"].items()),
        _counted(values["counts"]["quarter"]) if values["counts"]["quarter"] else None,
        _counted(values["counts"]["running"]),
        Simulation(**simulation) if simulation else None,
    )


def _counted(values: Mapping[str, Any]) -> Counted:
    counts: Counter[str] = Counter()
    for lane in values["lanes"].values():
        counts.update(lane)
    return Counted(values["from_s"], values["until_s"], dict(sorted(counts.items())))


def check_belongs(state: State, *, junction: str, groups: Collection[str]) -> None:
    """Make sure that the engine runs the junction whose file was approved.

    Args:
        junction: The id in the approved file.
        groups: The ids of its signal groups.

    Raises:
        AnotherJunction: The id or the signal groups are others.
    """
    if state.junction != junction:
        raise AnotherJunction(
            say(
                "The engine runs {theirs}, and the approved file is of {ours}.",
                theirs=state.junction,
                ours=junction,
            )
        )
    if {group.id for group in state.groups} != set(groups):
        raise AnotherJunction(
            say(
                "The engine's signal groups are not those of the approved file. Upload the file that it runs."
            )
        )


def is_silent(*, age_s: float) -> bool:
    """Return whether an engine counts as silent, so long after its last message.

    >>> is_silent(age_s=2.9), is_silent(age_s=3.0)
    (False, True)
    """
    return age_s >= SILENT_S
