"""What the junctions of a SUMO run see: vehicles by distance along their way, walkers, exits, the box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tandem.signals.domain.junction import Turn
from tandem.signals.domain.users import BICYCLE, BUS, CAR, KIND_NAMES, PEDESTRIAN, TRAM
from tandem.signals.estimation.observation import EXIT, USER, Observation
from tandem.signals.plant.sumo_import import Wired, chain_of
from tandem.signals.plant.sumo_net import Connection, Net
from tandem.signals.plant.sumo_walks import Walks

LOCKED_S = 600.0
STOOD_MPS = 0.5
STILL_MPS = 0.1
BOX_MPS = 3.0
CLEARS_S = 2.5
GAP_M = 2.5
WALK_MPS = 1.3
AT_KERB_M = 0.5
LANE, POSITION, SPEED, PLACE, STOP_STATE, ROAD, NEXT, XY = 0x51, 0x56, 0x40, 0x69, 0xB5, 0x50, 0xC1, 0x42
OF_VEHICLES = (LANE, POSITION, SPEED, PLACE)
OF_PERSONS = (ROAD, POSITION, SPEED, XY)
KINDS = {
    "pedestrian": PEDESTRIAN,
    "bicycle": BICYCLE,
    "bus": BUS,
    "coach": BUS,
    "tram": TRAM,
    "rail_urban": TRAM,
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What detectors see.

    Attributes:
        range_m: How far upstream.
        look_through_m: How far those are seen that have another signal in between.
        missed_share: Share of road users that are never seen.
        noise_m: Standard deviation of measured distances, metres.
        noise_mps: Standard deviation of measured speeds.
        silent_from_s: From when to when no detector answers; equal for never.
    """

    range_m: float = 100.0
    look_through_m: float = 300.0
    missed_share: float = 0.0
    noise_m: float = 0.0
    noise_mps: float = 0.0
    silent_from_s: float = 0.0
    silent_until_s: float = 0.0


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


@dataclass(slots=True)
class _Walker:
    route: tuple[str, ...]
    seen: bool
    stood_at: int = -1
    stood_s: float = 0.0


class View:
    """Sees for all junctions of a run.

    Args:
        sumo: The running libsumo module.
    """

    def __init__(
        self, sumo: Any, net: Net, wired: Sequence[Wired], sight: Sight, random: np.random.Generator
    ) -> None:
        self.sumo, self.net, self.wired, self.sight = sumo, net, wired, sight
        self.red: list[set[int]] = [set() for _wired in wired]
        self.locked_at_s: float | None = None
        self.longest_still_s = 0.0
        self.queued = 0
        self.kind_of_type: dict[str, str] = {}
        self._random = random
        self._vehicles: dict[str, _Vehicle] = {}
        self._walkers: dict[str, _Walker] = {}
        self._legs: dict[tuple[tuple[str, ...], int, int], _Leg | None] = {}
        self._walks = Walks(net)
        self._index()

    # --- what is seen -----------------------------------------------------------------------------
    def observe(self, now_ms: int) -> list[Observation]:
        """Return what each junction sees now."""
        rows: list[list[tuple[Any, ...]]] = [[] for _wired in self.wired]
        on_lane: dict[str, list[tuple[float, float, float]]] = {}
        inner = [np.zeros((2, len(wired.junction.movements)), np.int64) for wired in self.wired]
        self.queued = 0
        for name, values in self.sumo.vehicle.getAllSubscriptionResults().items():
            vehicle = self._vehicles.get(name)
            if vehicle is None:
                continue
            lane, speed, position = values[LANE], values[SPEED], values[POSITION]
            if not lane:
                continue
            on_lane.setdefault(lane, []).append((position, speed, vehicle.length_m))
            at_stop = vehicle.stops and bool(values.get(STOP_STATE, 0))
            self._note_standing(vehicle, speed, now_ms, at_stop=at_stop)
            if lane[0] == ":":
                inside = self._box_of.get(lane)
                if inside is not None:
                    left_m = inside[2] + self.net.lanes[lane].length_m - position
                    inner[inside[0]][0, inside[1]] += 1
                    inner[inside[0]][1, inside[1]] += speed < BOX_MPS and left_m > CLEARS_S * speed
            if vehicle.seen:
                self._see(rows, vehicle, lane, position, speed, values[PLACE], at_stop=at_stop)
        if self._walkers:
            self._see_walkers(rows, inner)
        exits = self._exits(on_lane)
        return [
            Observation(now_ms, self._measured(rows[number]), exits[number], *inner[number])
            for number in range(len(self.wired))
        ]

    def _measured(self, rows: list[tuple[Any, ...]]) -> np.ndarray[Any, Any]:
        """Return what is seen as an array, with the noise of the detectors."""
        users = np.array(rows, USER)
        if self.sight.noise_m and len(users):
            users["distance_m"] += self._random.normal(0.0, self.sight.noise_m, len(users))
        if self.sight.noise_mps and len(users):
            noisy = users["speed_mps"] + self._random.normal(0.0, self.sight.noise_mps, len(users))
            users["speed_mps"] = np.maximum(noisy, 0.0)
        return users

    # --- people on foot ---------------------------------------------------------------------------
    def _see_walkers(self, rows: list[list[tuple[Any, ...]]], inner: list[np.ndarray[Any, Any]]) -> None:
        for name, values in self.sumo.person.getAllSubscriptionResults().items():
            walker = self._walkers.get(name)
            if walker is None or not values:
                continue
            edge, speed = values[ROAD], values[SPEED]
            here = self._crossing_of.get(edge)
            if here is not None:
                inner[here[0]][:, here[1]] += 1
                walker.stood_at, walker.stood_s = -1, 0.0
            if not walker.seen:
                continue
            if edge[0] == ":":
                if here is None:
                    self._see_at_kerb(rows, walker, name, speed, values[XY])
            elif self.net.kinds.get(edge) == "normal":
                self._see_walking(rows, walker, edge, values[POSITION], speed)

    def _see_at_kerb(
        self,
        rows: list[list[tuple[Any, ...]]],
        walker: _Walker,
        name: str,
        speed: float,
        place: tuple[float, float],
    ) -> None:
        """See somebody on the way across a corner to the kerb, or at it."""
        crossing = self.sumo.person.getNextEdge(name)
        found = self._crossing_of.get(crossing)
        if found is None:
            return
        junction, movement = found
        if walker.stood_at != movement:
            walker.stood_at, walker.stood_s = movement, 0.0
        walker.stood_s += speed < STOOD_MPS
        distance_m = AT_KERB_M if speed < STOOD_MPS else self._walks.to_kerb_m(place, crossing)
        rows[junction].append(
            (movement, -1, PEDESTRIAN, distance_m, speed, WALK_MPS, walker.stood_s, 0.5, 0, 0, 1.0)
        )

    def _see_walking(
        self, rows: list[list[tuple[Any, ...]]], walker: _Walker, edge: str, position: float, speed: float
    ) -> None:
        """See somebody on a pavement who walks towards a crossing; along the edge or against it."""
        if edge not in walker.route:
            return
        place = walker.route.index(edge)
        if place + 1 >= len(walker.route):
            return
        crossings = self._walks.crossings(edge, walker.route[place + 1])
        crossing = next((each for each in crossings if each in self._crossing_of), None)
        if crossing is None:
            return
        along = self._kerb_is_at_end(edge, walker.route[place + 1])
        left = self.net.length_m(edge) - position if along else position
        left += self._walks.corner_m(edge, crossing, at_end=along)
        if left <= self.sight.range_m:
            junction, movement = self._crossing_of[crossing]
            rows[junction].append((movement, -1, PEDESTRIAN, left, speed, WALK_MPS, 0.0, 0.5, 0, 0, 1.0))

    def _kerb_is_at_end(self, edge: str, onward: str) -> bool:
        """Return whether a walk from one edge to another leaves the first one at its end."""
        ends = self.net.ends
        return ends[edge][1] in ends[onward]

    def _note_standing(self, vehicle: _Vehicle, speed: float, now_ms: int, *, at_stop: bool) -> None:
        if speed >= STILL_MPS or at_stop:
            vehicle.still_s = 0.0
            return
        vehicle.still_s += 1
        self.queued += 1
        self.longest_still_s = max(self.longest_still_s, vehicle.still_s)
        if vehicle.still_s > LOCKED_S and self.locked_at_s is None:
            self.locked_at_s = now_ms / 1000 - LOCKED_S

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
        if distance <= self.sight.range_m:
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
        if far <= self.sight.look_through_m:
            held = int(leg.movement in self.red[leg.junction])
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

    def enter(self) -> None:
        """Take note of those who departed and arrived in the last step."""
        simulation = self.sumo.simulation
        for name in simulation.getDepartedIDList():
            self._enter(name)
        for name in simulation.getArrivedIDList():
            self._vehicles.pop(name, None)
        for name in simulation.getDepartedPersonIDList():
            self._enter_on_foot(name)
        for name in simulation.getArrivedPersonIDList():
            self._walkers.pop(name, None)

    def _enter(self, name: str) -> None:
        api = self.sumo.vehicle
        kind = api.getVehicleClass(name)
        stops = kind in {"bus", "coach", "tram"}
        number = KINDS.get(kind, CAR)
        self.kind_of_type[api.getTypeID(name).split("@")[0]] = KIND_NAMES[number]
        self._vehicles[name] = _Vehicle(
            tuple(api.getRoute(name)),
            api.getLength(name),
            api.getSpeedFactor(name),
            api.getMaxSpeed(name),
            number,
            seen=self._is_seen(),
            stops=stops,
        )
        api.subscribe(name, (*OF_VEHICLES, STOP_STATE) if stops else OF_VEHICLES)

    def _enter_on_foot(self, name: str) -> None:
        api = self.sumo.person
        route = tuple(edge for edge in api.getEdges(name, 0) if edge)
        self._walkers[name] = _Walker(route, seen=self._is_seen())
        api.subscribe(name, OF_PERSONS)

    def _is_seen(self) -> bool:
        return not self.sight.missed_share or bool(self._random.random() >= self.sight.missed_share)

    def _index(self) -> None:
        self._movement_of: dict[int, tuple[int, int]] = {}
        self._box_of: dict[str, tuple[int, int, float]] = {}
        self._crossing_of: dict[str, tuple[int, int]] = {}
        self.movements_of_group: list[dict[str, list[int]]] = []
        self._chains: list[list[list[str]]] = []
        self._twin_pairs: set[tuple[int, int, int]] = set()
        for number, wired in enumerate(self.wired):
            of_group: dict[str, list[int]] = {group.id: [] for group in wired.junction.groups}
            leads_to = {exit_.id: exit_.leads_to for exit_ in wired.junction.exits}
            for place, movement in enumerate(wired.junction.movements):
                way = wired.ways[movement.id]
                self._movement_of[id(way)] = (number, place)
                of_group[movement.group].append(place)
                beyond_m = 0.0
                for lane in reversed(way.path):
                    self._box_of[lane] = (number, place, beyond_m)
                    beyond_m += self.net.lanes[lane].length_m
                if movement.turn is Turn.CROSSING:
                    self._crossing_of[self.net.lanes[way.to_lane].edge] = (number, place)
                for other, onward in enumerate(wired.junction.movements):
                    if leads_to.get(movement.exit) and onward.lane == leads_to[movement.exit]:
                        self._twin_pairs.add((number, place, other))
            self.movements_of_group.append(of_group)
            self._chains.append([chain_of(self.net, exit_.id)[0] for exit_ in wired.junction.exits])
        self._ways_between: dict[tuple[str, str], list[Connection]] = {}
        for way in self.net.connections:
            pair = (self.net.lanes[way.from_lane].edge, self.net.lanes[way.to_lane].edge)
            self._ways_between.setdefault(pair, []).append(way)
