"""The one way out: fetch an address over HTTP, guarded against being led astray.

The address that is checked is the address that is connected to: names are resolved here, once, and every address
they give must be public, on the first request and after each redirect. Sizes count after decompression.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from tandem.core.errors import InvalidInput, Unavailable

REDIRECTS = {301, 302, 303, 307, 308}
_LEAST_RATIO_BYTES = 5_000_000
MOST_RATIO = 200


class BadAddress(InvalidInput):
    """The address is none that may be fetched."""

    code = "kit.fetch.bad-address"

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url} was not fetched: {problem}. Give an address that begins with https:// or http://.")


class PrivateAddress(Unavailable):
    """The address lies in a private network or on this machine."""

    code = "kit.fetch.private-address"

    def __init__(self, host: str, address: str) -> None:
        super().__init__(
            f"{host} was not fetched: {address} lies in a private network or on this machine. Partners there "
            "must be named in the configuration with may_be_local = true."
        )


class TooLarge(Unavailable):
    """The answer is larger than allowed."""

    code = "kit.fetch.too-large"

    def __init__(self, url: str, said: str, most: int) -> None:
        super().__init__(f"{url} was not taken in: {said}, and at most {most} bytes are allowed (catalogue.harvest_mb).")


class CompressionBomb(Unavailable):
    """The answer is small when sent and huge when unpacked."""

    code = "kit.fetch.compression-bomb"

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} was not taken in: it unpacks to over {MOST_RATIO} times its size.")


class TooSlow(Unavailable):
    """The answer takes longer than allowed."""

    code = "kit.fetch.too-slow"

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(f"{url} did not answer in full within {seconds:.0f} s. Try again later.")


class TooManyRedirects(Unavailable):
    """The address leads from one to the next and to no end."""

    code = "kit.fetch.too-many-redirects"

    def __init__(self, url: str, most: int) -> None:
        super().__init__(f"{url} redirects more than {most} times. Ask its owner for the real address.")


class NoAnswer(Unavailable):
    """Nobody answers at the address, or not in a way that can be trusted."""

    code = "kit.fetch.no-answer"

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url} did not answer: {problem}.")


class BadStatus(Unavailable):
    """The server answers, with an error."""

    code = "kit.fetch.bad-status"

    def __init__(self, url: str, status: int) -> None:
        super().__init__(f"{url} answered with the status {status}.")
        self.status = status


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer.

    Attributes:
        url: The address in the end, after redirects.
        content: The body, decompressed; empty where it went to a file or has not changed.
        not_modified: True where the server says that nothing has changed since ``etag``.
    """

    url: str
    status: int
    media_type: str
    content: bytes = b""
    etag: str = ""
    not_modified: bool = False


def is_public(address: str) -> bool:
    """Return whether an IP address lies in the public Internet, addresses hidden in IPv6 forms included.

    >>> is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::a00:1"), is_public("9.9.9.9")
    (False, False, False, True)
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = _inner(parsed)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class _GuardedBackend(httpcore.NetworkBackend):
    """Resolves a name, refuses what is not public, and connects to just the address that it checked."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed, self._backend = allowed, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if f"{host}:{port}".lower() not in self._allowed:
            for address in addresses:
                if not is_public(address):
                    raise PrivateAddress(host, address)
        failure: Exception = OSError(f"{host} has no address")
        for address in addresses:
            try:
                return self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
        raise failure


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches addresses.

    Attributes:
        allowed: ``host:port`` that may lie on this machine or in a private network.
        max_bytes: Largest answer, decompressed.
        seconds: Longest time for one answer, redirects included.
    """

    allowed: frozenset[str] = frozenset()
    max_bytes: int = 100_000_000
    seconds: float = 60.0
    pause_seconds: float = 20.0
    max_redirects: int = 5
    agent: str = "Tandem (open city platform)"
    headers: dict[str, str] = field(default_factory=dict)

    def fetch(self, url: str, *, accept: str = "*/*", etag: str = "", to: Path | None = None) -> Fetched:
        """Fetch an address.

        Args:
            etag: What the server said the last time; an unchanged answer is not sent again.
            to: File that takes the body; without it the body is in ``content``.

        Raises:
            BadAddress: Not http(s), or with a password in it.
            PrivateAddress: It, or a redirect, leads into a private network.
            TooLarge: Content-Length or the body is over ``max_bytes``.
            CompressionBomb: A small body that unpacks to a huge one.
            TooSlow: Not finished within ``seconds``.
            TooManyRedirects: More than ``max_redirects``.
            NoAnswer: No connection, a broken one, or a certificate that cannot be trusted.
            BadStatus: The server answered with 400 or more.
        """
        until = time.monotonic() + self.seconds
        transport = httpx.HTTPTransport(trust_env=False, retries=0)
        transport._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=_GuardedBackend(self.allowed)
        )
        headers = {"User-Agent": self.agent, "Accept": accept, **self.headers}
        if etag:
            headers["If-None-Match"] = etag
        with httpx.Client(transport=transport, trust_env=False, timeout=self.pause_seconds) as client:
            here = url
            for _hop in range(self.max_redirects + 1):
                _check(here)
                found = self._one(client, here, headers, until, to)
                if isinstance(found, Fetched):
                    return found
                here = urljoin(here, found)
        raise TooManyRedirects(url, self.max_redirects)

    def _one(
        self, client: httpx.Client, url: str, headers: dict[str, str], until: float, to: Path | None
    ) -> Fetched | str:
        try:
            with client.stream("GET", url, headers=headers) as response:
                if response.status_code in REDIRECTS and "location" in response.headers:
                    return str(response.headers["location"])
                return self._take(url, response, until, to)
        except httpx.TimeoutException as error:
            raise TooSlow(url, self.pause_seconds) from error
        except (httpx.HTTPError, OSError, ssl.SSLError, httpcore.ConnectError) as error:
            raise NoAnswer(url, str(error) or type(error).__name__) from error
        except httpx.InvalidURL as error:
            raise BadAddress(url, str(error)) from error

    def _take(self, url: str, response: httpx.Response, until: float, to: Path | None) -> Fetched:
        media_type = response.headers.get("content-type", "")
        etag = response.headers.get("etag", "")[:200]
        if response.status_code == 304:
            return Fetched(url, 304, media_type, etag=etag, not_modified=True)
        if response.status_code >= 400:
            raise BadStatus(url, response.status_code)
        said = response.headers.get("content-length", "")
        if said.isdigit() and int(said) > self.max_bytes:
            raise TooLarge(url, f"it says that it has {said} bytes", self.max_bytes)
        if to is None:
            parts: list[bytes] = []
            self._read(url, response, until, parts.append)
            return Fetched(url, response.status_code, media_type, b"".join(parts), etag)
        with to.open("wb") as sink:
            self._read(url, response, until, sink.write)
        return Fetched(url, response.status_code, media_type, etag=etag)

    def _read(self, url: str, response: httpx.Response, until: float, take: Any) -> None:
        taken = 0
        for chunk in response.iter_bytes(chunk_size=65_536):
            taken += len(chunk)
            if time.monotonic() > until:
                raise TooSlow(url, self.seconds)
            if taken > self.max_bytes:
                raise TooLarge(url, f"it has more than {taken - len(chunk)} bytes", self.max_bytes)
            if taken > _LEAST_RATIO_BYTES and taken > MOST_RATIO * max(1, response.num_bytes_downloaded):
                raise CompressionBomb(url)
            take(chunk)


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadAddress(url, "only http and https are fetched")
    if parts.username or parts.password:
        raise BadAddress(url.replace(f"{parts.password}", "…"), "it has a name or a password in it")


def host_and_port(url: str) -> str:
    """Return ``host:port`` of an address, as ``Fetcher.allowed`` has it.

    >>> host_and_port("https://daten.example.org/catalogue.ttl")
    'daten.example.org:443'
    """
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


