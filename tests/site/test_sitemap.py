"""The sitemap: every public page, in each language, and no other."""

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.site.content import dataset, partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client: Client, path: str) -> list[str]:
    root = ElementTree.fromstring(client.get(path).content)
    return [each.text for each in root.iter(f"{SITEMAP}loc")]


def test_the_index_names_a_file_for_each_room(client: Client):
    assert [each.rpartition("/")[2] for each in addresses(client, "/sitemap.xml")] == [
        "sitemap-pages.xml",
        "sitemap-data.xml",
        "sitemap-projects.xml",
        "sitemap-take-part.xml",
        "sitemap-junctions.xml",
        "sitemap-measures.xml",
        "sitemap-indicators.xml",
        "sitemap-tandems.xml",
        "sitemap-matching.xml",
    ]
    assert b"Sitemap: http://localhost:8000/sitemap.xml" in client.get("/robots.txt").content


def test_our_published_datasets_are_there_in_each_language(client: Client):
    ours, draft = dataset(), dataset()
    dataset(source=partner())
    draft.status = "draft"
    draft.save()

    assert addresses(client, "/sitemap-data.xml") == [
        f"http://localhost:8000/{language}/data/{ours.slug}/" for language in ("de", "en", "it")
    ]


def test_every_fixed_page_answers(client: Client):
    found = addresses(client, "/sitemap-pages.xml")

    assert len(found) == 30
    assert {client.get(each.removeprefix("http://localhost:8000")).status_code for each in found} == {200}


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_datasets(client: Client, count: int):
    for _number in range(count):
        dataset()
    with CaptureQueriesContext(connection) as queries:
        client.get("/sitemap-data.xml")

    assert len(queries) <= 3
