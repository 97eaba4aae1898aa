"""Which pairs are out of the question, and every reason why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tandem.core.text import Sentence, say
from tandem.exchange.domain.matching.profiles import Call, CityProfile


class Filter(StrEnum):
    """What keeps two cities apart."""

    SAME_CITY = "same-city"
    NOT_ACTIVE = "not-active"
    NO_PLACE = "no-place"  # it takes no tandem, or those that stand take all its places
    NO_GO = "no-go"
    LANGUAGE = "language"
    COUNTRY = "country"
    NOTHING_TO_LEARN = "nothing-to-learn"  # in either direction
    ONE_SIDED = "one-sided"
    TOGETHER = "together"  # in a tandem already


LEARNING = frozenset({Filter.NOTHING_TO_LEARN, Filter.ONE_SIDED})
"""What keeps two cities from being a pair, but not from sitting in one tandem with a third."""
WHY: Mapping[Filter, Sentence] = {
    Filter.SAME_CITY: say("it is the same city"),
    Filter.NOT_ACTIVE: say("it takes no part any more"),
    Filter.NO_PLACE: say("it has no place left"),
    Filter.NO_GO: say("one does not want the other"),
    Filter.LANGUAGE: say("they have no working language in common"),
    Filter.COUNTRY: say("both are in one country"),
    Filter.NOTHING_TO_LEARN: say("neither offers what the other needs"),
    Filter.ONE_SIDED: say("only one of the two would gain"),
    Filter.TOGETHER: say("they are in a tandem already"),
}
"""Each filter in words, where many pairs are counted."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why two cities cannot be a pair.

    Attributes:
        says: In one sentence.
    """

    filter: Filter
    says: Sentence


SAME_CITY = Obstacle(Filter.SAME_CITY, say("Both are the same city."))
NO_LANGUAGE = Obstacle(Filter.LANGUAGE, say("They have no working language in common."))
NOTHING = Obstacle(Filter.NOTHING_TO_LEARN, say("Neither offers anything that the other needs."))
TOGETHER = Obstacle(Filter.TOGETHER, say("They are in a tandem together already."))


def common_languages(*cities: CityProfile) -> tuple[str, ...]:
    """Return the languages that people of all these cities can work in, in the order of the first city's."""
    return tuple(each for each in cities[0].languages if all(each in other.languages for other in cities[1:]))


def obstacles(
    one: CityProfile, other: CityProfile, call: Call, *, gains: tuple[bool, bool], full: frozenset[str]
) -> tuple[Obstacle, ...]:
    """Return everything that keeps two cities from being a pair.

    Args:
        gains: Whether ``one`` gains anything from ``other``, and the other way round.
        full: Cities whose places are all taken by tandems that stand.
    """
    return (
        *_of_cities(one, other, full),
        *_no_gos(one, other),
        *_of_setting(one, other, call),
        *_of_learning(one, other, call, gains),
    )


def _of_cities(one: CityProfile, other: CityProfile, full: frozenset[str]) -> Iterator[Obstacle]:
    if one.id == other.id or not set(one.codes).isdisjoint(other.codes):
        yield SAME_CITY
    for city in (one, other):
        if not city.active:
            yield Obstacle(Filter.NOT_ACTIVE, say("{city} takes no part any more.", city=city.name))
        elif city.capacity < 1:
            yield Obstacle(Filter.NO_PLACE, say("{city} has no place for a tandem.", city=city.name))
        elif city.id in full:
            says = say("All places of {city} are taken by tandems that stand.", city=city.name)
            yield Obstacle(Filter.NO_PLACE, says)


def _no_gos(one: CityProfile, other: CityProfile) -> Iterator[Obstacle]:
    for city, unwanted in ((one, other), (other, one)):
        for no_go in city.no_gos:
            if no_go.city_id == unwanted.id:
                says = say(
                    "{city} does not want {other}: {reason}",
                    city=city.name,
                    other=unwanted.name,
                    reason=no_go.reason,
                )
                yield Obstacle(Filter.NO_GO, says)


def _of_setting(one: CityProfile, other: CityProfile, call: Call) -> Iterator[Obstacle]:
    if set(one.languages).isdisjoint(other.languages):
        yield NO_LANGUAGE
    if call.different_countries and one.country == other.country:
        yield Obstacle(
            Filter.COUNTRY, say("Both are in {country}; the call asks for two.", country=one.country)
        )


def _of_learning(
    one: CityProfile, other: CityProfile, call: Call, gains: tuple[bool, bool]
) -> Iterator[Obstacle]:
    if not any(gains):
        yield NOTHING
    elif not all(gains) and not call.one_sided_percent:
        giving, getting = (other, one) if gains[0] else (one, other)
        says = say(
            "{getting} offers nothing that {giving} needs; only one of the two would gain.",
            getting=getting.name,
            giving=giving.name,
        )
        yield Obstacle(Filter.ONE_SIDED, says)
