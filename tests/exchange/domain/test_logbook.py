"""The logbook: stages with their gaps, and which decisions hold."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.logbook import (
    STAGES,
    Decided,
    Reached,
    Stage,
    Verdict,
    is_taken_over,
    standing_decisions,
    standings,
)


def test_gaps_before_the_furthest_stage_are_told_apart_from_what_is_not_yet():
    assert standings([Stage.LOOK, Stage.LOOK]) == {
        Stage.NEED: Reached.SKIPPED,
        Stage.IDEA: Reached.SKIPPED,
        Stage.LOOK: Reached.WRITTEN,
        Stage.ADAPT: Reached.NOT_YET,
        Stage.TRY: Reached.NOT_YET,
        Stage.USE: Reached.NOT_YET,
        Stage.EFFECT: Reached.NOT_YET,
    }


@given(st.lists(st.sampled_from(STAGES)))
def test_every_stage_is_told_of_once_in_order_and_nothing_written_is_called_missing(stages):
    found = standings(stages)
    assert tuple(found) == STAGES
    assert {stage for stage, reached in found.items() if reached is Reached.WRITTEN} == set(stages)
    not_yet = [each is Reached.NOT_YET for each in found.values()]
    assert not_yet == sorted(not_yet)


def test_looking_at_something_is_not_taking_it_over():
    assert [stage for stage in STAGES if is_taken_over([stage])] == [Stage.USE, Stage.EFFECT]


def test_the_newest_decision_of_each_city_about_each_measure_holds():
    decisions = [
        Decided(1, "m1", "hamm", Verdict.WATCH, date(2023, 1, 1)),
        Decided(2, "m1", "arezzo", Verdict.DROP, date(2023, 1, 1)),
        Decided(3, "m1", "hamm", Verdict.TRY, date(2023, 6, 1)),
        Decided(4, "m2", "hamm", Verdict.DROP, date(2022, 6, 1)),
        Decided(5, "m2", "hamm", Verdict.WATCH, date(2022, 6, 1)),
    ]
    assert [each.number for each in standing_decisions(decisions)] == [3, 2, 5]
