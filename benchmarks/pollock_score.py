"""The score of the Pollock benchmark, written from its description.

For each file the system's rows are compared with the clean ones: success (1 where it did not fail), and precision,
recall and their harmonic mean for the header (the cells of the first row), the records (each row's cells put together)
and the cells, as multisets. Header and records are compared as values (a date is a date however it is written), cells
as written. The simple score is the sum of the means of these ten figures over all files; the weighted one weighs each
file by how often its kind of pollution is found in open data.

Source: Vitagliano, Hameed, Jiang, Reisener, Wu, Naumann (2023), Pollock: A Data Loading Benchmark, PVLDB 16(8).
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from pathlib import Path

Rows = Sequence[Sequence[str]]
_MONEY = re.compile(r"([$€£])\s?(\d[\d,]*(?:\.\d+)?)")
_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]00:00:00)?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?")


def clean_rows(path: Path) -> list[list[str]]:
    """Return the rows of a clean file."""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def value_of(cell: str) -> str:
    """Return a cell as a value: numbers, days, times and sums of money in one form each, words in small letters."""
    if cell in {"True", "true", "1"}:
        return "1"
    if cell in {"False", "false", "0"}:
        return "0"
    for read in (_number, _time, _day, _money):
        found = read(cell)
        if found is not None:
            return found
    return cell.lower()


def _number(cell: str) -> str | None:
    try:
        return str(int(cell))
    except ValueError:
        pass
    try:
        return str(float(cell))
    except ValueError:
        return None


def _time(cell: str) -> str | None:
    match = _TIME.fullmatch(cell)
    if not match:
        return None
    try:
        return str(time(int(match[1]), int(match[2]), int(match[3] or 0)))
    except ValueError:
        return None


def _day(cell: str) -> str | None:
    """Read a day as most libraries do: month first unless that cannot be."""
    match = _DAY.fullmatch(cell)
    if not match:
        return None
    first, second, third = (int(each) for each in match.groups())
    orders = ((first, second, third),) if first > 31 else ((third, first, second), (third, second, first))
    for year, month, day in orders:
        try:
            return str(date(year, month, day))
        except ValueError:
            continue
    return None


def _money(cell: str) -> str | None:
    match = _MONEY.search(cell) if len(cell) < 30 else None
    return f"{match[1]}{float(match[2].replace(',', ''))}" if match else None


def _measures(clean: Iterable[str], loaded: Iterable[str]) -> tuple[float, float, float]:
    wanted, got = Counter(clean), Counter(loaded)
    if not wanted:
        return 1.0, 1.0, 1.0
    both = (wanted & got).total()
    if not both:
        return 0.0, 0.0, 0.0
    of_clean, of_loaded = both / wanted.total(), both / got.total()
    return of_clean, of_loaded, 2 * of_clean * of_loaded / (of_clean + of_loaded)


def measures(clean: Rows, loaded: Rows | None) -> list[float]:
    """Return the ten figures of one file; ``loaded`` is None where the system failed."""
    if loaded is None:
        return [0.0] * 10
    if not clean:
        return [1.0] * 10
    header = _measures(map(value_of, clean[0]), map(value_of, loaded[0] if loaded else []))
    records = _measures(
        ("".join(map(value_of, row)) for row in clean[1:]),
        ("".join(map(value_of, row)) for row in loaded[1:]),
    )
    cells = _measures((cell for row in clean for cell in row), (cell for row in loaded for cell in row))
    return [1.0, *header, *records, *cells]


def scores(figures: Mapping[str, Sequence[float]], weights: Mapping[str, float]) -> tuple[float, float]:
    """Return the simple and the weighted score, both of ten."""
    simple = sum(map(sum, figures.values())) / len(figures)
    total = sum(weights[name] for name in figures)
    return simple, sum(sum(each) * weights[name] for name, each in figures.items()) / total
