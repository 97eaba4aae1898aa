"""What one room offers as open data, and another takes: the rooms know this page, not each other."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tandem.core.references import Reference


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A table as a CSV file.

    Attributes:
        titles: By language.
    """

    filename: str
    titles: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """Tables about one thing.

    Attributes:
        titles: By language, like the descriptions.
        keywords: Words by language.
        path: Of the page that it is about, with a slash at the beginning and without a language.
        first_day: When what the data tell of began.
    """

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    path: str
    files: Sequence[OfferedFile]
    first_day: date | None = None
    last_day: date | None = None


Taker = Callable[[Offer, str, Any, datetime], Reference]
Keeper = Callable[[str], bool]
_takers: list[tuple[Taker, Keeper]] = []


def register_taker(taker: Taker, keeps: Keeper) -> None:
    """Say who takes offers.

    Args:
        taker: Gets the offer, the URI of the dataset that it became before or an empty text, who offers, and now;
            returns the dataset. Files that have changed since become its newest versions.
        keeps: Gets the URI of a dataset; returns whether it is still there, and was not withdrawn.
    """
    _takers[:] = [(taker, keeps)]


def is_taken() -> bool:
    """Return whether anybody takes offers."""
    return bool(_takers)


def offer(offered: Offer, *, known: str, person: Any, now: datetime) -> Reference | None:
    """Hand an offer over; return the dataset that it became, None where nobody takes it."""
    return _takers[0][0](offered, known, person, now) if _takers else None


def is_kept(uri: str) -> bool:
    """Return whether what an offer became is still there: what people have withdrawn is not offered again by itself."""
    return bool(_takers) and _takers[0][1](uri)


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as RFC 4180 wants it, in UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue().encode()
