"""Links are asked now and then, no host hard, and what they answer counts for the datasets that name them."""

import threading
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.catalogue.domain.links import AFTER_FAILURE, AGAIN, host_of, in_turns, next_check
from tandem.catalogue.models import Dataset, Distribution, LinkCheck
from tandem.catalogue.services import links, publishing
from tandem.kit.fetch import BadStatus, Fetcher, NoAnswer, TooManyRedirects
from tests.site.content import NOW, dataset, partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


class Server(BaseHTTPRequestHandler):
    """Answers by the path: a status, a redirect, or no HEAD at all."""

    asked: ClassVar[list[str]] = []

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        Server.asked.append(f"{self.command} {self.path}")
        what = self.path.strip("/")
        if what == "endless":
            self._send(302, Location="/endless")
        elif what == "moved":
            self._send(301, Location="/200")
        elif what == "no-head":
            self._send(405 if self.command == "HEAD" else 206)
        else:
            self._send(int(what))

    def _send(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def server() -> Any:
    Server.asked.clear()
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()
    thread.join()


def elsewhere(*urls: str, **more: Any) -> Dataset:
    made = dataset(**more)
    for position, url in enumerate(urls):
        described = {"iri": f"{made.iri}/{position}", "access_url": url, "download_url": url}
        Distribution.objects.create(dataset=made, position=position, description=described)
    return made


# --- asking -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("path", "status"), [("200", 200), ("204", 204), ("moved", 200), ("no-head", 206)])
def test_an_address_that_answers(server: str, path: str, status: int):
    assert Fetcher(allowed=frozenset({server})).answers(f"http://{server}/{path}") == status


@pytest.mark.parametrize(
    ("path", "error"), [("404", BadStatus), ("500", BadStatus), ("endless", TooManyRedirects)]
)
def test_an_address_that_does_not(server: str, path: str, error: type[Exception]):
    with pytest.raises(error):
        Fetcher(allowed=frozenset({server})).answers(f"http://{server}/{path}")

    assert len(Server.asked) <= 12


def test_a_port_where_nobody_is():
    with pytest.raises(NoAnswer):
        Fetcher(allowed=frozenset({"127.0.0.1:9"})).answers("http://127.0.0.1:9/")


# --- when, and whom -----------------------------------------------------------------------------
def test_what_answers_is_asked_again_in_a_week_and_what_does_not_sooner():
    waits = [next_check(failures=number, now=NOW) - NOW for number in range(8)]

    assert waits == [AGAIN, *AFTER_FAILURE, AGAIN, AGAIN]
    assert sorted(AFTER_FAILURE) == list(AFTER_FAILURE)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), unique=True), st.integers(1, 5))
def test_no_host_is_asked_more_often_than_allowed(found: list[tuple[str, int]], per_host: int):
    urls = [f"http://{host}/{number}" for host, number in found]
    turns = list(in_turns(urls, per_host=per_host))
    hosts = Counter(host_of(url) for url in turns)

    assert hosts == {
        host: min(count, per_host) for host, count in Counter(host_of(url) for url in urls).items()
    }
    assert len(set(turns)) == len(turns)


# --- the service --------------------------------------------------------------------------------
def test_only_addresses_elsewhere_of_our_published_datasets_are_taken_up():
    elsewhere("https://a.example/1", "http://localhost:8000/files/x", "", "mailto:somebody")
    elsewhere("https://partner.example/1", source=partner())
    draft = elsewhere("https://draft.example/1")
    Dataset.objects.filter(pk=draft.pk).update(status="draft")

    assert links.note_addresses(NOW) == 1
    assert links.note_addresses(NOW) == 0
    assert list(LinkCheck.objects.values_list("url", flat=True)) == ["https://a.example/1"]

    Distribution.objects.all().delete()
    links.note_addresses(NOW)
    assert not LinkCheck.objects.exists()


def test_what_came_of_it_counts_for_the_points(server: str):
    good, bad = elsewhere(f"http://{server}/200"), elsewhere(f"http://{server}/404")
    links.note_addresses(NOW)
    pauses: list[float] = []
    done = links.check_due(NOW, ask=Fetcher(allowed=frozenset({server})).answers, pause=pauses.append)
    good.refresh_from_db()
    bad.refresh_from_db()

    assert done == (2, 1)
    assert good.points is not None
    assert bad.points is not None
    assert good.points - bad.points == 80  # both addresses answer: 50 and 30
    assert [round(each) for each in pauses] == [1]
    assert list(links.broken_of(bad)) == [f"http://{server}/404"]
    assert links.broken_of(good) == {}


def test_nothing_is_asked_before_its_time():
    elsewhere("https://a.example/1")
    links.note_addresses(NOW)
    asked: list[str] = []

    def ask(url: str) -> int:
        asked.append(url)
        return 200

    for moment in (NOW, NOW + timedelta(days=1), NOW + AGAIN):
        links.check_due(moment, ask=ask, pause=lambda _seconds: None)

    assert asked == ["https://a.example/1"] * 2


def test_checking_can_be_stopped():
    elsewhere(*(f"https://h{number}.example/" for number in range(5)))
    links.note_addresses(NOW)
    asked: list[str] = []

    def ask(url: str) -> int:
        asked.append(url)
        return 200

    links.check_due(NOW, ask=ask, cancelled=lambda: len(asked) >= 2)

    assert len(asked) == 2
    assert LinkCheck.objects.filter(answers=None).count() == 3


def test_a_withdrawn_dataset_is_forgotten():
    made = elsewhere("https://a.example/1")
    links.note_addresses(NOW)
    publishing.withdraw(made, reason="x", person=None, now=NOW)
    links.note_addresses(NOW)

    assert not LinkCheck.objects.exists()
