"""package_search: what queries find, in which order, with what counts, in how many queries of the database."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import (
    AgentDescription,
    DatasetDescription,
    DistributionDescription,
    to_json,
)
from tandem.catalogue.domain.solr_query import All, Everything, Node, Not, Pattern, Term
from tandem.catalogue.domain.solr_query import Any as Either
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import datasets, indexing
from tandem.kit import search
from tests.catalogue.views.ckan import error, result

pytestmark = pytest.mark.django_db
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
THEMES = [term.iri for term in vocabulary.THEMES]
TAGS = ["Baum", "Rad", "Bad", "Strauch*", 'Wort "b"', "über uns"]


def make(count: int) -> None:
    """Make published datasets that differ in everything, an hour apart."""
    rows, parts = [], []
    for number in range(count):
        described = DatasetDescription(
            iri=f"https://a.example/{number}",
            titles={"de": f"Datensatz {number:03} {'Straßenbäume' if number % 3 == 0 else 'Radwege'}"},
            descriptions={"de": f"Beschreibung {number}"},
            keywords={"de": tuple(tag for at, tag in enumerate(TAGS) if number % (at + 2) == 0)},
            themes=(THEMES[number % 2],),
            publisher=AgentDescription({"de": f"Amt {number % 4}"}),
        )
        row = Dataset(
            iri=described.iri,
            slug=f"d-{number:03}",
            status="published",
            description=to_json(described),
            sort_title=f"datensatz {number:03}",
            changed_at=BEGIN + timedelta(hours=number),
            published_at=BEGIN,
        )
        part = DistributionDescription(
            f"{described.iri}/f",
            access_url=f"{described.iri}/x",
            format=f"{vocabulary.AUTHORITY}/file-type/{('CSV', 'JSON', 'XML')[number % 3]}",
            licence=vocabulary.LICENCES.terms[number % 2].iri,
        )
        rows.append(row)
        parts.append(Distribution(dataset=row, description=to_json(part)))
    Dataset.objects.bulk_create(rows)
    Distribution.objects.bulk_create(parts)
    search.put(indexing.search_document(each) for each in datasets.with_parts(Dataset.objects.all()))


def names(**asked: Any) -> list[str]:
    found = result("package_search", rows=1_000, sort="name asc", **asked)
    assert found["count"] == len(found["results"])
    return [each["name"] for each in found["results"]]


def numbers(**asked: Any) -> list[int]:
    return [int(name.removeprefix("d-")) for name in names(**asked)]


def test_fields_ranges_words_and_patterns():
    make(24)
    everything = list(range(24))

    assert numbers() == numbers(q="*:*") == numbers(fq="*:*") == everything
    assert numbers(fq="groups:econ") == [n for n in everything if n % 2 == 1]
    assert numbers(fq="organization:amt-1 OR organization:amt-2") == [
        n for n in everything if n % 4 in (1, 2)
    ]
    assert numbers(fq='tags:"Strauch*"') == [n for n in everything if n % 5 == 0]
    assert numbers(fq="tags:?ad") == [n for n in everything if n % 3 == 0 or n % 4 == 0]
    assert numbers(fq="tags:*") == [n for n in everything if any(n % k == 0 for k in range(2, 8))]
    assert numbers(fq="-tags:*") == [n for n in everything if all(n % k for k in range(2, 8))]
    assert numbers(fq=r'tags:"Wort \"b\""') == numbers(fq=r"tags:Wort\ *") == [0, 6, 12, 18]
    assert numbers(fq="res_format:(CSV OR JSON) -license_id:CC-BY-4.0") == [1, 3, 7, 9, 13, 15, 19, 21]
    assert numbers(fq=["groups:agri", "res_format:CSV"]) == [0, 6, 12, 18]
    assert numbers(fq="metadata_modified:[2024-01-01T20:00:00Z TO *]") == [20, 21, 22, 23]
    assert numbers(fq="metadata_modified:{2024-01-01T20:00:00Z TO 2024-01-01T22:00:00Z}") == [21]
    assert numbers(fq="metadata_modified:[2024-01-01T20:00:00.000001Z TO 2024-01-01T20:59:59Z]") == []
    assert numbers(fq="metadata_created:[NOW-1DAY TO NOW+1DAY]") == everything
    assert (
        numbers(q="straßenbaum") == numbers(q="title:Straßenbäume") == [n for n in everything if n % 3 == 0]
    )
    assert numbers(q="title:Straßenbäume AND groups:agri") == [n for n in everything if n % 6 == 0]
    assert numbers(q="radwege", fq="name:d-00*") == [1, 2, 4, 5, 7, 8]
    assert numbers(q="Radwege: 7") == [7]
    assert numbers(fq="state:active capacity:public dataset_type:dataset +private:false") == everything
    assert numbers(fq="state:deleted") == numbers(fq="private:true") == []
    identity = str(Dataset.objects.get(slug="d-007").pk)
    assert numbers(fq=f"id:{identity}") == [7]


def test_order_and_pages():
    make(24)

    def sorted_by(sort: str, **asked: Any) -> list[str]:
        return [each["name"] for each in result("package_search", sort=sort, rows=1_000, **asked)["results"]]

    ids = [str(each) for each in sorted(Dataset.objects.values_list("pk", flat=True))]
    assert [each["id"] for each in result("package_search", sort="id asc", rows=1_000)["results"]] == ids
    by_name = [f"d-{number:03}" for number in range(24)]
    assert (
        sorted_by("name asc")
        == sorted_by("title_string asc")
        == sorted_by("metadata_modified asc")
        == by_name
    )
    assert (
        sorted_by("name desc")
        == sorted_by("metadata_modified desc")
        == sorted_by("score desc, name desc")
        == by_name[::-1]
    )
    assert sorted_by("") == by_name[::-1]
    assert sorted_by("name asc", start=22) == by_name[22:]
    for sort in ("name asc", "id asc", ""):
        found = result("package_search", sort=sort, start=10**9, rows=10**9)
        assert (found["count"], found["results"]) == (24, [])
    assert result("package_search", rows=0)["count"] == 24
    assert error("package_search", start=-1)[:2] == (409, "Validation Error")


def test_counts():
    make(24)

    answer = Client().get(
        "/api/action/package_search",
        {"facet.field": '["organization", "tags"]', "facet.limit": 2, "fq": "groups:agri"},
    )

    found = answer.json()["result"]
    assert found["facets"] == {"organization": {"amt-0": 6, "amt-2": 6}, "tags": {"Baum": 12, "Bad": 6}}
    assert found["search_facets"]["organization"] == {
        "title": "organization",
        "items": [
            {"name": "amt-0", "display_name": "Amt 0", "count": 6},
            {"name": "amt-2", "display_name": "Amt 2", "count": 6},
        ],
    }
    several = (
        Client().get("/api/action/package_search?facet.field=groups&facet.field=res_format").json()["result"]
    )
    assert several["facets"]["res_format"] == {"CSV": 8, "JSON": 8, "XML": 8}
    assert several["search_facets"]["groups"]["items"][0]["display_name"].startswith("Landwirtschaft")


@pytest.mark.parametrize(
    "asked",
    [
        {"fq": "bogus:1"},
        {"fq": "tags:"},
        {"fq": "(" * 1_000},
        {"fq": "tags:[a TO b]"},
        {"fq": "metadata_modified:[yesterday TO *]"},
        {"fq": "metadata_modified:[NOW-999999YEARS TO *]"},
        {"fq": "tags:" + "?*" * 2_000},
        {"q": "{!lucene}x"},
        {"q": "x" * 1_000_000},
        {"fq": "x" * 1_000_000},
        {"sort": "bogus asc"},
        {"sort": "name; drop"},
        {"facet.field": ["bogus"]},
    ],
    ids=lambda asked: str(asked)[:30],
)
def test_queries_that_cannot_be_are_told_so(asked: dict[str, Any]):
    assert error("package_search", **asked) == (400, "Search Query Error", ["message"])


@pytest.mark.parametrize("count", [1, 30])
def test_as_many_queries_for_one_as_for_thirty(count: int):
    make(count)
    Client().get("/api/3/action/package_search")  # the index catches up
    with CaptureQueriesContext(connection) as caught:
        found = (
            Client()
            .get(
                "/api/3/action/package_search",
                {"q": "Datensatz", "rows": 50, "facet.field": '["organization","tags"]', "sort": "name asc"},
            )
            .json()["result"]
        )

    assert len(found["results"]) == count
    assert 3 <= len(caught) <= 5, [each["sql"][:120] for each in caught]


def test_lists():
    make(8)

    organizations = Client().get("/api/action/organization_list?all_fields=true").json()["result"]
    assert [(each["name"], each["package_count"]) for each in organizations if each["name"] != "hamm"] == [
        (f"amt-{number}", 2) for number in range(4)
    ]
    assert result("organization_list", sort="package_count desc", limit=2) == ["amt-0", "amt-1"]
    shown = result("organization_show", id=organizations[0]["id"], include_datasets=True)
    assert (shown["title"], [each["name"] for each in shown["packages"]]) == ("Amt 0", ["d-004", "d-000"])
    groups = Client().get("/api/action/group_list", {"all_fields": "true"}).json()["result"]
    assert {each["name"]: each["package_count"] for each in groups if each["package_count"]} == {
        "agri": 4,
        "econ": 4,
    }
    assert result("group_show", id=groups[0]["id"])["name"] == "agri"
    assert result("tag_list", query="ba") == ["Bad", "Baum"]
    assert result("tag_list", all_fields=True)[0]["name"] == "Bad"
    assert [each["name"] for each in result("tag_show", id="Bad")["packages"]] == ["d-004", "d-000"]
    assert result("tag_autocomplete", q="Str") == ["Strauch*"]
    assert result("package_autocomplete", q="datensatz 00", limit=2)[0]["name"] == "d-000"
    assert result("license_show", id="CC-BY-4.0")["domain_data"] is True
    assert result("package_list", limit=2, offset=1) == ["d-001", "d-002"]
    assert [each["name"] for each in result("current_package_list_with_resources", limit=2)] == [
        "d-007",
        "d-006",
    ]
    for action in (
        "organization_show",
        "group_show",
        "tag_show",
        "license_show",
        "package_show",
        "resource_show",
    ):
        assert error(action, id="nothing of that name")[:2] == (404, "Not Found Error")


# --- as CKAN's own harvester asks ---------------------------------------------------------------
def harvested(**terms: str) -> list[dict[str, Any]]:
    """Page through the packages as CKAN's harvester of CKAN does: a hundred at a time, by id, until none comes."""
    found: list[dict[str, Any]] = []
    former, start = b"", 0
    while True:
        answer = Client().get(
            "/api/3/action/package_search", {"rows": "100", "start": str(start), "sort": "id asc", **terms}
        )
        assert answer.content != former, "the paging does not work"
        page = json.loads(answer.content)["result"]["results"]
        if not page:
            return found
        found, former, start = [*found, *page], answer.content, start + 100


def test_the_harvester_of_ckan_reads_everything_once_and_then_what_changed():
    make(230)

    everything = harvested()
    ids = [each["id"] for each in everything]
    since = (BEGIN + timedelta(hours=228, microseconds=1)).replace(tzinfo=None).isoformat()
    only = harvested(fq=f"organization:amt-0 OR organization:amt-1 metadata_modified:[{since}Z TO *]")
    without = harvested(fq="-organization:amt-0 -organization:amt-1")

    assert (len(ids), len(set(ids)), ids) == (230, 230, sorted(ids))
    assert [each["name"] for each in only] == ["d-229"]
    assert {each["organization"]["name"] for each in without} == {"amt-2", "amt-3"}
    for package in everything[:2]:
        client = Client()
        group = client.get(f"/api/3/action/group_show?id={package['groups'][0]['id']}").json()["result"]
        organization = client.get(f"/api/3/action/organization_show?id={package['owner_org']}").json()[
            "result"
        ]
        assert group["name"] == package["groups"][0]["name"]
        assert organization["name"] == package["organization"]["name"]
        assert client.get(f"/api/3/action/package_show?id={package['id']}").json()["result"] == package
        assert {"type", "extras", "tags", "resources", "url", "license_id", "name", "title", "notes"} <= set(
            package
        )


# --- any combination means what its parts mean --------------------------------------------------
FITS = {
    "groups:agri": lambda n: n % 2 == 0,
    "organization:amt-1": lambda n: n % 4 == 1,
    "tags:Rad": lambda n: n % 3 == 0,
    "tags:*a*": lambda n: any(n % k == 0 for k in (2, 3, 4, 5)),
    "res_format:CSV": lambda n: n % 3 == 0,
}
LEAVES = st.sampled_from(
    [
        Everything(),
        Term("groups", "agri"),
        Term("organization", "amt-1"),
        Term("tags", "Rad"),
        Pattern("tags", "*a*"),
        Term("res_format", "CSV"),
    ]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Either(tuple(parts))),
    ),
    max_leaves=8,
)


def fits(node: Node, number: int) -> bool:
    if isinstance(node, Everything):
        return True
    if isinstance(node, Not):
        return not fits(node.part, number)
    if isinstance(node, All):
        return all(fits(each, number) for each in node.parts)
    if isinstance(node, Either):
        return any(fits(each, number) for each in node.parts)
    plain = f"{node.field}:{node.text if isinstance(node, Term) else node.pattern}"
    return FITS[plain](number)


def test_combinations_find_what_their_parts_say():
    make(24)

    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(TREES)
    def compared(tree: Node) -> None:
        found = result("package_search", fq=str(tree), rows=100, sort="name asc")["results"]
        assert [int(each["name"][2:]) for each in found] == [n for n in range(24) if fits(tree, n)]

    compared()
