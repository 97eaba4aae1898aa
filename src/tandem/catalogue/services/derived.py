"""What a description can be told by the tables of the dataset themselves: time, place, language, keywords."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.domain.words import language_of, words_of
from tandem.catalogue.models import Dataset
from tandem.catalogue.services.explore import Table

MOST_KEYWORDS = 6


@dataclass(frozen=True, slots=True)
class Derived:
    """What the tables say.

    Attributes:
        start: The earliest date in a column of dates.
        end: The latest.
        bounds: West, south, east, north in degrees, or empty.
        language: Code of the language that the columns' names and texts are most likely in, or empty.
        keywords: From the columns' names.
    """

    start: date | None = None
    end: date | None = None
    bounds: tuple[float, ...] = ()
    language: str = ""
    keywords: tuple[str, ...] = ()


def derived_of(dataset: Dataset) -> Derived:
    """Return what a dataset's current tables say of it."""
    rows = dataset.distributions.select_related("current").filter(current__isnull=False)
    tables = [Table.of(row.current) for row in rows if row.current is not None and row.current.report]
    columns = [column for table in tables for column in table.columns]
    days = [day for column in columns for day in _days(column)]
    texts = " ".join(f"{column.name} {_samples(column)}" for column in columns)
    return Derived(
        start=min(days, default=None),
        end=max(days, default=None),
        bounds=_bounds(tables),
        language=language_of(texts),
        keywords=_keywords(column.name for column in columns),
    )


def _days(column: ColumnReport) -> Iterable[date]:
    if column.kind not in {"date", "datetime"}:
        return
    for value in (column.profile.min, column.profile.max):
        try:
            yield date.fromisoformat(str(value)[:10])
        except ValueError:
            continue


def _bounds(tables: Iterable[Table]) -> tuple[float, ...]:
    """Return the box around all coordinates that lie on the globe."""
    xs: list[float] = []
    ys: list[float] = []
    for table in tables:
        longitude, latitude = table.by_role("longitude"), table.by_role("latitude")
        if longitude is None or latitude is None:
            continue
        ends = [(column.profile.min, column.profile.max) for column in (longitude, latitude)]
        if all(isinstance(end, int | float) for pair in ends for end in pair):
            xs.extend(float(end) for end in ends[0])
            ys.extend(float(end) for end in ends[1])
    if not xs or max(map(abs, xs)) > 180 or max(map(abs, ys)) > 90:
        return ()
    return (min(xs), min(ys), max(xs), max(ys))


def _samples(column: ColumnReport) -> str:
    return " ".join(str(value) for value, _count in column.profile.top) if column.kind == "text" else ""


def _keywords(names: Iterable[str]) -> tuple[str, ...]:
    """Return words of the columns' names that tell what a table is about, the commonest first."""
    counted = Counter(word for name in names for word in words_of(name))
    return tuple(word for word, _count in counted.most_common(MOST_KEYWORDS))
