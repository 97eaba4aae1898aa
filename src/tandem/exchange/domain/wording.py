"""Texts of a bundle by key, each marked with who wrote it: a person, a machine, or whoever it was imported from."""

from collections.abc import Iterator, Mapping
from typing import Any

from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.exchange.domain.conformity import Schema, faults, resolved, step, warning
from tandem.exchange.domain.schemas import TEXTS, WORDING

Marks = Mapping[str, Mapping[str, Mapping[str, Any]]]  # language → key → text, origin, provider …


def texts_in(values: Any, schema: Schema, path: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the texts in values that conform to a schema, with their keys.

    >>> from tandem.exchange.domain.schemas import CARD
    >>> list(texts_in({"title": {"de": "Ampel"}, "city": "hamm"}, CARD, "measure"))
    [('measure/title', {'de': 'Ampel'})]
    """
    yield from _texts_in(values, schema, schema, path)


def _texts_in(
    values: Any, schema: Schema, whole: Schema, path: str
) -> Iterator[tuple[str, Mapping[str, str]]]:
    if schema.get("$ref") == TEXTS["$ref"]:
        yield path, values
        return
    if not schema:
        return
    schema = resolved(schema, whole)
    if isinstance(values, Mapping):
        known, others = schema.get("properties", {}), schema.get("additionalProperties") or {}
        for name, value in values.items():
            yield from _texts_in(value, known.get(name, others), whole, step(path, name))
    elif isinstance(values, list):
        for number, value in enumerate(values):
            yield from _texts_in(value, schema.get("items", {}), whole, step(path, number))


def marked(texts: Mapping[str, Mapping[str, str]], marks: Marks) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Return every text by language and key. A mark holds for the very text that it was made for; others are human.

    Args:
        texts: By key, then by language.
        marks: What is known of the texts' origins.

    >>> marked({"measure/title": {"de": "Ampel"}}, {})
    {'de': {'measure/title': {'text': 'Ampel', 'origin': 'human'}}}
    """
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for key, by_language in texts.items():
        for language, text in by_language.items():
            mark = marks.get(language, {}).get(key, {})
            known = mark if mark.get("text") == text else {"text": text, "origin": "human"}
            found.setdefault(language, {})[key] = known
    return found


def read_marks(values: Any, *, file: str) -> tuple[Mapping[str, Mapping[str, Any]], list[Finding]]:
    """Return the texts of one language, and what is wrong with them; no texts where something is."""
    found = faults(values, WORDING, file=file)
    return ({} if found else values), found


def differing(texts: Mapping[str, Mapping[str, str]], marks: Marks) -> list[Finding]:
    """Return where a marked text is another than the one in its place, which counts."""
    message = say("The text differs from the one in its place. That one counts.")
    return [
        warning("i18n.differs", step(f"i18n/{language}.json#", key), message)
        for language, marked_texts in marks.items()
        for key, mark in marked_texts.items()
        if texts.get(key, {}).get(language) != mark["text"]
    ]
