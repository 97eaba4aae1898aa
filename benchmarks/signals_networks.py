"""Signals: the planner against its peers on eight real networks, one setting for all.

Needs the networks of RESCO (Cologne, Ingolstadt) and of the DLR (Bologna), which are not part of this project; the
folder is named by --data or TANDEM_SHARED_DATA. Finished runs are kept in benchmarks/results/signals.jsonl, which is
part of the project: what is there is not run again, unless the code that decides it has changed, and --show prints the
table without running anything. All of it takes hours; --networks, --controllers and --seeds choose a part.

The figure is RESCO's delay in seconds per vehicle: lost time and late departure of all vehicles, whether they
finished or not. A run is locked when somebody stands for more than ten minutes; the mean leaves locked runs out and
says how many they were. A run ends where it locks, as nothing of what would come after that is shown.

SUMO takes somebody out of the way only after standing for so long in one go as --teleport says. A run without
teleport in which nobody stood for 300 s is therefore the run with 300 s, and is taken for it; --measure runs it all
the same, and stops if the two differ.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tandem.signals.domain.summing_up.interval import interval
from tandem.signals.experiment.compare import compare, tasks
from tandem.signals.experiment.results import RunResult
from tandem.signals.experiment.run import Task
from tandem.signals.experiment.template import read_seeds
from tandem.signals.plant.sumo_import import Timing
from tandem.signals.plant.sumo_view import Sight

NETWORKS = (
    "cologne1",
    "cologne3",
    "cologne8",
    "ingolstadt1",
    "ingolstadt7",
    "ingolstadt21",
    "bologna-pasubio",
    "bologna-acosta",
)
PEERS = (
    "sumo-static",
    "sumo-actuated",
    "sumo-delay-based",
    "max-pressure",
    "longest-queue",
    "wave",
)
SEES_M = 200.0
NEVER = -1
RESULTS = Path(__file__).parent / "results" / "signals.jsonl"


@dataclass(frozen=True, slots=True)
class Row:
    """What is kept of a run.

    Attributes:
        key: What the run is known by; names the code that decided it, too.
        stood_s: Longest that anybody stood in one go; where it was not measured, the longest wait of one trip.
    """

    key: str
    network: str
    controller: str
    seed: int
    teleport_s: int
    realistic: bool
    range_m: float
    missed: float
    delay_s: float
    wait_s: float
    longest_wait_s: float
    stood_s: float
    locked: bool

    @classmethod
    def of(cls, run: RunResult) -> "Row":
        """Return what is kept of a run."""
        everybody, options = run.of("all"), run.options
        assert everybody is not None
        stood_s = everybody.longest_wait_s if run.longest_stand_s is None else run.longest_stand_s
        return cls(
            run.key,
            run.scenario,
            run.controller,
            run.seed,
            options["teleport_s"],
            options["timing"]["all_red_ms"] > 0,
            options["sight"]["range_m"],
            options["sight"]["missed_share"],
            round(everybody.delay_s, 3),
            round(everybody.wait_s, 3),
            everybody.longest_wait_s,
            stood_s,
            run.locked_at_s is not None,
        )


class Kept:
    """The file of finished runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: dict[str, Row] = {}
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                row = Row(**json.loads(line))
                self.rows[row.key] = row

    def add(self, run: RunResult, task: Task) -> Row:
        """Keep a run; one that did not lock is kept as the one that it is: a whole one."""
        row = Row.of(run)
        if not row.locked:
            row = replace(row, key=whole(task).key)
        self.rows[row.key] = row
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row), separators=(",", ":")) + "\n")
        return row

    def find(self, task: Task, *, measure: bool = False) -> Row | None:
        """Return a run that is there: itself, or the one without teleport in which there was nothing to take away."""
        row = self.rows.get(whole(task).key) or self.rows.get(task.key)
        if row or measure or task.teleport_s == NEVER:
            return row
        free = self.find(replace(task, teleport_s=NEVER))
        return free if free and free.stood_s < task.teleport_s - 1 else None


def whole(task: Task) -> Task:
    """Return a run that goes on to its end."""
    return replace(task, until_locked=False)


def main() -> None:
    """Run what is asked for and missing, and print the tables."""
    options = read_options()
    kept = Kept(RESULTS)
    for teleport_s in options.teleport:
        found: list[Row] = []
        for network in options.networks:
            rows: list[Row] = []
            for controller in options.controllers:
                rows += runs_of(network, controller, teleport_s, options, kept)
            show(network, teleport_s, rows)
            found += rows
        print("\n" + "\n".join(table(found, options.controllers)))


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(os.environ.get("TANDEM_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--networks", type=lambda text: text.split(","), default=list(NETWORKS))
    parser.add_argument(
        "--controllers", type=lambda text: text.split(","), default=[*PEERS, "actuated", "planner"]
    )
    parser.add_argument("--seeds", type=read_seeds, default=read_seeds("10"))
    parser.add_argument(
        "--teleport", type=lambda text: [int(each) for each in text.split(",")], default=[NEVER, 300]
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--realistic", action="store_true", help="3 s of all red, minimum green 8 s")
    parser.add_argument("--range", dest="range_m", type=float, default=SEES_M)
    parser.add_argument("--missed", type=float, default=0.0)
    parser.add_argument("--show", action="store_true", help="print what is kept, run nothing")
    parser.add_argument(
        "--measure", action="store_true", help="run with teleport where it can make no difference"
    )
    options = parser.parse_args()
    if not options.show and not (options.data / "sumo").is_dir():
        sys.exit(
            f"There are no networks in {options.data / 'sumo'}; name the folder with --data, or use --show."
        )
    return options


def wanted(network: str, controller: str, teleport_s: int, options: argparse.Namespace) -> list[Task]:
    """Return the runs of one controller on one network."""
    planner = controller == "planner"
    template = Task(
        scenario=network,
        config=next((options.data / "sumo" / network).glob("*.sumocfg"), Path()),
        controller="",
        seed=0,
        teleport_s=teleport_s,
        sight=Sight(range_m=options.range_m if planner else SEES_M, missed_share=options.missed),
        timing=Timing(all_red_ms=3_000, minimum_green_ms=8_000) if options.realistic else Timing(),
        emissions=False,
        trace=False,
        until_locked=True,
    )
    return [replace(each, trace=False) for each in tasks(template, [controller], options.seeds)]


def runs_of(
    network: str, controller: str, teleport_s: int, options: argparse.Namespace, kept: Kept
) -> list[Row]:
    """Return what is kept of one controller's runs on one network; what is missing is run first."""
    every = wanted(network, controller, teleport_s, options)
    missing = [] if options.show else [task for task in every if not kept.find(task, measure=options.measure)]

    def told(done: int, total: int, run: RunResult) -> None:
        task = next(each for each in every if each.key == run.key)
        row = kept.add(run, task)
        text = "locked" if row.locked else f"{row.delay_s:.1f} s"
        print(f"  {network} {controller} {run.seed} ({done}/{total}): {text}", file=sys.stderr)
        check_equal(row, task, kept)

    compare(missing, jobs=options.jobs, progress=told)
    return [row for task in every if (row := kept.find(task))]


def check_equal(row: Row, task: Task, kept: Kept) -> None:
    """Stop if a run differs from the one without teleport that would have been taken for it."""
    free = kept.find(replace(task, teleport_s=NEVER))
    if task.teleport_s != NEVER and free and free.stood_s < task.teleport_s - 1:
        same = (row.delay_s, row.wait_s, row.longest_wait_s) == (
            free.delay_s,
            free.wait_s,
            free.longest_wait_s,
        )
        if not same:
            sys.exit(
                f"{row.network}, {row.controller}, seed {row.seed}: teleport made a difference, {row} {free}"
            )
        print(f"  {row.network} {row.controller} {row.seed}: the same to the digit without", file=sys.stderr)


def show(network: str, teleport_s: int, found: Sequence[Row]) -> None:
    """Print one network's figures, and the planner's ratio to the best peer."""
    if not found:
        return
    print(f"\n{network}, teleport {teleport_s} s")
    means = {}
    for controller in dict.fromkeys(row.controller for row in found):
        rows = [row for row in found if row.controller == controller]
        locked = [row for row in rows if row.locked]
        free = [row.delay_s for row in rows if not row.locked]
        text = "      -"
        if free:
            value = interval(free)
            text = f"{value.mean:7.2f} ({value.least:.1f}-{value.most:.1f})"
            if not locked:
                means[controller] = value.mean
        whole_runs = [row for row in rows if not row.locked]
        if whole_runs:
            text += f"  longest wait {max(row.longest_wait_s for row in whole_runs):.0f} s"
            text += f"  nobody stood longer than {max(row.stood_s for row in whole_runs):.0f} s"
        print(f"  {controller:17}locked {len(locked):2} of {len(rows):2}  {text}")
    peers = [mean for name, mean in means.items() if name in PEERS]
    if "planner" in means and peers:
        print(f"  planner / best peer that never locks: {means['planner'] / min(peers):.2f}")


def table(found: Iterable[Row], controllers: Sequence[str]) -> list[str]:
    """Return all of it as a table in Markdown."""
    rows = list(found)
    lines = ["| network | " + " | ".join(controllers) + " |", "|---" * (len(controllers) + 1) + "|"]
    for network in dict.fromkeys(row.network for row in rows):
        cells = []
        for controller in controllers:
            here = [row for row in rows if (row.network, row.controller) == (network, controller)]
            free = [row.delay_s for row in here if not row.locked]
            text = f"{sum(free) / len(free):.1f}" if free else "-" if here else ""
            if len(free) < len(here):
                text += f", {len(here) - len(free)} of {len(here)} locked"
            cells.append(text)
        lines.append(f"| {network} | " + " | ".join(cells) + " |")
    return lines


if __name__ == "__main__":
    main()
