"""What an update does with each part, for every way in which it may be there or not."""

from datetime import UTC, datetime

import pytest

from tandem.core.findings import Severity
from tandem.core.parts import Part
from tandem.core.references import Reference
from tandem.exchange.domain.adoption import AdoptedPart, Adoption
from tandem.exchange.domain.merge import NoSuchConflict, Side
from tandem.exchange.domain.part_fields import files_sha256
from tandem.exchange.domain.planning import MeasureVersion, NotReady
from tandem.exchange.domain.updating import Doing, PartUpdate, part_updates, update_plan

KEY, NOW = "catalogue/trees", datetime(2026, 9, 1, tzinfo=UTC)
NEVER = "never adopted"


def adoption(base, left_out=()):
    """Return an adoption whose part was last taken over with ``base``."""
    known = AdoptedPart(
        KEY, Reference("urn:1", "dataset"), base, files_sha256(Part("catalogue", "trees", {})), "anna"
    )
    parts = () if base == NEVER else (known,)
    return Adoption("1", "urn:m", "1.0.0", "anna", NOW, parts=parts, left_out=tuple(left_out))


def offered(theirs):
    return MeasureVersion(
        "urn:m", "1.1.0", () if theirs is None else (Part("catalogue", "trees", {}, theirs),)
    )


def updated(base, ours, theirs, choices=None, left_out=()) -> PartUpdate:
    shown = {} if base == NEVER else {KEY: ours}
    (found,) = part_updates(
        adoption(base, left_out), offered(theirs), shown, {KEY: choices} if choices else {}
    )
    return found


A, B, C = {"a": 1}, {"a": 2}, {"a": 3}
OURS, THEIRS = {"": Side.OURS}, {"": Side.THEIRS}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "choices", "doing", "fields"),
    [
        (A, A, A, None, Doing.NOTHING, A),
        (A, B, A, None, Doing.NOTHING, B),
        (A, A, B, None, Doing.CHANGE, B),
        (A, B, B, None, Doing.NOTHING, B),
        (None, A, A, None, Doing.NOTHING, A),  # taken out, kept here, and shipped again
        (A, None, A, None, Doing.STAY_AWAY, None),
        (A, None, B, None, Doing.STAY_AWAY, None),
        (A, None, B, THEIRS, Doing.MAKE, B),
        (A, A, None, None, Doing.TAKE_AWAY, None),
        (A, A, None, THEIRS, Doing.TAKE_AWAY, None),
        (A, A, None, OURS, Doing.NOTHING, A),
        (A, B, None, OURS, Doing.NOTHING, B),
        (A, B, None, THEIRS, Doing.TAKE_AWAY, None),
        (None, A, None, None, Doing.NOTHING, A),
        (A, None, None, None, Doing.STAY_AWAY, None),
        (NEVER, None, A, None, Doing.MAKE, A),
        (NEVER, None, A, OURS, Doing.STAY_AWAY, None),
    ],
)
def test_what_is_done(base, ours, theirs, choices, doing, fields):
    found = updated(base, ours, theirs, choices)

    assert (found.doing, found.fields, found.undecided, found.needless) == (doing, fields, (), ())


def test_what_was_left_out_stays_out():
    assert updated(NEVER, None, A, left_out=[KEY]).doing is Doing.STAY_AWAY
    assert updated(NEVER, None, A, THEIRS, left_out=[KEY]).doing is Doing.MAKE


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "path"), [(A, B, C, "/a"), (A, B, None, ""), (None, A, B, "/a")]
)
def test_what_both_changed_is_undecided_until_somebody_chooses(base, ours, theirs, path):
    found = updated(base, ours, theirs)

    assert ([each.path for each in found.conflicts], found.undecided, found.fields) == ([path], (path,), ours)
    chosen = updated(base, ours, theirs, {path: Side.THEIRS})
    assert (chosen.conflicts, chosen.undecided, chosen.fields) == (found.conflicts, (), theirs)


@pytest.mark.parametrize(
    ("base", "ours", "theirs"), [(A, A, B), (A, A, None), (A, None, B), (NEVER, None, A), (A, None, None)]
)
def test_a_choice_about_nothing_is_told(base, ours, theirs):
    found = updated(base, ours, theirs, {"/a": Side.OURS})

    assert found.needless == ("/a",)


def planned(base, ours, theirs, choices=None, plans=None, begins=None):
    shown, version = {KEY: ours}, offered(theirs)
    updates = part_updates(adoption(base), version, shown, {KEY: choices} if choices else {})
    known = {"begins": begins or {}, "plans": plans or {}, "findings": []}
    return update_plan(adoption(base), version, updates, shown=shown, **known)


def test_a_plan_that_cannot_be_carried_out_says_why():
    unknown = planned(A, None, B, THEIRS)

    assert [(each.severity, each.path) for each in unknown.findings] == [(Severity.ERROR, KEY)]
    with pytest.raises(NotReady, match="kind Data"):
        unknown.check()
    needless = planned(A, A, B, {"/x": Side.OURS})
    assert not needless.can_be_carried_out
    with pytest.raises(NoSuchConflict, match=f"{KEY}#/x"):
        needless.check()
    planned(A, A, B).check()


def test_what_was_seen_differs_where_either_side_does():
    seen = planned(A, B, C).seen

    assert planned(A, B, C, {"/a": Side.OURS}).seen == seen
    assert planned(A, B, C, begins={"mail": "a@b.example"}).seen != seen
    assert len({seen, planned(A, A, C).seen, planned(A, B, B).seen, planned(A, None, C).seen}) == 4
