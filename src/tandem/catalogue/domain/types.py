"""What kind of values a column holds, decided from a sample of its cells; and what is never guessed.

Codes stay text: whatever has a leading zero, and columns whose name says that they are codes.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MISSING = frozenset(
    {
        "",
        "-",
        "--",
        "–",
        "—",
        ".",
        "..",
        "...",
        "/",
        "x",
        "k.a.",
        "k. a.",
        "n/a",
        "na",
        "n.a.",
        "n.d.",
        "n. d.",
        "nd",
        "null",
        "none",
        "#n/a",
        "#nv",
        "?",
        "nan",
    }
)
# in a column of texts these say nothing; the other marks may be a name, a rating, a cross in a form
MISSING_IN_TEXT = frozenset(
    {"", "-", "--", "–", "—", "k.a.", "k. a.", "n/a", "n.a.", "n.d.", "n. d.", "null", "#n/a", "#nv"}
)
_CODE_WORDS = (
    r"plz|postleitzahl|postcode|zip|cap|ags|ars|iban|bic|isbn|issn|ean|gtin|codice\w*|cod|istat|aktenzeichen|az",
    r"gemeinde(schl|kenn)\w+|gkz|regionalschl\w+|kreisschl\w+|schl(ue|ü)ssel\w*|kenn(ziffer|zeichen|ung)",
    r"steuer\w*nummer|telefon\w*|telefax|tel|phone|fax|mobil\w*|handy\w*|rufnummer|vorwahl",
    r"telefono|cellulare|prefisso|partita iva|p\.? ?iva|matricola|cig|cup",
)
_CODE_NAME = re.compile(rf"(?i)\b({'|'.join(_CODE_WORDS)})\b")
# units: as people write them → as the report names them
_METRIC = "m km cm mm m² km² ha m³ l kg t g °C ° kW kWh MWh km/h dB dB(A) µg/m³ mg/l min h"
_WRITTEN_OTHERWISE = {"EUR": "€", "Euro": "€", "euro": "€", "USD": "$", "GBP": "£", "qm": "m²", "mq": "m²"}
UNITS = {each: each for each in ("%", "‰", "€", "$", "£", "CHF", *_METRIC.split(" "))} | _WRITTEN_OTHERWISE
_MONEY = ("€", "$", "£", "CHF", "EUR")
_UNIT_WORDS = "|".join(re.escape(each) for each in sorted(UNITS, key=len, reverse=True))
_UNIT = re.compile(
    rf"^(?P<before>(?:{'|'.join(map(re.escape, _MONEY))})\s*)?(?P<number>[+-]?[\d.,\s'’\u00a0\u202f]*\d)\s*"
    rf"(?P<after>{_UNIT_WORDS})?$"
)
_UNIT_IN_NAME = re.compile(rf"(?:[(\[]|\bin\s|[,/]\s)\s*(?P<unit>{_UNIT_WORDS})\s*[)\]]?$")
_MOST_DIGITS = 18
_TRUE = frozenset({"ja", "sì", "si", "yes", "true", "wahr", "vero", "y", "j"})
_FALSE = frozenset({"nein", "no", "false", "falsch", "falso", "n"})
MOST_ODD_CELLS = 10
_LEAST_SHARE = 0.9
_MIXED_SHARE = 0.6
_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))

# decimal numbers: name → (pattern, thousands mark, decimal mark)
NUMBERS: dict[str, tuple[str, str, str]] = {
    "plain": (r"[+-]?\d{1,18}", "", ""),
    "point": (r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", "", "."),
    "comma": (r"[+-]?\d+(,\d+)?", "", ","),
    "german": (r"[+-]?\d{1,3}(\.\d{3})*(,\d+)?|[+-]?\d+(,\d+)?", ".", ","),
    "english": (r"[+-]?\d{1,3}(,\d{3})*(\.\d+)?|[+-]?\d+(\.\d+)?", ",", "."),
    "spaced": (r"[+-]?\d{1,3}([   ]\d{3})*(,\d+)?|[+-]?\d+(,\d+)?", " ", ","),
    "swiss": (r"[+-]?\d{1,3}(['’]\d{3})*(\.\d+)?|[+-]?\d+(\.\d+)?", "'", "."),
}
# dates: name → (pattern, strptime format)
DATES: dict[str, tuple[str, str]] = {
    "iso": (r"\d{4}-\d{1,2}-\d{1,2}", "%Y-%m-%d"),
    "dotted": (r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
    "dotted-short": (r"\d{1,2}\.\d{1,2}\.\d{2}", "%d.%m.%y"),
    "slashed": (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
    "slashed-month-first": (r"\d{1,2}/\d{1,2}/\d{4}", "%m/%d/%Y"),
    "dashed": (r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
    "iso-slashed": (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
}
DATETIMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "iso": (
        r"\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?",
        ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S.%f"),
    ),
    "dotted": (r"\d{1,2}\.\d{1,2}\.\d{4},? \d{1,2}:\d{2}(:\d{2})?", ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")),
    "slashed": (r"\d{1,2}/\d{1,2}/\d{4},? \d{1,2}:\d{2}(:\d{2})?", ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")),
}
TIME = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?( ?Uhr)?"
_MONTH_SECOND = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")


@dataclass(frozen=True, slots=True)
class ColumnType:
    """How a column's cells are to be read.

    Attributes:
        kind: ``integer``, ``decimal``, ``date``, ``datetime``, ``time``, ``boolean`` or ``text``.
        style: Which way of writing it: a key of ``NUMBERS``, ``DATES`` or ``DATETIMES``.
        unit: What stands beside the numbers in the cells.
    """

    kind: str
    style: str = ""
    unit: str = ""


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no value.

    >>> is_missing(" k.A. "), is_missing("0")
    (True, False)
    """
    return cell.strip().lower() in MISSING


def detect_type(name: str, cells: Iterable[str]) -> ColumnType:
    """Return the type of a column.

    Args:
        name: Its header; ``PLZ`` and the like make it text whatever it holds.
        cells: A sample of its cells as written.
    """
    return _detect(name, [cell.strip() for cell in cells if not is_missing(cell)], _LEAST_SHARE)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A text column most of whose cells are something else.

    Attributes:
        kind: What most cells are.
        fit: How many of the sample's cells are.
        cells: How many cells of the sample say something.
        others: The first cells that are not.
    """

    kind: str
    fit: int
    cells: int
    others: tuple[str, ...]


def mixed(name: str, cells: Iterable[str]) -> Mixed | None:
    """Return what most cells of a column are that ``detect_type`` calls text; None for a real text column."""
    present = [cell.strip() for cell in cells if not is_missing(cell)]
    nearly = _detect(name, present, _MIXED_SHARE)
    if nearly.kind in {"text", "boolean"}:
        return None
    odd = [cell for cell in present if not fits(cell, nearly)]
    if not odd:
        return None
    return Mixed(
        nearly.kind, len(present) - len(odd), len(present), tuple(dict.fromkeys(odd))[:MOST_ODD_CELLS]
    )


def fits(cell: str, found: ColumnType) -> bool:
    """Return whether a cell is written as its column's type asks; anything is a text."""
    if found.kind == "text":
        return True
    if found.kind == "boolean":
        return cell.lower() in _TRUE | _FALSE
    if found.kind in {"integer", "decimal"}:
        match = _UNIT.match(cell)
        return bool(match and re.fullmatch(NUMBERS[found.style][0], match["number"].strip()))
    if found.kind == "time":
        return bool(re.fullmatch(TIME, cell))
    patterns = DATES if found.kind == "date" else DATETIMES
    return bool(re.fullmatch(patterns[found.style][0], cell))


def _detect(name: str, present: Sequence[str], share: float) -> ColumnType:
    if not present or _CODE_NAME.search(name.replace("_", " ")) or _has_code(present):
        return ColumnType("text")
    need = share * len(present)
    for found in (
        _boolean(present, need),
        _date(present, need),
        _datetime(present, need),
        _time(present, need),
    ):
        if found:
            return found
    return _number(present, need) or ColumnType("text")


def _has_code(present: Sequence[str]) -> bool:
    return any(len(cell) > 1 and cell[0] == "0" and cell.isdigit() for cell in present)


def _boolean(present: Sequence[str], need: float) -> ColumnType | None:
    words = Counter(cell.lower() for cell in present)
    hits = sum(count for word, count in words.items() if word in _TRUE | _FALSE)
    long = sum(count for word, count in words.items() if len(word) > 1 and word in _TRUE | _FALSE)
    return ColumnType("boolean") if hits >= need and long >= need else None


def _share(present: Sequence[str], pattern: str) -> int:
    compiled = re.compile(pattern)
    return sum(1 for cell in present if compiled.fullmatch(cell))


def _date(present: Sequence[str], need: float) -> ColumnType | None:
    hits = {style: _share(present, pattern) for style, (pattern, _format) in DATES.items()}
    style = max(hits, key=lambda each: hits[each])
    if style == "slashed" and _is_month_first(present):
        style = "slashed-month-first"
    return ColumnType("date", style) if hits[style] >= need else None


def _is_month_first(present: Sequence[str]) -> bool:
    """Return whether days come second, which only dates after the twelfth can tell."""
    pairs = [(int(match[1]), int(match[2])) for match in map(_MONTH_SECOND.fullmatch, present) if match]
    return any(second > 12 for _first, second in pairs) and not any(first > 12 for first, _second in pairs)


def _datetime(present: Sequence[str], need: float) -> ColumnType | None:
    hits = {style: _share(present, pattern) for style, (pattern, _formats) in DATETIMES.items()}
    style = max(hits, key=lambda each: hits[each])
    return ColumnType("datetime", style) if hits[style] >= need else None


def _time(present: Sequence[str], need: float) -> ColumnType | None:
    return ColumnType("time") if _share(present, TIME) >= need else None


def _number(present: Sequence[str], need: float) -> ColumnType | None:
    matches = [_UNIT.match(cell) for cell in present]
    numbers = [match["number"].strip() for match in matches if match]
    if len(numbers) < need:
        return None
    if any(sum(map(str.isdigit, each)) > _MOST_DIGITS and not set(each) & set(".,") for each in numbers):
        return None
    units = Counter(_unit_of(match) for match in matches if match)
    stated = [(unit, count) for unit, count in units.most_common() if unit]
    if len(stated) > 1 and units.total() - units[""] - stated[0][1] > (1 - _LEAST_SHARE) * units.total():
        return None
    unit = stated[0][0] if stated else ""
    hits = {style: _share(numbers, pattern) for style, (pattern, _thousands, _point) in NUMBERS.items()}
    if hits["plain"] >= need:
        return ColumnType("integer", "plain", unit)
    style = max(hits, key=lambda each: (hits[each], -list(NUMBERS).index(each)))
    if hits[style] < need:
        return None
    return _integer_or_decimal(numbers, style, unit)


def _unit_of(match: re.Match[str]) -> str:
    return UNITS.get((match["after"] or match["before"] or "").strip(), "")


def unit_in(name: str) -> str:
    """Return the unit that a header names.

    >>> unit_in("Höhe (m)"), unit_in("Betrag in EUR"), unit_in("Name")
    ('m', '€', '')
    """
    match = _UNIT_IN_NAME.search(name.strip())
    return UNITS[match["unit"]] if match else ""


def ways_to_write(unit: str) -> list[str]:
    """Return how a unit is written in cells, the longest first."""
    return sorted((written for written, named in UNITS.items() if named == unit), key=len, reverse=True)


def _integer_or_decimal(numbers: Sequence[str], style: str, unit: str) -> ColumnType:
    """Decide ``1.234``: thousands where every group has three digits and no other cell shows a decimal mark."""
    _pattern, thousands, point = NUMBERS[style]
    if style == "point" and all(re.fullmatch(r"[+-]?(\d{1,3}(\.\d{3})+|\d{1,3})", each) for each in numbers):
        grouped = [each for each in numbers if "." in each]
        several = any(each.count(".") > 1 for each in grouped)
        if several or (
            not any(each.startswith(("0.", "-0.")) for each in grouped) and _looks_grouped(numbers)
        ):
            return ColumnType("integer", "german", unit)
    if point and not any(point in each for each in numbers):
        return ColumnType("integer", style, unit)
    if (
        style == "comma"
        and thousands == ""
        and all(re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+|\d{1,3}", each) for each in numbers)
    ):
        several = any(each.count(",") > 1 for each in numbers)
        if several:
            return ColumnType("integer", "english", unit)
    return ColumnType("decimal", style, unit)


def _looks_grouped(numbers: Sequence[str]) -> bool:
    """Return whether numbers like 1.234 beside plain ones under 1000 are whole: never a value such as 1.200 alone."""
    plain = [each for each in numbers if "." not in each]
    return bool(plain) and len(numbers) >= 5 and all(abs(int(each)) < 1000 for each in plain)


def boolean_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that mean true, and those that mean false."""
    return _TRUE, _FALSE


def column_keys(names: Sequence[str]) -> list[str]:
    """Return a key for each column: lower-case ASCII, unique, the same for the same header.

    >>> column_keys(["Höhe (m)", "Höhe (m)", ""])
    ['hoehe_m', 'hoehe_m_2', 'column_3']
    """
    keys: list[str] = []
    for number, name in enumerate(names, start=1):
        folded = name.lower()
        for umlaut, written in _UMLAUTS:
            folded = folded.replace(umlaut, written)
        plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
        base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60] or f"column_{number}"
        key, again = base, 1
        while key in keys:
            again += 1
            key = f"{base}_{again}"
        keys.append(key)
    return keys
