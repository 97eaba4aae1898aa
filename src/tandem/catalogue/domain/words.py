"""Guess the language of texts, and find words that tell what a table is about."""

import re
from collections.abc import Iterator, Mapping

_WORD = re.compile(r"[^\W\d_]+")
_LEAST_SIGNS = 2  # fewer than this tell nothing
# small words, endings and letters by which German, Italian and English texts are told apart
_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "de": frozenset(
        [
            "der",
            "die",
            "das",
            "und",
            "von",
            "im",
            "in",
            "am",
            "für",
            "mit",
            "nach",
            "je",
            "pro",
            "zum",
            "zur",
            "ist",
            "nicht",
            "ohne",
            "aus",
            "auf",
            "bei",
            "nr",
            "straße",
            "datum",
            "jahr",
            "anzahl",
            "ort",
            "bezirk",
            "stadtteil",
            "name",
            "art",
            "strasse",
            "hausnummer",
            "plz",
            "höhe",
            "breite",
            "länge",
        ]
    ),
    "it": frozenset(
        [
            "il",
            "lo",
            "la",
            "i",
            "gli",
            "le",
            "e",
            "di",
            "del",
            "della",
            "dei",
            "delle",
            "da",
            "in",
            "con",
            "per",
            "non",
            "su",
            "al",
            "alla",
            "nel",
            "data",
            "anno",
            "numero",
            "comune",
            "via",
            "città",
            "indirizzo",
            "nome",
            "tipo",
            "codice",
            "descrizione",
            "quartiere",
            "provincia",
            "cap",
            "zona",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "and",
            "of",
            "for",
            "with",
            "in",
            "on",
            "at",
            "by",
            "from",
            "to",
            "is",
            "not",
            "per",
            "date",
            "year",
            "number",
            "street",
            "city",
            "address",
            "name",
            "type",
            "code",
            "description",
            "district",
            "count",
            "location",
            "species",
            "height",
        ]
    ),
}
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "de": ("ung", "keit", "heit", "schaft", "straße", "platz", "zahl", "jahr"),
    "it": ("zione", "ità", "aggio", "mento", "zioni"),
    "en": ("tion", "ness", "ing", "ment"),
}
_LETTERS: Mapping[str, str] = {"de": "äöüß", "it": "àèéìòù"}
# what says nothing of the matter: keys, coordinates, remarks
_EMPTY = frozenset(
    [
        "id",
        "nr",
        "nummer",
        "number",
        "numero",
        "code",
        "codice",
        "name",
        "nome",
        "bezeichnung",
        "datum",
        "data",
        "date",
        "jahr",
        "anno",
        "year",
        "lat",
        "lon",
        "lng",
        "latitude",
        "longitude",
        "breite",
        "länge",
        "latitudine",
        "longitudine",
        "geom",
        "geometry",
        "wkt",
        "bemerkung",
        "note",
        "remarks",
        "typ",
        "type",
        "tipo",
        "art",
        "wert",
        "valore",
        "value",
        "anzahl",
        "quantità",
        "count",
        "von",
        "bis",
        "und",
        "der",
        "die",
        "das",
        "di",
        "del",
        "della",
        "per",
        "the",
        "of",
        "and",
        "rechtswert",
        "hochwert",
        "x",
        "y",
        "plz",
        "cap",
        "url",
        "link",
        "straße",
        "strasse",
        "hausnummer",
        "via",
        "indirizzo",
        "address",
        "ort",
    ]
)


def language_of(text: str) -> str:
    """Return the code of the language that a text is most likely in; empty where that cannot be told.

    >>> language_of("Straße Hausnummer Pflanzung je Jahr")
    'de'
    """
    words = [word.lower() for word in _WORD.findall(text)][:5_000]
    scores = {language: _score(words, language) for language in _SMALL_WORDS}
    best, second, *_others = sorted(scores, key=lambda language: -scores[language])
    return best if scores[best] >= _LEAST_SIGNS and scores[best] > scores[second] else ""


def _score(words: list[str], language: str) -> int:
    small, endings, letters = _SMALL_WORDS[language], _ENDINGS[language], _LETTERS.get(language, "")
    return sum(
        (word in small)
        + (len(word) > 5 and word.endswith(endings))
        + any(letter in word for letter in letters)
        for word in words
    )


def words_of(name: str) -> Iterator[str]:
    """Yield the words of a column's name that tell what it is about.

    >>> list(words_of("Baumhöhe_in_m"))
    ['Baumhöhe']
    """
    for word in _WORD.findall(name):
        if len(word) > 3 and word.lower() not in _EMPTY:
            yield word
