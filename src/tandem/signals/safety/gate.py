"""The gate: whatever a controller wants, only what is safe passes.

It keeps intergreens, minimum greens, conflicts and maximum reds of one junction, second by second. When
the controller is late, wrong or dead, the junction's fixed plan takes over from where the signals stand, and
hands back after a few good requests in a row. The gate is small on purpose: it can be read in full.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.control.request import Request
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.interstage import LEAST_RED_MS
from tandem.signals.domain.junction import Junction, Plan, Stage
from tandem.signals.safety.command import SignalCommand, Source

LONGEST_SILENCE_MS = 2_000
GOOD_REQUESTS_TO_HAND_BACK = 3
RED, RED_YELLOW, GREEN, YELLOW = Aspect


class UnsafeJunction(InvalidInput):
    """The gate cannot keep what the junction promises."""

    code = "signals.unsafe-junction"

    def __init__(self, junction: str, problem: str) -> None:
        super().__init__(
            say("The gate cannot guard {junction}: {problem}.", junction=junction, problem=problem)
        )


@dataclass(slots=True)
class _Head:
    """One group's heads: what they show, and since when.

    Attributes:
        others: For each conflicting group: its number, and the intergreen from its end to our beginning.
        protected: Whether it is green and has its way for itself.
        protected_end_ms: When it last had.
    """

    id: str
    minimum_green_ms: int
    maximum_red_ms: int
    yellow_ms: int
    red_yellow_ms: int
    others: tuple[tuple[int, int], ...]
    since_ms: int
    green_end_ms: int
    protected_end_ms: int
    aspect: Aspect = RED
    protected: bool = False


@dataclass(frozen=True, slots=True)
class _Wish:
    green: frozenset[str]
    permissive: frozenset[str]
    source: Source


class Gate:
    """Makes the commands for one junction.

    Args:
        junction: What is guarded.
        now_ms: The moment from which the gate counts; all groups are red then.
        plan: What runs without a controller; the junction's first plan by default.

    Raises:
        UnsafeJunction: A stage holds conflicting groups, the plan cannot run, or a maximum red cannot be kept.
    """

    def __init__(self, junction: Junction, *, now_ms: int = 0, plan: Plan | None = None) -> None:
        self.junction = junction
        self.now_ms = now_ms
        self.plan = plan or junction.default_plan
        self._numbers = {group.id: number for number, group in enumerate(junction.groups)}
        self._heads = [self._head(number) for number in range(len(junction.groups))]
        self._refuse_conflicting_stages()
        self._refuse_plan()
        self._longest_change_ms = self._longest_change()
        self._recalls = self._recall_stages()
        self._good = GOOD_REQUESTS_TO_HAND_BACK
        self._plan_from_ms: int | None = None

    # --- what is shown ----------------------------------------------------------------------------
    def heads(self) -> Heads:
        """Return what each group shows, and since when."""
        return Heads(
            self.now_ms,
            tuple(head.aspect for head in self._heads),
            tuple(head.since_ms for head in self._heads),
        )

    # --- one step ---------------------------------------------------------------------------------
    def step(self, now_ms: int, request: Request | None) -> SignalCommand:
        """Return the command for this moment.

        Args:
            now_ms: Not before the last step; a clock that goes back changes nothing.
            request: What the controller wants; None where it said nothing.
        """
        asked, faults = self._read(now_ms, request)
        if now_ms < self.now_ms:
            return self._command(self.now_ms, Source.PLAN, ("clock-went-back", *faults))
        self.now_ms = now_ms
        wish = self._recall_in_time(self._wish(asked))
        held = self._held()
        for number, head in enumerate(self._heads):
            if head.protected:
                head.protected_end_ms = now_ms
            self._close(head, wanted=head.id in wish.green or number in held)
        for number, head in enumerate(self._heads):
            self._open(number, head, wish)
        for number, head in enumerate(self._heads):
            head.protected = self._has_its_way(number, head, wish)
        return self._command(now_ms, wish.source, faults)

    def _command(self, at_ms: int, source: Source, faults: tuple[str, ...]) -> SignalCommand:
        protected = tuple(head.protected for head in self._heads)
        aspects = tuple(head.aspect for head in self._heads)
        return SignalCommand(at_ms, aspects, protected, source, faults)

    def _held(self) -> set[int]:
        """Return the groups that must not end now, as one that begins beside them gives way to them."""
        return {
            other
            for number, head in enumerate(self._heads)
            if head.aspect is RED_YELLOW
            for other, _between in head.others
            if self._gives_way(number, other)
        }

    def _close(self, head: _Head, *, wanted: bool) -> None:
        shown_ms = self.now_ms - head.since_ms
        if head.aspect is RED_YELLOW and shown_ms >= head.red_yellow_ms:
            head.aspect, head.since_ms = GREEN, self.now_ms
        elif head.aspect is GREEN and not wanted and shown_ms >= head.minimum_green_ms:
            head.green_end_ms = self.now_ms
            head.aspect, head.since_ms = (YELLOW if head.yellow_ms else RED), self.now_ms
        elif head.aspect is YELLOW and shown_ms >= head.yellow_ms:
            head.aspect, head.since_ms = RED, self.now_ms

    def _open(self, number: int, head: _Head, wish: _Wish) -> None:
        if head.aspect is not RED or head.id not in wish.green or self.now_ms - head.since_ms < LEAST_RED_MS:
            return
        green_at_ms = self.now_ms + head.red_yellow_ms
        if all(
            self._is_clear(number, other, between_ms, green_at_ms, wish) for other, between_ms in head.others
        ):
            head.aspect, head.since_ms = (RED_YELLOW if head.red_yellow_ms else GREEN), self.now_ms

    def _is_clear(
        self, number: int, other_number: int, between_ms: int, green_at_ms: int, wish: _Wish
    ) -> bool:
        """Return whether a group that is wanted may open as far as one conflicting group is concerned."""
        other = self._heads[other_number]
        is_cleared = green_at_ms - other.green_end_ms >= between_ms
        if other.aspect is RED:
            return is_cleared
        if other.aspect is YELLOW or other.id not in wish.green:
            return False
        # no wish holds two groups that conflict unless one of them gives way to the other
        if self._gives_way(number, other_number) and self._heads[number].id in wish.permissive:
            return is_cleared or other.aspect is GREEN
        return green_at_ms - other.protected_end_ms >= between_ms

    def _has_its_way(self, number: int, head: _Head, wish: _Wish) -> bool:
        """Return whether a group is green and need not give way to anybody."""
        if head.aspect is not GREEN or head.id in wish.permissive:
            return False
        return all(
            self._heads[other].aspect is RED and self.now_ms - self._heads[other].green_end_ms >= between_ms
            for other, between_ms in head.others
            if self._gives_way(number, other)
        )

    def _gives_way(self, number: int, other: int) -> bool:
        return (self._heads[number].id, self._heads[other].id) in self.junction.partial_conflicts

    # --- whose wish counts ------------------------------------------------------------------------
    def _read(self, now_ms: int, request: Request | None) -> tuple[_Wish | None, tuple[str, ...]]:
        """Return what a request wants if it is good, and what is wrong with it if it is not."""
        if request is None:
            return None, ("no-request",)
        try:
            age_ms = now_ms - int(request.made_at_ms)
            asked = _Wish(frozenset(request.green), frozenset(request.permissive), Source.CONTROLLER)
        except Exception:  # whatever it is, it is no request
            return None, ("malformed",)
        faults = [] if 0 <= age_ms <= LONGEST_SILENCE_MS else ["late"]
        if not asked.green | asked.permissive <= self._numbers.keys():
            faults.append("unknown-group")
        elif not self._is_safe(asked.green, asked.permissive):
            faults.append("conflict")
        return None if faults else asked, tuple(faults)

    def _is_safe(self, green: frozenset[str], permissive: frozenset[str]) -> bool:
        """Return whether the groups may be green together, each pair with one that gives way where it must."""
        guarded = {frozenset(pair) for pair in self.junction.partial_conflicts if pair[0] in permissive}
        return all(
            frozenset(pair) in guarded for pair in combinations(green, 2) if self.junction.conflict(*pair)
        )

    def _wish(self, asked: _Wish | None) -> _Wish:
        """Return the controller's wish, or the plan's until the controller has asked well for long enough."""
        if asked is None:
            self._good = 0
        else:
            self._good += 1
            if self._good >= GOOD_REQUESTS_TO_HAND_BACK:
                self._plan_from_ms = None
                return asked
        stage = self.junction.stage_by_id[self.plan.steps[self._plan_step()].stage]
        return _Wish(stage.green, stage.permissive, Source.PLAN)

    def _plan_step(self) -> int:
        """Return the plan's step; when it takes over, it goes on from the step nearest to what is green."""
        if self._plan_from_ms is None:
            green = {head.id for head in self._heads if head.aspect in (GREEN, RED_YELLOW)}
            stages = [self.junction.stage_by_id[step.stage].green for step in self.plan.steps]
            nearest = min(range(len(stages)), key=lambda number: len(stages[number] ^ green))
            before_ms = sum(step.duration_ms for step in self.plan.steps[:nearest])
            self._plan_from_ms = self.now_ms - before_ms
        return self.plan.at(self.now_ms - self._plan_from_ms - self.plan.offset_ms)[0]

    # --- maximum red ------------------------------------------------------------------------------
    def _recall_in_time(self, wish: _Wish) -> _Wish:
        """Return the wish, or the stage that must be served now so that no red becomes too long.

        Those that wait are served in the order of their deadlines, each within the longest change; one more change
        may be under way.
        """
        waiting = sorted(
            (deadline, number)
            for number, (_stage, groups) in enumerate(self._recalls)
            if (deadline := self._deadline_ms(groups)) is not None
        )
        for changes, (deadline, _number) in enumerate(waiting, start=2):
            if self.now_ms + changes * self._longest_change_ms >= deadline:
                stage, _groups = self._recalls[waiting[0][1]]
                return _Wish(stage.green, stage.permissive, Source.RECALL)
        return wish

    def _deadline_ms(self, groups: Iterable[int]) -> int | None:
        """Return when the first of the groups must be green; None where all are."""
        heads = [self._heads[number] for number in groups]
        waiting = [head for head in heads if head.aspect not in (GREEN, RED_YELLOW)]
        return min((head.green_end_ms + head.maximum_red_ms for head in waiting), default=None)

    def _recall_stages(self) -> list[tuple[Stage, tuple[int, ...]]]:
        """Return stages that together serve every group with a maximum red, few of them.

        Raises:
            UnsafeJunction: A maximum red is shorter than serving all of them takes at worst.
        """
        left = {head.id for head in self._heads if head.maximum_red_ms}
        found: list[tuple[Stage, tuple[int, ...]]] = []
        while left:
            best = max(self.junction.stages, key=lambda stage: len(stage.green & left))
            served = best.green & left
            if not served:
                raise UnsafeJunction(
                    self.junction.id,
                    f"no stage serves {', '.join(group for group in self._numbers if group in left)}",
                )
            found.append((best, tuple(self._numbers[group] for group in served)))
            left -= served
        need_ms = (len(found) + 2) * self._longest_change_ms
        for head in self._heads:
            if head.maximum_red_ms and head.maximum_red_ms < need_ms:
                raise UnsafeJunction(
                    self.junction.id,
                    f"the maximum red of {head.id} is {head.maximum_red_ms} ms, and serving all stages can take "
                    f"{need_ms} ms",
                )
        return found

    def _longest_change(self) -> int:
        """Return the longest that a stage can take until all of it is green, whatever is shown before."""
        longest_held_ms = max(head.red_yellow_ms for head in self._heads)
        again_ms = [head.yellow_ms + LEAST_RED_MS + head.red_yellow_ms for head in self._heads]
        after_others_ms = [
            longest_held_ms
            + self._heads[other].red_yellow_ms
            + self._heads[other].minimum_green_ms
            + max(between_ms, self._heads[other].yellow_ms)
            + head.red_yellow_ms
            for head in self._heads
            for other, between_ms in head.others
        ]
        return max(again_ms + after_others_ms)

    # --- making the gate --------------------------------------------------------------------------
    def _head(self, number: int) -> _Head:
        group = self.junction.groups[number]
        others = tuple(
            (
                other,
                self.junction.intergreens_ms.get((clearing.id, group.id), 0),
            )
            for other, clearing in enumerate(self.junction.groups)
            if self.junction.conflict(clearing.id, group.id)
        )
        return _Head(
            group.id,
            group.minimum_green_ms,
            group.maximum_red_ms,
            group.yellow_ms,
            group.red_yellow_ms,
            others,
            since_ms=self.now_ms,
            green_end_ms=self.now_ms,
            protected_end_ms=self.now_ms,
        )

    def _refuse_conflicting_stages(self) -> None:
        for stage in self.junction.stages:
            if not self._is_safe(stage.green, stage.permissive):
                raise UnsafeJunction(self.junction.id, f"conflicting groups are green in stage {stage.id}")

    def _refuse_plan(self) -> None:
        for step in self.plan.steps:
            if step.stage not in self.junction.stage_by_id:
                raise UnsafeJunction(self.junction.id, f"its plan {self.plan.id} names no stage {step.stage}")
        if self.plan.cycle_ms <= 0:
            raise UnsafeJunction(self.junction.id, f"its plan {self.plan.id} lasts no time")
