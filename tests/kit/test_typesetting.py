"""PDF documents: no character gets lost, no text is an instruction, a failure is told."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from tandem.core.text import printable
from tandem.kit.typesetting import CannotSetPdf, archived_pdf, plain_pdf, spelt

TEMPLATE = """
#let it = json(bytes(sys.inputs.at("values")))
#set document(title: "All", author: "Hamm")
#set text(lang: "de", font: "Libertinus Serif")
#for each in it.texts { par(each) }
"""
DAY = date(2026, 5, 1)


def said(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_what_no_font_has_and_what_an_archive_must_not_hold_is_spelt():
    made = archived_pdf(TEMPLATE, {"texts": ["a tree: \U0001fad8", ["a \ue000 b"][0]]}, as_of=DAY)

    assert made.respelt == ("\ue000", "\U0001fad8")
    assert said(made.content).split("\n") == ["a tree: [beans]", "a [U+E000] b"]


def test_many_missing_characters_are_found_at_once():
    many = [chr(0x13000 + number) for number in range(60)]  # hieroglyphs
    made = archived_pdf(TEMPLATE, {"texts": many}, as_of=DAY)

    assert made.respelt == tuple(many)


def test_nothing_is_respelt_where_everything_is_shown():
    assert archived_pdf(TEMPLATE, {"texts": ["Größe, perché, ½ € – „x“ →"]}, as_of=DAY).respelt == ()


def test_texts_are_no_instructions():
    text = "#strong[x] $1$ @cite *not bold*"

    assert said(archived_pdf(TEMPLATE, {"texts": [text]}, as_of=DAY).content) == text
    assert said(plain_pdf(TEMPLATE, {"texts": [text]})) == text


def test_the_same_values_give_the_same_bytes_and_another_day_gives_others():
    one, again, later = (
        archived_pdf(TEMPLATE, {"texts": ["x"]}, as_of=day).content for day in (DAY, DAY, date(2026, 5, 2))
    )

    assert one == again != later


@pytest.mark.parametrize(
    "made", [lambda: plain_pdf("#panic(1)", {}), lambda: archived_pdf("#panic(1)", {}, as_of=DAY)]
)
def test_another_failure_is_told(made):
    with pytest.raises(CannotSetPdf, match="The PDF could not be set: panicked"):
        made()


def test_names_of_characters():
    assert [spelt(each) for each in ("🚲", "\ue000", "\u200d")] == ["[bicycle]", "[U+E000]", ""]


@given(st.text())
def test_what_is_printable_stays_so(text: str):
    once = printable(text)

    assert printable(once) == once
    assert len(once) <= len(text)
