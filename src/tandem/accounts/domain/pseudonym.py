"""Pseudonyms: what the audit trail calls a person."""

from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I, O: they are read wrong
LENGTH = 10


def new_pseudonym(choose: Callable[[str], str]) -> str:
    """Return a pseudonym of 50 bits.

    Args:
        choose: Picks one character of a text at random.

    >>> new_pseudonym(lambda characters: characters[0])
    'P-2222222222'
    """
    return "P-" + "".join(choose(ALPHABET) for _ in range(LENGTH))
