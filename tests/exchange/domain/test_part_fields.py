"""The fields of a part: their hashes, and what of them is the origin's."""

from hypothesis import given
from hypothesis import strategies as st

from tandem.core.parts import Part
from tandem.exchange.domain.part_fields import base_after, files_sha256, sha256_of

OBJECTS = st.dictionaries(st.sampled_from("abc"), st.text("xy ", max_size=2))


def tidied(fields):
    return {key: value.strip() for key, value in fields.items()}


@given(OBJECTS, OBJECTS)
def test_the_base_is_what_was_taken_over_where_a_room_shows_what_it_was_given(given_fields, theirs):
    assert base_after(given_fields, shown=given_fields, theirs=theirs) == theirs


@given(OBJECTS)
def test_the_base_is_what_a_room_shows_where_nobody_changed_anything(theirs):
    assert base_after(theirs, shown=tidied(theirs), theirs=theirs) == tidied(theirs)


def test_where_a_room_tidies_what_people_kept_the_origins_counts():
    assert base_after({"a": " x "}, shown={"a": "x"}, theirs={"a": "y"}) == {"a": "y"}


def test_hashes_of_fields_and_files():
    assert sha256_of({"b": [1, "ü"], "a": None}) == sha256_of({"a": None, "b": [1, "ü"]})
    assert sha256_of({"a": 1}) != sha256_of({"a": True})
    assert sha256_of({"a": "\ud800"}) != sha256_of({"a": "?"})
    one = files_sha256(Part("catalogue", "x", {}, files={"a.csv": b"1", "b.csv": b"2"}))
    assert one == files_sha256(Part("signal", "y", {}, files={"b.csv": b"2", "a.csv": b"1"}))
    assert one != files_sha256(Part("catalogue", "x", {}, files={"a.csv": b"2", "b.csv": b"1"}))
