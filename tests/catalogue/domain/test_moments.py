"""Dates, moments and intervals of addresses."""

from datetime import datetime

import pytest

from tandem.catalogue.domain.moments import BadMoment, Interval, as_moment, interval_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-31T08:00:00Z", datetime(2024, 5, 31, 8)),
        ("2024-05-31t08:00z", datetime(2024, 5, 31, 8)),
        ("2024-05-31T08:00:00.123456789+02:00", datetime(2024, 5, 31, 6, 0, 0, 123456)),
        ("2024-05-31 08:00", datetime(2024, 5, 31, 8)),
        ("2024-02-30", None),
        ("2024-05-31T25:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("31.05.2024", None),
        ("", None),
    ],
)
def test_moments_are_read_as_utc(text: str, expected: datetime | None):
    assert as_moment(text) == expected


def test_an_interval_may_be_open_at_one_end():
    end = datetime(2024, 5, 31, 23, 59, 59, 999999)

    assert interval_of("../2024-05-31") == interval_of("/2024-05-31") == Interval(None, end)
    assert interval_of("2024-05-31T08:00:00Z/..") == Interval(datetime(2024, 5, 31, 8), None)


@pytest.mark.parametrize(
    "text", ["", "..", "/", "../..", "x/2024-05-31", "2024-06-01/2024-05-31", "2024/05/31"]
)
def test_what_is_no_interval_is_refused(text: str):
    with pytest.raises(BadMoment):
        interval_of(text)
