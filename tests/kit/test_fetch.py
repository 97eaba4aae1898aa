"""The guarded fetcher, against real servers on this machine."""

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tandem.core.errors import TandemError
from tandem.kit import fetch
from tandem.kit.fetch import Fetcher, host_and_port, is_public

BOMB = gzip.compress(b"\0" * 30_000_000)


class Server(BaseHTTPRequestHandler):
    """Answers by path, well and badly."""

    def do_GET(self):
        handler = getattr(self, f"answer_{self.path.strip('/').partition('/')[0].replace('-', '_')}")
        handler()

    def say(self, status=200, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_fine(self):
        if self.headers.get("If-None-Match") == '"1"':
            self.say(304)
        else:
            self.say(200, b"<a> <b> <c> .", Content_Type="text/turtle", ETag='"1"')

    def answer_promise(self):
        self.say(200, b"only this", Content_Length=str(5 * 10**9))

    def answer_bomb(self):
        self.say(200, BOMB, Content_Encoding="gzip")

    def answer_long(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b"x" * 50_000)

    def answer_drip(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b"x" * 70_000)
            time.sleep(0.1)

    def answer_round(self):
        self.say(302, Location="/round")

    def answer_there(self):
        self.say(302, Location="/fine")

    def answer_astray(self):
        self.say(302, Location=self.path.partition("/astray/")[2])

    def answer_gone(self):
        self.say(404)

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, BrokenPipeError):
            pass


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher(base: str) -> Fetcher:
    return Fetcher(allowed=frozenset({host_and_port(base)}), max_bytes=1_000_000, seconds=5)


def test_an_allowed_local_partner_is_fetched(base, fetcher):
    found = fetcher.fetch(f"{base}/there")

    assert (found.url, found.status, found.content) == (f"{base}/fine", 200, b"<a> <b> <c> .")
    assert (found.media_type, found.etag) == ("text/turtle", '"1"')


def test_an_unchanged_answer_is_not_sent_again(base, fetcher):
    assert fetcher.fetch(f"{base}/fine", etag='"1"').not_modified


def test_a_body_can_go_to_a_file(base, fetcher, tmp_path):
    fetcher.fetch(f"{base}/fine", to=tmp_path / "body")

    assert (tmp_path / "body").read_bytes() == b"<a> <b> <c> ."


def test_a_local_address_that_nobody_named_is_refused(base):
    with pytest.raises(fetch.PrivateAddress, match=r"127\.0\.0\.1"):
        Fetcher().fetch(f"{base}/fine")


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("promise", fetch.TooLarge),
        ("long", fetch.TooLarge),
        ("round", fetch.TooManyRedirects),
        ("gone", fetch.BadStatus),
        ("astray/http://169.254.169.254/latest/meta-data", fetch.PrivateAddress),
        ("astray/http://localhost:1/", fetch.PrivateAddress),
        ("astray/http://[::1]:1/", fetch.PrivateAddress),
        ("astray/http://2130706433:1/", fetch.PrivateAddress),
        ("astray/http://0x7f.1:1/", fetch.PrivateAddress),
        ("astray/file:///etc/passwd", fetch.BadAddress),
        ("astray/ftp://example.org/x", fetch.BadAddress),
        ("astray/http://user:secret@127.0.0.1/", fetch.BadAddress),
    ],
)
def test_each_way_astray_is_refused_by_name(base, fetcher, path, refusal):
    with pytest.raises(refusal) as caught:
        fetcher.fetch(f"{base}/{path}")

    assert caught.value.code.startswith("kit.fetch.")


def test_a_compression_bomb_is_refused(base):
    patient = Fetcher(allowed=frozenset({host_and_port(base)}), max_bytes=100_000_000)

    with pytest.raises(fetch.CompressionBomb):
        patient.fetch(f"{base}/bomb")


def test_a_dripping_answer_is_given_up(base):
    hasty = Fetcher(allowed=frozenset({host_and_port(base)}), max_bytes=100_000_000, seconds=0.5)

    with pytest.raises(fetch.TooSlow):
        hasty.fetch(f"{base}/drip")


def test_nobody_there_is_said(fetcher):
    closed = Fetcher(allowed=frozenset({"127.0.0.1:9"}))

    with pytest.raises(TandemError, match="did not answer"):
        closed.fetch("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public
