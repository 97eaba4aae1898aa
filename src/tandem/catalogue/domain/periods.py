"""Years and months as people write them, and the parts of a date that rows are grouped by."""

import re
from dataclasses import dataclass
from datetime import date

PARTS = ("year", "month", "day", "weekday", "hour")
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?|(?P<month_first>\d{1,2})[./](?P<year_last>\d{4})"
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, or a month of one (``month`` 1 to 12; 0 is the whole year)."""

    year: int
    month: int = 0

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"

    @property
    def bounds(self) -> tuple[date, date]:
        """The first day, and the first day that is no longer part of it."""
        first = date(self.year, self.month or 1, 1)
        if self.month in {0, 12}:
            return first, date(self.year + 1, 1, 1)
        return first, date(self.year, self.month + 1, 1)


def parse_period(text: str) -> Period:
    """Return the period that a text means: ``2024``, ``2024-05``, ``05.2024``, ``5/2024``.

    Raises:
        ValueError: It means none.

    >>> str(parse_period("5/2024")), parse_period("2024").bounds[1].isoformat()
    ('2024-05', '2025-01-01')
    """
    found = _PERIOD.fullmatch(text.strip()) if text.isascii() else None
    if not found:
        raise ValueError(text)
    month = found["month"] or found["month_first"]
    year = int(found["year"] or found["year_last"])
    if not 1 <= year <= 9998 or (month and not 1 <= int(month) <= 12):
        raise ValueError(text)
    return Period(year, int(month or 0))
