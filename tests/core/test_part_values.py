"""What another city sends in a part is looked at value by value; everything that is wrong is told with its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core import part_values as values
from tandem.core.findings import Severity
from tandem.core.part_values import LONGEST_IRI, LONGEST_LINE, Check

LINE, LONG = values.text(LONGEST_LINE), values.text(1_000)
PERSON = values.record(
    {"name": LINE, "mail": values.MAIL, "age": values.optional(values.whole(0, 120))}, ("name",)
)
PEOPLE = values.several(PERSON, 2)


def codes(check: Check, value: Any) -> list[tuple[str, str]]:
    return [(each.code.removeprefix("core.part."), each.path) for each in check(value, "")]


@pytest.mark.parametrize(
    ("check", "value", "code"),
    [
        (LINE, "Höhe < 5 m, a<5", None),
        (LINE, "a" * 301, "too-much"),
        (LINE, 7, "wrong-form"),
        (LINE, "<b>", "not-plain"),
        (LINE, "</b>", "not-plain"),
        (LINE, "<!--", "not-plain"),
        (LINE, "two\nlines", "not-plain"),
        (LONG, "two\nlines", None),
        (LONG, "bell\x07", "not-plain"),
        (LONG, "turned\u202eround", "not-plain"),
        (LONG, "half\ud800", "not-plain"),
        (values.iri, "https://a.example/b?c#d", None),
        (values.iri, "javascript:alert(1)", "bad-address"),
        (values.iri, "file:///etc/passwd", "bad-address"),
        (values.iri, "https://a b", "bad-address"),
        (values.iri, "https://a/" + "b" * LONGEST_IRI, "bad-address"),
        (values.iri, None, "bad-address"),
        (values.truth, True, None),
        (values.truth, 1, "wrong-form"),
        (values.whole(1, 3), 3, None),
        (values.whole(1, 3), 4, "out-of-range"),
        (values.whole(0, 3), True, "wrong-form"),
        (values.whole(0, 3), 1.0, "wrong-form"),
        (values.number, 1.5, None),
        (values.number, float("nan"), "wrong-form"),
        (values.number, float("inf"), "wrong-form"),
        (values.number, False, "wrong-form"),
        (values.one_of(["a", ""]), "", None),
        (values.one_of(["a", ""]), "b", "unknown-choice"),
        (values.one_of(["a"]), ["a"], "unknown-choice"),
        (values.MAIL, "a@b.example", None),
        (values.MAIL, "a@b.example\n", "wrong-form"),
        (values.TITLES, {}, None),
        (values.TITLE, {}, "missing"),
        (values.TITLE, {"de-AT": "x"}, None),
        (values.TITLE, {"../x": "x"}, "wrong-form"),
        (values.TITLE, ["x"], "wrong-form"),
        (PEOPLE, "x", "wrong-form"),
        (PEOPLE, [{"name": "x"}] * 3, "too-much"),
    ],
)
def test_a_value_is_taken_or_refused(check: Check, value: Any, code: str | None):
    assert [each for each, _path in codes(check, value)] == ([code] if code else [])


def test_everything_is_told_with_its_place():
    assert codes(PEOPLE, [{"mail": "x", "age": None}, {"name": "<i>", "age": 121, "a/b": 1}]) == [
        ("missing", "/0/name"),
        ("wrong-form", "/0/mail"),
        ("not-plain", "/1/name"),
        ("out-of-range", "/1/age"),
        ("unknown", "/1/a~1b"),
    ]


def test_what_is_not_known_and_what_is_not_filled_in_leave_the_part_usable():
    [unknown] = PERSON({"name": "x", "colour": "red"}, "")
    gap = values.not_filled_in("/name")
    assert unknown.severity is Severity.WARNING
    assert not values.is_unusable([unknown, gap])
    assert values.errors([unknown, gap]) == [gap]
    assert values.is_unusable([values.missing("/name")])


def test_what_stands_twice_is_told_where_it_stands_again():
    assert [each.path for each in values.twice(["a", "b", "a", "a"], "/keys")] == ["/keys/2", "/keys/3"]


def test_placeholders_are_filled_in_wherever_they_are():
    fields = {"a": [{"$input": "x"}, {"b": {"$input": "y"}}], "c": "$input", "d": {"$input": 7}}
    assert values.filled(fields, {"x": 1}) == {"a": [1, {"b": None}], "c": "$input", "d": None}


@given(st.text(max_size=60))
def test_a_name_is_made_of_letters_digits_and_single_hyphens(slug: str):
    name = values.name_of(slug)
    assert name
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in f"-{name}-"
    assert values.name_of(name) == name
