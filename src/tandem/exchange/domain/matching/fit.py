"""How well two cities fit: what each gains from the other, term by term, exactly.

For each topic that a city needs and the other offers, need times offer is *met*; the fit is what is met of the most
that could be. Differences in size and kind take a part of it away. The score of a pair is the harmonic mean of both
directions, so that a pair in which only one city gains is worth nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tandem.exchange.domain.matching.profiles import MOST_WEIGHT, Call, CityProfile, Entry

MOST_POINTS = 10_000
"""Of a pair in which each city offers with full weight all that the other needs."""


@dataclass(frozen=True, slots=True)
class Term:
    """A need that is met.

    Attributes:
        need: Weight, 1 to 5; so is ``offer``.
    """

    topic: str
    need: int
    offer: int

    @property
    def met(self) -> int:
        """What this topic brings: need times offer."""
        return self.need * self.offer


@dataclass(frozen=True, slots=True)
class Fit:
    """What the needs of one city get from the offers of another.

    Attributes:
        terms: By topic, the strongest first.
        most: What ``terms`` would add up to if every need were met by an offer of full weight.
    """

    terms: tuple[Term, ...]
    most: int

    @property
    def share(self) -> Fraction:
        """From 0 (no need met) to 1."""
        return Fraction(sum(each.met for each in self.terms), self.most or 1)

    def contribution(self, term: Term) -> Fraction:
        """Return what a term adds to the share."""
        return Fraction(term.met, self.most)


@dataclass(frozen=True, slots=True)
class Closeness:
    """How alike two cities are, and what that does to their score.

    Attributes:
        smaller: Population of one; ``larger`` of the other.
        steps: Between their degrees of urbanisation: 0 alike, 2 urban and rural.
        size_percent: What is lost at most by a difference in size; ``kind_percent`` by one in kind.
    """

    smaller: int
    larger: int
    steps: int
    size_percent: int
    kind_percent: int

    @property
    def size(self) -> Fraction:
        """1 for the same population."""
        return Fraction(self.smaller, self.larger)

    @property
    def kind(self) -> Fraction:
        """1 for the same degree of urbanisation, 1/2 for neighbouring ones, 0 for urban and rural."""
        return 1 - Fraction(self.steps, 2)

    @property
    def factor(self) -> Fraction:
        """What fits are multiplied by: 1 less each percentage times what is missing to 1 in size and kind."""
        lost_by_size = 2 * self.size_percent * (self.larger - self.smaller)
        lost_by_kind = self.kind_percent * self.steps * self.larger
        return Fraction(200 * self.larger - lost_by_size - lost_by_kind, 200 * self.larger)


def fit(needs: tuple[Entry, ...], offered: Mapping[str, int]) -> Fit:
    """Return how well the needs of one city are met by what another offers.

    Args:
        needs: Of the city that gains; each topic once.
        offered: Weight by topic, of the city that gives.

    >>> fit((Entry("traffic", 4), Entry("heat", 1)), {"traffic": 5}).share
    Fraction(4, 5)
    """
    terms = [Term(each.topic, each.weight, offered[each.topic]) for each in needs if each.topic in offered]
    terms.sort(key=lambda term: (-term.met, term.topic))
    return Fit(tuple(terms), MOST_WEIGHT * sum(each.weight for each in needs))


def closeness(one: CityProfile, other: CityProfile, call: Call) -> Closeness:
    """Return how alike two cities are in size and kind."""
    smaller, larger = sorted((one.population, other.population))
    return Closeness(smaller, larger, abs(one.kind - other.kind), call.size_percent, call.kind_percent)


def mutual(one: Fraction, other: Fraction, *, one_sided_percent: int = 0) -> Fraction:
    """Return what a pair is worth that brings its cities ``one`` and ``other``.

    The harmonic mean, or a mixture of it and the plain mean. More for either city is never worth less.

    >>> mutual(Fraction(1, 2), Fraction(1, 4)), mutual(Fraction(1), Fraction(0))
    (Fraction(1, 3), Fraction(0, 1))
    >>> mutual(Fraction(1), Fraction(0), one_sided_percent=20)
    Fraction(1, 10)
    """
    crossed = one.numerator * other.denominator + other.numerator * one.denominator
    harmonic = Fraction(2 * one.numerator * other.numerator, crossed or 1)
    if not one_sided_percent:
        return harmonic
    return harmonic + ((one + other) / 2 - harmonic) * one_sided_percent / 100


def points(worth: Fraction) -> int:
    """Return a worth from 0 to 1 as whole points, halves rounded up; whatever is worth anything has 1.

    >>> points(Fraction(1, 3)), points(Fraction(1, 10**9)), points(Fraction(0))
    (3333, 1, 0)
    """
    if not worth:
        return 0
    return max(1, (2 * MOST_POINTS * worth.numerator + worth.denominator) // (2 * worth.denominator))
