"""What a cell looks like before its column is known: a value, words, or rubbish."""

import re

_VALUES = tuple(
    re.compile(pattern)
    for pattern in (
        r"[€$£]?\s*[+-]?\d{1,3}([.\s'’ ]\d{3})*(,\d+)?\s*[%‰€]?",
        r"[€$£]?\s*[+-]?\d{1,3}(,\d{3})*(\.\d+)?\s*[%‰€$£]?",
        r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?\s*(%|‰|€|EUR|Euro|CHF|°C|km|m²|ha|kWh)?",
        r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}([ T]\d{1,2}:\d{2}(:\d{2})?)?",
        r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?",
        r"\d{1,2}:\d{2}(:\d{2})?(\s?Uhr)?",
    )
)
_MARKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[\w.+-]+@[\w-]+\.[\w.]+",
        r"(https?|ftp)://\S+|www\.\S+",
        r"(?i)n/?a|k\.\s?a\.|n\.\s?d\.|null|none|-|–|\.|",
        r"(?i)true|false|ja|nein|s[iì]|no|yes|wahr|falsch|vero|falso",
    )
)
_WORDS = re.compile(r"[\w(„“«][\w\s.,:()/&+'’\"%°€§#*?!=<>\[\]@_–„“”«»²³-]*")
_YEAR = re.compile(r"(19|20)\d{2}")
_FOREIGN = re.compile(r"[;\t|]")


def is_value(cell: str) -> bool:
    """Return whether a cell is a number, a date or a time.

    >>> is_value("1.234,50 €"), is_value("Linde")
    (True, False)
    """
    return bool(cell) and any(pattern.fullmatch(cell) for pattern in _VALUES)


def is_year(cell: str) -> bool:
    """Return whether a cell can be a year, which also names columns."""
    return _YEAR.fullmatch(cell) is not None


def sense(cell: str) -> float:
    """Return how much a cell looks like data: 1 for a known type, less for words, near 0 for rubbish.

    What still holds a rarer delimiter, or stands in quotes, was probably not split as it should be.
    """
    text = cell.strip()
    if not text or is_value(text) or any(pattern.fullmatch(text) for pattern in _MARKS):
        return 1.0
    if text[0] == text[-1] and text[0] in "\"'" and len(text) > 1:
        return 0.2
    if _FOREIGN.search(text):
        return 0.4
    return 0.85 if _WORDS.fullmatch(text) else 0.3
