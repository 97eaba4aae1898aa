"""Three-way merge: its laws, for every JSON value, and its choices."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.merge import (
    ABSENT,
    Conflict,
    Merged,
    NoSuchConflict,
    Side,
    Unresolved,
    merge,
    resolve,
    same,
    tokens,
)

NAMES = st.sampled_from(["de", "it", "a/b", "c~", ""])
LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["x", "y", 0.5])
ITEMS = st.builds(
    lambda i, more: {"id": i, **more}, st.integers(0, 4), st.dictionaries(NAMES, LEAVES, max_size=2)
)
KNOWN_ITEMS = st.lists(ITEMS, max_size=4, unique_by=lambda item: item["id"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.dictionaries(NAMES, inner, max_size=3) | st.lists(inner, max_size=3) | KNOWN_ITEMS,
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4)


@st.composite
def edited(draw: st.DrawFn, value: Any) -> Any:
    """Return a value with a few changes, here and there."""
    if draw(st.integers(0, 3)) == 0:
        return draw(VALUES)
    if isinstance(value, dict):
        kept = {
            key: draw(edited(each)) for key, each in value.items() if key == "id" or draw(st.integers(0, 4))
        }
        if "id" in value:
            return {**kept, "id": value["id"]}
        return {**kept, **draw(st.dictionaries(NAMES, LEAVES, max_size=1))}
    if isinstance(value, list):
        kept = [draw(edited(each)) for each in value if draw(st.integers(0, 4))]
        added = draw(KNOWN_ITEMS)[:1] if draw(st.booleans()) else []
        return draw(st.permutations(kept + added)) if draw(st.booleans()) else kept + added
    return value


@st.composite
def triples(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    base = draw(OBJECTS)
    return base, draw(edited(base)), draw(edited(base))


def at(value: Any, path: str) -> Any:
    for step in tokens(path):
        value = value[int(step) if isinstance(value, list) else step]
    return value


def text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@given(triples())
def test_who_changed_nothing_gets_what_the_other_has(values):
    base, ours, theirs = values

    assert text(merge(base, base, theirs).value) == text(theirs)
    assert text(merge(base, ours, base).value) == text(ours)
    assert text(merge(base, ours, ours).value) == text(ours)
    for merged in (merge(base, base, theirs), merge(base, ours, base), merge(base, ours, ours)):
        assert merged.conflicts == ()


@given(triples())
def test_sides_can_be_swapped(values):
    base, ours, theirs = values
    here, there = merge(base, ours, theirs), merge(base, theirs, ours)
    swapped = [Conflict(each.path, each.base, each.theirs, each.ours) for each in there.conflicts]

    assert {each.path: each for each in here.conflicts} == {each.path: each for each in swapped}
    assert len(here.conflicts) == len(swapped)
    for side, other in ((Side.OURS, Side.THEIRS), (Side.THEIRS, Side.OURS)):
        assert same(here.taking(side), there.taking(other))


@given(triples())
def test_merging_again_changes_nothing(values):
    base, ours, theirs = values
    merged = merge(base, ours, theirs)

    assert text(merge(theirs, merged.value, theirs).value) == text(merged.value)
    if not merged.conflicts:
        assert merge(base, merged.value, theirs).conflicts == ()
        assert same(merge(base, merged.value, theirs).value, merged.value)


def lost(base: Any, side: Any, merged: Any, path: str = "") -> list[str]:
    """Return where a change that one side made in an object is not in the merged value."""
    if isinstance(base, dict) and isinstance(side, dict) and isinstance(merged, dict):
        return [
            place
            for key in {**base, **side}
            for place in lost(
                base.get(key, ABSENT), side.get(key, ABSENT), merged.get(key, ABSENT), f"{path}/{key}"
            )
        ]
    changed = base is ABSENT or side is ABSENT or not same(base, side)
    if not changed or base is side or isinstance(side, dict | list):
        return []
    return [] if merged is side or same(merged, side) else [path]


@given(triples())
def test_without_a_conflict_both_changes_are_in(values):
    base, ours, theirs = values
    merged = merge(base, ours, theirs)

    if not merged.conflicts:
        assert lost(base, ours, merged.value) == []
        assert lost(base, theirs, merged.value) == []


@given(triples())
def test_no_key_is_lost_that_nobody_deleted_and_none_comes_from_nowhere(values):
    base, ours, theirs = values
    if not all(isinstance(each, dict) for each in values):
        return
    merged = merge(base, ours, theirs).value
    deleted = {key for key in base if key not in ours or key not in theirs}

    assert {*base, *ours, *theirs} - deleted <= set(merged) <= {*ours, *theirs}


@given(triples())
def test_each_conflict_is_where_both_differ_and_its_path_leads_there(values):
    base, ours, theirs = values
    merged = merge(base, ours, theirs)

    for conflict in merged.conflicts:
        stands = conflict.theirs if conflict.ours is ABSENT else conflict.ours
        assert same(at(merged.value, conflict.path), stands)
        assert not same(conflict.ours, conflict.theirs)
        assert not same(conflict.base, conflict.ours)
        assert not same(conflict.base, conflict.theirs)
    assert len({conflict.path for conflict in merged.conflicts}) == len(merged.conflicts)


@given(triples(), st.data())
def test_choices_leave_nothing_undecided(values, data):
    base, ours, theirs = values
    merged = merge(base, ours, theirs)
    choices = {each.path: data.draw(st.sampled_from(Side)) for each in merged.conflicts}
    before = text(merged.value)
    decided = resolve(merged, choices)

    assert text(merged.value) == before
    kept = [each for each in merged.conflicts if each.of(choices[each.path]) is not ABSENT]
    if len(kept) == len(merged.conflicts):  # what is deleted from a list moves what is behind it
        for each in kept:
            assert same(at(decided, each.path), each.of(choices[each.path]))
    if set(choices.values()) == {Side.OURS} and not any(
        isinstance(each.theirs, list) for each in merged.conflicts
    ):
        assert lost(base, ours, decided) == []


def test_deleted_here_and_changed_there_is_a_conflict_and_deleted_alone_is_not():
    base = {"title": {"de": "Bäume"}, "licence": "cc-by"}

    assert merge(base, {"licence": "cc-by"}, {**base, "title": {"de": "Stadtbäume"}}) == Merged(
        {"licence": "cc-by", "title": {"de": "Stadtbäume"}},
        (Conflict("/title", {"de": "Bäume"}, ABSENT, {"de": "Stadtbäume"}),),
    )
    assert merge(base, {"licence": "cc-by"}, base) == Merged({"licence": "cc-by"})
    assert merge(base, {"licence": "cc-by"}, {"licence": "cc-0"}) == Merged({"licence": "cc-0"})


def test_texts_are_merged_by_language():
    base = {"titles": {"de": "Bäume", "en": "Trees"}}
    ours = {"titles": {"de": "Bäume", "en": "Trees", "it": "Alberi"}}
    theirs = {"titles": {"de": "Stadtbäume", "en": "Trees"}}

    assert merge(base, ours, theirs) == Merged(
        {"titles": {"de": "Stadtbäume", "en": "Trees", "it": "Alberi"}}
    )


def test_items_that_say_who_they_are_are_merged_one_by_one():
    base = [{"key": "a", "unit": "m"}, {"key": "b", "unit": "m"}]
    ours = [{"key": "a", "unit": "cm"}, {"key": "b", "unit": "m"}, {"key": "d"}]
    theirs = [{"key": "b", "unit": "m"}, {"key": "c"}, {"key": "a", "unit": "m", "note": "x"}]

    assert merge(base, ours, theirs) == Merged(
        [{"key": "b", "unit": "m"}, {"key": "c"}, {"key": "d"}, {"key": "a", "unit": "cm", "note": "x"}]
    )


def test_a_conflict_about_an_item_names_its_place_and_can_be_decided():
    base = {"columns": [{"key": "a", "unit": "m"}, {"key": "b", "unit": "m"}, {"key": "c", "unit": "m"}]}
    ours = {"columns": [{"key": "b", "unit": "cm"}, {"key": "c", "unit": "m"}]}
    theirs = {"columns": [{"key": "a", "unit": "km"}, {"key": "b", "unit": "km"}, {"key": "c", "unit": "m"}]}
    merged = merge(base, ours, theirs)

    assert [each.path for each in merged.conflicts] == ["/columns/0", "/columns/1/unit"]
    assert resolve(merged, {"/columns/0": Side.OURS, "/columns/1/unit": Side.THEIRS}) == {
        "columns": [{"key": "b", "unit": "km"}, {"key": "c", "unit": "m"}]
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([1, 2, 3], [1, 3, 4]),  # no identities
        ([{"id": 1}, {"id": 1}], [{"id": 2}]),  # not unique
        ([{"id": True}], [{"id": 2}]),  # neither text nor number
        ([{"id": 1}], [{"key": 2}]),  # not the same one
    ],
)
def test_other_lists_are_taken_as_a_whole(ours, theirs):
    merged = merge({"list": [0]}, {"list": ours}, {"list": theirs})

    assert merged == Merged({"list": ours}, (Conflict("/list", [0], ours, theirs),))


def test_items_that_both_moved_alike_are_no_conflict():
    base, ours, theirs = (
        [{"id": 1}, {"id": 2}],
        [{"id": 2}, {"id": 1, "a": 1}],
        [{"id": 2, "b": 1}, {"id": 1}],
    )

    assert merge(base, ours, theirs) == Merged([{"id": 2, "b": 1}, {"id": 1, "a": 1}])


def test_items_that_both_moved_differently_are_a_conflict_of_the_list():
    base, ours, theirs = ([{"id": each} for each in order] for order in ("abc", "bac", "cab"))

    assert merge(base, ours, theirs).conflicts == (Conflict("", base, ours, theirs),)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "wanted"),
    [
        ("ab", "axb", "ayb", "axyb"),  # at one place: by name
        ("abc", "ab", "cba", "ba"),  # who deletes does not move
        ("abc", "cab", "abcd", "cdab"),  # what is new stays behind what it stood behind
        ("ab", "xab", "abx", None),  # added by both, each elsewhere
        ("", "xy", "yx", None),
    ],
)
def test_the_order_of_items(base, ours, theirs, wanted):
    sides = [[{"id": each} for each in side] for side in (base, ours, theirs)]
    merged = merge(*sides)

    if wanted is None:
        assert merged.conflicts == (Conflict("", *sides),)
    else:
        assert merged == Merged([{"id": each} for each in wanted])


def test_the_first_identity_that_all_items_have_counts():
    base = [{"id": 1, "name": "x"}, {"id": 2, "name": "x"}]
    merged = merge(base, [{"id": 1, "name": "y"}, {"id": 2, "name": "x"}], [base[1]])

    assert [each.path for each in merged.conflicts] == ["/0"]


def test_true_is_not_one_and_one_is_one_point_nought():
    assert merge({"a": 1}, {"a": True}, {"a": 1.0}) == Merged({"a": True})
    assert merge({"a": 1}, {"a": True}, {"a": 1.0}).value["a"] is True


def test_a_choice_must_be_made_for_each_conflict_and_for_no_other_place():
    merged = merge({"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 3, "b": 3})

    with pytest.raises(Unresolved, match="/b") as left:
        resolve(merged, {"/a": Side.OURS})
    with pytest.raises(NoSuchConflict, match="/c") as strange:
        resolve(merged, {"/a": Side.OURS, "/b": Side.OURS, "/c": Side.OURS})

    assert (left.value.paths, strange.value.paths) == (("/b",), ("/c",))
    assert merged.taking(Side.THEIRS) == {"a": 3, "b": 3}


@given(st.lists(st.text(alphabet="a/~01", max_size=3), max_size=4))
def test_pointers_lead_to_any_key(keys):
    value: Any = "here"
    for key in reversed(keys):
        value = {key: value}
    merged = merge(value, _replaced(value, "ours"), _replaced(value, "theirs"))

    assert [tokens(each.path) for each in merged.conflicts] == [keys]


def _replaced(value: Any, leaf: str) -> Any:
    return {key: _replaced(each, leaf) for key, each in value.items()} if isinstance(value, dict) else leaf
