"""What SQL sees and never sees, and how what goes wrong is told."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

from tandem.catalogue.adapters import sandbox
from tandem.catalogue.adapters.sandbox import Limits, SandboxBusy
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import sql
from tandem.catalogue.services.sql import QueryRefused, QueryTooMuch
from tests.catalogue import published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _forget_attempts():
    cache.clear()


def names():
    return [each.name for each in sql.published_tables()]


def test_a_query_finds_rows_with_kinds():
    published.dataset()

    found = sql.ask(
        "SELECT art, count(*) AS n, max(gepflanzt) AS last FROM baeume GROUP BY 1 ORDER BY 2 DESC, 1"
    )

    assert [(c.name, c.kind) for c in found.columns] == [("art", "text"), ("n", "integer"), ("last", "date")]
    assert found.rows == [
        ["Linde", 2, "2015-11-20"],
        ["Ahorn", 1, "1990-04-05"],
        ["Eiche", 1, "1975-10-15"],
        [None, 1, None],
    ]
    assert (found.cut, [each.name for each in found.tables]) == ("", ["baeume"])


def test_tables_have_readable_names_and_other_ones_too():
    made = published.dataset(title="Alte Bäume", files=2)
    (first, second) = sql.published_tables()

    assert (first.name, second.name) == ("alte_baeume", "alte_baeume_1")
    for name in (
        "alte_baeume_1",
        '"alte-baeume-1"',
        f'"{published.distribution(made, 1).pk}"',
        "ALTE_BAEUME_1",
    ):
        assert sql.ask(f"SELECT count(*) FROM {name}").rows == [[5]], name


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_what_is_not_published_is_not_there(status):
    made = published.dataset()
    assert sql.ask("SELECT count(*) FROM baeume").rows == [[5]]
    published.set_status(made, status)

    assert names() == []
    for name in ("baeume", f'"{published.distribution(made).pk}"', "tandem_0.main.rows"):
        with pytest.raises(QueryRefused):
            sql.ask(f"SELECT * FROM {name}")


def test_only_the_current_version_is_asked_and_old_files_go():
    made = published.dataset()
    sql.ask("FROM baeume")
    upload = published.tables.receive([b"Nr;Art\n1;Buche\n"], filename="b.csv", media_type="text/csv")
    published.tables.import_table(
        distribution=published.distribution(made), upload=upload, person=None, now=published.NOW
    )

    assert sql.ask("SELECT art FROM baeume").rows == [["Buche"]]
    sql.forget_old(published.NOW)
    assert len(list(sql._folder().glob("*.duckdb"))) == 1
    assert sql.prepare_tables(lambda _share, _what: None) == 1


def test_a_table_not_named_is_not_opened():
    published.dataset()
    published.dataset(title="Andere")

    assert sql.ask("SELECT DISTINCT table_name FROM information_schema.tables WHERE table_schema = 'main' "
                   "AND table_catalog = 'memory'").rows == []  # fmt: skip


@pytest.mark.parametrize(
    ("query", "said", "place"),
    [
        ("SELECT hoehe FROM baeume", "hoehe", (1, 8)),
        ("SELECT *\nFROM baeme", "no table baeme. Perhaps: baeume", (2, 6)),
        ("SELECT 1 FROM", "syntax error", None),
        ("SELECT 1; SELECT 2", "2 statements", None),
        ("  ", "no query", None),
        ("DROP TABLE baeume", "Only a SELECT", None),
        ("COPY baeume TO '/tmp/x'", "Only a SELECT", None),
        ("FROM read_csv('/etc/passwd')", "out of reach", None),
        ("FROM duckdb_settings()", "duckdb_settings", None),
        ("SELECT " + "x" * 30_000, "at most 20000", None),
        ("SELECT " + "x" * 10_000_000, "10000007 characters", None),
        ("SELECT 1 WHERE ?", "parameter", None),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_and_where(query, said, place):
    published.dataset()

    with pytest.raises(QueryRefused, match=said) as caught:
        sql.ask(query)

    if place:
        assert caught.value.details == {"line": place[0], "column": place[1]}


def test_what_is_too_much_is_told(monkeypatch):
    monkeypatch.setattr(sql, "Limits", lambda rows: Limits(rows=rows, seconds=0.5))

    with pytest.raises(QueryTooMuch, match="seconds"):
        sql.ask("WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM x) SELECT count(*) FROM x")
    with pytest.raises(QueryTooMuch, match="more memory than the 200MB"):
        sql.ask("SELECT repeat('x', 2000000000)")


def test_many_at_once_are_answered_or_told_to_wait():
    published.dataset()
    known = sql.published_tables()

    def one(number):
        try:
            return sql.ask(f"SELECT {number}, count(*) FROM baeume", tables=known).rows
        except SandboxBusy:
            return "busy"

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(one, range(24)))

    assert all(rows in ([[number, 5]], "busy") for number, rows in enumerate(found))
    assert any(rows != "busy" for rows in found)


def test_too_many_tables_at_once_are_refused(monkeypatch):
    monkeypatch.setattr(sql, "MOST_TABLES", 1)
    published.dataset(files=2)

    with pytest.raises(QueryRefused, match="2 tables"):
        sql.ask("FROM baeume, baeume_1")


def test_a_process_that_ends_is_no_harm(monkeypatch):
    published.dataset()
    sql.ask("SELECT 1")
    sandbox._waiting._process.kill()
    sandbox._waiting._process.wait()

    assert sql.ask("SELECT count(*) FROM baeume").rows == [[5]]


# --- pages --------------------------------------------------------------------------------------
def test_the_page_shows_tables_a_query_and_its_result(page_client, django_assert_num_queries):
    published.dataset()

    empty = page_client.get("/en/sql/").content.decode()
    with django_assert_num_queries(3):
        answer = page_client.get(
            "/en/sql/", {"sql": "SELECT art, hoehe_m FROM baeume ORDER BY 2 DESC NULLS LAST LIMIT 1"}
        )

    assert "baeume" in empty
    assert "hoehe_m" in empty
    assert "Eiche" in answer.content.decode()


def test_the_page_needs_as_many_queries_for_many_tables(page_client, django_assert_num_queries):
    published.dataset(files=30)

    with django_assert_num_queries(3):
        answer = page_client.get("/de/sql/", {"sql": "SELECT 1"})

    assert answer.status_code == 200


def test_the_page_says_where_a_mistake_is(page_client):
    published.dataset()

    answer = page_client.get("/en/sql/", {"sql": "SELECT art,\n  nope\nFROM baeume"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Line 2, column 3" in page
    assert "  nope\n  ^</pre>" in page


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_the_page_speaks_every_language_also_of_what_is_wrong(page_client, language):
    assert page_client.get(f"/{language}/sql/", {"sql": "DROP TABLE x"}).status_code == 400
    assert page_client.get(f"/{language}/sql/").status_code == 200


def test_results_are_downloaded(page_client):
    published.dataset()
    query = {"sql": "SELECT nr, art, gesund, hoehe_m FROM baeume ORDER BY nr LIMIT 2"}

    as_csv = page_client.get("/en/sql/result/csv", query)
    as_json = page_client.get("/en/sql/result/json", query)

    assert (
        as_csv.content.decode()
        == "nr,art,gesund,hoehe_m\r\n00001,Linde,true,12.5\r\n00002,Eiche,true,20.0\r\n"
    )
    assert as_json.json()["rows"][0] == {"nr": "00001", "art": "Linde", "gesund": True, "hoehe_m": 12.5}
    assert page_client.get("/en/sql/result/exe", query).status_code == 400


def test_programs_ask_by_the_api(client):
    published.dataset()

    def ask(body):
        return client.post("/api/v1/sql", json.dumps(body), content_type="application/json")

    found = ask({"sql": "SELECT 1 AS a, 2 AS a, art FROM baeume ORDER BY nr", "limit": 1}).json()
    wrong = ask({"sql": "SELECT nope FROM baeume"})

    assert found["rows"] == [{"a": 1, "a:1": 2, "art": "Linde"}]
    assert (found["truncated"], found["truncated_by"], found["tables"]) == (True, "rows", ["baeume"])
    assert wrong.status_code == 400
    assert wrong.json()["error"]["code"] == "catalogue.sql.refused"
    assert wrong.json()["error"]["details"] == {"line": 1, "column": 8}
    assert client.get("/api/v1/sql/tables").json()["tables"][0]["name"] == "baeume"
    assert ask({"sql": "x" * 10_000_000}).status_code in {400, 413}
    assert ask({"sql": "SELECT 1", "limit": 10**9}).json()["rows"] == [{"1": 1}]


def test_nobody_asks_without_end(client):
    from tandem.catalogue.views import sql as views

    answers = [client.get("/en/sql/", {"sql": "SELECT 1;"}).status_code for _ in range(views.PER_MINUTE + 1)]

    assert answers[-1] == 403
    assert set(answers[:-1]) == {200}


def test_harvested_datasets_without_tables_cost_nothing(django_assert_num_queries):
    published.dataset()
    Dataset.objects.create(iri="https://x.example/1", slug="x", status="published", changed_at=published.NOW)

    with django_assert_num_queries(1):
        assert names() == ["baeume"]
