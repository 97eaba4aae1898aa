"""Which number the next version has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.parts import Input, Part
from tandem.exchange.domain.release import (
    NotNewer,
    Outline,
    change_between,
    check_number,
    newest_of,
    outline,
    proposed,
)
from tandem.exchange.domain.semver import BadVersion, Change, Version, parse

KEYS = st.frozensets(st.sampled_from("abc"), max_size=3)
OUTLINES = st.lists(
    st.builds(Outline, st.sampled_from(["signal/a", "signal/b", "catalogue/c"]), KEYS, KEYS, KEYS),
    unique_by=lambda each: each.key,
)
VERSIONS = st.builds(
    lambda *numbers: str(Version(*numbers)), *(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
)


def test_the_outline_of_a_part():
    part = Part(
        "catalogue",
        "trees",
        {},
        {"columns": [], "licence": ""},
        {"data.csv": b""},
        [Input("publisher"), Input("year", default=2026)],
    )
    assert outline(part) == Outline(
        "catalogue/trees",
        frozenset({"publisher"}),
        frozenset({"columns", "licence"}),
        frozenset({"data.csv"}),
    )


@given(OUTLINES)
def test_nothing_new_is_a_patch(outlines):
    assert change_between(outlines, outlines, indicators={}) is Change.PATCH


@given(OUTLINES, OUTLINES)
def test_what_breaks_an_adoption_is_major_and_what_adds_is_minor(before, after):
    former, now = {each.key: each for each in before}, {each.key: each for each in after}
    both = former.keys() & now.keys()
    change = change_between(before, after, indicators={})
    breaks = former.keys() - now.keys() or any(now[key].wanted - former[key].wanted for key in both)
    adds = now.keys() - former.keys() or any(
        now[key].fields - former[key].fields or now[key].files - former[key].files for key in both
    )

    assert change is (Change.MAJOR if breaks else Change.MINOR if adds else Change.PATCH)


def test_a_new_indicator_adds_something_and_one_that_is_gone_mends():
    assert change_between([], [], indicators={"before": ["a"], "after": ["a", "b"]}) is Change.MINOR
    assert change_between([], [], indicators={"before": ["a", "b"], "after": ["a"]}) is Change.PATCH


@given(st.lists(VERSIONS), st.sampled_from(Change))
def test_what_is_proposed_always_comes_after(numbers, change):
    version = proposed(numbers, change)

    assert check_number(str(version), numbers) == version
    assert newest_of([*numbers, str(version)]) == version


@given(st.lists(VERSIONS, min_size=1), VERSIONS)
def test_a_number_has_to_come_after_all_others(numbers, number):
    newest = max(map(parse, numbers))
    if parse(number) > newest:
        assert check_number(number, numbers) == parse(number)
    else:
        with pytest.raises(NotNewer, match=f"does not come after {newest}"):
            check_number(number, numbers)


def test_no_number_at_all_is_told():
    with pytest.raises(BadVersion):
        check_number("next", [])
