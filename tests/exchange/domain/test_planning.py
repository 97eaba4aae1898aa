"""What a plan of an adoption says, and what is in its way."""

from dataclasses import replace

import pytest

from tandem.core.findings import Finding, Severity
from tandem.core.parts import Part, PartPlan, Step
from tandem.core.text import say
from tandem.exchange.domain.adoption import State
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
from tests.exchange.domain.adoption_making import SIGNAL, TABLE, adoption, part

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
