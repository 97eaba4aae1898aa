"""The rolling-horizon planner: every second it plans a minute ahead and does only the first step of it."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tandem.signals.control import search
from tandem.signals.control.box import Box
from tandem.signals.control.clearing import ClearingStages
from tandem.signals.control.policy import Policy
from tandem.signals.control.preparing import prepare
from tandem.signals.control.reasons import why_change, why_stay
from tandem.signals.control.request import Request
from tandem.signals.control.saturation import Saturation
from tandem.signals.control.tables import tables_of
from tandem.signals.control.twins import Twins
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.junction import GroupKind, Junction, Stage
from tandem.signals.domain.users import PEDESTRIAN
from tandem.signals.estimation.observation import USER, Observation, nobody

STEADY_S = 20
STANDING_MPS = 2.0
WALKERS_OPEN_S = 3.0
WALKERS_STAY_S = 8.0
MOST_COLUMNS = 64
_KIND_OF = {GroupKind.PEDESTRIAN: 1, GroupKind.CYCLE: 2, GroupKind.BUS: 3, GroupKind.TRAM: 4}


def moments_s(now_s: float, *, horizon_s: float) -> NDArray[np.float64]:
    """Return the moments of a plan, in seconds from now: close together first, farther apart later.

    Apart from the first they are even moments of the clock, and the last one stays the same for 20 s: a plan
    that is made anew a second later sees the same moments, so that it does not put off what it has decided.

    >>> moments_s(103.0, horizon_s=20.0)
    array([ 0.,  1.,  3.,  5.,  7.,  9., 11., 13., 15., 17., 19., 21., 25.,
           29., 33., 37.])
    """
    end = STEADY_S * math.ceil((now_s + horizon_s) / STEADY_S)
    near = np.arange(2 * math.floor(now_s / 2) + 2, min(now_s + 20, end), 2)
    middle = np.arange(4 * math.ceil((now_s + 20) / 4), min(now_s + 40, end), 4)
    far = np.arange(10 * math.ceil((now_s + 40) / 10), end, 10)
    return np.concatenate([[now_s], near, middle, far, [end]]) - now_s


@dataclass(frozen=True, slots=True)
class PlannerSettings:
    """How the planner searches; one setting for all junctions. What counts how much is the city's policy.

    Attributes:
        policy: What counts how much.
        feed_cost: Cost per second of green into a short link that does not go on.
        moving_m: Those who are farther away than this count only if they stand, come through a twin or another signal,
            or can be here soon: a queue that reaches so far is planned for, arrivals that far ahead are uncertain.
        soon_s: Soon is within this time and the longest intergreen: the longer a change takes, the farther ahead
            one has to look.
        commit_s: A planned stage lasts at least so long; what is carried out may end earlier.
        keep: How many states are kept for each moment and stage, each of another first step.
        most_stages: How many stages are weighed against each other, those that serve most.
        explain: Whether requests say why in words.
        horizon_s: How far the plan looks at least.
    """

    policy: Policy = field(default_factory=Policy)
    feed_cost: float = 3.0
    moving_m: float = 100.0
    soon_s: float = 4.5
    commit_s: float = 8.0
    keep: int = 6
    most_stages: int = 6
    explain: bool = False
    horizon_s: float = 60.0


class Planner:
    """Plans one junction.

    Args:
        junction: What is planned.
        settings: How it searches, and the city's policy.
        week_ms: What time of the week it is at time 0, in milliseconds since Monday's midnight.
    """

    def __init__(
        self, junction: Junction, settings: PlannerSettings | None = None, *, week_ms: int = 0
    ) -> None:
        self.junction = junction
        self.settings = settings or PlannerSettings()
        self.tables = tables_of(junction)
        self.stages = ClearingStages(junction)
        self._box = Box(self.tables)
        self._saturation = Saturation(junction, self.tables, far_m=self.settings.moving_m)
        self._week_ms = week_ms
        self._walking = {group.id for group in junction.groups if group.kind is GroupKind.PEDESTRIAN}
        self._stage_with = {
            (stage.green, stage.permissive): number for number, stage in enumerate(junction.stages)
        }
        longest_ms = max(junction.intergreens_ms.values(), default=0)
        self._soon_s = longest_ms / 1000 + self.settings.soon_s
        self._longest_hold_ms = longest_ms + 1000 * self.settings.policy.box_s
        self._group_of = self.tables.group_of
        self._first_of_group = {
            group: (movement, _KIND_OF.get(junction.groups[group].kind, 0))
            for movement, group in reversed(list(enumerate(self._group_of.tolist())))
        }
        t, columns = self.tables, MOST_COLUMNS
        stages, links = t.colours.shape
        most = min(stages, self.settings.most_stages)
        nodes = 64 + columns * most * (most + 2) * self.settings.keep
        self._ptr = np.zeros((nodes, t.lanes), np.int64)
        self._seen = np.zeros((nodes, t.lanes), np.int64)
        self._free = np.zeros((nodes, t.lanes))
        self._load = np.zeros((nodes, t.lanes))
        self._out = np.zeros((nodes, max(t.exits, 1)))
        self._began = np.zeros((nodes, links))
        self._cost = np.zeros(nodes)
        self._first = np.zeros(nodes, np.int64)
        self._came_from = np.zeros(nodes, np.int64)
        self._begun_s = np.zeros(nodes)
        self._stage_of = np.zeros(nodes, np.int64)
        self._ahead: list[tuple[float, int]] = []
        self._planned_ms = 0
        self._cells = np.zeros((columns, stages, self.settings.keep), np.int64)
        self._cell_count = np.zeros((columns, stages), np.int64)
        self.costs = np.zeros(stages)
        self._lane_begin = np.zeros(t.lanes + 1, np.int64)
        self._stuck_s = np.zeros(t.lanes)
        self._shut_until = np.zeros(max(t.exits, 1))
        self._pairs = np.full((len(junction.movements), len(junction.movements)), -1, np.int64)
        for (first, second), link in t.pair_of.items():
            self._pairs[first, second] = link
        self._twins = Twins(t, self._pairs)
        self._warm_up()

    def _warm_up(self) -> None:
        """Plan once for nobody, so that the first real decision is as fast as the others."""
        groups = len(self.junction.groups)
        heads = Heads(0, (Aspect.RED,) * groups, (0,) * groups)
        seen = nobody(len(self.junction.exits), len(self.junction.movements))
        self._plan(seen, seen.users, heads)
        self._ahead = []

    def decide(self, seen: Observation, heads: Heads) -> Request:
        """Return which groups shall be green now."""
        stages = self.stages
        stages.follow(heads)
        self._box.look(seen)
        if stages.settled(heads):
            users = self._with_recalls(seen, heads)
            best = self._without_idle_walkers(self._plan(seen, users, heads), users)
            if stages.may_leave(heads):
                out = self._box.way_out(seen, stages.number, self._stuck_s, users, heads.now_ms)
                best = best if out is None else out
            if best != stages.number:
                stages.go(best, heads.now_ms)
        here, explain = self.junction.stages[stages.number], self.settings.explain
        if stages.target is None:
            why = why_stay(self.junction, here, seen, self._ahead) if explain else ""
            return stages.request(heads.now_ms, why)
        target = self.junction.stages[stages.target]
        held = self._held(seen, target, heads)
        why = why_change(self.junction, here, target, seen, held) if explain else ""
        return stages.request(heads.now_ms, why, held=held)

    def _without_idle_walkers(self, target: int, users: NDArray[np.void]) -> int:
        """Return the stage, or its like without those pedestrians' groups for which nobody comes soon.

        Their crossings need not be cleared then, and they are served within the stage as soon as somebody comes.
        """
        walking = self._walking & self.junction.stages[target].green
        if not walking:
            return target
        here, green = self.stages.number, self.junction.stages[self.stages.number].green
        opens_s = max(float(self.tables.change_s[here, target]), 0.0) if target != here else 0.0
        users = users[users["kind"] == PEDESTRIAN]
        comes_s = users["distance_m"] / np.maximum(users["allowed_mps"], 0.1)
        number = {group.id: place for place, group in enumerate(self.junction.groups)}
        idle = frozenset(
            group
            for group in walking
            if not (
                comes_s[self._group_of[users["movement"]] == number[group]]
                <= opens_s + (WALKERS_STAY_S if group in green else WALKERS_OPEN_S)
            ).any()
        )
        stage = self.junction.stages[target]
        return self._stage_with.get((stage.green - idle, stage.permissive - idle), target)

    def _held(self, seen: Observation, target: Stage, heads: Heads) -> frozenset[str]:
        """Return the opening groups that must wait for somebody who is still inside the junction.

        Those who drive wait for whoever will not be out in a moment; pedestrians for everybody whose way crosses
        theirs, since nobody who drives gets past people on a crossing.
        """
        if not seen.inside.any() or heads.now_ms - self.stages.began_ms >= self._longest_hold_ms:
            return frozenset()
        conflict, groups, movements = (
            self.junction.conflict,
            self.junction.group_by_id,
            self.junction.movements,
        )
        slow = {movements[number].group for number in np.flatnonzero(seen.in_box)} - target.green
        inside = {movements[number].group for number in np.flatnonzero(seen.inside)} - target.green
        return frozenset(
            group
            for group in target.green
            for other in (inside if groups[group].kind is GroupKind.PEDESTRIAN else slow)
            if conflict(other, group)
        )

    # --- those whom detectors miss ----------------------------------------------------------------
    def _with_recalls(self, seen: Observation, heads: Heads) -> NDArray[np.void]:
        """Return those who are planned for, and one for each movement that has been red long without anybody seen."""
        seen_users = seen.users
        near = (seen_users["distance_m"] <= self.settings.moving_m) | (seen_users["through"] == 1)
        near |= seen_users["distance_m"] <= self._soon_s * seen_users["allowed_mps"]
        users: NDArray[np.void] = seen_users[near | (seen_users["speed_mps"] < STANDING_MPS)]
        recall_ms = 1000 * self.settings.policy.recall_s
        if not recall_ms:
            return users
        red_ms = [
            heads.now_ms - since_ms if aspect is Aspect.RED else 0
            for aspect, since_ms in zip(heads.aspects, heads.since_ms, strict=True)
        ]
        if max(red_ms, default=0) < recall_ms:
            return users
        present = set(self._group_of[users["movement"]].tolist())
        rows = [
            (movement, -1, kind, 0.5, 0.0, 10.0, (red_ms[group] - recall_ms) / 1000, 5.0, 0, 0, 1.0)
            for group, (movement, kind) in self._first_of_group.items()
            if red_ms[group] >= recall_ms and group not in present
        ]
        return np.concatenate([users, np.array(rows, USER)]) if rows else users

    def _clear_s(self, heads: Heads) -> NDArray[np.float64]:
        """Return from when on each link may open, as those whose green is over still clear its way."""
        ended_s = np.array(
            [
                (since_ms - (0 if aspect is Aspect.YELLOW else group.yellow_ms) - heads.now_ms) / 1000.0
                if aspect in (Aspect.RED, Aspect.YELLOW)
                else -1000.0
                for aspect, since_ms, group in zip(
                    heads.aspects, heads.since_ms, self.junction.groups, strict=True
                )
            ]
        )
        of_group = (ended_s[:, None] + self.tables.between_s).max(axis=0)
        movements = len(self.junction.movements)
        clear = np.zeros(self.tables.colours.shape[1])
        clear[:movements] = of_group[self._group_of]
        for (first, second), link in self.tables.pair_of.items():
            clear[link] = max(clear[first], clear[second])
        return clear

    # --- planning ---------------------------------------------------------------------------------
    def _plan(self, seen: Observation, users: NDArray[np.void], heads: Heads) -> int:
        t, s, policy = self.tables, self.settings, self.settings.policy
        weights = np.array(policy.weights_at(self._week_ms + heads.now_ms))
        since_s = (np.array(heads.since_ms) - heads.now_ms) / 1000.0
        stage = self.stages.number
        _stages, links = t.colours.shape
        movements = len(self.junction.movements)
        began = np.full(links, -100.0)
        began[:movements] = since_s[t.group_of]
        for (first, second), link in t.pair_of.items():
            began[link] = max(began[first], began[second])
        columns = moments_s(heads.now_ms / 1000, horizon_s=s.horizon_s)
        count = len(users)
        v_link = np.zeros(count, np.int64)
        v_arrival, v_weight = np.zeros(count), np.zeros(count)
        v_queued = np.zeros(count, np.int64)
        lane_free = np.full(t.lanes, -10.0)
        room, rate = np.zeros(max(t.exits, 1)), np.zeros(max(t.exits, 1))
        prepare(
            users, seen.exits, t.lane_of, t.exit_of, self._pairs, t.colours[stage], began, weights,
            policy.equity, not seen.inside.any(),
            self._lane_begin, v_link, v_arrival, v_queued, v_weight, self._stuck_s, self._shut_until, room, rate,
        )  # fmt: skip
        barred = self._twins.barred(seen, users)
        caught = self._box.stands or bool(barred[stage])
        least_s = self._saturation.least_s(seen, users, self._stuck_s, now_ms=heads.now_ms, caught=caught)
        best, leaf = search.plan(
            stage, t.colours, t.opens_s, t.closes_s, t.change_s, least_s, t.after_s,
            not self.junction.interstages, began, self._clear_s(heads),
            self._lane_begin, v_link, v_arrival, v_queued, v_weight,
            t.foes, t.foe_count, t.lane_of, t.exit_of, t.headway,
            room, rate, self._shut_until, lane_free, t.feeds,
            columns, barred, s.keep, s.most_stages, policy.stop_s, s.feed_cost, s.commit_s,
            self._ptr, self._seen, self._free, self._load, self._out, self._began,
            self._cost, self._first, self._cells, self._cell_count,
            self._came_from, self._begun_s, self._stage_of, self.costs,
        )  # fmt: skip
        self._ahead, self._planned_ms = self._read_plan(leaf), heads.now_ms
        return int(best)

    def _read_plan(self, node: int) -> list[tuple[float, int]]:
        """Return the changes of the plan that ends at a node: (seconds from now, stage)."""
        changes = []
        while self._came_from[node] >= 0:
            before = self._came_from[node]
            if self._stage_of[node] != self._stage_of[before]:
                changes.append((float(self._begun_s[node]), int(self._stage_of[node])))
            node = before
        return changes[::-1]

    @property
    def stage_id(self) -> str:
        """The stage that it is in, or changes to."""
        number = self.stages.number if self.stages.target is None else self.stages.target
        return self.junction.stages[number].id

    @property
    def ahead(self) -> tuple[tuple[int, str], ...]:
        """The changes that the last plan holds: (moment in milliseconds, stage)."""
        return tuple(
            (self._planned_ms + round(1000 * at_s), self.junction.stages[stage].id)
            for at_s, stage in self._ahead
        )
