"""Signals: how long a decision takes, gate included: a millisecond allows a thousand junctions a second on one core.

Runs the planner on the scenario of this project, and on the networks of signals_networks.py where they are there
(--data or TANDEM_SHARED_DATA), and tells the processor's time, so that others who use the machine do not count.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from tandem.signals.experiment.run import Task, run
from tandem.signals.experiment.template import template
from tandem.signals.plant.sumo_view import Sight

NETWORKS = ("cologne1", "cologne3", "cologne8", "ingolstadt1", "ingolstadt7", "ingolstadt21")
LIMIT_MS = 1.0


def main() -> None:
    """Measure, and print one line for each scenario."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(os.environ.get("TANDEM_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--networks", type=lambda text: text.split(","), default=list(NETWORKS))
    parser.add_argument("--seconds", type=int, default=900)
    options = parser.parse_args()
    print(f"{'scenario':16} {'decisions':>9} {'mean ms':>8} {'p99 ms':>8} {'most ms':>8}")
    hamm, _notes = template("hamm")
    report("hamm", hamm.config, hamm.sight, options.seconds)
    for network in options.networks:
        config = next((options.data / "sumo" / network).glob("*.sumocfg"), None)
        if config is None:
            print(f"There is no {network} in {options.data / 'sumo'}.", file=sys.stderr)
            continue
        report(network, config, Sight(range_m=200.0), options.seconds)


def report(name: str, config: Path, sight: Sight, seconds: int) -> None:
    """Print one scenario's line. Each runs in a process of its own, as one process holds one simulation."""
    print(end="", flush=True)
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    task = Task(name, config, "planner", 1, duration_s=seconds, sight=sight, emissions=False, trace=False)
    took = run(task, clock=time.process_time).decisions
    word = "" if took["mean_ms"] <= LIMIT_MS else f"  more than {LIMIT_MS} ms"
    print(
        f"{name:16} {took['count']:9.0f} {took['mean_ms']:8.3f} {took['p99_ms']:8.3f} {took['most_ms']:8.3f}{word}",
        flush=True,
    )
    os._exit(0)


if __name__ == "__main__":
    main()
