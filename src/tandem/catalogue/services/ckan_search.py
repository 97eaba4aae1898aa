"""CKAN's package_search: its query language asked of the search index."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tandem.catalogue.domain import ckan_terms, solr_query, vocabulary
from tandem.catalogue.domain.ckan_names import licence_id, licence_of
from tandem.catalogue.domain.solr_dates import moment
from tandem.catalogue.domain.solr_query import BadSolrQuery, Node
from tandem.catalogue.services import ckan_packages
from tandem.catalogue.services.ckan_packages import language
from tandem.catalogue.services.indexing import KIND, ROOM
from tandem.core.text import pick
from tandem.kit import search
from tandem.kit.search import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    Everything,
    Has,
    HasAny,
    Like,
    Selection,
    Without,
    Words,
    microseconds,
)

MOST_ROWS, MOST_VALUES = 1_000, 1_000
_FIXED = {
    "state": "active",
    "private": "false",
    "capacity": "public",
    "dataset_type": "dataset",
    "type": "dataset",
    "entity_type": "package",
}
_WORDS: Mapping[str, tuple[str, ...]] = {"": (), "text": (), "title": ("title",), "notes": ("text",)}
_MOMENTS = {"metadata_modified": "changed", "metadata_created": "created"}
_SORTS = {
    "id": "order",
    "metadata_modified": "changed",
    "metadata_created": "created",
    "name": "name",
    "title": "title",
    "title_string": "title",
    "score": "relevance",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks.

    Attributes:
        facets: Fields to count the values of.
        facet_limit: How many values of each.
    """

    q: str = ""
    fq: Sequence[str] = ()
    sort: str = ""
    rows: int = 10
    start: int = 0
    facets: Sequence[str] = ()
    facet_limit: int = 50


def find_packages(asked: Asked, *, now: datetime) -> dict[str, Any]:
    """Return what package_search answers.

    Raises:
        BadSolrQuery: The query or the order cannot be understood; the error says what.
    """
    compiler = _Compiler(now)
    wanted = _free(asked.q, compiler)
    condition = AllOf((wanted, *(compiler.condition(solr_query.parse(each)) for each in asked.fq)))
    by, descending = _order(asked.sort, with_words=_has_words(wanted))
    counted = _counted_terms(asked)
    found = _select(condition, asked, by, descending, counted)
    return {
        "count": found.total,
        "sort": asked.sort or f"{'score' if by == 'relevance' else 'metadata_modified'} desc",
        "results": ckan_packages.packages(found.uris) if found.uris else [],
        "facets": {name: dict(found.counts[name]) for name in asked.facets},
        "search_facets": {name: _facet(name, found) for name in asked.facets},
    }


def _select(
    condition: Condition, asked: Asked, by: str, descending: bool, counted: Mapping[str, int]
) -> Selection:
    return search.select(
        condition,
        room=ROOM,
        kind=KIND,
        language=language(),
        sort=by,
        descending=descending,
        offset=asked.start,
        limit=min(asked.rows, MOST_ROWS),
        count=counted,
    )


def counts_of(
    name: str, *, condition: Condition | None = None, most: int = MOST_VALUES
) -> list[tuple[str, int]]:
    """Return the values of a term with how many published datasets have each, the commonest first."""
    asked = condition or Everything()
    return list(search.select(asked, room=ROOM, kind=KIND, limit=0, count={name: most}).counts[name])


def first_with(name: str, value: str, *, most: int = 1) -> tuple[list[str], int]:
    """Return the IRIs of the newest datasets that have a value, and how many have it."""
    found = search.select(Has(name, value), room=ROOM, kind=KIND, sort="changed", descending=True, limit=most)
    return found.uris, found.total


# --- query --------------------------------------------------------------------------------------
def _free(q: str, compiler: "_Compiler") -> Condition:
    """Return what the main query means: a query where it reads as one, else words."""
    if len(q) > solr_query.LONGEST:
        raise BadSolrQuery(f"The query is longer than {solr_query.LONGEST:,} characters.")
    if ":" in q or q.strip() in {"", "*"}:
        try:
            return compiler.condition(solr_query.parse(q))
        except BadSolrQuery:
            return Words(q)  # people write colons, too
    if q.lstrip().startswith("{!"):
        raise BadSolrQuery("Other parsers of queries ({!…}) are not offered.")
    return Words(q)


def _has_words(condition: Condition) -> bool:
    if isinstance(condition, AllOf | AnyOf):
        return any(map(_has_words, condition.parts))
    return isinstance(condition, Words)


class _Compiler:
    """Makes conditions for the index of a query."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._kinds: Mapping[type, Callable[[Any], Condition]] = {
            solr_query.Everything: lambda _node: Everything(),
            solr_query.Term: self._term,
            solr_query.Pattern: self._pattern,
            solr_query.Range: self._range,
            solr_query.Not: lambda node: Without(self.condition(node.part)),
            solr_query.All: lambda node: AllOf(tuple(map(self.condition, node.parts))),
            solr_query.Any: lambda node: AnyOf(tuple(map(self.condition, node.parts))),
        }

    def condition(self, node: Node) -> Condition:
        """Return the condition for a part of a query.

        Raises:
            BadSolrQuery: It asks for a field that there is not.
        """
        return self._kinds[type(node)](node)

    def _term(self, node: solr_query.Term) -> Condition:
        if node.field in _WORDS:
            return Words(node.text, _WORDS[node.field])
        if node.field in _MOMENTS:
            at = microseconds(moment(node.text, now=self.now))
            return Between(_MOMENTS[node.field], at, at)
        if node.field in _FIXED:
            return Everything() if node.text.lower() == _FIXED[node.field] else Without(Everything())
        return Has(_exact(node.field), _value(node.field, node.text))

    def _pattern(self, node: solr_query.Pattern) -> Condition:
        if node.field in _FIXED or node.field in _MOMENTS:
            if node.pattern == "*":
                return Everything()
            raise BadSolrQuery(f"{node.field} is asked for by its value, not by a pattern.")
        if node.field in _WORDS:
            return Words(node.pattern.replace("*", " ").replace("?", " "), ())
        name = _exact(node.field)
        return HasAny(name) if node.pattern == "*" else Like(name, node.pattern)

    def _range(self, node: solr_query.Range) -> Condition:
        if node.field not in _MOMENTS:
            if node.low is None and node.high is None:
                return HasAny(_exact(node.field))
            raise BadSolrQuery(f"Ranges are for {' and '.join(_MOMENTS)}, not for {node.field!r}.")
        step = timedelta(microseconds=1)
        low = moment(node.low, now=self.now) if node.low is not None else None
        high = moment(node.high, now=self.now) if node.high is not None else None
        low = low + step if low and not node.with_low else low
        high = high - step if high and not node.with_high else high
        if low and high and low > high:
            return Without(Everything())
        ends = (microseconds(each) if each else None for each in (low, high))
        return Between(_MOMENTS[node.field], *ends) if low or high else Everything()


def _exact(name: str) -> str:
    extra = name.removeprefix("extras_")
    if name in ckan_terms.EXACT or (extra != name and ckan_terms.EXTRA_KEY.match(extra)):
        return name
    known = sorted({*ckan_terms.EXACT, *_FIXED, *_MOMENTS, *filter(None, _WORDS)})
    raise BadSolrQuery(f"There is no field {name[:60]!r}. Known: {', '.join(known)}, extras_….")


def _value(name: str, text: str) -> str:
    """Return a value as the index has it: of licences, any of their names."""
    if name == "license_id" and (licence := licence_of(text)):
        return licence_id(licence)
    return text


# --- order and counts ---------------------------------------------------------------------------
def _order(text: str, *, with_words: bool) -> tuple[str, bool]:
    """Return what to sort by, and whether the last first: the first part that makes a difference."""
    for part in filter(None, (each.strip() for each in text.lower().split(","))):
        name, _space, direction = part.partition(" ")
        if name not in _SORTS or direction.strip() not in {"", "asc", "desc"}:
            raise BadSolrQuery(f"sort={part[:60]!r}: sort by one of {', '.join(_SORTS)}, asc or desc.")
        if name != "score" or with_words:
            return _SORTS[name], direction.strip() == "desc" or name == "score"
    return ("relevance", True) if with_words else ("changed", True)


def _counted_terms(asked: Asked) -> dict[str, int]:
    most = asked.facet_limit if 0 <= asked.facet_limit <= MOST_VALUES else MOST_VALUES
    names = [_exact(each) for each in asked.facets]
    if "organization" in names:
        names.append("organization_named")
    return dict.fromkeys(names, max(1, most))


def _facet(name: str, found: Selection) -> dict[str, Any]:
    titles = _titles(name, found)
    items = [
        {"name": value, "display_name": titles.get(value, value), "count": count}
        for value, count in found.counts[name]
    ]
    return {"title": name, "items": items}


def _titles(name: str, found: Selection) -> dict[str, str]:
    if name == "organization":
        pairs = (value.partition(ckan_terms.BETWEEN) for value, _count in found.counts["organization_named"])
        return {value: title for value, _between, title in pairs}
    if name == "groups":
        return {term.code.lower(): pick(term.names, language()) for term in vocabulary.THEMES.known}
    if name == "license_id":
        known = ((value, licence_of(value)) for value, _count in found.counts[name])
        return {value: licence.names["en"] for value, licence in known if licence}
    return {}
