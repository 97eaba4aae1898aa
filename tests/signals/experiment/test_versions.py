"""Every run says what computed it; runs of before that was kept can still be read."""

import json
from dataclasses import replace
from importlib import metadata

import pytest

from tandem import __version__
from tandem.signals.experiment import versions as module
from tandem.signals.experiment.compare import stored
from tandem.signals.experiment.results import RunResult
from tandem.signals.experiment.versions import versions
from tests.signals.experiment.results import RESULTS

[RUN, *_MORE] = RESULTS


def test_versions_are_those_that_are_installed():
    found = versions()

    assert list(found) == ["tandem", "python", *module.PACKAGES]
    assert (found["tandem"], found["numpy"]) == (__version__, metadata.version("numpy"))


def test_a_package_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PACKAGES", ("numpy", "no-such-package"))

    assert list(versions()) == ["tandem", "python", "numpy"]


def test_versions_survive_being_written():
    run = replace(RUN, versions={"tandem": "1.2", "numba": "0.68"})

    assert RunResult.from_line(run.as_line()) == run


def test_a_results_file_of_before_versions_were_kept_is_read(tmp_path):
    path = tmp_path / "runs.jsonl"
    values = json.loads(RUN.as_line())
    del values["versions"]
    path.write_text(f"{json.dumps(values)}\n{RUN.as_line()}\n", "utf-8")

    assert list(stored(path)) == [RUN, RUN]


def test_a_run_records_what_computed_it():
    pytest.importorskip("libsumo")
    from tandem.signals.experiment.run import run
    from tandem.signals.experiment.template import template

    task, _notes = template("hamm")
    found = run(replace(task, controller="plan", seed=1, duration_s=30, emissions=False))

    assert found.versions == versions()
