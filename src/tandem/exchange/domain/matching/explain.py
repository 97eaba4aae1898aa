"""Why these pairs: what each city gets, what it would have liked as well, and why it did not come about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest

from tandem.core.text import Sentence, say
from tandem.exchange.domain.matching.eligibility import WHY, common_languages
from tandem.exchange.domain.matching.market import Market, Pair
from tandem.exchange.domain.matching.outcome import Outcome, thresholds
from tandem.exchange.domain.matching.profiles import Key

TERMS_SHOWN = 3
MISSED_SHOWN = 3


class Cause(StrEnum):
    """Why a pair did not come about."""

    FILTER = "filter"
    OTHER_GAINS_MORE = "other-gains-more"  # from its own partners
    OWN_GAINS_MORE = "own-gains-more"
    TOTAL = "total"  # both would, but all pairs together would have no more points
    TIME = "time"  # both have a place left; the time was over before that was found


@dataclass(frozen=True, slots=True)
class Missed:
    """A partner that a city could have gained from, and does not get.

    Attributes:
        gain: Points that the city would gain.
        says: Why not, in one or more sentences.
    """

    city_id: str
    gain: int
    cause: Cause
    says: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class CityReasons:
    """What became of a city.

    Attributes:
        partners: Proposed.
        missed: The best ones that it did not get, the best first.
        alone: Why it has no partner at all; empty where it has.
    """

    city_id: str
    partners: tuple[str, ...]
    missed: tuple[Missed, ...]
    alone: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class PairReasons:
    """Why two cities.

    Attributes:
        says: The strongest needs met, in each direction, and the languages.
    """

    cities: Key
    points: int
    gains: tuple[int, int]
    languages: tuple[str, ...]
    says: tuple[Sentence, ...]


def explain_pair(market: Market, cities: Key) -> PairReasons:
    """Return what speaks for a pair."""
    pair = market.pairs[cities]
    languages = common_languages(*(market.cities[each] for each in cities))
    met = [each for name in cities for each in _met(market, pair, name)]
    spoken = (say("Both work in {languages}.", languages=", ".join(languages)),) if languages else ()
    return PairReasons(cities, pair.points, pair.gains, languages, (*met, *spoken))


def explain_cities(chosen: Outcome) -> Mapping[str, CityReasons]:
    """Return for every city what it gets, what not, and why."""
    limits, alone = thresholds(chosen), set(chosen.alone())
    wishes = _wishes(chosen)
    return {
        name: CityReasons(
            name,
            chosen.partners[name],
            tuple(_missed(chosen, name, pair, limits) for pair in wishes[name]),
            _why_alone(chosen, name) if name in alone else (),
        )
        for name in chosen.market.cities
    }


def _met(market: Market, pair: Pair, city_id: str) -> Iterable[Sentence]:
    other = market.cities[pair.partner(city_id)].name
    for term in pair.fit(city_id).terms[:TERMS_SHOWN]:
        yield say(
            "{city} needs {topic} ({need} of 5); {other} offers it ({offer} of 5).",
            city=market.cities[city_id].name,
            other=other,
            topic=term.topic,
            need=term.need,
            offer=term.offer,
        )


def _wishes(chosen: Outcome) -> dict[str, list[Pair]]:
    """Return for each city the pairs that would bring it most and are not to be."""
    proposed = set(chosen.pairs)
    together = {frozenset(each) for each in chosen.market.tandems}
    by_city: dict[str, list[Pair]] = {name: [] for name in chosen.market.cities}
    for cities, pair in chosen.market.pairs.items():
        if cities in proposed or any(each.issuperset(cities) for each in together):
            continue
        for name, gain in zip(cities, pair.gains, strict=True):
            if gain:
                by_city[name].append(pair)
    return {name: _largest(name, pairs) for name, pairs in by_city.items()}


def _largest(city_id: str, pairs: Iterable[Pair]) -> list[Pair]:
    return nsmallest(MISSED_SHOWN, pairs, key=lambda pair: (-pair.gain(city_id), pair.cities))


def _missed(chosen: Outcome, city_id: str, pair: Pair, limits: Mapping[str, int]) -> Missed:
    other_id, gain = pair.partner(city_id), pair.gain(city_id)
    if pair.obstacles:
        return Missed(other_id, gain, Cause.FILTER, tuple(each.says for each in pair.obstacles))
    cause = _cause(chosen, pair, city_id, limits)
    return Missed(other_id, gain, cause, (_because(chosen.market, cause, city_id, other_id),))


def _cause(chosen: Outcome, pair: Pair, city_id: str, limits: Mapping[str, int]) -> Cause:
    """Return why an eligible pair was not chosen."""
    other_id = pair.partner(city_id)
    if chosen.places_left(city_id) and chosen.places_left(other_id):
        return Cause.TIME
    if pair.gain(other_id) <= limits[other_id]:
        return Cause.OTHER_GAINS_MORE
    return Cause.OWN_GAINS_MORE if pair.gain(city_id) <= limits[city_id] else Cause.TOTAL


def _because(market: Market, cause: Cause, city_id: str, other_id: str) -> Sentence:
    if cause is Cause.OTHER_GAINS_MORE:
        return _gains_more(market, other_id)
    if cause is Cause.OWN_GAINS_MORE:
        return _gains_more(market, city_id)
    if cause is Cause.TIME:
        return say("Both have a place left; the time was over before this pair was tried.")
    return say("Both would rather have each other, but all pairs together would have no more points.")


def _gains_more(market: Market, city_id: str) -> Sentence:
    return say("{city} gains as much or more from the partners it has.", city=market.cities[city_id].name)


def _why_alone(chosen: Outcome, city_id: str) -> tuple[Sentence, ...]:
    """Return why a city has no partner: its own state, or what stands in the way of how many others."""
    market = chosen.market
    city = market.cities[city_id]
    if not city.active:
        return (say("{city} takes no part any more.", city=city.name),)
    if city.capacity < 1:
        return (say("{city} has no place for a tandem.", city=city.name),)
    pairs = [market.pair(city_id, each) for each in market.cities if each != city_id]
    fitting = sum(not pair.obstacles for pair in pairs)
    if fitting:
        return (say("Of the cities that fit ({number}), all are in pairs with more points.", number=fitting),)
    counts = Counter(each for pair in pairs for each in pair.filters)
    ruled_out = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return (
        say("No city fits."),
        *(say("Ruled out: {number}, since {why}.", number=each, why=WHY[name]) for name, each in ruled_out),
    )
