"""The best pairs of all: a heaviest b-matching, with the proof that there is none better.

1. **Prices.** The linear programme without whole numbers gives each city a price for a place. Whatever the prices, no
   choice of pairs has more points than ``places · prices + sum of (points - both prices, where above 0)``. Doubled, the
   prices are whole numbers, so this bound is computed exactly.
2. **Pairs within reach.** A pair whose points are below both its prices by more than the bound is above the best
   choice so far cannot be in a best choice. So HiGHS solves the whole-number programme with the few pairs near their
   prices, and again with more if that is not enough to rule the others out.
3. **Ties.** Among all choices with the most points, those that give most cities a partner; among these, the one with
   the largest sum of *lots*, drawn by SHA-256 of both ids. After each step the programme is asked for another choice
   that is as good; the result stands when there is none. So it depends on no solver, platform or order of input.

Source:
    Edmonds (1965), Maximum matching and a polyhedron with 0,1-vertices; Schrijver (2003), Combinatorial Optimization,
    chapter 31 (b-matchings; half-integral prices). Solver: HiGHS by ``scipy.optimize``.
"""

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, eye_array, hstack

from tandem.core.errors import Unavailable
from tandem.core.text import say
from tandem.exchange.domain.matching.profiles import Key

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
MOST_LOT = 10_000
NEAR_PER_PLACE = 1  # pairs that are tried first, for each place there is
_OPTIMAL, _INFEASIBLE = 0, 2  # of HiGHS
_NO_BOUND = 2**62
_ALMOST = 1e-3  # what floats may be off where whole numbers are added up


class NoMatchingInTime(Unavailable):
    """The time was over before there was any result."""

    code = "exchange.matching.no-result-in-time"


@dataclass(frozen=True, slots=True)
class Optimum:
    """A choice of pairs, and how good it is proven to be.

    Attributes:
        pairs: In the order of the alphabet.
        points: Of all these pairs.
        bound: No choice can have more points.
        decided: True where no other choice is as good, ties broken; so whoever repeats it gets the same.
    """

    pairs: tuple[Key, ...]
    points: int
    bound: int
    decided: bool

    @property
    def optimal(self) -> bool:
        """True where nothing can be better."""
        return self.points == self.bound


def lot(pair: Key, *, word: str = "", turn: int = 0) -> int:
    """Return the lot of a pair, from 1 to 10,000, the same everywhere: ``sha256sum`` of "word/turn/one/other".

    >>> lot(("arezzo", "hamm"))
    719
    """
    drawn = sha256("/".join((word, str(turn), *pair)).encode()).digest()
    return 1 + int.from_bytes(drawn[:8], "big") % MOST_LOT


def best_pairs(
    points: Mapping[Key, int],
    places: Mapping[str, int],
    *,
    unserved: Collection[str],
    word: str = "",
    time_limit_s: float = 30.0,
) -> Optimum:
    """Return the pairs that have the most points between them.

    Args:
        points: Of each pair that may be chosen, above 0, at most some ten thousands each.
        places: How many pairs each city may be in.
        unserved: Cities that have no partner yet: by these ties are broken first.
        word: Changes the lots.
        time_limit_s: Of all steps together.

    Raises:
        NoMatchingInTime: Not even a first result was found.
    """
    graph = _Graph.of(points, places)
    if not graph.keys:
        return Optimum((), 0, 0, decided=True)
    deadline = time.monotonic() + time_limit_s
    prices = _prices(graph)
    chosen, bound = _most_points(graph, prices, deadline)
    decided = False
    if graph.total(chosen) == bound:
        reach: Bools = prices.below <= prices.bound - 2 * bound
        chosen[reach], decided = _break_ties(graph.only(reach), chosen[reach], unserved, word, deadline)
    return Optimum(graph.only(chosen).keys, graph.total(chosen), bound, decided)


@dataclass(frozen=True, slots=True, eq=False)
class _Graph:
    """Pairs and cities as numbers.

    Attributes:
        cities: Ids, sorted.
        points: Of each pair, shape ``(pairs,)``.
        incidence: Which city is in which pair, shape ``(cities, pairs)``.
        places: Of each city, shape ``(cities,)``.
    """

    cities: tuple[str, ...]
    keys: tuple[Key, ...]
    points: Ints
    incidence: csr_array
    places: Ints

    @classmethod
    def of(cls, points: Mapping[Key, int], places: Mapping[str, int]) -> "_Graph":
        cities, keys = tuple(sorted(places)), tuple(sorted(points))
        at = {name: place for place, name in enumerate(cities)}
        rows = np.array([at[name] for pair in keys for name in pair], np.int64)
        columns = np.repeat(np.arange(len(keys)), 2)
        ones = np.ones(len(rows), np.int64)
        return cls(
            cities,
            keys,
            np.array([points[each] for each in keys], np.int64),
            csr_array((ones, (rows, columns)), shape=(len(cities), len(keys))),
            np.array([places[each] for each in cities], np.int64),
        )

    def only(self, those: Bools) -> "_Graph":
        """Return it with some of the pairs."""
        keys = tuple(each for each, kept in zip(self.keys, those, strict=True) if kept)
        return _Graph(self.cities, keys, self.points[those], self.incidence[:, those], self.places)

    def total(self, chosen: Bools) -> int:
        """Return the points of a choice."""
        return int(self.points[chosen].sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Prices:
    """What prices prove. All is doubled, and exact.

    Attributes:
        below: How far the points of each pair are below its prices; negative where above.
        bound: No choice has more points.
    """

    below: Ints
    bound: int


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What HiGHS said.

    Attributes:
        chosen: The best choice it found; None if there is none, or none yet.
        bound: How good one could be at most.
    """

    chosen: Bools | None
    bound: int
    status: int


def _nearest(graph: _Graph, prices: _Prices) -> Bools:
    """Return the pairs that are tried first."""
    places = int(graph.places.sum())
    tried = min(len(graph.keys), max(1, NEAR_PER_PLACE * places))
    nearest: Bools = prices.below <= np.partition(prices.below, tried - 1)[tried - 1]
    return nearest


def _prices(graph: _Graph) -> _Prices:
    """Return what the programme without whole numbers proves."""
    solved = linprog(
        -graph.points.astype(np.float64),
        A_ub=graph.incidence,
        b_ub=graph.places,
        bounds=(0, 1),
        method="highs",
    )
    twice = np.maximum(0, np.rint(-2 * solved.ineqlin.marginals)).astype(np.int64)
    below: Ints = graph.incidence.T @ twice - 2 * graph.points
    return _Prices(below, int(graph.places @ twice + np.maximum(0, -below).sum()))


def _most_points(graph: _Graph, prices: _Prices, deadline: float) -> tuple[Bools, int]:
    """Return a choice with the most points, and what no choice can exceed."""
    near = _nearest(graph, prices)
    while True:
        part = graph.only(near)
        limits = LinearConstraint(part.incidence, ub=part.places)
        answer = _solve(part.points, [limits], len(part.keys), deadline)
        if answer.chosen is None:
            raise NoMatchingInTime(say("No pairs were found in the time given. Give it more."))
        chosen = np.zeros(len(graph.keys), np.bool_)
        chosen[near] = answer.chosen
        total = graph.total(chosen)
        bound = min(prices.bound // 2, max(answer.bound, _beyond(prices, near)))
        if answer.status != _OPTIMAL or bound <= total:
            return chosen, max(bound, total)
        near = prices.below <= prices.bound - 2 * total


def _beyond(prices: _Prices, near: Bools) -> int:
    """Return what a choice can have at most with any pair that was not tried."""
    return 0 if near.all() else int(prices.bound - prices.below[~near].min()) // 2


def _break_ties(
    graph: _Graph, chosen: Bools, unserved: Collection[str], word: str, deadline: float
) -> tuple[Bools, bool]:
    """Return the one choice among those with the most points, and whether it is the only one."""
    ties = _Ties(graph, unserved)
    ties.keep(ties.points, chosen)
    goals = ties.goals(word)
    while True:
        another = ties.another(chosen, deadline)
        if another.status != _OPTIMAL:
            return chosen, another.status == _INFEASIBLE
        goal = next(goals)
        best = ties.best(goal, deadline)
        if best.chosen is None or best.status != _OPTIMAL:
            return chosen, False
        chosen = best.chosen
        ties.keep(goal, chosen)


class _Ties:
    """Choices that are equally good so far.

    Besides one variable for each pair there is one for each city without a partner: at most 1, and at most the number
    of its pairs.
    """

    def __init__(self, graph: _Graph, unserved: Collection[str]) -> None:
        self._graph = graph
        self._unserved = np.isin(np.array(graph.cities), sorted(unserved))
        incidence, rows = graph.incidence, int(self._unserved.sum())
        self._incidence = incidence
        self._pairs, self._rows = len(graph.keys), rows
        self._constraints = [
            LinearConstraint(hstack([incidence, csr_array((len(graph.cities), rows))]), ub=graph.places),
            LinearConstraint(hstack([incidence[self._unserved], -eye_array(rows)]), lb=0),
        ]
        self.points = self._goal(graph.points)

    def goals(self, word: str) -> Iterator[Ints]:
        """Return by what ties are broken, one after another: cities with a partner, then lots without end."""
        yield np.concatenate([np.zeros(self._pairs, np.int64), np.ones(self._rows, np.int64)])
        for turn in count():
            lots = [lot(each, word=word, turn=turn) for each in self._graph.keys]
            yield self._goal(np.array(lots, np.int64))

    def keep(self, goal: Ints, chosen: Bools) -> None:
        """Admit from now on only what is as good as ``chosen`` by ``goal``."""
        served = np.minimum(1, self._incidence @ chosen)[self._unserved]
        reached = goal @ np.concatenate([chosen, served])
        self._constraints.append(LinearConstraint(goal[np.newaxis], lb=reached - 0.5))

    def best(self, goal: Ints, deadline: float) -> _Answer:
        """Return the best choice by a goal."""
        return _solve(goal, self._constraints, self._pairs, deadline)

    def another(self, chosen: Bools, deadline: float) -> _Answer:
        """Return a choice that is as good and not the same."""
        same = self._goal(chosen.astype(np.int64))
        differs = LinearConstraint(same[np.newaxis], ub=chosen.sum() - 0.5)
        return _solve(self.points, [*self._constraints, differs], self._pairs, deadline)

    def _goal(self, of_pairs: Ints) -> Ints:
        return np.concatenate([of_pairs, np.zeros(self._rows, np.int64)])


def _solve(goal: Ints, constraints: list[LinearConstraint], pairs: int, deadline: float) -> _Answer:
    """Return the choice with the most of ``goal``; its first ``pairs`` variables are whole."""
    whole = np.concatenate([np.ones(pairs), np.zeros(len(goal) - pairs)])
    solved = milp(
        -goal.astype(np.float64),
        constraints=constraints,
        bounds=Bounds(0, 1),
        integrality=whole,
        options={"mip_rel_gap": 0, "time_limit": max(0.01, deadline - time.monotonic())},
    )
    chosen: Bools | None = None if solved.x is None else solved.x[:pairs] > 0.5
    bound = solved.mip_dual_bound
    known = bound is not None and np.isfinite(bound)
    return _Answer(chosen, int(np.floor(_ALMOST - bound)) if known else _NO_BOUND, solved.status)
