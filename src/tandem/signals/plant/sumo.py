"""SUMO as the plant: a run of a scenario, second by second, by libsumo in this process.

One process runs one scenario at a time, since libsumo is one simulation. What controllers see is made here:
vehicles by distance to the stop line along their way, across edges; exits; the box.
"""

import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tandem.core.errors import Unavailable
from tandem.core.text import say
from tandem.signals.domain.aspect import Aspect
from tandem.signals.estimation.observation import EXIT, USER, Observation
from tandem.signals.plant.sumo_import import Timing, Wired, chain_of, junctions_of
from tandem.signals.plant.sumo_net import Connection, Net, Scenario, copy_scenario, read_net, read_scenario
from tandem.signals.safety.command import SignalCommand

SIGNS = {Aspect.RED: "r", Aspect.RED_YELLOW: "u", Aspect.YELLOW: "y"}
LOCKED_S = 600.0
STOOD_MPS = 0.5
BOX_MPS = 2.0
GAP_M = 2.5


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
        range_m: How far upstream vehicles are seen.
        look_through_m: How far those are seen that have another signal in between.
        missed_share: Share of vehicles that the detectors never see.
    """

    seed: int = 1
    duration_s: int = 3_600
    teleport_s: int = -1
    range_m: float = 100.0
    look_through_m: float = 300.0
    missed_share: float = 0.0
    timing: Timing = field(default_factory=Timing)
    twins: bool = True
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Leg:
    """The way from a place on a route to the next stop line.

    Attributes:
        base_m: From the end of the edge to the stop line.
        edge: Number of the edge within the route that ends at the stop line.
    """

    junction: int
    movement: int
    base_m: float
    edge: int
    beyond_m: float
    to_lane: int


@dataclass(slots=True)
class _Vehicle:
    route: tuple[str, ...]
    length_m: float
    factor: float
    most_mps: float
    kind: int
    seen: bool
    stops: bool
    stood_at: tuple[int, int] = (-1, -1)
    stood_s: float = 0.0
    still_s: float = 0.0


_VARIABLES: tuple[int, ...] = (0x51, 0x56, 0x40, 0x69)  # lane, position on it, speed, place in the route
_STOP_STATE = 0xB5
KINDS = {"pedestrian": 1, "bicycle": 2, "bus": 3, "tram": 4, "coach": 3, "rail_urban": 4}


class SumoPlant:
    """A scenario that runs in SUMO.

    Args:
        config: The ``.sumocfg``.
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
        self.scenario: Scenario = read_scenario(config)
        self.net: Net = read_net(self.scenario.net, self.scenario.additional)
        self.wired: list[Wired] = junctions_of(self.net, timing=options.timing, twins=options.twins)
        self._folder = tempfile.TemporaryDirectory(prefix="tandem-sumo-")
        self._index()
        self._vehicles: dict[str, _Vehicle] = {}
        self._legs: dict[tuple[tuple[str, ...], int, int], _Leg | None] = {}
        self._red: list[set[int]] = [set() for _wired in self.wired]
        self._random = np.random.default_rng(options.seed)
        self.locked_since_s: float | None = None
        self.longest_still_s = 0.0

    # --- running ----------------------------------------------------------------------------------
    def start(self) -> None:
        """Load the scenario and go to its first second."""
        tripinfo = Path(self._folder.name, "tripinfo.xml")
        config = copy_scenario(self.scenario, Path(self._folder.name, "scenario"))
        self.sumo.start(
            [
                "sumo",
                "-c", str(config),
                "--seed", str(self.options.seed),
                "--time-to-teleport", str(self.options.teleport_s),
                "--tripinfo-output", str(tripinfo),
                "--tripinfo-output.write-unfinished", "true",
                "--tripinfo-output.write-undeparted", "true",
                "--no-step-log", "true", "--no-warnings", "true", "--duration-log.disable", "true",
                "--log", str(Path(self._folder.name, "log.txt")),
                *self.options.extra,
            ]
        )  # fmt: skip
        self._began_s = float(self.sumo.simulation.getTime())

    @property
    def now_ms(self) -> int:
        """Milliseconds since the beginning of the run."""
        return round((float(self.sumo.simulation.getTime()) - self._began_s) * 1000)

    @property
    def done(self) -> bool:
        """True when the run's time is over."""
        return self.now_ms >= self.options.duration_s * 1000

    def apply(self, number: int, command: SignalCommand) -> None:
        """Show a command's aspects at a junction."""
        wired = self.wired[number]
        states = {tl: ["r"] * width for tl, width in wired.widths.items()}
        red = self._red[number]
        red.clear()
        for group, aspect, protected in zip(
            wired.junction.groups, command.aspects, command.protected, strict=True
        ):
            sign = ("G" if protected else "g") if aspect is Aspect.GREEN else SIGNS[aspect]
            for tl, link in wired.links[group.id]:
                states[tl][link] = sign
            if aspect is not Aspect.GREEN:
                red.update(self._movements_of_group[number][group.id])
        for tl, signs in states.items():
            self.sumo.trafficlight.setRedYellowGreenState(tl, "".join(signs))

    def step(self) -> None:
        """Go on by one second."""
        self.sumo.simulationStep()
        for name in self.sumo.simulation.getDepartedIDList():
            self._enter(name)
        for name in self.sumo.simulation.getArrivedIDList():
            self._vehicles.pop(name, None)

    def close(self) -> Path:
        """End the run; return the file of trips."""
        self.sumo.close()
        return Path(self._folder.name, "tripinfo.xml")

    # --- what is seen -----------------------------------------------------------------------------
    def observe(self) -> list[Observation]:
        """Return what each junction sees now."""
        now_ms = self.now_ms
        rows: list[list[tuple[Any, ...]]] = [[] for _wired in self.wired]
        on_lane: dict[str, list[tuple[float, float, float]]] = {}
        boxes = [np.zeros(len(wired.junction.movements), np.int64) for wired in self.wired]
        for name, values in self.sumo.vehicle.getAllSubscriptionResults().items():
            vehicle = self._vehicles.get(name)
            if vehicle is None:
                continue
            lane, speed, position = values[0x51], values[0x40], values[0x56]
            if not lane:
                continue
            on_lane.setdefault(lane, []).append((position, speed, vehicle.length_m))
            at_stop = vehicle.stops and bool(values.get(_STOP_STATE, 0))
            self._note_standing(vehicle, speed, at_stop=at_stop)
            if lane[0] == ":":
                inside = self._box_of.get(lane)
                if inside is not None and speed < BOX_MPS:
                    boxes[inside[0]][inside[1]] += 1
            if vehicle.seen:
                self._see(rows, vehicle, lane, position, speed, values[0x69], at_stop=at_stop)
        exits = self._exits(on_lane)
        return [
            Observation(now_ms, np.array(rows[number], USER), exits[number], boxes[number])
            for number in range(len(self.wired))
        ]

    def _note_standing(self, vehicle: _Vehicle, speed: float, *, at_stop: bool) -> None:
        vehicle.still_s = vehicle.still_s + 1 if speed < 0.1 and not at_stop else 0.0
        if vehicle.still_s > self.longest_still_s:
            self.longest_still_s = vehicle.still_s
            if vehicle.still_s > LOCKED_S and self.locked_since_s is None:
                self.locked_since_s = self.now_ms / 1000 - LOCKED_S

    def _see(
        self,
        rows: list[list[tuple[Any, ...]]],
        vehicle: _Vehicle,
        lane: str,
        position: float,
        speed: float,
        place: int,
        *,
        at_stop: bool,
    ) -> None:
        if lane[0] == ":":
            place += 1
            if place >= len(vehicle.route):
                return
            index, left = 0, self._inner_left(lane, position) + self.net.length_m(vehicle.route[place])
        else:
            found = self.net.lanes[lane]
            index, left = found.index, found.length_m - position
        leg = self._leg(vehicle.route, place, index)
        if leg is None:
            return
        here = (leg.junction, leg.edge)
        if vehicle.stood_at != here:
            vehicle.stood_at, vehicle.stood_s = here, 0.0
        if speed < STOOD_MPS and not at_stop:
            vehicle.stood_s += 1
        distance = left + leg.base_m
        allowed = min(vehicle.most_mps, self._speed(vehicle.route[leg.edge]) * vehicle.factor)
        after = (
            self._leg(vehicle.route, leg.edge + 1, leg.to_lane) if leg.edge + 1 < len(vehicle.route) else None
        )
        onward = (
            after.movement if after and after.junction == leg.junction and self._is_twin(leg, after) else -1
        )
        if distance <= self.options.range_m:
            rows[leg.junction].append(
                (
                    leg.movement,
                    onward,
                    vehicle.kind,
                    distance,
                    speed,
                    allowed,
                    vehicle.stood_s,
                    vehicle.length_m,
                    0,
                    0,
                    1.0,
                )
            )
        if after is None or after.junction == leg.junction:
            return
        far = distance + leg.beyond_m + after.base_m + self.net.length_m(vehicle.route[leg.edge + 1])
        if far <= self.options.look_through_m:
            held = int(leg.movement in self._red[leg.junction])
            rows[after.junction].append(
                (after.movement, -1, vehicle.kind, far, speed, allowed, 0.0, vehicle.length_m, held, 1, 1.0)
            )

    def _is_twin(self, leg: _Leg, after: _Leg) -> bool:
        return (leg.junction, leg.movement, after.movement) in self._twin_pairs

    def _leg(self, route: tuple[str, ...], place: int, index: int) -> _Leg | None:
        key = (route, place, index)
        if key not in self._legs:
            self._legs[key] = self._find_leg(route, place, index)
        return self._legs[key]

    def _find_leg(self, route: tuple[str, ...], place: int, index: int) -> _Leg | None:
        """Return the way to the next stop line, going from lane to lane as the network connects them."""
        base_m = 0.0
        for number in range(place, len(route) - 1):
            ways = self._ways_between.get((route[number], route[number + 1]))
            if not ways:
                return None
            way = min(
                ways,
                key=lambda each: (
                    abs(self.net.lanes[each.from_lane].index - index),
                    abs(self.net.lanes[each.to_lane].index - index),
                ),
            )
            inner_m = sum(self.net.lanes[lane].length_m for lane in way.path)
            if way.tl and id(way) in self._movement_of:
                junction, movement = self._movement_of[id(way)]
                return _Leg(junction, movement, base_m, number, inner_m, self.net.lanes[way.to_lane].index)
            base_m += inner_m + self.net.length_m(route[number + 1])
            index = self.net.lanes[way.to_lane].index
        return None

    def _inner_left(self, lane: str, position: float) -> float:
        found = self.net.lanes.get(lane)
        return max(0.0, found.length_m - position) if found else 0.0

    def _speed(self, edge: str) -> float:
        return self.net.lanes[self.net.edges[edge][0]].speed_mps

    def _exits(
        self, on_lane: Mapping[str, Sequence[tuple[float, float, float]]]
    ) -> list[np.ndarray[Any, Any]]:
        found = []
        for wired, chains in zip(self.wired, self._chains, strict=True):
            table = np.zeros(len(chains), EXIT)
            for number, (exit_, chain) in enumerate(zip(wired.junction.exits, chains, strict=True)):
                used, count, speeds = 0.0, 0, 0.0
                gap, tail_speed, start = exit_.storage_m, 99.0, 0.0
                for lane in chain:
                    for position, speed, length in on_lane.get(lane, ()):
                        used += length + GAP_M
                        count += 1
                        speeds += speed
                        tail = start + position - length
                        if tail < gap:
                            gap, tail_speed = tail, speed
                    start += self.net.lanes[lane].length_m
                mean = speeds / count if count else 99.0
                table[number] = (exit_.storage_m, used, count, mean, max(gap, 0.0), tail_speed)
            found.append(table)
        return found

    # --- tables -----------------------------------------------------------------------------------
    def _enter(self, name: str) -> None:
        api = self.sumo.vehicle
        kind = api.getVehicleClass(name)
        stops = kind in {"bus", "coach", "tram"}
        self._vehicles[name] = _Vehicle(
            tuple(api.getRoute(name)),
            api.getLength(name),
            api.getSpeedFactor(name),
            api.getMaxSpeed(name),
            KINDS.get(kind, 0),
            seen=bool(self._random.random() >= self.options.missed_share),
            stops=stops,
        )
        api.subscribe(name, (*_VARIABLES, _STOP_STATE) if stops else _VARIABLES)

    def _index(self) -> None:
        self._movement_of: dict[int, tuple[int, int]] = {}
        self._box_of: dict[str, tuple[int, int]] = {}
        self._movements_of_group: list[dict[str, list[int]]] = []
        self._chains: list[list[list[str]]] = []
        self._twin_pairs: set[tuple[int, int, int]] = set()
        for number, wired in enumerate(self.wired):
            of_group: dict[str, list[int]] = {group.id: [] for group in wired.junction.groups}
            leads_to = {exit_.id: exit_.leads_to for exit_ in wired.junction.exits}
            for place, movement in enumerate(wired.junction.movements):
                way = wired.ways[movement.id]
                self._movement_of[id(way)] = (number, place)
                of_group[movement.group].append(place)
                for lane in way.path:
                    self._box_of[lane] = (number, place)
                for other, onward in enumerate(wired.junction.movements):
                    if leads_to.get(movement.exit) and onward.lane == leads_to[movement.exit]:
                        self._twin_pairs.add((number, place, other))
            self._movements_of_group.append(of_group)
            self._chains.append([chain_of(self.net, exit_.id)[0] for exit_ in wired.junction.exits])
        self._ways_between: dict[tuple[str, str], list[Connection]] = {}
        for way in self.net.connections:
            pair = (self.net.lanes[way.from_lane].edge, self.net.lanes[way.to_lane].edge)
            self._ways_between.setdefault(pair, []).append(way)


@dataclass(frozen=True, slots=True)
class Trips:
    """What became of all vehicles of a run.

    Attributes:
        delay_s: RESCO's: lost time and late departure of all vehicles, finished or not, by their number.
        longest_wait_s: The longest that one trip stood.
    """

    vehicles: int
    finished: int
    delay_s: float
    wait_s: float
    longest_wait_s: float
    stops: float
    by_kind: Mapping[str, tuple[int, float, float, float]]


def read_trips(path: Path) -> Trips:
    """Return what SUMO's tripinfo tells."""
    delays, waits, stops, finished, longest = 0.0, 0.0, 0.0, 0, 0.0
    kinds: dict[str, list[tuple[float, float]]] = {}
    for _event, trip in ET.iterparse(path):  # noqa: S314 - SUMO wrote it a moment ago
        if trip.tag != "tripinfo":
            continue
        depart_delay = max(0.0, float(trip.get("departDelay", 0)))
        delay = max(0.0, float(trip.get("timeLoss", 0))) + depart_delay
        wait = max(0.0, float(trip.get("waitingTime", 0)))
        kinds.setdefault(trip.get("vType", "").split("@")[0], []).append((delay, wait))
        delays, waits = delays + delay, waits + wait
        stops += max(0.0, float(trip.get("waitingCount", 0)))
        finished += float(trip.get("arrival", -1)) >= 0
        longest = max(longest, wait)
        trip.clear()
    number = sum(len(each) for each in kinds.values())
    some = max(number, 1)
    by_kind = {
        kind: (
            len(each),
            sum(delay for delay, _wait in each) / len(each),
            sum(wait for _delay, wait in each) / len(each),
            max(wait for _delay, wait in each),
        )
        for kind, each in kinds.items()
    }
    return Trips(number, finished, delays / some, waits / some, longest, stops / some, by_kind)
