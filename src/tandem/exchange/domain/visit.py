"""Visits and online meetings: their programme, who comes, and the report that is due a month after."""

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.parts import Texts
from tandem.core.text import say

_MOMENT = timedelta(microseconds=1)
_MIDNIGHT = time()
MOST_DAYS = 100
"""Of a visit whose days are known: its programme offers each of them."""


class TooLong(InvalidInput):
    """A visit of known days does not end."""

    code = "exchange.visit-too-long"

    def __init__(self) -> None:
        super().__init__(
            say(
                "A visit lasts {most} days at the most. Correct a day, plan several visits, or say in words when it "
                "is.",
                most=MOST_DAYS,
            )
        )


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a programme.

    Attributes:
        key: Unique within the visit.
        titles: By language.
        on: Its day; None where only the order is known.
        at: When it begins, at the place of the visit.
        minutes: How long it takes.
    """

    key: str
    titles: Texts
    on: date | None = None
    at: time | None = None
    minutes: int | None = None
    place: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values that ``from_json`` reads."""
        return {
            "key": self.key,
            "titles": dict(self.titles),
            "on": self.on.isoformat() if self.on else "",
            "at": self.at.isoformat("minutes") if self.at else "",
            "minutes": self.minutes,
            "place": self.place,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Item":
        """Return the point that ``as_json`` wrote down."""
        return cls(
            stored["key"],
            stored["titles"],
            date.fromisoformat(stored["on"]) if stored["on"] else None,
            time.fromisoformat(stored["at"]) if stored["at"] else None,
            stored["minutes"],
            stored["place"],
        )

    @property
    def begins(self) -> datetime | None:
        """When it begins, at the place of the visit; None where that is not known."""
        return datetime.combine(self.on, self.at) if self.on and self.at else None

    @property
    def ends(self) -> datetime | None:
        """When it ends, at the place of the visit; None where that is not known."""
        begins = self.begins
        return begins + timedelta(minutes=self.minutes) if begins and self.minutes else None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who comes, by role and city.

    Attributes:
        key: Unique within the visit.
        name: Only of a person who agreed to be named; else empty.
        agreed_on: When they agreed; None where they were not asked.
    """

    key: str
    city: str
    role: str
    name: str = ""
    agreed_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values that ``from_json`` reads; no name without an agreement."""
        return {
            "key": self.key,
            "city": self.city,
            "role": self.role,
            "name": self.name if self.agreed_on else "",
            "agreed_on": self.agreed_on.isoformat() if self.agreed_on and self.name else "",
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Participant":
        """Return the participant that ``as_json`` wrote down."""
        agreed_on = date.fromisoformat(stored["agreed_on"]) if stored["agreed_on"] else None
        return cls(
            stored["key"], stored["city"], stored["role"], stored["name"] if agreed_on else "", agreed_on
        )


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a visit lasts.

    Attributes:
        begins: At the place of the visit, like ``ends``, which is not part of it any more.
        is_known: False where the days are not known and only put it in order.
    """

    begins: datetime
    ends: datetime
    is_known: bool = True

    @property
    def takes_whole_days(self) -> bool:
        """Whether no hours are given: it goes from a midnight to a midnight.

        >>> Span(datetime(2023, 9, 7), datetime(2023, 9, 9)).takes_whole_days
        True
        """
        return self.begins.time() == self.ends.time() == _MIDNIGHT

    @property
    def last_day(self) -> date:
        """The last day of the visit.

        >>> Span(datetime(2023, 9, 7), datetime(2023, 9, 9)).last_day.isoformat()
        '2023-09-08'
        """
        return max(self.begins, self.ends - _MOMENT).date()

    @property
    def days(self) -> list[date]:
        """Every day of the visit."""
        first = self.begins.date()
        return [first + timedelta(days=number) for number in range((self.last_day - first).days + 1)]


def check_length(span: Span) -> None:
    """Do nothing where a visit has not more days than a programme can have; unless they are known, that is its own.

    Raises:
        TooLong: It has.
    """
    if span.is_known and span.last_day - span.begins.date() >= timedelta(days=MOST_DAYS):
        raise TooLong


def ordered(items: Iterable[Item]) -> list[Item]:
    """Return a programme by day and time; what has none keeps its place behind what stands before it.

    >>> first, second = Item("a", {}, date(2023, 9, 7)), Item("b", {}, date(2023, 9, 8))
    >>> [each.key for each in ordered([second, first, Item("c", {})])]
    ['a', 'c', 'b']
    """
    ranked: list[tuple[date, time, int, Item]] = []
    day, hour = date.min, _MIDNIGHT
    for place, each in enumerate(items):
        if each.on is not None and each.on != day:
            day, hour = each.on, _MIDNIGHT
        hour = each.at or hour
        ranked.append((day, hour, place, each))
    return [each for *_rank, each in sorted(ranked, key=lambda one: one[:3])]


def check_programme(items: Sequence[Item], span: Span) -> list[Finding]:
    """Return what is wrong with a programme: points outside the visit, and points at the same time.

    Two at the same time may be meant, for two groups: that is a warning.
    """
    outside = [
        Finding(
            Severity.ERROR,
            "exchange.programme.outside",
            each.key,
            say(
                "A point of the programme is on {day}, when the visit does not take place.",
                day=each.on.isoformat(),
            ),
        )
        for each in items
        if each.on is not None and span.is_known and not span.begins.date() <= each.on <= span.last_day
    ]
    return outside + list(_overlaps(items))


def _overlaps(items: Sequence[Item]) -> Iterator[Finding]:
    timed = sorted(
        ((each.begins, each.ends, each.key) for each in items if each.begins and each.ends),
        key=lambda each: each[:2],
    )
    latest: datetime | None = None
    for begins, ends, key in timed:
        if latest is not None and begins < latest:
            message = say(
                "The point at {time} begins before another one is over.",
                time=begins.strftime("%Y-%m-%d %H:%M"),
            )
            yield Finding(Severity.WARNING, "exchange.programme.overlap", key, message)
        latest = ends if latest is None else max(latest, ends)


# --- the report ---------------------------------------------------------------------------------
def report_due(last_day: date) -> date:
    """Return the day by which the report of a visit is due: a month after, or the last day of a shorter month.

    >>> report_due(date(2023, 1, 31)).isoformat()
    '2023-02-28'
    """
    year, month = (last_day.year + 1, 1) if last_day.month == 12 else (last_day.year, last_day.month + 1)
    return date(year, month, min(last_day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class ReportState:
    """How it stands with the report of a visit.

    Attributes:
        due_on: Last day on which it is in time.
        done_on: None while it is not done.
    """

    due_on: date
    done_on: date | None
    is_past: bool

    def is_overdue(self, today: date) -> bool:
        """Return whether it should have been done before ``today``."""
        return self.done_on is None and self.due_on < today


def report_state(span: Span, reported_on: date | None, *, today: date) -> ReportState:
    """Return how it stands with the report of a visit."""
    return ReportState(report_due(span.last_day), reported_on, is_past=span.last_day < today)
