"""Updates of adopted measures: one transaction, all or nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tandem.core.errors import Conflict
from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.exchange.domain import adoption as rules
from tandem.exchange.domain.adoption import Action, AdoptedPart, Adoption
from tandem.exchange.domain.conformity import error
from tandem.exchange.domain.filling import filled_part
from tandem.exchange.domain.part_fields import in_the_rooms_form
from tandem.exchange.domain.planning import Course, MeasureVersion, NotReady, course_of
from tandem.exchange.domain.updating import Choices, Doing, PartUpdate, UpdatePlan, part_updates, update_plan
from tandem.exchange.services.acting import (
    Acting,
    Outcome,
    all_shown,
    at,
    check_inputs,
    gone,
    log_step,
    make_part,
    outcome_of,
    plans_of,
    taken_over,
    undo_part,
)


class ChangedMeanwhile(Conflict):
    """What an update was planned from is not what there is now."""

    code = "exchange.adoption.changed-meanwhile"


def plan_update(
    acting: Acting,
    adoption_id: str,
    offered: MeasureVersion,
    inputs: Mapping[str, Any],
    *,
    choices: Choices | None = None,
) -> UpdatePlan:
    """Return what an update to another version would do; nothing is changed.

    Args:
        inputs: What is filled in anew; the rest is as it was filled in before.
        choices: What is decided so far.

    Raises:
        NotPossible: Not in this state.
        NotReady: It is no newer version of the adopted measure.
        NoSuchConflict: A choice names no part.
        PartFailed: A room could not say what it has, or would do.
    """
    found = acting.ledger.find(adoption_id)
    return _plan_update(acting, found, offered, inputs, choices or {})[0]


def _plan_update(
    acting: Acting, found: Adoption, offered: MeasureVersion, inputs: Mapping[str, Any], choices: Choices
) -> tuple[UpdatePlan, dict[str, Any]]:
    rules.after(found, Action.UPDATE)
    said = _course(found, offered)
    before = {
        key: value for key, value in found.inputs.items() if key in {each.key for each in offered.declared}
    }
    begins, _findings = check_inputs(acting, offered, offered.parts, before)
    given = {**before, **inputs}
    values, _findings = check_inputs(acting, offered, offered.parts, given)
    theirs = replace(offered, parts=tuple(filled_part(part, values) for part in offered.parts))
    shown = all_shown(acting, found)
    updates = part_updates(found, theirs, shown, choices)
    there = {each.key for each in updates if each.fields is not None}
    kept = [part for part in offered.parts if part.key in there]
    values, findings = check_inputs(acting, offered, kept, given)
    plans = plans_of(
        acting, [each.part for each in updates if each.doing is Doing.MAKE and each.part], values
    )
    planned = update_plan(
        found, offered, updates, shown=shown, begins=begins, plans=plans, findings=[*said, *findings]
    )
    return planned, values


def _course(found: Adoption, offered: MeasureVersion) -> list[Finding]:
    if found.measure != offered.measure:
        message = say("This is another measure than the one that was adopted.")
        raise NotReady([error("adoption.other-measure", offered.measure, message)])
    course, said = course_of(offered, found)
    if course is Course.REFUSED:
        raise NotReady(said)
    return said


def update(
    acting: Acting,
    adoption_id: str,
    offered: MeasureVersion,
    inputs: Mapping[str, Any],
    *,
    seen: str,
    choices: Choices | None = None,
) -> Outcome:
    """Take another version over, merged with what people here made of the parts.

    What is changed has to be signed off again. A version that is adopted already changes nothing.

    Args:
        seen: Of the plan that was looked at.

    Raises:
        NotPossible: Not in this state.
        NotReady: Something is in the way.
        Unresolved: A conflict is not decided.
        NoSuchConflict: A choice is about nothing.
        ChangedMeanwhile: It is not what was planned any more.
        PartFailed: A room could not do its part.
    """
    with acting.ledger.transaction():
        found = acting.ledger.find(adoption_id)
        if found.version == offered.version and found.measure == offered.measure:
            outcome = outcome_of(acting, found, changed=False)
        else:
            planned, values = _plan_update(acting, found, offered, inputs, choices or {})
            if planned.seen != seen:
                raise ChangedMeanwhile(
                    say("Something was changed since this was planned. Look at the plan again.")
                )
            planned.check()
            updated = _update(acting, found, planned, values)
            acting.ledger.save(updated)
            outcome = outcome_of(acting, updated)
    log_step("update", outcome)
    return outcome


def _update(acting: Acting, found: Adoption, planned: UpdatePlan, values: Mapping[str, Any]) -> Adoption:
    parts = [
        _update_part(acting, each, values) for each in planned.parts if each.doing is not Doing.TAKE_AWAY
    ]
    away = [_take_away(acting, each) for each in planned.parts if each.doing is Doing.TAKE_AWAY]
    never = {each.key for each in planned.parts if each.known is None and each.doing is Doing.STAY_AWAY}
    made = {each.key for each in planned.parts if each.doing is Doing.MAKE}
    return replace(
        found,
        version=planned.version,
        inputs=values,
        parts=tuple(part for part in [*parts, *away] if part is not None),
        left_out=tuple(sorted((set(found.left_out) | never) - made)),
    )


def _update_part(acting: Acting, update: PartUpdate, values: Mapping[str, Any]) -> AdoptedPart | None:
    part, known = update.part, update.known
    if update.doing is Doing.MAKE and part:
        return make_part(acting, part, values)
    if known is None:
        return None
    if update.doing is Doing.CHANGE and part and update.fields is not None:
        uri, handler = known.reference.uri, acting.handler(known.key)
        with at(known.key, "update"):
            handler.update(uri, part, update.fields, person=acting.person, now=acting.now)
        theirs = part.fields if update.theirs is None else update.theirs
        return taken_over(acting, known, part, given=update.fields, theirs=theirs)
    told = replace(known, base=in_the_rooms_form(known, part.fields) if part else None)
    told = replace(told, origin=part.fields if part else None)
    return gone(told) if update.doing is Doing.STAY_AWAY else told


def _take_away(acting: Acting, update: PartUpdate) -> AdoptedPart | None:
    if update.known is None:
        return None
    undo_part(acting, update.known)
    return gone(replace(update.known, base=None))
