"""Calendars are read back by icalendar, and are the same twice."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar

from tandem.exchange.adapters.calendar import Meeting, calendar_of

ID = UUID("6f1d2c3b-0000-4000-8000-000000000001")
CHANGED = datetime(2023, 8, 1, 12, 0, tzinfo=UTC)
SUMMER = datetime.fromisoformat("2023-09-07T09:30:00+02:00")


def meeting(**values) -> Meeting:
    plain = {
        "id": ID,
        "title": "Arezzo in Hamm",
        "begins": SUMMER,
        "ends": SUMMER + timedelta(hours=2),
        "changed_at": CHANGED,
    }
    return Meeting(**{**plain, **values})


def read(*meetings: Meeting) -> list:
    return Calendar.from_ical(calendar_of(meetings, name="Tandems", language="de")).events


def test_a_meeting_is_read_back_in_utc_with_its_stable_id():
    event = read(meeting(place="Rathaus; Saal 1, 2. Stock", url="https://hamm.example/de/tandems/a/"))[0]
    assert event["uid"] == str(ID)
    assert event.decoded("dtstart") == datetime(2023, 9, 7, 7, 30, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2023, 9, 7, 9, 30, tzinfo=UTC)
    assert event.decoded("dtstamp") == event.decoded("last-modified") == CHANGED
    assert str(event["location"]) == "Rathaus; Saal 1, 2. Stock"
    assert event["url"] == "https://hamm.example/de/tandems/a/"


def test_whole_days_are_days():
    event = read(meeting(begins=date(2023, 9, 7), ends=date(2023, 9, 9)))[0]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2023, 9, 7), date(2023, 9, 9))


@pytest.mark.parametrize(
    "text",
    [
        "a, b; c\\d",
        "line one\nline two",
        "Straße – Città à è ì 漢字 " * 20,
        "END:VEVENT\nBEGIN:VALARM",
        "x" * 500,
    ],
)
def test_whatever_the_text_it_comes_back_and_no_line_is_longer_than_75_octets(text: str):
    content = calendar_of([meeting(text=text, title=text)], name="Tandems", language="de")
    event = Calendar.from_ical(content).events[0]
    assert (str(event["description"]), str(event["summary"])) == (text, text)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.count(b"\r\nBEGIN:") == 1


def test_an_empty_calendar_is_one_and_the_same_meetings_give_the_same_bytes():
    empty = Calendar.from_ical(calendar_of([], name="Tandems", language="de"))
    assert (empty.events, str(empty["name"]), empty["version"]) == ([], "Tandems", "2.0")
    made = [meeting(), meeting(id=UUID(int=2), title="B")]
    assert calendar_of(made, name="T", language="it") == calendar_of(made, name="T", language="it")
