"""Webster's cycle and splits: examples by hand, the optimum of his delay formula, and counting while running."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.signals.control.webster import (
    Oversaturated,
    WebsterPlan,
    webster_cycle_s,
    webster_plan,
    webster_splits_s,
)
from tandem.signals.plant.arrivals import uniform_arrivals_s
from tests.signals.control.small import crossing, drive, two

TWO = two()
RATIOS = st.lists(st.floats(0.01, 0.3), min_size=2, max_size=3)


def seconds(plan):
    return [(step.stage, step.duration_ms / 1000) for step in plan.steps]


def delay_s(cycle_s, green_s, *, flow_per_s, saturation_per_s):
    """Webster's mean delay without his empirical correction: uniform part and random part."""
    share = green_s / cycle_s
    degree = flow_per_s / (share * saturation_per_s)
    uniform_s = cycle_s * (1 - share) ** 2 / (2 * (1 - share * degree))
    return uniform_s + degree**2 / (2 * flow_per_s * (1 - degree))


# --- the cycle ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ratios", "lost_s", "cycle_s"),
    [
        ([0.25, 0.35], 10, 50),  # (15 + 5) / 0.4
        ([0.3, 0.3, 0.2], 12, 115),  # (18 + 5) / 0.2
        ([0.0], 0, 5),
    ],
)
def test_cycle_by_hand(ratios, lost_s, cycle_s):
    assert webster_cycle_s(ratios, lost_time_s=lost_s) == pytest.approx(cycle_s)


@pytest.mark.parametrize("ratios", [[0.6, 0.4], [0.6, 0.5]])
def test_more_than_can_leave_is_refused(ratios):
    with pytest.raises(Oversaturated, match=rf"sum to {sum(ratios):.2f}") as caught:
        webster_cycle_s(ratios, lost_time_s=10)

    assert (caught.value.code, caught.value.exit_code) == ("signals.webster.oversaturated", 2)


def test_webster_s_cycle_is_close_to_the_best_of_his_delay_formula():
    # Two stages with a flow ratio of 0.25 each; Webster: between 3/4 and 3/2 of the best cycle the delay is
    # never more than 10 to 20 % above the least.
    lost_s, flow, saturation = 10.0, 0.125, 0.5

    def of_cycle(cycle_s):
        return delay_s(cycle_s, (cycle_s - lost_s) / 2, flow_per_s=flow, saturation_per_s=saturation)

    best_s = webster_cycle_s([0.25, 0.25], lost_time_s=lost_s)
    least_s = min(of_cycle(cycle_s) for cycle_s in range(22, 200))

    assert best_s == 40
    assert of_cycle(best_s) < 1.03 * least_s
    assert max(of_cycle(0.75 * best_s), of_cycle(1.5 * best_s)) < 1.2 * least_s
    assert of_cycle(0.55 * best_s) > 1.5 * least_s


# --- the splits -----------------------------------------------------------------------------------
@given(ratios=RATIOS, cycle_s=st.floats(30, 120), lost_s=st.floats(0, 25))
def test_splits_are_in_proportion_to_the_flow_ratios_and_fill_the_cycle(ratios, cycle_s, lost_s):
    greens_s = webster_splits_s(ratios, cycle_s=cycle_s, lost_time_s=lost_s)

    assert sum(greens_s) == pytest.approx(cycle_s - lost_s)
    assert [green * ratios[0] for green in greens_s] == pytest.approx([greens_s[0] * each for each in ratios])


def test_where_nobody_comes_the_splits_are_equal():
    assert webster_splits_s([0.0, 0.0], cycle_s=30, lost_time_s=10) == [10, 10]


# --- the plan -------------------------------------------------------------------------------------
def test_plan_by_hand():
    # y = 1/3 and 1/6, L = 2 x (6 + 1) = 14: C = 26 / 0.5 = 52 s, effective greens 25.3 and 12.7 s;
    # with 1 s of start-up loss and 6 s of intergreen: 26 + 6 and 14 + 6 s.
    assert seconds(webster_plan(TWO, {"k1": 600, "k2": 300})) == [("A", 32), ("B", 20)]


def test_flows_of_a_lane_add_up_and_the_critical_lane_of_a_stage_counts():
    shared = webster_plan(crossing(), {"k1": 300, "k1-right": 300, "k2": 300, "r2": 100, "l1": 100})
    alone = webster_plan(crossing(), {"k1": 600, "k2": 300, "l1": 100})

    assert shared == alone


def test_people_on_foot_ask_for_no_more_than_their_minimum_green():
    assert webster_plan(crossing(), {"k1": 300, "f1": 2_000}) == webster_plan(crossing(), {"k1": 300})


@pytest.mark.parametrize(
    ("flows", "cycle_s"),
    [({}, 30), ({"k1": 20}, 30), ({"k1": 860, "k2": 860}, 120), ({"k1": 1_500, "k2": 900}, 120)],
)
def test_the_cycle_stays_between_30_and_120_s(flows, cycle_s):
    assert webster_plan(TWO, flows).cycle_ms == pytest.approx(1000 * cycle_s, abs=1_000)


@given(flows=st.fixed_dictionaries({name: st.floats(0, 2_000) for name in ("k1", "k2", "l1", "r2")}))
def test_every_stage_of_any_plan_lasts_for_its_change_and_its_minimum_green(flows):
    plan = webster_plan(crossing(), flows)

    assert [step.stage for step in plan.steps] == ["A", "B", "C"]
    assert all(step.duration_ms >= 6_000 + 5_000 for step in plan.steps)


# --- while running --------------------------------------------------------------------------------
def test_it_counts_for_a_quarter_of_an_hour_and_then_shows_its_own_plan():
    demand = {"k1": 600, "k2": 300}
    arrivals_s = {name: uniform_arrivals_s(flow, duration_s=1_500) for name, flow in demand.items()}
    controller = WebsterPlan(TWO)

    run = drive(controller, TWO, arrivals_s, duration_s=1_500, startup_lost_s=1.0)

    shipped = [(0, 30), *((60 * cycle + 6, 60 * cycle + 30) for cycle in range(1, 15))]
    assert [green for green in run.greens_s("K1") if green[1] <= 900] == shipped
    (_a, a_s), (_b, b_s) = seconds(controller.plan)
    assert (a_s, b_s) == pytest.approx((32, 20), abs=1)
    lasting_s = [until - begin for begin, until in run.greens_s("K1") if begin > 960 and until < 1_500]
    assert len(lasting_s) >= 9
    assert set(lasting_s) == {a_s - 6}


def test_who_comes_to_a_red_is_counted_once():
    # Five in each of 14 cycles in both streets: K1's all come to a red, K2's all to a green.
    cycles = range(14)
    arrivals_s = {
        "k1": [60 * cycle + 40.5 + 2 * number for cycle in cycles for number in range(5)],
        "k2": [60 * cycle + 38.5 + 4 * number for cycle in cycles for number in range(5)],
    }
    controller = WebsterPlan(TWO)

    drive(controller, TWO, arrivals_s, duration_s=901, startup_lost_s=1.0)

    first, second = seconds(controller.plan)
    assert first[1] == second[1]


def test_it_counts_anew_in_every_quarter():
    # At first K1 has all the traffic, then K2.
    arrivals_s = {
        "k1": uniform_arrivals_s(900, duration_s=900),
        "k2": 900 + uniform_arrivals_s(900, duration_s=900),
    }
    early, late = WebsterPlan(TWO), WebsterPlan(TWO)

    drive(early, TWO, arrivals_s, duration_s=1_000, startup_lost_s=1.0)
    drive(late, TWO, arrivals_s, duration_s=1_900, startup_lost_s=1.0)

    assert early.plan.steps[0].duration_ms > early.plan.steps[1].duration_ms
    assert late.plan.steps[0].duration_ms < late.plan.steps[1].duration_ms
