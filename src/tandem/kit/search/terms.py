"""The terms that documents are found by, made so that a word of a query is one of them, or a few.

A document has each beginning of its words as a term, so that what begins so need not be looked up word by word:

    kat, kata … kataster    beginnings of its words and of their stems, of 3 to 13 letters; in titles and keywords
                            those of the later parts of compounds too, from 4 letters
    ~katast=kataster        a stem, by the rules of its text's language, and the word that has it
    =kataster               a whole word
    +kataster               the later part of a compound in titles and keywords, whole

The words of titles and keywords have their terms in a field of their own, too. There a word and its stem are more often
than what only begins so, and what stands out more is more often. Stems are there without their words, and by language:

    ~katast, de~katast      a stem, and a stem of a word in a German title or keyword
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

import tantivy

from tandem.core.text import LANGUAGES
from tandem.kit.folding import SHORTEST_HEAD, SHORTEST_PART, inner_parts

LONGEST_WORD = 60  # letters; the rest of a longer one does not count
LONGEST_BEGINNING = 13  # letters; few words are longer, and fewer begin alike for so long
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


def end(word: str) -> str:
    """Return the term of the later part of a compound."""
    return f"+{word}"


def stemmed(word: str, language: str) -> str:
    """Return the term of a word's stem.

    >>> stemmed("baume", "de")
    '~baum'
    """
    return f"~{stem(word, language)}"


def form_of(base: str, word: str = "") -> str:
    """Return the term of a word that has a stem; without the word, what all such terms begin with.

    >>> form_of("~baum", "baume"), form_of("~baum")
    ('~baum=baume', '~baum=')
    """
    return f"{base}={word}"


def stemmed_in(word: str, language: str) -> str:
    """Return the term of a word's stem in the titles and keywords of a language.

    >>> stemmed_in("baume", "de")
    'de~baum'
    """
    return f"{language}{stemmed(word, language)}"


@lru_cache(maxsize=65_536)
def of_word(word: str, language: str, *, is_named: bool) -> str:
    """Return the terms by which a document is found that has a folded word, with blanks between.

    Args:
        is_named: In its title or among its keywords.

    >>> of_word("busse", "de", is_named=False)
    '=busse bus buss busse ~buss=busse'
    """
    form = form_of(stemmed(word, language), word)
    found = {whole(word), form, *_beginnings(word), *_beginnings(stem(word, language))}
    if is_named:
        found.update(_of_ends(word))
    return " ".join(sorted(found))


@lru_cache(maxsize=65_536)
def of_name(word: str, language: str, times: int) -> str:
    """Return the terms of a word of a title, or of a keyword.

    Args:
        times: How often the word and its stem are to be there.

    >>> of_name("busse", "de", 2)
    '=busse bus bus buss buss busse busse de~buss de~buss ~buss ~buss'
    """
    base = stem(word, language)
    exact = [*{word, base}, stemmed(word, language), stemmed_in(word, language)] * times
    begun = [each for each in _beginnings(word) if each not in exact] * 2
    return " ".join(sorted([whole(word), *exact, *begun, *_of_ends(word)]))


def _beginnings(word: str, shortest: int = SHORTEST_HEAD) -> Iterator[str]:
    return (word[:size] for size in range(shortest, min(len(word), LONGEST_BEGINNING) + 1))


def _of_ends(word: str) -> set[str]:
    ends = list(inner_parts(word))
    return {*map(end, ends), *chain.from_iterable(_beginnings(each, SHORTEST_PART) for each in ends)}


def is_short(word: str) -> bool:
    """Return whether what begins with a word can be told by one term."""
    return SHORTEST_HEAD <= len(word) <= LONGEST_BEGINNING


def stems(word: str) -> Sequence[str]:
    """Return the terms of a word's stems in all languages.

    >>> stems("busse"), stems("busses")
    (['~buss'], ['~buss', '~busses'])
    """
    return list(dict.fromkeys(stemmed(word, each) for each in LANGUAGES))
