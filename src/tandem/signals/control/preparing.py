"""What the search is told of a second: queues, arrivals and weights of those who are seen, and the room beyond."""

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tandem.signals.control.tables import PROTECTED, RED
from tandem.signals.domain.users import PEDESTRIAN

UNSEEN_S = (
    20.0  # who stands at a green of its own for so long, and could leave, stands behind somebody unseen
)
LATE_S = 0.25  # nobody who moves does so quite as well as arrival_s reckons
SHORT_M = 140.0  # an exit up to this length is soon full
GAP_M = 2.5  # between two who stand
CAR_M = 5.0 + GAP_M  # of an exit that somebody takes who stands there
MOVES_MPS = 3.0


@njit(cache=True)
def arrival_s(distance_m: float, speed_mps: float, allowed_mps: float) -> float:
    """Return the time to the stop line when accelerating with 2.2 m/s² to the allowed speed."""
    acceleration = 2.2
    left = max(distance_m - 1.0, 0.0)
    allowed = max(allowed_mps, 1.0)
    if speed_mps >= allowed:
        return left / speed_mps
    ramp_s = (allowed - speed_mps) / acceleration
    ramp_m = speed_mps * ramp_s + 0.5 * acceleration * ramp_s * ramp_s
    if left < ramp_m:
        return (-speed_mps + math.sqrt(speed_mps * speed_mps + 2.0 * acceleration * left)) / acceleration
    return ramp_s + (left - ramp_m) / allowed


@njit(cache=True)
def prepare(
    users: Any, exits: Any, lane_of: Any, exit_of: Any, pairs: Any, colour: Any, began: Any, weights: Any,
    equity: float, nobody_inside: bool,
    lane_begin: Any, v_link: Any, v_arrival: Any, v_queued: Any, v_weight: Any,
    stuck_s: Any, shut_until: Any, room: Any, rate: Any,
) -> None:  # fmt: skip
    """Sort road users into queues, and work out their arrivals, weights, and the room beyond."""
    count = users.shape[0]
    lanes = lane_begin.shape[0] - 1
    key = np.empty(count)
    for number in range(count):
        key[number] = lane_of[users[number]["movement"]] * 10_000.0 + users[number]["distance_m"]
    order = np.argsort(key)
    lane_begin[:] = 0
    for place in range(count):
        user = users[order[place]]
        link = user["movement"]
        if user["onward"] >= 0 and pairs[link, user["onward"]] >= 0:
            link = pairs[link, user["onward"]]
        v_link[place] = link
        lane_begin[lane_of[link] + 1] += 1
        to_go_m = user["distance_m"] + (1.0 if user["kind"] == PEDESTRIAN else 0.0)
        v_queued[place] = 1 if user["speed_mps"] < 2.0 and not user["through"] else 0
        v_arrival[place] = arrival_s(to_go_m, user["speed_mps"], user["allowed_mps"])
        if not v_queued[place]:
            v_arrival[place] += LATE_S
        if user["held"]:
            v_arrival[place] += 8.0
        weight = 1.0 + equity * user["waited_s"]
        v_weight[place] = weight * weights[user["kind"]] * user["size"]
    for lane in range(lanes):
        lane_begin[lane + 1] += lane_begin[lane]
    see_exits(exits, shut_until, room, rate)
    for lane in range(lanes):
        head = lane_begin[lane]
        stuck = False
        if head < lane_begin[lane + 1]:
            user = users[order[head]]
            link = user["movement"]
            stuck = (
                user["speed_mps"] < 0.5 and user["distance_m"] < 30.0 and not user["through"]
                and colour[link] == PROTECTED and began[link] < -3.0
            )  # fmt: skip
        stuck_s[lane] = stuck_s[lane] + 1.0 if stuck else 0.0
        if stuck_s[lane] <= 2.0:
            continue
        way = exit_of[v_link[head]]
        other = -1
        if nobody_inside and stuck_s[lane] > UNSEEN_S and (way < 0 or shut_until[way] == 0.0):
            other = longest_red(lane, lane_of[: pairs.shape[0]], colour, began)
        if other >= 0:
            v_link[head] = other
        elif way >= 0:
            shut_until[way] = max(shut_until[way], 4.0 + 2.0 * stuck_s[lane])


@njit(cache=True)
def longest_red(lane: int, lane_of: Any, colour: Any, began: Any) -> int:
    """Return the movement out of a lane that has been red longest, -1 where none is."""
    found = -1
    for link in range(lane_of.shape[0]):
        if lane_of[link] == lane and colour[link] == RED and (found < 0 or began[link] < began[found]):
            found = link
    return found


@njit(cache=True)
def see_exits(exits: Any, shut_until: Any, room: Any, rate: Any) -> None:
    """Work out how many can leave by each exit now, how many more a second, and until when nobody can."""
    for way in range(exits.shape[0]):
        row = exits[way]
        shut_until[way] = (
            6.0 if row["count"] and row["tail_speed_mps"] < 1.0 and row["tail_gap_m"] < 7.0 else 0.0
        )
        if row["storage_m"] <= 0.0:
            room[way], rate[way] = 1e9, 0.0
            continue
        moving = row["count"] == 0 or row["mean_speed_mps"] > MOVES_MPS
        room[way] = max(row["storage_m"] - row["used_m"], 0.0) / CAR_M
        if moving:
            room[way] += 1.0
        if row["storage_m"] > SHORT_M:
            room[way] += 2.0
            rate[way] = 0.5 if moving else 0.125
        else:
            rate[way] = 0.4 if moving else 0.1


def stand_full(exits: NDArray[np.void]) -> NDArray[np.bool_]:
    """Return which exits are short and full of those who stand: two junctions may wait for each other there."""
    short = (exits["storage_m"] > 0.0) & (exits["storage_m"] <= SHORT_M) & (exits["count"] > 0)
    full: NDArray[np.bool_] = (
        short & (exits["mean_speed_mps"] < MOVES_MPS) & (exits["used_m"] + CAR_M > exits["storage_m"])
    )
    return full
