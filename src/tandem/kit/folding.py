"""Fold words so that different spellings of one word meet: ä, ae and a; ß and ss; accents; capitals."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UMLAUTS = re.compile(r"ae|oe|(?<![aeouq])ue")  # Bauer, neue and Quelle keep theirs
SHORTEST_HEAD, SHORTEST_PART = 3, 4
_LINKS = ("", "s", "es", "n", "en", "er")
_STOP_WORDS = """
    am an auf aus bei das dem den der des die ein eine einem einen einer eines es für im in ist mit nach oder
    ohne sind über um und unter vom von vor was welche wie wo zu zum zur
    a ad ai al alla alle allo c che chi come con cosa d da dai dal dalla dalle dei del dell della delle dello
    di dove e è ed gli ha i il in l la le lo nei nel nell nella nelle o per quale su sul sulla tra un una uno
    about and are at by for from how in is of on or the there to what where which with
"""


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word in the form that is compared.

    >>> fold("Straßenbäume") == fold("STRASSENBAEUME") == "strassenbaume"
    True
    >>> fold("Qualità")
    'qualita'
    """
    lowered = unicodedata.normalize("NFC", word.lower()).replace("ß", "ss")
    plain = _UMLAUTS.sub(lambda found: found[0][0], lowered)
    if plain.isascii():
        return plain
    return "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))


STOP_WORDS = frozenset(map(fold, _STOP_WORDS.split()))


def spoken(text: str) -> list[str]:
    """Return the words of a text as they are written; an elided article is a word of its own.

    >>> spoken("Qualità dell'aria, PM2.5")
    ['Qualità', 'dell', 'aria', 'PM2', '5']
    """
    return [part for found in _WORD.findall(text) for part in found.replace("’", "'").split("'")]


def words(text: str) -> list[str]:
    """Return the folded words of a text.

    >>> words("Qualità dell'aria, PM2.5")
    ['qualita', 'dell', 'aria', 'pm2', '5']
    """
    return [part for found in spoken(text) for part in fold(found).split()]


def telling(query: list[str]) -> list[str]:
    """Return the words of a query that say what is looked for; all of them where none does.

    >>> telling(words("Wo sind die Bäume in Hamm?"))
    ['baume', 'hamm']
    >>> telling(words("wie?"))
    ['wie']
    """
    return [word for word in query if word not in STOP_WORDS] or query


def inner_parts(word: str) -> Iterator[str]:
    """Yield the ends of a long word, where the later part of a German compound begins.

    >>> "kataster" in inner_parts("baumkataster")
    True
    """
    for start in range(SHORTEST_HEAD, len(word) - SHORTEST_PART + 1):
        yield word[start:]


def splits(word: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to take a word for a compound of two, a linking sound between them left out.

    >>> ("einwohner", "zahl") in splits("einwohnerzahl"), ("verkehr", "zeichen") in splits("verkehrszeichen")
    (True, True)
    """
    for start in range(SHORTEST_HEAD, len(word) - SHORTEST_PART + 1):
        head = word[:start]
        for link in _LINKS:
            if head.endswith(link) and len(head) - len(link) >= SHORTEST_HEAD:
                yield head.removesuffix(link), word[start:]


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters have to be changed, added, left out or swapped with their neighbour.

    Args:
        one: A word.
        other: Another one.
        most: Where there are more, the answer is ``most + 1``.

    Source:
        Optimal string alignment: Boytsov (2011), Indexing methods for approximate dictionary searching, 2.1.

    >>> distance("katsater", "kataster", most=2)
    1
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, previous, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
