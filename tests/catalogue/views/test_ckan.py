"""CKAN's Action API: envelope, who may do what, what is kept, and whatever a client may send."""

import io
import json
from typing import Any

import pytest
from django.test import Client

from tandem.accounts.models import AuditEntry
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.views.ckan_actions import ACTIONS
from tests.catalogue.views.ckan import COMPLETE, call, error, extras, result, token_of

pytestmark = pytest.mark.django_db
VALIDATION, REFUSED, MISSING = (
    (409, "Validation Error"),
    (403, "Authorization Error"),
    (404, "Not Found Error"),
)


@pytest.fixture
def publisher() -> str:
    """Return the token of a publisher."""
    return token_of("publisher")


@pytest.fixture
def trees(publisher: str) -> dict[str, Any]:
    """Return a published package."""
    return result("package_create", publisher, name="baeume", **COMPLETE)


def upload(action: str, token: str, filename: str, content: bytes, **fields: str) -> tuple[int, Any]:
    sent = io.BytesIO(content)
    sent.name = filename
    headers = {"X-CKAN-API-Key": token} if token else {}
    answer = Client().post(f"/api/action/{action}", {**fields, "upload": sent}, headers=headers)
    return answer.status_code, answer.json()


# --- envelope -----------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/api/action/", "/api/3/action/"])
def test_get_and_post_answer_in_one_envelope_that_pages_of_others_may_read(path: str, trees: dict[str, Any]):
    by_get = Client().get(f"{path}package_show", {"id": "baeume"})
    by_post = Client().post(f"{path}package_show", {"id": trees["id"]})

    assert by_get.json() == by_post.json()
    assert (set(by_get.json()), by_get.json()["success"]) == ({"help", "success", "result"}, True)
    assert by_get.headers["Access-Control-Allow-Origin"] == "*"
    asked_before = Client().options(f"{path}package_show")
    assert "Authorization" not in asked_before.headers["Access-Control-Allow-Headers"]


def test_the_site_says_what_it_speaks():
    assert Client().get("/api/3").json() == {"version": 3}
    assert result("site_read") is True
    assert {"ckan_version", "site_url", "extensions"} <= set(result("status_show"))
    assert result("help_show", name="package_show") == ACTIONS["package_show"].run.__doc__


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b'"x"', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"q": "' + b"x" * 6_000_000 + b'"}', "application/json"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=\xc3\xa4"),
    ],
    ids=["half", "list", "text", "bytes", "deep", "large", "no boundary", "odd boundary"],
)
def test_a_body_that_cannot_be_read_is_refused(body: bytes, content_type: str):
    answer = Client(raise_request_exception=False).generic(
        "POST", "/api/3/action/package_search", body, content_type
    )

    assert (answer.status_code, answer.json()["success"]) == (400, False)


def test_unknown_actions_and_versions_are_refused():
    assert error("nonsense")[:2] == (400, "Bad Request")
    assert Client().get("/api/1/action/package_list").status_code == 400
    assert Client().delete("/api/3/action/package_list").status_code == 405


# --- who may ------------------------------------------------------------------------------------
def test_changing_needs_post_and_a_token(trees: dict[str, Any]):
    changing = [name for name, each in ACTIONS.items() if each.changes]

    assert len(changing) == 8
    for name in changing:
        assert error(name, id="baeume", name="x", package_id="baeume")[:2] == REFUSED
        assert error(name, "tandem_no-token", id="baeume")[:2] == REFUSED
        assert error(name, token_of(), id="baeume", package_id="baeume")[:2] == REFUSED
        assert error(name, token_of("reader"), id="baeume", package_id="baeume")[:2] == REFUSED
        assert Client().get(f"/api/3/action/{name}", {"id": "baeume"}).status_code == 400
    assert result("package_show", id="baeume") == trees


def test_a_person_who_is_signed_in_without_a_token_is_nobody_here(trees: dict[str, Any]):
    client = Client()
    client.force_login(Dataset.objects.get().created_by)

    answer = client.post("/api/3/action/package_delete", {"id": "baeume"})

    assert answer.status_code == 403
    assert result("package_show", id="baeume") == trees


def test_an_editor_makes_drafts_and_does_not_publish(publisher: str):
    editor = token_of("editor")

    assert error("package_create", editor, name="baeume", **COMPLETE)[:2] == REFUSED
    assert Dataset.objects.count() == 0
    made = result("package_create", editor, name="baeume", private=True, **COMPLETE)
    assert (made["state"], made["private"]) == ("draft", True)
    assert error("package_patch", editor, id="baeume", private=False, state="active")[:2] == REFUSED
    shown = result("package_patch", publisher, id="baeume", private=False, state="active")
    assert (shown["state"], shown["private"]) == ("active", False)
    assert error("package_delete", editor, id="baeume")[:2] == REFUSED


def test_drafts_are_not_there_for_others(publisher: str):
    made = result("package_create", publisher, name="entwurf", private=True, **COMPLETE)
    resource = made["resources"][0]["id"]

    for token in ("", token_of(), "tandem_wrong"):
        assert error("package_show", token, id="entwurf")[:2] == MISSING
        assert error("resource_show", token, id=resource)[:2] == MISSING
        assert error("datastore_search", token, resource_id=resource)[:2] == MISSING
        assert result("package_list", token, include_drafts=True, include_private=True) == []
        assert result("package_search", token, include_private=True)["count"] == 0
        assert result("package_autocomplete", token, q="entw") == []
    assert result("package_show", token_of("reader"), id="entwurf") == made
    assert result("package_list", publisher, include_drafts=True) == ["entwurf"]


def test_users_are_shown_to_colleagues_without_their_addresses(publisher: str):
    assert error("user_list")[:2] == REFUSED
    assert error("user_list", token_of())[:2] == REFUSED
    users = result("user_list", publisher)
    assert [each["fullname"] for each in users] == ["Person 0"]
    assert "@" not in json.dumps(users)
    assert result("user_show", publisher)["name"] == users[0]["name"]
    assert result("user_list", publisher, all_fields=False) == [users[0]["name"]]


# --- packages -----------------------------------------------------------------------------------
def test_a_package_is_a_dataset_with_its_page_and_its_trail(trees: dict[str, Any]):
    row = Dataset.objects.get(slug="baeume")
    actions = set(AuditEntry.objects.filter(subject=row.iri).values_list("action", flat=True))

    assert (str(row.pk), row.status) == (trees["id"], "published")
    assert Client().get("/de/data/baeume/").status_code == 200
    assert actions == {"catalogue.dataset.begin", "catalogue.dataset.describe", "catalogue.dataset.publish"}
    assert "+" not in trees["metadata_modified"]
    assert not trees["metadata_modified"].endswith("Z")


def test_the_catalogue_for_machines_takes_what_clients_say(publisher: str):
    result(
        "package_create",
        publisher,
        name="b1",
        custom={"a": 'ü\n"\\'},
        extras=[{"key": "ä <>", "value": "x\ty"}],
        **COMPLETE,
    )

    feed = Client().get("/catalogue.ttl")

    assert feed.status_code == 200
    assert "urn:tandem:ckan" in feed.content.decode()


def test_update_replaces_and_patch_changes(publisher: str, trees: dict[str, Any]):
    result(
        "package_patch",
        publisher,
        id="baeume",
        tags=[{"name": "Linde"}],
        extras=[{"key": "own", "value": "1"}],
    )
    patched = result(
        "package_patch", publisher, id=trees["id"], title="Straßenbäume", url="https://a.example/"
    )
    updated = result("package_update", publisher, id="baeume", **COMPLETE)

    assert (patched["title"], [each["name"] for each in patched["tags"]]) == ("Straßenbäume", ["Linde"])
    assert extras(patched)["own"] == "1"
    assert (updated["title"], updated["tags"], updated["url"]) == ("Bäume", [], "")
    assert "own" not in extras(updated)
    assert updated["metadata_modified"] > patched["metadata_modified"] > trees["metadata_modified"]


def test_what_was_shown_can_be_sent_back_and_nothing_changes(publisher: str):
    said = {"author": "A", "version": "3", "deep": [{"a": None}], "maintainer": "M", "tags": [{"name": "a"}]}
    made = result("package_create", publisher, name="x1", **COMPLETE, **said)

    again = result("package_update", publisher, **made)

    moving = {"metadata_modified", "resources"}
    assert {k: v for k, v in again.items() if k not in moving} == {
        k: v for k, v in made.items() if k not in moving
    }
    assert [each["id"] for each in again["resources"]] == [each["id"] for each in made["resources"]]
    assert said.items() <= {**again, "tags": [{"name": each["name"]} for each in again["tags"]]}.items()


def test_a_package_without_files_waits_for_them_and_then_is_public(publisher: str):
    waiting = result(
        "package_create", publisher, name="zaehlung", title="Zählung", notes="x", license_id="CC0-1.0"
    )
    assert (waiting["state"], error("package_show", id="zaehlung")[:2]) == ("draft", MISSING)

    status, answer = upload(
        "resource_create", publisher, "z.csv", b"a;b\n1;2\n", package_id="zaehlung", name="Z"
    )

    assert (status, answer["success"]) == (200, True)
    shown = result("package_show", id="zaehlung")
    assert (shown["state"], shown["license_id"], "tandem_to_be_published" in shown) == (
        "active",
        "CC0-1.0",
        False,
    )


def test_a_dataset_in_review_is_a_draft_and_can_be_changed_but_not_deleted(publisher: str):
    result("package_create", publisher, name="entwurf", private=True, **COMPLETE)
    Dataset.objects.update(status="review")

    assert error("package_show", id="entwurf")[:2] == MISSING
    shown = result("package_show", publisher, id="entwurf")
    assert (shown["state"], shown["private"]) == ("draft", True)
    assert result("package_list", publisher, include_drafts=True) == ["entwurf"]
    assert result("package_patch", publisher, id="entwurf", notes="Neu", private=True)["notes"] == "Neu"
    assert error("package_delete", publisher, id="entwurf")[:2] == VALIDATION
    assert Dataset.objects.get().status == "review"


def test_delete_withdraws_what_was_public_and_discards_drafts(publisher: str, trees: dict[str, Any]):
    result("package_create", publisher, name="entwurf", private=True, **COMPLETE)
    result("package_delete", publisher, id="entwurf")
    result("package_delete", publisher, id="baeume", reason="Doppelt")

    assert list(Dataset.objects.values_list("slug", "status", "withdrawal_reason")) == [
        ("baeume", "withdrawn", "Doppelt")
    ]
    assert error("package_show", id="baeume")[:2] == MISSING
    assert result("package_show", publisher, id="baeume")["state"] == "deleted"
    assert result("package_search")["count"] == 0
    assert result("package_patch", publisher, id="baeume", state="active")["state"] == "active"
    assert result("package_search")["count"] == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "Not A Name"}, "name"),
        ({"name": "../../etc"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "baeume"}, "name"),
        ({"name": ["x"]}, "name"),
        ({"id": "no-uuid"}, "id"),
        ({"title": {"de": "x"}}, "title"),
        ({"notes": ""}, "notes"),
        ({"license_id": ""}, "license_id"),
        ({"owner_org": "nobody"}, "owner_org"),
        ({"resources": "x"}, "resources"),
        ({"resources": [1]}, "resources"),
        ({"resources": [{"id": "x", "url": "https://a.example"}]}, "resources"),
        ({"resources": [{"name": "no address"}]}, "resources"),
        ({"extras": [{"key": "tandem_extra", "value": '["<urn:x> <urn:y> <urn:z> ."]'}]}, "tandem_extra"),
        ({"extras": [{"key": "tandem_extra", "value": '["nonsense"]'}]}, "tandem_extra"),
        ({"extras": [{"key": "tandem_spatial", "value": "[1]"}]}, "extras"),
        ({"title": "a\x00b"}, "title"),
    ],
)
def test_a_package_that_cannot_be_names_the_field_and_leaves_nothing(
    publisher: str, trees: dict[str, Any], changed: dict[str, Any], field: str
):
    package = {"name": "neu", **COMPLETE, **changed}

    assert error("package_create", publisher, **package) == (*VALIDATION, [field])
    assert list(Dataset.objects.values_list("slug", flat=True)) == ["baeume"]
    assert Distribution.objects.count() == 1


def test_a_failed_update_leaves_everything(publisher: str, trees: dict[str, Any]):
    for changed in ({"notes": ""}, {"resources": [{"name": "x"}]}, {"name": "other"}, {"private": True}):
        assert error("package_patch", publisher, id="baeume", **changed)[:2] == VALIDATION
    assert result("package_show", id="baeume") == trees


def test_an_id_can_be_chosen_once(publisher: str, trees: dict[str, Any]):
    identity = "00000000-0000-4000-8000-000000000001"
    made = result("package_create", publisher, name="neu", id=identity, **COMPLETE)

    assert made["id"] == identity
    assert error("package_create", publisher, name="neuer", id=identity, **COMPLETE) == (*VALIDATION, ["id"])
    taken = {**COMPLETE, "resources": [{"id": trees["resources"][0]["id"], "url": "https://a.example/x"}]}
    assert error("package_create", publisher, name="neuer", **taken) == (*VALIDATION, ["resources"])


# --- resources ----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_file_is_a_table_at_once_and_can_be_had_byte_for_byte(publisher: str, trees: dict[str, Any]):
    content = "Bezirk;Höhe;PLZ\nNord;3,5;00123\nSüd;4,25;59065\n".encode("cp1252")
    _status, answer = upload(
        "resource_create", publisher, "höhe.csv", content, package_id="baeume", name="Höhe"
    )
    made = answer["result"]

    assert (made["url_type"], made["format"], made["size"], made["datastore_active"]) == (
        "upload",
        "CSV",
        len(content),
        True,
    )
    file = Client().get(made["url"].removeprefix("http://localhost:8000"))
    assert b"".join(file.streaming_content) == content
    file.close()
    rows = result(
        "datastore_search", resource_id=made["id"], filters={"Bezirk": ["Süd", "West"]}, fields="plz,hoehe"
    )
    assert (rows["records"], rows["total"]) == ([{"plz": "59065", "hoehe": 4.25}], 1)
    assert result("package_show", id="baeume")["num_resources"] == 2


@pytest.mark.django_db(transaction=True)
def test_a_new_file_is_a_new_version_and_one_that_is_no_table_stays_a_file(
    publisher: str, trees: dict[str, Any]
):
    _status, first = upload(
        "resource_create", publisher, "a.csv", b"a;b\n1;2\n", package_id="baeume", name="A", format="strange"
    )
    identity = first["result"]["id"]
    _status, second = upload("resource_patch", publisher, "b.csv", b"a;b\n1;2\n3;4\n", id=identity)
    _status, third = upload("resource_update", publisher, "c.bin", bytes(range(256)), id=identity, name="C")

    assert [each["result"]["format"] for each in (first, second)] == ["CSV", "CSV"]
    assert [each["result"]["datastore_active"] for each in (first, second, third)] == [True, True, False]
    assert [each["result"]["name"] for each in (second, third)] == ["A", "C"]
    numbers = Distribution.objects.get(pk=identity).versions.values_list("number", "rows")
    assert sorted(numbers) == [(1, 1), (2, 2), (3, 0)]
    former = Client().get(first["result"]["url"].removeprefix("http://localhost:8000"))
    assert b"".join(former.streaming_content) == b"a;b\n1;2\n"
    former.close()


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\boot.ini", "/abs/a.csv", ".csv", "a" * 400 + ".csv", "a\nb.csv"]
)
def test_names_of_files_are_only_names(publisher: str, trees: dict[str, Any], name: str):
    status, answer = upload("resource_create", publisher, name, b"a;b\n1;2\n", package_id="baeume")

    assert status == 200
    last = answer["result"]["url"].rpartition("/1/")[2]
    assert last
    assert not {"/", "\\", ".."} & {*last, last[:2]}


def test_an_upload_without_a_token_or_without_bytes_leaves_nothing(publisher: str, trees: dict[str, Any]):
    assert upload("resource_create", "", "a.csv", b"a;b\n1;2\n", package_id="baeume")[0] == 403
    assert upload("resource_create", publisher, "a.csv", b"", package_id="baeume")[0] == 409
    assert upload("resource_create", publisher, "a.csv", b"a;b\n1;2\n", package_id="unknown")[0] == 404
    assert result("package_show", id="baeume") == trees


def test_resources_are_changed_one_by_one(publisher: str, trees: dict[str, Any]):
    first = trees["resources"][0]
    made = result(
        "resource_create",
        publisher,
        package_id="baeume",
        url="https://a.example/b.json",
        format="JSON",
        own="x",
    )
    patched = result("resource_patch", publisher, id=made["id"], description="Zwei")
    updated = result("resource_update", publisher, id=made["id"], url="https://a.example/c.xml", name="C")
    result("resource_delete", publisher, id=first["id"])

    assert (made["own"], made["license"]) == ("x", first["license"])
    assert (patched["url"], patched["own"], patched["description"]) == (
        "https://a.example/b.json",
        "x",
        "Zwei",
    )
    assert (updated["url"], updated["name"], "own" in updated) == ("https://a.example/c.xml", "C", False)
    assert [each["id"] for each in result("package_show", id="baeume")["resources"]] == [made["id"]]
    assert error("resource_show", id=first["id"])[:2] == MISSING
    assert result("resource_view_list", id=made["id"]) == []


def test_the_packages_licence_is_that_of_its_resources(publisher: str, trees: dict[str, Any]):
    patched = result("package_patch", publisher, id="baeume", license_id="dl-de-zero-2.0")

    assert patched["license_id"] == "DL-DE-ZERO-2.0"
    assert patched["resources"][0]["license"] == "http://dcat-ap.de/def/licenses/dl-zero-de/2.0"


# --- tables -------------------------------------------------------------------------------------
def test_rows_of_tables(publisher: str, trees: dict[str, Any]):
    content = b"name;zahl;tag\nA;1;2024-01-01\nB;2;2024-01-02\nC;3;\nB b;4;2024-01-04\n"
    identity = upload("resource_create", publisher, "t.csv", content, package_id="baeume")[1]["result"]["id"]

    def rows(**asked: Any) -> Any:
        return result("datastore_search", resource_id=identity, **asked)["records"]

    assert [each["name"] for each in rows(sort="zahl desc", limit=2)] == ["B b", "C"]
    assert [each["zahl"] for each in rows(q="b")] == [2, 4]
    assert [each["zahl"] for each in rows(q={"name": "A"})] == [1]
    assert rows(filters={"tag": None}, fields=["zahl"]) == [{"zahl": 3}]
    assert rows(records_format="lists", limit=1) == [["A", 1, "2024-01-01"]]
    assert rows(records_format="csv", limit=1) == "A,1,2024-01-01\n"
    assert rows(limit=0) == []
    assert "total" not in result("datastore_search", resource_id=identity, include_total=False)
    assert result("datastore_info", id=identity)["meta"]["count"] == 4
    for wrong in ({"fields": ["x"]}, {"filters": {"x": 1}}, {"sort": "x"}, {"limit": -1}, {"q": {"x": 1}}):
        assert error("datastore_search", resource_id=identity, **wrong)[:2] == VALIDATION
    assert error("datastore_search", resource_id=identity, filters={"zahl": "many"})[:2] == VALIDATION
    assert error("datastore_search", resource_id=trees["resources"][0]["id"])[:2] == MISSING


# --- what else clients ask ----------------------------------------------------------------------
ODD = ["x", -1, [], {}, [[]], {"a": {}}, True, None, "'", "9" * 5_000, "\x00", "ä" * 50, 1e400]


def test_odd_values_never_break_an_action(trees: dict[str, Any]):
    names = (
        "id",
        "q",
        "fq",
        "sort",
        "rows",
        "start",
        "limit",
        "offset",
        "facet.field",
        "resource_id",
        "filters",
    )
    reading = [name for name, each in ACTIONS.items() if not each.changes]
    asked = [(action, dict.fromkeys(names, value)) for action in reading for value in ODD]
    asked += [("package_search", {name: value}) for name in names for value in ODD]
    for action, parameters in asked:
        status, answer = call(action, **parameters)
        assert status in {200, 400, 403, 404, 409}, (action, parameters, answer)
        assert answer["success"] is (status == 200)


def test_odd_values_never_break_what_changes(publisher: str, trees: dict[str, Any]):
    names = (
        "title",
        "notes",
        "tags",
        "groups",
        "extras",
        "resources",
        "license_id",
        "owner_org",
        "private",
        "state",
    )
    for name in (*names, "url", "maintainer", "title_translated", "tags_translated", "own", "tandem_spatial"):
        for value in ODD:
            status, answer = call("package_patch", publisher, id="baeume", **{name: value})
            assert status in {200, 409}, (name, value, answer)
            again = result("package_show", publisher, id="baeume")
            if again["state"] == "deleted":
                result("package_patch", publisher, id="baeume", state="active")
        assert Client().get("/catalogue.ttl").status_code == 200, name


def test_a_table_answers_to_sql_by_its_resources_id(publisher: str, trees: dict[str, Any]):
    _status, made = upload(
        "resource_create",
        publisher,
        "b.csv",
        b"Art;Zahl\nLinde;3\nEiche;4\n",
        package_id=trees["id"],
        name="B",
    )
    identity = made["result"]["id"]
    found = result("datastore_search_sql", sql=f'SELECT sum(zahl) AS alle FROM "{identity}"')

    assert ([each["id"] for each in found["fields"]], found["records"]) == (["alle"], [{"alle": 7}])
    assert error("datastore_search_sql", sql=f'DELETE FROM "{identity}"')[0] >= 400
    assert error("datastore_search_sql", sql="SELECT * FROM read_csv('/etc/passwd')")[0] >= 400
