"""Twins close one after the other: first the way onto the short link between them, then the way off it.

Whoever has just been let onto the link gets off it then, and does not stand there with the tail in the first junction.
"""

from collections.abc import Sequence

from tandem.signals.control.changing import Stages
from tandem.signals.domain.interstage import Times, switching_times
from tandem.signals.domain.junction import Junction

CLEAR_MS = 3_000  # from the end of green onto a link until the end of green off it


def linked_groups(junction: Junction) -> tuple[tuple[str, str], ...]:
    """Return each group that leads onto a link with each that leads off it."""
    leads_to = {way.id: way.leads_to for way in junction.exits}
    found = {
        (one.group, other.group)
        for one in junction.movements
        for other in junction.movements
        if leads_to.get(one.exit) and other.lane == leads_to[one.exit] and one.group != other.group
    }
    return tuple(sorted(found))


def clearing_times(junction: Junction, linked: Sequence[tuple[str, str]], first: str, second: str) -> Times:
    """Return the switching times of a change in which links run empty; what the junction itself lists stays."""
    times = switching_times(junction, first, second)
    if (first, second) in junction.interstage_by_ends:
        return times
    late_ms: dict[str, int] = {}
    for onto, off in linked:
        if onto in times.ends_ms and off in times.ends_ms:
            late_ms[off] = max(late_ms.get(off, times.ends_ms[off]), times.ends_ms[onto] + CLEAR_MS)
    starts_ms = {
        group: max(
            start_ms,
            *(end_ms + _between_ms(junction, off, group) for off, end_ms in late_ms.items()),
            0,
        )
        for group, start_ms in times.starts_ms.items()
    }
    return Times({**times.ends_ms, **late_ms}, starts_ms)


def _between_ms(junction: Junction, clearing: str, entering: str) -> int:
    """Return the time between two groups' greens; far below zero where they do not conflict."""
    if not junction.conflict(clearing, entering):
        return -1_000_000
    yellow_ms = junction.group_by_id[clearing].yellow_ms
    return max(junction.intergreens_ms.get((clearing, entering), 0), yellow_ms)


class ClearingStages(Stages):
    """Stages that close twins one after the other."""

    def __init__(self, junction: Junction) -> None:
        super().__init__(junction)
        self._linked = linked_groups(junction)

    def _times(self, first: str, second: str) -> Times:
        if (first, second) not in self._known:
            self._known[first, second] = clearing_times(self.junction, self._linked, first, second)
        return self._known[first, second]
