"""Switching times with closed-form answers."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.signals.domain.interstage import Switch, interstage, needed_maximum_red_ms, switching_times
from tandem.signals.domain.junction import Interstage, Junction, SignalGroup, Stage
from tests.signals.junctions import four_arms, simple

SIMPLE, FOUR_ARMS = simple(), four_arms()
SECONDS = st.integers(0, 20).map(lambda seconds: 1_000 * seconds)


def with_change(**times: dict[str, int]) -> Junction:
    return replace(SIMPLE, interstages=(Interstage("A", "B", **times), Interstage("B", "A")))


def test_one_group_ends_at_once_and_the_other_begins_after_the_intergreen():
    assert interstage(SIMPLE, "A", "B") == (Switch("K1", 0, None), Switch("K2", None, 5_000))
    assert switching_times(SIMPLE, "A", "B").duration_ms == 5_000


def test_no_green_begins_before_yellow_is_over():
    """An intergreen of 2 s is shorter than the yellow of 3 s."""
    junction = replace(SIMPLE, intergreens_ms={("K1", "K2"): 2_000, ("K2", "K1"): 5_000})

    assert switching_times(junction, "A", "B").starts_ms == {"K2": 3_000}


def test_red_yellow_lies_within_the_intergreen():
    groups = (SIMPLE.groups[0], SignalGroup("K2", red_yellow_ms=1_000))

    assert switching_times(replace(SIMPLE, groups=groups), "A", "B").starts_ms == {"K2": 5_000}


def test_red_yellow_counts_where_nothing_has_to_clear():
    junction = replace(
        SIMPLE,
        groups=(SignalGroup("K1", red_yellow_ms=1_000), SIMPLE.groups[1]),
        stages=(Stage("A", frozenset({"K1"})), Stage("red", frozenset())),
    )

    assert interstage(junction, "red", "A") == (Switch("K1", None, 1_000),)
    assert interstage(junction, "A", "red") == (Switch("K1", 0, None),)


def test_a_listed_end_lengthens_one_green_and_delays_the_other():
    times = switching_times(with_change(ends_ms={"K1": 4_000}), "A", "B")

    assert (times.ends_ms, times.starts_ms, times.duration_ms) == ({"K1": 4_000}, {"K2": 9_000}, 9_000)


def test_a_listed_beginning_delays_a_green_but_never_hastens_it():
    assert switching_times(with_change(starts_ms={"K2": 8_000}), "A", "B").starts_ms == {"K2": 8_000}
    assert switching_times(with_change(starts_ms={"K2": 1_000}), "A", "B").starts_ms == {"K2": 5_000}


def test_who_clears_fast_goes_on_while_others_clear():
    """From A to B: F1 takes 12 s to clear for R2, 9 s for K2; K1 7 s for K2; R1 9 s for F2."""
    assert interstage(FOUR_ARMS, "A", "B") == (
        Switch("K1", 2_000, None),
        Switch("K2", None, 9_000),
        Switch("R1", 0, None),
        Switch("R2", None, 12_000),
        Switch("F1", 0, None),
        Switch("F2", None, 9_000),
    )


def test_a_green_goes_on_for_whole_seconds():
    """K2 begins after 9 s; K1 could go on for 2.5 s of them."""
    junction = replace(FOUR_ARMS, intergreens_ms={**FOUR_ARMS.intergreens_ms, ("K1", "K2"): 6_500})

    assert switching_times(junction, "A", "B").ends_ms["K1"] == 2_000


def test_a_group_that_stays_green_does_not_switch():
    groups = {switch.group for switch in interstage(FOUR_ARMS, "A", "walk")}

    assert groups == {"K1", "R1", "F2"}


def test_nothing_switches_within_a_stage():
    assert interstage(FOUR_ARMS, "A", "A") == ()
    assert switching_times(FOUR_ARMS, "A", "A").duration_ms == 0


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["K1", "R1", "F1"]), SECONDS),
    st.dictionaries(st.sampled_from(["K2", "R2", "F2"]), SECONDS),
    st.lists(SECONDS, min_size=len(FOUR_ARMS.intergreens_ms), max_size=len(FOUR_ARMS.intergreens_ms)),
)
def test_no_change_breaks_an_intergreen_whatever_is_listed(
    ends_ms: dict[str, int], starts_ms: dict[str, int], intergreens: list[int]
):
    junction = replace(
        FOUR_ARMS,
        intergreens_ms=dict(zip(FOUR_ARMS.intergreens_ms, intergreens, strict=True)),
        interstages=(Interstage("A", "B", ends_ms, starts_ms), Interstage("B", "A")),
    )
    for first, second in permutations(["A", "B"]):
        times = switching_times(junction, first, second)
        for (clearing, entering), between_ms in junction.intergreens_ms.items():
            if clearing in times.ends_ms and entering in times.starts_ms:
                assert times.starts_ms[entering] - times.ends_ms[clearing] >= between_ms


def test_without_any_maximum_red_only_changes_under_way_count():
    """Two changes of 5 s minimum green and 5 s intergreen."""
    assert needed_maximum_red_ms(SIMPLE) == 20_000
