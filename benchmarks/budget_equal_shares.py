"""Claim: Equal Shares for Warsaw 2026 (61,668 ballots, 83 proposals) takes 0.1 s, exact, a hundredth of pabutools.

Both compute in exact arithmetic, with the cost as utility, from the election once it is read; the winners have to
be the same, in the same order. The time is that of the rule alone, the memory that of the whole process.

With --add-one every voter's share is raised step by step (184 times). pabutools takes 8 minutes and 10 GB for that, so
it is left out unless asked for with --add-one-peer.

pabutools is GPL: it is no part of Tandem and runs in a process of its own. The election is looked for in the folder
named by --data or TANDEM_SHARED_DATA.

Usage: python benchmarks/budget_equal_shares.py [--add-one | --add-one-peer] [--data FOLDER] [--peer-python PROGRAM]
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import peers

TANDEM = """
import json, resource, sys, time
from pathlib import Path
from tandem.participation.adapters.pabulib import read
from tandem.participation.domain.budget.allocation import allocate
from tandem.participation.domain.budget.rule import Rule
election = read(Path(sys.argv[1]).read_bytes()).election
begun = time.perf_counter()
winners = allocate(election, Rule(add_one=sys.argv[2] == "add-one")).winners
"""
PABUTOOLS = """
import json, resource, sys, time
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule
instance, profile = parse_pabulib(sys.argv[1])
votes = {each: profile.approval_score(each) for each in instance}
ties = TieBreakingRule(lambda _instance, _profile, each: (-votes[each], each.cost, each.name))
step = 1 if sys.argv[2] == "add-one" else None
begun = time.perf_counter()
winners = [each.name for each in method_of_equal_shares(
    instance, profile, sat_class=Cost_Sat, tie_breaking=ties, voter_budget_increment=step)]
"""
REPORT = """
rule_s = time.perf_counter() - begun
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"winners": list(winners), "rule_s": rule_s, "peak_mb": peak_mb}))
"""


def measured(python: str, program: str, election: Path, rule: str, *, times: int) -> dict[str, Any]:
    """Run a program several times; return its winners and the medians of its figures."""
    command = [python, "-c", program + REPORT, str(election), rule]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(times)
    ]
    figures = {name: median(each[name] for each in runs) for name in ("rule_s", "peak_mb")}
    return {"winners": runs[0]["winners"], "figures": figures}


def peer_python(named: str) -> str:
    """Return the Python that has pabutools."""
    python = named or peers.peer("python")
    if subprocess.run([python, "-c", "import pabutools"], capture_output=True, check=False).returncode:
        sys.exit(f"{python} has no pabutools; name one that has it with --peer-python.")
    return python


def compare(election: Path, rule: str, *, python: str) -> None:
    """Measure both, or Tandem alone if no Python is given for the peer, and print the ratio."""
    ours = measured(sys.executable, TANDEM, election, rule, times=5)
    figures = [("Tandem", ours["figures"])]
    if python:
        theirs = measured(python, PABUTOOLS, election, rule, times=1)
        if theirs["winners"] != ours["winners"]:
            sys.exit(f"The winners differ: {theirs['winners']} by pabutools, {ours['winners']} by Tandem.")
        figures.insert(0, ("pabutools, exact", theirs["figures"]))
    peers.show(f"Equal Shares ({rule}), {election.stem}", figures, by="rule_s")


def main() -> None:
    """Compare Equal Shares, then Add1 if it is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Path(os.environ.get("TANDEM_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--add-one", action="store_true", help="with Add1, Tandem alone")
    parser.add_argument("--add-one-peer", action="store_true", help="with Add1, both: 8 minutes and 10 GB")
    parser.add_argument("--peer-python", default="", help="a Python that has pabutools")
    options = parser.parse_args()
    election = options.data / "pabulib" / "Poland_Warszawa_2026.pb"
    if not election.is_file():
        sys.exit(f"There is no election at {election}; name the folder with --data.")
    python = peer_python(options.peer_python)
    compare(election, "plain", python=python)
    if options.add_one or options.add_one_peer:
        compare(election, "add-one", python=python if options.add_one_peer else "")


if __name__ == "__main__":
    main()
