"""The relay: reads by GET, hands on by POST, and passes nothing back."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from click.testing import CliRunner

from tandem.junctions.adapters.relay import BadAddress, Relay
from tandem.junctions.cli import junctions
from tandem.signals.publish.outlets import HttpOutlet
from tests.junctions.messages import message


class Portal:
    """A portal that writes down what it receives and answers with a command, which nobody may heed."""

    def __init__(self, status: int = 204) -> None:
        received = self.received = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.append((self.path, self.headers["Authorization"], body))
                self.send_response(status)
                self.send_header("Content-Length", "0" if status == 204 else "16")
                self.end_headers()
                if status != 204:
                    self.wfile.write(b'{"switch": "K1"}')

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/de/junctions/market-street/state"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def portal() -> Iterator[Callable[..., Portal]]:
    """Return a function that starts a portal."""
    made: list[Portal] = []

    def start(status: int = 204) -> Portal:
        made.append(Portal(status))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.fixture
def engine() -> Iterator[HttpOutlet]:
    """Return what a running engine publishes by."""
    outlet = HttpOutlet("127.0.0.1", 0)
    outlet.send(message())
    yield outlet
    outlet.close()


def test_what_the_engine_publishes_arrives_with_the_token(engine: HttpOutlet, portal):
    there = portal()
    told: list[str] = []
    relay = Relay(f"http://127.0.0.1:{engine.port}/", there.url, "secret", tell=told.append)

    assert relay.once()
    [(path, authorization, body)] = there.received
    assert (path, authorization) == ("/de/junctions/market-street/state", "Bearer secret")
    assert json.loads(body) == [message()]
    assert told == ["messages arrive"]


def test_what_the_portal_answers_goes_nowhere(engine: HttpOutlet, portal):
    there = portal(403)
    told: list[str] = []
    relay = Relay(f"http://127.0.0.1:{engine.port}/", there.url, "secret", tell=told.append)

    assert [relay.once(), relay.once()] == [False, False]
    assert told == ['the portal refuses: 403 {"switch": "K1"}']
    assert engine._last["market"] == message()


def test_an_engine_that_does_not_answer_is_told_once_and_asked_again(portal):
    there, told, rounds = portal(), [], iter(range(3))

    def sleep(_seconds: float) -> None:
        if next(rounds) == 2:
            raise KeyboardInterrupt

    relay = Relay("http://127.0.0.1:1/", there.url, "secret", tell=told.append)
    with pytest.raises(KeyboardInterrupt):
        relay.forever(now_s=lambda: 0.0, sleep=sleep)

    assert (len(told), told[0].startswith("the engine does not answer")) == (1, True)
    assert there.received == []


def test_only_what_is_new_is_handed_on_at_most_once_a_second(engine: HttpOutlet, portal):
    there, told, slept = portal(), [], []
    relay = Relay(f"http://127.0.0.1:{engine.port}/", there.url, "secret", tell=told.append)

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            engine.send(message(at_s=101.0))
        if sum(slept) > 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        relay.forever(now_s=lambda: sum(slept), sleep=sleep)

    assert [json.loads(body)[0]["state"]["at_s"] for *_to, body in there.received] == [100.0, 101.0]
    assert slept[:5] == [0.9, 0.1, 0.1, 0.9, 0.1]
    assert told == ["messages arrive", "the engine publishes nothing new"]


def test_an_engine_that_has_published_nothing_yet_is_waited_for(portal):
    outlet, there, told = HttpOutlet("127.0.0.1", 0), portal(), []
    relay = Relay(f"http://127.0.0.1:{outlet.port}/", there.url, "secret", tell=told.append)

    assert not relay.once()
    assert (told, there.received) == (["the engine has published nothing yet"], [])
    outlet.close()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "127.0.0.1:8090", "http://"])
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(BadAddress):
        Relay(url, "http://localhost/x", "secret")


def test_the_command_hands_one_message_on(engine: HttpOutlet, portal, tmp_path):
    there, file = portal(), tmp_path / "token"
    file.write_text("secret\n", "utf-8")
    arguments = ["relay", f"http://127.0.0.1:{engine.port}/", there.url, "--token-file", str(file), "--once"]

    assert CliRunner().invoke(junctions, arguments).exit_code == 0
    assert there.received[0][1] == "Bearer secret"
    file.write_text(" ", "utf-8")
    assert "holds no token" in str(CliRunner().invoke(junctions, arguments).exception)


@pytest.fixture
def babbling() -> Iterator[str]:
    """Return the address of what answers with anything but HTTP."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                there, _address = server.accept()
            except OSError:
                return
            with there:
                there.recv(4_000)
                there.sendall(b"good morning\r\n\r\n")

    threading.Thread(target=answer, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    server.close()


def test_an_engine_that_answers_with_no_http_is_told_and_asked_again(babbling: str, portal):
    there, told = portal(), []
    relay = Relay(babbling, there.url, "secret", tell=told.append)

    assert [relay.once(), relay.once()] == [False, False]
    assert (len(told), told[0].startswith("the engine does not answer")) == (1, True)


def test_a_portal_that_answers_with_no_http_is_told(engine: HttpOutlet, babbling: str):
    told: list[str] = []
    relay = Relay(f"http://127.0.0.1:{engine.port}/", babbling, "secret", tell=told.append)

    assert not relay.once()
    assert (len(told), told[0].startswith("the portal does not answer")) == (1, True)
