"""The search across rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.core.text import pick
from tandem.kit import search as searching
from tandem.site import wiring

PER_PAGE = 20
MOST_PAGES = 500
LONGEST_QUERY = 200
MOST_VALUES = 20  # of a facet
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as the page shows it."""

    title: str
    titles: Mapping[str, str]
    url: str
    snippet: SafeString | str
    snippet_language: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class PageOfHits:
    """Where in the list of hits the page is."""

    number: int
    num_pages: int


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search all rooms. Everything that narrows down stands in the address."""
    language = get_language() or settings.LANGUAGE_CODE
    query = _printable(request.GET.get("q", "")).strip()[:LONGEST_QUERY]
    facets = wiring.search_facets()
    chosen = {name: values for name in facets if (values := _values(request.GET, name))}
    number = _page_number(request.GET.get("page", ""))
    sort = NEWEST if request.GET.get("sort") == NEWEST or not query else "relevance"
    found = searching.search(
        query,
        language=language,
        facets=chosen,
        facet_fields=list(facets),
        offset=(number - 1) * PER_PAGE,
        limit=PER_PAGE,
        sort=sort,
    )
    pages = min(MOST_PAGES, max(1, -(-found.total // PER_PAGE)))
    page = {
        "query": query,
        "hits": [_shown(hit, language) for hit in found.hits],
        "total": found.total,
        "facets": [
            _facet(request.GET, facet, found.facet_counts[name], chosen.get(name, []), language)
            for name, facet in facets.items()
        ],
        "selected": [
            (facets[name].label(value, language), _toggled(request.GET, name, value))
            for name, values in chosen.items()
            for value in values
        ],
        "kept": [(name, value) for name, values in chosen.items() for value in values],
        "orders": _orders(request, sort) if query and found.total > 1 else [],
        "page": PageOfHits(min(number, pages), pages),
        "help": {} if found.total else _help(request.GET, query, language, is_narrowed=bool(chosen)),
    }
    return render(request, "site/search.html", page)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)


def _values(given: QueryDict, name: str) -> list[str]:
    return list(dict.fromkeys(value for value in given.getlist(name) if value and value.isprintable()))[
        :MOST_VALUES
    ]


def _page_number(text: str) -> int:
    return min(MOST_PAGES, max(1, int(text))) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _shown(hit: searching.Hit, language: str) -> ShownHit:
    facets = wiring.search_facets()
    return ShownHit(
        title=pick(hit.titles, language, default=hit.uri),
        titles=hit.titles,
        url=f"{reverse('home')}{hit.path}",
        snippet=hit.snippet,
        snippet_language="" if hit.snippet_language == language else hit.snippet_language,
        facts=[facets["kind"].label(hit.kind, language), facets["city"].label(hit.city, language)],
    )


# --- narrowing down -----------------------------------------------------------------------------
def _facet(
    given: QueryDict,
    facet: wiring.SearchFacet,
    counts: Sequence[tuple[str, int]],
    chosen: Sequence[str],
    language: str,
) -> dict[str, Any]:
    """Return a facet as the page shows it; one that would narrow nothing down has no options."""
    options = [
        {
            "label": facet.label(value, language),
            "count": count,
            "url": _toggled(given, facet.name, value),
            "selected": value in chosen,
        }
        for value, count in counts
    ]
    return {"title": facet.title, "options": options if len(options) > 1 or chosen else []}


def _toggled(given: QueryDict, name: str, value: str) -> str:
    """Return the address with a facet's value taken in, or away where it is there."""
    values = _values(given, name)
    changed = given.copy()
    changed.pop("page", None)
    changed.setlist(name, [each for each in values if each != value] if value in values else [*values, value])
    return f"?{changed.urlencode()}"


def _orders(request: HttpRequest, sort: str) -> list[tuple[str, str, bool]]:
    given = request.GET.copy()
    for name in ("page", "sort"):
        given.pop(name, None)
    best = f"?{given.urlencode()}"
    return [
        (gettext("Best match first"), best, sort != NEWEST),
        (gettext("Newest first"), f"{best}&sort={NEWEST}", sort == NEWEST),
    ]


# --- when nothing is found ----------------------------------------------------------------------
def _help(given: QueryDict, query: str, language: str, *, is_narrowed: bool) -> dict[str, Any]:
    """Return what could be meant: another spelling, one of the words, the same without filters."""
    bare = QueryDict(mutable=True)
    bare["q"] = query
    spelling = searching.suggest(query)
    return {
        "spelling": (spelling, f"?{_query(spelling)}") if spelling else None,
        "words": _single_words(query, language),
        "without_filters": f"?{bare.urlencode()}" if is_narrowed and _total(query, language) else "",
    }


def _query(text: str) -> str:
    asked = QueryDict(mutable=True)
    asked["q"] = text
    return asked.urlencode()


def _total(query: str, language: str) -> int:
    return searching.search(query, language=language, limit=1).total


def _single_words(query: str, language: str) -> list[tuple[str, str]]:
    """Return the words of a query that find something by themselves."""
    said = query.split()[:6]
    if len(said) < 2:
        return []
    return [(f"{word} ({total})", f"?{_query(word)}") for word in said if (total := _total(word, language))]
