"""Inputs in a part's fields: one rule, no templates, no code.

An object with the one key ``$input`` stands for what was filled in under that name: ``{"$input": "publisher-name"}``.
Everything else stays as it is; texts are never searched for anything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tandem.core.findings import Finding
from tandem.core.part_values import MARK, filled
from tandem.core.parts import Input, Part
from tandem.core.text import say
from tandem.exchange.domain.conformity import error, step


def filled_part(part: Part, values: Mapping[str, Any]) -> Part:
    """Return a part with its fields filled in."""
    return replace(part, fields=filled(part.fields, values))


def placeholders(value: Any, path: str = "") -> Iterator[tuple[str, str | None]]:
    """Yield where something is to be filled in, as a JSON Pointer, and what: None where it is written wrongly.

    >>> list(placeholders({"contact": [{"$input": "mail"}]}))
    [('/contact/0', 'mail')]
    """
    if isinstance(value, Mapping) and MARK in value:
        yield path, value[MARK] if _is_placeholder(value) else None
    elif isinstance(value, Mapping | list):
        for name, each in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from placeholders(each, step(path, name))


def needed(parts: Sequence[Part], declared: Iterable[Input]) -> list[Input]:
    """Return the inputs that some parts need: their own, and those that their fields ask for.

    Args:
        declared: Every input of the bundle.
    """
    asked = {name for part in parts for _path, name in placeholders(part.fields)}
    asked |= {each.key for part in parts for each in part.inputs}
    return [each for each in {each.key: each for each in declared}.values() if each.key in asked]


def check_placeholders(parts: Iterable[Part], declared: Iterable[Input]) -> list[Finding]:
    """Return where the fields of parts ask for something that nobody can fill in."""
    known = {each.key for each in declared}
    message = say(
        "This place asks for an input that the bundle does not have. Tell the city that it comes from."
    )
    return [
        error("adoption.bad-placeholder", f"{part.key}#{path}", message)
        for part in parts
        for path, asked in placeholders(part.fields)
        if asked not in known
    ]


def _is_placeholder(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and isinstance(value[MARK], str)
