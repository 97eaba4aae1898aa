"""How stages are changed: minimum greens, ways by other stages, delays, and through the real gate."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.signals.control.changing import Stages
from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.junction import Interstage, SignalGroup, Stage
from tandem.signals.safety.gate import Gate
from tests.signals.control.small import BETWEEN_MS, between, crossing, drive, showing, two

TWO = two()
CROSSING = crossing()


class Sequence:
    """Goes to the next stage of a list whenever it may leave one; stays with the last one."""

    def __init__(self, junction, *targets):
        self.stages = Stages(junction)
        self.targets = list(targets)
        self.been = []

    def decide(self, seen, heads):
        self.stages.follow(heads)
        if self.stages.settled(heads) and self.been[-1:] != [self.stages.number]:
            self.been.append(self.stages.number)
        if self.targets and self.stages.number == self.targets[0]:
            self.targets.pop(0)
        if self.targets and self.stages.may_leave(heads):
            self.stages.go(self.targets[0], heads.now_ms)
        return self.stages.request(heads.now_ms, "test")


def following(junction, stage, **heads):
    stages = Stages(junction)
    stages.follow(showing(junction, stage, **heads))
    return stages


# --- which stage it is ----------------------------------------------------------------------------
def test_the_stage_is_the_one_that_is_shown():
    assert [following(CROSSING, stage).number for stage in "ABC"] == [0, 1, 2]


def test_where_somebody_else_switched_the_nearest_stage_is_taken_up():
    stages = following(CROSSING, "A")
    stages.go(1, 0)

    stages.follow(showing(CROSSING, "C"))

    assert (stages.number, stages.target) == (2, None)


def test_a_group_that_the_gate_holds_for_its_minimum_is_nobody_elses_switch():
    stages = following(CROSSING, "A")
    less = replace(CROSSING, stages=(*CROSSING.stages, Stage("A-", frozenset({"K1"}))))
    stages.junction = less
    stages.go(3, 0)
    heads = showing(less, "A")  # F1 is still green

    stages.follow(heads)

    assert (stages.number, stages.target) == (3, None)
    stages.follow(heads)
    assert (stages.number, stages.target) == (3, None)


def test_a_change_is_over_when_all_groups_of_the_new_stage_are_green():
    stages = following(CROSSING, "A")
    stages.go(1, 0)
    heads = showing(CROSSING, "B")
    half = replace(
        heads, aspects=tuple(Aspect.GREEN if group.id == "K2" else Aspect.RED for group in CROSSING.groups)
    )

    stages.follow(half)
    assert (stages.number, stages.target) == (0, 1)
    stages.follow(heads)
    assert (stages.number, stages.target) == (1, None)


def test_red_and_yellow_counts_as_opening():
    stages = Stages(TWO)

    stages.follow(Heads(0, (Aspect.RED, Aspect.RED_YELLOW), (0, 0)))

    assert stages.number == 1


# --- when a stage may be left ---------------------------------------------------------------------
def test_a_stage_may_be_left_after_every_minimum_green():
    groups = (
        SignalGroup("K1", minimum_green_ms=5_000),
        *CROSSING.groups[1:4],
        SignalGroup("F1", minimum_green_ms=8_000),
    )
    junction = replace(CROSSING, groups=groups)

    def may_leave(green_s):
        heads = showing(junction, "A", now_s=100, since_s=100 - green_s)
        stages = Stages(junction)
        stages.follow(heads)
        return stages.may_leave(heads)

    assert not may_leave(7.9)
    assert may_leave(8)


def test_a_stage_that_is_not_fully_green_may_not_be_left():
    stages = following(CROSSING, "A")
    heads = showing(CROSSING, "A")
    half = replace(heads, aspects=(Aspect.GREEN, *heads.aspects[1:4], Aspect.RED))

    assert stages.may_leave(heads)
    assert not stages.may_leave(half)


def test_a_stage_may_not_be_left_during_a_change():
    stages = following(CROSSING, "A")
    stages.go(1, 0)

    assert not stages.may_leave(showing(CROSSING, "A"))


# --- what is asked for ----------------------------------------------------------------------------
def test_a_stage_that_stays_asks_for_its_groups():
    request = following(CROSSING, "A").request(7_000, "because")

    assert (request.green, request.permissive, request.made_at_ms, request.reason) == (
        {"K1", "F1"},
        frozenset(),
        7_000,
        "because",
    )


def test_groups_that_give_way_are_said():
    turning = (Stage("A", frozenset({"K1", "K2"}), frozenset({"K2"})), Stage("B", frozenset({"K2"})))
    junction = replace(TWO, stages=turning)
    stages = following(junction, "A")

    assert stages.request(0, "").permissive == {"K2"}
    stages.go(1, 0)
    assert (stages.request(0, "").green, stages.request(0, "").permissive) == ({"K2"}, frozenset())


def test_held_groups_are_not_asked_for():
    stages = following(CROSSING, "A")
    stages.go(1, 0)

    assert stages.request(0, "").green == {"K2", "R2"}
    assert stages.request(0, "", held={"K2"}).green == {"R2"}


def test_only_listed_changes_are_made_and_others_go_by_way_of_them():
    ring = tuple(Interstage(first, second) for first, second in ("AB", "BC", "CA"))
    junction = replace(CROSSING, interstages=ring)
    sequence = Sequence(junction, 0, 2, 1)

    drive(sequence, junction, {}, duration_s=120)

    # The first stage is the smallest one. C lies behind B, and B behind A.
    assert sequence.been == [2, 0, 1, 2, 0, 1]


def test_a_stage_without_a_way_to_it_is_not_gone_to():
    junction = replace(CROSSING, interstages=(Interstage("A", "B"), Interstage("B", "A")))
    stages = following(junction, "A")

    stages.go(2, 0)

    assert stages.target is None
    assert stages.request(0, "").green == {"K1", "F1"}


def test_going_to_the_stage_that_is_there_changes_nothing():
    stages = following(CROSSING, "A")

    stages.go(0, 0)

    assert stages.target is None


def test_a_change_lasts_as_long_as_its_intergreens():
    run = drive(Sequence(TWO, 0, 1), TWO, {}, duration_s=40)

    assert run.greens_s("K1") == [(0, 5)]
    assert run.greens_s("K2") == [(11, 40)]


def test_a_group_with_a_shorter_way_to_clear_ends_later():
    # F1 needs 11 s before stage B, K1 only 6 s. Asked for together with K2, K1 would make the gate refuse both.
    junction = replace(
        CROSSING, intergreens_ms=CROSSING.intergreens_ms | dict.fromkeys([("F1", "K2"), ("F1", "R2")], 11_000)
    )

    run = drive(Sequence(junction, 0, 1), junction, {}, duration_s=60)

    change_s = run.greens_s("F1")[0][1]
    assert run.greens_s("K1")[0][1] == change_s + 5
    assert run.greens_s("K2")[0][0] == run.greens_s("R2")[0][0] == change_s + 11


def test_an_interstage_delays_ends_and_beginnings():
    listed = (Interstage("A", "B", ends_ms={"K1": 3_000}, starts_ms={"K2": 12_000}), Interstage("B", "A"))
    junction = replace(TWO, interstages=listed)

    run = drive(Sequence(junction, 0, 1, 0), junction, {}, duration_s=40)

    assert run.greens_s("K1") == [(0, 8), (28, 40)]  # it changes at 5; K2 may be left at 17 + 5
    assert run.greens_s("K2") == [(17, 22)]


def test_an_interstage_cannot_shorten_an_intergreen():
    listed = (Interstage("A", "B", ends_ms={"K1": 3_000}, starts_ms={"K2": 4_000}), Interstage("B", "A"))
    junction = replace(TWO, interstages=listed)

    run = drive(Sequence(junction, 0, 1), junction, {}, duration_s=40)

    assert run.greens_s("K1") == [(0, 8)]
    assert run.greens_s("K2") == [(14, 40)]


# --- any change of any junction -------------------------------------------------------------------
@given(
    targets=st.lists(st.integers(0, 2), min_size=1, max_size=6),
    more_ms=st.dictionaries(
        st.sampled_from(sorted(between(("K1", "K2"), ("F1", "K2"), ("R2", "F1"), ("L1", "K1")))),
        st.integers(1, 9),
    ),
    least_s=st.integers(1, 9),
    red_yellow_ms=st.sampled_from([0, 1_000]),
)
@settings(deadline=None, max_examples=50)
def test_any_stages_are_reached_and_nothing_asked_for_is_refused(targets, more_ms, least_s, red_yellow_ms):
    groups = tuple(
        replace(group, minimum_green_ms=1_000 * least_s, red_yellow_ms=red_yellow_ms)
        for group in CROSSING.groups
    )
    longer = {pair: BETWEEN_MS + 1_000 * seconds for pair, seconds in more_ms.items()}
    junction = replace(CROSSING, groups=groups, intergreens_ms=CROSSING.intergreens_ms | longer)
    sequence = Sequence(junction, *targets)

    drive(sequence, junction, {}, duration_s=30 * (len(targets) + 2))

    assert sequence.targets == []


def test_a_change_goes_on_after_the_plan_has_taken_over():
    stages, gate = Stages(TWO), Gate(TWO, now_ms=-BETWEEN_MS)
    for second in range(60):
        heads = replace(gate.heads(), now_ms=1_000 * second)
        stages.follow(heads)
        if second == 20:
            stages.go(1, heads.now_ms)
        request = None if 21 <= second < 25 else stages.request(heads.now_ms, "")
        gate.step(heads.now_ms, request)

    assert gate.heads().aspects == (Aspect.RED, Aspect.GREEN)
    assert (stages.number, stages.target) == (1, None)
