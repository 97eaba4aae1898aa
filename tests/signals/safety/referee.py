"""A referee that knows nothing of the gate: it reads what was shown, and lists what a junction forbids."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tandem.signals.domain.aspect import Aspect
from tandem.signals.domain.junction import Junction, SignalGroup

RED, RED_YELLOW, GREEN, YELLOW = Aspect
LEAST_RED_MS = 1_000
LONG_AGO = -(10**12)


@dataclass(frozen=True)
class Shown:
    """What all groups showed from a moment on."""

    at_ms: int
    aspects: tuple[Aspect, ...]
    protected: tuple[bool, ...]


@dataclass(frozen=True)
class Rivals:
    """Two groups that conflict, seen from the first one.

    Attributes:
        between_ms: From the end of the other one's green to the beginning of ours.
    """

    me: int
    other: int
    between_ms: int
    yields: bool
    has_priority: bool


class Referee:
    """Watches a junction, command by command, from a moment at which all groups have been red for long."""

    def __init__(self, junction: Junction) -> None:
        self.groups = junction.groups
        self.rivals = list(rivals(junction))
        self.aspects = [RED] * len(self.groups)
        self.since_ms = [LONG_AGO] * len(self.groups)
        self.ended_ms = [LONG_AGO] * len(self.groups)  # the last green
        self.protected = [False] * len(self.groups)
        self.had_way_ms = [LONG_AGO] * len(self.groups)  # when it last had its way for itself

    def see(self, shown: Shown) -> list[str]:
        """Return what is wrong with a command, after those that were seen before."""
        found = [f"{shown.at_ms}: {offence}" for offence in self._alone(shown)]
        self._end(shown)
        found += [
            f"{shown.at_ms}: {offence}" for pair in self.rivals for offence in self._together(pair, shown)
        ]
        self._begin(shown)
        return found

    def _alone(self, shown: Shown) -> Iterator[str]:
        """Yield what is wrong with each group for itself."""
        for number, (group, after) in enumerate(zip(self.groups, shown.aspects, strict=True)):
            before = self.aspects[number]
            if after is not before:
                yield from change(group, before, after, shown.at_ms - self.since_ms[number])
            if shown.protected[number] and after is not GREEN:
                yield f"{group.id} has its way without green"

    def _together(self, pair: Rivals, shown: Shown) -> Iterator[str]:
        """Yield what is wrong with a group beside one that conflicts with it."""
        me, other = self.groups[pair.me].id, self.groups[pair.other].id
        before, mine, its = self.aspects[pair.me], shown.aspects[pair.me], shown.aspects[pair.other]
        after_ms = shown.at_ms - self.ended_ms[pair.other]
        after_way_ms = shown.at_ms - self.had_way_ms[pair.other]
        if not pair.yields and not pair.has_priority:
            if mine is GREEN and its is GREEN and pair.me < pair.other:
                yield f"{me} and {other} are green together"
            if before is RED and mine is not RED and its is not RED:
                yield f"{me} leaves red while {other} shows {its.name}"
        elif shown.protected[pair.me] and shown.protected[pair.other] and pair.me < pair.other:
            yield f"{me} and {other} both have their way"
        if shown.protected[pair.me] and pair.yields and not pair.has_priority:
            if its is not RED:
                yield f"{me} has its way while {other} shows {its.name}"
            elif after_ms < pair.between_ms:
                yield f"{me} has its way {after_ms} ms after {other}"
        if mine is not GREEN or before is GREEN:
            return
        gave_way = pair.has_priority and after_way_ms >= pair.between_ms
        if its is not GREEN and after_ms < pair.between_ms and not gave_way:
            yield f"{me} begins {after_ms} ms after {other}"
        if its is GREEN and pair.has_priority and not pair.yields and not gave_way:
            yield f"{me} begins {after_way_ms} ms after {other} had its way"

    def _end(self, shown: Shown) -> None:
        for number, after in enumerate(shown.aspects):
            if self.aspects[number] is GREEN and after is not GREEN:
                self.ended_ms[number] = shown.at_ms
            if self.protected[number]:
                self.had_way_ms[number] = shown.at_ms

    def _begin(self, shown: Shown) -> None:
        for number, after in enumerate(shown.aspects):
            if after is not self.aspects[number]:
                self.since_ms[number] = shown.at_ms
        self.aspects, self.protected = list(shown.aspects), list(shown.protected)


def offences(junction: Junction, log: Iterable[Shown]) -> list[str]:
    """Return every offence in a log that begins with all groups red for long enough."""
    referee = Referee(junction)
    return [offence for shown in log for offence in referee.see(shown)]


def rivals(junction: Junction) -> Iterator[Rivals]:
    """Yield every ordered pair of groups that conflict."""
    for me, mine in enumerate(junction.groups):
        for other, its in enumerate(junction.groups):
            if me != other and junction.conflict(mine.id, its.id):
                yield Rivals(
                    me,
                    other,
                    between_ms=junction.intergreens_ms.get((its.id, mine.id), 0),
                    yields=(mine.id, its.id) in junction.partial_conflicts,
                    has_priority=(its.id, mine.id) in junction.partial_conflicts,
                )


def change(group: SignalGroup, before: Aspect, after: Aspect, lasted_ms: int) -> Iterator[str]:
    """Yield what is wrong when a group leaves one aspect for another."""
    onward = {
        RED: RED_YELLOW if group.red_yellow_ms else GREEN,
        RED_YELLOW: GREEN,
        GREEN: YELLOW if group.yellow_ms else RED,
        YELLOW: RED,
    }
    least_ms = {
        RED: LEAST_RED_MS,
        RED_YELLOW: group.red_yellow_ms,
        GREEN: group.minimum_green_ms,
        YELLOW: group.yellow_ms,
    }
    if onward[before] is not after:
        yield f"{group.id} goes from {before.name} to {after.name}"
    if lasted_ms < least_ms[before]:
        yield f"{group.id} shows {before.name} for {lasted_ms} ms"
