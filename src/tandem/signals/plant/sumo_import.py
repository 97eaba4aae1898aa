"""From a SUMO network to junctions: groups, conflicts, stages, plans; and which of SUMO's links each group drives."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.domain.clearing import clearance, needed_intergreens_ms
from tandem.signals.domain.junction import (
    Approach,
    Exit,
    GroupKind,
    Junction,
    Lane,
    Movement,
    Plan,
    PlanStep,
    SignalGroup,
    Stage,
    Turn,
)
from tandem.signals.domain.stages import possible_stages
from tandem.signals.plant.sumo_net import Connection, Net, Programme

TWIN_M = 30.0
MOST_TWIN_STAGES = 16
UNSIGNALISED_STORAGE_M = 150.0
VEHICLE_HEADWAY_MS, CYCLE_HEADWAY_MS, WALKER_HEADWAY_MS = 1_900, 1_000, 1_000
WALKER_M = 0.75
_TURNS = {"l": Turn.LEFT, "L": Turn.LEFT, "r": Turn.RIGHT, "R": Turn.RIGHT, "t": Turn.U_TURN}


class NoStage(InvalidInput):
    """A signal programme has no stage to choose."""

    code = "signals.sumo.no-stage"

    def __init__(self, tl: str) -> None:
        super().__init__(say("The programme of signal {signal} has no green stage.", signal=tl))


@dataclass(frozen=True, slots=True)
class Timing:
    """Times that a SUMO network does not say, in milliseconds.

    Attributes:
        all_red_ms: Between the end of yellow and the next conflicting green.
        walking_mps: What pedestrians clear a crossing with.
        from_geometry: Whether intergreens are computed from where ways meet.
        most_stages: Up to so many, stages that the programme does not use are added.
    """

    minimum_green_ms: int = 5_000
    yellow_ms: int = 3_000
    all_red_ms: int = 0
    red_yellow_ms: int = 0
    walking_mps: float = 1.2
    maximum_red_ms: int = 0
    most_stages: int = 12
    from_geometry: bool = False


@dataclass(frozen=True, slots=True)
class Wired:
    """A junction, and how it is wired to SUMO.

    Attributes:
        links: For each signal group, the (signal, link index) pairs that it drives.
        ways: For each movement, its connection.
        widths: For each signal, how many links it has.
    """

    junction: Junction
    links: Mapping[str, tuple[tuple[str, int], ...]]
    ways: Mapping[str, Connection]
    widths: Mapping[str, int]


def junctions_of(net: Net, *, timing: Timing = Timing(), twins: bool = True) -> list[Wired]:
    """Return the signalised junctions of a network; signals a car length apart become one junction.

    Raises:
        NoStage: A programme holds no stage.
    """
    singles = [
        _single(net, programme, timing) for programme in net.programmes.values() if _is_used(net, programme)
    ]
    if not twins:
        return [_joined(net, [wired], timing) for wired in singles]
    return [_joined(net, members, timing) for members in _clusters(net, singles)]


def _is_used(net: Net, programme: Programme) -> bool:
    return any(connection.tl == programme.tl for connection in net.connections)


# --- one signal ---------------------------------------------------------------------------------
def _single(net: Net, programme: Programme, timing: Timing) -> Wired:
    tl = programme.tl
    ways = [connection for connection in net.connections if connection.tl == tl]
    states = _stage_states(programme)
    if not states:
        raise NoStage(tl)
    origin = {way.link: _origin(net, way) for way in ways}
    members: dict[tuple[str, ...], list[int]] = {}
    for link in sorted({way.link for way in ways}):
        members.setdefault((*(state[link] for state in states), origin[link]), []).append(link)
    names = {column: f"{tl}/{number}" for number, column in enumerate(members, start=1)}
    group_of = {link: names[column] for column, links in members.items() for link in links}
    stages = _stages(tl, states, members, names)
    yields, crossing = _rights(net, ways)
    movements = _movements(net, ways, group_of, yields)
    together = {(a, b) for stage in stages for a in stage.green for b in stage.green}
    protected = {
        (a, b)
        for stage in stages
        for a in stage.green - stage.permissive
        for b in stage.green - stage.permissive
    }
    groups = tuple(
        _group(net, name, [way for way in ways if group_of[way.link] == name], timing)
        for name in names.values()
    )
    by_id = {group.id: group for group in groups}
    crossing_m = {movement.group: movement.path_m for movement in movements if movement.turn is Turn.CROSSING}
    pairs = {
        pair
        for one, other in crossing
        for pair in ((group_of[one.link], group_of[other.link]), (group_of[other.link], group_of[one.link]))
        if pair[0] != pair[1] and pair not in protected and (pair not in together or _partial(pair, stages))
    }
    conflicts = {
        pair: _intergreen_ms(by_id[pair[0]], crossing_m.get(pair[0], 0.0), timing) for pair in sorted(pairs)
    }
    lanes = list(dict.fromkeys(_lane(net, way) for way in ways))
    exits = list(dict.fromkeys(way.to_lane for way in ways if not _is_crossing(net, way)))
    junction = Junction(
        id=tl,
        name=tl,
        approaches=tuple(
            Approach(edge, edge, round(net.lanes[net.edges[edge][0]].speed_mps * 3.6, 1))
            for edge in dict.fromkeys(net.lanes[lane].edge for lane in lanes)
        ),
        lanes=tuple(Lane(lane, net.lanes[lane].edge) for lane in lanes),
        exits=tuple(_exit(net, lane) for lane in exits),
        movements=movements,
        groups=groups,
        intergreens_ms=conflicts,
        stages=stages,
        plans=(_plan(tl, programme, stages, group_of),),
    )
    if timing.from_geometry:
        junction = _with_geometry(net, junction, ways, crossing)
    links = {name: tuple((tl, link) for link in members[column]) for column, name in names.items()}
    return Wired(junction, links, {_movement_id(way): way for way in ways}, {tl: len(states[0])})


def _group(net: Net, name: str, ways: list[Connection], timing: Timing) -> SignalGroup:
    kind = _kind(net, ways[0])
    if kind is GroupKind.PEDESTRIAN:
        length_m = max(net.lanes[way.to_lane].length_m for way in ways)
        middle_ms = 1000 * math.ceil(length_m / 2 / timing.walking_mps)
        return SignalGroup(
            name,
            kind,
            minimum_green_ms=max(timing.minimum_green_ms, middle_ms),
            maximum_red_ms=timing.maximum_red_ms,
            yellow_ms=0,
        )
    return SignalGroup(
        name,
        kind,
        minimum_green_ms=timing.minimum_green_ms,
        maximum_red_ms=timing.maximum_red_ms,
        yellow_ms=timing.yellow_ms,
        red_yellow_ms=timing.red_yellow_ms,
    )


def _intergreen_ms(clearing: SignalGroup, crossing_m: float, timing: Timing) -> int:
    """Return the time that a group needs to clear: yellow and all red, or a walk over the whole crossing."""
    if clearing.kind is GroupKind.PEDESTRIAN:
        return 1_000 * math.ceil(crossing_m / timing.walking_mps)
    return clearing.yellow_ms + timing.all_red_ms


def _with_geometry(
    net: Net, junction: Junction, ways: list[Connection], crossing: list[tuple[Connection, Connection]]
) -> Junction:
    """Return the junction with clearances, and with intergreens that are as long as they ask for."""
    points = {_movement_id(way): _points(net, way) for way in ways}
    by_id = junction.movement_by_id
    pairs = {
        (_movement_id(first), _movement_id(second))
        for one, other in crossing
        for first, second in ((one, other), (other, one))
    }
    found = [clearance(by_id[first], by_id[second], points) for first, second in sorted(pairs)]
    junction = replace(junction, clearances=tuple(each for each in found if each is not None))
    needed = needed_intergreens_ms(junction)
    yellow = {group.id: group.yellow_ms for group in junction.groups}
    intergreens = {
        pair: max(needed.get(pair, between), yellow[pair[0]])
        for pair, between in junction.intergreens_ms.items()
    }
    return replace(junction, intergreens_ms=intergreens)


def _points(net: Net, way: Connection) -> list[tuple[float, float]]:
    """Return the way through the junction, in metres."""
    lanes = (way.to_lane,) if _is_crossing(net, way) else way.path
    points = [point for lane in lanes for point in net.lanes[lane].shape]
    return (
        points
        if len(points) > 1
        else [*net.lanes[way.from_lane].shape[-1:], *net.lanes[way.to_lane].shape[:1]]
    )


def _kind(net: Net, way: Connection) -> GroupKind:
    """Return whom a connection is for: a crossing's walkers, or whom alone its lane lets in."""
    if _is_crossing(net, way):
        return GroupKind.PEDESTRIAN
    allowed = set(net.lanes[way.from_lane].allow.split())
    if allowed == {"bicycle"}:
        return GroupKind.CYCLE
    if allowed and allowed <= {"tram", "rail_urban"}:
        return GroupKind.TRAM
    if allowed and allowed <= {"bus", "coach"}:
        return GroupKind.BUS
    return GroupKind.VEHICLE


def _is_crossing(net: Net, way: Connection) -> bool:
    return net.kinds.get(net.lanes[way.to_lane].edge) == "crossing"


def _lane(net: Net, way: Connection) -> str:
    """Return where one waits for a connection: in its lane, or at the kerb of its crossing."""
    return way.to_lane if _is_crossing(net, way) else way.from_lane


def _origin(net: Net, way: Connection) -> str:
    """Return what groups must not mix: approaches, and kinds of road users on one approach."""
    return f"{net.lanes[_lane(net, way)].edge}/{_kind(net, way)}"


def _partial(pair: tuple[str, str], stages: Iterable[Stage]) -> bool:
    """Return whether a conflicting pair that is green together always has one that gives way."""
    both = [stage for stage in stages if set(pair) <= stage.green]
    return all(set(pair) & stage.permissive for stage in both)


def _stage_states(programme: Programme) -> list[str]:
    """Return the states that are stages: some green, no yellow, none a part of another."""
    found = dict.fromkeys(
        state
        for _duration, state in programme.phases
        if set(state) & set("Gg") and not set(state) & set("yu")
    )
    return [state for state in found if not any(_is_part(state, other) for other in found if other != state)]


def _is_part(state: str, other: str) -> bool:
    return all(
        mine in "rs" or mine == theirs or (mine == "g" and theirs == "G")
        for mine, theirs in zip(state, other, strict=True)
    )


def _stages(
    tl: str,
    states: list[str],
    members: Mapping[tuple[str, ...], list[int]],
    names: Mapping[tuple[str, ...], str],
) -> tuple[Stage, ...]:
    return tuple(
        Stage(
            f"{tl}/{number + 1}",
            frozenset(names[column] for column in members if column[number] in "Gg"),
            frozenset(names[column] for column in members if column[number] == "g"),
        )
        for number in range(len(states))
    )


def _rights(
    net: Net, ways: list[Connection]
) -> tuple[dict[str, list[str]], list[tuple[Connection, Connection]]]:
    """Return who gives way to whom, and which ways cross or merge."""
    mine = {id(way) for way in ways}
    yields: dict[str, list[str]] = {}
    crossing = []
    for node in net.nodes.values():
        for number, way in enumerate(node.connections):
            if id(way) not in mine or number >= len(node.foes):
                continue
            crossing += [
                (way, node.connections[other])
                for other in node.foes[number]
                if other < len(node.connections) and id(node.connections[other]) in mine
            ]
            yields[_movement_id(way)] = [
                _movement_id(node.connections[other])
                for other in sorted(node.response[number])
                if other < len(node.connections) and id(node.connections[other]) in mine
            ]
    return yields, crossing


def _movement_id(way: Connection) -> str:
    return f"{way.from_lane}>{way.to_lane}"


def _movements(
    net: Net, ways: list[Connection], group_of: Mapping[int, str], yields: Mapping[str, list[str]]
) -> tuple[Movement, ...]:
    return tuple(
        _crossing(net, way, group_of[way.link])
        if _is_crossing(net, way)
        else Movement(
            _movement_id(way),
            way.from_lane,
            way.to_lane,
            group_of[way.link],
            _TURNS.get(way.direction, Turn.STRAIGHT),
            tuple(yields.get(_movement_id(way), ())),
            headway_ms=CYCLE_HEADWAY_MS if _kind(net, way) is GroupKind.CYCLE else VEHICLE_HEADWAY_MS,
            path_m=round(sum(net.lanes[lane].length_m for lane in way.path if lane in net.lanes), 2),
        )
        for way in ways
    )


def _crossing(net: Net, way: Connection, group: str) -> Movement:
    crossing = net.lanes[way.to_lane]
    return Movement(
        _movement_id(way),
        way.to_lane,
        "",
        group,
        Turn.CROSSING,
        headway_ms=round(WALKER_HEADWAY_MS / max(crossing.width_m / WALKER_M, 1.0)),
        path_m=round(crossing.length_m, 2),
    )


def _exit(net: Net, lane: str) -> Exit:
    lanes, ends_at_signal = chain_of(net, lane)
    storage_m = sum(net.lanes[each].length_m for each in lanes)
    if not ends_at_signal:
        storage_m = max(storage_m, UNSIGNALISED_STORAGE_M)
    return Exit(lane, round(storage_m, 2))


def chain_of(net: Net, lane: str) -> tuple[list[str], bool]:
    """Return the lanes from here to the next signal or branching, and whether a signal is at their end."""
    chain = [lane]
    while True:
        onward = net.outgoing.get(chain[-1], [])
        if any(way.tl for way in onward):
            return chain, True
        targets = {way.to_lane for way in onward if way.direction not in "tT"}
        if len(targets) != 1 or (target := targets.pop()) in chain:
            return chain, False
        chain.append(target)


def _plan(tl: str, programme: Programme, stages: tuple[Stage, ...], group_of: Mapping[int, str]) -> Plan:
    """Return the programme as steps of stages; what lies between two stages opens the later one's step."""
    steps: list[tuple[str, float]] = []
    between_s = 0.0
    for duration_s, state in programme.phases:
        green = frozenset(
            group_of[link] for link, sign in enumerate(state) if sign in "Gg" and link in group_of
        )
        if not green or set(state) & set("yu"):
            between_s += duration_s
            continue
        stage = min(stages, key=lambda each: (len(each.green ^ green), each.id)).id
        if steps and steps[-1][0] == stage and not between_s:
            steps[-1] = (stage, steps[-1][1] + duration_s)
        else:
            steps.append((stage, between_s + duration_s))
        between_s = 0.0
    if between_s:
        steps[0] = (steps[0][0], steps[0][1] + between_s)
    return Plan(
        f"{tl}/{programme.id}",
        tuple(PlanStep(stage, round(duration_s * 1000)) for stage, duration_s in steps),
        round(-programme.offset_s * 1000),
    )


# --- twins --------------------------------------------------------------------------------------
def _clusters(net: Net, singles: list[Wired]) -> list[list[Wired]]:
    """Return the junctions in groups that stand so close that they must be planned together."""
    at_lane = {lane.id: number for number, wired in enumerate(singles) for lane in wired.junction.lanes}
    root = list(range(len(singles)))

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    for number, wired in enumerate(singles):
        for exit_ in wired.junction.exits:
            lanes, _signal = chain_of(net, exit_.id)
            other = at_lane.get(lanes[-1])
            if (
                other is not None
                and other != number
                and sum(net.lanes[each].length_m for each in lanes) < TWIN_M
            ):
                root[find(other)] = find(number)
    clusters: dict[int, list[Wired]] = {}
    for number, wired in enumerate(singles):
        clusters.setdefault(find(number), []).append(wired)
    found = []
    for members in clusters.values():
        stages = 1
        for wired in members:
            stages *= len(wired.junction.stages)
        found += [members] if stages <= MOST_TWIN_STAGES else [[wired] for wired in members]
    return found


def _joined(net: Net, members: list[Wired], timing: Timing) -> Wired:
    parts = [wired.junction for wired in members]
    exits = tuple(_exits(net, parts))
    if len(members) == 1:
        stages = possible_stages(parts[0], most=timing.most_stages)
        return replace(members[0], junction=replace(parts[0], stages=stages, exits=exits))
    stages = tuple(
        Stage(
            "+".join(stage.id for stage in combination),
            frozenset().union(*(stage.green for stage in combination)),
            frozenset().union(*(stage.permissive for stage in combination)),
        )
        for combination in product(*(part.stages for part in parts))
    )
    junction = Junction(
        id="+".join(part.id for part in parts),
        name=" + ".join(part.name for part in parts),
        approaches=tuple({each.id: each for part in parts for each in part.approaches}.values()),
        lanes=tuple(lane for part in parts for lane in part.lanes),
        exits=exits,
        movements=tuple(movement for part in parts for movement in part.movements),
        groups=tuple(group for part in parts for group in part.groups),
        intergreens_ms={pair: value for part in parts for pair, value in part.intergreens_ms.items()},
        stages=stages,
        plans=(_joined_plan(parts, stages),),
    )
    return Wired(
        junction,
        {name: links for wired in members for name, links in wired.links.items()},
        {name: way for wired in members for name, way in wired.ways.items()},
        {name: width for wired in members for name, width in wired.widths.items()},
    )


def _exits(net: Net, parts: list[Junction]) -> Iterator[Exit]:
    """Yield each exit, with the lane of the same junction that it runs into after a short link."""
    lanes = {lane.id for part in parts for lane in part.lanes}
    for exit_ in {each.id: each for part in parts for each in part.exits}.values():
        chain, _signal = chain_of(net, exit_.id)
        length_m = sum(net.lanes[lane].length_m for lane in chain)
        yield replace(exit_, leads_to=chain[-1] if chain[-1] in lanes and length_m < TWIN_M else "")


def _joined_plan(parts: list[Junction], stages: tuple[Stage, ...]) -> Plan:
    """Return one plan for all parts: where each part's own plan is at each second of the longest cycle."""
    plans = [part.default_plan for part in parts]
    cycle_ms = max(plan.cycle_ms for plan in plans)
    by_id = {stage.id for stage in stages}
    steps: list[PlanStep] = []
    for now_ms in range(0, cycle_ms, 1_000):
        name = "+".join(plan.steps[plan.at(now_ms)[0]].stage for plan in plans)
        assert name in by_id  # noqa: S101 - every combination of stages is a stage
        if steps and steps[-1].stage == name:
            steps[-1] = PlanStep(name, steps[-1].duration_ms + 1_000)
        else:
            steps.append(PlanStep(name, 1_000))
    return Plan("+".join(plan.id for plan in plans), tuple(steps))
