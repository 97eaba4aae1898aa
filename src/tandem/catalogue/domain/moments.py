"""Dates and moments as the web writes them, and intervals of them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from tandem.core.errors import InvalidInput
from tandem.core.text import say

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?")


class BadMoment(InvalidInput):
    """This is no date, no moment, and no interval."""

    code = "catalogue.features.bad-datetime"

    def __init__(self, given: str) -> None:
        super().__init__(
            say(
                "{given} is no date, no moment and no interval. Write it like {example}.",
                given=repr(given[:80]),
                example="2024-05-31, 2024-05-31T08:00:00Z, 2024-05-01/2024-05-31, ../2024-05-31",
            )
        )


def as_moment(text: str) -> date | datetime | None:
    """Return a day, or a moment in UTC without its zone; None where the text is neither.

    >>> as_moment("2024-05-31"), as_moment("2024-05-31T08:00:00+02:00"), as_moment("yesterday")
    (datetime.date(2024, 5, 31), datetime.datetime(2024, 5, 31, 6, 0), None)
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if not _MOMENT.fullmatch(text):
            return None
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.upper()))
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Interval:
    """From one moment to another, both included; None where it has no end there."""

    start: datetime | None
    end: datetime | None


def interval_of(text: str) -> Interval:
    """Return what a ``datetime`` parameter means.

    Raises:
        BadMoment: It means nothing.

    Source: OGC 17-069r4, OGC API Features part 1, clause 7.15.4.

    >>> interval_of("2024-05-31/..").start, interval_of("2024-05-31").end
    (datetime.datetime(2024, 5, 31, 0, 0), datetime.datetime(2024, 5, 31, 23, 59, 59, 999999))
    """
    start, slash, end = text.partition("/")
    if not slash:
        start = end = text
    first, last = _end(start, text, last=False), _end(end, text, last=True)
    if (first is None and last is None) or (first and last and first > last):
        raise BadMoment(text)
    return Interval(first, last)


def _end(text: str, whole: str, *, last: bool) -> datetime | None:
    if text in {"", ".."} and whole not in {"", ".."}:
        return None
    found = as_moment(text)
    if found is None:
        raise BadMoment(whole)
    if isinstance(found, datetime):
        return found
    return datetime.combine(found, time.max if last else time.min)
