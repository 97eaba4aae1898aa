"""A junction file as a drawing and as tables, in the page's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from tandem.junctions import labels
from tandem.junctions.domain.picture import Served, greens, served
from tandem.kit.charts import nice_step
from tandem.signals.domain.junction import Junction, Plan, SignalGroup


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A signal group in tables.

    Attributes:
        ways: What it serves: approaches and turns.
        times: Its times in seconds, by name; None where there is none.
        bars: Its greens in the plan: beginning and length in per cent of the cycle, as ``12.5%``.
        seconds: The same in words: ``6–30 s``.
    """

    id: str
    kind: str | Promise
    ways: str
    times: dict[str, float | None]
    bars: tuple[tuple[str, str], ...]
    seconds: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the page shows of a junction file.

    Attributes:
        ticks: Labels under the plan: place and second.
        matrix: Rows of (clearing group, intergreens in seconds or None, in the order of the heads).
        stages: Rows of (id, the groups that are green, those that give way).
    """

    groups: list[GroupShown]
    plan: str
    cycle_s: float
    ticks: list[tuple[str, str]]
    heads: list[str]
    matrix: list[tuple[str, list[float | None]]]
    stages: list[tuple[str, list[str], list[str]]]
    assumptions: Sequence[str]
    facts: list[tuple[Any, int]]


def short(name: str, junction: str) -> str:
    """Return a name without the junction's own in front, which importers put there.

    >>> short("market/3", "market"), short("K1", "market")
    ('3', 'K1')
    """
    return name.removeprefix(f"{junction}/") or name


def ways(served_ways: Sequence[Served]) -> str:
    """Return what a group serves in words: ``Market Street: straight on, right``."""
    turns: dict[str, list[str]] = {}
    for each in served_ways:
        turns.setdefault(each.approach, []).append(str(labels.TURN[each.turn]))
    return "; ".join(f"{approach}: {', '.join(found)}" for approach, found in turns.items())


def picture(junction: Junction) -> Picture:
    """Return a junction as the page shows it."""
    plan = junction.default_plan
    bars, serves = greens(junction, plan), served(junction)
    order = [group.id for group in junction.groups]
    names = {name: short(name, junction.id) for name in order}
    return Picture(
        [
            _group(each, plan, bars[each.id], ways(serves[each.id]), names[each.id])
            for each in junction.groups
        ],
        short(plan.id, junction.id),
        plan.cycle_ms / 1000,
        _ticks(plan),
        list(names.values()),
        [
            (
                names[clearing],
                [_seconds(junction.intergreens_ms.get((clearing, entering))) for entering in order],
            )
            for clearing in order
        ],
        [
            (
                short(stage.id, junction.id),
                [names[each] for each in order if each in stage.green],
                [names[each] for each in order if each in stage.permissive],
            )
            for stage in junction.stages
        ],
        junction.assumptions,
        [
            (gettext("Signal groups"), len(junction.groups)),
            (gettext("Stages"), len(junction.stages)),
            (gettext("Intergreens"), len(junction.intergreens_ms)),
        ],
    )


def _group(group: SignalGroup, plan: Plan, bars: Any, serves: str, name: str) -> GroupShown:
    cycle = plan.cycle_ms
    return GroupShown(
        name,
        labels.GROUP_KIND[group.kind],
        serves,
        {
            "minimum_green": _seconds(group.minimum_green_ms),
            "maximum_green": _seconds(group.maximum_green_ms or None),
            "maximum_red": _seconds(group.maximum_red_ms or None),
            "yellow": _seconds(group.yellow_ms or None),
            "red_yellow": _seconds(group.red_yellow_ms or None),
        },
        tuple(
            (_per_cent(bar.begins_ms / cycle), _per_cent((bar.ends_ms - bar.begins_ms) / cycle))
            for bar in bars
        ),
        ", ".join(f"{bar.begins_ms / 1000:g}–{bar.ends_ms / 1000:g} s" for bar in bars),
    )


def _ticks(plan: Plan) -> list[tuple[str, str]]:
    cycle_s = plan.cycle_ms / 1000
    step = max(int(nice_step(cycle_s, ticks=6)), 1)
    return [(_per_cent(second / cycle_s), str(second)) for second in range(0, int(cycle_s), step)]


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000


def _per_cent(share: float) -> str:
    return f"{100 * share:.2f}%"
