"""An exact queue model as the plant: one junction whose delays can be worked out by hand.

Road users drive freely to the stop line, queue there in one point for each lane, first come, first served, and
leave at the saturation headway while their signal is green. Moments within a second are kept, so nothing is rounded.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from tandem.signals.domain.aspect import Aspect
from tandem.signals.domain.junction import GroupKind, Junction, Movement, Turn
from tandem.signals.domain.users import BICYCLE, BUS, CAR, KIND_NAMES, PEDESTRIAN, TRAM
from tandem.signals.estimation.observation import EXIT, USER, Observation
from tandem.signals.plant.arrivals import Moments, demand
from tandem.signals.plant.outcome import Outcome, Trip
from tandem.signals.safety.command import SignalCommand

WALK_MPS, TURN_MPS = 1.3, 7.0
LOCKED_S = 600.0
CLEARS_S = 2.5
QUEUE_EVERY_S = 10
EMPTY_EXIT_MPS = 99.0
LENGTH_M, GAP_M = 5.0, 2.5
KINDS = {
    GroupKind.VEHICLE: CAR,
    GroupKind.CYCLE: BICYCLE,
    GroupKind.PEDESTRIAN: PEDESTRIAN,
    GroupKind.BUS: BUS,
    GroupKind.TRAM: TRAM,
}


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """How a run is done.

    Attributes:
        startup_lost_s: From the beginning of green until the first of those who stood there leaves.
        yellow_used_s: How long into yellow they still leave.
        gap_s: Who gives way needs so much time before the next one who has priority.
    """

    duration_s: int = 3_600
    startup_lost_s: float = 0.0
    yellow_used_s: float = 0.0
    gap_s: float = 4.0


@dataclass(slots=True)
class Passage:
    """One road user at the stop line.

    Attributes:
        movement: Number of the movement within the junction.
        due_s: When the stop line would be reached on a free way.
        left_s: When it was passed; infinite for those who never did.
    """

    movement: int
    due_s: float
    left_s: float = math.inf


@dataclass(slots=True)
class _Signal:
    """A group's signal: since when green lets go, and until when."""

    green_from_s: float = math.inf
    open_until_s: float = -math.inf
    aspect: Aspect = Aspect.RED
    protected: bool = False


@dataclass(slots=True)
class _Queue:
    """A lane: everybody who will ever come, and how many of them have left.

    Attributes:
        free_from_s: Before that the next one cannot leave, being too close behind the last one.
    """

    users: list[Passage] = field(default_factory=list)
    left: int = 0
    free_from_s: float = -math.inf

    @property
    def head(self) -> Passage | None:
        """The one who leaves next."""
        return self.users[self.left] if self.left < len(self.users) else None


class QueuePlant:
    """One junction as point queues.

    Exits never fill up. Whoever leaves is at the exit for as long as its storage takes at free speed, and is gone
    then, also where the exit leads to another lane of the junction. Where two arrive in a lane at the same time,
    the movement that comes first in the junction goes first.

    Args:
        junction: What is controlled. A queue forms in each of its lanes.
        arrivals_s: Movement → when its road users would reach the stop line on a free way, seconds, any order.
        options: How the run is done.

    Raises:
        NotADemand: A movement is unknown, or a moment is negative or no number.
    """

    def __init__(
        self,
        junction: Junction,
        arrivals_s: Mapping[str, Moments],
        options: QueueOptions | None = None,
    ) -> None:
        self.junction = junction
        self.options = options or QueueOptions()
        self._second = 0
        self._clock_s = 0.0
        self._signals = {group.id: _Signal() for group in junction.groups}
        self._speed_mps = [_speed_mps(junction, movement) for movement in junction.movements]
        self._path_mps = [
            speed if movement.turn in (Turn.STRAIGHT, Turn.CROSSING) else min(speed, TURN_MPS)
            for movement, speed in zip(junction.movements, self._speed_mps, strict=True)
        ]
        self._kind = [KINDS[junction.group_by_id[movement.group].kind] for movement in junction.movements]
        self._sight_m = {approach.id: approach.length_m for approach in junction.approaches}
        self._approach_of = {lane.id: lane.approach for lane in junction.lanes}
        self._lanes = {lane.id: _Queue() for lane in junction.lanes}
        self._gone: list[Passage] = []
        self._queues: list[tuple[int, int]] = []
        self._locked_at_s: float | None = None
        for number, due_s in demand(junction, arrivals_s):
            self._lanes[junction.movements[number].lane].users.append(Passage(number, due_s))
        for queue in self._lanes.values():
            queue.users.sort(key=attrgetter("due_s", "movement"))

    # --- the surface of a plant -------------------------------------------------------------------
    @property
    def junctions(self) -> Sequence[Junction]:
        """The one junction."""
        return (self.junction,)

    @property
    def now_ms(self) -> int:
        """Milliseconds since the run began."""
        return 1_000 * self._second

    @property
    def done(self) -> bool:
        """True when the run's time is over."""
        return self._second >= self.options.duration_s

    def start(self) -> None:
        """Begin the run; everything is ready and all signals are red."""

    def observe(self) -> list[Observation]:
        """Return what the junction sees now."""
        rows = [row for lane, queue in self._lanes.items() for row in self._seen(lane, queue)]
        users = np.array(rows, USER) if rows else np.zeros(0, USER)
        inside, in_box = self._inside(0.0), self._inside(CLEARS_S)
        return [Observation(self.now_ms, users, self._exits(), inside, in_box)]

    def apply(self, number: int, command: SignalCommand) -> None:
        """Show a command's aspects at the junction; ``number`` is 0."""
        groups = self.junctions[number].groups
        for group, aspect, protected in zip(groups, command.aspects, command.protected, strict=True):
            self._show(self._signals[group.id], aspect, protected=protected)

    def step(self) -> None:
        """Go on by one second."""
        until_s = self._second + 1.0
        while (leaving := self._next_leaving()) is not None and leaving[0] < until_s:
            self._leave(*leaving)
        self._second += 1
        self._clock_s = until_s
        self._note()

    def close(self) -> Outcome:
        """End the run."""
        trips = tuple(self._trip(passage) for passage in self.passages)
        return Outcome(trips, self._locked_at_s, tuple(self._queues))

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Everybody who has been due by now, in the order of the lanes."""
        return tuple(
            user for queue in self._lanes.values() for user in queue.users if user.due_s < self._second
        )

    @property
    def queued(self) -> int:
        """How many stand at the stop lines."""
        return sum(
            bisect_left(queue.users, self._second, key=attrgetter("due_s")) - queue.left
            for queue in self._lanes.values()
        )

    # --- leaving ----------------------------------------------------------------------------------
    def _show(self, signal: _Signal, aspect: Aspect, *, protected: bool) -> None:
        was = signal.aspect
        signal.aspect, signal.protected = aspect, protected
        if aspect is Aspect.GREEN:
            if was is not Aspect.GREEN:
                signal.green_from_s = self._second
            signal.open_until_s = math.inf
        elif was is Aspect.GREEN:
            used_s = self.options.yellow_used_s if aspect is Aspect.YELLOW else 0.0
            signal.open_until_s = self._second + used_s
        elif aspect is not Aspect.YELLOW:
            signal.open_until_s = -math.inf

    def _next_leaving(self) -> tuple[float, _Queue] | None:
        """Return who leaves next, and when; None if nobody may."""
        leaving = [
            (moment_s, queue)
            for queue in self._lanes.values()
            if (user := queue.head) is not None
            and (moment_s := self._leaves_s(queue, user)) < math.inf
            and not self._gives_way(user, moment_s)
        ]
        return min(leaving, key=lambda each: each[0], default=None)

    def _leaves_s(self, queue: _Queue, user: Passage) -> float:
        """Return when the head of a queue leaves as the signals stand, if it has not to give way."""
        signal = self._signals[self.junction.movements[user.movement].group]
        moment_s = max(user.due_s, queue.free_from_s, self._clock_s)
        if user.due_s <= signal.green_from_s:
            moment_s = max(moment_s, signal.green_from_s + self.options.startup_lost_s)
        return moment_s if moment_s < signal.open_until_s else math.inf

    def _gives_way(self, user: Passage, moment_s: float) -> bool:
        """Return whether somebody with priority leaves too soon after a moment for this one to go."""
        movement = self.junction.movements[user.movement]
        if not movement.yields_to or self._signals[movement.group].protected:
            return False
        return any(
            self._leaves_s(queue, other) < moment_s + self.options.gap_s
            for queue in self._lanes.values()
            if (other := queue.head) is not None
            and self.junction.movements[other.movement].id in movement.yields_to
        )

    def _leave(self, moment_s: float, queue: _Queue) -> None:
        user = queue.users[queue.left]
        user.left_s = self._clock_s = moment_s
        queue.left += 1
        queue.free_from_s = moment_s + self.junction.movements[user.movement].headway_ms / 1_000
        self._gone.append(user)

    # --- what is seen -----------------------------------------------------------------------------
    def _seen(self, lane: str, queue: _Queue) -> Iterator[tuple[float, ...]]:
        """Yield a row of ``USER`` for each road user of a lane in sight.

        Those who pass the stop line within the coming second, as the signals stand, are seen moving.
        """
        sight_m = self._sight_m.get(self._approach_of[lane], math.inf)
        free_s = queue.free_from_s
        for place, user in enumerate(islice(queue.users, queue.left, None)):
            movement, speed = self.junction.movements[user.movement], self._speed_mps[user.movement]
            length_m, gap_m = (0.5, 0.0) if movement.turn is Turn.CROSSING else (LENGTH_M, GAP_M)
            free_m = (user.due_s - self._second) * speed
            if free_m > sight_m:
                return
            distance_m = max(free_m, place * (length_m + gap_m) if gap_m else 0.0, 0.0)
            leaves_s = max(self._leaves_s(queue, user), free_s)
            free_s = leaves_s + movement.headway_ms / 1_000
            moves = user.due_s > self._second or leaves_s < self._second + 1.0
            waited_s = max(self._second - user.due_s, 0.0)
            yield (
                user.movement, -1, self._kind[user.movement], distance_m, speed if moves else 0.0, speed,
                waited_s, length_m, 0, 0, 1.0,
            )  # fmt: skip

    def _exits(self) -> NDArray[np.void]:
        """Return who is at the exits; forgets those who have gone for good."""
        rows: dict[str, list[float]] = {exit_.id: [] for exit_ in self.junction.exits}
        storage_m = {exit_.id: exit_.storage_m for exit_ in self.junction.exits}
        still: list[Passage] = []
        for user in self._gone:
            movement = self.junction.movements[user.movement]
            on_m = (self._second - user.left_s) * self._path_mps[user.movement] - movement.path_m
            if 0 <= on_m < storage_m.get(movement.exit, 0.0):
                rows[movement.exit].append(on_m)
            if on_m < storage_m.get(movement.exit, 0.0):
                still.append(user)
        self._gone = still
        table = np.zeros(len(rows), EXIT)
        for number, (name, places) in enumerate(rows.items()):
            tail_m = min(places, default=storage_m[name])
            used_m = len(places) * (LENGTH_M + GAP_M)
            speed = self._exit_speed_mps(name) if places else EMPTY_EXIT_MPS
            table[number] = (storage_m[name], used_m, len(places), speed, tail_m, speed)
        return table

    def _exit_speed_mps(self, name: str) -> float:
        return min(
            speed
            for movement, speed in zip(self.junction.movements, self._path_mps, strict=True)
            if movement.exit == name
        )

    def _inside(self, after_s: float) -> NDArray[np.int64]:
        """Return for each movement how many of those inside the junction still are so some time from now."""
        found = np.zeros(len(self.junction.movements), np.int64)
        for user in self._gone:
            movement = self.junction.movements[user.movement]
            inside_s = self._second + after_s - user.left_s
            found[user.movement] += inside_s * self._path_mps[user.movement] < movement.path_m
        return found

    # --- what became of them ----------------------------------------------------------------------
    def _note(self) -> None:
        heads = [queue.head for queue in self._lanes.values()]
        stood = max((self._second - user.due_s for user in heads if user is not None), default=0.0)
        if stood > LOCKED_S and self._locked_at_s is None:
            self._locked_at_s = self._second - LOCKED_S
        if self._second % QUEUE_EVERY_S == 0:
            self._queues.append((self._second, self.queued))

    def _trip(self, passage: Passage) -> Trip:
        """Return what a road user lost; who has not left has lost all the time since it was due."""
        finished = passage.left_s < math.inf
        delay_s = (passage.left_s if finished else float(self._second)) - passage.due_s
        return Trip(
            KIND_NAMES[self._kind[passage.movement]], delay_s, delay_s, int(delay_s > 1e-9), 0.0, finished
        )


def _speed_mps(junction: Junction, movement: Movement) -> float:
    """Return how fast somebody comes to the stop line."""
    if movement.turn is Turn.CROSSING:
        return WALK_MPS
    approach_of = {lane.id: lane.approach for lane in junction.lanes}
    return next(
        approach.speed_kmh / 3.6
        for approach in junction.approaches
        if approach.id == approach_of[movement.lane]
    )
