"""Dates as Solr's queries write them: ISO, or counted from now (``NOW-1DAY``, ``NOW/HOUR``)."""

import re
from datetime import UTC, datetime, timedelta

from tandem.catalogue.domain.solr_query import BadSolrQuery

_STEP = re.compile(r"(?P<cut>/[A-Z]+)|(?P<add>[+-]\d{1,6}[A-Z]+)")
_UNITS = {
    "SECOND": timedelta(seconds=1),
    "MINUTE": timedelta(minutes=1),
    "HOUR": timedelta(hours=1),
    "DAY": timedelta(days=1),
    "WEEK": timedelta(weeks=1),
    "MONTH": timedelta(days=30),
    "YEAR": timedelta(days=365),
}
_CUTS = ("microsecond", "second", "minute", "hour", "day", "month")
_WHOLE = {"SECOND": 1, "MINUTE": 2, "HOUR": 3, "DAY": 4, "MONTH": 5, "YEAR": 6}


def moment(text: str, *, now: datetime) -> datetime:
    """Return the moment that a text means; one without an offset is in UTC.

    Raises:
        BadSolrQuery: It means none.

    >>> moment("NOW/DAY-1DAY", now=datetime(2024, 5, 2, 10, tzinfo=UTC)).isoformat()
    '2024-05-01T00:00:00+00:00'
    """
    try:
        if text.startswith("NOW"):
            return _counted(text.removeprefix("NOW"), now.astimezone(UTC))
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, KeyError) as error:
        raise BadSolrQuery(f"{text[:40]!r} is no date; write 2024-05-31T08:00:00Z, or NOW-1DAY.") from error


def _counted(steps: str, at: datetime) -> datetime:
    place = 0
    while place < len(steps):
        found = _STEP.match(steps, place)
        if found is None:
            raise ValueError(steps)
        unit = re.sub(r"[^A-Z]", "", found[0]).removesuffix("S")
        if found["cut"]:
            at = at.replace(**{n: 0 if n not in {"day", "month"} else 1 for n in _CUTS[: _WHOLE[unit]]})  # type: ignore[arg-type]
        else:
            at += int(re.sub(r"[A-Z]", "", found[0])) * _UNITS[unit]
        place = found.end()
    return at
