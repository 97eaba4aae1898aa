"""The search of the rolling-horizon planner: compiled, without objects.

A node is a state of all queues at a point in time, under a stage. Nodes are expanded by staying or by changing
to another stage; of the nodes that meet in the same column of time and the same stage, the cheapest of each
first action are kept. Queues are served one by one, in the order in which their vehicles stand, by the second.

What is compiled and calls each other stays in one file: Numba keeps what it has compiled until that file changes.

Source: forward dynamic programme over (time, stage) after Sen and Head (1997), Controlled optimization of
phases at an intersection, Transportation Science 31(1); the queue model is described in docs/explanation.
"""

from typing import Any

import numpy as np
from numba import njit

from tandem.signals.control.tables import NEVER, PERMISSIVE, PROTECTED, RED

FAR = 1e9
STARTS_S = 1.0  # from the beginning of green until the first of those who stand leaves
GAP_S = 4.0  # who gives way needs so long until the next one with priority


@njit(cache=True)
def serve(
    start: float,
    end: float,
    node: int,
    ptr: Any, seen: Any, free: Any, load: Any, out: Any,
    now_colour: Any, next_colour: Any, opens: Any, closes: Any, after_s: Any, began: Any,
    lane_begin: Any, v_link: Any, v_arrival: Any, v_queued: Any, v_weight: Any,
    foes: Any, foe_count: Any, lane_of: Any, exit_of: Any, headway: Any,
    room: Any, room_rate: Any, shut_until: Any,
    stop_cost: float, feed_cost: float, feeds: Any,
) -> float:  # fmt: skip
    """Serve all queues of a node from ``start`` to ``end`` and return what it costs.

    Until its moment in ``opens`` a link shows what it shows now; red ones open then. Links that close do so at
    their moment in ``closes``; who drives freely still uses them for ``after_s``, who comes out of a queue stops.
    ``began`` is when each link's green began.
    """
    cost = 0.0
    lanes = lane_begin.shape[0] - 1
    second = start
    while second < end - 1e-6:
        until = min(second + 1.0, end)
        for lane in range(lanes):
            last = lane_begin[lane + 1]
            before = seen[node, lane]
            # those who arrive in this second
            while seen[node, lane] < last and v_arrival[seen[node, lane]] < until:
                vehicle = seen[node, lane]
                load[node, lane] += v_weight[vehicle]
                cost -= v_weight[vehicle] * (max(v_arrival[vehicle], second) - second)
                seen[node, lane] += 1
            # those who leave
            while ptr[node, lane] < seen[node, lane]:
                vehicle = ptr[node, lane]
                link = v_link[vehicle]
                colour = colour_at(second, link, now_colour, next_colour, opens, closes, after_s)
                if colour == RED:
                    break
                green_from = began[node, link] if now_colour[link] != RED else opens[link]
                leaves = max(v_arrival[vehicle], free[node, lane])
                if v_queued[vehicle] == 1 or v_arrival[vehicle] < green_from:
                    leaves = max(leaves, green_from + STARTS_S)
                if leaves >= until:
                    break
                if next_colour[link] == RED:
                    used_s = 0.0 if v_queued[vehicle] == 1 else after_s[link]
                    if leaves >= closes[link] + used_s:
                        break
                way = exit_of[link]
                if way >= 0:
                    if second < shut_until[way]:
                        break
                    if out[node, way] + 1.0 > room[way] + room_rate[way] * leaves:
                        break
                if colour == PERMISSIVE and gives_way(
                    leaves, second, node, link, ptr, free, now_colour, next_colour, opens, closes, after_s,
                    lane_begin, v_link, v_arrival, foes, foe_count, lane_of,
                ):  # fmt: skip
                    break
                leaves = max(leaves, second)
                cost += v_weight[vehicle] * (leaves - second)
                load[node, lane] -= v_weight[vehicle]
                free[node, lane] = leaves + headway[link]
                if way >= 0:
                    out[node, way] += 1.0
                ptr[node, lane] += 1
            # those who have to stop
            for vehicle in range(max(before, ptr[node, lane]), seen[node, lane]):
                if v_queued[vehicle] == 0:
                    cost += stop_cost * v_weight[vehicle]
            if load[node, lane] > 1e-9:
                cost += load[node, lane] * (until - second)
            head = ptr[node, lane]
            if feed_cost > 0.0 and head < last and feeds[v_link[head]] >= 0:
                first = feeds[v_link[head]]
                if next_colour[first] != RED and next_colour[v_link[head]] == RED:
                    cost += feed_cost * (until - second)
        second = until
    return cost


@njit(cache=True)
def colour_at(
    second: float, link: int, now_colour: Any, next_colour: Any, opens: Any, closes: Any, after_s: Any
) -> int:
    """Return what a link shows in a change, that somebody still drives in yellow taken for what it showed before."""
    now: int = now_colour[link]
    then: int = next_colour[link]
    if now == then:
        return now
    if then == RED:
        return now if second < closes[link] + after_s[link] else RED
    if second >= opens[link] - 1e-6:
        return then
    return RED if now == RED else PERMISSIVE


@njit(cache=True)
def gives_way(
    leaves: float, second: float, node: int, link: int,
    ptr: Any, free: Any, now_colour: Any, next_colour: Any, opens: Any, closes: Any, after_s: Any,
    lane_begin: Any, v_link: Any, v_arrival: Any, foes: Any, foe_count: Any, lane_of: Any,
) -> bool:  # fmt: skip
    """Return whether somebody with priority comes too soon for who wants to leave on a link at ``leaves``."""
    for number in range(foe_count[link]):
        foe = foes[link, number]
        if next_colour[foe] == RED or now_colour[foe] == RED:
            still = now_colour[foe] == PROTECTED and second < closes[foe] + after_s[foe]
            already = next_colour[foe] == PROTECTED and second >= opens[foe]
            if not still and not already:
                continue
        elif now_colour[foe] != PROTECTED and next_colour[foe] != PROTECTED:
            continue
        lane = lane_of[foe]
        head = ptr[node, lane]
        if head < lane_begin[lane + 1] and v_link[head] == foe and v_arrival[head] < leaves + GAP_S:
            return True
        if free[node, lane] > leaves + 0.4:
            return True
    return False


@njit(cache=True)
def choose_from(
    stage_now: int, colours: Any, change_s: Any, v_link: Any, v_weight: Any, barred: Any, most: int, use: Any
) -> None:
    """Mark the stages that are worth a thought: those that no other one replaces for all who are there.

    The present stage always is. One replaces another if it serves those who are there as well, lets go as many
    of whom nobody has been seen yet, and can be reached and left as soon. Of several that are equal the first one
    stays. Those that are barred replace no others. Of those that remain the ``most`` that serve most are kept, barred
    ones last.
    """
    stages, links = colours.shape
    wanted = np.zeros(links, np.bool_)
    for vehicle in range(v_link.shape[0]):
        wanted[v_link[vehicle]] = True
    for stage in range(stages):
        use[stage] = True
        if stage == stage_now:
            continue
        for other in range(stages):
            if other == stage or (barred[other] and not barred[stage]):
                continue
            worse, better = False, False
            for link in range(links):
                if wanted[link]:
                    worse = worse or colours[other, link] < colours[stage, link]
                    better = better or colours[other, link] > colours[stage, link]
            more = (colours[other] != RED).sum() - (colours[stage] != RED).sum()
            worse, better = worse or more < 0, better or more > 0
            worse = worse or change_s[stage_now, other] > change_s[stage_now, stage] + 1e-6
            better = better or change_s[stage_now, other] < change_s[stage_now, stage] - 1e-6
            for target in range(stages):
                if target in (stage, other):
                    continue
                worse = worse or change_s[other, target] > change_s[stage, target] + 1e-6
                better = better or change_s[other, target] < change_s[stage, target] - 1e-6
            if not worse and (better or other == stage_now or other < stage):
                use[stage] = False
                break
    served = np.zeros(stages)
    for vehicle in range(v_link.shape[0]):
        for stage in range(stages):
            served[stage] += v_weight[vehicle] * colours[stage, v_link[vehicle]]
    for stage in range(stages):
        if barred[stage]:
            served[stage] -= FAR
    served[stage_now] = FAR
    while use.sum() > most:
        least = -1
        for stage in range(stages):
            if use[stage] and (least < 0 or served[stage] < served[least]):
                least = stage
        use[least] = False


@njit(cache=True)
def plan(
    stage_now: int,
    colours: Any, opens_s: Any, closes_s: Any, change_s: Any, least_s: Any, after_s: Any, free_changes: bool,
    began_now: Any, clear_s: Any,
    lane_begin: Any, v_link: Any, v_arrival: Any, v_queued: Any, v_weight: Any,
    foes: Any, foe_count: Any, lane_of: Any, exit_of: Any, headway: Any,
    room: Any, room_rate: Any, shut_until: Any, lane_free: Any,
    feeds: Any,
    columns: Any, barred: Any, keep: int, most: int, stop_cost: float, feed_cost: float, commit_s: float,
    ptr: Any, seen: Any, free: Any, load: Any, out: Any, began: Any,
    cost: Any, first: Any,
    cells: Any, cell_count: Any,
    came_from: Any, begun_s: Any, stage_of: Any,
    costs_of_first: Any,
) -> Any:  # fmt: skip
    """Return the stage to be in next (``stage_now`` to stay), and the last node of the best plan.

    The plan does not begin with a stage that is ``barred``; if there is no other one, it is that of ``stage_now``.
    With ``free_changes`` a change is only made to serve somebody, or out of a stage that is barred; without, it may
    lead on to a stage that does. ``costs_of_first`` receives the least cost of a future that begins with each stage.
    The plan is read backwards from its last node: ``came_from``, when the step to it began, and its stage.
    """
    stages = colours.shape[0]
    links = colours.shape[1]
    lanes = lane_begin.shape[0] - 1
    use = np.ones(stages, np.bool_)
    choose_from(stage_now, colours, change_s, v_link, v_weight, barred, most, use)
    last = columns.shape[0] - 1
    costs_of_first[:] = FAR
    plant_root(
        stage_now, lane_begin, lane_free, began_now, ptr, seen, free, load, out, began,
        cost, first, cells, cell_count, came_from, begun_s, stage_of,
    )  # fmt: skip
    nodes = 1
    leaf = 0
    bound = FAR
    capacity = cost.shape[0]
    zero = np.zeros(links)
    for column in range(last + 1):
        for stage in range(stages):
            for place in range(cell_count[column, stage]):
                node = cells[column, stage, place]
                if cost[node] >= bound:
                    continue
                if column == last:
                    total = cost[node] + left_over(
                        node, stage, ptr, colours, lane_begin, v_link, v_weight, headway, lanes
                    )
                    if total < costs_of_first[first[node]]:
                        costs_of_first[first[node]] = total
                        if total < bound:
                            bound, leaf = total, node
                    continue
                for target in range(stages):
                    if nodes >= capacity or not is_open(
                        node, stage, target, columns[column], first[node] < 0, barred, use, free_changes,
                        ptr, began, colours, change_s, least_s, lane_begin, v_link,
                    ):  # fmt: skip
                        continue
                    made, at, arrive = nodes, columns[column], column + 1
                    opens, closes = zero, zero
                    if target != stage:
                        opens = np.maximum(at + opens_s[stage, target], clear_s)
                        closes = at + closes_s[stage, target]
                        ready = at + change_s[stage, target] + commit_s
                        while arrive < last and columns[arrive] < ready - 1e-6:
                            arrive += 1
                    copy(node, made, ptr, seen, free, load, out, began)
                    spent = serve(
                        at, columns[arrive], made, ptr, seen, free, load, out,
                        colours[stage], colours[target], opens, closes, after_s, began,
                        lane_begin, v_link, v_arrival, v_queued, v_weight,
                        foes, foe_count, lane_of, exit_of, headway,
                        room, room_rate, shut_until, stop_cost, feed_cost, feeds,
                    )  # fmt: skip
                    for link in range(links):
                        if colours[target, link] != RED and colours[stage, link] == RED:
                            began[made, link] = opens[link]
                    cost[made] = cost[node] + spent
                    first[made] = first[node] if first[node] >= 0 else target
                    came_from[made], begun_s[made], stage_of[made] = node, at, target
                    if cost[made] >= bound:
                        continue
                    nodes = put(made, nodes, arrive, target, keep, cells, cell_count, cost, first)
    best = stage_now
    for stage in range(stages):
        if costs_of_first[stage] < costs_of_first[best] - 1e-9:
            best = stage
    return best, leaf


@njit(cache=True)
def plant_root(
    stage: int, lane_begin: Any, lane_free: Any, began_now: Any,
    ptr: Any, seen: Any, free: Any, load: Any, out: Any, began: Any,
    cost: Any, first: Any, cells: Any, cell_count: Any, came_from: Any, begun_s: Any, stage_of: Any,
) -> None:  # fmt: skip
    """Make the first node, the present, and let it be the only one."""
    for lane in range(ptr.shape[1]):
        ptr[0, lane] = lane_begin[lane]
        seen[0, lane] = lane_begin[lane]
        free[0, lane] = lane_free[lane]
        load[0, lane] = 0.0
    out[0, :] = 0.0
    began[0, :] = began_now
    cost[0], first[0] = 0.0, -1
    came_from[0], begun_s[0], stage_of[0] = -1, 0.0, stage
    cell_count[:, :] = 0
    cells[0, stage, 0] = 0
    cell_count[0, stage] = 1


@njit(cache=True)
def copy(node: int, made: int, ptr: Any, seen: Any, free: Any, load: Any, out: Any, began: Any) -> None:
    """Make a node like another one."""
    for lane in range(ptr.shape[1]):
        ptr[made, lane] = ptr[node, lane]
        seen[made, lane] = seen[node, lane]
        free[made, lane] = free[node, lane]
        load[made, lane] = load[node, lane]
    for way in range(out.shape[1]):
        out[made, way] = out[node, way]
    for link in range(began.shape[1]):
        began[made, link] = began[node, link]


@njit(cache=True)
def put(
    made: int,
    nodes: int,
    column: int,
    stage: int,
    keep: int,
    cells: Any,
    cell_count: Any,
    cost: Any,
    first: Any,
) -> int:
    """Keep a node if it is among the best of its cell, one of each first action; return the new number of nodes."""
    count = cell_count[column, stage]
    for place in range(count):
        other = cells[column, stage, place]
        if first[other] == first[made]:
            if cost[made] < cost[other]:
                cells[column, stage, place] = made
                return nodes + 1
            return nodes
    if count < keep:
        cells[column, stage, count] = made
        cell_count[column, stage] = count + 1
        return nodes + 1
    worst = 0
    for place in range(1, count):
        if cost[cells[column, stage, place]] > cost[cells[column, stage, worst]]:
            worst = place
    if cost[made] < cost[cells[column, stage, worst]]:
        cells[column, stage, worst] = made
        return nodes + 1
    return nodes


@njit(cache=True)
def is_open(
    node: int, stage: int, target: int, now_s: float, begins: bool, barred: Any, use: Any, free_changes: bool,
    ptr: Any, began: Any, colours: Any, change_s: Any, least_s: Any, lane_begin: Any, v_link: Any,
) -> bool:  # fmt: skip
    """Return whether a future may go on from a stage with a target, the same or another one.

    Args:
        begins: Whether it is the first step, which must not lead to a barred stage, and may leave one for nobody.
    """
    if begins and barred[target]:
        return False
    if target == stage:
        return True
    if not use[target] or change_s[stage, target] >= NEVER:
        return False
    if not may_close(node, stage, target, now_s, colours, least_s, began):
        return False
    if not free_changes or (begins and barred[stage]):
        return True
    return serves(node, stage, target, ptr, colours, lane_begin, v_link)


@njit(cache=True)
def may_close(
    node: int, stage: int, target: int, now_s: float, colours: Any, least_s: Any, began: Any
) -> bool:
    """Return whether everything that a change ends has been green for its minimum."""
    for link in range(colours.shape[1]):
        if (
            colours[stage, link] != RED
            and colours[target, link] == RED
            and now_s - began[node, link] < least_s[link] - 1e-6
        ):
            return False
    return True


@njit(cache=True)
def serves(node: int, stage: int, target: int, ptr: Any, colours: Any, lane_begin: Any, v_link: Any) -> bool:
    """Return whether a change would help somebody: one of the queues' heads goes then, or goes protected."""
    for lane in range(lane_begin.shape[0] - 1):
        head = ptr[node, lane]
        if head < lane_begin[lane + 1]:
            link = v_link[head]
            if colours[target, link] > colours[stage, link]:
                return True
    return False


@njit(cache=True)
def left_over(
    node: int,
    stage: int,
    ptr: Any,
    colours: Any,
    lane_begin: Any,
    v_link: Any,
    v_weight: Any,
    headway: Any,
    lanes: int,
) -> float:
    """Return an estimate of what those who are left at the horizon will still cost."""
    cost = 0.0
    for lane in range(lanes):
        head, end = ptr[node, lane], lane_begin[lane + 1]
        if head >= end:
            continue
        wait = 0.0 if colours[stage, v_link[head]] != RED else 12.0
        queue = 0.0
        for vehicle in range(head, end):
            queue += headway[v_link[vehicle]]
        for vehicle in range(head, end):
            cost += v_weight[vehicle] * (wait + 0.5 * queue)
    return cost
