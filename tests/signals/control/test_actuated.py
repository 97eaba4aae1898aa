"""Actuated control: gaps, longest greens, minimum greens, and stages without demand; second by second."""

import pytest

from tandem.signals.control.actuated import Actuated, ActuatedSettings
from tests.signals.control.small import crossing, drive, seeing, showing, standing, two

TWO = two()
CROSSING = crossing()


def chosen(junction, stage, *users, since_s=90, settings=None, **place):
    controller = Actuated(junction, settings)
    heads = showing(junction, stage, since_s=since_s)
    controller.stages.follow(heads)
    number, reason = controller.choose(seeing(junction, *users), heads)
    return junction.stages[number].id, reason


# --- gap-out and max-out --------------------------------------------------------------------------
def test_green_ends_in_the_second_after_the_last_one_has_passed():
    # K1's cars come every 2 s until 14.5 s; K2's waits from 1 s on. K2 begins after 6 s of intergreen.
    arrivals_s = {"k1": [0.5 + 2 * number for number in range(8)], "k2": [1.0]}

    run = drive(Actuated(TWO), TWO, arrivals_s, duration_s=30)

    assert run.greens_s("K1") == [(0, 15)]
    assert run.greens_s("K2") == [(21, 30)]


def test_a_gap_of_more_than_three_seconds_ends_green():
    # At 50 km/h the detector's 40 m are less than 3 s away: K1 is held for whoever is within 41.7 m.
    close = {"k1": [6.0, 8.9, 11.8], "k2": [1.0]}
    wide = {"k1": [6.0, 10.1], "k2": [1.0]}

    assert drive(Actuated(TWO), TWO, close, duration_s=30).greens_s("K1")[0] == (0, 12)
    assert drive(Actuated(TWO), TWO, wide, duration_s=30).greens_s("K1")[0] == (0, 7)


@pytest.mark.parametrize(("most_s", "until_s"), [(20, 20), (0, 50)])
def test_green_ends_at_the_longest_green_while_more_keep_coming(most_s, until_s):
    junction = two(most_green_s=most_s)
    arrivals_s = {"k1": [2.0 * number for number in range(60)], "k2": [1.0]}

    run = drive(Actuated(junction), junction, arrivals_s, duration_s=100)

    assert run.greens_s("K1")[0] == (0, until_s)


def test_green_goes_on_for_ever_while_nobody_waits_elsewhere():
    run = drive(Actuated(two(most_green_s=20)), TWO, {"k1": [5.0, 200.0]}, duration_s=300)

    assert run.greens_s("K1") == [(0, 300)]


def test_green_lasts_for_its_minimum_though_nobody_comes():
    run = drive(Actuated(TWO), TWO, {"k2": [0.0]}, duration_s=30)

    assert run.greens_s("K1") == [(0, 5)]
    assert run.greens_s("K2") == [(11, 30)]


# --- demand ---------------------------------------------------------------------------------------
def test_stages_without_demand_are_left_out():
    arrivals_s = {"k1": [5.0 * number for number in range(40)], "l1": [17.0 * number for number in range(12)]}

    run = drive(Actuated(CROSSING), CROSSING, arrivals_s, duration_s=200)

    assert run.greens_s("K2") == run.greens_s("R2") == []
    assert min(len(run.greens_s("K1")), len(run.greens_s("L1"))) >= 5


def test_stages_come_in_the_order_of_the_plan():
    waiting = [standing(name) for name in ("k1", "k2", "l1")]

    assert [chosen(CROSSING, stage, *waiting, since_s=0)[0] for stage in "ABC"] == ["B", "C", "A"]


def test_somebody_on_foot_at_the_kerb_asks_for_the_crossing():
    run = drive(Actuated(CROSSING), CROSSING, {"k2": [0.0], "f1": [30.0]}, duration_s=60)

    # Before 31 s nobody stands there; from then on B, green for long, is left, and 6 s later people may walk.
    assert [begin for begin, _until in run.greens_s("F1") if begin > 20] == [36]


@pytest.mark.parametrize(
    ("movement", "distance_m", "asks"),
    [("k2", 39.0, True), ("k2", 41.0, False), ("r2", 14.0, True), ("r2", 16.0, False)],
)
def test_detectors_lie_where_the_settings_say(movement, distance_m, asks):
    stage, _reason = chosen(CROSSING, "A", {"movement": movement, "distance_m": distance_m})

    assert stage == ("B" if asks else "A")


def test_settings_move_the_detector():
    settings = ActuatedSettings(detector_m=60.0)
    user = {"movement": "k2", "distance_m": 59.0}

    assert chosen(CROSSING, "A", user, settings=settings)[0] == "B"
    assert chosen(CROSSING, "A", user)[0] == "A"


def test_who_still_has_another_signal_ahead_is_not_seen():
    user = standing("k2")

    assert chosen(TWO, "A", user)[0] == "B"
    assert chosen(TWO, "A", {**user, "through": 1})[0] == "A"


def test_it_says_why():
    waiting, coming = standing("k2"), {"movement": "k1", "distance_m": 20.0, "speed_mps": 10.0}

    assert chosen(TWO, "A") == ("A", "nobody waits elsewhere")
    assert chosen(TWO, "A", waiting) == ("B", "gap")
    assert chosen(TWO, "A", waiting, coming) == ("A", "more are coming")
    assert chosen(TWO, "A", waiting, coming, since_s=50) == ("B", "longest green reached")
