"""What SUMO writes about trips, as an outcome."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

from tandem.signals.plant.outcome import Trip


def read_trips(path: Path, *, kind_of: Callable[[str], str]) -> tuple[Trip, ...]:
    """Return everybody's trip from SUMO's tripinfo file.

    The delay of a vehicle is its lost time and its late departure (RESCO's definition); of a person, the lost
    time of all its walks.

    Args:
        path: Written with unfinished and undeparted trips.
        kind_of: Vehicle type → name of the kind.
    """
    trips = []
    for _event, found in ET.iterparse(path):  # noqa: S314 - SUMO wrote it a moment ago
        if found.tag == "tripinfo":
            trips.append(_vehicle(found, kind_of))
            found.clear()
        elif found.tag == "personinfo":
            trips.append(_person(found))
            found.clear()
    return tuple(trips)


def _vehicle(found: ET.Element, kind_of: Callable[[str], str]) -> Trip:
    emissions = found.find("emissions")
    return Trip(
        kind_of(found.get("vType", "").split("@")[0]),
        _number(found, "timeLoss") + _number(found, "departDelay"),
        _number(found, "waitingTime"),
        int(_number(found, "waitingCount")),
        _number(emissions, "CO2_abs") / 1000 if emissions is not None else 0.0,
        float(found.get("arrival", -1)) >= 0,
    )


def _person(found: ET.Element) -> Trip:
    walks = found.findall("walk")
    finished = bool(walks) and all(float(walk.get("arrival", -1)) >= 0 for walk in walks)
    wait_s = _number(found, "waitingTime")
    return Trip(
        "pedestrian",
        sum(_number(walk, "timeLoss") for walk in walks),
        wait_s,
        int(wait_s > 0),
        0.0,
        finished,
    )


def _number(found: ET.Element, name: str) -> float:
    """Return an attribute's value; what SUMO does not know it writes as a negative number."""
    return max(0.0, float(found.get(name, 0)))
