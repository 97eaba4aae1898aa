"""SUMO as the plant: a run of a scenario, second by second, by libsumo in this process.

One process runs one scenario at a time, since libsumo is one simulation.
"""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tandem.core.errors import Unavailable
from tandem.core.text import say
from tandem.signals.domain.aspect import Aspect
from tandem.signals.domain.junction import Junction
from tandem.signals.estimation.observation import Observation
from tandem.signals.plant.outcome import Outcome
from tandem.signals.plant.scenario import read_own_scenario, write_run
from tandem.signals.plant.sumo_import import Timing, junctions_of
from tandem.signals.plant.sumo_net import Scenario, copy_scenario, read_net, read_scenario
from tandem.signals.plant.sumo_trips import read_trips
from tandem.signals.plant.sumo_view import Sight, View
from tandem.signals.safety.command import SignalCommand

SIGNS = {Aspect.RED: "r", Aspect.RED_YELLOW: "u", Aspect.YELLOW: "y"}
QUEUE_EVERY_S = 10


class SumoMissing(Unavailable):
    """libsumo is not installed."""

    code = "signals.sumo.missing"

    def __init__(self) -> None:
        super().__init__(say("The simulator SUMO is not installed: pip install 'tandem-city[signals]'"))


@dataclass(frozen=True, slots=True)
class SumoOptions:
    """How a run is done.

    Attributes:
        teleport_s: After how long SUMO takes a stuck vehicle out of the way; -1 for never.
        native: Leave the signals to SUMO: ``static``, ``actuated`` or ``delay_based``; empty: commands come.
        emissions: Whether carbon dioxide is counted.
        extra: More of SUMO's own command line.
    """

    seed: int = 1
    duration_s: int = 3_600
    teleport_s: int = -1
    sight: Sight = field(default_factory=Sight)
    timing: Timing = field(default_factory=Timing)
    twins: bool = True
    native: str = ""
    emissions: bool = False
    extra: tuple[str, ...] = ()


class SumoPlant:
    """A scenario that runs in SUMO.

    Args:
        config: A ``.sumocfg``, or a ``scenario.toml``.
        options: How the run is done.

    Raises:
        SumoMissing: libsumo is not installed.
        NotANetwork: The configuration or the network cannot be read.
    """

    def __init__(self, config: Path, options: SumoOptions) -> None:
        try:
            import libsumo
        except ImportError as error:
            raise SumoMissing from error
        self.sumo: Any = libsumo
        self.options = options
        self._folder = Path(tempfile.mkdtemp(prefix="tandem-sumo-"))
        self._clean_up = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        if config.suffix == ".toml":
            own = read_own_scenario(config)
            config = write_run(own, self._folder / "demand", seed=options.seed)
        self.scenario: Scenario = read_scenario(config)
        self.net = read_net(self.scenario.net, self.scenario.additional)
        self.wired = junctions_of(self.net, timing=options.timing, twins=options.twins)
        self.view = View(libsumo, self.net, self.wired, options.sight, np.random.default_rng(options.seed))
        self._began_s = 0.0
        self._queues: list[tuple[int, int]] = []

    @property
    def junctions(self) -> Sequence[Junction]:
        """The junctions, in the order of ``observe``."""
        return [wired.junction for wired in self.wired]

    @property
    def now_ms(self) -> int:
        """Milliseconds since the beginning of the run."""
        return round((float(self.sumo.simulation.getTime()) - self._began_s) * 1000)

    @property
    def done(self) -> bool:
        """True when the run's time is over."""
        return self.now_ms >= self.options.duration_s * 1000

    def start(self) -> None:
        """Load the scenario and go to its first second."""
        folder = self._folder
        config = copy_scenario(self.scenario, folder / "scenario")
        more = self._native_programmes(folder / "native.add.xml") if self.options.native else ()
        added = [str(config.parent / path.name) for path in self.scenario.additional]
        self.sumo.start(
            [
                "sumo",
                "-c", str(config),
                "--seed", str(self.options.seed),
                "--time-to-teleport", str(self.options.teleport_s),
                "--tripinfo-output", str(folder / "tripinfo.xml"),
                "--tripinfo-output.write-unfinished", "true",
                "--tripinfo-output.write-undeparted", "true",
                "--no-step-log", "true", "--no-warnings", "true", "--duration-log.disable", "true",
                "--log", str(folder / "log.txt"),
                *(("--additional-files", ",".join([*added, *more])) if more else ()),
                *(("--device.emissions.probability", "1") if self.options.emissions else ()),
                *self.options.extra,
            ]
        )  # fmt: skip
        self._began_s = float(self.sumo.simulation.getTime())

    def observe(self) -> Sequence[Observation | None]:
        """Return what each junction sees now; None while its detectors are silent."""
        seen = self.view.observe(self.now_ms)
        sight = self.options.sight
        if sight.silent_from_s <= self.now_ms / 1000 < sight.silent_until_s:
            return [None] * len(seen)
        return seen

    def apply(self, number: int, command: SignalCommand) -> None:
        """Show a command's aspects at a junction."""
        wired = self.wired[number]
        states = {tl: ["r"] * width for tl, width in wired.widths.items()}
        red = self.view.red[number]
        red.clear()
        for group, aspect, protected in zip(
            wired.junction.groups, command.aspects, command.protected, strict=True
        ):
            sign = ("G" if protected else "g") if aspect is Aspect.GREEN else SIGNS[aspect]
            for tl, link in wired.links[group.id]:
                states[tl][link] = sign
            if aspect is not Aspect.GREEN:
                red.update(self.view.movements_of_group[number][group.id])
        for tl, signs in states.items():
            self.sumo.trafficlight.setRedYellowGreenState(tl, "".join(signs))

    def step(self) -> None:
        """Go on by one second."""
        self.sumo.simulationStep()
        self.view.enter()
        second = self.now_ms // 1000
        if second % QUEUE_EVERY_S == 0:
            self._queues.append((second, self.view.queued))

    def close(self) -> Outcome:
        """End the run."""
        self.sumo.close()
        trips = read_trips(self._folder / "tripinfo.xml", kind_of=self._kind_of)
        self._clean_up()
        return Outcome(trips, self.view.locked_at_s, tuple(self._queues))

    def _kind_of(self, vehicle_type: str) -> str:
        return self.view.kind_of_type.get(vehicle_type, "car")

    def _native_programmes(self, path: Path) -> tuple[str, ...]:
        """Write the programmes anew as SUMO's own controllers, green between 5 and 50 s where they choose."""
        lines = ["<additional>"]
        for programme in self.net.programmes.values():
            lines.append(
                f'<tlLogic id="{programme.tl}" type="{self.options.native}" programID="tandem" '
                f'offset="{programme.offset_s}">'
            )
            for duration_s, state in programme.phases:
                green = set(state) & set("Gg") and not set(state) & set("yu")
                bounds = ' minDur="5" maxDur="50"' if green and self.options.native != "static" else ""
                lines.append(f'<phase duration="{duration_s}" state="{state}"{bounds}/>')
            lines.append("</tlLogic>")
        path.write_text("\n".join([*lines, "</additional>"]), "utf-8")
        return (str(path),)
