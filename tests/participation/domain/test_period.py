"""Legal periods, against cases that courts and councils have decided and the clauses of the codes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.period import (
    BAUGB_3_2,
    ITALY_1150_9,
    Announcement,
    BadPeriod,
    Counting,
    Period,
    PeriodRule,
    StepCode,
    Stretch,
    end_by_months,
    italian_rule,
    lateness,
    legal_period,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
DAYS = st.dates(date(2023, 7, 7), date(2060, 1, 1))


def german(starts_on: date, **more) -> Period:
    return legal_period(BAUGB_3_2, Announcement(starts_on - DAY, starts_on=starts_on, **more))


def test_the_case_of_the_joint_senate_counts_the_first_day():
    """GmS-OGB 2/71: announced on 12 May 1965, on display from 24 May to 23 June, a month that was long enough."""
    month = PeriodRule(
        "month", (Stretch("display", months=1),), Counting.FIRST_DAY_COUNTS, frozenset(), "UTC", ""
    )

    period = legal_period(month, Announcement(date(1965, 5, 12), starts_on=date(1965, 5, 24)))

    assert period.last_day == date(1965, 6, 23)


def test_a_council_in_lombardy():
    """Besana in Brianza 2008: deposit 30 January to 29 February; 30 March is a Sunday, so 31 March."""
    period = legal_period(ITALY_1150_9, Announcement(date(2008, 1, 29)))

    assert [(step.code.value, step.day, step.what) for step in period.steps] == [
        ("announced", date(2008, 1, 29), ""),
        ("begins", date(2008, 1, 30), ""),
        ("days", date(2008, 2, 29), "30"),
        ("stretch-ends", date(2008, 2, 29), "deposit"),
        ("days", date(2008, 3, 30), "30"),
        ("stretch-ends", date(2008, 3, 30), "observations"),
        ("moved-sunday", date(2008, 3, 31), ""),
        ("last-day", date(2008, 3, 31), ""),
    ]


@pytest.mark.parametrize(
    ("starts_on", "last_day", "days"),
    [
        (date(2026, 6, 15), date(2026, 7, 14), 30),  # June has 30 days: both ways agree
        (date(2026, 7, 6), date(2026, 8, 5), 31),  # the month is longer than 30 days
        (date(2026, 2, 2), date(2026, 3, 3), 30),  # a month of 28 days is not enough
        (date(2026, 2, 9), date(2026, 3, 10), 30),
        (date(2026, 3, 1), date(2026, 3, 31), 31),  # the first day of a month: to its end
        (date(2026, 3, 25), date(2026, 4, 24), 31),
        (date(2028, 1, 31), date(2028, 2, 29), 30),  # there is no 30 February: BGB §188(3)
        (date(2026, 7, 10), date(2026, 8, 10), 32),  # 9 August is a Sunday
        (date(2026, 7, 9), date(2026, 8, 10), 33),  # 8 August is a Saturday
    ],
)
def test_german_periods(starts_on, last_day, days):
    period = german(starts_on)

    assert (period.last_day, period.days) == (last_day, days)


def test_a_last_day_moves_over_a_holiday_and_the_weekend_after_it_and_says_so():
    period = german(
        date(2026, 3, 4), holidays={date(2026, 4, 3): "Karfreitag", date(2026, 4, 6): "Ostermontag"}
    )

    assert [(step.code.value, step.day, step.what) for step in period.steps[-5:]] == [
        ("moved-holiday", date(2026, 4, 4), "Karfreitag"),
        ("moved-saturday", date(2026, 4, 5), ""),
        ("moved-sunday", date(2026, 4, 6), ""),
        ("moved-holiday", date(2026, 4, 7), "Ostermontag"),
        ("last-day", date(2026, 4, 7), ""),
    ]


def test_a_longer_period_for_good_cause_is_reckoned_last_and_moved_too():
    period = german(
        date(2026, 7, 6), at_least_until=date(2026, 8, 22), cause="Summer holidays, nine expert reports"
    )

    assert period.last_day == date(2026, 8, 24)
    assert [step.what for step in period.steps if step.code is StepCode.EXTENDED] == [
        "Summer holidays, nine expert reports"
    ]


@pytest.mark.parametrize(
    ("announcement", "said"),
    [
        (Announcement(date(2026, 5, 4), starts_on=date(2026, 5, 4)), "begin on 2026-05-05 at the earliest"),
        (
            Announcement(date(2026, 5, 4), starts_on=date(2026, 5, 11), notice_days=7),
            "begin on 2026-05-12 at the earliest",
        ),
        (Announcement(date(2026, 5, 4), at_least_until=date(2026, 7, 1)), "needs a good cause"),
        (
            Announcement(date(2026, 5, 4), at_least_until=date(2026, 5, 20), cause="x"),
            "lasts until 2026-06-04 anyway",
        ),
        (Announcement(date(2026, 5, 4), at_least_until=date(2028, 5, 20), cause="x"), "longer than a year"),
    ],
)
def test_unlawful_announcements_are_refused(announcement, said):
    with pytest.raises(BadPeriod, match=said):
        legal_period(BAUGB_3_2, announcement)


def test_the_first_day_is_the_one_after_the_announcement_and_the_notice():
    assert legal_period(BAUGB_3_2, Announcement(date(2026, 5, 4))).starts_on == date(2026, 5, 5)
    assert legal_period(BAUGB_3_2, Announcement(date(2026, 5, 4), notice_days=7)).starts_on == date(
        2026, 5, 12
    )


def test_a_region_s_rule_is_made_of_its_lengths():
    rule = italian_rule(
        "it.example", deposit_days=60, observation_days=0, basis="a law", ends_on_saturday=False
    )

    period = legal_period(rule, Announcement(date(2026, 2, 2)))

    assert (rule.basis, period.starts_on, period.last_day) == ("a law", date(2026, 2, 3), date(2026, 4, 6))


@pytest.mark.parametrize(("months", "days"), [(0, 0), (-1, 40), (1, -1)])
def test_a_stretch_has_a_length(months, days):
    with pytest.raises(BadPeriod):
        Stretch("x", months=months, days=days)


def test_a_period_closes_at_midnight_of_the_place_also_across_the_change_of_the_clocks():
    period = german(date(2026, 3, 2))

    assert period.window.opens_at.isoformat() == "2026-03-02T00:00:00+01:00"
    assert period.window.closes_at.isoformat() == "2026-04-02T00:00:00+02:00"


@pytest.mark.parametrize(
    ("received_at", "late"),
    [
        (datetime(2026, 4, 1, 23, 59, 59, 999_999, tzinfo=BERLIN), None),
        (datetime(2026, 4, 2, 0, 0, tzinfo=BERLIN), timedelta(0)),
        (datetime(2026, 4, 1, 22, 0, tzinfo=ZoneInfo("UTC")), timedelta(0)),
        (datetime(2026, 4, 3, 12, 0, tzinfo=BERLIN), timedelta(days=1, hours=12)),
    ],
)
def test_lateness(received_at, late):
    assert lateness(german(date(2026, 3, 2)), received_at=received_at) == late


@given(DAYS, st.sets(DAYS, max_size=20))
def test_every_german_period_is_a_month_and_thirty_days_and_ends_on_a_working_day(starts_on, holidays):
    period = german(starts_on, holidays=dict.fromkeys(holidays, "holiday"))

    assert period.days >= 30
    assert period.last_day >= end_by_months(starts_on, 1)
    assert period.last_day.weekday() < 5
    assert period.last_day not in holidays
    between = max(end_by_months(starts_on, 1), starts_on + 29 * DAY)
    while between < period.last_day:  # and on the first such day
        assert between.weekday() >= 5 or between in holidays
        between += DAY


@given(DAYS, st.integers(1, 24))
def test_months_are_a_few_days_long_and_never_skip_one(first_day, months):
    end = end_by_months(first_day, months)

    assert 28 * months <= (end - first_day).days + 1 <= 31 * months
    assert end_by_months(first_day + DAY, months) >= end
