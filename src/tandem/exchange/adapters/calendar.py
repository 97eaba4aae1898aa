"""Visits as an iCalendar file, with icalendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar
from icalendar import Event as CalendarEvent

PRODUCER = "-//Tandem//Exchange//EN"
REFRESH = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A visit or an online meeting, as a calendar shows it.

    Attributes:
        id: Never changes, so that a calendar knows the meeting again.
        begins: A moment with its time zone; a day where the meeting takes whole days.
        ends: As ``begins``, and not part of the meeting any more.
        changed_at: When anything about it changed last.
        url: Of its page.
    """

    id: UUID
    title: str
    begins: datetime | date
    ends: datetime | date
    changed_at: datetime
    place: str = ""
    text: str = ""
    url: str = ""


def calendar_of(meetings: Iterable[Meeting], *, name: str, language: str) -> bytes:
    """Return an iCalendar file; the same bytes for the same meetings. Its times are in UTC.

    Args:
        name: What calendar programs call it.
        language: Of the texts.

    Source:
        RFC 5545; for the name, the interval and the UUID as UID: RFC 7986, sections 5.1, 5.3 and 5.7.
    """
    made = Calendar()
    made.add("prodid", PRODUCER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name, {"LANGUAGE": language})
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    for each in meetings:
        made.add_component(_event(each, language))
    content: bytes = made.to_ical()
    return content


def _event(meeting: Meeting, language: str) -> CalendarEvent:
    event = CalendarEvent()
    event.add("uid", str(meeting.id))
    event.add("dtstamp", meeting.changed_at.astimezone(UTC))
    event.add("last-modified", meeting.changed_at.astimezone(UTC))
    event.add("dtstart", _in_utc(meeting.begins))
    event.add("dtend", _in_utc(meeting.ends))
    for name, text in (
        ("summary", meeting.title),
        ("location", meeting.place),
        ("description", meeting.text),
    ):
        if text:
            event.add(name, text, {"LANGUAGE": language})
    if meeting.url:
        event.add("url", meeting.url)
    return event


def _in_utc(moment: datetime | date) -> datetime | date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
