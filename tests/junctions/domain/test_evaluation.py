"""Results of a comparison, summed up as the engine sums them up."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tandem.junctions.examples
from tandem.junctions.domain.evaluation import NotResults, Results, read_results
from tandem.signals.domain.summing_up.interval import interval
from tandem.signals.domain.summing_up.quality import service_quality
from tandem.signals.experiment.compare import stored

EXAMPLE = Path(tandem.junctions.examples.__file__).with_name("hamm.results.jsonl")


def line(controller: str = "planner", seed: int = 1, *, wait_s: float = 5.0, **changes: Any) -> str:
    made = {
        "kind": "car",
        "count": 100,
        "delay_s": 2 * wait_s,
        "wait_s": wait_s,
        "longest_wait_s": 40.0,
        "stops": 0.5,
        "co2_g": 90.0,
    }
    run = {
        "scenario": "town",
        "controller": controller,
        "seed": seed,
        "duration_s": 600,
        "locked_at_s": None,
        "classes": [made],
    }
    return json.dumps(run | changes)


def test_the_engines_file_gives_the_engines_figures():
    runs = list(stored(EXAMPLE))
    found = read_results(EXAMPLE.read_text("utf-8"))

    assert found.controllers == ["actuated", "planner"]
    assert found.versions["libsumo"] == "1.28.0"
    for row in found.rows:
        classes = [run.of(row.kind) for run in runs if run.controller == row.controller]
        delay, wait = (interval(getattr(each, name) for each in classes) for name in ("delay_s", "wait_s"))
        longest_s = max(each.longest_wait_s for each in classes)
        assert (row.delay_s, row.delay_low_s, row.delay_high_s) == (delay.mean, delay.low, delay.high)
        assert (row.wait_s, row.wait_low_s, row.wait_high_s) == (wait.mean, wait.low, wait.high)
        assert row.longest_wait_s == longest_s
        assert row.quality == service_quality(row.kind, wait_s=wait.mean, longest_wait_s=longest_s)


@given(st.lists(st.floats(0, 500), min_size=2, max_size=60))
def test_intervals_are_the_engines(waits: list[float]):
    text = "\n".join(line(seed=number, wait_s=wait_s) for number, wait_s in enumerate(waits))
    row, wanted = read_results(text).rows[0], interval(waits)

    assert (row.wait_low_s, row.wait_high_s) == (wanted.low, wanted.high)


def test_results_can_be_kept_and_read_again():
    found = read_results(f"{line('plan')}\n{line('planner', locked_at_s=12.0)}\n")

    assert Results.from_json(json.loads(json.dumps(found.as_json()))) == found
    assert [(row.controller, row.runs, row.locked) for row in found.rows] == [
        ("plan", 1, 0),
        ("planner", 1, 1),
    ]


def test_a_last_line_that_was_cut_off_is_left_out():
    assert read_results(f'{line()}\n{{"scenario": "to').rows[0].runs == 1


BAD = (
    "",
    "nonsense",
    "{}",
    "[]\n",
    f'{line()}\n{{"cut"\n',
    f"{line()}\n{line(scenario='other')}",
    line(classes=[{"kind": "car"}]),
    line(wait_s=-1.0),
    line(wait_s=float("nan")),
    line(wait_s=1e13),
    line(duration_s=10**30),
)


@pytest.mark.parametrize("text", BAD)
def test_what_holds_no_results_is_refused(text: str):
    with pytest.raises(NotResults):
        read_results(text)


@given(st.text(max_size=300))
def test_whatever_is_uploaded_is_results_or_refused(text: str):
    with pytest.raises(NotResults):
        read_results(text)
