"""``tandem signals …`` as somebody types it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

pytest.importorskip("libsumo")

from tandem.cli import main
from tandem.signals.plant.scenario import SCENARIOS

NETWORK = SCENARIOS / "hamm" / "hamm.net.xml"


def tandem(*words, code=0):
    """Run a command and return what it says, errors included."""
    result = CliRunner().invoke(main, ["signals", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def test_a_network_becomes_a_file_that_passes_the_check(tmp_path):
    said = tandem("import", NETWORK, "--out", tmp_path)

    path = tmp_path / "junction.junction.json"
    assert said == f"{path}: 22 groups, 18 stages, 186 intergreens; 0 errors, 0 warnings\n"
    assert tandem("check", path) == f"{path}: nothing to find fault with\n"


def test_a_fault_is_told_with_its_place_and_ends_with_1(tmp_path):
    tandem("import", NETWORK, "--out", tmp_path)
    path = tmp_path / "junction.junction.json"
    values = json.loads(path.read_text("utf-8"))
    values["groups"][0]["yellow_s"] = 0.5
    path.write_text(json.dumps(values), "utf-8")

    assert ": error: groups/junction/1" in tandem("check", path, code=1)
    [finding, *_more] = [json.loads(line) for line in tandem("check", "--json", path, code=1).splitlines()]
    assert finding.keys() >= {"file", "severity", "code", "path", "message"}


def test_a_file_that_is_no_junction_is_told_with_all_its_faults(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"format": "tandem-junction/1", "lanes": 3}', "utf-8")

    assert tandem("check", path, code=1).count(": error: ") > 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("import", "nowhere.net.xml"), 2, "signals.sumo.not-a-network: nowhere.net.xml"),
        (("import", NETWORK, "--signal", "x"), 4, "has no signal x. It has: junction."),
        (("check", "nowhere.json"), 2, "signals.not-readable: nowhere.json cannot be read: No such file"),
        (("compare", "atlantis"), 4, "There is no scenario atlantis"),
        (("compare", "hamm", "--controllers", "magic"), 2, "There is no controller magic"),
        (("compare", "hamm", "--seeds", "many"), 2, "'many' names no seeds"),
        (("compare", "hamm", "--silent", "9"), 2, "is not like 600-660"),
        (("compare", "hamm", "--policy", "nowhere.toml"), 2, "nowhere.toml cannot be read"),
        (("run", "hamm", "--publish", "8090"), 2, "is not like 127.0.0.1:8090"),
        (("run", "hamm", "--log", "no/such/folder/x.jsonl"), 2, "cannot be written: No such file"),
        (("run", "hamm", "--again", "--log", "x.jsonl"), 2, "cannot be kept with --again"),
        (("replay", "nowhere.jsonl"), 2, "signals.log.invalid: nowhere.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said(words, code, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert said in tandem(*words, code=code)


def test_a_comparison_ends_in_tables_and_a_report(tmp_path):
    report = tmp_path / "hamm.html"

    said = tandem(
        "compare", "hamm", "--controllers", "plan,planner", "--seeds", "1", "--duration", "60", "--no-emissions",
        "--results", tmp_path / "runs.jsonl", "--report", report, "--language", "it",
    )  # fmt: skip

    assert "2/2" in said
    assert "pedestrian" in said
    page = report.read_text("utf-8")
    assert '<html lang="it"' in page
    assert "Marker Allee" in page
    assert "<script" not in page


def test_a_run_can_be_repeated(tmp_path):
    log, lines = tmp_path / "log.jsonl", tmp_path / "lines.jsonl"

    said = tandem("run", "hamm", "--seconds", "60", "--speed", "0", "--log", log, "--lines", lines)

    assert "60 steps" in said
    assert "stays with stage" in said
    assert len(lines.read_text("utf-8").splitlines()) == 60
    assert tandem("replay", log) == "60 decisions repeated, every byte the same.\n"
    log.write_text(log.read_text("utf-8").replace('"source":"controller"', '"source":"recall"'), "utf-8")
    assert "Line 2 came out otherwise." in tandem("replay", log, code=1)


def test_a_run_begins_anew_until_it_is_stopped_and_leaves_nothing_behind(tmp_path):
    lines, temporary = tmp_path / "lines.jsonl", tmp_path / "temporary"
    temporary.mkdir()
    words = ("run", "hamm", "--again", "--seconds", "5", "--speed", "50", "--quiet", "--lines", str(lines))
    with subprocess.Popen(
        [sys.executable, "-m", "tandem.cli", "signals", *words],
        env={**os.environ, "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        until = time.monotonic() + 60
        while time.monotonic() < until and not (lines.exists() and lines.read_text("utf-8").count("\n") > 12):
            time.sleep(0.1)
        running.send_signal(signal.SIGTERM)
        _out, said = running.communicate(timeout=20)

    assert running.returncode == 130
    assert said.splitlines()[0] == "The scenario's time is over; it begins anew."
    assert said.splitlines()[-1] == "Stopped."
    times = [json.loads(line)["state"]["at_s"] for line in lines.read_text("utf-8").splitlines()]
    assert times[:12] == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]
    assert list(temporary.iterdir()) == []
