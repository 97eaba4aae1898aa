"""PDF documents, set by Typst. Texts reach it as data, never as markup: nothing in them is read as an instruction."""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from tandem.core.errors import Unavailable
from tandem.core.text import say

FOR_THE_ARCHIVE = ("a-2a", "ua-1")
_PROBE = """
#set document(title: "probe")
#set text(font: "Libertinus Serif")
#for each in json(bytes(sys.inputs.at("values"))) [#each #parbreak()]
"""
_TRIES = 4
_NOT_SHOWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


class CannotSetPdf(Unavailable):
    """The program that sets PDF documents gave up.

    Attributes:
        reason: In its own words.
    """

    code = "kit.cannot-set-pdf"

    def __init__(self, reason: str) -> None:
        super().__init__(say("The PDF could not be set: {reason}", reason=reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document.

    Attributes:
        respelt: Characters that no font has, so that their names stand for them.
    """

    content: bytes
    respelt: tuple[str, ...]


def archived_pdf(template: str, values: Any, *, as_of: date, font_folders: Sequence[Path] = ()) -> Pdf:
    """Return a PDF with tags, title and language: PDF/UA-1, and PDF/A-2a for the archive.

    A character that no font has is written by its Unicode name in brackets: no content is lost, and no empty box
    is printed. The same values give the same bytes where the same fonts are installed.

    Args:
        template: In Typst; it reads ``json(bytes(sys.inputs.at("values")))``.
        values: Plain JSON values, their texts ``printable``.
        as_of: The day that stands in it as the day on which it was made.
        font_folders: Where to look for fonts beside the system's own and those that Typst brings.

    Raises:
        CannotSetPdf: Typst gave up for another reason.
    """
    characters = {each for text in _texts(values) for each in text}
    missing = {each for each in characters if unicodedata.category(each) in {"Co", "Cn"}}
    for _try in range(_TRIES):
        try:
            content = _compiled(
                template,
                _respelt(values, missing),
                pdf_standards=list(FOR_THE_ARCHIVE),
                font_paths=_fonts(font_folders),
                timestamp=datetime.combine(as_of, time.min, UTC),
            )
        except typst.TypstError as error:
            more = (_not_shown(error) | _without_font(characters - missing, font_folders)) - missing
            if not more:
                raise CannotSetPdf(error.message) from error
            missing |= more
        else:
            return Pdf(content, tuple(sorted(missing)))
    raise CannotSetPdf(", ".join(sorted(missing)))


def plain_pdf(template: str, values: Any) -> bytes:
    """Return a PDF that is printed and not kept.

    Args:
        template: As for ``archived_pdf``; so are ``values``.

    Raises:
        CannotSetPdf: Typst gave up.
    """
    try:
        return _compiled(template, values)
    except typst.TypstError as error:
        raise CannotSetPdf(error.message) from error


def spelt(character: str) -> str:
    """Return a character's name in brackets; nothing for one that is never seen, such as a joiner.

    >>> spelt("\N{BICYCLE}"), spelt("\ue000"), spelt("\N{ZERO WIDTH JOINER}")
    ('[bicycle]', '[U+E000]', '')
    """
    if unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return ""
    return f"[{unicodedata.name(character, '').lower() or f'U+{ord(character):04X}'}]"


def _compiled(template: str, values: Any, **options: Any) -> bytes:
    made: Any = typst.compile(
        template.encode(), format="pdf", sys_inputs={"values": json.dumps(values)}, **options
    )
    return bytes(made)


def _fonts(folders: Sequence[Path]) -> typst.Fonts:
    return typst.Fonts(font_paths=[str(folder) for folder in folders])


def _without_font(characters: Collection[str], font_folders: Sequence[Path]) -> set[str]:
    """Return those characters that no font has: all at once, where a document names the first ones only."""
    try:
        _compiled(
            _PROBE,
            sorted(characters),
            pdf_standards=list(FOR_THE_ARCHIVE),
            font_paths=_fonts(font_folders),
        )
    except typst.TypstError as error:
        return _not_shown(error)
    return set()


def _not_shown(error: typst.TypstError) -> set[str]:
    """Return the characters that an error of Typst names as not to be shown."""
    named = _NOT_SHOWN.findall(f"{error.message}\n{error.diagnostic}")
    return {each for text in named for each in _ESCAPED.sub(_unescaped, text)}


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _respelt(value: Any, missing: Collection[str]) -> Any:
    """Return values with the names of missing characters for them."""
    names = {ord(each): spelt(each) for each in missing}

    def inside(part: Any) -> Any:
        if isinstance(part, str):
            return part.translate(names)
        if isinstance(part, dict):
            return {key: inside(each) for key, each in part.items()}
        return [inside(each) for each in part] if isinstance(part, list | tuple) else part

    return inside(value) if names else value
