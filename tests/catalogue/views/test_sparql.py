"""SPARQL as programs and people ask it."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tandem.catalogue.services import publishing, sparql
from tandem.catalogue.services.indexing import index_dataset
from tests.pages import PageClient
from tests.site.conftest import own_folder  # noqa: F401
from tests.site.content import NOW, dataset, partner, table_with_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
TITLES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?title WHERE { ?d a dcat:Dataset ; dct:title ?title } ORDER BY ?title
"""
HTML = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}


def rows(client: Client, query: str, **asked: Any) -> list[list[str]]:
    answer = client.get("/sparql", {"query": query}, **asked)
    assert answer.status_code == 200, answer.content
    found = json.loads(answer.content)
    return [[row[name]["value"] for name in found["head"]["vars"]] for row in found["results"]["bindings"]]


def test_everything_published_is_there_and_what_is_withdrawn_goes(client: Client):
    dataset("Bäume")
    dataset("Alberi", source=partner())
    ours = table_with_places("Brunnen")
    assert rows(client, TITLES) == [["Alberi"], ["Bäume"]]  # the last one is not indexed as published yet

    index_dataset(ours)
    assert rows(client, TITLES) == [["Alberi"], ["Brunnen"], ["Bäume"]]

    publishing.withdraw(ours, reason="wrong", person=None, now=NOW)
    assert rows(client, TITLES) == [["Alberi"], ["Bäume"]]


def test_the_catalogue_names_its_own_datasets_only(client: Client):
    own = dataset("Bäume")
    dataset("Alberi", source=partner())

    query = "SELECT ?d WHERE { ?c <http://www.w3.org/ns/dcat#dataset> ?d }"
    assert rows(client, query) == [[own.iri]]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values;q=0.9, text/csv;q=0.1", "text/tab-separated-values; charset=utf-8"),
        ("application/json", "application/sparql-results+json"),
    ],
)
def test_results_come_in_the_form_that_is_accepted(client: Client, accept: str, media_type: str):
    answer = client.get("/sparql", {"query": "SELECT * WHERE { ?s ?p ?o } LIMIT 1"}, HTTP_ACCEPT=accept)

    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
    ],
)
def test_graphs_come_in_the_form_that_is_accepted(client: Client, accept: str, media_type: str):
    answer = client.get("/sparql", {"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, HTTP_ACCEPT=accept)

    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)


def test_a_query_may_be_posted_as_a_form_and_as_it_is(client: Client):
    query = "ASK { ?s ?p ?o }"
    form = client.post(
        "/sparql", urlencode({"query": query}), content_type="application/x-www-form-urlencoded"
    )
    plain = client.post("/sparql", query, content_type="application/sparql-query")

    assert form.content == plain.content == b'{"head":{},"boolean":true}'


def test_without_a_query_programs_learn_what_is_here_and_people_come_to_the_page(client: Client):
    described = client.get("/sparql", HTTP_ACCEPT="text/turtle")
    led = client.get("/sparql", **HTML)

    assert b"sd:SPARQL11Query" in described.content
    assert (led.status_code, led["Location"]) == (302, "/de/data/sparql/")


def test_a_wrong_query_is_told_where_it_is_wrong(client: Client):
    answer = client.get("/sparql", {"query": "SELECT WHERE"}, HTTP_ACCEPT="application/json")

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "catalogue.sparql.bad-query"
    assert "1:13" in answer.json()["error"]["message"]


@pytest.mark.parametrize("language", ["de", "it", "en"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        (TITLES, 200),
        ("ASK { ?s ?p ?o }", 200),
        ("CONSTRUCT WHERE { ?s ?p ?o }", 200),
        ("SELECT * WHERE { ?s <urn:x:none> ?o }", 200),
        ("SELECT", 400),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400),
    ],
)
def test_the_page_shows_the_result_or_what_is_wrong(
    page_client: PageClient, language: str, query: str, status: int
):
    dataset("Bäume <b>& Sträucher</b>")
    page = page_client.get(f"/{language}/data/sparql/", {"query": query} if query else {})

    assert page.status_code == status
    assert ("Bäume &lt;b&gt;" in page.content.decode()) == (query in (TITLES, "CONSTRUCT WHERE { ?s ?p ?o }"))


def test_every_example_of_the_page_gives_an_answer(page_client: PageClient):
    table_with_places()
    first = page_client.get("/en/data/sparql/")
    for _name, url in first.context["examples"]:
        assert page_client.get(f"/en/data/sparql/{url}").status_code == 200


def test_the_store_can_be_made_anew(client: Client):
    dataset("Bäume")
    assert rows(client, TITLES) == [["Bäume"]]

    assert sparql.rebuild(lambda _share, _message: None) == 1
    assert rows(client, TITLES) == [["Bäume"]]
