"""The report as files: read back by python-docx and pypdf, accessible, the same bytes twice."""

import io
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from tandem.exchange.adapters.tandem_report import report_docx, report_pdf
from tandem.exchange.domain.tandem_report import Bullets, Heading, Paragraph, Report, Section, Table

TRICKY = "#strong[x] <b>&amp;</b> $1$ @cite *not bold*\nsecond line"


def report(text: str = "Plain.", language: str = "de") -> Report:
    table = Table(
        "Städte", ("Stadt", "Betrag"), (("Hamm", "1,00"), ("Arezzo", text)), widths=(3, 1), figures=(1,)
    )
    blocks = (Paragraph(text), Heading("Besuch"), Bullets(("eins", text)), table)
    page_of = "Seite {page} von {pages}"
    return Report(
        language, "Bericht", "Stand", "Hamm", (Section("Städte", blocks),), page_of, date(2024, 1, 15)
    )


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("make", [report_docx, report_pdf])
def test_the_same_report_gives_the_same_bytes(make):
    assert make(report()) == make(report())
    assert make(report()) != make(report("Other."))


def test_docx_has_headings_its_language_and_tables_with_repeated_heads():
    document = Document(io.BytesIO(report_docx(report(TRICKY, "it"))))
    styles = [(each.style.name, each.text) for each in document.paragraphs if each.style.name != "Normal"]
    assert styles[:3] == [("Title", "Bericht"), ("Heading 1", "Städte"), ("Heading 2", "Besuch")]
    assert [text for style, text in styles if style == "List Bullet"] == ["eins", TRICKY]
    table = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Stadt", "Betrag"],
        ["Hamm", "1,00"],
        ["Arezzo", TRICKY],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Städte"
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {"it-IT"}
    about = document.core_properties
    assert (about.title, about.author, about.created.date()) == ("Bericht", "Hamm", date(2024, 1, 15))


def test_docx_elements_stand_in_the_order_that_the_schema_asks_for():
    document = Document(io.BytesIO(report_docx(report())))
    names = [each.tag.rpartition("}")[2] for each in document.tables[0]._tbl.tblPr]
    assert names[-3:] == ["tblLook", "tblCaption", "tblDescription"]


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_pdf_is_tagged_titled_in_its_language_and_for_the_archive(language: str):
    content = report_pdf(report(TRICKY, language))
    reader = PdfReader(io.BytesIO(content))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] is True or bool(catalogue["/MarkInfo"]["/Marked"])
    assert catalogue["/Lang"] == language
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Bericht"
    said = catalogue["/Metadata"].get_object().get_data()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in said
    assert b"<pdfaid:part>2</pdfaid:part>" in said
    roles = _roles(catalogue["/StructTreeRoot"])
    assert {"H1", "H2", "Table", "TH", "TD", "L", "LI"} <= roles


def _roles(node) -> set[str]:
    node = node.get_object()
    found = {str(node["/S"]).lstrip("/")} if "/S" in node else set()
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if hasattr(kid, "get") and ("/K" in kid or "/S" in kid):
            found |= _roles(kid)
    return found


def test_pdf_takes_texts_as_texts():
    said = text_of(report_pdf(report(TRICKY)))
    assert "#strong[x] <b>&amp;</b> $1$ @cite *not bold*" in said
    assert "Seite 1 von 1" in said


def test_pdf_spells_what_no_font_has_and_what_an_archive_must_not_hold():
    said = text_of(report_pdf(report("a \U0001f6b2 b \ue000 c ꙮ")))
    assert "[U+E000]" in said
    assert "[bicycle]" in said or "\U0001f6b2" in said
