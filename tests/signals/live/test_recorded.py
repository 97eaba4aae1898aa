"""A recorded run as a plant."""

import time

import pytest

from tandem.signals.control.policy import Policy
from tandem.signals.experiment.controllers import Setting
from tandem.signals.experiment.run import Log, control, supervised
from tandem.signals.live.record import NotALog
from tandem.signals.live.recorded import Recorded
from tests.signals.live.test_live import CROSSING, SCHOOL, run


@pytest.fixture
def log_file(tmp_path):
    path = tmp_path / "decisions.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        run(file)
    return path


def decisions(path, controller="planner", policy=SCHOOL):
    """Return what a controller asks for when it sees what was recorded."""
    plant = Recorded([path])
    told = []

    class Noted(Log):
        def note(self, number, decision, *, took_s):
            told.append(decision)

    outcome = control(
        plant,
        supervised(plant, controller, Setting(policy)),
        Noted(plant.junctions, traced_s=0),
        clock=time.perf_counter,
    )
    return told, outcome


def test_the_same_controller_asks_for_the_same_again(log_file):
    again, outcome = decisions(log_file)

    logged = log_file.read_text("utf-8").splitlines()[1:]
    assert Recorded([log_file]).junctions == [CROSSING]
    assert [each.at_ms for each in again] == [1_000 * second for second in range(120)]
    assert len(logged) == 120
    assert all(
        f'"green":{_json(each.request.green)}' in line for each, line in zip(again, logged, strict=True)
    )
    assert (outcome.trips, outcome.locked_at_s, len(outcome.queues)) == ((), None, 120)


def test_another_policy_asks_for_something_else(log_file):
    before, _outcome = decisions(log_file)
    after, _outcome = decisions(log_file, policy=Policy(weights=(0.01, 50.0, 1.0, 1.0, 1.0)))

    assert {each.command.faults for each in after} == {()}
    assert [each.request.green for each in before] != [each.request.green for each in after]


def test_queues_are_those_who_stood(log_file):
    _told, outcome = decisions(log_file, "plan")

    assert max(count for _second, count in outcome.queues) > 3


def test_what_is_no_log_is_refused(tmp_path, log_file):
    path = tmp_path / "other.jsonl"
    path.write_text("{}\n", "utf-8")

    with pytest.raises(NotALog, match="line 1"):
        Recorded([log_file, path])
    with pytest.raises(NotALog, match="No such file"):
        Recorded([tmp_path / "nowhere.jsonl"])


def _json(green) -> str:
    return "[" + ",".join(f'"{name}"' for name in sorted(green)) + "]"
