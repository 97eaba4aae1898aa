"""How municipal files are written: numbers, dates, amounts and tables as office programs save them."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

Row = Sequence[str]


def seeded(name: str) -> Random:
    """Return a random generator that gives the same numbers for the same name, on every machine.

    Only its methods ``random``, ``uniform``, ``randint``, ``choice`` and ``choices`` are used.
    """
    return Random(name)  # noqa: S311 - numbers of an example, not a secret


def names(text: str) -> list[str]:
    """Return the names that a text lists, semicolons between them.

    >>> names("Art;Straße")
    ['Art', 'Straße']
    """
    return text.split(";")


def number(value: float, places: int = 1) -> str:
    """Write a number with a decimal comma.

    >>> number(12.25, 2)
    '12,25'
    """
    return f"{value:.{places}f}".replace(".", ",")


def amount(cents: int) -> str:
    """Write an amount of cents in euros, with thousand points and a decimal comma.

    >>> amount(-123456789)
    '-1.234.567,89'
    """
    return f"{Decimal(cents) / 100:,.2f}".translate(str.maketrans(",.", ".,"))


def german_day(day: date) -> str:
    """Write a day as Germans do.

    >>> german_day(date(2024, 5, 6))
    '06.05.2024'
    """
    return f"{day:%d.%m.%Y}"


def italian_day(day: date) -> str:
    """Write a day as Italians do.

    >>> italian_day(date(2024, 5, 6))
    '06/05/2024'
    """
    return f"{day:%d/%m/%Y}"


def hours(start: datetime, count: int) -> list[datetime]:
    """Return ``count`` full hours from ``start`` on."""
    return [start + timedelta(hours=hour) for hour in range(count)]


def table(rows: Iterable[Row], *, encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    """Return rows as the bytes of a CSV file; ``utf-8-sig`` and ``utf-16`` begin with a byte-order mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    if encoding == "utf-16":
        return b"\xff\xfe" + text.getvalue().encode("utf-16-le")  # the same on every machine
    return text.getvalue().encode(encoding)


def padded(rows: Iterable[Row], *, width: int) -> list[list[str]]:
    """Return rows filled up with empty cells to ``width``, as spreadsheets save them."""
    return [[*row, *[""] * (width - len(row))] for row in rows]


def spoiled(rows: Sequence[Row], bad_cells: Iterable[tuple[int, int, str]]) -> list[list[str]]:
    """Return rows with some cells replaced, each given as row, column (both from 0) and text."""
    changed = [list(row) for row in rows]
    for row, column, text in bad_cells:
        changed[row][column] = text
    return changed


def geojson(shapes: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> bytes:
    """Return geometries, each with its properties, as the bytes of a GeoJSON file, one feature a line."""
    features = [{"type": "Feature", "properties": named, "geometry": shape} for shape, named in shapes]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()
