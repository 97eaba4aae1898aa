"""Adopting measures of other cities: each function is one transaction, all or nothing."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain import adoption as rules
from tandem.exchange.domain import signing_off
from tandem.exchange.domain.adoption import Action, Adoption, PartState
from tandem.exchange.domain.filling import filled_part
from tandem.exchange.domain.planning import (
    AdoptionPlan,
    Course,
    MeasureVersion,
    NotReady,
    course_of,
    in_the_way,
    plan,
)
from tandem.exchange.domain.receipt import Receipt
from tandem.exchange.services.acting import (
    Acting,
    AlreadyAdopted,
    Outcome,
    all_shown,
    at,
    changed_by_people,
    check_inputs,
    fields_of,
    gone,
    log_step,
    make_part,
    outcome_of,
    plans_of,
    shown_of,
    step_of,
    undo_part,
)


# --- adopting -------------------------------------------------------------------------------------
def plan_adoption(
    acting: Acting, offered: MeasureVersion, inputs: Mapping[str, Any], *, left_out: Collection[str] = ()
) -> AdoptionPlan:
    """Return what adopting a version would do and what is in the way; nothing is changed.

    Args:
        inputs: What was filled in, by key; it need not be complete.
        left_out: Keys of the parts that this city does not want.

    Raises:
        PartFailed: A room could not say what it would do.
    """
    return _plan(acting, offered, inputs, left_out)[0]


def _plan(
    acting: Acting, offered: MeasureVersion, inputs: Mapping[str, Any], left_out: Collection[str]
) -> tuple[AdoptionPlan, dict[str, Any]]:
    existing = acting.ledger.standing(offered.measure)
    parts = [part for part in offered.parts if part.key not in left_out]
    values, findings = check_inputs(acting, offered, parts, inputs)
    new = course_of(offered, existing)[0] is Course.NEW
    plans = plans_of(acting, parts, values) if new else {}
    return plan(offered, plans, findings=findings, existing=existing, left_out=left_out), values


def adopt(
    acting: Acting, offered: MeasureVersion, inputs: Mapping[str, Any], *, left_out: Collection[str] = ()
) -> Outcome:
    """Make drafts of all parts of a measure, in the order of the bundle.

    A version that is adopted already stays as it is, also where another process was faster.

    Raises:
        NotReady: Something is in the way.
        AlreadyAdopted: In another version: take this one over as an update.
        PartFailed: A room could not make its draft.
    """
    try:
        with acting.ledger.transaction():
            outcome = _adopt(acting, offered, inputs, left_out)
    except AlreadyAdopted:
        standing = acting.ledger.standing(offered.measure)
        if standing is None or standing.version != offered.version:
            raise
        outcome = outcome_of(acting, standing, changed=False)
    log_step("adopt", outcome)
    return outcome


def _adopt(
    acting: Acting, offered: MeasureVersion, inputs: Mapping[str, Any], left_out: Collection[str]
) -> Outcome:
    planned, values = _plan(acting, offered, inputs, left_out)
    standing = acting.ledger.standing(offered.measure)
    if planned.course is Course.SAME and standing:
        return outcome_of(acting, standing, changed=False)
    if wrong := in_the_way(planned.findings):
        raise NotReady(wrong)
    if planned.course is Course.UPDATE:
        raise AlreadyAdopted(say("Another version is adopted. Take this one over as an update."))
    begun = Adoption(
        id=acting.ledger.new_id(),
        measure=offered.measure,
        version=offered.version,
        begun_by=acting.who,
        begun_at=acting.now,
        inputs=values,
        left_out=tuple(sorted(left_out)),
    )
    acting.ledger.add(begun)  # first, so that of two at once the second makes nothing
    parts = [filled_part(part, values) for part in offered.parts if part.key not in left_out]
    made = replace(begun, parts=tuple(make_part(acting, part, values) for part in parts))
    acting.ledger.save(made)
    return outcome_of(acting, made)


# --- signing off, going live ----------------------------------------------------------------------
def attach_simulation(acting: Acting, adoption_id: str, key: str, result: Reference) -> Outcome:
    """Attach the result of a simulation to a part, as the part is now.

    Raises:
        NotPossible: Not in this state, or the part is gone.
    """
    return step_of(
        acting,
        adoption_id,
        "simulate",
        lambda found: signing_off.with_simulation(
            found, key, result, fields=fields_of(acting, found.part(key))
        ),
    )


def sign_off(
    acting: Acting, adoption_id: str, key: str, *, roles: Collection[str], note: str = ""
) -> Outcome:
    """Sign a part off, as it is now.

    Args:
        roles: Of the person who acts, written ``catalogue:publisher``.

    Raises:
        NotPossible: Not in this state, not before a simulation, or the part is gone.
        NotTheirs: The role is missing, or it takes a second person.
    """
    return step_of(
        acting,
        adoption_id,
        "sign-off",
        lambda found: signing_off.sign_off(
            found,
            key,
            by=acting.who,
            roles=roles,
            signs=acting.handler(key).signs,
            fields=fields_of(acting, found.part(key)),
            now=acting.now,
            note=note,
        ),
    )


def go_live(acting: Acting, adoption_id: str, *, without: Collection[str] = ()) -> Outcome:
    """Put live what is not live yet, all of it or nothing.

    Args:
        without: Keys of parts that somebody deleted, and that stay so.

    Raises:
        NotPossible: Not in this state, or a part is not signed off as it is.
        PartFailed: A room could not put its part live.
    """
    return step_of(acting, adoption_id, "go-live", lambda found: _go_live(acting, found, without))


def _go_live(acting: Acting, found: Adoption, without: Collection[str]) -> Adoption:
    waiting = [part for part in found.parts if part.state not in {PartState.LIVE, PartState.GONE}]
    shown = {part.key: shown_of(acting, part) for part in waiting}
    live = replace(found, state=signing_off.check_live(found, shown, without=without))
    for part in waiting:
        if shown[part.key] is None:
            live = live.with_part(gone(part))
            continue
        with at(part.key, "go-live"):
            acting.handler(part.key).go_live(part.reference.uri, person=acting.person, now=acting.now)
        live = live.with_part(replace(part, state=PartState.LIVE))
    return live


# --- ends -----------------------------------------------------------------------------------------
def diverge(acting: Acting, adoption_id: str, *, reason: str) -> Outcome:
    """Go this city's own way: what is live stays, and takes no more updates.

    Raises:
        NotPossible: Not in this state.
    """
    return step_of(
        acting,
        adoption_id,
        "diverge",
        lambda found: replace(found, state=rules.after(found, Action.DIVERGE), reason=reason.strip()),
    )


def retire(acting: Acting, adoption_id: str, *, reason: str, confirmed: Collection[str] = ()) -> Outcome:
    """End a measure that was live, and withdraw its parts. Otherwise as ``undo``."""
    return step_of(
        acting, adoption_id, "retire", lambda found: _end(acting, found, Action.RETIRE, reason, confirmed)
    )


def undo(acting: Acting, adoption_id: str, *, reason: str = "", confirmed: Collection[str] = ()) -> Outcome:
    """Take an adoption back as one, its parts in reverse order: drafts are deleted, what was public is withdrawn.

    Args:
        confirmed: Keys of the parts that people changed since they were taken over, and that may go nevertheless.

    Raises:
        NotPossible: Not in this state, or what people changed would be lost without anybody's word.
        PartFailed: A room could not take its part back.
    """
    return step_of(
        acting, adoption_id, "undo", lambda found: _end(acting, found, Action.UNDO, reason, confirmed)
    )


def _end(
    acting: Acting, found: Adoption, action: Action, reason: str, confirmed: Collection[str]
) -> Adoption:
    state = rules.after(found, action)
    shown = all_shown(acting, found)
    rules.check_changed(changed_by_people(found, shown), confirmed=confirmed)
    for part in reversed(found.parts):
        if shown.get(part.key) is not None:
            undo_part(acting, part)
    parts = tuple(gone(part) for part in found.parts)
    return replace(found, state=state, parts=parts, reason=reason.strip())


def tell(acting: Acting, adoption_id: str) -> Receipt:
    """Return the receipt of an adoption as it is now, with the newest values of its indicators."""
    return outcome_of(acting, acting.ledger.find(adoption_id)).receipt
