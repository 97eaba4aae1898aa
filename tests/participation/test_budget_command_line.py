"""``tandem budget``: any election in a file, without an installation."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tandem.cli import main

SMALL = """META
key;value
description;a small one
budget;100
vote_type;approval
PROJECTS
project_id;cost;name;selected
a;60;Bank;1
b;40;Baum;1
c;90;Bus;0
VOTES
voter_id;vote
1;a,b
2;a,b
3;c
4;
"""


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "small.pb"
    made.write_text(SMALL, "utf-8")
    return made


def run(*arguments):
    return CliRunner().invoke(main, ["budget", *map(str, arguments)])


def test_the_winners_are_printed_in_their_order(file):
    done = run("allocate", file)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[2] for line in lines[:-2]] == ["b", "a"]
    assert lines[-2] == (
        "2 of 3 proposals win, by the votes of 4 people. They cost 100.00; 0.00 of 100.00 are left."
    )
    assert lines[-1] == "These are the winners that the file names."


def test_the_winners_as_json(file):
    found = json.loads(run("allocate", file, "--json").stdout)
    assert (found["winners"], found["official"], found["voters"]) == (["b", "a"], ["a", "b"], 4)
    assert (found["budget_cents"], found["spent_cents"], found["findings"]["error"]) == (10_000, 10_000, 0)


@pytest.mark.parametrize(
    ("options", "winners"),
    [
        (["--no-add-one", "--no-completion"], ["b"]),
        (["--method", "most-votes"], ["b", "a"]),
        (["--method", "greedy", "--utility", "cardinality"], ["b", "a"]),
    ],
)
def test_other_rules_can_be_asked_for(file, options, winners):
    assert json.loads(run("allocate", file, "--json", *options).stdout)["winners"] == winners


def test_others_than_the_file_names_are_told(file):
    file.write_text(SMALL.replace("c;90;Bus;0", "c;90;Bus;1"), "utf-8")
    assert run("allocate", file).stdout.splitlines()[-1] == "The file names others: not none, but c."


def test_why_each_won_or_lost(file):
    lines = run("explain", file).stdout.splitlines()
    assert lines[0] == "b  Baum  (40.00)"
    assert "2 paid 20.00 each" in lines[1]
    assert lines[4] == "c  Bus  (90.00)"
    assert "lost with 1 from 1 people; its supporters had" in lines[5]
    one = run("explain", file, "--proposal", "c").stdout.splitlines()
    assert one[0] == "c  Bus  (90.00)"
    assert json.loads(run("explain", file, "--proposal", "c", "--json").stdout)["reason"] == "backers-short"
    assert len(json.loads(run("explain", file, "--json").stdout)["won"]) == 2


def test_what_is_wrong_is_told_with_its_line(file):
    file.write_text(SMALL.replace("3;c", "3;x").replace("1;a,b", "1;a,b;c", 1), "utf-8")
    done = run("allocate", file)
    assert done.exit_code == 0
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["warning line 13", "warning line 15"]


@pytest.mark.parametrize(
    ("text", "arguments", "code", "exit_code"),
    [
        (
            SMALL.replace("vote_type;approval", "vote_type;shouting"),
            [],
            "participation.budget.no-election",
            2,
        ),
        ("nothing", [], "participation.budget.no-election", 2),
        (SMALL, ["--utility", "points"], "participation.budget.invalid-rule", 2),
    ],
)
def test_what_cannot_be_reckoned_ends_with_a_reason(file, text, arguments, code, exit_code):
    file.write_text(text, "utf-8")
    done = run("allocate", file, *arguments)
    assert (done.exit_code, code in done.stderr) == (exit_code, True)


def test_a_proposal_that_there_is_not(file):
    done = run("explain", file, "--proposal", "z")
    assert (done.exit_code, "participation.budget.no-such-proposal" in done.stderr) == (4, True)


def test_no_installation_and_no_django_is_needed(file):
    script = (
        "import sys; from tandem.cli import main\n"
        f"try: main(['budget', 'allocate', {str(file)!r}])\n"
        "except SystemExit: pass\n"
        "print(sorted(each for each in sys.modules if each.partition('.')[0] == 'django'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=file.parent
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.conformance
def test_the_official_result_of_swiecie(shared_data):
    done = run("allocate", shared_data / "pabulib" / "Poland_Swiecie_2023.pb")
    assert done.stdout.splitlines()[-1] == "These are the winners that the file names."
