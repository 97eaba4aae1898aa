"""How a controller that thinks in stages asks for them: one at a time, as their interstages say."""

from collections import deque
from collections.abc import Iterable

from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.interstage import Times, switching_times
from tandem.signals.domain.junction import Junction, Stage


class Stages:
    """Keeps the stage that a junction is in, and the one that it changes to.

    Attributes:
        number: The stage, as a number into the junction's stages.
        target: The stage that it changes to; None while it stays.
        absent: Groups that are not served although their stage is on: nobody has asked for them.
    """

    def __init__(self, junction: Junction) -> None:
        self.junction = junction
        self.number = 0
        self.target: int | None = None
        self.began_ms = 0
        self.absent: frozenset[str] = frozenset()
        self._groups = tuple(group.id for group in junction.groups)
        self._least_ms = {group.id: group.minimum_green_ms for group in junction.groups}
        self._leaving: frozenset[str] = frozenset()
        self._started = False
        self._known: dict[tuple[str, str], Times] = {}

    def follow(self, heads: Heads) -> None:
        """Take note of what is shown. Where somebody else switched, the nearest stage is taken up.

        A group of the stage before may still be green: the gate keeps it so for its minimum.
        """
        green = self._shown(heads, Aspect.GREEN)
        opening = green | self._shown(heads, Aspect.RED_YELLOW)
        self._leaving &= opening
        wanted = self.junction.stages[self.number].green | self._leaving
        if self.target is not None:
            wanted |= self.junction.stages[self.target].green
        if not self._started or opening - wanted:
            self._started = True
            self.target, self._leaving = None, frozenset()
            stages = self.junction.stages
            self.number = min(range(len(stages)), key=lambda each: (len(stages[each].green ^ opening), each))
        elif self.target is not None and self._green(self.target) <= green:
            self.number, self.target = self.target, None

    def settled(self, heads: Heads) -> bool:
        """Return whether the stage is fully green and nothing changes."""
        return self.target is None and self._green(self.number) <= self._shown(heads, Aspect.GREEN)

    def may_leave(self, heads: Heads) -> bool:
        """Return whether the stage is fully green and has been so for every minimum green."""
        return self.settled(heads) and all(
            heads.now_ms - since_ms >= self._least_ms[group]
            for group, aspect, since_ms in zip(self._groups, heads.aspects, heads.since_ms, strict=True)
            if aspect is Aspect.GREEN
        )

    def go(self, target: int, now_ms: int) -> None:
        """Begin to change to a stage; by way of others where the junction lists no direct change."""
        onward = self._next_on_the_way(target)
        if onward is not None and onward != self.number:
            self.target, self.began_ms = onward, now_ms
            self._leaving |= self.junction.stages[self.number].green

    def request(self, now_ms: int, reason: str, *, held: Iterable[str] = ()) -> Request:
        """Return what to ask for now.

        Args:
            held: Groups that shall not open yet.
        """
        stage = self.junction.stages[self.number]
        if self.target is None:
            return Request(stage.green - self.absent, stage.permissive - self.absent, now_ms, reason)
        new = self.junction.stages[self.target]
        elapsed_ms = now_ms - self.began_ms
        staying, opening = halfway(
            self.junction, stage, new, self._times(stage.id, new.id), elapsed_ms=elapsed_ms
        )
        waiting = new.green - opening
        blocked = frozenset(held) - stage.green
        green = (staying | opening) - blocked - self.absent
        permissive = new.permissive | (stage.permissive if blocked or waiting or staying else frozenset())
        return Request(frozenset(green), permissive & green, now_ms, reason)

    def _times(self, first: str, second: str) -> Times:
        if (first, second) not in self._known:
            self._known[first, second] = switching_times(self.junction, first, second)
        return self._known[first, second]

    def _next_on_the_way(self, target: int) -> int | None:
        """Return the first stage on the shortest way of listed changes; None where there is no way."""
        stages = self.junction.stages
        came_from = {self.number: self.number}
        waiting = deque([self.number])
        while waiting and target not in came_from:
            here = waiting.popleft()
            for onward in range(len(stages)):
                if onward not in came_from and self.junction.may_change(stages[here].id, stages[onward].id):
                    came_from[onward] = here
                    waiting.append(onward)
        if target not in came_from:
            return None
        while came_from[target] != self.number:
            target = came_from[target]
        return target

    def _green(self, number: int) -> frozenset[str]:
        return self.junction.stages[number].green - self.absent

    def _shown(self, heads: Heads, aspect: Aspect) -> frozenset[str]:
        return frozenset(
            group for group, shown in zip(self._groups, heads.aspects, strict=True) if shown is aspect
        )


def halfway(
    junction: Junction, first: Stage, second: Stage, times: Times, *, elapsed_ms: int
) -> tuple[frozenset[str], frozenset[str]]:
    """Return which groups a change has still to end, and which ones of the new stage may be asked for.

    A group that conflicts with one that is still to end is not asked for: the gate refuses both together.

    Args:
        times: The switching times of the change.
        elapsed_ms: Since the change began.
    """
    listed = junction.interstage_by_ends.get((first.id, second.id))
    delayed = listed.starts_ms if listed else {}
    staying = frozenset(group for group in first.green - second.green if elapsed_ms < times.ends_ms[group])
    opening = frozenset(
        group
        for group in second.green
        if group in first.green
        or (
            elapsed_ms >= delayed.get(group, 0)
            and not any(junction.conflict(group, other) for other in staying)
        )
    )
    return staying, opening
