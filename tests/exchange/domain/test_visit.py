"""Visits: the order of the programme, what does not fit, when the report is due."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.findings import Severity
from tandem.exchange.domain.visit import (
    Item,
    Participant,
    Span,
    TooLong,
    check_length,
    check_programme,
    ordered,
    report_due,
    report_state,
)

SEVENTH, EIGHTH = date(2023, 9, 7), date(2023, 9, 8)
TWO_DAYS = Span(datetime(2023, 9, 7), datetime(2023, 9, 9))


def item(key: str, on: date | None = SEVENTH, at: str = "", minutes: int | None = None) -> Item:
    return Item(key, {"en": key}, on, time.fromisoformat(at) if at else None, minutes)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2023, 9, 8), date(2023, 10, 8)),
        (date(2023, 12, 31), date(2024, 1, 31)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2023, 1, 30), date(2023, 2, 28)),
    ],
)
def test_the_report_is_due_a_month_after_the_last_day(last: date, due: date):
    assert report_due(last) == due


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_the_report_is_due_in_the_next_month_after_28_to_31_days(last: date):
    due = report_due(last)
    assert (due.year * 12 + due.month) - (last.year * 12 + last.month) == 1
    assert timedelta(days=28) <= due - last <= timedelta(days=31)


def test_how_it_stands_with_a_report():
    span = Span(datetime(2023, 9, 7, 9), datetime(2023, 9, 8, 17))
    days = {day: report_state(span, None, today=day) for day in (EIGHTH, date(2023, 9, 9), date(2023, 10, 9))}
    assert [(each.is_past, each.is_overdue(day)) for day, each in days.items()] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    done = report_state(span, date(2023, 11, 1), today=date(2023, 12, 1))
    assert (done.due_on, done.is_overdue(date(2023, 12, 1))) == (date(2023, 10, 8), False)


def test_whole_days_end_at_the_midnight_after_the_last():
    assert (TWO_DAYS.takes_whole_days, TWO_DAYS.last_day, TWO_DAYS.days) == (True, EIGHTH, [SEVENTH, EIGHTH])
    hours = Span(datetime(2023, 9, 7, 9), datetime(2023, 9, 7, 12))
    assert (hours.takes_whole_days, hours.last_day, hours.days) == (False, SEVENTH, [SEVENTH])


def test_a_programme_is_ordered_and_what_has_no_time_stays_behind_what_stood_before_it():
    items = [item("late", EIGHTH, "14:00"), item("then", None), item("early", EIGHTH, "09:00"), item("first")]
    assert [each.key for each in ordered(items)] == ["first", "early", "late", "then"]


@given(st.lists(st.tuples(st.sampled_from([SEVENTH, EIGHTH, None]), st.sampled_from(["", "09:00", "14:00"]))))
def test_ordering_loses_nothing_changes_nothing_twice_and_sorts_what_has_a_day_and_a_time(given_items):
    items = [item(str(number), on, at) for number, (on, at) in enumerate(given_items)]
    once = ordered(items)
    assert sorted(each.key for each in once) == sorted(each.key for each in items)
    timed = [(each.on, each.at) for each in once if each.on and each.at]
    assert timed == sorted(timed)


def test_a_point_outside_the_visit_is_an_error_and_two_at_once_are_worth_a_look():
    items = [item("a", SEVENTH, "09:00", 60), item("b", SEVENTH, "09:30", 30), item("c", date(2023, 9, 9))]
    found = [(each.severity, each.code, each.path) for each in check_programme(items, TWO_DAYS)]
    assert found == [
        (Severity.ERROR, "exchange.programme.outside", "c"),
        (Severity.WARNING, "exchange.programme.overlap", "b"),
    ]
    unknown = Span(TWO_DAYS.begins, TWO_DAYS.ends, is_known=False)
    assert check_programme(items[2:], unknown) == []


def test_one_after_the_other_is_no_overlap():
    assert check_programme([item("a", SEVENTH, "09:00", 30), item("b", SEVENTH, "09:30", 30)], TWO_DAYS) == []


def test_an_overlap_with_an_earlier_long_point_is_seen():
    items = [
        item("a", SEVENTH, "09:00", 300),
        item("b", SEVENTH, "09:30", 30),
        item("c", SEVENTH, "11:00", 10),
    ]
    assert [each.path for each in check_programme(items, TWO_DAYS)] == ["b", "c"]


@pytest.mark.parametrize(
    "each", [item("a"), item("b", None), Item("c", {"de": "x"}, SEVENTH, time(9, 5), 20, "Hall")]
)
def test_points_are_stored_and_read(each: Item):
    assert Item.from_json(each.as_json()) == each


@pytest.mark.parametrize("agreed_on", [None, SEVENTH])
def test_no_name_is_stored_without_an_agreement(agreed_on: date | None):
    who = Participant("p", "arezzo", "Mayor", "Ada Rossi", agreed_on)
    expected = who if agreed_on else Participant("p", "arezzo", "Mayor")
    assert Participant.from_json(who.as_json()) == expected


def test_a_name_whose_agreement_is_gone_is_not_read():
    stored = {"key": "p", "city": "arezzo", "role": "Mayor", "name": "Ada Rossi", "agreed_on": ""}
    assert Participant.from_json(stored).name == ""


def test_a_visit_of_known_days_has_an_end():
    begins = datetime(2023, 9, 7)
    check_length(Span(begins, begins + timedelta(days=100)))
    check_length(Span(begins, begins + timedelta(days=4_000), is_known=False))

    with pytest.raises(TooLong, match="100 days at the most"):
        check_length(Span(begins, begins + timedelta(days=101)))
