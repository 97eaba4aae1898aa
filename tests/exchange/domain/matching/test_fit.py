"""How well two cities fit: by hand, and what holds for any."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.matching.fit import Term, closeness, fit, mutual, points
from tandem.exchange.domain.matching.market import market
from tandem.exchange.domain.matching.profiles import Call
from tests.exchange.domain.matching import slow

SHARES = st.fractions(0, 1, max_denominator=200)


def test_each_need_that_is_met_is_a_term_and_the_strongest_comes_first():
    found = fit(slow.entries(air=2, buses=5, data=3), {"buses": 2, "air": 5, "heat": 5})

    assert found.terms == (Term("air", 2, 5), Term("buses", 5, 2))
    assert found.most == 50
    assert [found.contribution(each) for each in found.terms] == [Fraction(1, 5), Fraction(1, 5)]
    assert found.share == Fraction(2, 5)


def test_a_city_without_needs_gains_nothing():
    assert fit((), {"air": 5}).share == 0


def test_unlike_cities_lose_a_part_of_the_score():
    town = slow.city("town", population=50_000, kind=3)
    city = slow.city("city", population=200_000, kind=1)

    found = closeness(town, city, Call(size_percent=20, kind_percent=10))

    assert (found.size, found.kind) == (Fraction(1, 4), 0)
    assert found.factor == 1 - Fraction(15, 100) - Fraction(10, 100)


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.integers(1, 3), st.integers(1, 3))
def test_what_is_lost_is_each_percentage_of_what_is_missing(one, other, kind, kind_of_other):
    cities = (
        slow.city("one", population=one, kind=kind),
        slow.city("other", population=other, kind=kind_of_other),
    )

    found = closeness(*cities, Call(size_percent=30, kind_percent=20))

    lost = 30 * (1 - Fraction(min(one, other), max(one, other))) + 20 * Fraction(abs(kind - kind_of_other), 2)
    assert found.factor == 1 - lost / 100 == 1 - (30 * (1 - found.size) + 20 * (1 - found.kind)) / 100


def test_a_pair_has_the_harmonic_mean_of_both_directions():
    # hamm gets 20 of 25, arezzo 5 of 25, and both are alike
    hamm = slow.city("hamm", country="DE", needs={"air": 5}, offers={"traffic": 1})
    arezzo = slow.city("arezzo", needs={"traffic": 5}, offers={"air": 4})

    pair = market([hamm, arezzo], Call()).pair("hamm", "arezzo")

    assert pair.cities == ("arezzo", "hamm")
    assert pair.gains == (2_000, 8_000)
    assert pair.points == 3_200


@given(SHARES, SHARES, SHARES, st.integers(0, 100))
def test_more_for_one_city_is_never_worth_less(one, other, more, percent):
    better = min(Fraction(1), one + more)

    before = mutual(one, other, one_sided_percent=percent)

    assert before == mutual(other, one, one_sided_percent=percent)
    assert before <= mutual(better, other, one_sided_percent=percent) <= 1


@given(SHARES, SHARES)
def test_the_harmonic_mean_is_that_of_the_reciprocals(one, other):
    by_definition = 2 / (1 / one + 1 / other) if one and other else 0

    assert mutual(one, other) == by_definition


@given(SHARES, SHARES)
def test_a_pair_is_worth_no_more_than_twice_its_lesser_side(one, other):
    assert mutual(one, other) <= min(2 * min(one, other), max(one, other))


@given(SHARES, SHARES)
def test_points_keep_the_order_and_whatever_is_worth_anything_has_some(one, other):
    assert (points(one) > 0) == (one > 0)
    if one <= other:
        assert points(one) <= points(other) <= 10_000
