"""The weighing table as DOCX: read back by python-docx, and its XML looked at."""

import time
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from tandem.participation.adapters.synopsis_docx import synopsis_docx
from tests.participation.adapters.weighing_table import ARABIC, HEBREW, MARKUP, table


def read(content: bytes):
    return Document(BytesIO(content))


def cells(document, number: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[number].rows]


def test_every_text_is_in_its_cell_as_it_was_written():
    document = read(synopsis_docx(table(more=1)))

    rows = cells(document, 0)
    assert rows[0] == ["Nr.", "Eingegangen von", "Stellungnahme", "Abwägung", "Beschluss"]
    assert [row[0] for row in rows[1:]] == ["A 1.1", "A 1.2", "A 1.3", "A 1.4", "A 1.5"]
    assert [row[2] for row in rows[1:]] == [MARKUP, "Tree: 🌳", f"{HEBREW}, 123", ARABIC, "bell \ufffd end"]
    assert rows[1][1] == "Amt #1 <x>\neingegangen am 02.06.2026"
    assert rows[1][3:] == ["Weighed <carefully> & #well.", "Wird zur Kenntnis genommen.\nRat, 01.09.2026"]
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "Plan „7“ <draft> & #1",
        "Hamm · Stand: 02.09.2026 · Angaben zu Personen sind entfernt",
        "Behörden und sonstige Träger öffentlicher Belange",
        "Öffentlichkeit",
    ]


def test_heads_are_repeated_and_the_tables_have_titles():
    for each in read(synopsis_docx(table(more=1))).tables:
        marked = [
            row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in each.rows
        ]
        assert marked == [True] + [False] * (len(marked) - 1)
        assert each._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_only_paragraphs_in_hebrew_and_arabic_run_from_right_to_left():
    document = read(synopsis_docx(table()))
    from_right = [
        paragraph.text
        for row in document.tables[0].rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        if paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:bidi")) is not None
    ]

    assert from_right == [f"{HEBREW}, 123", ARABIC]


@pytest.mark.parametrize(("language", "locale"), [("de", "de-DE"), ("it", "it-IT"), ("en", "en-GB")])
def test_language_title_and_day_are_known(language, locale):
    document = read(synopsis_docx(table(language)))
    about = document.core_properties

    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {locale}
    assert (about.title, about.author, about.language) == ("Plan „7“ <draft> & #1", "Hamm", locale)
    assert about.created == datetime(2026, 9, 2, tzinfo=UTC)


def test_pages_are_numbered():
    footer = read(synopsis_docx(table())).sections[0].footer.paragraphs[0]

    fields = [each.get(qn("w:instr")) for each in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "".join(each.text for each in footer._p.iter(qn("w:t"))) == "Seite 1 von 1"


def test_a_thousand_rows_take_seconds():
    begun = time.process_time()

    document = read(synopsis_docx(table(more=1_000)))

    assert time.process_time() - begun < 10
    assert len(document.tables[1]._tbl.tr_lst) == 1_001
