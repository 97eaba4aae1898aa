"""Values of packages and resources as clients send them: checked, and written into a description key by key."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from tandem.catalogue.domain.ckan_fields import Key, shown, with_shown
from tandem.catalogue.domain.description import Texts
from tandem.core.errors import InvalidInput

DescribedT = TypeVar("DescribedT")
Values = Mapping[str, Any]
MOST_TEXT = 200_000  # characters of one value


class BadPackage(InvalidInput):
    """A package, a resource or a parameter has values that cannot be.

    Attributes:
        fields: What is wrong with each field.
    """

    code = "catalogue.ckan.bad-package"

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in fields.items()))
        self.fields = dict(fields)


def as_text(name: str, value: Any) -> str:
    """Return a value as the text that stands for it.

    Raises:
        BadPackage: It is too long, or no text at all.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) > MOST_TEXT:
        raise BadPackage({name: [f"Longer than {MOST_TEXT:,} characters"]})
    if "\x00" in text:
        raise BadPackage({name: ["Holds a NUL character"]})
    return text if text.strip() else ""


def plain_text(values: Values, name: str) -> str:
    """Return a text of a package.

    Raises:
        BadPackage: It is a list or an object.
    """
    value = values.get(name)
    if isinstance(value, list | dict):
        raise BadPackage({name: ["Must be a text"]})
    return as_text(name, value)


def entries(values: Values, name: str) -> list[dict[str, Any]]:
    """Return a list of objects of a package; none where it is left out.

    Raises:
        BadPackage: It is something else.
    """
    found = values.get(name) or []
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            found = None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadPackage({name: ["Must be a list of objects"]})
    return found


def texts_of(values: Values, before: Values, name: str, base: Texts, language: str) -> dict[str, str]:
    """Return the texts by language that ``name`` and ``name_translated`` say.

    Raises:
        BadPackage: One of them is of the wrong kind.
    """
    finer = f"{name}_translated"
    texts = dict(base)
    if values.get(finer) not in (None, ""):
        texts = _translated(finer, values[finer])
    if name not in values or is_stale(values, before, name, finer):
        return texts
    said = plain_text(values, name)
    known = said in texts.values() or said == shown(texts, language)
    return texts if known else with_shown(texts, language, said)


def _translated(name: str, value: Any) -> dict[str, str]:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise BadPackage({name: ["Must be an object of texts by language"]})
    return {str(key): as_text(name, said) for key, said in found.items() if said.strip()}


def is_stale(values: Values, before: Values, name: str, finer: str) -> bool:
    """Return whether a key is as before while the one that says the same in more detail is not."""
    return finer in values and values[finer] != before.get(finer) and values[name] == before.get(name)


def write_keys(
    described: DescribedT, keys: Iterable[Key[DescribedT]], values: Values, before: Values
) -> DescribedT:
    """Return a description with what the values say; what they leave out stays."""
    for key in keys:
        if key.name not in values or is_stale(values, before, key.name, key.finer):
            continue
        said = as_text(key.name, values[key.name])
        if said != key.read(described):
            described = key.write(described, said)
    return described
