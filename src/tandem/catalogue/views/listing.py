"""The list of datasets: what fits a search, and what narrows it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.forms import FIELD_NAMES
from tandem.catalogue.services import browse
from tandem.catalogue.views import shown
from tandem.catalogue.views.points import BANDS
from tandem.core.text import pick, printable
from tandem.kit.numbers import typed_number


@require_safe
def dataset_list(request: HttpRequest) -> HttpResponse:
    """Show the datasets that fit a search."""
    chosen = _chosen(request.GET)
    query = printable(request.GET.get("q", "").strip()[:200])
    number = typed_number(request.GET.get("page", ""), otherwise=1)
    found = browse.search_datasets(query, language=get_language() or "en", chosen=chosen, page=max(1, number))
    page = {
        "query": query,
        "results": found,
        "facets": [_facet(request, name, found.facets.get(name, []), chosen) for name in browse.FACETS],
        "selected": [
            (_facet_label(name, value), shown.without(request.GET, name))
            for name, values in chosen.items()
            for value in values
        ],
        "may_edit": access.may_edit(request),
    }
    return render(request, "catalogue/list.html", page)


def _chosen(query: QueryDict) -> dict[str, list[str]]:
    asked = {name: [printable(value) for value in query.getlist(name) if value] for name in browse.FACETS}
    return {name: values for name, values in asked.items() if values}


def _facet(
    request: HttpRequest, name: str, counts: list[tuple[str, int]], chosen: Mapping[str, list[str]]
) -> dict[str, Any]:
    titles = {
        "city": gettext("City"),
        "theme": FIELD_NAMES["themes"],
        "format": gettext("Format"),
        "licence": FIELD_NAMES["licence"],
        "publisher": FIELD_NAMES["publisher"],
        "place": gettext("Place"),
        "quality": gettext("Description quality"),
    }
    options = []
    for value, count in counts:
        selected = value in chosen.get(name, [])
        url = (
            shown.without(request.GET, name)
            if selected
            else shown.with_query(request.GET, page=None, **{name: value})
        )
        options.append({"label": _facet_label(name, value), "count": count, "url": url, "selected": selected})
    return {"title": titles[name], "options": options if len(options) > 1 or name in chosen else []}


def _facet_label(name: str, value: str) -> str:
    language = get_language() or "en"
    if name == "publisher":
        return value
    if name == "quality":
        return str(BANDS.get(value, value))
    if name in {"city", "place"}:
        return browse.city_name(value, language)
    known: dict[str, vocabulary.Vocabulary[Any]] = {
        "theme": vocabulary.THEMES,
        "format": vocabulary.FILE_TYPES,
        "licence": vocabulary.LICENCES,
    }
    term = known[name].by_code(value)
    return pick(term.names, language) if term else value
