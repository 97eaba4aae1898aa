"""Signals: where people wait, before a signal or elsewhere; the planner beside the plan as shipped.

Needs a network of the DLR or of RESCO, which are not part of this project; the folder is named by --data or
TANDEM_SHARED_DATA. Whoever stands (slower than 0.1 m/s, and not at a stop of theirs) is counted each second for the
road they are on: one that leads to a signal, or one that does not, such as the approach of a junction where priority
rules. The longest wait of a trip is the sum of its waits, as SUMO has it; its parts before signals and elsewhere are
shown, and who waited longest.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tandem.signals.control.policy import Policy
from tandem.signals.experiment.controllers import NATIVE, WITH_MORE_STAGES, Setting
from tandem.signals.experiment.run import Log, control, supervised
from tandem.signals.experiment.template import read_seeds
from tandem.signals.plant.sumo import SumoOptions, SumoPlant
from tandem.signals.plant.sumo_import import Timing
from tandem.signals.plant.sumo_view import Sight

STANDS_MPS = 0.1
SEES_M = 200.0


class Watched(SumoPlant):
    """A scenario in which each second of standing is counted: (vehicle, road) → seconds."""

    stood_s: Counter[tuple[str, str]]
    signalled: frozenset[str]

    def start(self) -> None:
        """Load the scenario, and find out which roads lead to signals."""
        super().start()
        lights = self.sumo.trafficlight
        lanes = {lane for light in lights.getIDList() for lane in lights.getControlledLanes(light)}
        self.signalled = frozenset(self.sumo.lane.getEdgeID(lane) for lane in lanes)
        self.stood_s = Counter()

    def step(self) -> None:
        """Go on by one second."""
        super().step()
        vehicles = self.sumo.vehicle
        for each in vehicles.getIDList():
            if vehicles.getSpeed(each) < STANDS_MPS and not vehicles.isStopped(each):
                self.stood_s[each, vehicles.getRoadID(each)] += 1


def waits(config: Path, controller: str, seed: int) -> Watched:
    """Return a finished run."""
    options = SumoOptions(
        seed=seed,
        sight=Sight(range_m=SEES_M),
        timing=Timing() if controller in WITH_MORE_STAGES else Timing(most_stages=1),
        native=NATIVE.get(controller, ""),
    )
    plant = Watched(config, options)
    if options.native:
        plant.start()
        while not plant.done:
            plant.observe()
            plant.step()
        plant.close()
    else:
        log = Log(plant.junctions, traced_s=0)
        setting = Setting(Policy(), 0)
        control(plant, supervised(plant, controller, setting), log, clock=time.perf_counter)
    return plant


def by_trip(plant: Watched, roads: Sequence[str] | None = None) -> Counter[str]:
    """Return how long each trip's vehicle stood, on these roads or on any."""
    found: Counter[str] = Counter()
    for (vehicle, road), seconds in plant.stood_s.items():
        if roads is None or road in roads:
            found[vehicle] += seconds
    return found


def show(controller: str, seed: int, plant: Watched) -> None:
    """Print one run's figures."""
    elsewhere = sorted({road for _vehicle, road in plant.stood_s} - plant.signalled)
    everywhere = by_trip(plant)
    for name, found in (
        ("before signals", by_trip(plant, sorted(plant.signalled))),
        ("elsewhere", by_trip(plant, elsewhere)),
        ("all of it", everywhere),
    ):
        mean_s = sum(found.values()) / max(len(everywhere), 1)
        longest_s = max(found.values(), default=0)
        print(f"  {controller:14} seed {seed:2}  {name:15} mean {mean_s:5.1f} s  longest {longest_s:4} s")
    vehicle, _seconds = everywhere.most_common(1)[0]
    roads = Counter({road: seconds for (who, road), seconds in plant.stood_s.items() if who == vehicle})
    told = ", ".join(
        f"{road} {seconds} s{' (signal)' if road in plant.signalled else ''}"
        for road, seconds in roads.most_common(4)
    )
    print(f"  {'':14} {'':7}  who waited longest stood on {told}", flush=True)


def main() -> None:
    """Run what is asked for, and print where people waited."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(os.environ.get("TANDEM_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--network", default="bologna-acosta")
    parser.add_argument(
        "--controllers", type=lambda text: text.split(","), default=["sumo-static", "planner"]
    )
    parser.add_argument("--seeds", type=read_seeds, default=read_seeds("4"))
    options = parser.parse_args()
    config = next((options.data / "sumo" / options.network).glob("*.sumocfg"), None)
    if config is None:
        parser.error(
            f"There is no network {options.network} in {options.data / 'sumo'}; name it with --data."
        )
    print(f"{options.network}, waits in seconds per vehicle that stood at all")
    for seed in options.seeds:
        for controller in options.controllers:
            show(controller, seed, waits(config, controller, seed))


if __name__ == "__main__":
    main()
