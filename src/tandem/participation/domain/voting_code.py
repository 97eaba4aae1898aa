"""Voting codes: what a letter brings to somebody who may vote, and what the city keeps of it.

A code cannot be guessed, cannot be misread, and a slip in typing is noticed before anything is looked up. The city
keeps only a keyed hash: whoever takes the database has no code to vote with, and none leads to a person.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from tandem.core.errors import InvalidInput
from tandem.core.text import Sentence, say

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # 31 characters, a prime; no 0, 1, I, O, U: they are read wrong
SECRET_LENGTH = 11  # 54.5 bits: with 100,000 codes out, one guess in 250 thousand million hits
GROUP = 4
SHORTEST_KEY_BYTES = 32
_READ_AS = str.maketrans({"0": "Q", "O": "Q", "1": "L", "I": "L", "U": "V"})
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_FAIR = 256 - 256 % len(ALPHABET)
RandomBytes = Callable[[int], bytes]


class UnreadableCode(InvalidInput):
    """What was typed is no voting code."""

    code = "participation.voting-code.unreadable"


class WeakKey(InvalidInput):
    """The key that codes are hashed with is too short."""

    code = "participation.voting-code.weak-key"


def new_code(random_bytes: RandomBytes) -> str:
    """Return a new code: 11 characters by chance and one to check them, in groups of four.

    Args:
        random_bytes: Gives so many unpredictable bytes, such as ``secrets.token_bytes``.

    >>> new_code(lambda count: bytes(range(count)))
    '2345-6789-ABC3'
    """
    secret = ""
    while len(secret) < SECRET_LENGTH:
        # Bytes above the last whole multiple of 31 are left out, else some characters would come more often.
        fair = [each for each in random_bytes(SECRET_LENGTH - len(secret)) if each < _FAIR]
        secret += "".join(ALPHABET[each % len(ALPHABET)] for each in fair)
    return spaced(secret + _check_character(secret))


def spaced(code: str) -> str:
    """Return a code in groups, as it is printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _check_character(secret: str) -> str:
    """Return the character that makes the weighted sum zero.

    With a prime number of characters and different weights, every single wrong character and every two that are
    swapped change the sum.
    """
    total = sum(weight * _VALUES[each] for weight, each in enumerate(secret, start=2))
    return ALPHABET[-total % len(ALPHABET)]


def read_code(typed: str) -> str:
    """Return a code as it is hashed: capitals without separators, look-alikes read as what was meant.

    Raises:
        UnreadableCode: It has another length or other characters, or there is a slip in it.

    >>> read_code(" 2345 6789abc3 ")
    '23456789ABC3'
    """
    plain = "".join(each for each in typed.upper() if each not in " -–—.\t\n\u00a0").translate(_READ_AS)
    problem = _problem(plain)
    if problem:
        raise UnreadableCode(problem)
    return plain


def _problem(plain: str) -> Sentence | None:
    if len(plain) != SECRET_LENGTH + 1:
        return say(
            "A code has {wanted} characters; these are {count}. Please compare it with your letter.",
            wanted=SECRET_LENGTH + 1,
            count=len(plain),
        )
    strange = [each for each in plain if each not in _VALUES]
    if strange:
        return say(
            "No code has the character {character}. Please compare it with your letter.", character=strange[0]
        )
    if _check_character(plain[:-1]) != plain[-1]:
        return say("There is a slip in this code. Please compare it with your letter.")
    return None


def keyed_hash(code: str, *, key: bytes, vote: str) -> str:
    """Return what is kept of a code, in hexadecimal.

    Args:
        code: As typed or printed.
        key: Secret, 32 bytes or more, kept apart from the database.
        vote: Identifies the vote: the same code in another vote has another hash.

    Raises:
        UnreadableCode: It is no code.
        WeakKey: The key is too short.
    """
    if len(key) < SHORTEST_KEY_BYTES:
        raise WeakKey(say("The key for voting codes needs {wanted} bytes.", wanted=SHORTEST_KEY_BYTES))
    return hmac.new(key, f"voting code\0{vote}\0{read_code(code)}".encode(), sha256).hexdigest()


def is_code(typed: str, *, stored: str, key: bytes, vote: str) -> bool:
    """Return whether a code is the one whose hash is stored, in a time that tells nothing about it.

    Raises:
        UnreadableCode: It is no code.
        WeakKey: The key is too short.
    """
    return hmac.compare_digest(keyed_hash(typed, key=key, vote=vote), stored)


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes for the printer, and what the city keeps.

    Attributes:
        codes: For the letters, in the order of the addresses; to be deleted after printing. Not shown by ``repr``.
        stored: The hashes, sorted, so that their order leads to no address.
    """

    codes: Sequence[str] = field(repr=False)
    stored: Sequence[str]


def new_batch(count: int, *, random_bytes: RandomBytes, key: bytes, vote: str) -> Batch:
    """Return so many different codes.

    Raises:
        WeakKey: The key is too short.
    """
    codes: dict[str, str] = {}
    while len(codes) < count:
        code = new_code(random_bytes)
        codes[code] = keyed_hash(code, key=key, vote=vote)
    return Batch(tuple(codes), tuple(sorted(codes.values())))
