"""Select documents by conditions, for programs: values, patterns, spans of time, words, and any combination."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy
from tantivy import Occur, Query

from tandem.core.errors import InvalidInput
from tandem.kit.search.asking import asked_words
from tandem.kit.search.index import SCHEMA, SORT_MARK, facet_term, sort_term, this_index
from tandem.kit.search.queries import every, has_word, in_parts, quiet, weighed

MOST_SORTED = 60_000  # documents that are looked at for a page in the order of a text
_WILD = re.compile(r"\\(.)|([*?])|([^\\*?]+)", re.DOTALL)


class TooDeep(InvalidInput):
    """A page so far down that it cannot be sorted by a text."""

    code = "kit.search.too-deep"

    def __init__(self) -> None:
        super().__init__(
            f"Beyond {MOST_SORTED:,} entries nothing is sorted by name or title. Sort by id, or by a date."
        )


class BadPattern(InvalidInput):
    """A pattern that is too long, or has too many wild characters."""

    code = "kit.search.bad-pattern"

    def __init__(self) -> None:
        super().__init__("The pattern is too long, or has too many * and ?.")


@dataclass(frozen=True, slots=True)
class Everything:
    """Fits every document."""


@dataclass(frozen=True, slots=True)
class Has:
    """A term has this very value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class HasAny:
    """A term has a value at all."""

    name: str


@dataclass(frozen=True, slots=True)
class Like:
    """A term fits a pattern: ``*`` is anything, ``?`` one character, a backslash takes either as it stands."""

    name: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Between:
    """A moment, ``changed`` or ``created``, lies in a span; microseconds since 1970, both ends included."""

    name: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Words:
    """Every word of a text is found, in these parts: ``title``, ``keyword``, ``text``; in any without them."""

    text: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """Fits what the part does not."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Fits what every part fits."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Fits what some part fits."""

    parts: tuple["Condition", ...]


Condition = Everything | Has | HasAny | Like | Between | Words | Without | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Selection:
    """What was selected.

    Attributes:
        uris: Of the page that was asked for, in order.
        counts: For each asked term its values with counts, the commonest first.
    """

    uris: list[str]
    total: int
    counts: Mapping[str, list[tuple[str, int]]]


def select(
    condition: Condition,
    *,
    room: str,
    kind: str,
    language: str = "en",
    sort: str = "order",
    descending: bool = False,
    offset: int = 0,
    limit: int = 10,
    count: Mapping[str, int] | None = None,
) -> Selection:
    """Return the documents of a kind that fit a condition.

    Args:
        condition: What they must fit.
        room: Their room.
        kind: Their kind.
        language: Whose words count more, where words are looked for.
        sort: ``order``, ``changed``, ``created``, ``relevance``, or the name of a sort key.
        descending: The last first; relevance is always so.
        offset: How many to leave out.
        limit: How many to return, 0 for none.
        count: Terms to count the values of, each with how many values at most.

    Raises:
        TooDeep: A page beyond 60,000 documents is to be sorted by a text.
        BadPattern: A pattern is too long.
    """
    index = this_index()
    index.catch_up()
    searcher = index.searcher()
    own = (
        Query.term_query(SCHEMA, "facet.room", facet_term(room)),
        Query.term_query(SCHEMA, "facet.kind", facet_term(kind)),
    )
    asked = every([_Compiler(searcher).query(condition), *map(quiet, own)])
    fit = asked
    if sort == "relevance":
        fit = every([_Compiler(searcher, language).query(condition), *map(quiet, own)])
    uris, total = _page(searcher, fit, sort, descending, offset, limit)
    return Selection(uris, total, _counts(searcher, asked, count or {}))


def _page(
    searcher: tantivy.Searcher, asked: Query, sort: str, descending: bool, offset: int, limit: int
) -> tuple[list[str], int]:
    most = max(0, min(limit, int(searcher.num_docs) - offset))  # the index makes room for all that is asked
    if not most:
        return [], int(searcher.search(asked, 1, True).count or 0)
    if sort in {"order", "changed", "created", "relevance"}:
        order = tantivy.Order.Desc if descending else tantivy.Order.Asc
        by = {} if sort == "relevance" else {"order_by_field": sort, "order": order}
        found = searcher.search(asked, most, True, offset=offset, **by)
        return [str(searcher.doc(at).get_first("uri")) for _key, at in found.hits], int(found.count or 0)
    total = int(searcher.search(asked, 1, True).count or 0)
    return _sorted_by_text(searcher, asked, sort, descending, offset, most), total


def _sorted_by_text(
    searcher: tantivy.Searcher, asked: Query, sort: str, descending: bool, offset: int, most: int
) -> list[str]:
    if offset + most > MOST_SORTED:
        raise TooDeep
    order = {"_key": "desc" if descending else "asc"}
    terms = {"field": _field(sort_term(sort)), "size": offset + most, "order": order}
    found = searcher.aggregate(asked, {"keys": {"terms": terms}})["keys"]["buckets"]
    return [str(each["key"]).rpartition(SORT_MARK)[2] for each in found[offset:]]


def _counts(
    searcher: tantivy.Searcher, asked: Query, wanted: Mapping[str, int]
) -> dict[str, list[tuple[str, int]]]:
    if not wanted:
        return {}
    terms = {name: {"terms": {"field": _field(name), "size": most}} for name, most in wanted.items()}
    found = searcher.aggregate(asked, terms)
    return {name: _ordered(found[name]["buckets"]) for name in wanted}


def _ordered(buckets: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    counts = [(str(each["key"])[len(facet_term("")) :], int(each["doc_count"])) for each in buckets]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


class _Compiler:
    """Makes the index's queries of conditions.

    Args:
        searcher: Of the index.
        language: Whose words count more; empty where it only matters whether a document fits.
    """

    def __init__(self, searcher: tantivy.Searcher, language: str = "") -> None:
        self.searcher, self.language = searcher, language
        self._kinds: dict[type, Callable[[Any], Query]] = {
            Everything: lambda _each: Query.all_query(),
            Has: lambda each: quiet(_has(each.name, each.value)),
            HasAny: lambda each: quiet(Query.exists_query(_field(each.name))),
            Like: lambda each: quiet(_like(each.name, each.pattern)),
            Between: lambda each: quiet(_between(each)),
            Words: self._words,
            Without: self._without,
            AllOf: lambda each: every([self.query(part) for part in each.parts]),
            AnyOf: lambda each: Query.boolean_query([(Occur.Should, self.query(p)) for p in each.parts]),
        }

    def query(self, condition: Condition) -> Query:
        """Return the query of a condition."""
        return self._kinds[type(condition)](condition)

    def _without(self, condition: Without) -> Query:
        everything = (Occur.Must, quiet(Query.all_query()))
        return Query.boolean_query([everything, (Occur.MustNot, self.query(condition.part))])

    def _words(self, condition: Words) -> Query:
        words = asked_words(condition.text)
        if not words:
            return Query.all_query()
        if condition.parts:
            return every([in_parts(word, condition.parts) for word in words])
        found = [has_word(self.searcher, word) for word in words]
        return weighed(self.searcher, words, found, self.language) if self.language else every(found)


def _has(name: str, value: str) -> Query:
    return Query.term_query(SCHEMA, _field(name), facet_term(value))


def _field(name: str) -> str:
    return "term." + name.replace(".", "\\.")


def _between(span: Between) -> Query:
    return Query.range_query(SCHEMA, span.name, tantivy.FieldType.Integer, span.low, span.high)


def _like(name: str, pattern: str) -> Query:
    """Return what fits a pattern: the index keeps a term as its name, a mark, and its value."""
    try:
        return Query.regex_query(SCHEMA, "term", f"{_literal(name)}\\x00s={_as_regex(pattern)}")
    except ValueError as error:
        raise BadPattern from error


def _as_regex(pattern: str) -> str:
    def one(found: re.Match[str]) -> str:
        escaped, wild, plain = found.groups()
        return {"*": ".*", "?": "."}[wild] if wild else _literal(escaped or plain)

    return _WILD.sub(one, pattern)


def _literal(text: str) -> str:
    """Return a text as the index's regular expressions take it."""
    return "".join(each if each.isalnum() else f"\\x{{{ord(each):x}}}" for each in text)
