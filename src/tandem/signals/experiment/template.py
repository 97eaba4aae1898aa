"""From a scenario's name to the runs of a comparison."""

from dataclasses import replace
from pathlib import Path

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.control.policy import Policy
from tandem.signals.experiment.run import Task
from tandem.signals.plant.scenario import find_scenario, read_own_scenario
from tandem.signals.plant.sumo_view import Sight

MOST_SEEDS = 1_000


class BadSeeds(InvalidInput):
    """The seeds cannot be read."""

    code = "signals.bad-seeds"

    def __init__(self, text: str) -> None:
        super().__init__(
            say("{text!r} names no seeds. Write a number of seeds, such as 5, or 1-10, or 1,3,7.", text=text)
        )


def read_seeds(text: str) -> list[int]:
    """Return seeds: ``5`` means the first five, ``3-6`` a range, ``1,4`` these.

    Raises:
        BadSeeds: The text is none of these.

    >>> read_seeds("3"), read_seeds("3-5"), read_seeds("2,9")
    ([1, 2, 3], [3, 4, 5], [2, 9])
    """
    try:
        if "," in text:
            found = [int(part) for part in text.split(",")]
        else:
            first, dash, last = text.partition("-")
            found = list(range(int(first), int(last) + 1)) if dash else list(range(1, int(first) + 1))
    except ValueError as error:
        raise BadSeeds(text) from error
    if not found or len(found) > MOST_SEEDS or min(found) < 0:
        raise BadSeeds(text)
    return list(dict.fromkeys(found))


def template(scenario: str, *, policy: Policy | None = None) -> tuple[Task, tuple[str, ...]]:
    """Return a run of a scenario as it wants to be run, and what is to be known about it.

    Args:
        scenario: A ``.sumocfg``, a ``scenario.toml``, a folder with one of them, or the name of one of Tandem's own.
        policy: Takes the place of the scenario's.

    Raises:
        NoScenario: There is none.
        NotAScenario: It cannot be read.
    """
    path = find_scenario(scenario)
    task = Task(scenario=_name(path), config=path.resolve(), controller="", seed=0)
    if path.suffix != ".toml":
        return (replace(task, policy=policy) if policy else task), ()
    own = read_own_scenario(path)
    task = replace(
        task,
        scenario=own.name,
        duration_s=own.duration_s,
        week_ms=own.week_ms,
        timing=own.timing,
        sight=Sight(range_m=own.seen_m),
        policy=policy or own.policy,
    )
    return task, (*own.facts, *own.assumptions)


def _name(path: Path) -> str:
    return path.stem if path.suffix != ".toml" else path.parent.name
