"""Ask the search: every word of a query in any language and spelling, with counts to narrow down by."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tantivy
from django.utils.safestring import SafeString
from tantivy import Query

from tandem.core.text import pick
from tandem.kit.folding import distance, fold, spoken, telling, words
from tandem.kit.models import SearchEntry
from tandem.kit.search.index import facet_term, this_index
from tandem.kit.search.queries import are_named, but_not, every, has_facet, has_word, have_words, weighed
from tandem.kit.search.snippets import Marker
from tandem.kit.search.terms import LONGEST_WORD, cut

MOST_WORDS = 12
OF_EACH = ("room", "kind", "city")  # facets of which each document has one value
MOST_VALUES = 1_000  # of a facet
FARTHEST = 10_000  # hits that can be paged through
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
    (of titles and keywords), and, where few documents are found so, as a compound whose two parts stand apart. Words
    such as "the" do not count.

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
    chosen = {name: values for name, values in (facets or {}).items() if values}
    fixed = [has_facet(name, some) for name, some in (("room", rooms), ("kind", kinds)) if some]
    asked = asked_words(query)
    order = "updated" if sort == "newest" else None if asked else "standing"

    def ask() -> tuple[_Asking, list[str], list[Hit]]:
        asking = _Asking(index.searcher(), language, asked, fixed, chosen)
        uris = asking.uris(min(offset, FARTHEST), max(1, limit), order)
        return asking, uris, _hits(uris, language, asked)

    asking, uris, hits = ask()
    if len(hits) < len(uris) and index.is_current():
        index.rebuild()  # it holds what the table never kept
        asking, uris, hits = ask()
    total, counts = asking.counts(facet_fields)
    return Results(hits, total, counts)


def asked_words(query: str) -> list[str]:
    """Return the folded words of a query that count, each once."""
    return list(dict.fromkeys(cut(telling(words(query)))))[:MOST_WORDS]


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
        self.searcher, self.language, self.asked = searcher, language, asked
        self.chosen = {name: has_facet(name, values) for name, values in chosen.items()}
        self.narrowing = [*fixed, *self.chosen.values()]
        self.words = have_words(searcher, asked, fixed)
        self.base = [*self.words, *fixed]

    def uris(self, offset: int, limit: int, order: str | None) -> list[str]:
        """Return who is found, by a field of the index, or those that fit best."""
        if order:
            found = self.searcher.search(
                every([*self.base, *self.chosen.values()]), limit, False, order, offset
            )
            return self._uris(found)
        named = every([are_named(self.searcher, self.asked, self.language), *self.narrowing])
        first = self.searcher.search(named, limit, True, offset=offset, weight_by_field="weight")
        uris, passed = self._uris(first), max(0, offset - int(first.count or 0))
        if len(uris) < limit:
            fit = every([weighed(self.searcher, self.asked, self.words), *self.narrowing])
            others, most = but_not(fit, named) if first.count else fit, limit - len(uris)
            found = self.searcher.search(others, most, False, offset=passed, weight_by_field="weight")
            uris += self._uris(found)
        return uris

    def _uris(self, found: tantivy.SearchResult) -> list[str]:
        return [str(self.searcher.doc(address).get_first("uri")) for _score, address in found.hits]

    def counts(self, names: Sequence[str]) -> tuple[int, dict[str, list[tuple[str, int]]]]:
        """Return how many are found, and the values of facets with their counts.

        A facet's own selection is left out of account.
        """
        free = [name for name in names if name not in self.chosen]
        by = next((name for name in OF_EACH if name in free), OF_EACH[0])
        found = self._counted(list(self.chosen), {*free, by})
        total = sum(count for _value, count in found[by])
        for name in self.chosen:
            if name in names:
                others = [each for each in self.chosen if each != name]
                found |= self._counted(others, {name})
        return total, {name: found[name] for name in names}

    def _counted(self, narrowed: Iterable[str], names: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        query = every([*self.base, *(self.chosen[name] for name in narrowed)])
        asked = {name: {"terms": {"field": f"facet.{name}", "size": MOST_VALUES}} for name in names}
        found = self.searcher.aggregate(query, asked)
        return {name: _ordered(found[name]["buckets"]) for name in asked}


def _ordered(buckets: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    counts = [(str(each["key"])[len(facet_term("")) :], int(each["doc_count"])) for each in buckets]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


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
def suggest(query: str) -> str:
    """Return the query with each word that finds nothing replaced by the nearest word that does; else ``""``.

    Words come from titles and keywords. A word of up to five letters may differ by one, a longer one by two.
    """
    index = this_index()
    index.catch_up()
    searcher = index.searcher()
    said = spoken(query)[:MOST_WORDS]
    better = [_nearest(searcher, word) for word in said]
    return " ".join(better) if better != said and all(better) else ""


def _nearest(searcher: tantivy.Searcher, word: str) -> str:
    """Return a word itself where it finds something, the nearest that does, or ``""``."""
    folded = fold(word)[:LONGEST_WORD]
    if not asked_words(word) or searcher.search(has_word(searcher, folded), limit=1).hits:
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
