"""JSON that is written in exactly one way, so that its hash and its signature mean its content.

Source:
    RFC 8785, JSON Canonicalization Scheme: no white space, members sorted by UTF-16 code units (3.2.3), texts with the
    fewest escapes (3.2.2.2), numbers as ECMAScript writes doubles (3.2.2.3). Whole numbers are kept to those
    that a double holds exactly (RFC 7493, 2.2); larger ones belong into a text.
"""

import json
import math
from json.encoder import encode_basestring as _quoted
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say

MOST_DEPTH = 24
_LARGEST = 2**53 - 1


class NotCanonical(InvalidInput):
    """A value has no canonical form, or these bytes are not it."""

    code = "exchange.feed.not-canonical"


def _whole(digits: str) -> int | float:
    value = int(digits)
    return value if abs(value) <= _LARGEST else float(digits)


_read = json.JSONDecoder(parse_int=_whole).decode


def canonical(value: Any) -> bytes:
    """Return the one way to write a value.

    Texts stay as they are, normalised or not: two spellings of "é" are two texts.

    Args:
        value: Of dicts with text keys, lists, texts, numbers, booleans and None, nested no deeper than 24.

    Raises:
        NotCanonical: There is something else in it: NaN, a whole number beyond 2^53, half of a surrogate pair …

    >>> canonical({"b": [1.0, 0.00001, True], "a": "é"}).decode()
    '{"a":"é","b":[1,0.00001,true]}'
    """
    try:
        return _written(value, MOST_DEPTH).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(say("A text holds half of a surrogate pair. Leave that character out.")) from error


def read_canonical(data: bytes) -> Any:
    """Return the value of canonical JSON.

    So there are no repeated members, no other order, no other spelling of a number: two readers cannot differ.

    Raises:
        NotCanonical: The bytes are no JSON, or JSON that is written in another way.

    >>> read_canonical(b'{"a":1}')
    {'a': 1}
    """
    try:
        value = _read(data.decode())
    except (ValueError, RecursionError) as error:
        raise NotCanonical(say("This is no JSON in UTF-8, or it is nested too deeply.")) from error
    if canonical(value) != data:
        raise NotCanonical(say("This JSON is not in its canonical form (RFC 8785)."))
    return value


def _written(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _double(value)
    if not depth:
        raise NotCanonical(say("The values are nested more than {most} deep.", most=MOST_DEPTH))
    if isinstance(value, list | tuple):
        return f"[{','.join([_written(each, depth - 1) for each in value])}]"
    if isinstance(value, dict):
        return f"{{{','.join(_members(value, depth - 1))}}}"
    kind = type(value).__name__
    raise NotCanonical(say("A value of the kind {kind} cannot be written as JSON.", kind=kind))


def _members(values: dict[str, Any], depth: int) -> list[str]:
    try:
        ascii_only = "".join(values).isascii()
    except TypeError as error:
        raise NotCanonical(say("The name of a member is no text.")) from error
    keys = sorted(values) if ascii_only else sorted(values, key=lambda key: key.encode("utf-16-be"))
    return [f"{_quoted(key)}:{_written(values[key], depth)}" for key in keys]


def _integer(value: int) -> str:
    if abs(value) > _LARGEST:
        raise NotCanonical(say("A whole number is beyond 2^53 - 1. Write it as a text."))
    return int.__repr__(value)


def _double(value: float) -> str:
    """Write a double as ECMAScript does (ECMA-262, Number::toString); its digits are those of ``repr``."""
    if not math.isfinite(value):
        raise NotCanonical(say("A number is infinite, or not a number."))
    if value == 0:
        return "0"
    mantissa, _, power = float.__repr__(abs(value)).partition("e")
    whole, _, rest = mantissa.partition(".")
    point = len(whole) + int(power or 0)
    digits = (whole + rest).lstrip("0")
    point -= len(whole + rest) - len(digits)
    return ("-" if value < 0 else "") + _placed(digits.rstrip("0"), point)


def _placed(digits: str, point: int) -> str:
    """Return ``0.digits × 10^point`` with its point where ECMAScript has it."""
    if 0 < point <= 21:
        whole = digits[:point].ljust(point, "0")
        return f"{whole}.{digits[point:]}" if len(digits) > point else whole
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"
