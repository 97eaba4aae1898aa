"""What was chosen, and which cities would rather have each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tandem.exchange.domain.matching.market import Market
from tandem.exchange.domain.matching.profiles import Key, Tandem, places_taken


@dataclass(frozen=True, slots=True)
class Outcome:
    """The pairs that were chosen from a market.

    Attributes:
        pairs: That are proposed, in the order of the alphabet.
        partners: Of each city, those proposed.
    """

    market: Market
    pairs: tuple[Key, ...]
    partners: Mapping[str, tuple[str, ...]]

    def places_left(self, city_id: str) -> int:
        """Return how many more tandems a city could take."""
        city = self.market.cities[city_id]
        taken = places_taken(self.market.tandems, city_id) + len(self.partners[city_id])
        return max(0, city.capacity - taken) if city.active else 0

    def alone(self) -> tuple[str, ...]:
        """Return the cities that have no partner, neither proposed nor in a tandem that stands."""
        without = self.market.without_tandem()
        return tuple(name for name in self.market.cities if name in without and not self.partners[name])

    def groups(self) -> tuple[Tandem, ...]:
        """Return what a further city could join: proposed pairs and tandems that stand."""
        return tuple(sorted({*self.pairs, *self.market.tandems}))


@dataclass(frozen=True, slots=True)
class Blocking:
    """Two cities that would both rather have each other than what they have.

    Attributes:
        more: How many points each would gain more than from the least of its proposed partners, or than nothing.
    """

    cities: Key
    more: tuple[int, int]


def outcome(market: Market, pairs: Iterable[Key]) -> Outcome:
    """Return what was chosen."""
    partners: dict[str, list[str]] = defaultdict(list)
    chosen = tuple(sorted(pairs))
    for one, other in chosen:
        partners[one].append(other)
        partners[other].append(one)
    return Outcome(market, chosen, {name: tuple(partners[name]) for name in market.cities})


def thresholds(chosen: Outcome) -> Mapping[str, int]:
    """Return what each city must gain from another one to prefer it.

    0 with a place left, else what the least of its proposed partners brings.
    """
    return {name: _least(chosen, name) for name in chosen.market.cities}


def blocking(chosen: Outcome) -> tuple[Blocking, ...]:
    """Return the pairs in which both cities would rather have each other, those that want it most first.

    Source:
        Gale and Shapley (1962), College Admissions and the Stability of Marriage: a matching with such a pair is
        unstable. The most points for all can have some; they are shown, so that people can judge.
    """
    limits, proposed = thresholds(chosen), set(chosen.pairs)
    found = []
    for cities in chosen.market.eligible():
        if cities not in proposed:
            pair = chosen.market.pairs[cities]
            first, second = (pair.gain(each) - limits[each] for each in cities)
            if first > 0 and second > 0:
                found.append(Blocking(cities, (first, second)))
    return tuple(sorted(found, key=lambda each: (-min(each.more), each.cities)))


def _least(chosen: Outcome, city_id: str) -> int:
    if chosen.places_left(city_id):
        return 0
    gains = (chosen.market.pair(city_id, each).gain(city_id) for each in chosen.partners[city_id])
    return min(gains, default=0)
