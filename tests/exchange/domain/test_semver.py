"""Versions of measures, by the examples of Semantic Versioning 2.0.0 and by their laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.semver import BadVersion, Change, Version, parse

NUMBERS = st.integers(0, 999)
LABELS = st.lists(
    st.from_regex(r"(0|[1-9][0-9]{0,5}|[0-9]{0,2}[A-Za-z-][0-9A-Za-z-]{0,4})", fullmatch=True), max_size=3
).map(tuple)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS, LABELS)


def test_precedence_is_that_of_clause_11():
    ordered = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "2.0.0",
        "2.1.0",
        "2.1.1",
    ]

    assert [str(each) for each in sorted(map(parse, reversed(ordered)))] == ordered


def test_what_was_built_how_makes_no_difference():
    assert parse("1.0.0+one") == parse("1.0.0+two")
    assert not parse("1.0.0+one") < parse("1.0.0+two")
    assert str(parse("1.0.0-a.1+one.2")) == "1.0.0-a.1+one.2"


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "v1.0.0", "1.0.0\n", "١.0.0", "1.0.0-a..b"],
)
def test_what_is_no_version_is_refused(text: str):
    with pytest.raises(BadVersion):
        parse(text)


def test_a_draft_becomes_the_release_that_it_leads_to():
    assert str(parse("1.1.0-draft.3").next(Change.MINOR)) == "1.1.0"
    assert str(parse("1.1.0-draft.3").next(Change.MAJOR)) == "2.0.0"
    assert str(parse("1.1.1-draft").next(Change.PATCH)) == "1.1.1"
    assert str(parse("1.1.1-draft").next(Change.MINOR)) == "1.2.0"


@given(VERSIONS)
def test_a_version_comes_back_from_its_text(version: Version):
    assert parse(str(version)) == version


@given(VERSIONS, st.sampled_from(Change))
def test_the_next_version_is_a_later_release(version: Version, change: Change):
    following = version.next(change)

    assert following > version
    assert following.prerelease == ()


@given(VERSIONS, VERSIONS, VERSIONS)
def test_versions_are_in_one_order(one: Version, two: Version, three: Version):
    assert (one < two) + (one == two) + (one > two) == 1
    assert not (one < two < three) or one < three
