"""When an address is asked again whether it answers, and in which order: often enough, and never a host hard."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import zip_longest
from urllib.parse import urlsplit

AGAIN = timedelta(days=7)
AFTER_FAILURE = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), AGAIN)


def next_check(*, failures: int, now: datetime) -> datetime:
    """Return when an address is asked again.

    Args:
        failures: How many times in a row it has not answered; 0 where it just did.

    >>> next_check(failures=1, now=datetime(2026, 3, 1, 12)).isoformat()
    '2026-03-01T13:00:00'
    """
    if failures <= 0:
        return now + AGAIN
    return now + AFTER_FAILURE[min(failures, len(AFTER_FAILURE)) - 1]


def host_of(url: str) -> str:
    """Return the host of an address, with its port; empty where it has none.

    >>> host_of("https://daten.example.org:8443/a")
    'daten.example.org:8443'
    """
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def in_turns(urls: Iterable[str], *, per_host: int) -> Iterator[str]:
    """Yield addresses host by host in turns, at most so many of each.

    >>> list(in_turns(["http://a/1", "http://a/2", "http://a/3", "http://b/1"], per_host=2))
    ['http://a/1', 'http://b/1', 'http://a/2']
    """
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(host_of(url), []).append(url)
    for turn in zip_longest(*(some[:per_host] for some in hosts.values())):
        yield from (url for url in turn if url is not None)
