"""How single fields of a description are read and written as texts, for the packages of CKAN.

A field is a pair of functions. Writing what was read changes nothing; what cannot be written as it stands (a format
that has no IRI) is left as it was, and whoever writes sees that from reading again.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, replace
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from tandem.catalogue.domain.description import Texts, to_json, typed
from tandem.core.text import pick

DescribedT = TypeVar("DescribedT")
PREFIX = "tandem_"  # of what no key of CKAN's holds: the field's name behind it, its value as JSON
SELF = "<urn:tandem:self>"
_IRI = re.compile(r"(?:https?://[^\s<>\"{}|\\^`]+|urn:[^\s<>\"{}|\\^`]+|mailto:[^\s<>\"{}|\\^`]+)\Z")


@dataclass(frozen=True, slots=True)
class Key(Generic[DescribedT]):
    """One key of a package or resource.

    Attributes:
        name: As CKAN or its extension for DCAT calls it.
        read: Returns the value of a description, an empty text where there is none.
        write: Returns the description with another value.
        finer: Another key that says the same in more detail.
    """

    name: str
    read: Callable[[DescribedT], str]
    write: Callable[[DescribedT, str], DescribedT]
    finer: str = ""


def is_iri(value: str) -> bool:
    """Return whether a text can stand where an IRI is wanted."""
    return bool(_IRI.match(value))


def text_key(name: str, attribute: str, *, iri: bool = False) -> Key[Any]:
    """Return the key of a field that is a text, or one IRI."""

    def write(described: Any, value: str) -> Any:
        return replace(described, **{attribute: value}) if _may_stand(value, iri) else described

    return Key(name, lambda described: str(getattr(described, attribute)), write, PREFIX + attribute)


def list_key(name: str, attribute: str, *, plain_one: bool = False) -> Key[Any]:
    """Return the key of a field of several IRIs: a JSON list, as CKAN's extension for DCAT writes it.

    Args:
        name: The key.
        attribute: The field.
        plain_one: Whether a single one stands there without a list.
    """

    def write(described: Any, value: str) -> Any:
        given = as_list(value)
        return replace(described, **{attribute: tuple(given)}) if all(map(is_iri, given)) else described

    def read(described: Any) -> str:
        found = getattr(described, attribute)
        return str(found[0]) if plain_one and len(found) == 1 else as_json_list(found)

    return Key(name, read, write, PREFIX + attribute)


def part_key(name: str, attribute: str, inner: str, kind: type, *, iri: bool = False) -> Key[Any]:
    """Return the key of a text inside of a part: of the publisher, of the first contact."""

    def of(described: Any) -> Any:
        found = getattr(described, attribute)
        return (found[0] if found else None) if isinstance(found, tuple) else found

    def read(described: Any) -> str:
        found = of(described)
        return str(getattr(found, inner)) if found is not None else ""

    def write(described: Any, value: str) -> Any:
        if not _may_stand(value, iri):
            return described
        return with_part(described, attribute, replace(of(described) or kind(), **{inner: value}))

    return Key(name, read, write, PREFIX + attribute)


def with_part(described: DescribedT, attribute: str, part: Any) -> DescribedT:
    """Return a description with another publisher, or another first contact; an empty one is none."""
    found = getattr(described, attribute)
    nothing = part == type(part)()
    if isinstance(found, tuple):
        value: Any = (*(() if nothing else (part,)), *found[1:])
    else:
        value = None if nothing else part
    return replace(described, **{attribute: value})  # type: ignore[type-var]


def holds(key: Key[DescribedT], value: str, empty: DescribedT) -> bool:
    """Return whether a value can be written by a key at all."""
    return bool(key.read(key.write(empty, value)))


def _may_stand(value: str, iri: bool) -> bool:
    return not iri or not value or is_iri(value)


def as_json_list(values: Sequence[str]) -> str:
    """Return texts as a JSON list, none as an empty text."""
    return json.dumps(list(values), ensure_ascii=False) if values else ""


def as_list(value: str) -> list[str]:
    """Return the texts of a JSON list, or of texts between commas or alone."""
    try:
        found = json.loads(value) if value.startswith("[") else [value]
    except ValueError:
        found = [value]
    return [str(each).strip() for each in found if str(each).strip()] if isinstance(found, list) else []


# --- texts in several languages -----------------------------------------------------------------
def shown(texts: Texts, language: str) -> str:
    """Return the text that stands for all of them."""
    return pick(texts, language)


def with_shown(texts: Texts, language: str, text: str) -> dict[str, str]:
    """Return texts with another one in the place of the one that is shown."""
    place = next((each for each in (language, "en", *texts) if texts.get(each)), language)
    return {**texts, place: text} if text else {each: said for each, said in texts.items() if each != place}


# --- what no key holds --------------------------------------------------------------------------
def unheld(described: Any, rebuilt: Any, *, leave: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield a key and JSON of each field that the other keys do not bring back as it is.

    Args:
        described: A description.
        rebuilt: What the other keys make of it.
        leave: Fields that are held otherwise.
    """
    for each in fields(described):
        value = getattr(described, each.name)
        if each.name not in leave and value != getattr(rebuilt, each.name):
            yield PREFIX + each.name, _dumped(value)


def _dumped(value: Any) -> str:
    return json.dumps(to_json(value), ensure_ascii=False, sort_keys=True)


def with_unheld(described: DescribedT, values: Mapping[str, str]) -> DescribedT:
    """Return a description with the fields that ``unheld`` said.

    Raises:
        ValueError: A value is not JSON, or not of the field's kind; its first argument is the key.
    """
    hints = get_type_hints(type(described))
    for each in fields(described):  # type: ignore[arg-type]
        if (key := PREFIX + each.name) in values and each.name != "iri":
            try:
                found = _typed(json.loads(values[key] or "null"), hints[each.name], each)
            except (ValueError, TypeError, KeyError) as error:
                raise ValueError(key, f"is not what Tandem writes there: {error}") from error
            described = replace(described, **{each.name: found})  # type: ignore[type-var]
    return described


def _typed(item: Any, hint: Any, field: "Field[Any]") -> Any:
    if item is None:
        return field.default if field.default_factory is MISSING else field.default_factory()
    _check(item, hint)
    return typed(item, hint)


def _check(item: Any, hint: Any) -> None:
    """Raise where JSON does not fit a field's kind."""
    origin, inner = get_origin(hint), [each for each in get_args(hint) if each not in (type(None), ...)]
    if hint in (str, int):
        fits = isinstance(item, hint) and not isinstance(item, bool)
    elif hint is float:
        fits = isinstance(item, int | float) and not isinstance(item, bool)
    elif origin is tuple:
        fits = isinstance(item, list)
        for each in item if fits else ():
            _check(each, inner[0])
    elif origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        fits = isinstance(item, dict)
        for each in item.values() if fits else ():
            _check(each, inner[1])
    elif isinstance(hint, type):
        fits = isinstance(item, dict)
        hints = get_type_hints(hint)
        for name, each in item.items() if fits else ():
            _check(each, hints[name])
    else:
        return _check(item, inner[0])
    if not fits:
        raise ValueError(f"{str(item)[:60]!r} cannot stand here")
    return None
