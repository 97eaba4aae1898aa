"""Signals: the planner against its peers on eight real networks, one setting for all.

Needs the networks of RESCO (Cologne, Ingolstadt) and of the DLR (Bologna), which are not part of this project; the
folder is named by --data or TANDEM_SHARED_DATA. Finished runs are kept in benchmarks/data/signals.jsonl: the same
command goes on where it stopped. All of it takes hours; --networks, --controllers and --seeds choose a part.

The figure is RESCO's delay in seconds per vehicle: lost time and late departure of all vehicles, whether they
finished or not. A run is locked when somebody stands for more than ten minutes; the mean leaves locked runs out and
says how many they were.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from tandem.signals.experiment.compare import compare, tasks
from tandem.signals.experiment.results import RunResult, interval
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


def main() -> None:
    """Run what is asked for, and print the tables."""
    options = read_options()
    results = Path(__file__).parent / "data" / "signals.jsonl"
    for teleport_s in options.teleport:
        for network in options.networks:
            found = []
            for controller in options.controllers:
                found += run_one(network, controller, teleport_s, options, results)
            show(network, teleport_s, found)


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
        "--teleport", type=lambda text: [int(each) for each in text.split(",")], default=[-1, 300]
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--realistic", action="store_true", help="3 s of all red, minimum green 8 s")
    parser.add_argument("--range", dest="range_m", type=float, default=SEES_M)
    parser.add_argument("--missed", type=float, default=0.0)
    options = parser.parse_args()
    if not (options.data / "sumo").is_dir():
        sys.exit(f"There are no networks in {options.data / 'sumo'}; name the folder with --data.")
    return options


def run_one(
    network: str, controller: str, teleport_s: int, options: argparse.Namespace, results: Path
) -> list[RunResult]:
    """Return the runs of one controller on one network."""
    config = next((options.data / "sumo" / network).glob("*.sumocfg"))
    planner = controller == "planner"
    template = Task(
        scenario=network,
        config=config,
        controller="",
        seed=0,
        teleport_s=teleport_s,
        sight=Sight(range_m=options.range_m if planner else SEES_M, missed_share=options.missed),
        timing=Timing(all_red_ms=3_000, minimum_green_ms=8_000) if options.realistic else Timing(),
        emissions=False,
        trace=False,
    )
    wanted = tasks(template, [controller], options.seeds)
    wanted = [replace(each, trace=False) for each in wanted]

    def told(done: int, total: int, run: RunResult) -> None:
        print(f"  {network} {controller} {done}/{total}: {run.of('all').delay_s:.1f} s", file=sys.stderr)

    return compare(wanted, results=results, jobs=options.jobs, progress=told)


def show(network: str, teleport_s: int, found: list[RunResult]) -> None:
    """Print one network's table, and the planner's ratio to the best peer."""
    print(f"\n{network}, teleport {teleport_s} s")
    means = {}
    for controller in dict.fromkeys(run.controller for run in found):
        runs = [run for run in found if run.controller == controller]
        locked = [run for run in runs if run.locked_at_s is not None]
        free = [run.of("all") for run in runs if run.locked_at_s is None]
        longest = [f"{run.of('all').longest_wait_s:.0f}" for run in runs]
        if free:
            value = interval(each.delay_s for each in free)
            if not locked:
                means[controller] = value.mean
            text = f"{value.mean:7.2f} ({value.least:.1f}-{value.most:.1f})"
        else:
            text = "      -"
        print(
            f"  {controller:17}{text:24} locked {len(locked)} of {len(runs)}  longest wait {max(map(int, longest))} s"
        )
    peers = [mean for name, mean in means.items() if name in PEERS]
    if "planner" in means and peers:
        print(f"  planner / best peer that never locks: {means['planner'] / min(peers):.2f}")


if __name__ == "__main__":
    main()
