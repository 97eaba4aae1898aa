"""What DOCX documents share."""

import io
import time
from datetime import UTC, date, datetime

import docx
import pytest
from docx.oxml.ns import qn

from tandem.kit.docx import introduce, number_pages, written


def a_document(language: str = "it") -> bytes:
    made = docx.Document()
    introduce(made, title="Osservazioni\x00", author="Arezzo", language=language, as_of=date(2026, 3, 1))
    number_pages(made, "Pagina {page} di {pages}")
    made.add_paragraph("Un testo.")
    return written(made)


def test_a_document_says_what_it_is_in_which_language_and_on_which_page():
    document = docx.Document(io.BytesIO(a_document()))
    about = document.core_properties
    [footer] = document.sections[0].footer.paragraphs
    fields = [each.get(qn("w:instr")) for each in footer._p.iter(qn("w:fldSimple"))]

    assert (about.title, about.author, about.language) == ("Osservazioni\ufffd", "Arezzo", "it-IT")
    assert about.created == datetime(2026, 3, 1, tzinfo=UTC)
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {"it-IT"}
    assert (footer.text, fields) == ("Pagina  di ", ["PAGE", "NUMPAGES"])


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_the_same_document_gives_the_same_bytes_at_any_time(language: str, monkeypatch: pytest.MonkeyPatch):
    first = a_document(language)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_now: time.gmtime(2_000_000_000))

    assert a_document(language) == first
