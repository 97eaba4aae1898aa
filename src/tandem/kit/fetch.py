"""The one way out: fetch an address over HTTP, guarded against being led astray.

The address that is checked is the address that is connected to: names are resolved here, once, and every
address they give must be public, on the first request and after each redirect. Sizes count after
decompression, which is done here in small pieces, one layer deep. The total time holds for every single read,
handshakes and headers included.
"""

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from tandem.core.errors import InvalidInput, Unavailable
from tandem.core.text import say

REDIRECTS = {301, 302, 303, 307, 308}
MOST_RATIO = 200
_LEAST_RATIO_BYTES = 5_000_000
_PIECE_BYTES = 65_536
_EITHER_ZLIB_HEADER = zlib.MAX_WBITS | 32
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


class BadAddress(InvalidInput):
    """The address is none that may be fetched."""

    code = "kit.fetch.bad-address"

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(
            say(
                "{url} was not fetched: {problem}. Give an address that begins with https:// or http://.",
                url=url,
                problem=problem,
            )
        )


class PrivateAddress(Unavailable):
    """The address lies in a private network or on this machine."""

    code = "kit.fetch.private-address"

    def __init__(self, host: str, address: str) -> None:
        super().__init__(
            say(
                "{host} was not fetched: {address} lies in a private network or on this machine. Partners "
                "there must be named in the configuration with may_be_local = true.",
                host=host,
                address=address,
            )
        )


class TooLarge(Unavailable):
    """The answer is larger than allowed."""

    code = "kit.fetch.too-large"

    def __init__(self, url: str, said: str, most: int) -> None:
        super().__init__(
            say(
                "{url} was not taken in: {said}, and at most {most} bytes are allowed "
                "(catalogue.harvest_mb).",
                url=url,
                said=said,
                most=most,
            )
        )


class CompressionBomb(Unavailable):
    """The answer is small when sent and huge when unpacked."""

    code = "kit.fetch.compression-bomb"

    def __init__(self, url: str) -> None:
        super().__init__(
            say(
                "{url} was not taken in: it unpacks to over {most_ratio} times its size.",
                url=url,
                most_ratio=MOST_RATIO,
            )
        )


class TooSlow(Unavailable):
    """The answer takes longer than allowed."""

    code = "kit.fetch.too-slow"

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(
            say(
                "{url} did not answer in full within {seconds} s. Try again later.",
                url=url,
                seconds=f"{seconds:.0f}",
            )
        )


class TooManyRedirects(Unavailable):
    """The address leads from one to the next and to no end."""

    code = "kit.fetch.too-many-redirects"

    def __init__(self, url: str, most: int) -> None:
        super().__init__(
            say(
                "{url} redirects more than {most} times. Ask its owner for the real address.",
                url=url,
                most=most,
            )
        )


class NoAnswer(Unavailable):
    """Nobody answers at the address, or not in a way that can be trusted."""

    code = "kit.fetch.no-answer"

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(say("{url} did not answer: {problem}.", url=url, problem=problem))


class BadStatus(Unavailable):
    """The server answers, with an error."""

    code = "kit.fetch.bad-status"

    def __init__(self, url: str, status: int) -> None:
        super().__init__(say("{url} answered with the status {status}.", url=url, status=status))
        self.status = status


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer.

    Attributes:
        url: The address in the end, after redirects.
        content: The body, decompressed; empty where it went to a file or has not changed.
        etag: To be sent the next time; likewise ``last_modified``.
        not_modified: True where the server says that nothing has changed since then.
    """

    url: str
    status: int
    media_type: str
    content: bytes = b""
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False


def is_public(address: str) -> bool:
    """Return whether an IP address lies in the public Internet, addresses hidden in IPv6 forms included.

    >>> [is_public(address) for address in ("10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "9.9.9.9")]
    [False, False, False, True]
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = _inner(parsed)
        if inner is not None:
            return is_public(str(inner))
        if parsed not in _GLOBAL_UNICAST:
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _time_left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(left, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A connection on which nothing waits beyond the end of the total time."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _time_left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _time_left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, _time_left(self._until, timeout))
        return _TimedStream(inner, self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Resolves a name, refuses what is not public, and connects to just the address that it checked."""

    def __init__(self, allowed: frozenset[str], until: float) -> None:
        self._allowed, self._until, self._backend = allowed, until, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _resolve(host, port)
        if f"{host}:{port}".lower() not in self._allowed:
            for address in addresses:
                if not is_public(address):
                    raise PrivateAddress(host, address)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            left = _time_left(self._until, timeout)
            try:
                stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._until)
        raise failure


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} is not known") from error
    return [str(info[4][0]) for info in found]


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches addresses.

    Attributes:
        allowed: ``host:port`` that may lie on this machine or in a private network.
        max_bytes: Largest answer, decompressed.
        seconds: Longest time for one answer, redirects included; only the system's look-up of a name may add
            its own limit.
        pause_seconds: Longest time without a single byte.
        headers: Further ones, sent to the address's own host and port only, not to where it redirects.
    """

    allowed: frozenset[str] = frozenset()
    max_bytes: int = 100_000_000
    seconds: float = 60.0
    pause_seconds: float = 20.0
    max_redirects: int = 5
    agent: str = "Tandem (open city platform)"
    headers: dict[str, str] = field(default_factory=dict)

    def fetch(
        self,
        url: str,
        *,
        accept: str = "*/*",
        etag: str = "",
        last_modified: str = "",
        to: Path | None = None,
    ) -> Fetched:
        """Fetch an address.

        Args:
            url: With http or https.
            accept: The media types that are wanted.
            etag: What the server said the last time; an unchanged answer is not sent again.
            last_modified: Likewise.
            to: File that takes the body; without it the body is in ``content``. No half a file stays.

        Raises:
            BadAddress: Not http(s), or with a password in it.
            PrivateAddress: It, or a redirect, leads into a private network.
            TooLarge: Content-Length or the body is over ``max_bytes``.
            CompressionBomb: A small body that unpacks to a huge one.
            TooSlow: Not finished within ``seconds``, or silent for ``pause_seconds``.
            TooManyRedirects: More than ``max_redirects``.
            NoAnswer: No connection, a broken one, or a certificate that cannot be trusted.
            BadStatus: The server answered with 400 or more.
        """
        until = time.monotonic() + self.seconds
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        own = {**self.headers, **{name: value for name, value in conditions.items() if value}}
        with self._client(until) as client:
            here = url
            for _hop in range(self.max_redirects + 1):
                _check(here)
                headers = {"User-Agent": self.agent, "Accept": accept, "Accept-Encoding": "gzip"}
                if host_and_port(here) == host_and_port(url):
                    headers |= own
                found = self._one(client, here, headers, until, to)
                if isinstance(found, Fetched):
                    return found
                here = _follow(here, found)
        raise TooManyRedirects(url, self.max_redirects)

    def answers(self, url: str) -> int:
        """Ask an address for its head, or else for its first byte, and return the status in the end, 200 to 399.

        Raises:
            BadAddress, PrivateAddress, TooSlow, TooManyRedirects, NoAnswer, BadStatus: As ``fetch`` does.
        """
        until = time.monotonic() + self.seconds
        with self._client(until) as client:
            here, method = url, "HEAD"
            for _hop in range(2 * self.max_redirects + 2):
                _check(here)
                status, onward = self._head(client, method, here, until)
                if onward:
                    here = _follow(here, onward)
                elif status < 400:
                    return status
                elif method == "HEAD":  # some servers know no HEAD, or answer it wrongly
                    here, method = url, "GET"
                else:
                    raise BadStatus(here, status)
        raise TooManyRedirects(url, self.max_redirects)

    def _head(self, client: httpx.Client, method: str, url: str, until: float) -> tuple[int, str]:
        """Return an answer's status, and where it leads on to; its body is not read."""
        headers = {"User-Agent": self.agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        headers |= {"Range": "bytes=0-0"} if method == "GET" else {}
        with self._errors_of(url, until), client.stream(method, url, headers=headers) as response:
            leads_on = response.status_code in REDIRECTS and "location" in response.headers
            return response.status_code, str(response.headers["location"]) if leads_on else ""

    def _client(self, until: float) -> httpx.Client:
        transport = httpx.HTTPTransport(trust_env=False, retries=0)
        transport._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=_GuardedBackend(self.allowed, until)
        )
        return httpx.Client(transport=transport, trust_env=False, timeout=self.pause_seconds)

    def _one(
        self, client: httpx.Client, url: str, headers: dict[str, str], until: float, to: Path | None
    ) -> Fetched | str:
        with self._errors_of(url, until), client.stream("GET", url, headers=headers) as response:
            if response.status_code in REDIRECTS and "location" in response.headers:
                return str(response.headers["location"])
            return self._take(url, response, to)

    @contextmanager
    def _errors_of(self, url: str, until: float) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            over = time.monotonic() >= until
            raise TooSlow(url, self.seconds if over else self.pause_seconds) from error
        except (httpx.HTTPError, ssl.SSLError, zlib.error) as error:
            raise NoAnswer(url, str(error) or type(error).__name__) from error
        except httpx.InvalidURL as error:
            raise BadAddress(url, str(error)) from error

    def _take(self, url: str, response: httpx.Response, to: Path | None) -> Fetched:
        found = Fetched(
            url,
            response.status_code,
            response.headers.get("content-type", ""),
            etag=response.headers.get("etag", "")[:200],
            last_modified=response.headers.get("last-modified", "")[:100],
            not_modified=response.status_code == 304,
        )
        if found.not_modified:
            return found
        if found.status >= 400:
            raise BadStatus(url, found.status)
        said = response.headers.get("content-length", "")
        if said.isdigit() and int(said) > self.max_bytes:
            raise TooLarge(url, f"it says that it has {said} bytes", self.max_bytes)
        if to is None:
            parts: list[bytes] = []
            self._read(url, response, parts.append)
            return replace(found, content=b"".join(parts))
        try:
            with to.open("wb") as sink:
                self._read(url, response, sink.write)
        except BaseException:
            to.unlink(missing_ok=True)
            raise
        return found

    def _read(self, url: str, response: httpx.Response, take: Callable[[bytes], Any]) -> None:
        taken = 0
        for piece in _unpacked(url, response):
            taken += len(piece)
            if taken > _LEAST_RATIO_BYTES and taken > MOST_RATIO * max(1, response.num_bytes_downloaded):
                raise CompressionBomb(url)
            if taken > self.max_bytes:
                raise TooLarge(url, f"it has more than {self.max_bytes} bytes", self.max_bytes)
            take(piece)


def _unpacked(url: str, response: httpx.Response) -> Iterator[bytes]:
    """Yield the body, decompressed, in pieces of at most 64 KiB, whatever the server packs into one."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in {"", "identity"}:
        yield from response.iter_raw(_PIECE_BYTES)
    elif packing in {"gzip", "x-gzip", "deflate"}:
        yield from _inflated(url, response.iter_raw())
    else:
        raise NoAnswer(url, f"it is packed as {packing[:50]!r}, which nobody asked for")


def _inflated(url: str, packed: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_EITHER_ZLIB_HEADER)
    begun = False
    for chunk in packed:
        begun, waiting = True, chunk
        while waiting:
            if unpacker.eof:
                unpacker = zlib.decompressobj(_EITHER_ZLIB_HEADER)
            yield unpacker.decompress(waiting, _PIECE_BYTES)
            waiting = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    while begun and not unpacker.eof and (piece := unpacker.decompress(b"", _PIECE_BYTES)):
        yield piece
    if begun and not unpacker.eof:
        raise NoAnswer(url, "its compressed body breaks off")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it raises ValueError where it is no number
    except ValueError as error:
        raise BadAddress(url, str(error)) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadAddress(url, "only http and https are fetched")
    if parts.username is not None or parts.password is not None:
        raise BadAddress(f"{parts.scheme}://…@{parts.hostname}", "it has a name or a password in it")


def _follow(here: str, location: str) -> str:
    try:
        return urljoin(here, location)
    except ValueError as error:
        raise BadAddress(location, str(error)) from error


def host_and_port(url: str) -> str:
    """Return ``host:port`` of an address, as ``Fetcher.allowed`` has it.

    >>> host_and_port("https://daten.example.org/catalogue.ttl")
    'daten.example.org:443'
    """
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
