"""Segments: nothing lost, nothing twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.segments import (
    BadSegments,
    Segmentation,
    Span,
    additions,
    by_hand,
    by_paragraph,
    by_sentence,
)

TEXTS = st.text(alphabet="aB1 .\n!?-–(„“zäß🌳ם\t", max_size=80)


@given(TEXTS, st.sampled_from([by_paragraph, by_sentence]))
def test_segments_put_together_are_the_text(text, cut):
    segmentation = cut(text)

    assert "".join(segmentation.texts) == text
    assert len(segmentation.spans) == (len(segmentation.cuts) + 1 if text else 0)
    assert all(each.strip() for each in segmentation.texts) or not text.strip()


@given(TEXTS, st.data())
def test_what_is_marked_by_hand_is_a_segment_and_nothing_is_lost(text, data):
    places = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    marked = list(zip(places[::2], places[1::2], strict=False))

    segmentation = by_hand(text, marked)

    assert "".join(segmentation.texts) == text
    for start, end in marked:
        said = text[start:end].strip()
        assert said == "" or any(said == each.strip() or said in each for each in segmentation.texts)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Gem. § 3 Abs. 2 BauGB nehme ich Stellung. Die Str. ist zu laut!",
            ["Gem. § 3 Abs. 2 BauGB nehme ich Stellung. ", "Die Str. ist zu laut!"],
        ),
        ("Am 3. Juni war es still. 2024. Das Jahr.", ["Am 3. Juni war es still. ", "2024. ", "Das Jahr."]),
        ("Er sagte: „Nein!“ Dann ging er.", ["Er sagte: „Nein!“ ", "Dann ging er."]),
        (
            "Ai sensi dell'art. 9 chiedo la modifica. Il sig. Rossi è d'accordo.",
            ["Ai sensi dell'art. 9 chiedo la modifica. ", "Il sig. Rossi è d'accordo."],
        ),
        (
            "See no. 4, e.g. the noise. It is 3.5 dB too loud.",
            ["See no. 4, e.g. the noise. ", "It is 3.5 dB too loud."],
        ),
        ("Warum?\nDarum", ["Warum?\n", "Darum"]),
        ("", []),
        ("   ", ["   "]),
    ],
)
def test_sentences(text, wanted):
    assert list(by_sentence(text).texts) == wanted


def test_paragraphs_and_points_of_a_list():
    text = "Sehr geehrte Damen\n \nich bitte um:\n1. Bäume\n2) Bänke\n\n\nMit freundlichen Grüßen\nA. B."

    assert list(by_paragraph(text).texts) == [
        "Sehr geehrte Damen\n \n",
        "ich bitte um:\n",
        "1. Bäume\n",
        "2) Bänke\n\n\n",
        "Mit freundlichen Grüßen\nA. B.",
    ]


def test_by_hand_keeps_what_lies_between():
    text = "abc  def ghi"

    assert by_hand(text, [(9, 12), (0, 3)]).texts == ("abc", "  def ", "ghi")
    assert by_hand(text, [(0, 3), (5, 8)]).texts == ("abc  ", "def", " ghi")


@pytest.mark.parametrize("spans", [[(0, 4), (3, 6)], [(2, 2)], [(5, 3)], [(-1, 3)], [(3, 13)]])
def test_overlapping_empty_and_outside_segments_are_refused(spans):
    with pytest.raises(BadSegments):
        by_hand("abc  def ghi", spans)


def test_cut_and_join_undo_each_other():
    whole = Segmentation("one two")

    assert whole.cut(4).texts == ("one ", "two")
    assert whole.cut(4).cut(4).join(4) == whole
    assert whole.cut(4).spans == (Span(0, 4), Span(4, 7))
    for wrong in (0, 7, -1):
        with pytest.raises(BadSegments):
            whole.cut(wrong)
    with pytest.raises(BadSegments, match="no cut at character 3"):
        whole.join(3)


def test_additions_to_a_model_letter():
    model = "Ich lehne die Straße ab. Sie ist zu laut."
    text = "Ich wohne in Nr. 7.\nIch lehne die Straße ab!  SIE IST zu laut. Meine Kinder schlafen nicht."

    assert [text[span.start : span.end].strip() for span in additions(model, text)] == [
        "Ich wohne in Nr. 7.",
        "Meine Kinder schlafen nicht.",
    ]
