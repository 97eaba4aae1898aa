"""SPARQL: the protocol for programs, and a page to ask by hand."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from tandem.catalogue.adapters.sparql_process import GRAPHS, RESULTS
from tandem.catalogue.services import sparql
from tandem.core.errors import TandemError
from tandem.kit.installation import config
from tandem.kit.open_to_all import open_to_all
from tandem.kit.spoken import spoken

ROWS_SHOWN = 500
_RESULTS = {media_type.partition(";")[0]: name for name, (_kind, media_type) in RESULTS.items()} | {
    "application/json": "json",
    "application/xml": "xml",
}
_GRAPHS = {media_type.partition(";")[0]: name for name, (_kind, media_type) in GRAPHS.items()}
EXAMPLES = (
    (
        _("Datasets and their publishers"),
        """\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>

SELECT ?dataset ?title ?publisher WHERE {
  ?dataset a dcat:Dataset ; dct:title ?title ; dct:publisher/foaf:name ?publisher .
}
ORDER BY ?title LIMIT 50""",
    ),
    (
        _("How many datasets each theme has"),
        """\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?name (COUNT(DISTINCT ?dataset) AS ?datasets) WHERE {
  ?dataset a dcat:Dataset ; dcat:theme/skos:prefLabel ?name .
  FILTER (LANG(?name) = "en")
}
GROUP BY ?name ORDER BY DESC(?datasets)""",
    ),
    (
        _("CSV files under an open licence"),
        """\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>

SELECT ?file ?licence WHERE {
  ?distribution dcat:downloadURL ?file ; dct:license ?licence ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> .
}
LIMIT 100""",
    ),
)


@csrf_exempt
@open_to_all
@require_http_methods(["GET", "HEAD", "POST", "OPTIONS"])
@vary_on_headers("Accept")
def protocol(request: HttpRequest) -> HttpResponse:
    """Answer a query by the SPARQL 1.1 Protocol: by GET, as a form, or as the body itself."""
    query = _query_of(request)
    if not query.strip():
        return _without_query(request)
    answer = sparql.ask(
        query, results=_wanted(request, _RESULTS, "json"), graph=_wanted(request, _GRAPHS, "ttl")
    )
    return HttpResponse(answer.content, content_type=answer.media_type)


def _query_of(request: HttpRequest) -> str:
    if request.method != "POST":
        return request.GET.get("query", "")
    if request.content_type == "application/sparql-query":
        return request.body.decode("utf-8", errors="replace")
    return request.POST.get("query", "")


def _wanted(request: HttpRequest, known: dict[str, str], default: str) -> str:
    """Return the format asked for, by ``format=`` or else by the Accept header."""
    asked = request.GET.get("format", "") or request.POST.get("format", "")
    if asked:
        return known.get(asked, asked if asked in known.values() else default)
    preferred = request.get_preferred_type(list(known))
    return known[preferred] if preferred and "*/*" not in request.headers.get("Accept", "*/*") else default


def _without_query(request: HttpRequest) -> HttpResponse:
    """Lead people to the page; tell programs what is here."""
    if request.accepts("text/html") and request.headers.get("Accept", "*/*") != "*/*":
        return redirect("catalogue:sparql")
    here = f"{config().server.url}{reverse('sparql')}"
    described = (
        "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .\n"
        f"<{here}> a sd:Service ; sd:endpoint <{here}> ; sd:supportedLanguage sd:SPARQL11Query ;\n"
        "  sd:feature sd:UnionDefaultGraph ;\n"
        "  sd:resultFormat <http://www.w3.org/ns/formats/SPARQL_Results_JSON>, "
        "<http://www.w3.org/ns/formats/SPARQL_Results_XML>,\n"
        "    <http://www.w3.org/ns/formats/SPARQL_Results_CSV>, <http://www.w3.org/ns/formats/Turtle> .\n"
    )
    return HttpResponse(described, content_type="text/turtle; charset=utf-8")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show a query and what it gives; the address holds the query."""
    asked = request.GET.get("query", "")
    here = reverse("sparql")
    shown: dict[str, Any] = {
        "query": asked or EXAMPLES[0][1],
        "examples": [(name, f"?{urlencode({'query': text})}") for name, text in EXAMPLES],
        "endpoint": f"{config().server.url}{here}",
        "status": 200,
    }
    if asked.strip():
        shown |= _result(asked, here)
    return render(request, "catalogue/sparql.html", shown, status=shown["status"])


def _result(asked: str, here: str) -> dict[str, Any]:
    try:
        answer = sparql.ask(asked, results="csv", graph="ttl")
    except TandemError as error:
        return {"problem": spoken(error.sentence), "status": error.http_status}
    formats = GRAPHS if answer.media_type.startswith("text/turtle") else RESULTS
    downloads = [(name.upper(), f"{here}?{urlencode({'query': asked, 'format': name})}") for name in formats]
    text = answer.content.decode("utf-8")
    if formats is GRAPHS:
        return {"graph": text[:100_000], "downloads": downloads, "asked": True}
    if text in {"true", "false"}:
        return {"boolean": text == "true", "downloads": [], "asked": True}
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return {
        "columns": rows[0] if rows else [],
        "rows": rows[1 : ROWS_SHOWN + 1],
        "total": max(0, len(rows) - 1),
        "more": len(rows) - 1 > ROWS_SHOWN,
        "rows_shown": ROWS_SHOWN,
        "downloads": downloads,
        "asked": True,
    }
