"""Claim: opinion groups of 2,031 people and 896 statements take 0.3 s and an import of 0.5 s, less than red-dwarf.

Both make groups of the same made-up votes, from the votes one by one to a group for everybody, as Polis does. Five
votes more are then reckoned with from where the first time ended, which the peer cannot. Every figure is of one thread;
the CPU time is what counts where other work runs beside it.

red-dwarf is MPL-2.0: it is no part of Tandem and runs in a process of its own.

Usage: python benchmarks/opinion_groups.py [--people N] [--statements N] [--peer-python PROGRAM]
"""

import argparse
import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

import peers

VOTES = """
import json, random, resource, sys, time
people, statements = int(sys.argv[1]), int(sys.argv[2])
draw = random.Random(1)
camps = [[draw.choice((0.1, 0.5, 0.9)) for _each in range(statements)] for _camp in range(3)]
cast = [
    (person, statement, -1 if draw.random() > camps[person % 3][statement] else draw.choice((1, 1, 1, 0)))
    for person in range(people)
    for statement in draw.sample(range(statements), min(statements, 7 + int(draw.expovariate(1 / 60))))
]
begun = time.perf_counter(), time.process_time()
"""
TANDEM = """
from tandem.participation.domain.opinion.conversation import update
from tandem.participation.domain.opinion.description import describe, priorities
from tandem.participation.domain.opinion.votes import Votes
figures = {"import_s": time.perf_counter() - begun[0]}
cast = [(str(person), str(statement), value) for person, statement, value in cast]
begun = time.perf_counter(), time.process_time()
votes = Votes.of(cast)
found = update(votes)
figures |= {"groups_s": time.perf_counter() - begun[0], "groups_cpu_s": time.process_time() - begun[1]}
begun = time.process_time()
update(votes.also([(str(each), "1", 1) for each in range(5)]), found.state)
figures["few_more_cpu_s"] = time.process_time() - begun
begun = time.process_time()
describe(found), priorities(found)
figures["told_cpu_s"] = time.process_time() - begun
count = found.group_count
"""
RED_DWARF = """
from reddwarf.implementations.polis import run_pipeline
figures = {"import_s": time.perf_counter() - begun[0]}
cast = [{"participant_id": person, "statement_id": statement, "vote": value} for person, statement, value in cast]
begun = time.perf_counter(), time.process_time()
found = run_pipeline(votes=cast)
figures |= {"groups_s": time.perf_counter() - begun[0], "groups_cpu_s": time.process_time() - begun[1]}
count = int(found.participants_df["cluster_id"].nunique())
"""
REPORT = """
figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"groups": count, "votes": len(cast), "figures": figures}))
"""
ONE_THREAD = {f"{each}_NUM_THREADS": "1" for each in ("OMP", "OPENBLAS", "MKL")}


def measured(python: str, program: str, size: tuple[int, int], *, times: int) -> dict[str, Any]:
    """Run a program several times; return how many groups it found and the medians of its figures."""
    command = [python, "-W", "ignore", "-c", VOTES + program + REPORT, *map(str, size)]
    runs = []
    for _each in range(times):
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD}
        )
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    figures = {name: median(each["figures"][name] for each in runs) for name in runs[0]["figures"]}
    return {**runs[0], "figures": figures}


def peer_python(named: str) -> str:
    """Return the Python that has red-dwarf."""
    python = named or peers.peer("python")
    if subprocess.run([python, "-c", "import reddwarf"], capture_output=True, check=False).returncode:
        sys.exit(f"{python} has no red-dwarf; name one that has it with --peer-python.")
    return python


def main() -> None:
    """Measure both, and print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=2_031)
    parser.add_argument("--statements", type=int, default=896)
    parser.add_argument("--peer-python", default="", help="a Python that has red-dwarf")
    options = parser.parse_args()
    size = options.people, options.statements
    python = peer_python(options.peer_python)
    theirs = measured(python, RED_DWARF, size, times=3)
    ours = measured(sys.executable, TANDEM, size, times=5)
    print(f"{ours['votes']} votes; groups: red-dwarf {theirs['groups']}, Tandem {ours['groups']}")
    rows = [("red-dwarf", theirs["figures"]), ("Tandem", ours["figures"])]
    for by in ("groups_cpu_s", "groups_s", "import_s", "peak_mb"):
        peers.show(f"Opinion groups, {size[0]} × {size[1]}", rows, by=by)


if __name__ == "__main__":
    main()
