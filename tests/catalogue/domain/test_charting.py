import math
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.catalogue.domain.charting import correlation, date_step, intervals, pivot

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NUMBERS, min_size=1, max_size=30), st.integers(2, 40))
def test_every_number_lies_in_one_of_the_intervals(numbers, wanted):
    cut = intervals(min(numbers), max(numbers), wanted=wanted)

    assert 1 <= cut.count <= 2 * wanted + 2
    for number in numbers:
        at = math.floor((number - cut.start) / cut.width + 1e-6)
        assert -1 <= at <= cut.count


@given(st.integers(-1000, 1000), st.integers(1, 1000))
def test_whole_numbers_are_not_cut_apart(low, span):
    cut = intervals(low, low + span, whole=True)

    assert cut.width == int(cut.width) >= 1
    assert cut.start == int(cut.start)


def test_what_falls_beside_the_ends_is_counted_there():
    assert intervals(0, 10, wanted=2).spread({-1: 1, 0: 2, 1: 3, 5: 4}) == [3, 3, 4]


def test_one_number_has_one_interval():
    assert intervals(3.5, 3.5).count == 1


@pytest.mark.parametrize(
    ("last", "step"),
    [(date(2024, 2, 1), "day"), (date(2026, 1, 1), "month"), (date(2040, 1, 1), "year")],
)
def test_dates_are_counted_by_what_fits(last, step):
    assert date_step(date(2024, 1, 1), last) == step


def test_the_largest_series_and_categories_are_kept():
    rows = [(f"c{c}", f"s{s}", (c + 1) * (s + 1)) for c in range(40) for s in range(8)]

    found = pivot(rows, in_order=False)

    assert found.series == ["s7", "s6", "s5", "s4", "s3"]
    assert found.categories[:2] == ["c39", "c38"]
    assert (len(found.categories), found.categories_left_out, found.series_left_out) == (30, 10, 3)
    assert found.values[0][0] == 40 * 8


def test_what_has_an_order_keeps_it_and_gaps_stay_gaps():
    found = pivot([("2024-02", "a", 1), ("2024-01", "b", 5), (None, "a", 2)], in_order=True)

    assert found.categories == ["2024-01", "2024-02", None]
    assert found.series == ["b", "a"]
    assert found.values == [[5, None, None], [None, 1, 2]]


def test_correlation_of_what_has_none():
    assert correlation([]) is None
    assert correlation([(1, 2), (1, 3)]) is None
    assert correlation([(0, 0), (1, -1)]) == pytest.approx(-1)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=20))
def test_correlation_stays_within_its_bounds(points):
    found = correlation(points)

    assert found is None or -1 <= found <= 1
