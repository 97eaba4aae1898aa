"""Slugs: made of titles in any language, and free."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.kit.slugs import LONGEST, first_free, slug_of


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Grünflächen & Straßen", "gruenflaechen-strassen"),
        ("ÄÖÜ", "aeoeue"),
        ("Città più verde", "citta-piu-verde"),
        ("…", "dataset"),
        ("", "dataset"),
        (f"{'a' * (LONGEST - 1)} b", "a" * (LONGEST - 1)),
    ],
)
def test_a_slug_is_made_of_what_can_stand_in_an_address(title: str, slug: str):
    assert slug_of(title, otherwise="dataset") == slug


@given(st.text())
def test_every_title_has_a_slug(title: str):
    assert re.fullmatch(r"[a-z0-9_][a-z0-9_-]{0,99}", slug_of(title, otherwise="x"))


@given(st.sets(st.integers(1, 12)))
def test_the_first_number_that_is_free_is_taken(numbers: set[int]):
    taken = {"trees" if number == 1 else f"trees-{number}" for number in numbers}
    free = min(set(range(1, 14)) - numbers)

    assert first_free("trees", taken) == ("trees" if free == 1 else f"trees-{free}")
