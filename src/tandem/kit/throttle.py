"""Limits on how often a browser may try something. Counted in memory, under a name that says nothing.

No address of anybody is kept: what is counted is a keyed hash, and the key is forgotten with the process.
"""

import hashlib
import hmac
import secrets

from django.core.cache import cache
from django.http import HttpRequest

from tandem.core.errors import NotAllowed
from tandem.core.text import say

_KEY = secrets.token_bytes(32)


class TooOften(NotAllowed):
    """Somebody tried this more often than anybody needs to."""

    code = "kit.too-often"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            say(
                "This was tried too often from here. Nothing was lost; please try again in {minutes} minutes.",
                minutes=max(1, seconds // 60),
            )
        )


def client_key(request: HttpRequest) -> str:
    """Return what stands for the browser's network address as long as this process runs."""
    address = request.META.get("REMOTE_ADDR", "")
    return hmac.new(_KEY, address.encode(), hashlib.sha256).hexdigest()


def count(what: str, who: str, *, most: int, seconds: int) -> None:
    """Count one attempt.

    Args:
        what: What is tried: ``participation.code``.
        who: Who tries, as ``client_key`` or a participant's id.
        most: How many attempts there may be within ``seconds``.
        seconds: From the first attempt on.

    Raises:
        TooOften: There were more.
    """
    name = f"throttle:{what}:{who}"
    cache.add(name, 0, seconds)
    try:
        tried = cache.incr(name)
    except ValueError:  # it ran out between the two
        cache.set(name, 1, seconds)
        tried = 1
    if tried > most:
        raise TooOften(seconds)


def refuse(what: str, who: str, *, most: int, seconds: int) -> None:
    """Do nothing as long as there were fewer than ``most`` attempts; counts none itself.

    For what must not even be looked at once the limit is reached: else the guess that is right would still pass.

    Raises:
        TooOften: There were as many.
    """
    if cache.get(f"throttle:{what}:{who}", 0) >= most:
        raise TooOften(seconds)


def forgive(what: str, who: str) -> None:
    """Forget the attempts, after one that was right."""
    cache.delete(f"throttle:{what}:{who}")
