"""Fold words so that different spellings of one word meet: ä, ae and a; ß and ss; accents; capitals."""

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_TRANSLITERATED = (("ae", "a"), ("oe", "o"), ("ue", "u"))
SHORTEST_PART, SHORTEST_COMPOUND = 4, 8


def fold(word: str) -> str:
    """Return a word in the form that is compared.

    >>> fold("Straßenbäume") == fold("STRASSENBAEUME") == "strassenbaume"
    True
    >>> fold("Qualità")
    'qualita'
    """
    lowered = word.lower().replace("ß", "ss").replace("’", "'")
    plain = "".join(each for each in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(each))
    for double, single in _TRANSLITERATED:
        plain = re.sub(rf"(?<![aeiouq]){double}", single, plain)
    return plain


def words(text: str) -> list[str]:
    """Return the folded words of a text; an elided article is a word of its own.

    >>> words("Qualità dell'aria, PM2.5")
    ['qualita', 'dell', 'aria', 'pm2', '5']
    """
    return [part for found in _WORD.findall(text) for part in fold(found).split("'") if part]


def inner_parts(word: str) -> Iterator[str]:
    """Yield the ends of a long word, where the later part of a German compound begins.

    >>> "kataster" in inner_parts("baumkataster")
    True
    """
    if len(word) >= SHORTEST_COMPOUND:
        for start in range(3, len(word) - SHORTEST_PART + 1):
            yield word[start:]
