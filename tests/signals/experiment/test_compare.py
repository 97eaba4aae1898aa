"""Comparisons: resumable, on several cores, with intervals."""

from dataclasses import replace

import pytest

pytest.importorskip("libsumo")

from tandem.signals.experiment.compare import compare, stored, tasks
from tandem.signals.experiment.controllers import UnknownController
from tandem.signals.experiment.results import ClassResult, RunResult, wait_histogram
from tandem.signals.experiment.run import run
from tandem.signals.experiment.table import as_text
from tandem.signals.experiment.template import BadSeeds, read_seeds, template
from tandem.signals.plant import sumo_view


def short():
    task, _notes = template("hamm")
    return replace(task, duration_s=60, emissions=False)


def test_what_is_done_is_not_done_again(tmp_path):
    results = tmp_path / "deep" / "runs.jsonl"
    wanted = tasks(short(), ["plan", "planner"], [1])
    told = []

    first = compare(wanted, results=results, jobs=2, progress=lambda *each: told.append(each[:2]))
    with results.open("a", encoding="utf-8") as file:
        file.write('{"key": "cut o')
    more = tasks(short(), ["plan", "planner"], [1, 2])
    second = compare(more, results=results, jobs=1, progress=lambda *each: told.append(each[:2]))

    assert told == [(1, 2), (2, 2), (3, 4), (4, 4)]
    assert second[:2] == first
    assert len(list(stored(results))) == 4
    assert compare(more, results=results, jobs=1) == second


def test_a_run_tells_how_long_anybody_stood_in_one_go():
    [found] = compare(tasks(replace(short(), duration_s=240), ["plan"], [1]))

    assert 20 < found.longest_stand_s <= found.of("all").longest_wait_s


@pytest.mark.parametrize("controller", ["plan", "sumo-static"])
def test_a_run_can_end_where_it_locks(monkeypatch, controller):
    [task] = tasks(replace(short(), duration_s=240), [controller], [1])
    until_locked = replace(task, until_locked=True)
    free = run(task)
    monkeypatch.setattr(sumo_view, "LOCKED_S", 20.0)

    ended = run(until_locked)

    assert ended.locked_at_s == run(task).locked_at_s is not None
    assert ended.of("all").finished < free.of("all").finished
    assert ended.longest_stand_s == 21.0
    assert until_locked.key != task.key


def test_a_run_that_does_not_lock_is_the_same_to_its_end():
    [task] = tasks(short(), ["plan"], [1])

    assert run(replace(task, until_locked=True)).classes == run(task).classes


def test_another_option_is_another_run():
    task = short()

    keys = {
        each.key
        for each in [
            *tasks(task, ["plan", "planner"], [1, 2]),
            *tasks(replace(task, teleport_s=300), ["plan"], [1]),
            *tasks(replace(task, sight=replace(task.sight, missed_share=0.1)), ["plan"], [1]),
            *tasks(replace(task, policy=replace(task.policy, equity=0.5)), ["plan"], [1]),
        ]
    }
    assert len(keys) == 7


def test_an_unknown_controller_is_refused_before_anything_runs():
    with pytest.raises(UnknownController, match="There is no controller magic"):
        tasks(short(), ["plan", "magic"], [1])


@pytest.mark.parametrize("text", ["", "x", "0", "5-1", "1,x", "-3", "1-5000"])
def test_seeds_that_cannot_be_read_are_refused(text):
    with pytest.raises(BadSeeds):
        read_seeds(text)


def result(controller, seed, delay_s, *, locked_at_s=None) -> RunResult:
    car = ClassResult("car", 10, 9, delay_s, delay_s / 2, 3 * delay_s, 0.5, 100.0, wait_histogram([1.0] * 10))
    return RunResult("k", "s", controller, seed, 60, {}, (replace(car, kind="all"), car), locked_at_s)


def test_a_run_survives_being_written():
    written = result("planner", 1, 12.25, locked_at_s=30.0)

    assert RunResult.from_line(written.as_line()) == written


def test_a_table_gives_intervals_and_counts_locked_runs():
    runs = [
        result("planner", 1, 10.0),
        result("planner", 2, 12.0),
        result("planner", 3, 14.0, locked_at_s=9.0),
    ]

    lines = as_text([result("plan", 1, 40.0), *runs]).splitlines()

    assert lines[0].split() == [
        "car",
        "delay",
        "s",
        "wait",
        "s",
        "longest",
        "stops",
        "CO2",
        "g",
        "quality",
        "locked",
    ]
    assert lines[2].split() == ["plan", "40.0", "20.0", "120", "0.50", "100", "A", "0", "of", "1"]
    assert lines[3].split() == [
        "planner",
        "12.0",
        "(7.0–17.0)",
        "6.0",
        "(3.5–8.5)",
        "42",
        "0.50",
        "100",
        "A",
        "1",
        "of",
        "3",
    ]


def test_waits_fall_into_bins_of_five_seconds():
    bins = wait_histogram([0, 4.9, 5, 299.9, 300, 9_999])

    assert (bins[0], bins[1], bins[59], bins[60], sum(bins), len(bins)) == (2, 1, 1, 2, 6, 61)


def test_the_text_ends_with_the_queues():
    runs = [
        replace(result(name, seed, 40.0), queue_s=(10, 20), queue_veh=queue)
        for name, seed, queue in [("plan", 1, (4, 8)), ("planner", 1, (1, 2)), ("planner", 2, (2, 5))]
    ]

    lines = as_text(runs).splitlines()[-4:]

    assert lines[0].split() == ["queue", "vehicles", "most"]
    assert lines[2].split() == ["plan", "6.0", "8"]
    assert lines[3].split()[:2] + lines[3].split()[-1:] == ["planner", "2.5", "5"]
    assert "queue" not in as_text([result("plan", 1, 40.0)])
