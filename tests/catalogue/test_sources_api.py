"""Files, versions and addresses by the HTTP API and by the command line: the same as by the pages."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tandem.accounts.services.tokens import create_token
from tandem.catalogue.cli import dataset as command
from tandem.catalogue.models import FollowedAddress, TableVersion
from tandem.core.errors import TandemError
from tandem.kit.models import Job
from tests.accounts.people import somebody
from tests.catalogue import files
from tests.catalogue.test_versions_pages import FIRST, SECOND, another, published

pytestmark = pytest.mark.django_db
BOOK = files.workbook({"A": [["a", "b"], [1, 2]], "B": [["a", "b"], [3, 4], [5, 6]]})


class Api:
    """Calls the API as an officer, or without a token."""

    def __init__(self, secret: str = "") -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"} if secret else {}

    def call(self, method: str, path: str, data: Any = None, **more: Any) -> tuple[int, Any]:
        address = f"/api/v1/datasets/{path}"
        if method == "put":
            answer = self.client.put(
                address, json.dumps(data), content_type="application/json", headers=self.headers
            )
        else:
            answer = getattr(self.client, method)(address, data, headers=self.headers, **more)
        return answer.status_code, answer.json()


@pytest.fixture
def officer() -> Api:
    person = somebody("catalogue:editor")
    return Api(create_token(person, "test", actor=person)[1])


def test_a_sheet_is_chosen_and_a_version_noted(officer: Api):
    slug = published().dataset.slug

    sent = {"file": SimpleUploadedFile("m.xlsx", BOOK), "part": "B", "note": "neu"}
    status, job = officer.call("post", f"{slug}/files/0", sent)
    _ok, parts = officer.call("get", f"{slug}/files/0/parts")
    _ok, versions = officer.call("get", f"{slug}/files/0/versions")

    assert (status, job["state"], job["result"]["rows"]) == (202, "succeeded", 2)
    assert parts["parts"] == [
        {"name": "A", "note": "", "read": False},
        {"name": "B", "note": "", "read": True},
    ]
    assert [(each["number"], each["note"], each["rows"]) for each in versions["versions"]] == [
        (2, "neu", 2),
        (1, "", 3),
    ]
    original = Client().get(versions["versions"][0]["downloads"]["original"])
    assert b"".join(original.streaming_content) == BOOK


def test_a_file_is_added_and_another_part_read(officer: Api):
    slug = published().dataset.slug

    status, made = officer.call("post", f"{slug}/files", {"file": SimpleUploadedFile("m.xlsx", BOOK)})
    again, job = officer.call("post", f"{slug}/files/1/part", {"part": "B"})

    assert (status, made["position"], made["job"]["state"]) == (202, 1, "succeeded")
    assert (again, job["result"]["rows"]) == (202, 2)


def test_what_changed_and_by_which_key(officer: Api):
    distribution = published()
    another(distribution, SECOND)
    slug = distribution.dataset.slug

    status, found = Api().call("get", f"{slug}/files/0/changes", {"old": 1, "new": 2})
    officer.call("put", f"{slug}/files/0/key", {"columns": ["strasse"]})
    _ok, other = Api().call("get", f"{slug}/files/0/changes", {"old": 1, "new": 2})
    unknown, error = officer.call("put", f"{slug}/files/0/key", {"columns": ["x"]})

    assert (status, found["key"], found["added"], found["removed"], found["changed"], found["unchanged"]) == (
        *(200, ["nr"], 1, 1, 1),
        1,
    )
    assert other["key"] == ["strasse"]
    assert (unknown, error["error"]["code"]) == (400, "catalogue.no-such-key-column")
    assert Api().call("get", f"{slug}/files/0/changes", {"old": 1, "new": 9})[0] == 404


def test_an_address_is_followed_looked_at_and_left(officer: Api):
    slug = published().dataset.slug

    status, job = officer.call(
        "put", f"{slug}/files/0/address", {"url": "https://daten.example.org/x.csv", "every": "hourly"}
    )
    _ok, shown = officer.call("get", f"{slug}/files/0/address")
    bad, _error = officer.call("put", f"{slug}/files/0/address", {"url": "file:///etc/passwd"})
    _ok, stopped = officer.call("delete", f"{slug}/files/0/address")
    gone, _error = officer.call("get", f"{slug}/files/0/address")

    assert (status, job["kind"], Job.objects.get(pk=job["id"]).state) == (202, "catalogue.follow", "waiting")
    assert (shown["every"], shown["failures"], shown["problem"]) == ("hourly", 0, "")
    assert (bad, stopped, gone) == (400, {"stopped": True}, 404)
    assert not FollowedAddress.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "files"),
        ("post", "files/0"),
        ("get", "files/0/parts"),
        ("post", "files/0/part"),
        ("get", "files/0/address"),
        ("put", "files/0/address"),
        ("post", "files/0/address"),
        ("delete", "files/0/address"),
        ("put", "files/0/key"),
    ],
)
def test_what_changes_something_needs_a_token(method: str, path: str):
    slug = published().dataset.slug

    assert Api().call(method, f"{slug}/{path}")[0] in {401, 403}
    assert TableVersion.objects.count() == 1


# --- the command line ---------------------------------------------------------------------------
def run(*words: object) -> bytes:
    result = CliRunner().invoke(command, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def test_the_command_line_adds_lists_gets_and_compares(tmp_path: Path):
    distribution = published()
    name, book, second = distribution.dataset.slug, tmp_path / "m.xlsx", tmp_path / "baeume.csv"
    book.write_bytes(BOOK)
    second.write_bytes(SECOND)

    assert run("parts", book).decode().split() == ["A", "B"]
    assert b"2 rows" in run("add", name, book, "--part", "B")
    assert b"3 rows" in run("replace", name, second, "--note", "neu")
    assert run("versions", name).decode().count(" rows ") == 2
    assert run("versions", name, "--get", 1) == FIRST
    assert run("versions", name, "--get", 2, "--format", "csv").startswith("Nr,Straße".encode())
    assert b"+1 -1 ~1 =1" in run("changes", name, 1, 2)
    assert json.loads(run("changes", name, 1, 2, "--json"))["key"] == ["nr"]


def test_a_file_that_cannot_be_added_leaves_nothing_behind(tmp_path: Path):
    distribution = published()
    archive = tmp_path / "x.zip"
    archive.write_bytes(files.bomb())

    with pytest.raises(TandemError, match="attack"):
        run("add", distribution.dataset.slug, archive)

    assert distribution.dataset.distributions.count() == 1


def test_an_address_that_is_not_public_is_refused_and_the_schedule_stays(tmp_path: Path):
    name = published().dataset.slug

    with pytest.raises(TandemError, match="private network"):
        run("follow", name, "http://127.0.0.1:9/x.csv", "--every", "weekly")
    with pytest.raises(TandemError, match="private network"):
        run("check", name)

    assert FollowedAddress.objects.get().failures == 2
    run("unfollow", name)
    assert not FollowedAddress.objects.exists()
