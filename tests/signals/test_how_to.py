"""What the how-to guides about signals show is done here, in order, as a reader would do it."""

import json
import re
import shlex
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("libsumo")

from tandem.cli import main
from tandem.signals.control.policy import KINDS, Policy, read_policy
from tandem.signals.experiment.compare import stored
from tandem.signals.experiment.controllers import MAKERS, NATIVE
from tandem.signals.plant.scenario import SCENARIOS, read_own_scenario, write_run

DOCS = Path(__file__).parents[2] / "docs"
POLICY = (DOCS / "how-to" / "signals-policy.md").read_text("utf-8")
COMPARE = (DOCS / "how-to" / "signals-compare.md").read_text("utf-8")
GLOSSARY = (DOCS / "reference" / "glossary.md").read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.M | re.S)


def commands(page: str) -> list[list[str]]:
    """Return the words of each command that a page shows, without the leading ``tandem``."""
    text = "".join(blocks(page, "console"))
    return [shlex.split(line)[2:] for line in text.splitlines() if line.startswith("$ tandem ")]


def done(words: list[str]) -> str:
    """Run a command, its pattern of files resolved; return what it says."""
    resolved = [
        name for word in words for name in (sorted(map(str, Path().glob(word))) if "*" in word else [word])
    ]
    result = CliRunner().invoke(main, resolved)
    assert result.exit_code == 0, (words, result.output)
    return result.output


def in_short(words: list[str]) -> list[str]:
    """Return a comparison with one seed and one minute for each run."""
    return [*(word if word != "10" else "1" for word in words), "--duration", "60", "--no-emissions"]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which a reader works: with a town, and with the policy of the page."""
    monkeypatch.chdir(tmp_path)
    write_run(read_own_scenario(SCENARIOS / "hamm" / "scenario.toml"), tmp_path, seed=1).rename(
        "town.sumocfg"
    )
    [policy] = blocks(POLICY, "toml")
    Path("policy.toml").write_text(policy, "utf-8")
    return tmp_path


# --- policy ---------------------------------------------------------------------------------------
def test_the_policy_of_the_page_does_what_the_page_says(workplace: Path, capsys: pytest.CaptureFixture[str]):
    for block in blocks(POLICY, "python"):
        exec(compile(block, "signals-policy.md", "exec"), {})

    assert f"`{capsys.readouterr().out.strip()}`" in POLICY


def test_the_defaults_on_the_page_are_those_of_the_policy():
    told = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", POLICY, re.M))
    default = Policy()

    assert {name: float(value) for name, value in told.items()} == {
        name: getattr(default, name) for name in ("equity", "stop_s", "recall_s", "box_s")
    }
    assert set(default.weights) == {1.0}


def test_somebody_counts_twice_after_as_many_seconds_as_the_page_says():
    [(usual_s, more_s)] = re.findall(r"count twice after (\d+) s, with 0.04 after (\d+) s", POLICY)

    assert (1 + Policy().equity * int(usual_s), 1 + 0.04 * int(more_s)) == (2, 2)


@pytest.mark.slow
def test_the_commands_about_a_policy_run(workplace: Path):
    before, after, live = commands(POLICY)
    done(in_short(before))
    done(in_short(after))
    done([*live, "--seconds", "30", "--speed", "0", "--quiet"])

    assert Path("before.html").exists()
    assert Path("after.html").exists()
    logged = json.loads(Path("decisions.jsonl").read_text("utf-8").splitlines()[0])
    weights = read_policy(Path("policy.toml").read_text("utf-8")).weights
    assert tuple(logged["policy"]["weights"]) == weights
    assert weights[KINDS.index("bus")] == 10


# --- comparison -----------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_comparison_of_the_page_runs_from_the_network_to_the_reports(
    workplace: Path, capsys: pytest.CaptureFixture[str]
):
    imported, checked, first, real, *harder = commands(COMPARE)
    done(imported)
    assert "nothing to find fault with" in done(checked)
    assert "planner" in done(first)
    done(in_short(real))
    for words in harder:
        assert "planner" in done(in_short(words))
    names: dict[str, object] = {}
    for block in blocks(COMPARE, "python"):
        exec(compile(block, "signals-compare.md", "exec"), names)

    assert len(harder) == 3
    told = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert told == names["order"] == ["sumo-static", "actuated", "planner"]
    assert {run.controller for run in stored(Path("runs.jsonl"))} == set(told)
    pages = [Path(f"report-{language}.html").read_text("utf-8") for language in ("de", "it", "en")]
    assert all("Our town" in page for page in pages)
    assert len(set(pages)) == 3


def test_the_page_names_every_controller():
    table = COMPARE.partition("| name |")[2].partition("\n\n")[0]

    assert set(re.findall(r"`([a-z-]+)`", table)) == {*MAKERS, *NATIVE}


# --- glossary -------------------------------------------------------------------------------------
def test_the_glossary_has_every_thing_that_a_junction_file_is_made_of():
    schema = json.loads(files("tandem.signals.domain").joinpath("junction.schema.json").read_text("utf-8"))
    parts = set(schema["$defs"])
    section = GLOSSARY.partition("\n## Signals\n")[2].partition("\n## ")[0]
    words = re.findall(r"^(.+)\n: ", section, re.M)

    assert len(words) == len(set(words)) > 40
    assert {"signal group" if part == "group" else part for part in parts} - set(words) == set()
