"""Student's t against printed tables, and against what is known of its limits."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.signals.domain.summing_up.student import share_within, t_quantile

DEGREES = st.integers(1, 400)
# As printed in statistics textbooks, two-sided: degrees of freedom → 90 %, 95 %, 99 %.
TABLE = {
    1: (6.314, 12.706, 63.657),
    2: (2.920, 4.303, 9.925),
    3: (2.353, 3.182, 5.841),
    4: (2.132, 2.776, 4.604),
    5: (2.015, 2.571, 4.032),
    9: (1.833, 2.262, 3.250),
    10: (1.812, 2.228, 3.169),
    19: (1.729, 2.093, 2.861),
    29: (1.699, 2.045, 2.756),
    30: (1.697, 2.042, 2.750),
    31: (1.696, 2.040, 2.744),
    40: (1.684, 2.021, 2.704),
    60: (1.671, 2.000, 2.660),
    100: (1.660, 1.984, 2.626),
    120: (1.658, 1.980, 2.617),
    1000: (1.646, 1.962, 2.581),
}


@pytest.mark.parametrize("degrees", TABLE)
def test_quantiles_are_those_of_the_tables(degrees: int):
    found = [t_quantile(degrees, share) for share in (0.90, 0.95, 0.99)]

    assert found == pytest.approx(TABLE[degrees], abs=0.6e-3)


def test_one_and_two_degrees_have_closed_forms():
    """Cauchy's tan(π p / 2), and p · √(2 / (1 − p²))."""
    assert t_quantile(1, 0.8) == pytest.approx(math.tan(0.4 * math.pi), rel=1e-12)
    assert t_quantile(2, 0.8) == pytest.approx(0.8 * math.sqrt(2 / (1 - 0.8**2)), rel=1e-12)


@given(DEGREES, st.floats(0.001, 0.999))
def test_the_quantile_holds_its_share(degrees: int, share: float):
    t = t_quantile(degrees, share)

    assert share_within(math.atan(t / math.sqrt(degrees)), degrees) == pytest.approx(share, abs=1e-12)


@given(DEGREES)
def test_quantiles_fall_towards_those_of_the_normal_distribution(degrees: int):
    assert t_quantile(degrees) > t_quantile(degrees + 1) > NormalDist().inv_cdf(0.975)


@given(DEGREES, st.floats(0, 1.5), st.floats(0, 1.5))
def test_shares_rise_with_the_angle_and_stay_between_0_and_1(degrees: int, one: float, other: float):
    low, high = (share_within(angle, degrees) for angle in sorted((one, other)))

    assert 0 <= low <= high + 1e-12 <= 1 + 2e-12
