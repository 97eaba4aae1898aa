"""A dataset for other programs: Data Package, schema.org, Atom, the feed's conditional requests."""

import csv
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from django.test import Client

from tandem.catalogue.models import Dataset
from tandem.catalogue.services import datasets, imports, publishing, tables
from tests.pages import PageClient
from tests.site.conftest import own_folder  # noqa: F401
from tests.site.content import NOW, dataset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
MESSY = """\
Baumkataster;;;;
Baum;PLZ;Gepflanzt am;Höhe in m;Gefällt
Linde;09157;31.12.2020;1.234,5;nein
Eiche;59065;01.02.2021;;ja
"Ahorn, rot";59063;05.06.1999;7,25;nein
"""
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def judge() -> Iterator[ModuleType]:
    """Frictionless. When it reads its first CSV file it lifts a limit of the csv module for the whole process."""
    longest_field = csv.field_size_limit()
    yield importlib.import_module("frictionless")
    csv.field_size_limit(longest_field)


@pytest.fixture
def trees() -> Dataset:
    made = datasets.begin(titles={"de": "Bäume"}, person=None, now=NOW)
    upload = tables.receive([MESSY.encode("cp1252")], filename="bäume.csv", media_type="text/csv")
    imports.add_file(made, upload, titles={"de": "Tabelle"}, person=None, now=NOW, at_once=True)
    plan = tables.receive([b"%PDF-1.7 plan"], filename="plan.pdf", media_type="application/pdf")
    imports.add_file(made, plan, titles={"de": "Plan"}, person=None, now=NOW, at_once=True)
    Dataset.objects.filter(pk=made.pk).update(status="published", published_at=NOW)
    made.refresh_from_db()
    return made


def test_frictionless_reads_the_data_package_back_with_types(
    client: Client, trees: Dataset, judge: ModuleType, tmp_path: Path
):
    said = client.get(f"/id/dataset/{trees.pk}/datapackage.json").json()
    table, plan = said["resources"]
    fetched = b"".join(client.get(table["path"].removeprefix("http://localhost:8000")).streaming_content)
    (tmp_path / "table.csv").write_bytes(fetched)
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7 plan")
    local = {
        **said,
        "resources": [
            {**table, "path": "table.csv", "sources": []},
            {**plan, "path": "plan.pdf"},
        ],
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(local), "utf-8")

    package = judge.Package(str(tmp_path / "datapackage.json"))
    rows = package.get_resource("part-1").read_rows()

    assert package.validate().valid, package.validate().flatten(["message"])
    assert [field.type for field in package.get_resource("part-1").schema.fields] == [
        "string",
        "string",
        "date",
        "number",
        "boolean",
    ]
    assert [(row["Baum"], row["PLZ"], str(row["Gepflanzt am"]), row["Gefällt"]) for row in rows] == [
        ("Linde", "09157", "2020-12-31", False),
        ("Eiche", "59065", "2021-02-01", True),
        ("Ahorn, rot", "59063", "1999-06-05", False),
    ]
    assert [float(row["Höhe in m"] or 0) for row in rows] == [1234.5, 0.0, 7.25]
    assert (plan["format"], plan["bytes"], plan["hash"][:7]) == ("pdf", 13, "sha256:")


def test_search_engines_read_the_dataset_from_its_page(page_client: PageClient, trees: Dataset):
    page = page_client.get(f"/it/data/{trees.slug}/").content.decode()
    said = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])

    assert (said["@type"], said["@id"], said["name"]) == ("Dataset", trees.iri, "Bäume")
    assert said["url"] == f"http://localhost:8000/it/data/{trees.slug}/"
    assert [each["encodingFormat"] for each in said["distribution"]] == ["text/csv", "application/pdf"]
    assert page_client.get(f"/id/dataset/{trees.pk}/schema.jsonld").json()["@id"] == trees.iri


def test_nothing_that_is_typed_in_ends_the_script(page_client: PageClient, trees: Dataset):
    trees.description["titles"] = {"de": "</script><script>alert(1)</script>"}
    trees.save()
    page = page_client.get(f"/de/data/{trees.slug}/").content.decode()

    assert "<script>alert" not in page


@pytest.mark.parametrize("hidden", ["draft", "review"])
@pytest.mark.parametrize("what", ["datapackage.json", "schema.jsonld"])
def test_drafts_are_not_there_and_withdrawn_ones_say_why(
    client: Client, trees: Dataset, what: str, hidden: str
):
    address = f"/id/dataset/{trees.pk}/{what}"
    Dataset.objects.filter(pk=trees.pk).update(status=hidden)
    draft = client.get(address)
    Dataset.objects.filter(pk=trees.pk).update(status="withdrawn", withdrawal_reason="Doppelt")
    gone = client.get(address)

    assert (draft.status_code, gone.status_code, gone.content) == (404, 410, b"Doppelt")


def test_a_version_of_a_table_is_plain_csv_for_ever(client: Client, trees: Dataset):
    address = f"/tables/{trees.distributions.first().pk}/1.csv"
    answer = client.get(address)

    assert b"".join(answer.streaming_content).decode().splitlines()[:2] == [
        "Baum,PLZ,Gepflanzt am,Höhe in m,Gefällt",
        "Linde,09157,2020-12-31,1234.5,false",
    ]
    assert client.get(address.replace("/1.csv", "/2.csv")).status_code == 404
    assert client.get(f"/tables/{trees.distributions.last().pk}/1.csv").status_code == 404


def test_new_data_as_atom(client: Client):
    for number in range(60):
        dataset(f"Daten {number}")
    feed = ElementTree.fromstring(client.get("/de/data/news.atom").content)
    titles = [each.text for each in feed.findall(f"{ATOM}entry/{ATOM}title")]

    assert (feed.find(f"{ATOM}title").text, len(titles), titles[0]) == ("Neue Daten aus Hamm", 50, "Daten 59")


@pytest.mark.parametrize(("city", "count"), [("", 1), ("hamm", 1), ("arezzo", 0), ("nowhere", 0)])
def test_atom_of_one_city(client: Client, city: str, count: int):
    dataset()
    feed = ElementTree.fromstring(client.get("/en/data/news.atom", {"city": city}).content)

    assert len(feed.findall(f"{ATOM}entry")) == count


def test_versions_of_a_dataset_as_atom(client: Client, trees: Dataset):
    feed = ElementTree.fromstring(client.get(f"/de/data/{trees.slug}/news.atom").content)

    assert sorted(each.text for each in feed.findall(f"{ATOM}entry/{ATOM}title")) == [
        "Plan, Version 1",
        "Tabelle, Version 1",
    ]


def test_the_feed_is_not_made_again_while_nothing_changed(client: Client, trees: Dataset):
    first = client.get("/catalogue.ttl")
    again = client.get("/catalogue.ttl", HTTP_IF_NONE_MATCH=first["ETag"])
    publishing.withdraw(trees, reason="x", person=None, now=NOW)
    changed = client.get("/catalogue.ttl", HTTP_IF_NONE_MATCH=first["ETag"])

    assert (first.status_code, again.status_code, again.content, changed.status_code) == (200, 304, b"", 200)


@pytest.mark.parametrize(
    ("accept", "where"),
    [
        ("text/turtle", "/catalogue.ttl"),
        ("application/rdf+xml", "/catalogue.rdf"),
        ("application/ld+json", "/catalogue.jsonld"),
        ("text/html", "/de/data/"),
    ],
)
def test_the_catalogues_address_answers_each_in_its_form(client: Client, accept: str, where: str):
    answer = client.get("/catalogue", HTTP_ACCEPT=accept)

    assert (answer.status_code, answer["Location"]) == (303, where)
    assert "Accept" in answer["Vary"].split(", ")


def test_a_feed_can_be_read_whatever_is_asked_for_and_whatever_a_text_holds(client: Client, trees: Dataset):
    trees.description = {**trees.description, "titles": {"de": "B\x0bume"}, "descriptions": {"de": "\x1f"}}
    trees.save()

    for address in (
        "/de/data/news.atom",
        "/de/data/news.atom?city=%00%0b",
        f"/de/data/{trees.slug}/news.atom",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        ElementTree.fromstring(answer.content)
