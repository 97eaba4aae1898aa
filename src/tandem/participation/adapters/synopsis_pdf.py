"""The weighing table as an accessible PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tandem.core.findings import Finding, Severity
from tandem.core.text import printable, say
from tandem.kit.typesetting import archived_pdf, spelt
from tandem.participation.domain.synopsis import Synopsis, runs_right_to_left

_TEMPLATE = """
#let it = json(bytes(sys.inputs.at("values")))
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
Cell = dict[str, list[list[str | bool]]]


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document, and what could not be shown in it as it was written."""

    content: bytes
    findings: list[Finding]


def synopsis_pdf(synopsis: Synopsis, *, font_folders: Sequence[Path] = ()) -> Pdf:
    """Return the table as an accessible PDF for the archive, with a finding for each character that no font has.

    Args:
        font_folders: Where to look for fonts beside the system's own and those that Typst brings.

    Raises:
        CannotSetPdf: Typst gave up.
    """
    made = archived_pdf(_TEMPLATE, _plain(synopsis), as_of=synopsis.as_of, font_folders=font_folders)
    return Pdf(made.content, [_no_font(each) for each in made.respelt if spelt(each)])


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


def _no_font(character: str) -> Finding:
    message = say(
        "No installed font has the character U+{number}; it is written as {name}. Install a font that has it, or "
        "name the fonts' folder.",
        number=f"{ord(character):04X}",
        name=spelt(character),
    )
    return Finding(Severity.WARNING, "participation.synopsis.no-font", f"U+{ord(character):04X}", message)
