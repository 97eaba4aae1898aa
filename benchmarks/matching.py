"""Claim: 300 cities with two places each are matched in 3 s of one core, profiles to explanation, proven best.

Made-up profiles: 20 countries, working languages, 15 topics, four needs and four offers each. With one place for each
city, the same pairs go to networkx's blossom algorithm in the same run; the totals have to be equal. The time of
Tandem with one place is that of choosing the pairs alone, because that is all that networkx does.

Figures are CPU seconds of one core, as in the other benchmarks: wall time says how busy the machine is.

Another row has coarse scores, with very many equally good results: there Tandem also decides between them.

Usage: python benchmarks/matching.py [--cities 300] [--seeds 5] [--without-peer]
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

import networkx as nx
import numpy as np
import peers

from tandem.exchange.adapters.optimise import Optimum, best_pairs
from tandem.exchange.domain.matching.market import market
from tandem.exchange.domain.matching.profiles import Call, CityProfile, Entry, Key
from tandem.exchange.services.matching import match

TOPICS = tuple(f"topic-{number:02}" for number in range(15))
OWN = ("bg", "de", "el", "es", "fr", "it", "nl", "pl", "ro", "sv")
WORD = "benchmark"


def cities(number: int, seed: int, *, capacity: int) -> tuple[CityProfile, ...]:
    """Return made-up profiles."""
    chance = np.random.default_rng(seed)
    return tuple(_city(chance, place, capacity) for place in range(number))


def _city(chance: np.random.Generator, place: int, capacity: int) -> CityProfile:
    topics = chance.permutation(len(TOPICS))[:8]
    entries = [
        Entry(TOPICS[topic], int(weight), {"en": "Made up."})
        for topic, weight in zip(topics, chance.integers(1, 6, 8), strict=True)
    ]
    country = int(chance.integers(20))
    own = OWN[country % len(OWN)]
    return CityProfile(
        id=f"city-{place:03}",
        names={"en": f"City {place}"},
        country=f"{chr(65 + country)}X",
        languages=(own, "en") if chance.random() < 0.8 else (own,),
        population=int(np.exp(chance.normal(11.5, 1))) + 1,
        kind=int(chance.integers(1, 4)),
        capacity=capacity,
        needs=tuple(entries[:4]),
        offers=tuple(entries[4:]),
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what it returns, and its wall and CPU seconds."""
    begun, begun_cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - begun, time.process_time() - begun_cpu


def figures(runs: list[tuple[Any, float, float]]) -> dict[str, float]:
    """Return the medians and the worst of several runs."""
    wall = [each for _result, each, _cpu in runs]
    return {
        "wall_s": median(wall),
        "worst_s": max(wall),
        "cpu_s": median(each for _result, _wall, each in runs),
    }


def whole(number: int, seed: int, call: Call) -> tuple[Any, float, float]:
    """Match cities with two places each, and require the proof."""
    profiles = cities(number, seed, capacity=2)
    run = timed(lambda: match(profiles, call))
    _require(run[0].optimum)
    return run


def _require(optimum: Optimum) -> None:
    if not (optimum.optimal and optimum.decided):
        sys.exit(f"Not proven: {optimum.points} of at most {optimum.bound}, decided: {optimum.decided}.")


def blossom(points: dict[Key, int]) -> int:
    """Return the most points that networkx finds with one place for each city."""
    graph = nx.Graph()
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in points.items())
    return sum(graph.edges[each]["weight"] for each in nx.max_weight_matching(graph))


def main() -> None:
    """Match by Tandem with two places, then by both with one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cities", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--without-peer", action="store_true")
    options = parser.parse_args()
    call, seeds = Call(word=WORD), range(options.seeds)
    coarse = replace(call, size_percent=0, kind_percent=0)

    rows = [
        ("coarse scores, many ties", figures([whole(options.cities, seed, coarse) for seed in seeds])),
        ("Tandem, all steps", figures([whole(options.cities, seed, call) for seed in seeds])),
    ]
    peers.show(f"{options.cities} cities, two places each, profiles to explanation", rows, by="cpu_s")
    if not options.without_peer:
        compare(options.cities, seeds, call)


def compare(number: int, seeds: range, call: Call) -> None:
    """Choose pairs with one place for each city by both, and print the ratio."""
    ours, theirs = [], []
    for seed in seeds:
        every = market(cities(number, seed, capacity=1), call)
        points, places = every.eligible(), every.places()
        ours.append(timed(partial(best_pairs, points, places, unserved=tuple(places), word=WORD)))
        theirs.append(timed(partial(blossom, points)))
        _require(ours[-1][0])
        if ours[-1][0].points != theirs[-1][0]:
            sys.exit(f"The totals differ: {theirs[-1][0]} by networkx, {ours[-1][0].points} by Tandem.")
        print(f"  seed {seed}: {len(points)} pairs, {theirs[-1][0]} points by both", flush=True)
    rows = [("networkx, blossom", figures(theirs)), ("Tandem, with ties decided", figures(ours))]
    peers.show(f"{number} cities, one place each, choosing alone", rows, by="cpu_s")


if __name__ == "__main__":
    main()
