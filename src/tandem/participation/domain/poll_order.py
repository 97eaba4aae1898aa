"""In which order somebody is asked about statements: by chance, but what tells more comes sooner."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from math import log

_ALL = 2**64


def in_order(statements: Iterable[str], weights: Mapping[str, float], *, who: str) -> list[str]:
    """Return statements in the order in which somebody is asked.

    Drawn without replacement, with the weights as chances. The same person always gets the same order as long as
    the weights stay; another person gets another one, so that no statement is favoured by its place.

    Args:
        statements: Ids.
        weights: How much each tells; one without a weight is new and comes as soon as the weightiest.
        who: Stands for the person, so that nothing needs to be kept.

    Source: Efraimidis, Spirakis (2006), Weighted random sampling with a reservoir, Information Processing Letters
        97(5), algorithm A-ES; chance comes from a hash of person and statement.

    >>> in_order(["1", "2", "3"], {"2": 1e9, "1": 1e-9, "3": 1.0}, who="a")
    ['2', '3', '1']
    """
    newest = max(weights.values(), default=1.0)
    waits = {each: _wait(f"{who}:{each}", weights.get(each, newest)) for each in statements}
    return sorted(waits, key=lambda each: (waits[each], each))


def _wait(key: str, weight: float) -> float:
    """Return how long a statement waits: shorter for heavier ones, on average by the weight."""
    drawn = (int.from_bytes(sha256(key.encode()).digest()[:8]) + 1) / _ALL  # above 0, 1 at the most
    return -log(drawn) / max(weight, 1e-12)
