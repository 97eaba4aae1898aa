"""Texts in several languages, and sentences that are said in the reader's language later."""

import unicodedata
from collections.abc import Mapping
from typing import Any

LANGUAGES = ("de", "it", "en")


class Sentence(str):
    """An English sentence that remembers its template and its values, so that it can be translated.

    Attributes:
        template: With the names of the values in braces.
        values: Plain JSON values; a value may be a ``Sentence`` itself.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values that ``from_json`` reads."""
        values = {
            name: value.as_json() if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return {"template": self.template, "values": values}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Sentence":
        """Return the sentence that ``as_json`` wrote down."""
        values = {
            name: cls.from_json(value) if isinstance(value, Mapping) else value
            for name, value in stored["values"].items()
        }
        template: str = stored["template"]
        return say(template, **values)


def say(template: str, /, **values: object) -> Sentence:
    """Return a sentence for people. Its template is collected for translation.

    >>> sentence = say("{file} has {rows} rows.", file="trees.csv", rows=3)
    >>> str(sentence), sentence.values["rows"]
    ('trees.csv has 3 rows.', 3)
    """
    plain = {
        name: value if isinstance(value, (Sentence, int, float)) else str(value)
        for name, value in values.items()
    }
    sentence = Sentence(template.format(**plain))
    sentence.template, sentence.values = template, plain
    return sentence


def pick(texts: Mapping[str, str], language: str, *, default: str = "") -> str:
    """Return the text in ``language``, else in English, else in whatever language there is.

    >>> pick({"de": "Bäume", "it": "Alberi"}, "it")
    'Alberi'
    >>> pick({"de": "Bäume"}, "it")
    'Bäume'
    """
    for wanted in (language, "en", *texts):
        if texts.get(wanted):
            return texts[wanted]
    return default


def printable(text: str) -> str:
    """Return a text without what no document may hold: control characters and halves of characters.

    They become U+FFFD, so that it shows that something was there; line ends of all kinds become one.

    >>> printable("a" + chr(0) + "b" + chr(13) + "c").splitlines()
    ['a�b', 'c']
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(each if _may_stand(each) else "\ufffd" for each in lines)


def _may_stand(character: str) -> bool:
    if character in "\n\t":
        return True
    return unicodedata.category(character) not in {"Cc", "Cs"} and (ord(character) & 0xFFFE) != 0xFFFE
