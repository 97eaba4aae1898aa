"""The way of an adoption: what is possible when, who signs, and what a plan says."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.findings import Finding, Severity
from tandem.core.parts import Part, PartPlan, Step
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.adoption import (
    STANDING,
    STEPS,
    Action,
    AdoptedPart,
    Adoption,
    NoSuchPart,
    NotPossible,
    NotTheirs,
    PartGone,
    PartState,
    State,
    after,
    base_after,
    check_changed,
    check_live,
    files_sha256,
    sha256_of,
    sign_off,
    with_simulation,
)
from tandem.exchange.domain.naming import ACTIONS
from tandem.exchange.domain.planning import (
    Course,
    MeasureVersion,
    NotReady,
    PlannedPart,
    course_of,
    in_the_way,
    plan,
)
from tandem.exchange.domain.semver import BadVersion

NOW = datetime(2026, 9, 1, tzinfo=UTC)
FIELDS = {"slug": "trees", "days": 28}
TABLE, SIGNAL = "catalogue/trees", "signal/marker-allee"
RESULT = Reference("urn:evaluation:1", "evaluation")


def part(key, **changed):
    return AdoptedPart(key, Reference(f"urn:{key}", "thing"), FIELDS, "", "anna", **changed)


def adoption(*parts, **changed):
    return Adoption("1", "urn:m", "1.0.0", "anna", NOW, parts=parts, **changed)


def signed(found, key, by="bruno", roles=("office",), fields=FIELDS):
    return sign_off(
        found, key, by=by, roles=roles, signs="office", fields=fields, now=NOW, note=" As agreed. "
    )


# --- states -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_a_step_is_possible_or_refused_with_a_sentence(state, action):
    found = adoption(state=state)
    if action in STEPS[state]:
        assert after(found, action) is STEPS[state][action]
    else:
        with pytest.raises(NotPossible, match=f"{ACTIONS[action]} is not possible with this adoption. .+"):
            after(found, action)


def test_the_table_of_steps():
    undone, live = State.UNDONE, State.LIVE

    assert {state: dict(steps) for state, steps in STEPS.items()} == {
        State.DRAFTS: dict.fromkeys([Action.SIMULATE, Action.SIGN_OFF, Action.UPDATE], State.DRAFTS)
        | {Action.GO_LIVE: live, Action.UNDO: undone},
        State.LIVE: dict.fromkeys([Action.SIMULATE, Action.SIGN_OFF, Action.GO_LIVE, Action.UPDATE], live)
        | {Action.DIVERGE: State.DIVERGED, Action.RETIRE: State.RETIRED, Action.UNDO: undone},
        State.DIVERGED: dict.fromkeys([Action.SIMULATE, Action.SIGN_OFF, Action.GO_LIVE], State.DIVERGED)
        | {Action.RETIRE: State.RETIRED, Action.UNDO: undone},
        State.RETIRED: {},
        State.UNDONE: {},
    }
    assert {state for state in State if STEPS[state]} == STANDING


# --- signing off --------------------------------------------------------------------------------
def test_a_part_is_signed_off_by_who_has_the_role():
    found = signed(adoption(part(TABLE)), TABLE).part(TABLE)

    assert found.state is PartState.SIGNED_OFF
    assert found.sign_off is not None
    assert (found.sign_off.by, found.sign_off.at, found.sign_off.note) == ("bruno", NOW, "As agreed.")
    assert found.sign_off.fields_sha256 == sha256_of(FIELDS)
    with pytest.raises(NotTheirs, match="takes the role office"):
        signed(adoption(part(TABLE)), TABLE, roles=("other-office",))
    assert signed(adoption(part(TABLE)), TABLE, by="anna").part(TABLE).state is PartState.SIGNED_OFF


def test_a_signal_is_simulated_as_it_is_then_signed_by_a_second_person():
    begun = adoption(part(SIGNAL))
    simulated = with_simulation(begun, SIGNAL, RESULT, fields=FIELDS)

    with pytest.raises(NotPossible, match="simulated first"):
        signed(begun, SIGNAL)
    with pytest.raises(NotPossible, match="Simulate it again"):
        signed(simulated, SIGNAL, fields={**FIELDS, "days": 29})
    with pytest.raises(NotTheirs, match="somebody else"):
        signed(simulated, SIGNAL, by="anna")
    with pytest.raises(NotTheirs, match="somebody else"):
        signed(simulated.with_part(replace(simulated.part(SIGNAL), made_by="bruno")), SIGNAL)
    assert signed(simulated, SIGNAL).part(SIGNAL).state is PartState.SIGNED_OFF


def test_a_new_simulation_voids_the_sign_off():
    found = signed(with_simulation(adoption(part(SIGNAL)), SIGNAL, RESULT, fields=FIELDS), SIGNAL)
    again = with_simulation(found, SIGNAL, RESULT, fields=FIELDS).part(SIGNAL)

    assert (again.state, again.sign_off) == (PartState.MADE, None)


@pytest.mark.parametrize(("state", "error"), [(PartState.LIVE, NotPossible), (PartState.GONE, PartGone)])
def test_what_is_live_or_gone_is_neither_signed_nor_simulated(state, error):
    found = adoption(part(TABLE, state=state))

    with pytest.raises(error):
        signed(found, TABLE)
    with pytest.raises(error):
        with_simulation(found, TABLE, RESULT, fields=FIELDS)


def test_a_part_that_is_not_there_is_told():
    with pytest.raises(NoSuchPart, match="signal/other"):
        signed(adoption(part(TABLE)), "signal/other")


# --- going live, ending -------------------------------------------------------------------------
def test_an_adoption_goes_live_as_a_whole_and_as_it_was_signed():
    ready = signed(signed(adoption(part("catalogue/a"), part("catalogue/b")), "catalogue/a"), "catalogue/b")
    shown = {"catalogue/a": FIELDS, "catalogue/b": FIELDS}

    assert check_live(ready, shown, without=()) is State.LIVE
    assert check_live(ready, {**shown, "catalogue/a": None}, without=["catalogue/a"]) is State.LIVE
    with pytest.raises(PartGone, match="catalogue/a is gone"):
        check_live(ready, {**shown, "catalogue/a": None}, without=["catalogue/b"])
    with pytest.raises(NotPossible, match="catalogue/b was changed after it was signed off"):
        check_live(ready, {**shown, "catalogue/b": {}}, without=())
    with pytest.raises(NotPossible, match="catalogue/a is not signed off yet"):
        check_live(ready.with_part(part("catalogue/a")), shown, without=())
    with pytest.raises(NotPossible, match="nothing to put live"):
        check_live(ready, {}, without=())
    with pytest.raises(NotPossible, match="It was undone"):
        check_live(replace(ready, state=State.UNDONE), shown, without=())


def test_what_people_changed_goes_only_with_their_word():
    check_changed([], confirmed=[])
    check_changed(["catalogue/a"], confirmed=["catalogue/a", "catalogue/b"])
    with pytest.raises(NotPossible, match="changed catalogue/a, catalogue/b\\."):
        check_changed(["catalogue/a", "catalogue/b", "catalogue/c"], confirmed=["catalogue/c"])


# --- bases --------------------------------------------------------------------------------------
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


# --- plans --------------------------------------------------------------------------------------
OFFERED = MeasureVersion(
    "urn:m", "1.1.0", (Part("catalogue", "trees", {}), Part("signal", "marker-allee", {}))
)
STEP = Step(say("A dataset is made."))
NOTE = Finding(Severity.WARNING, "room.note", "/slug", say("It is long."))
PLANS = {TABLE: PartPlan([STEP], [NOTE]), SIGNAL: PartPlan()}


def told(planned):
    return [
        (each.severity.value, each.code.removeprefix("exchange.adoption."), each.path)
        for each in planned.findings
    ]


def test_a_plan_says_what_is_made_in_the_order_of_the_parts():
    found = plan(OFFERED, PLANS)

    assert (found.course, found.can_be_carried_out) == (Course.NEW, True)
    assert found.parts == (PlannedPart(TABLE, (STEP,)), PlannedPart(SIGNAL))
    assert told(found) == [("warning", "room.note", f"{TABLE}#/slug")]


def test_a_kind_that_nobody_knows_is_said_and_can_be_left_out():
    only = {TABLE: PLANS[TABLE]}
    found, without = plan(OFFERED, only), plan(OFFERED, only, left_out=[SIGNAL])

    assert told(found)[1:] == [("error", "unknown-kind", SIGNAL)]
    assert (found.can_be_carried_out, without.can_be_carried_out) == (False, True)
    assert without.parts == (PlannedPart(TABLE, (STEP,)), PlannedPart(SIGNAL, left_out=True))


def test_a_plan_without_parts_or_with_errors_cannot_be_carried_out():
    clash = Finding(Severity.ERROR, "room.clash", "", say("There is one."))
    missing = Finding(Severity.ERROR, "exchange.inputs.missing", "inputs#/mail", say("Fill it in."))

    assert told(plan(OFFERED, {}, left_out=[TABLE, SIGNAL])) == [("error", "nothing-to-adopt", "urn:m")]
    assert told(plan(OFFERED, PLANS, left_out=["catalogue/x"]))[0] == ("error", "no-such-part", "catalogue/x")
    found = plan(OFFERED, {**PLANS, SIGNAL: PartPlan([], [clash])}, findings=[missing])
    assert [each.path for each in in_the_way(found.findings)] == ["inputs#/mail", SIGNAL]
    assert str(NotReady(in_the_way(found.findings))) == "Fill it in. (And 1 more.)"
    assert str(NotReady([clash])) == "There is one."


@pytest.mark.parametrize(
    ("version", "state", "course", "codes"),
    [
        ("1.1.0", State.DRAFTS, Course.SAME, ["adopted-already"]),
        ("1.1.0", State.LIVE, Course.SAME, ["adopted-already"]),
        ("1.1.0", State.DIVERGED, Course.SAME, ["adopted-already"]),
        ("1.1.0", State.UNDONE, Course.NEW, []),
        ("2.0.0", State.RETIRED, Course.NEW, []),
        ("1.0.9", State.LIVE, Course.UPDATE, ["is-update"]),
        ("1.1.0-draft.1", State.DRAFTS, Course.UPDATE, ["is-update"]),
        ("1.1.0+other", State.LIVE, Course.UPDATE, ["is-update"]),
        ("0.9.0", State.LIVE, Course.UPDATE, ["is-update", "major-change"]),
        ("1.0.0", State.DIVERGED, Course.REFUSED, ["diverged"]),
        ("1.10.0", State.LIVE, Course.REFUSED, ["older-version"]),
        ("2.0.0", State.DIVERGED, Course.REFUSED, ["older-version"]),
    ],
)
def test_beside_an_adoption_that_there_is(version, state, course, codes):
    existing = replace(adoption(part(TABLE), state=state), version=version)
    found = plan(OFFERED, PLANS, existing=existing)

    assert course_of(OFFERED, existing)[0] is course
    assert found.course is course
    if course is not Course.NEW:
        assert [code for _severity, code, _path in told(found)] == codes
        assert (found.parts, found.can_be_carried_out) == ((), course is not Course.REFUSED)


def test_a_version_is_written_as_one():
    with pytest.raises(BadVersion):
        plan(replace(OFFERED, version="new"), PLANS)
