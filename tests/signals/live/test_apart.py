"""The planner in a process of its own: killed, hung or failing, the fixed plan runs in the same second."""

import json
import os
import signal
import time
from dataclasses import replace

import numpy as np
import pytest

from tandem.signals.control.policy import Policy
from tandem.signals.live.apart import Apart, Late, PlannerApart, planner_of
from tandem.signals.live.operate import Operation, began_ms, operate
from tandem.signals.live.record import Setup
from tandem.signals.live.replay import replay
from tests.signals.control.small import seeing, showing, standing, two
from tests.signals.live.test_live import SCHOOL, Clock, Pace, plant

TWO = two()
SETUP = Setup(TWO, "planner", Policy(), 0, began_ms(TWO))


class Hangs:
    """A planner that never answers."""

    ahead = ()
    stage_id = "A"

    def __init__(self, setup):
        self.setup = setup

    def decide(self, seen, heads):
        time.sleep(600)


class Fails(Hangs):
    """A planner that fails each time."""

    def decide(self, seen, heads):
        raise ZeroDivisionError("a fault")


@pytest.fixture
def started():
    """Start planners in a process, and end it."""
    opened = []

    def start(**options):
        apart = Apart([SETUP], **{"answers_s": 60.0} | options)
        opened.append(apart)
        apart.wait()
        return apart

    yield start
    for apart in opened:
        apart.close()


def view(second, *users):
    return replace(seeing(TWO, *users, standing("k2")), at_ms=1_000 * second)


def test_it_answers_as_a_planner_in_this_process_does(started):
    far, near = PlannerApart(started(), 0), planner_of(SETUP)

    for second in range(100, 130):
        seen, heads = view(second), showing(TWO, "A", now_s=second)
        assert far.decide(seen, heads) == near.decide(seen, heads)
        assert (far.ahead, far.stage_id) == (near.ahead, near.stage_id)


def test_one_that_hangs_is_late_and_started_anew(started):
    apart = started(make=Hangs, answers_s=0.2)
    before = apart.process_id

    with pytest.raises(Late, match="did not answer within 200 ms"):
        apart.ask(0, view(100), showing(TWO, "A"))
    with pytest.raises(Late, match="is being started"):
        apart.ask(0, view(101), showing(TWO, "A"))
    assert apart.process_id != before


def test_one_that_fails_says_so_and_is_asked_again(started):
    apart = started(make=Fails)

    for _again in range(2):
        with pytest.raises(ZeroDivisionError, match="a fault"):
            apart.ask(0, view(100), showing(TWO, "A"))


def test_every_failure_ends_in_the_plan_within_two_seconds_and_is_logged(started, tmp_path):
    """A killed planner, NaN, a clock that stops and lost detectors, one after another in one log."""
    path = tmp_path / "failures.jsonl"
    apart = started()
    with path.open("w", encoding="utf-8", newline="\n") as log:
        operation = Operation(SETUP, log=log, outlets=(), make=lambda: PlannerApart(apart, 0))
        for second in range(60):
            seen = view(second)
            if second == 10:
                os.kill(apart.process_id, signal.SIGKILL)
            if second == 12:
                apart.wait()
            if second == 20:
                seen.users["distance_m"] = np.nan
            if 30 <= second < 35:
                seen.at_ms = 30_000
            operation.step(1_000 * second, None if second == 50 else seen)

    steps = [json.loads(line) for line in path.read_text("utf-8").splitlines()[1:]]
    troubles = {second: step["trouble"] for second, step in enumerate(steps) if step["trouble"]}
    in_plan = [second for second, step in enumerate(steps) if step["command"]["source"] == "plan"]
    assert troubles == {
        10: "the controller failed: Late: the planner's process has ended",
        11: "the controller failed: Late: the planner is being started",
        20: "the detectors report what cannot be",
        32: "the detectors' view is 2000 ms old",
        33: "the detectors' view is 3000 ms old",
        34: "the detectors' view is 4000 ms old",
        50: "the detectors are silent",
    }
    assert in_plan == [10, 11, 12, 13, 20, 21, 22, 32, 33, 34, 35, 36, 50, 51, 52]
    assert replay(path).differs_at == 0


def test_a_run_in_real_time_has_a_process_and_its_log_repeats(tmp_path):
    path = tmp_path / "decisions.jsonl"
    clock = Clock()
    with path.open("w", encoding="utf-8", newline="\n") as log:
        operate(
            plant(seconds=30),
            policy=SCHOOL,
            week_ms=0,
            pace=Pace(clock.now, clock.sleep, 1.0),
            logs=[log],
            outlets=(),
        )

    assert (replay(path).steps, replay(path).differs_at) == (30, 0)
