"""Legal periods: from which day to which a draft plan is published and statements can be made.

A rule says how long the period is and on which days it must not end; an announcement says when it is made known.
What comes out is a first day, a last day, the moment at which it closes, and each step by which they were reached,
so that an officer can check it and a court can read it.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.participation.domain.phase import Window

ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
LONGEST_DAYS = 366


class BadPeriod(InvalidInput):
    """An announcement and a rule do not give a lawful period."""

    code = "participation.period.invalid"


class Counting(StrEnum):
    """Whether the day on which something begins is the first day of a period."""

    FIRST_DAY_COUNTS = "first-day-counts"
    FIRST_DAY_LEFT_OUT = "first-day-left-out"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a period: so many months, and at least so many days.

    Attributes:
        code: What it is for: ``publication``, ``deposit``, ``observations`` …
        months: 0 where it is counted in days only.
        days: The least number of days; 0 where it is counted in months only.

    Raises:
        BadPeriod: It has no length.
    """

    code: str
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if self.months < 0 or self.days < 0 or not self.months + self.days:
            raise BadPeriod(say("A period needs a length: months, days or both."))


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """How a period is reckoned.

    Attributes:
        code: Stable, kept with every period made by it.
        stretches: One after the other without a gap; statements can be made in all of them.
        counting: Of the day on which the first stretch begins.
        no_end_on: Weekdays on which the period does not end (Monday is 0); public holidays are always among them.
        zone: Where midnight is.
        basis: The provisions that it follows, as they are quoted.
    """

    code: str
    stretches: tuple[Stretch, ...]
    counting: Counting
    no_end_on: frozenset[int]
    zone: str
    basis: str


BAUGB_3_2 = PeriodRule(
    code="de.baugb-3-2",
    stretches=(Stretch("publication", months=1, days=30),),
    counting=Counting.FIRST_DAY_COUNTS,
    no_end_on=frozenset({SATURDAY, SUNDAY}),
    zone="Europe/Berlin",
    basis="§ 3 Abs. 2 BauGB; §§ 187 Abs. 2, 188 Abs. 2, 193 BGB",
)
"""Germany: publication of a draft development plan on the Internet.

Source: BauGB §3(2) as in force since 7 July 2023: one month, at least 30 days. That the first day counts
(BGB §187(2)) was decided by the Joint Senate of the Federal Courts on 6 July 1972, GmS-OGB 2/71.
"""

ITALY_1150_9 = PeriodRule(
    code="it.l1150-1942-9",
    stretches=(Stretch("deposit", days=30), Stretch("observations", days=30)),
    counting=Counting.FIRST_DAY_LEFT_OUT,
    no_end_on=frozenset({SUNDAY}),
    zone="Europe/Rome",
    basis="art. 9 L. 17 agosto 1942, n. 1150; art. 2963 c.c.",
)
"""Italy, where the region has not ruled otherwise: 30 days of deposit, then 30 more for observations.

Source: L. 1150/1942 art. 9; Codice civile art. 2963: the first day is left out, a last day that is a holiday moves on.
Regions have laws of their own: ``italian_rule`` makes a rule from their lengths.
"""


def italian_rule(
    code: str, *, deposit_days: int, observation_days: int, basis: str, ends_on_saturday: bool = True
) -> PeriodRule:
    """Return a rule of a region, which a city takes from its own law and answers for.

    Args:
        code: A name for it, such as ``it.tuscany``.
        deposit_days: From the day after the beginning; observations can be made from then on.
        observation_days: Further days after the deposit; 0 where both run at the same time.
        basis: The provisions, as they shall be quoted.
        ends_on_saturday: Whether a Saturday may be the last day.
    """
    after = (Stretch("observations", days=observation_days),) if observation_days else ()
    return PeriodRule(
        code=code,
        stretches=(Stretch("deposit", days=deposit_days), *after),
        counting=Counting.FIRST_DAY_LEFT_OUT,
        no_end_on=frozenset({SUNDAY} if ends_on_saturday else {SATURDAY, SUNDAY}),
        zone="Europe/Rome",
        basis=basis,
    )


@dataclass(frozen=True, slots=True)
class Announcement:
    """How a period is made known, and what the city decided about it.

    Attributes:
        announced_on: The day on which it is made known; the period begins on a later one.
        starts_on: The day on which the publication begins; the day after the announcement where it is None.
        notice_days: Full days between announcement and beginning, where a city's bylaws ask for some.
        at_least_until: The day until which it shall last at least, for good cause.
        cause: The good cause, in the city's words. Needed with ``at_least_until``.
        holidays: Public holidays at the place, with their names; the city's own ones included.
    """

    announced_on: date
    starts_on: date | None = None
    notice_days: int = 0
    at_least_until: date | None = None
    cause: str = ""
    holidays: Mapping[date, str] = field(default_factory=dict)


class StepCode(StrEnum):
    """One step of the reckoning."""

    ANNOUNCED = "announced"
    BEGINS = "begins"
    MONTHS = "months"
    DAYS = "days"
    STRETCH_ENDS = "stretch-ends"
    EXTENDED = "extended"
    MOVED_SATURDAY = "moved-saturday"
    MOVED_SUNDAY = "moved-sunday"
    MOVED_HOLIDAY = "moved-holiday"
    LAST_DAY = "last-day"


@dataclass(frozen=True, slots=True)
class Step:
    """What was reckoned, and to which day it led.

    Attributes:
        day: Where the reckoning stands after this step.
        what: The stretch, the number, the holiday's name or the good cause; empty where the code says it all.
    """

    code: StepCode
    day: date
    what: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A period, with the way that led to it.

    Attributes:
        rule: The code of its rule.
        starts_on: Its first day.
        last_day: Its last day, which is part of it.
        window: From midnight to midnight at the place; a statement is in time before ``window.closes_at``.
    """

    rule: str
    starts_on: date
    last_day: date
    window: Window
    steps: tuple[Step, ...]

    @property
    def days(self) -> int:
        """How many days the period has, the first and the last included."""
        return (self.last_day - self.starts_on).days + 1


def legal_period(rule: PeriodRule, announcement: Announcement) -> Period:
    """Return the period that a rule gives for an announcement.

    Each stretch takes the later one of its end by months and its end by days. A longer period for good
    cause comes after that; then the last day moves on until it is no weekend or holiday that the rule excludes.

    Raises:
        BadPeriod: It would begin too early, be lengthened without a cause, or last longer than a year.

    >>> draft = Announcement(date(2026, 2, 6), starts_on=date(2026, 2, 9))
    >>> legal_period(BAUGB_3_2, draft).last_day  # a month ends on Sunday 8 March, 30 days on Tuesday 10 March
    datetime.date(2026, 3, 10)
    """
    starts_on = _start(announcement)
    steps = [Step(StepCode.ANNOUNCED, announcement.announced_on), Step(StepCode.BEGINS, starts_on)]
    counted_from = starts_on if rule.counting is Counting.FIRST_DAY_COUNTS else starts_on + ONE_DAY
    for stretch in rule.stretches:
        steps += _stretch_steps(stretch, counted_from, rule.counting)
        counted_from = steps[-1].day + ONE_DAY
    steps += _extension(announcement, steps[-1].day)
    steps += _moves(steps[-1].day, rule, announcement.holidays)
    last_day = steps[-1].day
    if (last_day - starts_on).days > LONGEST_DAYS:
        raise BadPeriod(say("The period would last until {day}, longer than a year.", day=last_day))
    window = Window(midnight(starts_on, rule.zone), midnight(last_day + ONE_DAY, rule.zone))
    return Period(rule.code, starts_on, last_day, window, (*steps, Step(StepCode.LAST_DAY, last_day)))


def midnight(day: date, zone: str) -> datetime:
    """Return the moment at which a day begins at a place.

    >>> midnight(date(2026, 7, 1), "Europe/Rome").isoformat()
    '2026-07-01T00:00:00+02:00'
    """
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _start(announcement: Announcement) -> date:
    earliest = announcement.announced_on + timedelta(days=announcement.notice_days + 1)
    starts_on = announcement.starts_on or earliest
    if starts_on < earliest:
        raise BadPeriod(
            say(
                "Announced on {announced}, the publication can begin on {earliest} at the earliest.",
                announced=announcement.announced_on,
                earliest=earliest,
            )
        )
    return starts_on


def _stretch_steps(stretch: Stretch, first_day: date, counting: Counting) -> list[Step]:
    steps = []
    if stretch.months:
        steps.append(
            Step(StepCode.MONTHS, end_by_months(first_day, stretch.months, counting), str(stretch.months))
        )
    if stretch.days:
        last_day = first_day + timedelta(days=stretch.days - 1)
        steps.append(Step(StepCode.DAYS, last_day, str(stretch.days)))
    return [*steps, Step(StepCode.STRETCH_ENDS, max(step.day for step in steps), stretch.code)]


def end_by_months(first_day: date, months: int, counting: Counting = Counting.FIRST_DAY_COUNTS) -> date:
    """Return the last day of so many months whose first full day is ``first_day``.

    Where the first day counts, it is the day before the one of the same number; where the day before was left
    out, it is the day that has the number of that one. Where the month is too short for it, it is its last day.

    Source: BGB §188(2) and (3); Codice civile art. 2963.

    >>> end_by_months(date(2026, 3, 15), 1), end_by_months(date(2026, 1, 31), 1)
    (datetime.date(2026, 4, 14), datetime.date(2026, 2, 28))
    >>> end_by_months(date(2026, 3, 1), 1, Counting.FIRST_DAY_LEFT_OUT)  # of what happened on 28 February
    datetime.date(2026, 3, 28)
    """
    if counting is Counting.FIRST_DAY_LEFT_OUT:
        return _same_number(first_day - ONE_DAY, months, back_days=0)
    return _same_number(first_day, months, back_days=1)


def _same_number(day: date, months: int, *, back_days: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    wanted = day.day - back_days
    if wanted > length:
        return date(year, month + 1, length)
    return date(year, month + 1, 1) + timedelta(days=wanted - 1)


def _extension(announcement: Announcement, end: date) -> Iterator[Step]:
    longer = announcement.at_least_until
    if longer is None:
        return
    if not announcement.cause.strip():
        raise BadPeriod(say("A longer period needs a good cause. Please write it down."))
    if longer <= end:
        raise BadPeriod(
            say("The period lasts until {end} anyway; choose a later day than that.", end=end, longer=longer)
        )
    yield Step(StepCode.EXTENDED, longer, announcement.cause.strip())


def _moves(day: date, rule: PeriodRule, holidays: Mapping[date, str]) -> Iterator[Step]:
    while (reason := _no_end(day, rule, holidays)) is not None:
        code, what = reason
        day += ONE_DAY
        yield Step(code, day, what)


def _no_end(day: date, rule: PeriodRule, holidays: Mapping[date, str]) -> tuple[StepCode, str] | None:
    if day in holidays:
        return StepCode.MOVED_HOLIDAY, holidays[day]
    if day.weekday() in rule.no_end_on:
        return (StepCode.MOVED_SUNDAY if day.weekday() == SUNDAY else StepCode.MOVED_SATURDAY), ""
    return None


def lateness(period: Period, *, received_at: datetime) -> timedelta | None:
    """Return by how much a statement came too late; None for one in time.

    A late statement is recorded like any other. Whether it is left out of account is decided in the weighing.

    Args:
        received_at: When it reached the city, timezone-aware; for a letter, when it was put in the letter box.
    """
    closes_at = period.window.closes_at
    assert closes_at is not None  # noqa: S101 - every period ends; only a phase's window may be open
    return received_at - closes_at if received_at >= closes_at else None
