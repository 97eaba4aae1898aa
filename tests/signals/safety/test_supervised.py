"""A controller behind its gate: whatever fails, the fixed plan runs within two seconds, and it is said why."""

from dataclasses import replace

import numpy as np
import pytest

from tandem.signals.control.planner import Planner
from tandem.signals.domain.aspect import Aspect
from tandem.signals.safety.command import Source
from tandem.signals.safety.gate import GOOD_REQUESTS_TO_HAND_BACK, Gate
from tandem.signals.safety.supervised import Supervised
from tests.signals.control.small import seeing, standing, two

TWO = two()


def running(make=lambda: Planner(TWO), *, seconds=30):
    """Return a supervised junction after some seconds of good service."""
    found = Supervised(TWO, make, Gate(TWO, now_ms=-10_000))
    for second in range(seconds):
        assert step(found, second).command.source is Source.CONTROLLER
    return found


def step(found, second, *users, **changes):
    seen = replace(seeing(TWO, *users, standing("k1")), at_ms=1_000 * second)
    for name, value in changes.items():
        if name == "seen":
            seen = value
        elif name == "at_ms":
            seen.at_ms = value
        else:
            seen.users[name] = value
    return found.step(1_000 * second, seen)


class Dies:
    """A controller that dies at a moment, and is well when made anew."""

    def __init__(self, at_ms, deaths):
        self.at_ms, self.deaths = at_ms, deaths
        self.inner = Planner(TWO)

    def decide(self, seen, heads):
        if heads.now_ms == self.at_ms and not self.deaths:
            self.deaths.append(heads.now_ms)
            raise ZeroDivisionError("a fault")
        return self.inner.decide(seen, heads)


def test_a_dead_planner_ends_in_the_plan_and_hands_back():
    deaths = []
    found = running(lambda: Dies(30_000, deaths))

    first = step(found, 30)
    assert (first.command.source, first.trouble) == (
        Source.PLAN,
        "the controller failed: ZeroDivisionError: a fault",
    )
    assert "no-request" in first.command.faults
    sources = [step(found, second).command.source for second in range(31, 36)]
    assert sources.index(Source.CONTROLLER) == GOOD_REQUESTS_TO_HAND_BACK - 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("distance_m", np.nan),
        ("distance_m", np.inf),
        ("distance_m", -100.0),
        ("speed_mps", np.nan),
        ("speed_mps", 400.0),
        ("allowed_mps", -1.0),
        ("waited_s", -np.inf),
        ("movement", 99),
        ("movement", -1),
        ("onward", 7),
        ("size", np.nan),
    ],
)
def test_impossible_views_end_in_the_plan(name, value):
    found = running()

    decision = step(found, 30, **{name: value})

    assert (decision.command.source, decision.trouble) == (
        Source.PLAN,
        "the detectors report what cannot be",
    )


def test_impossible_exits_end_in_the_plan():
    found = running()
    seen = replace(seeing(TWO, standing("k1")), at_ms=30_000)
    seen.exits["used_m"] = np.nan

    assert found.step(30_000, seen).trouble == "the detectors report what cannot be"


def test_a_view_of_another_junction_is_refused():
    found = running()
    seen = replace(seeing(TWO), at_ms=30_000, inside=np.zeros(5, np.int64))

    assert found.step(30_000, seen).trouble == "the detectors' view is of another junction"


def test_silent_detectors_end_in_the_plan():
    decision = running().step(30_000, None)

    assert (decision.command.source, decision.trouble) == (Source.PLAN, "the detectors are silent")


@pytest.mark.parametrize(("age_ms", "usable"), [(0, True), (1_999, True), (2_000, False), (-1, False)])
def test_old_views_and_views_from_the_future_end_in_the_plan(age_ms, usable):
    decision = step(running(), 30, at_ms=30_000 - age_ms)

    assert (decision.command.source is Source.CONTROLLER) is usable
    if not usable:
        assert decision.trouble == f"the detectors' view is {age_ms} ms old"


def test_a_clock_that_stops_changes_nothing_and_one_that_goes_back_is_said():
    found = running()
    shown = step(found, 30).command.aspects

    stopped = step(found, 30)
    back = step(found, 20, at_ms=20_000)

    assert stopped.command.aspects == back.command.aspects == shown
    assert "clock-went-back" in back.command.faults


def test_the_plan_takes_over_without_a_jump():
    found = running()
    before = step(found, 30).command

    after = found.step(31_000, None).command

    green = [number for number, aspect in enumerate(before.aspects) if aspect is Aspect.GREEN]
    assert green
    assert all(after.aspects[number] in {Aspect.GREEN, Aspect.YELLOW} for number in green)
