"""Means over seeds, with the interval of Student's t."""

import pytest

from tandem.signals.domain.summing_up.interval import interval


def test_intervals_are_students():
    found = interval([1.0, 2.0, 3.0, 4.0])

    assert (found.mean, found.least, found.most, found.count) == (2.5, 1.0, 4.0, 4)
    assert found.high - found.mean == pytest.approx(3.182446 * (5 / 3) ** 0.5 / 2)
    assert found.mean - found.low == pytest.approx(found.high - found.mean)
    assert interval([7.0]).low == interval([7.0]).high == 7.0


def test_intervals_of_many_runs_are_students_too():
    """1,000 runs, half of them 0 and half 2: a standard deviation of √(1000/999), and t = 1.96234 for 999 degrees."""
    found = interval([0.0, 2.0] * 500)

    assert found.high - found.mean == pytest.approx(1.962341 * (1000 / 999) ** 0.5 / 1000**0.5, rel=1e-6)
