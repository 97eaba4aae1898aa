"""The plan as shipped, second by second."""

from dataclasses import replace

import pytest

from tandem.signals.control.fixed import FixedPlan
from tandem.signals.domain.junction import Interstage
from tandem.signals.plant.arrivals import uniform_arrivals_s
from tests.signals.control.small import between, crossing, drive, plan, showing, two

TWO = two()


def test_greens_begin_and_end_as_the_plan_says():
    run = drive(FixedPlan(TWO), TWO, {}, duration_s=150)

    # A's step lasts from 0 to 30 and B's to 60; a green begins when 6 s of intergreen have passed.
    assert run.greens_s("K1") == [(0, 30), (66, 90), (126, 150)]
    assert run.greens_s("K2") == [(36, 60), (96, 120)]


def test_the_offset_says_where_in_the_cycle_time_0_is():
    shifted = plan(("A", 30), ("B", 30), offset_s=50)

    run = drive(FixedPlan(TWO, shifted), TWO, {}, duration_s=80)

    assert run.greens_s("K2") == [(0, 10), (46, 70)]
    assert run.greens_s("K1") == [(16, 40), (76, 80)]


def test_mean_delay_under_a_plan_is_that_of_a_d_d_1_queue():
    # C = 60 s, r = 36 s, q = 1/6 and s = 1/2 per second: r^2 / (2 C (1 - q/s)) = 16.2 s.
    arrivals_s = [moment for moment in uniform_arrivals_s(600, duration_s=630) if moment >= 30]

    run = drive(FixedPlan(TWO), TWO, {"k1": arrivals_s}, duration_s=631, startup_lost_s=1.0)

    delays_s = [trip.delay_s for trip in run.plant.close().trips]
    assert len(delays_s) == 100
    assert sum(delays_s) / 100 == pytest.approx(36**2 / (2 * 60 * (1 - 1 / 3)))


def test_the_gate_follows_the_plan_without_another_change():
    junction = crossing()

    run = drive(FixedPlan(junction), junction, {}, duration_s=600)

    cycles = 600 // 60
    assert {group.id: len(run.greens_s(group.id)) for group in junction.groups} == dict.fromkeys(
        ["K1", "K2", "L1", "R2", "F1"], cycles
    )


def test_cars_go_on_while_people_on_foot_clear_their_crossing():
    # F1 needs 11 s before stage B, K1 only 6 s: K1 ends 5 s after F1, and K2 begins as early as without K1.
    junction = replace(
        crossing(),
        intergreens_ms=crossing().intergreens_ms | dict.fromkeys([("F1", "K2"), ("F1", "R2")], 11_000),
    )

    run = drive(FixedPlan(junction), junction, {}, duration_s=60)

    assert run.greens_s("F1")[0] == (0, 25)
    assert run.greens_s("K1")[0] == (0, 30)
    assert run.greens_s("K2")[0] == (36, 45)
    assert run.greens_s("R2")[0] == (36, 45)


def test_when_a_run_begins_nothing_that_was_not_green_has_to_end():
    slow = dict.fromkeys([("F1", "K2"), ("F1", "R2")], 11_000)
    junction = replace(crossing(), intergreens_ms=crossing().intergreens_ms | slow)

    run = drive(FixedPlan(junction, plan(("B", 30), ("A", 30))), junction, {}, duration_s=90)

    assert run.greens_s("K2") == [(0, 30), (71, 90)]
    assert run.greens_s("K1") == [(36, 65)]


def test_an_interstage_delays_ends_and_beginnings():
    listed = (Interstage("A", "B", ends_ms={"K1": 4_000}, starts_ms={"K2": 13_000}), Interstage("B", "A"))
    junction = replace(TWO, interstages=listed)

    run = drive(FixedPlan(junction), junction, {}, duration_s=90)

    assert run.greens_s("K1")[0] == (0, 34)
    assert run.greens_s("K2")[0] == (43, 60)


def test_a_stage_may_follow_itself():
    run = drive(FixedPlan(TWO, plan(("A", 20), ("A", 20), ("B", 20))), TWO, {}, duration_s=60)

    assert run.greens_s("K1") == [(0, 40)]


def test_the_request_says_why():
    request = FixedPlan(TWO).decide(None, showing(TWO, "A", now_s=45))

    assert request.green == {"K2"}
    assert request.made_at_ms == 45_000
    assert request.reason == "plan day: stage B"


def test_intergreens_of_both_directions_count():
    uneven = replace(TWO, intergreens_ms=between(("K1", "K2")) | {("K2", "K1"): 9_000})

    run = drive(FixedPlan(uneven), uneven, {}, duration_s=90)

    assert run.greens_s("K1") == [(0, 30), (69, 90)]
