"""Differences between two JSON values, and the single values in one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.conformity import same
from tandem.exchange.domain.differences import Difference, differences, leaves
from tandem.exchange.domain.merge import ABSENT, tokens

SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.text("ab/~", max_size=2)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~", max_size=2), inner, max_size=3)
    ),
)


def at(value: Any, path: str) -> Any:
    """Return what stands at a JSON Pointer; ``ABSENT`` where nothing does."""
    for token in tokens(path):
        if isinstance(value, list):
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            value = value[token]
        else:
            return ABSENT
    return value


def test_a_text_that_was_added_and_one_that_was_changed_each_have_their_place():
    before, after = (
        {"titles": {"de": "Baum"}, "years": [1]},
        {"titles": {"de": "Bäume", "it": "Alberi"}, "years": [1, 2]},
    )

    assert list(differences(before, after)) == [
        Difference("/titles/de", "Baum", "Bäume"),
        Difference("/titles/it", ABSENT, "Alberi"),
        Difference("/years", [1], [1, 2]),
    ]


@given(JSON, JSON)
def test_there_is_a_difference_just_where_the_values_are_not_the_same(before, after):
    found = list(differences(before, after))

    assert (not found) == same(before, after)
    assert all(not same(each.before, each.after) for each in found)
    assert all(same(at(before, each.path), each.before) for each in found)
    assert all(same(at(after, each.path), each.after) for each in found)
    assert len({each.path for each in found}) == len(found)


@given(JSON)
def test_every_single_value_is_told_once_with_its_place(value):
    found = list(leaves(value))

    assert all(same(at(value, path), each) for path, each in found)
    assert len({path for path, _each in found}) == len(found)
    assert not any(isinstance(each, dict | list) and each for _path, each in found)
