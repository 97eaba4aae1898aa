"""Interstages: when each signal group ends and begins in the change from one stage to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tandem.signals.domain.junction import Junction

LEAST_RED_MS = 1_000  # between two greens of the same group


@dataclass(frozen=True, slots=True)
class Times:
    """The switching times of a change, in milliseconds since it began.

    Attributes:
        ends_ms: For each group that closes, when its green ends.
        starts_ms: For each group that opens, when its green begins.
    """

    ends_ms: Mapping[str, int]
    starts_ms: Mapping[str, int]

    @property
    def duration_ms(self) -> int:
        """When the last group begins."""
        return max(self.starts_ms.values(), default=0)


class Switch(NamedTuple):
    """When one group switches, in milliseconds since the change began.

    Attributes:
        ends_ms: When its green ends; None where it opens.
        starts_ms: When its green begins; None where it closes.
    """

    group: str
    ends_ms: int | None
    starts_ms: int | None


def switching_times(junction: Junction, first: str, second: str) -> Times:
    """Return when groups end and begin in a change between two stages.

    A group begins as soon as its intergreens from all closing groups have passed since the change began; a group
    ends as late as it can without delaying anybody: cars go on while pedestrians clear their crossing. What the
    junction's own ``Interstage`` says comes first, as far as the intergreens allow it.

    >>> from tandem.signals.domain.junction import Approach, GroupKind, Lane, SignalGroup, Stage
    >>> groups = tuple(SignalGroup(name) for name in ("car", "walk", "side"))
    >>> stages = (Stage("A", frozenset({"car", "walk"})), Stage("B", frozenset({"side"})))
    >>> both = {("car", "side"): 5_000, ("walk", "side"): 11_000}
    >>> back = {("side", "car"): 5_000, ("side", "walk"): 6_000}
    >>> place = Junction("x", "", (), (), (), (), groups, both | back, stages)
    >>> times = switching_times(place, "A", "B")
    >>> times.ends_ms["car"], times.ends_ms["walk"], times.starts_ms["side"]
    (6000, 0, 11000)
    """
    one, other = junction.stage_by_id[first], junction.stage_by_id[second]
    listed = junction.interstage_by_ends.get((first, second))
    delayed_ms = listed.starts_ms if listed else {}
    closing, opening = one.green - other.green, other.green - one.green
    fixed_ends = {group: listed.ends_ms.get(group, 0) for group in closing} if listed else {}
    starts = {
        group: max(
            junction.group_by_id[group].red_yellow_ms,
            delayed_ms.get(group, 0),
            *(fixed_ends.get(end, 0) + _between_ms(junction, end, group) for end in closing),
        )
        for group in opening
    }
    ends = fixed_ends or {group: _latest_end_ms(junction, group, starts) for group in closing}
    return Times(ends, starts)


def interstage(junction: Junction, first: str, second: str) -> tuple[Switch, ...]:
    """Return the switching times of every group that changes between two stages, in the junction's order.

    The change is over with the last beginning: ``switching_times(…).duration_ms``.
    """
    times = switching_times(junction, first, second)
    return tuple(
        Switch(group.id, times.ends_ms.get(group.id), times.starts_ms.get(group.id))
        for group in junction.groups
        if group.id in times.ends_ms or group.id in times.starts_ms
    )


def _between_ms(junction: Junction, clearing: str, entering: str) -> int:
    """Return the time between two groups' greens; 0 where they do not conflict."""
    between = junction.intergreens_ms.get((clearing, entering))
    return 0 if between is None else max(between, junction.group_by_id[clearing].yellow_ms)


def _latest_end_ms(junction: Junction, closing: str, starts: Mapping[str, int]) -> int:
    latest = min(
        (
            start_ms - _between_ms(junction, closing, group)
            for group, start_ms in starts.items()
            if junction.conflict(closing, group)
        ),
        default=0,
    )
    return latest // 1000 * 1000


# --- how long red can last ------------------------------------------------------------------------
def needed_maximum_red_ms(junction: Junction) -> int:
    """Return the least maximum red that can be kept whatever a controller does, in milliseconds.

    While groups with a maximum red are served one stage after the other, each change may have to wait for a minimum
    green and for an intergreen; two changes more may be under way before.
    """
    left = {group.id for group in junction.groups if group.maximum_red_ms}
    changes = 2
    while served := max((stage.green & left for stage in junction.stages), key=len, default=frozenset()):
        left -= served
        changes += 1
    return changes * _longest_change_ms(junction)


def _longest_change_ms(junction: Junction) -> int:
    """Return the longest that a stage can take until all of it is green, whatever is shown before."""
    groups = junction.groups
    held_ms = max((group.red_yellow_ms for group in groups), default=0)
    again_ms = [group.yellow_ms + LEAST_RED_MS + group.red_yellow_ms for group in groups]
    after_others_ms = [
        held_ms
        + one.red_yellow_ms
        + one.minimum_green_ms
        + max(junction.intergreens_ms.get((one.id, other.id), 0), one.yellow_ms)
        + other.red_yellow_ms
        for one in groups
        for other in groups
        if one.id != other.id and junction.conflict(one.id, other.id)
    ]
    return max(again_ms + after_others_ms, default=0)
