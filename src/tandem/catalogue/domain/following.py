"""When an address that a distribution follows is asked again; after several failures less and less often."""

from datetime import datetime, timedelta
from enum import StrEnum

FAILURES_BEFORE_WAITING = 3
LONGEST_WAIT = timedelta(days=30)


class Every(StrEnum):
    """How often an address is asked."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


INTERVALS = {
    Every.HOURLY: timedelta(hours=1),
    Every.DAILY: timedelta(days=1),
    Every.WEEKLY: timedelta(weeks=1),
    Every.MONTHLY: timedelta(days=30),
}


def next_check(every: Every, *, failures: int, now: datetime) -> datetime:
    """Return when to ask again: after the interval; from the third failure in a row twice as late each time.

    The wait never grows beyond 30 days, so that an address which comes back is found.

    >>> now = datetime(2026, 1, 1)
    >>> [(next_check(Every.DAILY, failures=n, now=now) - now).days for n in (0, 2, 3, 4, 99)]
    [1, 1, 2, 4, 30]
    """
    interval = INTERVALS[every]
    times = max(0, failures - FAILURES_BEFORE_WAITING + 1)
    wait = interval * (1 << min(times, 20))
    return now + min(wait, max(LONGEST_WAIT, interval))
