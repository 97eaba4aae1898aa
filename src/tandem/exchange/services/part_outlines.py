"""What pages and comparisons know of the parts of a version, without opening its bundle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.core.errors import TandemError
from tandem.core.parts import Input, Part
from tandem.core.text import Sentence
from tandem.exchange.domain.release import Outline, outline
from tandem.kit.parts import handlers


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part on the page of a measure.

    Attributes:
        titles: By language.
        makes: What it would make in the city that adopts it, in sentences.
        asks: Titles of what an adopting city fills in, by language; those that have a default left out.
    """

    key: str
    kind: str
    titles: Mapping[str, str]
    makes: Sequence[Sentence]
    asks: Sequence[Mapping[str, str]]


def written(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Return parts as a version keeps them: JSON values."""
    return [_written(part) for part in parts]


def _written(part: Part) -> dict[str, Any]:
    known = outline(part)
    return {
        "key": part.key,
        "titles": dict(part.titles),
        "makes": [each.as_json() for each in _makes(part)],
        "asks": [dict(each.titles) or {"en": each.key} for each in part.inputs if each.default is None],
        "inputs": words_of(part.inputs),
        "wanted": sorted(known.wanted),
        "fields": sorted(known.fields),
        "files": sorted(known.files),
    }


def _makes(part: Part) -> Sequence[Sentence]:
    """Return what a part would make, as far as this installation's rooms know its kind."""
    handler = handlers().get(part.kind)
    if handler is None:
        return ()
    try:
        return [step.says for step in handler.plan(part, _examples(part.inputs)).steps]
    except TandemError:
        return ()


def _examples(inputs: Iterable[Input]) -> dict[str, Any]:
    return {each.key: each.default for each in inputs if each.default is not None}


def shown(written_parts: Iterable[Mapping[str, Any]]) -> list[PartShown]:
    """Return the parts that a version keeps, for a page."""
    return [
        PartShown(
            key=each["key"],
            kind=each["key"].partition("/")[0],
            titles=each["titles"],
            makes=[Sentence.from_json(said) for said in each["makes"]],
            asks=each["asks"],
        )
        for each in written_parts
    ]


def words_of(inputs: Iterable[Input]) -> dict[str, dict[str, Any]]:
    """Return what inputs and their choices are called, by key, as a version keeps it."""
    return {each.key: _words(each) for each in inputs}


def _words(each: Input) -> dict[str, Any]:
    choices = {value: dict(titles) for value, titles in each.choices.items()}
    return {"titles": dict(each.titles), "choices": choices}


def input_words(written_parts: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return what the inputs of the parts that a version keeps and their choices are called, by key."""
    return {key: words for each in written_parts for key, words in each.get("inputs", {}).items()}


def outlines(written_parts: Iterable[Mapping[str, Any]]) -> list[Outline]:
    """Return the outlines of the parts that a version keeps."""
    return [
        Outline(each["key"], *(frozenset(each[name]) for name in ("wanted", "fields", "files")))
        for each in written_parts
    ]
