"""What a city says of itself when it looks for a partner, and what the call for partners asks.

A *pair* is what we propose; a *tandem* is what cities have agreed to.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tandem.core.city import CityCode
from tandem.core.parts import Texts
from tandem.core.text import pick

MOST_WEIGHT = 5
"""Of a need or an offer; 1 is the least."""

MOST_INHABITANTS = 999_999_999

Key = tuple[str, str]
"""Two ids of cities in the order of the alphabet."""

Tandem = tuple[str, ...]
"""Ids of two or more cities in the order of the alphabet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A need or an offer of a city.

    Attributes:
        topic: What it is about: ``open-data``.
        weight: From 1 (of some interest) to 5 (what the city is here for, or is known for).
        texts: One sentence about it, by language.
    """

    topic: str
    weight: int
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoGo:
    """A city that one does not want as a partner.

    Attributes:
        city_id: The city that is not wanted.
        reason: In one sentence; shown to whoever runs the call.
    """

    city_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CityProfile:
    """A city that looks for partners. Per topic it leads (offers) or follows (needs), never both.

    Attributes:
        id: Of our own; never a name, there are two places called Hamm.
        names: By language.
        country: ISO 3166-1 alpha-2.
        languages: Those that its people can work in, its own first.
        population: Of the municipality.
        kind: Degree of urbanisation: 1 a city, 2 a town or suburb, 3 a rural area.
        capacity: How many tandems it can take part in at a time, those that stand included.
        agreed_with: Cities it has agreed on a tandem with already; that counts once both say so.
        active: False once the city has ended its part or withdrawn.

    Source:
        Degree of urbanisation: Regulation (EU) 2017/2391, levels 1 to 3.
    """

    id: str
    names: Mapping[str, str]
    country: str
    languages: tuple[str, ...]
    population: int
    kind: int
    capacity: int = 1
    needs: tuple[Entry, ...] = ()
    offers: tuple[Entry, ...] = ()
    no_gos: tuple[NoGo, ...] = ()
    agreed_with: tuple[str, ...] = ()
    codes: tuple[CityCode, ...] = ()
    active: bool = True

    @property
    def name(self) -> str:
        """What the city calls itself, or the nearest there is."""
        own = self.languages[0] if self.languages else ""
        return pick(self.names, own, default=self.id)


@dataclass(frozen=True, slots=True)
class Call:
    """What partners are looked for, and by what they are compared.

    Attributes:
        different_countries: Partners come from different countries.
        one_sided_percent: How much of a pair's score is the plain mean of both directions instead of the harmonic
            one. With 0, a pair in which only one city gains is none.
        size_percent: How much of the score is lost at most where one city is much larger; ``kind_percent`` likewise
            where one is urban and the other rural.
        largest: How many cities a tandem may have once others have joined.
        tandems: That stand already, and stay.
        word: Changes the lots that decide between equally good results. Make it known before profiles come in.
        time_limit_s: After this, the best result so far is taken and said to be just that.
    """

    different_countries: bool = True
    one_sided_percent: int = 0
    size_percent: int = 10
    kind_percent: int = 10
    largest: int = 3
    tandems: tuple[Tandem, ...] = ()
    word: str = ""
    time_limit_s: float = 30.0


def key(one: str, other: str) -> Key:
    """Return two cities as a pair.

    >>> key("hamm", "arezzo")
    ('arezzo', 'hamm')
    """
    return (one, other) if one < other else (other, one)


def pairs_of(tandem: Sequence[str]) -> tuple[Key, ...]:
    """Return all pairs within a tandem.

    >>> pairs_of(("basel", "freiburg", "mulhouse"))
    (('basel', 'freiburg'), ('basel', 'mulhouse'), ('freiburg', 'mulhouse'))
    """
    members = sorted(tandem)
    return tuple((one, other) for place, one in enumerate(members) for other in members[place + 1 :])


def standing(profiles: Iterable[CityProfile], call: Call) -> tuple[Tandem, ...]:
    """Return the tandems that stand: those of the call, and pairs of active cities that both say they agreed."""
    said = {(each.id, other) for each in profiles if each.active for other in each.agreed_with}
    within = {pair for tandem in call.tandems for pair in pairs_of(tandem)}
    agreed = {key(*each) for each in said if each[::-1] in said} - within
    return tuple(sorted({*agreed, *(tuple(sorted(each)) for each in call.tandems)}))


def places_taken(tandems: Collection[Tandem], city_id: str) -> int:
    """Return how many tandems a city takes part in."""
    return sum(city_id in tandem for tandem in tandems)
