"""All pairs of a call, each with its fits, its score and what stands in its way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tandem.exchange.domain.matching.eligibility import TOGETHER, Filter, Obstacle, obstacles
from tandem.exchange.domain.matching.fit import Closeness, Fit, closeness, fit, mutual, points
from tandem.exchange.domain.matching.profiles import (
    Call,
    CityProfile,
    Key,
    Tandem,
    key,
    pairs_of,
    places_taken,
    standing,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cities, and everything that speaks for and against them.

    Attributes:
        cities: Their ids in the order of the alphabet; the other pairs of values are in this order.
        fits: What the first gains from the second, and the second from the first.
        gains: The same in points, after what differences in size and kind take away.
        points: Of the pair, 0 to 10,000: the mean of both gains. They count even where obstacles stand in the way.
        obstacles: Empty for a pair that may be proposed.
    """

    cities: Key
    fits: tuple[Fit, Fit]
    closeness: Closeness
    gains: tuple[int, int]
    points: int
    obstacles: tuple[Obstacle, ...]

    def gain(self, city_id: str) -> int:
        """Return what one of the two gains."""
        return self.gains[self.cities.index(city_id)]

    def fit(self, city_id: str) -> Fit:
        """Return what one of the two gets from the other."""
        return self.fits[self.cities.index(city_id)]

    def partner(self, city_id: str) -> str:
        """Return the other one."""
        return self.cities[1 - self.cities.index(city_id)]

    @property
    def filters(self) -> frozenset[Filter]:
        """What keeps the two apart."""
        return frozenset(each.filter for each in self.obstacles)


@dataclass(frozen=True, slots=True)
class Market:
    """Every pair that there could be.

    Attributes:
        cities: By id, in the order of the alphabet.
        pairs: Of all cities, those that are out of the question too; by their ids.
        tandems: That stand.
    """

    cities: Mapping[str, CityProfile]
    call: Call
    pairs: Mapping[Key, Pair]
    tandems: tuple[Tandem, ...]

    def pair(self, one: str, other: str) -> Pair:
        """Return the pair of two cities."""
        return self.pairs[key(one, other)]

    def eligible(self) -> dict[Key, int]:
        """Return the points of every pair that may be proposed."""
        return {pair: each.points for pair, each in self.pairs.items() if not each.obstacles}

    def places(self) -> dict[str, int]:
        """Return how many more tandems each city could take."""
        return {
            name: max(0, city.capacity - places_taken(self.tandems, name)) if city.active else 0
            for name, city in self.cities.items()
        }

    def without_tandem(self) -> frozenset[str]:
        """Return the cities that are in no tandem that stands."""
        return frozenset(name for name in self.cities if not places_taken(self.tandems, name))


def market(profiles: Iterable[CityProfile], call: Call) -> Market:
    """Return all pairs of these cities; in which order the cities come changes nothing."""
    cities = {each.id: each for each in sorted(profiles, key=lambda each: each.id)}
    tandems = standing(cities.values(), call)
    full = frozenset(
        name for name, city in cities.items() if 0 < city.capacity <= places_taken(tandems, name)
    )
    partners = {pair for tandem in tandems for pair in pairs_of(tandem)}
    offered = {name: {entry.topic: entry.weight for entry in city.offers} for name, city in cities.items()}
    pairs = {
        pair: _pair(pair, cities, offered, call, full, pair in partners) for pair in pairs_of(tuple(cities))
    }
    return Market(cities, call, pairs, tandems)


def _pair(
    pair: Key,
    cities: Mapping[str, CityProfile],
    offered: Mapping[str, Mapping[str, int]],
    call: Call,
    full: frozenset[str],
    is_tandem: bool,
) -> Pair:
    one, other = cities[pair[0]], cities[pair[1]]
    fits = fit(one.needs, offered[other.id]), fit(other.needs, offered[one.id])
    gains = bool(fits[0].terms), bool(fits[1].terms)
    found = (TOGETHER,) if is_tandem else obstacles(one, other, call, gains=gains, full=full)
    close = closeness(one, other, call)
    if not any(gains):
        return Pair(pair, fits, close, (0, 0), 0, found)
    factor = close.factor
    worth = fits[0].share * factor, fits[1].share * factor
    score = mutual(*worth, one_sided_percent=call.one_sided_percent)
    return Pair(pair, fits, close, (points(worth[0]), points(worth[1])), points(score), found)
