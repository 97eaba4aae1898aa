"""From the network of the signals to the portal, one way: read what an engine publishes, hand it on.

It runs beside the engine and needs no portal there. The engine is asked by ``GET`` alone and is sent nothing; what
the portal answers is not passed on. So the portal need not know where the engine is, and cannot reach it.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tandem.core.errors import InvalidInput
from tandem.core.text import say

MOST_BYTES = 64_000
TIMEOUT_S = 2.0
LOOKS_EVERY_S = 0.1
SENDS_EVERY_S = 0.9
STANDS_STILL_S = 3.0
NOTHING_YET = b"[]"
_NO_ANSWER = (OSError, http.client.HTTPException)  # nobody there, or nobody who speaks HTTP
Tell = Callable[[str], None]


class BadAddress(InvalidInput):
    """An address is none that can be read from or sent to."""

    code = "junctions.relay.bad-address"

    def __init__(self, url: str) -> None:
        super().__init__(say("{url} is no address that begins with http:// or https://.", url=url))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token goes to the address that was named and to no other."""

    def redirect_request(self, *_arguments: object, **_named: object) -> None:
        """Follow nothing."""


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


@dataclass(slots=True)
class Relay:
    """Hands an engine's messages on to a junction's page.

    Attributes:
        engine: Where the engine publishes: ``http://127.0.0.1:8090/``.
        portal: Where the junction's state is received: ``https://…/de/junctions/market-street/state``.
        token: Of the junction.
        tell: Called whenever something begins or stops to work.

    Raises:
        BadAddress: One of the addresses is none.
    """

    engine: str
    portal: str
    token: str
    tell: Tell = lambda _said: None
    _said: str = ""
    _sent: bytes = b""

    def __post_init__(self) -> None:
        for url in (self.engine, self.portal):
            if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
                raise BadAddress(url)

    def once(self) -> bool:
        """Hand one message on; return whether it arrived."""
        message = self._look()
        return message is not None and self._hand_on(message)

    def forever(self, *, now_s: Callable[[], float], sleep: Callable[[float], None]) -> None:
        """Hand on whatever is new, at most once a second, until somebody stops it.

        The engine is looked at more often than it publishes, so that what it publishes waits for nobody.
        """
        sent_s = now_s()
        while True:
            message = self._look()
            new = message is not None and message != self._sent
            if new and self._hand_on(message or b""):
                sent_s = now_s()
            elif message is not None and not new and now_s() - sent_s >= STANDS_STILL_S:
                self._note("the engine publishes nothing new")
            sleep(SENDS_EVERY_S if new or message is None else LOOKS_EVERY_S)

    def _look(self) -> bytes | None:
        try:
            message = self._read()
        except _NO_ANSWER as error:
            self._note(f"the engine does not answer: {error}")
            return None
        if message.strip() == NOTHING_YET:
            self._note("the engine has published nothing yet")
            return None
        return message

    def _hand_on(self, message: bytes) -> bool:
        try:
            self._send(message)
        except urllib.error.HTTPError as error:
            with error:
                problem = error.read(2_000).decode("utf-8", errors="replace")
            return self._note(f"the portal refuses: {error.code} {problem}")
        except _NO_ANSWER as error:
            return self._note(f"the portal does not answer: {error}")
        self._sent = message
        self._note("messages arrive")
        return True

    def _read(self) -> bytes:
        request = urllib.request.Request(self.engine, method="GET")  # noqa: S310 - checked above
        with _opener.open(request, timeout=TIMEOUT_S) as answer:
            content: bytes = answer.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise OSError(f"its message is larger than {MOST_BYTES} bytes")
        return content

    def _send(self, message: bytes) -> None:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json",
        }
        request = urllib.request.Request(self.portal, message, headers, method="POST")  # noqa: S310 - checked above
        with _opener.open(request, timeout=TIMEOUT_S) as answer:
            answer.read(MOST_BYTES)

    def _note(self, said: str) -> bool:
        if said != self._said:
            self._said = said
            self.tell(said)
        return False
