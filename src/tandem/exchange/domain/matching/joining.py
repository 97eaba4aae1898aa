"""Tandems of three and more: a city without a partner joins where it adds most."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tandem.core.text import Sentence, say
from tandem.exchange.domain.matching.eligibility import LEARNING, Filter, common_languages
from tandem.exchange.domain.matching.market import Market
from tandem.exchange.domain.matching.outcome import Outcome
from tandem.exchange.domain.matching.profiles import Tandem

_NO_MATTER = LEARNING | {Filter.NO_PLACE, Filter.COUNTRY}
"""Not every two need learn from each other; a tandem takes one place of each city, however many others are in it; and
two of one country may be in it with a third from another."""


@dataclass(frozen=True, slots=True)
class Joining:
    """A proposal that a city join a pair or a tandem. All of them have to agree.

    Attributes:
        to: Those that it would join.
        gains: Points that it would gain from all of them together.
        gives: Points that they would gain from it together.
        adds: Harmonic mean of the two, rounded down.
        languages: That all can work in.
    """

    city_id: str
    to: Tandem
    gains: int
    gives: int
    adds: int
    languages: tuple[str, ...]
    says: Sentence


def joinings(chosen: Outcome) -> tuple[Joining, ...]:
    """Return which cities without a partner could join whom, the one that adds most first.

    In each round every pair or tandem takes in one city at most; where ids decide, the first in the alphabet.
    """
    market = chosen.market
    waiting = {name for name in chosen.alone() if chosen.places_left(name)}
    groups, found = list(chosen.groups()), list[Joining]()
    while taken := _one_round(market, waiting, groups):
        found += taken
        waiting -= {each.city_id for each in taken}
        joined = {each.to: tuple(sorted((*each.to, each.city_id))) for each in taken}
        groups = [joined.get(each, each) for each in groups]
    return tuple(found)


def _one_round(market: Market, waiting: Collection[str], groups: Collection[Tandem]) -> list[Joining]:
    options = sorted(
        (each for name in waiting for group in groups for each in _option(market, name, group)),
        key=lambda each: (-each.adds, each.city_id, each.to),
    )
    taken: list[Joining] = []
    used: set[str | Tandem] = set()
    for each in options:
        if each.city_id not in used and each.to not in used:
            taken.append(each)
            used |= {each.city_id, each.to}
    return taken


def _option(market: Market, city_id: str, group: Tandem) -> Iterator[Joining]:
    if len(group) >= market.call.largest:
        return
    pairs = [market.pair(city_id, each) for each in group]
    gains = sum(pair.gain(city_id) for pair in pairs)
    gives = sum(pair.gain(pair.partner(city_id)) for pair in pairs)
    if not gains or not gives or any(pair.filters - _NO_MATTER for pair in pairs):
        return
    cities = [market.cities[each] for each in (city_id, *group)]
    abroad = len({each.country for each in cities}) > 1 or not market.call.different_countries
    languages = common_languages(*cities)
    if abroad and languages:
        adds = 2 * gains * gives // (gains + gives)
        yield Joining(
            city_id, group, gains, gives, adds, languages, _says(market, city_id, group, gains, gives)
        )


def _says(market: Market, city_id: str, group: Tandem, gains: int, gives: int) -> Sentence:
    return say(
        "{city} has no partner and could join {others}: it would gain {gains} points, they {gives}.",
        city=market.cities[city_id].name,
        others=", ".join(market.cities[each].name for each in group),
        gains=gains,
        gives=gives,
    )
