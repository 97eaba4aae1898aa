"""Real time, the decision log, its replay, and what is published; on the exact queue model."""

import io
import json
import urllib.error
import urllib.request
from dataclasses import replace

import numpy as np
import pytest

from tandem.signals.control.policy import Hours, Policy
from tandem.signals.domain.junction import SignalGroup
from tandem.signals.live.operate import Operation, Pace, began_ms, operate
from tandem.signals.live.record import FORMAT, NotALog, Setup
from tandem.signals.live.replay import replay
from tandem.signals.plant.arrivals import poisson_arrivals_s
from tandem.signals.plant.queue import QueueOptions, QueuePlant
from tandem.signals.publish.messages import Counts, Simulation, forecast
from tandem.signals.publish.outlets import HttpOutlet, Lines, PortTaken
from tests.signals.control.small import crossing, seeing, showing, standing, two

CROSSING, TWO = crossing(), two()
SCHOOL = Policy(
    weights=(1.0, 2.0, 2.0, 1.0, 1.0),
    hours=(Hours("school", frozenset({0, 1}), 0, 60_000, (1.0, 9.0, 9.0, 1.0, 1.0)),),
)


class Clock:
    """A clock that only sleeping moves, and each look at it a little."""

    def __init__(self, *, look_s=0.0):
        self.at_s, self.look_s, self.slept = 50.0, look_s, []

    def now(self):
        self.at_s += self.look_s
        return self.at_s

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.at_s += seconds


def plant(*, seconds=120, seed=3):
    random = np.random.default_rng(seed)
    flows = {"k1": 300, "k1-right": 60, "k2": 200, "r2": 120, "l1": 90, "f1": 100}
    arrivals = {
        name: poisson_arrivals_s(flow, duration_s=seconds, random=random) for name, flow in flows.items()
    }
    return QueuePlant(CROSSING, arrivals, QueueOptions(duration_s=seconds))


def run(log=None, outlets=(), *, seconds=120, speed=0.0, clock=None):
    clock = clock or Clock()
    return operate(
        plant(seconds=seconds),
        policy=SCHOOL,
        week_ms=0,
        pace=Pace(clock.now, clock.sleep, speed),
        logs=[log],
        outlets=outlets,
        with_process=False,
    )


@pytest.fixture
def log_file(tmp_path):
    path = tmp_path / "decisions.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        run(file)
    return path


# --- real time ------------------------------------------------------------------------------------
def test_every_step_begins_on_its_second():
    clock = Clock()

    _outcome, kept = run(seconds=10, speed=1.0, clock=clock)

    assert clock.slept == [0.0, *[1.0] * 9]
    assert (kept.steps, kept.latest_s) == (10, 0.0)


def test_lateness_is_told_and_made_good():
    clock = Clock(look_s=0.05)

    _outcome, kept = run(seconds=10, speed=1.0, clock=clock)

    assert 0 < kept.latest_s < 0.2
    assert sum(clock.slept) < 9


def test_twice_as_fast_takes_half_as_long():
    clock = Clock()
    run(seconds=10, speed=2.0, clock=clock)

    assert sum(clock.slept) == pytest.approx(4.5)


def test_a_run_that_is_over_begins_anew_and_gives_the_same():
    lines, rounds, clock = io.StringIO(), iter([plant(seconds=20), None]), Clock()
    operate(
        plant(seconds=20),
        policy=SCHOOL,
        week_ms=0,
        pace=Pace(clock.now, clock.sleep, 1.0),
        logs=[None],
        outlets=[Lines(lines)],
        simulation=Simulation(20, again=True),
        again=lambda: next(rounds),
    )
    messages = [json.loads(line) for line in lines.getvalue().splitlines()]

    assert [message["state"]["at_s"] for message in messages] == [*range(20)] * 2
    assert messages[20:] == messages[:20]
    assert messages[0]["simulation"] == {"lasts_s": 20, "again": True}


# --- the log and its replay -----------------------------------------------------------------------
def test_a_log_repeats_byte_for_byte(log_file):
    found = replay(log_file)

    assert (found.steps, found.differs_at) == (120, 0)


def test_two_runs_write_the_same_bytes(log_file):
    again = io.StringIO()
    run(again)

    assert again.getvalue() == log_file.read_text("utf-8")


def test_a_log_says_what_it_is(log_file):
    first, second, *_rest = map(json.loads, log_file.read_text("utf-8").splitlines())

    assert (first["format"], first["controller"], first["junction"]["id"]) == (FORMAT, "planner", "crossing")
    assert second.keys() == {"at_ms", "seen", "request", "trouble", "command"}
    assert second["command"].keys() == {"aspects", "protected", "source", "faults"}


def test_a_changed_decision_is_found(log_file):
    lines = log_file.read_text("utf-8").splitlines(keepends=True)
    lines[60] = lines[60].replace('"source":"controller"', '"source":"plan"')
    log_file.write_text("".join(lines), "utf-8")

    found = replay(log_file)

    assert found.differs_at == 61
    assert (found.logged, found.repeated) != ("", "")
    assert found.logged == lines[60]


def test_a_changed_view_changes_what_follows(log_file):
    lines = log_file.read_text("utf-8").splitlines(keepends=True)
    step = json.loads(lines[30])
    step["seen"]["users"] = []
    lines[30] = json.dumps(step, separators=(",", ":")) + "\n"
    log_file.write_text("".join(lines), "utf-8")

    assert replay(log_file).differs_at >= 31


def test_what_an_interruption_cut_off_is_left_out(log_file):
    text = log_file.read_text("utf-8")
    log_file.write_text(text[:-40], "utf-8")

    assert (replay(log_file).steps, replay(log_file).differs_at) == (119, 0)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [], 1),
        (lambda lines: ["no json\n", *lines[1:]], 1),
        (lambda lines: [lines[0].replace(FORMAT, "tandem-decisions/9"), *lines[1:]], 1),
        (lambda lines: [lines[0].replace('"stages"', '"staves"'), *lines[1:]], None),
        (lambda lines: [*lines[:5], "[]\n", *lines[5:]], 6),
        (lambda lines: [*lines[:5], "{}\n", *lines[5:]], 6),
    ],
)
def test_what_is_no_log_is_refused(log_file, change, line):
    from tandem.signals.domain.notation import NotAJunction

    lines = log_file.read_text("utf-8").splitlines(keepends=True)
    log_file.write_text("".join(change(lines)), "utf-8")

    with pytest.raises((NotALog, NotAJunction)) as caught:
        replay(log_file)
    if line:
        assert f"line {line}:" in str(caught.value)


def test_a_missing_log_is_said(tmp_path):
    with pytest.raises(NotALog, match="No such file"):
        replay(tmp_path / "nowhere.jsonl")


def test_an_outage_is_logged_and_repeats(tmp_path):
    """Silent detectors, NaN and a good view again: all of it is in the log, with its reason."""
    path = tmp_path / "outage.jsonl"
    with path.open("w", encoding="utf-8") as log:
        operation = Operation(Setup(TWO, "planner", Policy(), 0, began_ms(TWO)), log=log, outlets=())
        for second in range(20):
            seen = replace(seeing(TWO, standing("k2")), at_ms=1_000 * second)
            if second == 12:
                seen.users["speed_mps"] = np.nan
            operation.step(1_000 * second, None if second == 10 else seen)

    steps = [json.loads(line) for line in path.read_text("utf-8").splitlines()[1:]]
    assert [step["command"]["source"] for step in steps[8:18]] == [
        *["controller"] * 2,
        *["plan"] * 5,
        *["controller"] * 3,
    ]
    assert steps[10]["trouble"] == "the detectors are silent"
    assert steps[12]["trouble"] == "the detectors report what cannot be"
    assert replay(path).differs_at == 0


# --- publishing -----------------------------------------------------------------------------------
def test_lines_hold_state_forecast_and_counts():
    stream = io.StringIO()
    run(outlets=[Lines(stream)], seconds=30)

    messages = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert len(messages) == 30
    last = messages[-1]
    assert last.keys() == {"junction", "state", "forecast", "counts"}
    assert last["state"]["groups"].keys() == {"K1", "K2", "L1", "R2", "F1"}
    for message in messages:
        for group, values in message["forecast"].items():
            green = message["state"]["groups"][group]["shows"] == "green"
            assert values["to"] == ("red" if green else "green")
            assert values["likely_s"] is None or values["likely_s"] >= values["soonest_s"]


def test_a_forecast_is_what_intergreens_and_the_plan_say():
    junction = replace(TWO, groups=(SignalGroup("K1"), SignalGroup("K2", maximum_red_ms=90_000)))
    heads = showing(junction, "A", now_s=100, since_s=98)  # green for 2 s of at least 5

    found = forecast(junction, heads, ((104_000, "B"),), "A")

    assert found == {
        "K1": {"to": "red", "soonest_s": 3.0, "likely_s": 4.0, "latest_s": None},
        "K2": {"to": "green", "soonest_s": 9.0, "likely_s": 9.0, "latest_s": 88.0},
    }


def test_each_quarter_is_counted_by_lane_and_kind():
    counts = Counts(TWO, every_ms=10_000)
    passing = {"movement": "k1", "distance_m": 3.0, "speed_mps": 9.0}
    far = {"movement": "k1", "distance_m": 60.0, "speed_mps": 9.0}
    for second in range(12):
        users = [passing, far] if second % 2 else [{**passing, "kind": 2}, standing("k2")]
        counts.note(replace(seeing(TWO, *users), at_ms=1_000 * second))

    assert counts.finished == {
        "from_s": 0.0,
        "until_s": 10.0,
        "lanes": {"lane-K1": {"bicycle": 5, "car": 5}},
    }
    assert counts.as_dict(until_ms=12_000)["lanes"] == {"lane-K1": {"bicycle": 1, "car": 1}}


def test_http_answers_get_and_refuses_everything_else():
    outlet = HttpOutlet("127.0.0.1", 0)
    try:
        run(outlets=[outlet], seconds=5)
        address = f"http://127.0.0.1:{outlet.port}"

        def get(path):
            with urllib.request.urlopen(address + path, timeout=5) as answer:
                return json.load(answer)

        assert get("/")[0]["junction"] == "crossing"
        assert get("/state")[0]["at_s"] == 4.0
        assert get("/forecast")[0].keys() == {"K1", "K2", "L1", "R2", "F1"}
        assert "running" in get("/counts")[0]
        for method, path, status in [
            ("POST", "/", 501),
            ("PUT", "/state", 501),
            ("DELETE", "/", 501),
            ("GET", "/../etc", 404),
        ]:
            request = urllib.request.Request(
                address + path, method=method, data=b"x" if method != "GET" else None
            )
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(request, timeout=5)
            caught.value.close()
            assert caught.value.code == status
        with pytest.raises(PortTaken):
            HttpOutlet("127.0.0.1", outlet.port)
    finally:
        outlet.close()
