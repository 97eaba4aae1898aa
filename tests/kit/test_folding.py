"""Folding: spellings of one word meet, different words do not."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.kit.folding import STOP_WORDS, distance, fold, inner_parts, splits, spoken, telling, words

LETTERS = st.text(alphabet="abcdefgklmnorstuzäöüßàèéìòù", min_size=1, max_size=14)
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straßenbäume", "STRASSENBAEUME"),
        ("Böe", "Boee"),
        ("Diäten", "Diaeten"),
        ("Städtepartnerschaft", "Staedtepartnerschaft"),
        ("qualità", "QUALITA"),
        ("perché", "perche"),
        ("Grüße", "Gruesse"),
    ],
)
def test_spellings_of_one_word_meet(one: str, other: str):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Bauer", "Baur"), ("Mauern", "Maurn"), ("neue", "neu")])
def test_different_words_stay_apart(one: str, other: str):
    assert fold(one) != fold(other)


@given(LETTERS)
def test_case_and_normal_form_do_not_matter(word: str):
    assert fold(word.upper()) == fold(word) == fold(unicodedata.normalize("NFD", word))


@given(LETTERS)
def test_umlauts_may_be_spelt_out(word: str):
    """Where an ü follows a vowel, its spelling-out cannot be told from Bauer's u and e."""
    doubtful = any(before in "aäoöeuüq" and after == "ü" for before, after in pairwise(word))
    if not doubtful and not any(pair in word for pair in ("ae", "oe", "ue")):
        assert fold(word.translate(SPELT_OUT)) == fold(word)


@given(st.text(max_size=200))
def test_words_are_folded_and_without_gaps(text: str):
    found = words(text)

    assert all(word and not any(each.isspace() for each in word) for word in found)
    assert len(spoken(text)) <= len(found) + len(text)


def test_elided_articles_are_words_of_their_own():
    assert words("L'aria dell’Aretino") == ["l", "aria", "dell", "aretino"]
    assert telling(words("L'aria dell’Aretino")) == ["aria", "aretino"]


def test_a_query_of_stop_words_alone_is_kept():
    assert telling(["wie", "wo"]) == ["wie", "wo"]
    assert all(fold(word) == word for word in STOP_WORDS)


def test_compounds_have_inner_parts_and_splits():
    assert set(inner_parts("radwege")) == {"wege"}
    assert set(inner_parts("baum")) == set()
    assert ("baum", "kataster") in set(splits("baumkataster"))
    assert ("verkehr", "zeichen") in set(splits("verkehrszeichen"))


@given(LETTERS, LETTERS)
def test_distance_is_symmetric_and_zero_for_the_same(one: str, other: str):
    assert distance(one, other, most=4) == distance(other, one, most=4)
    assert (distance(one, other, most=4) == 0) == (one == other)


@given(LETTERS, st.data())
def test_one_letter_left_out_is_a_distance_of_one(word: str, data: st.DataObject):
    at = data.draw(st.integers(0, len(word) - 1))

    assert distance(word, word[:at] + word[at + 1 :], most=2) == 1


def test_distance_counts_swapped_neighbours_once_and_stops_at_the_most():
    assert distance("katsater", "kataster", most=2) == 1
    assert distance("baum", "strasse", most=2) == 3
    assert distance("haus", "zelt", most=2) == 3
