"""The weighing table as an accessible PDF, with Typst.

The texts reach Typst as data, never as markup: what a citizen writes cannot be read as an instruction.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from tandem.core.errors import Unavailable
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.participation.domain.synopsis import Synopsis, printable, runs_right_to_left

_TEMPLATE = """
#let it = json(bytes(sys.inputs.at("synopsis")))
#set document(title: it.title, author: it.author)
#set text(lang: it.lang, font: "Libertinus Serif", size: 9pt, hyphenate: true)
#set par(leading: 0.5em, spacing: 0.7em)
#set page(paper: "a4", flipped: true, margin: 1.5cm, footer: context align(center, {
  it.page_of
    .replace("{pages}", str(counter(page).final().first()))
    .replace("{page}", str(counter(page).get().first()))
}))
#let cell(paragraphs) = {
  for (said, from_right) in paragraphs {
    set text(dir: rtl) if from_right
    par(said)
  }
}
#show title: set text(size: 18pt)
#show heading: set text(size: 13pt)
#title()
#it.subtitle
#for section in it.sections [
  = #section.heading
  #table(
    columns: (1.7cm, 3.8cm, 2fr, 2fr, 1fr),
    inset: 4pt,
    stroke: 0.4pt,
    table.header(repeat: true, ..it.heads.map(strong)),
    ..section.rows.flatten().map(each => cell(each.paragraphs)),
  )
]
"""
_PROBE = """
#set document(title: "probe")
#set text(font: "Libertinus Serif")
#for each in json(bytes(sys.inputs.at("characters"))) [#each #parbreak()]
"""
_TRIES = 4
_NOT_SHOWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
Cell = dict[str, list[list[str | bool]]]


class CannotSetPdf(Unavailable):
    """The program that sets PDF documents gave up."""

    code = "participation.synopsis.cannot-set-pdf"


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document, and what could not be shown in it as it was written."""

    content: bytes
    findings: list[Finding]


def synopsis_pdf(synopsis: Synopsis, *, font_folders: Sequence[Path] = ()) -> Pdf:
    """Return the table as a PDF with tags, title and language: PDF/UA-1, and PDF/A-2a for the archive.

    A character that no font has is written by its Unicode name in brackets, and a finding says so: no content is
    lost, and no empty box is printed. The same table gives the same bytes where the same fonts are installed.

    Args:
        font_folders: Where to look for fonts beside the system's own and those that Typst brings.

    Raises:
        CannotSetPdf: Typst gave up for another reason.
    """
    plain = _plain(synopsis)
    missing = _missing({each for text in _texts(plain) for each in text}, font_folders)
    for _try in range(_TRIES):
        try:
            content = _compile(_TEMPLATE, {"synopsis": _spelled(plain, missing)}, font_folders, synopsis)
        except typst.TypstError as error:
            more = _not_shown(error) - missing
            if not more:
                raise CannotSetPdf(say("The PDF could not be set: {reason}", reason=error.message)) from error
            missing |= more
        else:
            return Pdf(content, [_no_font(each) for each in sorted(missing) if _spell(each)])
    raise CannotSetPdf(say("The PDF could not be set: {reason}", reason=", ".join(sorted(missing))))


def _plain(synopsis: Synopsis) -> dict[str, Any]:
    """Return the table as the template reads it."""
    return {
        "lang": synopsis.language,
        "title": printable(synopsis.title),
        "author": printable(synopsis.author),
        "subtitle": printable(synopsis.subtitle),
        "heads": synopsis.heads,
        "page_of": synopsis.page_of,
        "sections": [
            {
                "heading": section.heading,
                "rows": [
                    [_cell(each) for each in (row.number, row.author, row.text, row.weighing, row.decision)]
                    for row in section.rows
                ],
            }
            for section in synopsis.sections
        ],
    }


def _cell(text: str) -> Cell:
    return {"paragraphs": [[line, runs_right_to_left(line)] for line in printable(text).split("\n")]}


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)


def _missing(characters: Collection[str], font_folders: Sequence[Path]) -> set[str]:
    """Return those characters that no font has, and those that an archive must not hold: of private meaning."""
    private = {each for each in characters if unicodedata.category(each) in {"Co", "Cn"}}
    asked = json.dumps(sorted(set(characters) - private))
    try:
        _compile(_PROBE, {"characters": asked}, font_folders, None)
    except typst.TypstError as error:
        return private | _not_shown(error)
    return private


def _compile(
    template: str, inputs: dict[str, str], font_folders: Sequence[Path], synopsis: Synopsis | None
) -> bytes:
    made_at = datetime.combine(synopsis.as_of, time.min, UTC) if synopsis else None
    content = typst.compile(
        template.encode(),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["a-2a", "ua-1"],
        font_paths=typst.Fonts(font_paths=[str(folder) for folder in font_folders]),
        timestamp=made_at,
    )
    assert isinstance(content, bytes)  # noqa: S101 - only several pictures come as a list
    return content


def _not_shown(error: typst.TypstError) -> set[str]:
    """Return the characters that an error of Typst names as not to be shown."""
    named = _NOT_SHOWN.findall(f"{error.message}\n{error.diagnostic}")
    return {each for text in named for each in _ESCAPED.sub(_unescaped, text)}


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]


def _spelled(plain: dict[str, Any], missing: Collection[str]) -> str:
    """Return the table as JSON, with the names of missing characters for them."""
    names = {ord(each): _spell(each) for each in missing}

    def spell(value: Any) -> Any:
        if isinstance(value, str):
            return value.translate(names)
        if isinstance(value, dict):
            return {key: spell(each) for key, each in value.items()}
        return [spell(each) for each in value] if isinstance(value, (list, tuple)) else value

    return json.dumps(spell(plain) if names else plain)


def _spell(character: str) -> str:
    """Return a character's name in brackets; nothing for one that is never seen, such as a joiner."""
    if unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return ""
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


def _no_font(character: str) -> Finding:
    message = say(
        "No installed font has the character U+{number}; it is written as {name}. Install a font that has it, or "
        "name the fonts' folder.",
        number=f"{ord(character):04X}",
        name=_spell(character),
    )
    return Finding(Severity.WARNING, "participation.synopsis.no-font", f"U+{ord(character):04X}", message)
