"""What the index is asked for the words of a query: whether a document has them, and how well it fits.

Whether is cheap and how well is dear, so they are asked apart: what is counted is only asked whether, and documents
that are named by all words, in their titles or keywords, come before all others and are looked at first.
"""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from tandem.core.text import LANGUAGES
from tandem.kit.folding import splits
from tandem.kit.search.index import SCHEMA, facet_term
from tandem.kit.search.terms import LONGEST_BEGINNING, end, form_of, is_short, stem, stemmed_in, stems, whole

# What a word counts besides BM25 of all that a document says: BM25 of its titles and keywords times these, the second
# one for its stem in the language of who asks.
NAMED, OWN_LANGUAGE = 6.0, 3.0
PLENTY = 20  # documents that have a compound; its parts then have to stand in titles and keywords
ENOUGH = 200  # documents that have all words; the parts of compounds are not looked for then


def has_word(searcher: tantivy.Searcher, word: str, *, apart: bool = True) -> Query:
    """Return what finds one word: its stem in each language, its beginning, compounds with it or of it.

    Args:
        apart: Whether the parts of a compound that stand apart are the word, too.
    """
    options = [_term("any", each) for each in _forms(searcher, word, longer=not is_short(word))]
    options += _begun(searcher, "any", word)
    if apart:
        named = searcher.doc_freq("any", whole(word)) >= PLENTY
        for pair in known_splits(searcher, word):
            options.append(every([_has_part(searcher, each, named=named) for each in pair]))
    return any_of(options)


def have_words(searcher: tantivy.Searcher, words: Sequence[str], narrowing: Sequence[Query]) -> list[Query]:
    """Return what finds each word; the parts of compounds that stand apart only where few documents have all words.

    Args:
        narrowing: What the documents must fit besides.
    """
    found = [has_word(searcher, word, apart=False) for word in words]
    if not any(known_splits(searcher, word) for word in words):
        return found
    if int(searcher.search(every([*found, *narrowing]), 1, True).count or 0) >= ENOUGH:
        return found
    return [has_word(searcher, word) for word in words]


def _forms(searcher: tantivy.Searcher, word: str, *, longer: bool = True) -> list[str]:
    """Return the terms of the words that have a word's stem in some language.

    Args:
        longer: With those that begin with the word. Where they are found by their beginning, few others are left.
    """
    known = [
        each for base in stems(word) for each, _count in searcher.terms_with_prefix("any", form_of(base))
    ]
    if longer:
        return known
    return [each for each in known if not each.rpartition("=")[2].startswith(word)]


def _begun(searcher: tantivy.Searcher, field: str, word: str) -> list[Query]:
    """Return what finds words, and later parts of compounds, that begin with a word; or nothing if it is too short."""
    if is_short(word):
        return _present(searcher, field, [word])
    return [_longer(field, whole(word)), _longer(field, end(word))] if len(word) > LONGEST_BEGINNING else []


def _has_part(searcher: tantivy.Searcher, word: str, *, named: bool) -> Query:
    if named:
        return any_of(_present(searcher, "named", stems(word)))
    return any_of([_term("any", each) for each in _forms(searcher, word)])


def are_named(searcher: tantivy.Searcher, words: Sequence[str], language: str) -> Query:
    """Return what finds documents that have each word's stem in their titles or keywords, and how well they fit."""
    stem_in = [any_of(_present(searcher, "named", stems(word))) for word in words]
    has = [(Occur.Must, Query.boost_query(each, NAMED)) for each in stem_in]
    return Query.boolean_query([*has, *_in_own_language(searcher, words, language)])


def weighed(
    searcher: tantivy.Searcher, words: Sequence[str], found: Sequence[Query], language: str = ""
) -> Query:
    """Return what finds documents that have all words somewhere, and how well they fit.

    The index goes through the long lists of what has a word side by side, skipping what not all have; only what says
    what a document is named is gone through in full, and those lists are short.

    Args:
        found: What finds each of the words.
        language: Whose words count more in titles and keywords.
    """
    if not words:
        return Query.all_query()
    has = [(Occur.Must, each) for each in found]
    named = [each for word in words for each in _named(searcher, word)]
    where = [(Occur.Should, Query.boost_query(each, NAMED)) for each in named]
    return Query.boolean_query([*has, *where, *_in_own_language(searcher, words, language)])


def _named(searcher: tantivy.Searcher, word: str) -> list[Query]:
    """Return what finds documents whose titles or keywords have a word, its stem, or what begins with it."""
    begun = _begun(searcher, "named", word)
    own = f"~{word}" if begun else ""  # whatever has the word for its stem begins with it
    others = [each for each in stems(word) if each != own]
    return [*_present(searcher, "named", others), *begun]


def _in_own_language(
    searcher: tantivy.Searcher, words: Sequence[str], language: str
) -> list[tuple[Occur, Query]]:
    terms = [stemmed_in(word, language) for word in words] if language else []
    return [
        (Occur.Should, Query.boost_query(each, OWN_LANGUAGE)) for each in _present(searcher, "named", terms)
    ]


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


def _present(searcher: tantivy.Searcher, field: str, terms: Iterable[str]) -> list[Query]:
    """Return queries for the terms that some document has; the fewer there are, the less is gone through."""
    return [_term(field, each) for each in terms if searcher.doc_freq(field, each)]


def _term(field: str, term: str) -> Query:
    return Query.term_query(SCHEMA, field, term, "freq")


def _longer(field: str, term: str) -> Query:
    """Return what finds longer terms: those at no distance from one of their beginnings."""
    return Query.fuzzy_term_query(SCHEMA, field, term, distance=0, prefix=True)


def known_splits(searcher: tantivy.Searcher, word: str) -> list[tuple[str, str]]:
    """Return the ways to split a word into two that are words by themselves."""
    return [pair for pair in splits(word) if all(is_known(searcher, part) for part in pair)]
