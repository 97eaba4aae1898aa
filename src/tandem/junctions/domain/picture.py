"""A junction file as people look at it: what its groups serve, and its plan as bars of green over one cycle."""

from dataclasses import dataclass

from tandem.signals.domain.interstage import switching_times
from tandem.signals.domain.junction import Junction, Plan, Turn


@dataclass(frozen=True, slots=True)
class Served:
    """One way that a signal group serves.

    Attributes:
        approach: Its name for people; its id where it has none.
    """

    approach: str
    turn: Turn


def served(junction: Junction) -> dict[str, tuple[Served, ...]]:
    """Return what each signal group serves, without repetitions, in the order of the movements."""
    names = {each.id: each.name or each.id for each in junction.approaches}
    approach_of = {lane.id: names[lane.approach] for lane in junction.lanes}
    found: dict[str, dict[Served, None]] = {group.id: {} for group in junction.groups}
    for movement in junction.movements:
        found[movement.group][Served(approach_of[movement.lane], movement.turn)] = None
    return {group: tuple(ways) for group, ways in found.items()}


@dataclass(frozen=True, slots=True)
class Bar:
    """A time of green within a cycle, in milliseconds since its beginning; it never runs over the end."""

    begins_ms: int
    ends_ms: int


def greens(junction: Junction, plan: Plan) -> dict[str, tuple[Bar, ...]]:
    """Return when each group is green within a cycle of a plan: its stages, with the intergreens between them.

    >>> from tandem.signals.domain.junction import PlanStep, SignalGroup, Stage
    >>> groups = (SignalGroup("K1"), SignalGroup("K2"))
    >>> stages = (Stage("A", frozenset({"K1"})), Stage("B", frozenset({"K2"})))
    >>> both = {("K1", "K2"): 5_000, ("K2", "K1"): 6_000}
    >>> plan = Plan("day", (PlanStep("A", 30_000), PlanStep("B", 20_000)))
    >>> junction = Junction("x", "", (), (), (), (), groups, both, stages, (plan,))
    >>> {name: [(bar.begins_ms, bar.ends_ms) for bar in bars] for name, bars in greens(junction, plan).items()}
    {'K1': [(6000, 30000)], 'K2': [(35000, 50000)]}
    """
    found: dict[str, list[Bar]] = {group.id: [] for group in junction.groups}
    moment = 0
    for number, step in enumerate(plan.steps):
        before = plan.steps[number - 1].stage
        after = plan.steps[(number + 1) % len(plan.steps)].stage
        starts = switching_times(junction, before, step.stage).starts_ms if before != step.stage else {}
        ends = switching_times(junction, step.stage, after).ends_ms if after != step.stage else {}
        for group in junction.stage_by_id[step.stage].green:
            begins, last = moment + starts.get(group, 0), moment + step.duration_ms + ends.get(group, 0)
            found[group] += _within(begins, last, plan.cycle_ms)
        moment += step.duration_ms
    return {group: _joined(bars) for group, bars in found.items()}


def _within(begins_ms: int, ends_ms: int, cycle_ms: int) -> list[Bar]:
    if ends_ms <= begins_ms:
        return []
    if ends_ms <= cycle_ms:
        return [Bar(begins_ms, ends_ms)]
    first = [Bar(begins_ms, cycle_ms)] if begins_ms < cycle_ms else []
    return [*first, Bar(max(begins_ms - cycle_ms, 0), min(ends_ms - cycle_ms, cycle_ms))]


def _joined(bars: list[Bar]) -> tuple[Bar, ...]:
    """Return bars in order, those that touch as one."""
    found: list[Bar] = []
    for bar in sorted(bars, key=lambda each: each.begins_ms):
        if found and bar.begins_ms <= found[-1].ends_ms:
            found[-1] = Bar(found[-1].begins_ms, max(found[-1].ends_ms, bar.ends_ms))
        else:
            found.append(bar)
    return tuple(found)
