"""The guarded fetcher, against real servers on this machine."""

import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

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

    def answer_one_by_one(self):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def answer_slow_head(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100):
            self.wfile.write(b"X-%d: 1\r\n" % number)
            time.sleep(0.05)

    def answer_nested_bomb(self):
        self.say(200, gzip.compress(BOMB), Content_Encoding="gzip, gzip")

    def answer_packed(self):
        self.say(200, gzip.compress(b"a" * 200_000) + gzip.compress(b"b" * 10), Content_Encoding="gzip")

    def answer_packed_half(self):
        self.say(200, gzip.compress(bytes(range(256)))[:-20], Content_Encoding="gzip")

    def answer_packed_badly(self):
        self.say(200, b"this is not gzip", Content_Encoding="gzip")

    def answer_half(self):
        self.say(200, b"half", Content_Length="8")

    def answer_echo(self):
        self.say(200, "\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode())

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
        with contextlib.suppress(ConnectionError):
            super().handle()


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


@pytest.mark.parametrize("path", ["one-by-one", "slow-head"])
def test_the_total_time_holds_even_where_each_byte_comes_in_time(base, path):
    hasty = Fetcher(allowed=frozenset({host_and_port(base)}), seconds=0.5, pause_seconds=20)
    begun = time.monotonic()

    with pytest.raises(fetch.TooSlow):
        hasty.fetch(f"{base}/{path}")

    assert time.monotonic() - begun < 2


def test_layers_of_compression_are_refused_before_any_is_unpacked(base, fetcher):
    with pytest.raises(fetch.NoAnswer, match="gzip, gzip"):
        fetcher.fetch(f"{base}/nested-bomb")


def test_a_packed_answer_is_unpacked_to_its_last_member(base, fetcher):
    assert fetcher.fetch(f"{base}/packed").content == b"a" * 200_000 + b"b" * 10


@pytest.mark.parametrize("path", ["packed-half", "packed-badly", "half"])
def test_a_broken_body_is_never_taken_for_a_whole_one(base, fetcher, tmp_path, path):
    with pytest.raises(fetch.NoAnswer):
        fetcher.fetch(f"{base}/{path}", to=tmp_path / "body")

    assert list(tmp_path.iterdir()) == []


def test_what_is_meant_for_one_host_does_not_follow_a_redirect_to_another(base):
    other = base.replace("127.0.0.1", "localhost")
    both = frozenset({host_and_port(base), host_and_port(other)})
    told = Fetcher(allowed=both, headers={"Authorization": "Bearer secret"})

    elsewhere = told.fetch(f"{base}/astray/{other}/echo", etag='"7"').content.decode()
    at_home = told.fetch(f"{base}/echo", last_modified="Mon, 02 Jan 2023 00:00:00 GMT").content.decode()

    assert "secret" not in elsewhere
    assert "If-None-Match" not in elsewhere
    assert "Authorization: Bearer secret" in at_home
    assert "If-Modified-Since: Mon, 02 Jan 2023 00:00:00 GMT" in at_home


def test_proxies_of_the_environment_are_not_used(base, fetcher, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    assert fetcher.fetch(f"{base}/fine").status == 200


def test_a_name_is_resolved_once_and_what_was_checked_is_what_is_connected_to(monkeypatch):
    """A name that is public when checked and local a moment later: DNS rebinding."""
    answers = iter([[(2, 1, 6, "", ("9.9.9.9", 80))], [(2, 1, 6, "", ("127.0.0.1", 80))]])
    connected = []

    def connect(_backend, host, *_):
        connected.append(host)
        raise httpcore.ConnectError("closed")

    monkeypatch.setattr(fetch.socket, "getaddrinfo", lambda *_, **__: next(answers))
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(fetch.NoAnswer):
        Fetcher().fetch("http://rebinding.example/")

    assert connected == ["9.9.9.9"]
    assert len(list(answers)) == 1


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    found = [(2, 1, 6, "", ("9.9.9.9", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(fetch.socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(fetch.PrivateAddress, match=r"10\.0\.0\.1"):
        Fetcher().fetch("http://mixed.example/")


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    port = _serve_tls(tmp_path)

    with pytest.raises(fetch.NoAnswer, match=r"(?i)certificate"):
        Fetcher(allowed=frozenset({f"localhost:{port}"})).fetch(f"https://localhost:{port}/")


def _serve_tls(folder: Path) -> int:
    """Answer one handshake with a certificate signed by itself; return the port."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _address = listener.accept()
        with listener, connection, contextlib.suppress(OSError):
            context.wrap_socket(connection, server_side=True).close()

    threading.Thread(target=answer, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1",
        "http://x:99999/",
        "http://x:abc/",
        "",
        "//x",
        "http:///x",
        "file:///etc/passwd",
        "http://:@x/",
    ],
)
def test_an_address_that_is_none_is_said(url):
    with pytest.raises(fetch.BadAddress):
        Fetcher().fetch(url)


def test_a_refusal_does_not_repeat_the_password():
    with pytest.raises(fetch.BadAddress) as caught:
        Fetcher().fetch("http://user:hunter2@example.org/")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("host", ["a..b", "a" * 70 + ".example"])
def test_a_name_that_cannot_be_is_said(host):
    with pytest.raises(fetch.NoAnswer, match="not known"):
        Fetcher().fetch(f"http://{host}/")


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
        ("64:ff9b::808:808", True),
        ("fec0::1", False),
        ("2001:0:7f00:1::", False),
        ("ff02::1", False),
        ("240.0.0.1", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public
