"""A scenario of Tandem's own: a network, and demand that is drawn anew for each seed. Written in TOML."""

import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tandem.core.errors import InvalidInput, NotFound
from tandem.core.text import say
from tandem.signals.control.policy import DAYS, Policy, read_policy_values
from tandem.signals.plant.sumo_import import Timing

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
VEHICLE_TYPES: dict[str, dict[str, str]] = {
    "car": {"vClass": "passenger"},
    "bicycle": {"vClass": "bicycle", "maxSpeed": "6.0", "speedDev": "0.15"},
    "bus": {"vClass": "bus"},
    "tram": {"vClass": "tram"},
}
DAY_MS = 86_400_000


class NotAScenario(InvalidInput):
    """The scenario's file cannot be used."""

    code = "signals.scenario.invalid"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(say("The scenario {path} cannot be used: {problem}.", path=path, problem=problem))


class NoScenario(NotFound):
    """There is no such scenario."""

    code = "signals.scenario.unknown"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            say(
                "There is no scenario {name}. Name a .sumocfg, a scenario.toml, or one of those that come with Tandem: "
                "{known}.",
                name=name,
                known=", ".join(known),
            )
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """Road users of one kind from one arm to another.

    Attributes:
        group: Least and greatest size of a group that arrives together.
    """

    kind: str
    origin: str
    target: str
    per_hour: float
    begins_s: float
    ends_s: float
    group: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class OwnScenario:
    """What a ``scenario.toml`` says.

    Attributes:
        week_ms: What time of the week it is at its beginning, in milliseconds since Monday's midnight.
        seen_m: How far upstream its detectors see.
    """

    name: str
    network: Path
    week_ms: int
    duration_s: int
    seen_m: float
    timing: Timing
    policy: Policy
    flows: tuple[Flow, ...]
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]


def find_scenario(name: str) -> Path:
    """Return the file of a scenario: a path, or the name of one that comes with Tandem.

    Raises:
        NoScenario: It is neither.
    """
    path = Path(name)
    if path.is_dir():
        found = sorted([*path.glob("scenario.toml"), *path.glob("*.sumocfg")])
        if len(found) == 1:
            return found[0]
    if path.is_file():
        return path
    own = SCENARIOS / name / "scenario.toml"
    if "/" not in name and own.is_file():
        return own
    raise NoScenario(name, sorted(each.parent.name for each in SCENARIOS.glob("*/scenario.toml")))


def read_own_scenario(path: Path) -> OwnScenario:
    """Return what a ``scenario.toml`` says.

    Raises:
        NotAScenario: It cannot be read, or a part of it is wrong.
        NotAPolicy: Its policy is wrong.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        hour, minute = (int(part) for part in values["starts"].split(":"))
        duration_s = int(values["duration_s"])
        return OwnScenario(
            name=values["name"],
            network=path.parent / values["network"],
            week_ms=DAYS.index(values["day"]) * DAY_MS + (hour * 60 + minute) * 60_000,
            duration_s=duration_s,
            seen_m=float(values.get("seen_m", 100)),
            timing=_timing(values.get("timing", {})),
            policy=read_policy_values(values.get("policy", {})),
            flows=tuple(flow for each in values["flows"] for flow in _flows(each, duration_s)),
            facts=tuple(values.get("facts", ())),
            assumptions=tuple(values.get("assumptions", ())),
        )
    except OSError as error:
        raise NotAScenario(path, error.strerror or str(error)) from error
    except tomllib.TOMLDecodeError as error:
        raise NotAScenario(path, f"it is no TOML ({error})") from error
    except KeyError as error:
        raise NotAScenario(path, f"{error.args[0]!r} is missing") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise NotAScenario(path, str(error)) from error


def _timing(values: Mapping[str, Any]) -> Timing:
    plain = {name: value for name, value in values.items() if not name.endswith("_s")}
    times = {f"{name[:-2]}_ms": round(1000 * value) for name, value in values.items() if name.endswith("_s")}
    return Timing(**plain, **times)


def _flows(values: Mapping[str, Any], duration_s: int) -> Iterator[Flow]:
    kind = values["kind"]
    if kind != "pedestrian" and kind not in VEHICLE_TYPES:
        raise ValueError(f"{kind!r} is no kind of road user")
    least, most = values.get("group", (1, 1))
    for target, per_hour in values["per_hour"].items():
        yield Flow(
            kind,
            values["from"],
            target,
            float(per_hour),
            float(values.get("begins_s", 0)),
            float(values.get("ends_s", duration_s)),
            (int(least), int(most)),
        )


# --- demand -------------------------------------------------------------------------------------
def write_run(scenario: OwnScenario, folder: Path, *, seed: int) -> Path:
    """Write the demand of one seed and a configuration into a folder; return the configuration.

    Arrivals are Poisson; the same seed gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng([seed, 0x7A4D])
    root = ET.Element("routes")
    for name, attributes in VEHICLE_TYPES.items():
        ET.SubElement(root, "vType", {"id": name, **attributes})
    arrivals = [
        (round(float(at_s), 2), number, flow)
        for number, flow in enumerate(scenario.flows)
        for at_s in _arrivals_s(flow, random)
    ]
    for count, (at_s, _number, flow) in enumerate(sorted(arrivals, key=lambda each: each[:2])):
        if flow.kind == "pedestrian":
            _add_walkers(root, flow, at_s, count, random)
        else:
            _add_vehicle(root, flow, at_s, count)
    ET.ElementTree(root).write(folder / "demand.rou.xml", encoding="utf-8")
    config = ET.Element("configuration")
    files = ET.SubElement(config, "input")
    ET.SubElement(files, "net-file", value=str(scenario.network))
    ET.SubElement(files, "route-files", value="demand.rou.xml")
    ET.ElementTree(config).write(folder / "run.sumocfg", encoding="utf-8")
    return folder / "run.sumocfg"


def _arrivals_s(flow: Flow, random: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    length_s = flow.ends_s - flow.begins_s
    return random.uniform(flow.begins_s, flow.ends_s, random.poisson(flow.per_hour * length_s / 3600))


def _add_vehicle(root: ET.Element, flow: Flow, at_s: float, number: int) -> None:
    vehicle = ET.SubElement(
        root,
        "vehicle",
        id=f"{flow.kind}{number}",
        type=flow.kind,
        depart=f"{at_s:.2f}",
        departLane="best",
        departSpeed="max",
    )
    ET.SubElement(vehicle, "route", edges=f"{flow.origin}-in {flow.target}-out")


def _add_walkers(root: ET.Element, flow: Flow, at_s: float, number: int, random: np.random.Generator) -> None:
    """Add a group that walks together: from either side of its street to either side of the other."""
    size = int(random.integers(flow.group[0], flow.group[1] + 1))
    begins, ends = (("in", "out")[int(side)] for side in random.integers(0, 2, 2))
    for place in range(size):
        person = ET.SubElement(
            root,
            "person",
            id=f"walker{number}.{place}",
            depart=f"{at_s:.2f}",
            departPos=str(150 if begins == "in" else 120),
        )
        ET.SubElement(person, "walk", edges=f"{flow.origin}-{begins} {flow.target}-{ends}", arrivalPos="80")
