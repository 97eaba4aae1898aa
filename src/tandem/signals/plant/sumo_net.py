"""Reading a SUMO network: edges, lanes, connections, rights of way, signal programmes. Needs no SUMO.

SUMO's words stay in this file and in ``plant/sumo.py``: its *phase* is our stage or a part of an interstage.
"""

import os
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tandem.core.errors import InvalidInput
from tandem.core.text import say


class NotANetwork(InvalidInput):
    """The file is no SUMO network or configuration."""

    code = "signals.sumo.not-a-network"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            say("{path} cannot be read as a SUMO network: {problem}.", path=path, problem=problem)
        )


@dataclass(slots=True)
class NetLane:
    """A lane: its place in its edge, length in metres, allowed speed in m/s."""

    id: str
    edge: str
    index: int
    length_m: float
    speed_mps: float
    allow: str = ""
    shape: tuple[tuple[float, float], ...] = ()
    width_m: float = 3.2


@dataclass(slots=True)
class Connection:
    """A way from one lane to another; with ``tl``, one that a signal controls."""

    from_lane: str
    to_lane: str
    via: str
    tl: str
    link: int
    direction: str
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class Node:
    """An intersection: for each of its connections, which others cross it and which it gives way to."""

    id: str
    connections: list[Connection] = field(default_factory=list)
    foes: list[frozenset[int]] = field(default_factory=list)
    response: list[frozenset[int]] = field(default_factory=list)


@dataclass(slots=True)
class Programme:
    """A signal programme: phases of (duration in s, state of every link)."""

    tl: str
    id: str
    offset_s: float
    phases: list[tuple[float, str]]


@dataclass(slots=True)
class Net:
    """A network.

    Attributes:
        kinds: Edge → its function: ``normal``, ``internal``, ``crossing``, ``walkingarea``.
        ends: Edge → the intersections at its beginning and its end.
    """

    path: Path
    lanes: dict[str, NetLane]
    edges: dict[str, list[str]]
    connections: list[Connection]
    nodes: dict[str, Node]
    programmes: dict[str, Programme]
    outgoing: dict[str, list[Connection]]
    kinds: dict[str, str]
    ends: dict[str, tuple[str, str]]

    def length_m(self, edge: str) -> float:
        """Return the length of an edge."""
        return self.lanes[self.edges[edge][0]].length_m


@dataclass(frozen=True, slots=True)
class Scenario:
    """A network with its demand, as a SUMO configuration names them."""

    config: Path
    net: Path
    routes: tuple[Path, ...]
    additional: tuple[Path, ...]
    begin_s: float
    end_s: float | None


def read_scenario(config: Path) -> Scenario:
    """Return what a ``.sumocfg`` names.

    Raises:
        NotANetwork: It cannot be read, or names no network.
    """
    root = _parse(config).getroot()

    def value(name: str) -> str:
        found = root.find(f".//{name}")
        return found.get("value") or found.get("v") or "" if found is not None else ""

    if not value("net-file"):
        raise NotANetwork(config, "it names no net-file")
    folder = config.parent

    def paths(name: str) -> tuple[Path, ...]:
        return tuple(folder / each for each in value(name).replace(",", " ").split())

    end = value("end")
    return Scenario(
        config,
        folder / value("net-file"),
        paths("route-files"),
        paths("additional-files"),
        float(value("begin") or 0),
        float(end) if end and float(end) > 0 else None,
    )


def copy_scenario(scenario: Scenario, folder: Path) -> Path:
    """Copy a scenario's files, so that what SUMO writes beside them lands there; return the configuration.

    Its sections on output, reporting and windows are left out: the plant says what is written.

    Raises:
        NotANetwork: A file that the configuration names is missing.
    """
    origin = scenario.config.parent
    for path in (scenario.net, *scenario.routes, *scenario.additional):
        target = folder / os.path.relpath(path, origin).replace("..", "up")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, target)
        except OSError as error:
            raise NotANetwork(path, error.strerror or str(error)) from error
    root = _parse(scenario.config).getroot()
    for section in ("output", "report", "gui_only"):
        for each in root.findall(section):
            root.remove(each)
    ET.ElementTree(root).write(folder / scenario.config.name, encoding="utf-8")
    return folder / scenario.config.name


def read_net(path: Path, additional: Sequence[Path] = ()) -> Net:
    """Return a network; programmes in additional files replace those of the network.

    Raises:
        NotANetwork: It cannot be read.
    """
    root = _parse(path).getroot()
    if root.tag != "net":
        raise NotANetwork(path, f"its root is <{root.tag}>, not <net>")
    lanes, edges, kinds = _lanes(root)
    connections = list(_connections(root))
    outgoing: dict[str, list[Connection]] = {}
    for connection in connections:
        outgoing.setdefault(connection.from_lane, []).append(connection)
    for connection in connections:
        connection.path = _path(connection, outgoing)
    ends = {edge.get("id", ""): (edge.get("from", ""), edge.get("to", "")) for edge in root.iter("edge")}
    programmes = {found.tl: found for found in _programmes(root)}
    for more in additional:
        programmes |= {found.tl: found for found in _programmes(_parse(more).getroot())}
    return Net(
        path,
        lanes,
        edges,
        connections,
        _nodes(root, connections, outgoing, kinds),
        programmes,
        outgoing,
        kinds,
        ends,
    )


def _parse(path: Path) -> "ET.ElementTree[ET.Element]":
    try:
        return ET.parse(path)  # noqa: S314 - a local file that the engineer names
    except OSError as error:
        raise NotANetwork(path, error.strerror or str(error)) from error
    except ET.ParseError as error:
        raise NotANetwork(path, f"it is no XML ({error})") from error


def _lanes(root: ET.Element) -> tuple[dict[str, NetLane], dict[str, list[str]], dict[str, str]]:
    lanes: dict[str, NetLane] = {}
    edges: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for edge in root.iter("edge"):
        name = edge.get("id", "")
        kinds[name] = edge.get("function", "normal")
        found = [
            NetLane(
                lane.get("id", ""),
                name,
                int(lane.get("index", 0)),
                float(lane.get("length", 0)),
                float(lane.get("speed", 13.9)),
                lane.get("allow", ""),
                _shape(lane.get("shape", "")),
                float(lane.get("width", 3.2)),
            )
            for lane in edge.iter("lane")
        ]
        edges[name] = [lane.id for lane in found]
        lanes |= {lane.id: lane for lane in found}
    return lanes, edges, kinds


def _shape(text: str) -> tuple[tuple[float, float], ...]:
    points = [point.split(",") for point in text.split()]
    return tuple((float(point[0]), float(point[1])) for point in points if len(point) >= 2)


def _connections(root: ET.Element) -> Iterator[Connection]:
    for each in root.iter("connection"):
        if "fromLane" not in each.attrib:
            continue
        yield Connection(
            f"{each.get('from')}_{each.get('fromLane')}",
            f"{each.get('to')}_{each.get('toLane')}",
            each.get("via", ""),
            each.get("tl", ""),
            int(each.get("linkIndex", -1)),
            each.get("dir", "s"),
        )


def _path(connection: Connection, outgoing: dict[str, list[Connection]]) -> tuple[str, ...]:
    """Return the internal lanes of a connection, one after another."""
    path: list[str] = []
    via = connection.via
    while via and via not in path:
        path.append(via)
        onward = outgoing.get(via, [])
        via = onward[0].via if onward else ""
    return tuple(path)


def _nodes(
    root: ET.Element,
    connections: Sequence[Connection],
    outgoing: dict[str, list[Connection]],
    kinds: dict[str, str],
) -> dict[str, Node]:
    """Return the intersections; their rights of way count the connections first, and then the crossings."""
    onto = {
        way.to_lane: way
        for way in connections
        if way.tl and kinds.get(way.to_lane.rpartition("_")[0]) == "crossing"
    }
    nodes = {}
    for each in root.iter("junction"):
        if each.get("type") in {"internal", "dead_end"}:
            continue
        node = Node(each.get("id", ""))
        for lane in each.get("incLanes", "").split():
            if not lane.startswith(":"):
                node.connections += [way for way in outgoing.get(lane, []) if not way.to_lane.startswith(":")]
        node.connections += [onto[lane] for lane in each.get("intLanes", "").split() if lane in onto]
        requests = sorted(each.iter("request"), key=lambda request: int(request.get("index", 0)))
        node.foes = [_bits(request.get("foes", "")) for request in requests]
        node.response = [_bits(request.get("response", "")) for request in requests]
        nodes[node.id] = node
    return nodes


def _bits(text: str) -> frozenset[int]:
    return frozenset(number for number, bit in enumerate(reversed(text)) if bit == "1")


def _programmes(root: ET.Element) -> Iterator[Programme]:
    for each in root.iter("tlLogic"):
        phases = [(float(phase.get("duration", 0)), phase.get("state", "")) for phase in each.iter("phase")]
        yield Programme(each.get("id", ""), each.get("programID", "0"), float(each.get("offset", 0)), phases)
