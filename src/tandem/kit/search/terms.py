"""The terms that documents are found by, made so that a word of a query is one of them, or a few.

A document has each beginning of its words as a term, so that what begins so need not be looked up word by word:

    kat, kata … kataster    beginnings of its words and of their stems, of 3 to 10 letters; in titles and keywords
                            those of the later parts of compounds too, from 4 letters
    de=kataster             a stem by the rules of a language
    =kataster               a whole word
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import tantivy

from tandem.core.text import LANGUAGES
from tandem.kit.folding import SHORTEST_HEAD, SHORTEST_PART, inner_parts

LONGEST_WORD = 60  # letters; the rest of a longer one does not count
LONGEST_BEGINNING = 10  # letters; few words are longer, and fewer begin alike for so long
_STEMMERS = {"de": "german", "it": "italian", "en": "english"}


def _split() -> tantivy.TextAnalyzerBuilder:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())


ANALYSERS: Mapping[str, tantivy.TextAnalyzer] = {
    "plain": _split().build(),
    **{each: _split().filter(tantivy.Filter.stemmer(_STEMMERS[each])).build() for each in LANGUAGES},
}


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word."""
    return "".join(ANALYSERS[language].analyze(word)) or word


def cut(words: Sequence[str]) -> list[str]:
    """Return words without what is too long of them."""
    return [word[:LONGEST_WORD] for word in words]


def rules_of(language: str) -> str:
    """Return by the rules of which language a text is stemmed."""
    return language if language in LANGUAGES else "en"


def whole(word: str) -> str:
    """Return the term of a whole word."""
    return f"={word}"


def stemmed(word: str, language: str) -> str:
    """Return the term of a word's stem.

    >>> stemmed("baume", "de")
    'de=baum'
    """
    return f"{language}={stem(word, language)}"


@lru_cache(maxsize=65_536)
def of_word(word: str, language: str, *, is_named: bool) -> str:
    """Return the terms by which a document is found that has a folded word, with blanks between.

    Args:
        is_named: In its title or among its keywords.

    >>> of_word("busse", "de", is_named=True)
    '=busse bus buss busse de=buss'
    """
    found = {whole(word), stemmed(word, language), *_beginnings(word), *_beginnings(stem(word, language))}
    if is_named:
        found.update(_all_beginnings(inner_parts(word)))
    return " ".join(sorted(found))


@lru_cache(maxsize=65_536)
def of_head(word: str) -> str:
    """Return the terms of what a word in a title, or a keyword, begins with.

    >>> of_head("busse")
    '=busse bus buss busse'
    """
    return " ".join(sorted({whole(word), *_beginnings(word)}))


@lru_cache(maxsize=65_536)
def of_inner(word: str) -> str:
    """Return the terms of what the later parts of a word in a title, or of a keyword, begin with.

    >>> of_inner("seewegen")
    '=egen =wegen egen wege wegen'
    """
    ends = list(inner_parts(word))
    return " ".join(sorted({*map(whole, ends), *_all_beginnings(ends)}))


def _beginnings(word: str, shortest: int = SHORTEST_HEAD) -> Iterator[str]:
    return (word[:size] for size in range(shortest, min(len(word), LONGEST_BEGINNING) + 1))


def _all_beginnings(ends: Iterable[str]) -> Iterator[str]:
    return (each for end in ends for each in _beginnings(end, SHORTEST_PART))


def is_short(word: str) -> bool:
    """Return whether what begins with a word can be told by one term."""
    return SHORTEST_HEAD <= len(word) <= LONGEST_BEGINNING


def wanted(word: str) -> Sequence[str]:
    """Return the terms of which a document has one that has a word, its stem, or what begins with it.

    Where the word is its own stem, what has the stem begins with it already. What begins with a word that is not short
    is not among them.

    >>> wanted("kataster"), wanted("bus")
    (['kataster', 'de=katast'], ['bus'])
    """
    if not is_short(word):
        return stems(word)
    return [word, *(stemmed(word, each) for each in LANGUAGES if stem(word, each) != word)]


def stems(word: str) -> Sequence[str]:
    """Return the terms of a word's stems in all languages."""
    return [stemmed(word, each) for each in LANGUAGES]
