"""Ask the search: every word of a query in any language and spelling, with counts to narrow down by."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tantivy
from django.utils.safestring import SafeString
from tantivy import Occur, Query

from tandem.core.text import LANGUAGES, pick
from tandem.kit.folding import SHORTEST_HEAD, SHORTEST_PART, distance, fold, splits, spoken, telling, words
from tandem.kit.models import SearchEntry
from tandem.kit.search.index import PARTS, SCHEMA, facet_term, stem, this_index
from tandem.kit.search.snippets import Marker

MOST_WORDS = 12
LONGEST_WORD = 60
MOST_VALUES = 1_000  # of a facet
FARTHEST = 10_000  # hits that can be paged through
# What a word counts, by where it is found: as it is, BM25 times this; as a beginning, this.
BOOSTS = dict(zip(PARTS, (6.0, 3.0, 1.0), strict=True))
OWN_LANGUAGE = 1.5
BEGINNING = {"head": 6.0, "inner": 4.0, "body": 0.5}
TIE_BREAKER = 0.1
MOST_USEFUL, USEFUL = 5, 1.0  # what each step of usefulness counts; a word in a title counts 20 to 100
_UNACCENTED = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found.

    Attributes:
        snippet: The part of its text that fits, safe HTML with the words marked.
        snippet_language: Of that text.
    """

    uri: str
    room: str
    kind: str
    titles: dict[str, str]
    path: str
    city: str
    facets: dict[str, list[str]]
    updated_at: datetime
    snippet: SafeString | str
    snippet_language: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """What was found.

    Attributes:
        facet_counts: For each asked field its values with counts, the commonest first.
    """

    hits: list[Hit]
    total: int
    facet_counts: dict[str, list[tuple[str, int]]]


def search(
    query: str,
    *,
    language: str,
    rooms: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    facets: Mapping[str, Sequence[str]] | None = None,
    facet_fields: Sequence[str] = (),
    offset: int = 0,
    limit: int = 20,
    sort: str = "relevance",
) -> Results:
    """Return the documents that hold every word of a query, in any language and spelling.

    A word is found by itself, by its stem, as the beginning of a longer word, inside of a compound
    (of titles and keywords), and as a compound whose two parts stand apart. Words such as "the" do not count.

    Args:
        query: As a person types it; without a word everything is found.
        language: The person's; its words count more.
        rooms: Rooms to search in, all of them without it.
        kinds: Kinds of documents to search for, all of them without it.
        facets: Values that the documents must have, any of each field's.
        facet_fields: Fields to count values of; a field's own selection does not narrow its counts.
        offset: How many hits to leave out, at most 10,000.
        limit: How many hits to return.
        sort: ``newest``, or ``relevance``: without a word to be relevant to, the most useful come first, and of
            those the newest.
    """
    index = this_index()
    index.catch_up()
    narrowed = {"room": rooms or (), "kind": kinds or ()}
    chosen = {name: values for name, values in (facets or {}).items() if values}
    asked = asked_words(query)
    fixed = [_any_of(name, values) for name, values in narrowed.items() if values]
    asking = _Asking(index.searcher(), language, asked, fixed, chosen)
    order = "updated" if sort == "newest" else None if asked else "standing"
    uris, total = asking.uris(min(offset, FARTHEST), limit, order)
    hits = _hits(uris, language, asked)
    if len(hits) < len(uris) and index.is_current():
        index.rebuild()  # it holds what the table never kept
        asking = _Asking(index.searcher(), language, asked, fixed, chosen)
        uris, total = asking.uris(min(offset, FARTHEST), limit, order)
        hits = _hits(uris, language, asked)
    return Results(hits, total, asking.counts(facet_fields))


def asked_words(query: str) -> list[str]:
    """Return the folded words of a query that count, each once."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in telling(words(query))))[:MOST_WORDS]


class _Asking:
    """One question to the index as it is at one moment."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        language: str,
        asked: Sequence[str],
        fixed: Sequence[Query],
        chosen: Mapping[str, Sequence[str]],
    ) -> None:
        self.searcher, self.chosen = searcher, chosen
        self.base = [*(_word(searcher, word, language) for word in asked), *fixed]
        self.everything = self._narrowed(without="")

    def _narrowed(self, *, without: str) -> Query:
        facets = [_any_of(name, values) for name, values in self.chosen.items() if name != without]
        return _all([*self.base, *facets])

    def uris(self, offset: int, limit: int, order: str | None) -> tuple[list[str], int]:
        """Return who is found, by a field of the index or by relevance, and how many are."""
        asked = self.everything if order else _useful_first(self.everything)
        found = self.searcher.search(asked, max(1, limit), True, order, offset)
        uris = [str(self.searcher.doc(address).get_first("uri")) for _score, address in found.hits]
        return uris, int(found.count or 0)

    def counts(self, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """Return the values of facets with their counts, a facet's own selection left out of account."""
        found = self._counted(self.everything, [name for name in names if name not in self.chosen])
        for name in self.chosen:
            if name in names:
                found |= self._counted(self._narrowed(without=name), [name])
        return {name: found[name] for name in names}

    def _counted(self, query: Query, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        if not names:
            return {}
        asked = {name: {"terms": {"field": f"facet.{name}", "size": MOST_VALUES}} for name in names}
        found = self.searcher.aggregate(query, asked)
        return {name: _ordered(found[name]["buckets"]) for name in names}


def _ordered(buckets: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    counts = [(str(each["key"])[len(facet_term("")) :], int(each["doc_count"])) for each in buckets]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def _useful_first(query: Query) -> Query:
    """Return a query that finds the same, in an order in which usefulness has a say."""
    steps = [
        (Occur.Should, Query.const_score_query(_is_as_useful_as(step), step * USEFUL))
        for step in range(1, MOST_USEFUL + 1)
    ]
    return Query.boolean_query([(Occur.Must, query), *steps])


def _is_as_useful_as(step: int) -> Query:
    return Query.term_query(SCHEMA, "facet.usefulness", facet_term(str(step)))


# --- queries ------------------------------------------------------------------------------------
def _word(searcher: tantivy.Searcher, word: str, language: str) -> Query:
    """Return what finds one word: its stem in each language, its beginning, compounds with it or of it."""
    options = [
        Query.boost_query(
            _stemmed(word, each, part), BOOSTS[part] * (OWN_LANGUAGE if each == language else 1.0)
        )
        for each in LANGUAGES
        for part in PARTS
    ]
    if len(word) >= SHORTEST_HEAD:
        options += [_beginning(name, word) for name in ("head", "body")]
    if len(word) >= SHORTEST_PART:
        options.append(_beginning("inner", word))
    options += [_all([_simply(part) for part in pair]) for pair in _known_splits(searcher, word)]
    return Query.disjunction_max_query(options, TIE_BREAKER)


def _stemmed(word: str, language: str, part: str) -> Query:
    return Query.term_query(SCHEMA, f"{part}_{language}", stem(word, language), "freq")


def _beginning(name: str, word: str) -> Query:
    """Return what finds longer words: those at no distance from one of their beginnings."""
    longer = Query.fuzzy_term_query(SCHEMA, name, word, distance=0, prefix=True)
    return Query.boost_query(longer, BEGINNING[name])


def _known_splits(searcher: tantivy.Searcher, word: str) -> list[tuple[str, str]]:
    """Return the ways to split a word into two that are words by themselves."""
    return [pair for pair in splits(word) if all(_is_known(searcher, part) for part in pair)]


def _is_known(searcher: tantivy.Searcher, word: str) -> bool:
    return bool(searcher.doc_freq("head", word) or searcher.doc_freq("body", word))


def _simply(word: str) -> Query:
    stems = [_stemmed(word, language, part) for language in LANGUAGES for part in PARTS]
    return Query.disjunction_max_query(stems, TIE_BREAKER)


def _any_of(name: str, values: Iterable[str]) -> Query:
    terms = [facet_term(value) for value in values]
    return Query.const_score_query(Query.term_set_query(SCHEMA, f"facet.{name}", terms), 0.0)


def _all(parts: Sequence[Query]) -> Query:
    if not parts:
        return Query.all_query()
    return Query.boolean_query([(Occur.Must, each) for each in parts])


# --- hits ---------------------------------------------------------------------------------------
def _hits(uris: Sequence[str], language: str, asked: Sequence[str]) -> list[Hit]:
    known = SearchEntry.objects.filter(uri__in=uris, document__isnull=False)
    rows: dict[str, Any] = dict(known.values_list("uri", "document"))
    marker = Marker(asked)
    return [_hit(rows[uri], language, marker) for uri in uris if uri in rows]


def _hit(values: dict[str, Any], language: str, marker: Marker) -> Hit:
    text = pick(values["texts"], language)
    return Hit(
        uri=values["uri"],
        room=values["room"],
        kind=values["kind"],
        titles=values["titles"],
        path=values["path"],
        city=values["city"],
        facets=values["facets"],
        updated_at=datetime.fromisoformat(values["updated_at"]),
        snippet=marker.snippet(text),
        snippet_language=next((each for each, said in values["texts"].items() if said == text), ""),
    )


# --- other spellings ----------------------------------------------------------------------------
def suggest(query: str, *, language: str) -> str:
    """Return the query with each word that finds nothing replaced by the nearest word that does; else ``""``.

    Words come from titles and keywords. A word of up to five letters may differ by one, a longer one by two.
    """
    index = this_index()
    index.catch_up()
    searcher = index.searcher()
    said = spoken(query)[:MOST_WORDS]
    better = [_nearest(searcher, word, language) for word in said]
    return " ".join(better) if better != said and all(better) else ""


def _nearest(searcher: tantivy.Searcher, word: str, language: str) -> str:
    """Return a word itself where it finds something, the nearest that does, or ``""``."""
    folded = fold(word)[:LONGEST_WORD]
    if not asked_words(word) or searcher.search(_word(searcher, folded, language), limit=1).hits:
        return word
    most = 1 if len(folded) <= 5 else 2
    near = [
        (away, -count, term)
        for term, count in _vocabulary(searcher, folded[:1])
        if (away := distance(folded, fold(term), most=most)) <= most
    ]
    return min(near)[2] if near else ""


def _vocabulary(searcher: tantivy.Searcher, first: str) -> Iterable[tuple[str, int]]:
    """Yield the words of titles and keywords that begin with a letter, whatever its case and accent."""
    for each in _ALIKE.get(first, {first, first.upper()} - {""}):
        yield from searcher.terms_with_prefix("spelling", each)


def _alike() -> dict[str, set[str]]:
    """Return for each letter those that are folded to it."""
    found: dict[str, set[str]] = {}
    for code in range(0x250):
        plain = unicodedata.normalize("NFKD", chr(code).lower())[:1]
        if _UNACCENTED.fullmatch(plain):
            found.setdefault(plain, set()).add(chr(code))
    return found


_ALIKE = _alike()
