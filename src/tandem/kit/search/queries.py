"""What the index is asked for the words of a query: whether a document has them, and how well it fits.

Whether is cheap and how well is dear, so they are asked apart: what is counted is only asked whether, and documents
that are named by all words, in their titles or keywords, come before all others and are looked at first.
"""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from tandem.core.text import LANGUAGES
from tandem.kit.folding import SHORTEST_HEAD, SHORTEST_PART, splits
from tandem.kit.search.index import SCHEMA, facet_term
from tandem.kit.search.terms import is_short, stem, stems, wanted, whole

# What a word counts besides BM25 of all that a document says: BM25 of titles and of keywords times this, or that of
# what a word there, or a later part of it, begins with.
NAMED = {"title": 6.0, "keyword": 3.0}
OWN_LANGUAGE = 1.5
BEGINNING = {"head": 1.5, "inner": 1.0}


def has_word(searcher: tantivy.Searcher, word: str) -> Query:
    """Return what finds one word: its stem in each language, its beginning, compounds with it or of it."""
    options = _present(searcher, "any", wanted(word))
    if not is_short(word) and len(word) >= SHORTEST_HEAD:
        options += [_longer("any", whole(word)), _longer("inner", whole(word))]
    for pair in _known_splits(searcher, word):
        options.append(every([any_of(_present(searcher, "any", stems(each))) for each in pair]))
    return any_of(options)


def are_named(searcher: tantivy.Searcher, words: Sequence[str], language: str) -> Query:
    """Return what finds documents that have each word's stem in their titles or keywords, and how well they fit."""
    return every([any_of(_by_stem(searcher, word, language)) for word in words])


def have_all(searcher: tantivy.Searcher, words: Sequence[str], language: str) -> Query:
    """Return what finds documents that have all words somewhere, and how well they fit.

    The index goes through the long lists of what has a word side by side, skipping what not all have; only what says
    where a word stands is gone through in full, and those lists are short.
    """
    has = [(Occur.Must, has_word(searcher, word)) for word in words]
    where = [(Occur.Should, each) for word in words for each in _stands_out(searcher, word, language)]
    return Query.boolean_query([*has, *where]) if words else Query.all_query()


def _stands_out(searcher: tantivy.Searcher, word: str, language: str) -> list[Query]:
    options = _by_stem(searcher, word, language)
    for field, shortest in (("head", SHORTEST_HEAD), ("inner", SHORTEST_PART)):
        if is_short(word):
            begun = _present(searcher, field, [word])
        else:
            begun = [_longer(field, whole(word))] if len(word) >= shortest else []
        options += [Query.boost_query(each, BEGINNING[field]) for each in begun]
    return options


def in_parts(word: str, parts: Iterable[str]) -> Query:
    """Return what finds documents that have one word's stem in some of their parts."""
    return any_of(
        [
            Query.term_query(SCHEMA, f"{part}_{language}", stem(word, language), "freq")
            for language in LANGUAGES
            for part in parts
        ]
    )


def has_facet(name: str, values: Iterable[str]) -> Query:
    """Return what finds documents that have one of a facet's values; it has no say in their order."""
    terms = [facet_term(value) for value in values]
    return quiet(Query.term_set_query(SCHEMA, f"facet.{name}", terms))


def every(parts: Sequence[Query]) -> Query:
    """Return what finds documents that every part finds; all of them where there is no part."""
    if len(parts) < 2:
        return parts[0] if parts else Query.all_query()
    return Query.boolean_query([(Occur.Must, each) for each in parts])


def any_of(parts: Sequence[Query]) -> Query:
    """Return what finds documents that some part finds; none where there is no part."""
    if len(parts) < 2:
        return parts[0] if parts else Query.empty_query()
    return Query.boolean_query([(Occur.Should, each) for each in parts])


def but_not(query: Query, other: Query) -> Query:
    """Return what finds documents that one query finds and another does not."""
    return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, other)])


def quiet(query: Query) -> Query:
    """Return a query that selects without a say in the order."""
    return Query.const_score_query(query, 0.0)


def is_known(searcher: tantivy.Searcher, word: str) -> bool:
    """Return whether some document has a word, just as it is."""
    return bool(searcher.doc_freq("any", whole(word)))


def _by_stem(searcher: tantivy.Searcher, word: str, language: str) -> list[Query]:
    return [
        Query.boost_query(each, boost * (OWN_LANGUAGE if code == language else 1.0))
        for code in LANGUAGES
        for part, boost in NAMED.items()
        for each in _present(searcher, f"{part}_{code}", [stem(word, code)])
    ]


def _present(searcher: tantivy.Searcher, field: str, terms: Iterable[str]) -> list[Query]:
    """Return queries for the terms that some document has; the fewer there are, the less is gone through."""
    return [Query.term_query(SCHEMA, field, each, "freq") for each in terms if searcher.doc_freq(field, each)]


def _longer(field: str, term: str) -> Query:
    """Return what finds longer terms: those at no distance from one of their beginnings."""
    return Query.fuzzy_term_query(SCHEMA, field, term, distance=0, prefix=True)


def _known_splits(searcher: tantivy.Searcher, word: str) -> list[tuple[str, str]]:
    """Return the ways to split a word into two that are words by themselves."""
    return [pair for pair in splits(word) if all(is_known(searcher, part) for part in pair)]
