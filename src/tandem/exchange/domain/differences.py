"""In which places two JSON values differ, for people to look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tandem.exchange.domain.conformity import same, step
from tandem.exchange.domain.merge import ABSENT


@dataclass(frozen=True, slots=True)
class Difference:
    """A place with two values.

    Attributes:
        path: JSON Pointer.
        before: ``ABSENT`` where there was nothing; so is ``after``.
    """

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Yield where two JSON values differ, as deep inside as both have the same form.

    Lists of different lengths are one place each: which item became which, nobody can say for sure.

    >>> [each.path for each in differences({"a": [1, {"b": 2}], "c": 3}, {"a": [1, {"b": 4}]})]
    ['/a/1/b', '/c']
    """
    if same(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from differences(before.get(key, ABSENT), after.get(key, ABSENT), step(path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, pair in enumerate(zip(before, after, strict=True)):
            yield from differences(*pair, step(path, place))
    else:
        yield Difference(path, before, after)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every single value inside a JSON value, with its place; an empty object or list counts as one.

    >>> list(leaves({"titles": {"de": "Baum"}, "years": [2025, 2026], "more": {}}))
    [('/titles/de', 'Baum'), ('/years/0', 2025), ('/years/1', 2026), ('/more', {})]
    """
    if value and isinstance(value, Mapping | list):
        for name, each in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from leaves(each, step(path, name))
    else:
        yield path, value
