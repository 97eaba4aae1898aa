"""The pages of versions and sources: for everybody, for officers, with one version and with thirty."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import datasets, following, imports, tables
from tandem.catalogue.views import versions
from tests.accounts.people import client_of, somebody
from tests.catalogue import files

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = "Nr;Straße;Höhe\n1;Ostring;4,5\n2;Nordring;5,0\n3;Südring;6,0\n".encode()
SECOND = "Nr;Straße;Höhe\n1;Ostring;4,7\n3;Südring;6,0\n4;Westring;7,0\n".encode()


def upload(content: bytes, name: str = "baeume.csv", **provenance: str):
    return tables.receive([content], filename=name, media_type=""), tables.Provenance(**provenance)


def published(content: bytes = FIRST, name: str = "baeume.csv") -> Distribution:
    dataset = datasets.begin(titles={"de": "Bäume", "en": "Trees"}, person=None, now=NOW)
    kept, provenance = upload(content, name)
    distribution, _job = imports.add_file(
        dataset, kept, titles={"de": "Bäume"}, person=None, now=NOW, at_once=True, provenance=provenance
    )
    Dataset.objects.filter(pk=dataset.pk).update(status="published", published_at=NOW)
    distribution.refresh_from_db()
    return distribution


def another(
    distribution: Distribution, content: bytes, *, person: Any = None, **provenance: str
) -> TableVersion:
    kept, said = upload(content, **provenance)
    imports.bring_in(
        distribution, kept, person=person, now=NOW + timedelta(days=1), at_once=True, provenance=said
    )
    distribution.refresh_from_db()
    return distribution.current


def address(distribution: Distribution, page: str, language: str = "en") -> str:
    return f"/{language}/data/{distribution.dataset.slug}/{distribution.position}/{page}"


@pytest.fixture
def officer() -> Any:
    person = somebody("catalogue:editor", name="Olga Officer", language="en")
    return client_of(person)


def text(response: Any) -> str:
    return response.content.decode()


# --- versions -----------------------------------------------------------------------------------
def test_the_list_says_what_each_version_is_and_names_people_to_staff_only(page_client, officer):
    distribution = published()
    another(distribution, SECOND, note="Eine Fichte mehr", person=somebody(name="Vera Vorher"))

    page, staff = (
        page_client.get(address(distribution, "versions/")),
        officer.get(address(distribution, "versions/")),
    )

    current = distribution.current
    for said in ("Eine Fichte mehr", current.sha256, "changes/?from=1&amp;to=2", "versions/1/parquet"):
        assert said in text(page)
    assert "Vera Vorher" not in text(page)
    assert "Vera Vorher" in text(staff)


def test_the_last_version_of_a_page_has_its_changes_too(page_client, monkeypatch):
    monkeypatch.setattr(versions, "PER_PAGE", 2)
    distribution = published()
    for content in (SECOND, FIRST, SECOND):
        another(distribution, content)

    pages = [
        text(page_client.get(address(distribution, f"versions/?page={number}"))) for number in ("1", "2", "x")
    ]

    changes = [re.findall(r"from=(\d)&amp;to=(\d)", page) for page in pages]
    assert changes == [[("3", "4"), ("2", "3")], [("1", "2")], [("3", "4"), ("2", "3")]]
    assert [page.count("of version") for page in pages] == [6, 6, 6]


@pytest.mark.parametrize("wanted", ["original", "csv", "parquet"])
def test_any_version_can_be_had_also_when_its_cache_is_lost(page_client, wanted: str):
    distribution = published()
    first = distribution.current
    another(distribution, SECOND)
    tables.parquet_path(first.pk).unlink()

    answer = page_client.get(address(distribution, f"versions/1/{wanted}"))

    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert {
        "original": content == FIRST,
        "csv": content.startswith("Nr,Straße,Höhe\r\n1,Ostring,4.5".encode()),
        "parquet": content.startswith(b"PAR1"),
    }[wanted]


def test_a_version_that_is_not_there_has_a_page_that_says_so(page_client):
    distribution = published()

    assert page_client.get(address(distribution, "versions/9/original")).status_code == 404
    assert page_client.get(address(distribution, "changes/?from=9&to=1")).status_code == 404


def many(distribution: Distribution, count: int) -> None:
    template = distribution.current
    for number in range(template.number + 1, count + 1):
        template.pk = TableVersion._meta.pk.get_default()
        template._state.adding, template.number = True, number
        template.save()


def test_lists_take_the_same_queries_with_one_version_and_with_thirty(officer):
    distribution = published()
    another(distribution, SECOND)
    pages = [address(distribution, page) for page in ("versions/", "changes/?from=1&to=2", "")]
    counts = []
    for number in (2, 30):
        many(distribution, number)
        row = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert officer.get(page).status_code == 200
            row.append(len(queries))
        counts.append(row)

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


# --- what changed -------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_what_changed_is_marked_in_words_and_not_by_colour_alone(page_client, language: str):
    distribution = published()
    another(distribution, SECOND)

    page = text(page_client.get(address(distribution, "changes/", language)))

    was = {"de": "4,5", "it": "4,5", "en": "4.5"}[language]
    assert "<del><span" in page
    assert f"</span>{was}</del>" in page
    assert "<ins><span" in page
    assert "Westring" in page
    assert "Nordring" in page


def test_one_version_has_nothing_to_compare_and_the_same_twice_is_the_same(page_client):
    distribution = published()

    alone = text(page_client.get(address(distribution, "changes/")))
    another(distribution, FIRST)
    same = text(page_client.get(address(distribution, "changes/")))

    assert "one version only" in alone
    assert "are the same" in same


def test_a_plain_file_cannot_be_compared_and_the_page_says_so(page_client):
    distribution = published()
    kept = tables.receive([b"%PDF-1.7"], filename="plan.pdf", media_type="application/pdf")
    imports.bring_in(distribution, kept, person=None, now=NOW)

    answer = page_client.get(address(distribution, "changes/?from=1&to=2"))

    assert answer.status_code == 400
    assert "was not read as a table" in text(answer)


def test_an_officer_chooses_what_tells_rows_apart(officer, page_client):
    distribution = published()
    another(distribution, SECOND)

    officer.post(address(distribution, "key/"), {"key": ["strasse"]})
    refused = officer.post(address(distribution, "key/"), {"key": ["gibt_es_nicht"]}, follow=True)

    distribution.refresh_from_db()
    assert distribution.key_columns == ["strasse"]
    assert "gibt_es_nicht" in text(refused)
    assert "told apart by: Straße" in text(page_client.get(address(distribution, "changes/")))
    assert page_client.post(address(distribution, "key/"), {"key": []}).status_code in {302, 403}


# --- sheets -------------------------------------------------------------------------------------
def test_an_officer_sees_all_sheets_and_reads_another(officer):
    rows = [["Nr", "Wert"], [1, 2]]
    content = files.workbook({"Erstes": rows, "Zweites": [*rows, [3, 4]]})
    distribution = published(content, "mappe.xlsx")

    report = text(officer.get(address(distribution, "recognised/")))
    officer.post(address(distribution, "part/"), {"part": "Zweites"})
    distribution.refresh_from_db()

    assert "Zweites" in report
    assert (distribution.part, distribution.current.rows, distribution.current.number) == ("Zweites", 2, 2)
    assert another(distribution, content, name="mappe.xlsx").rows == 2
    tables.parquet_path(distribution.current.pk).unlink()
    assert tables.table_of(distribution.current).exists()


def test_an_archive_with_several_tables_asks_which(officer):
    distribution = published()
    content = files.packed({"a.csv": FIRST, "b.csv": SECOND})
    kept = tables.receive([content], filename="alles.zip", media_type="application/zip")
    imports.bring_in(distribution, kept, person=None, now=NOW, at_once=True)

    asked = text(officer.get(address(distribution, "importing/")))
    officer.post(address(distribution, "part/"), {"part": "b.csv", "of": "import"})

    distribution.refresh_from_db()
    assert 'value="b.csv"' in asked
    assert (distribution.current.number, distribution.current.filename, distribution.part) == (
        2,
        "alles.zip",
        "b.csv",
    )


# --- addresses ----------------------------------------------------------------------------------
def test_an_officer_lets_a_file_follow_an_address_and_everybody_sees_a_failure(officer, page_client):
    distribution = published()
    url = "https://daten.example.org/baeume.csv"

    officer.post(address(distribution, "follow/"), {"url": url, "every": "weekly"})
    found = following.address_of(distribution)
    following._failed(found, following.NotFollowing(distribution), NOW)
    mine, public = (
        officer.get(address(distribution, "follow/")),
        page_client.get(address(distribution, "../")),
    )

    assert (found.url, found.every) == (url, "weekly")
    assert "follows no address" in text(mine)
    assert "did not give a new version" in text(page_client.get(f"/en/data/{distribution.dataset.slug}/"))
    assert public.status_code in {200, 404}
    assert officer.post(address(distribution, "follow/stop/")).status_code == 302


def test_an_address_must_be_one(officer):
    distribution = published()

    page = officer.post(address(distribution, "follow/"), {"url": "ftp://x/y", "every": "daily"})

    assert page.status_code == 200
    assert "error" in text(page)


def test_data_may_begin_at_an_address(officer):
    sent = {"title": "Zahlen", "url": "https://daten.example.org/z.csv", "every": "daily"}

    answer = officer.post("/en/data/new/address/", sent)

    distribution = Distribution.objects.get()
    assert answer.url == address(distribution, "importing/")
    assert officer.get(answer.url).status_code == 200
    assert officer.get(f"/en/data/{distribution.dataset.slug}/add/address/").status_code == 200


# --- why there is no preview --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("plan.pdf", b"%PDF-1.7", "document for people to read"),
        ("bild.png", b"\x89PNG", "is a picture"),
        ("karte.kml", b"<kml/>", "is a map format"),
        ("graph.ttl", b"<a> <b> <c> .", "linked statements"),
    ],
)
def test_a_file_without_a_preview_says_why(page_client, name: str, content: bytes, why: str):
    distribution = published(content, name)

    assert why in text(page_client.get(f"/en/data/{distribution.dataset.slug}/"))


def test_a_file_that_could_not_be_read_says_why(page_client):
    distribution = published(b"\x89PNG\r\n\x1a\n" + bytes(500), "daten.csv")

    page = text(page_client.get(f"/en/data/{distribution.dataset.slug}/"))

    assert "There is no preview: daten.csv is a picture" in page
    assert "importing" not in page
