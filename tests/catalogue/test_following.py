"""A distribution that follows an address: what is new is a version, what fails leaves everything as it was."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from tandem.catalogue.domain.following import Every
from tandem.catalogue.models import FollowedAddress, TableVersion
from tandem.catalogue.services import datasets, distributions, following, imports
from tandem.core.config import PartnerCity
from tandem.kit import jobs
from tandem.kit.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


class Origin:
    """A server with one file on it."""

    def __init__(self) -> None:
        self.content, self.status, self.etag, self.asked = b"a;b\n1;2\n", 200, '"1"', 0
        self.media_type = "text/csv"
        origin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                origin.asked += 1
                same = self.headers.get("If-None-Match") == origin.etag and origin.status == 200
                self.send_response(304 if same else origin.status)
                self.send_header("ETag", origin.etag)
                self.send_header("Content-Type", origin.media_type)
                self.send_header("Content-Length", "0" if same else str(len(origin.content)))
                self.end_headers()
                if not same:
                    self.wfile.write(origin.content)

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/zahlen.csv"


@pytest.fixture
def origin(settings: Any) -> Iterator[Origin]:
    found = Origin()
    root = found.url.removesuffix("/zahlen.csv")
    partner = PartnerCity("local", {"de": "Nebenan"}, root, f"{root}/catalogue.ttl", may_be_local=True)
    settings.TANDEM = replace(settings.TANDEM, partners=(partner,))
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def address(origin: Origin) -> FollowedAddress:
    dataset = datasets.begin(titles={"de": "Zahlen"}, person=None, now=NOW)
    distribution = distributions.add_distribution(dataset, titles={})
    return following.follow(distribution, url=origin.url, every=Every.DAILY, person=None, now=NOW)


def check(address: FollowedAddress) -> Job:
    address.refresh_from_db()
    job = imports.start_check(address, person=None)
    jobs.run_here(job)
    job.refresh_from_db()
    address.refresh_from_db()
    return job


def test_the_first_look_makes_a_version_and_the_same_bytes_make_none(
    origin: Origin, address: FollowedAddress
):
    first, second = check(address), check(address)
    origin.etag = '"2"'
    third = check(address)

    assert (first.state, second.result, third.result) == (
        "succeeded",
        {"unchanged": True},
        {"unchanged": True},
    )
    version = TableVersion.objects.get()
    assert (version.rows, version.source_url, version.filename) == (1, origin.url, "zahlen.csv")
    assert (address.etag, address.failures, origin.asked) == ('"2"', 0, 3)
    assert address.next_at - address.checked_at == timedelta(days=1)


def test_new_bytes_make_a_new_version(origin: Origin, address: FollowedAddress):
    check(address)
    origin.content, origin.etag = b"a;b\n1;2\n3;4\n", '"2"'
    check(address)

    assert list(TableVersion.objects.values_list("number", "rows")) == [(2, 2), (1, 1)]


@pytest.mark.parametrize(
    ("status", "content", "code"),
    [
        (500, b"", "kit.fetch.bad-status"),
        (200, b"", "catalogue.empty-file"),
        (200, b"\x89PNG\r\n\x1a\n" + bytes(100), "catalogue.table.binary"),
    ],
)
def test_a_failure_is_written_down_and_the_former_version_stays(
    origin: Origin, address: FollowedAddress, status: int, content: bytes, code: str
):
    check(address)
    origin.status, origin.content, origin.etag = status, content, '"2"'
    waits = []
    for _time in range(5):
        job = check(address)
        waits.append((address.next_at - address.checked_at).days)

    assert (job.state, job.error_code) == ("failed", code)
    assert (address.failures, address.problem["code"]) == (5, code)
    assert waits == [1, 1, 2, 4, 8]
    assert TableVersion.objects.get() == address.distribution.current
    assert len(following.problem_of(address)) > 20


def test_an_address_that_answers_again_is_asked_as_often_as_before(origin: Origin, address: FollowedAddress):
    origin.status = 503
    for _time in range(4):
        check(address)
    origin.status = 200
    check(address)

    assert (address.failures, address.problem) == (0, {})
    assert address.next_at - address.checked_at == timedelta(days=1)


def test_a_private_address_is_not_fetched(address: FollowedAddress, settings: Any):
    settings.TANDEM = replace(settings.TANDEM, partners=())

    assert check(address).error_code == "kit.fetch.private-address"


def test_what_is_due_is_begun_once(address: FollowedAddress):
    assert imports.start_due_checks(NOW - timedelta(seconds=1)) == 0
    assert imports.start_due_checks(NOW) == 1
    assert imports.start_due_checks(NOW) == 0


def test_a_pdf_is_kept_as_it_is(origin: Origin, address: FollowedAddress):
    origin.content, origin.media_type = b"%PDF-1.7 ...", "application/pdf"
    FollowedAddress.objects.update(url=origin.url.replace("zahlen.csv", "plan.pdf"))

    assert check(address).state == "succeeded"
    assert TableVersion.objects.get().report == {}


def test_who_stops_following_keeps_the_versions(address: FollowedAddress):
    check(address)
    following.stop(address.distribution, person=None)

    assert (FollowedAddress.objects.count(), TableVersion.objects.count()) == (0, 1)
    with pytest.raises(following.NotFollowing):
        following.address_of(address.distribution)


def test_an_address_that_nobody_follows_any_more_when_it_answers_is_not_followed_again(
    origin: Origin, address: FollowedAddress
):
    def stop(share: float, what: str) -> None:
        FollowedAddress.objects.all().delete()

    following.check(address, person=None, now=NOW, progress=stop, cancelled=lambda: False)

    assert FollowedAddress.objects.count() == 0


def test_an_address_that_was_changed_while_the_former_one_was_asked_is_asked_as_a_new_one(
    origin: Origin, address: FollowedAddress
):
    def change(share: float, what: str) -> None:
        following.follow(
            address.distribution, url=f"{origin.url}?neu", every=Every.WEEKLY, person=None, now=NOW
        )

    following.check(address, person=None, now=NOW, progress=change, cancelled=lambda: False)

    kept = FollowedAddress.objects.get()
    assert (kept.url, kept.every, kept.etag, kept.next_at) == (f"{origin.url}?neu", "weekly", "", NOW)
