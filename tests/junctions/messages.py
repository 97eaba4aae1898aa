"""A small junction file and messages of an engine that runs it."""

import copy
import json
from typing import Any

FILE: dict[str, Any] = {
    "format": "tandem-junction/1",
    "id": "market",
    "name": "Market Street / Mill Lane",
    "approaches": [
        {"id": "market", "name": "Market Street"},
        {"id": "mill", "name": "Mill Lane", "speed_kmh": 30},
        {"id": "kerb", "name": "Crossing"},
    ],
    "lanes": [
        {"id": "market-1", "approach": "market"},
        {"id": "mill-1", "approach": "mill"},
        {"id": "kerb-1", "approach": "kerb"},
    ],
    "exits": [{"id": "east"}],
    "groups": [
        {"id": "K1", "red_yellow_s": 1},
        {"id": "K2", "red_yellow_s": 1},
        {"id": "F1", "kind": "pedestrian", "yellow_s": 0},
    ],
    "movements": [
        {"id": "straight", "lane": "market-1", "exit": "east", "group": "K1"},
        {"id": "right", "lane": "mill-1", "exit": "east", "group": "K2", "turn": "right"},
        {"id": "walk", "lane": "kerb-1", "group": "F1", "turn": "crossing", "path_m": 10},
    ],
    "intergreens": {"K1": {"K2": 5, "F1": 6}, "K2": {"K1": 5}, "F1": {"K1": 6}},
    "stages": [{"id": "along", "green": ["K1"]}, {"id": "across", "green": ["K2", "F1"]}],
    "plans": [
        {"id": "day", "steps": [{"stage": "along", "duration_s": 40}, {"stage": "across", "duration_s": 25}]}
    ],
}


def file_of(**changes: Any) -> bytes:
    """Return the file, with some of its parts replaced."""
    return json.dumps(FILE | changes).encode()


def unsafe_file() -> bytes:
    """Return a file in which the check finds an error: a green that is too short."""
    groups = copy.deepcopy(FILE["groups"])
    groups[0]["minimum_green_s"] = 1
    return file_of(groups=groups)


def doubtful_file() -> bytes:
    """Return a file in which the check finds a warning and no error: an exit to which nothing leads."""
    return file_of(exits=[{"id": "east"}, {"id": "nowhere"}])


def message(
    *, at_s: float = 100.0, why: str = "stays with stage along: nobody is elsewhere", **changes: Any
) -> dict[str, Any]:
    """Return what the engine publishes in one second."""
    shows = {"K1": ("vehicle", "green"), "K2": ("vehicle", "red"), "F1": ("pedestrian", "red")}
    return {
        "junction": "market",
        "state": {
            "format": "tandem-signals/1",
            "junction": "market",
            "at_s": at_s,
            "source": "controller",
            "why": why,
            "faults": [],
            "groups": {
                name: {"kind": kind, "shows": shown, "gives_way": False, "since_s": at_s - 12}
                for name, (kind, shown) in shows.items()
            },
        },
        "forecast": {
            "K1": {"to": "red", "soonest_s": 0.0, "likely_s": 8.0, "latest_s": None},
            "K2": {"to": "green", "soonest_s": 6.0, "likely_s": 14.0, "latest_s": 40.0},
            "F1": {"to": "green", "soonest_s": 6.0, "likely_s": None, "latest_s": None},
        },
        "counts": {
            "quarter": None,
            "running": {"from_s": 0.0, "until_s": at_s, "lanes": {"market-1": {"car": 3, "bicycle": 1}}},
        },
        **changes,
    }  # fmt: skip


def quarter(from_s: float = 0.0, **kinds: int) -> dict[str, Any]:
    """Return the counts of a message that brings a full quarter of an hour."""
    return {
        "quarter": {"from_s": from_s, "until_s": from_s + 900, "lanes": {"market-1": kinds}},
        "running": {"from_s": from_s + 900, "until_s": from_s + 900, "lanes": {}},
    }
