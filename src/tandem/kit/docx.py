"""What DOCX documents share: their language, what they say of themselves, page numbers, the same bytes each time."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, time
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tandem.core.text import printable

_LOCALES = {"de": "de-DE", "it": "it-IT", "en": "en-GB"}
_ZIP_BEGINS = (1980, 1, 1, 0, 0, 0)


def introduce(document: Document, *, title: str, author: str, language: str, as_of: date) -> None:
    """Write who made a document, when, and its language, where screen readers and spell checkers look for it."""
    for each in document.styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), _LOCALES[language])
    about = document.core_properties
    about.title, about.author = printable(title), printable(author)
    about.language, about.comments = _LOCALES[language], ""
    about.created = about.modified = datetime.combine(as_of, time.min, UTC)


def number_pages(document: Document, page_of: str) -> None:
    """Let each page say which it is.

    Args:
        page_of: In words, with ``{page}`` and ``{pages}``: ``Page {page} of {pages}``.
    """
    footer = document.sections[0].footer.paragraphs[0]
    for part in re.split(r"(\{pages?\})", page_of):
        if part.startswith("{"):
            footer._p.append(_field("NUMPAGES" if part == "{pages}" else "PAGE"))
        else:
            footer.add_run(part)


def _field(instruction: str) -> Any:
    field, run, shown = OxmlElement("w:fldSimple"), OxmlElement("w:r"), OxmlElement("w:t")
    field.set(qn("w:instr"), instruction)
    shown.text = "1"
    run.append(shown)
    field.append(run)
    return field


def written(document: Document) -> bytes:
    """Return a document as a file. The same document gives the same bytes: its archive says no time of the day."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            timeless = zipfile.ZipInfo(member.filename, _ZIP_BEGINS)
            timeless.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(timeless, old.read(member))
    return out.getvalue()
