"""When data is due again: what its publisher promised, held against when it was last changed."""

import calendar
from datetime import date, timedelta

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DatasetDescription

_DAYS = {
    "CONT": 1,
    "UPDATE_CONT": 1,
    "HOURLY": 1,
    "DAILY": 1,
    "DAILY_2": 1,
    "WEEKLY": 7,
    "WEEKLY_2": 4,
    "WEEKLY_3": 3,
    "BIWEEKLY": 14,
    "MONTHLY_2": 16,
    "MONTHLY_3": 11,
}
_MONTHS = {
    "MONTHLY": 1,
    "BIMONTHLY": 2,
    "QUARTERLY": 3,
    "ANNUAL_3": 4,
    "ANNUAL_2": 6,
    "ANNUAL": 12,
    "BIENNIAL": 24,
    "TRIENNIAL": 36,
    "QUADRENNIAL": 48,
    "QUINQUENNIAL": 60,
    "DECENNIAL": 120,
}
GRACE_SHARE = 0.25


def due_on(description: DatasetDescription) -> date | None:
    """Return the day from which on the data is late: the promised interval after its last change, and a grace.

    The grace is a quarter of the interval, at least a day: who publishes monthly is not late on the first of the
    month. Nothing is due where nothing regular was promised, or the last change is not known.

    >>> from tandem.catalogue.domain.vocabulary import AUTHORITY
    >>> monthly = f"{AUTHORITY}/frequency/MONTHLY"
    >>> due_on(DatasetDescription("urn:x", frequency=monthly, modified="2024-01-31"))
    datetime.date(2024, 3, 7)
    """
    changed = _day(max(description.modified, *(each.modified for each in description.distributions), ""))
    frequency = vocabulary.FREQUENCIES.by_iri(description.frequency)
    if changed is None or frequency is None:
        return None
    if frequency.code in _DAYS:
        promised = changed + timedelta(days=_DAYS[frequency.code])
    elif frequency.code in _MONTHS:
        promised = _months_later(changed, _MONTHS[frequency.code])
    else:
        return None
    grace = timedelta(days=max(1, round(GRACE_SHARE * (promised - changed).days)))
    return promised + grace


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
