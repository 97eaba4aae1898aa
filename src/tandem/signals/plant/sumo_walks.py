"""Which crossings lie on a walk: SUMO's walking areas and crossings between two edges of a person's route."""

import math
from collections import deque

from tandem.signals.plant.sumo_net import Net


class Walks:
    """Finds the crossings between two edges; remembers what it found."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}
        self._beside: dict[str, set[str]] = {}
        for way in net.connections:
            one, other = net.lanes[way.from_lane].edge, net.lanes[way.to_lane].edge
            if "walkingarea" in (net.kinds.get(one), net.kinds.get(other)):
                self._beside.setdefault(one, set()).add(other)
                self._beside.setdefault(other, set()).add(one)

    def crossings(self, first: str, second: str) -> tuple[str, ...]:
        """Return the crossings on the shortest way on foot between two edges that meet at a junction."""
        key = (first, second)
        if key not in self._known:
            self._known[key] = self._find(first, second)
        return self._known[key]

    def to_kerb_m(self, place: tuple[float, float], crossing: str) -> float:
        """Return how far it is from a place on a corner to the beginning of a crossing, as the crow flies."""
        shape = self._net.lanes[self._net.edges[crossing][0]].shape
        return min(math.dist(place, end) for end in (shape[0], shape[-1]))

    def corner_m(self, edge: str, crossing: str, *, at_end: bool) -> float:
        """Return how far it is across the corner from an edge to a crossing."""
        shape = self._net.lanes[self._net.edges[edge][0]].shape
        return self.to_kerb_m(shape[-1 if at_end else 0], crossing)

    def _find(self, first: str, second: str) -> tuple[str, ...]:
        waiting: deque[tuple[str, tuple[str, ...]]] = deque([(first, ())])
        seen = {first}
        while waiting:
            edge, crossed = waiting.popleft()
            for onward in sorted(self._beside.get(edge, ())):
                if onward == second:
                    return crossed
                kind = self._net.kinds.get(onward)
                if onward in seen or kind not in {"walkingarea", "crossing"}:
                    continue
                seen.add(onward)
                waiting.append((onward, (*crossed, onward) if kind == "crossing" else crossed))
        return ()
