"""The weighing table as PDF: read back by pypdf, its tags looked at."""

import time
from collections import Counter
from io import BytesIO

import pytest
from pypdf import PdfReader

from tandem.kit.typesetting import CannotSetPdf
from tandem.participation.adapters.synopsis_pdf import synopsis_pdf
from tests.participation.adapters.weighing_table import MARKUP, table


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def said(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags(reader: PdfReader) -> Counter[str]:
    counts, waiting = Counter(), [reader.root_object["/StructTreeRoot"]]
    while waiting:
        each = waiting.pop().get_object()
        for child in each if isinstance(each, list) else [each]:
            child = child.get_object()
            if hasattr(child, "get"):
                counts[child.get("/S")] += 1
                if "/K" in child:
                    waiting.append(child["/K"])
    return counts


def test_what_is_written_is_text_and_never_markup():
    text = said(read(synopsis_pdf(table(text=MARKUP)).content))

    for part in (
        "#let x = 1 #panic() <b>&amp;</b>",
        "*b* _c_",
        "`d` @ref // note /* */ [x] = y",
        "Amt #1 <x>",
    ):
        assert part in text
    assert "Weighed <carefully> & #well." in text


def test_language_title_and_tags_are_those_of_an_accessible_document():
    reader = read(synopsis_pdf(table("it")).content)
    metadata = reader.root_object["/Metadata"].get_object().get_data().decode()
    counts = tags(reader)

    assert reader.root_object["/Lang"] == "it"
    assert reader.metadata.title == "Plan „7“ <draft> & #1"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - an object of pypdf
    assert ("<pdfuaid:part>1<" in metadata, "<pdfaid:part>2<" in metadata) == (True, True)
    assert (counts["/TH"], counts["/TR"], counts["/TD"], counts["/H1"]) == (5, 6, 25, 1)


def test_heads_and_page_numbers_are_on_every_page():
    reader = read(synopsis_pdf(table(more=40)).content)
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]

    assert len(pages) > 3
    assert [f"Seite {number} von {len(pages)}" in page for number, page in enumerate(pages, start=1)] == [
        True
    ] * len(pages)
    assert ["Abwägung" in page for page in pages] == [True] * len(pages)


def test_a_character_that_no_font_has_is_written_by_its_name_and_told():
    made = synopsis_pdf(table(text="A tree: \U0001fad8. Private: \ue000"))

    assert "A tree: [beans]. Private: [U+E000]" in said(read(made.content))
    assert [(each.code, each.path) for each in made.findings] == [
        ("participation.synopsis.no-font", "U+E000"),
        ("participation.synopsis.no-font", "U+1FAD8"),
    ]


def test_nothing_is_told_where_everything_is_shown():
    assert synopsis_pdf(table(text="Größe, perché, ½ € – „x“ → שלום")).findings == []


def test_the_same_table_gives_the_same_bytes():
    assert synopsis_pdf(table()).content == synopsis_pdf(table()).content


def test_another_failure_of_the_program_is_told(monkeypatch):
    monkeypatch.setattr("tandem.participation.adapters.synopsis_pdf._TEMPLATE", "#panic(1)")

    with pytest.raises(CannotSetPdf, match="The PDF could not be set"):
        synopsis_pdf(table())


def test_a_thousand_rows_take_seconds():
    begun = time.process_time()

    reader = read(synopsis_pdf(table(more=1_000)).content)

    assert time.process_time() - begun < 20
    assert len(reader.pages) > 50
