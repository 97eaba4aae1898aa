"""The steps of an adoption: simulate, sign off, put to use, go our own way, retire, undo."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.exchange import access, adoption_labels
from tandem.exchange.domain.adoption import SIMULATED, STEPS, Action, Adoption, NoSuchPart, PartState, State
from tandem.exchange.domain.differences import leaves
from tandem.exchange.forms.adoptions import EndForm, PartsForm, SignOffForm, SimulationForm
from tandem.exchange.models import Adoption as Row
from tandem.exchange.services import acting_here, adoption_steps, adoptions
from tandem.exchange.services.acting import Outcome
from tandem.exchange.services.adoptions import PartNow
from tandem.exchange.views.addresses import page_address
from tandem.exchange.views.adoption_frame import (
    adopters,
    found_or_404,
    frame,
    kind_of,
    page_of,
    parties,
    said,
    shown,
    title_of_part,
)
from tandem.exchange.views.asking import form_page, typed
from tandem.kit.spoken import language

OPEN = frozenset({PartState.MADE, PartState.SIGNED_OFF})


def _part_or_404(request: HttpRequest, pk: UUID, kind: str, name: str) -> tuple[Row, Adoption, PartNow]:
    row, found = found_or_404(request, pk)
    try:
        part = found.part(f"{kind}/{name}")
    except NoSuchPart as error:
        raise Http404 from error
    return row, found, adoptions.part_now(acting_here.acting(person_of(request), now=timezone.now()), part)


def _part_page(row: Row, now: PartNow, **more: Any) -> dict[str, Any]:
    return frame(
        row,
        now=now,
        part=now.part,
        title=title_of_part(now.part),
        kind=kind_of(now.part.key),
        role=adoption_labels.role(now.signs) if now.signs else "",
        url=page_address(now.part.reference),
        changes=[(each.path, shown(each.before), shown(each.after)) for each in now.changes],
        **more,
    )


# --- one part -----------------------------------------------------------------------------------
@parties
@form_page
def sign_off(request: HttpRequest, pk: UUID, kind: str, name: str) -> HttpResponse:
    """Show a part as it is now, and let whoever has the role of its room answer for it."""
    row, found, now = _part_or_404(request, pk, kind, name)
    if not now.signs or not access.may_sign(request, now.signs):
        raise PermissionDenied
    form, problem = SignOffForm(typed(request), initial={"seen": now.seen}), ""
    if form.is_valid():
        try:
            given = form.cleaned_data
            adoption_steps.sign_off(
                found.id,
                now.part.key,
                seen=given["seen"],
                note=given["note"],
                person=person_of(request),
                now=timezone.now(),
            )
        except TandemError as error:
            problem = said(error)
            form = SignOffForm({**request.POST.dict(), "seen": now.seen})
        else:
            messages.success(request, gettext("The part is signed off."))
            return redirect(page_of(row))
    needs = now.part.kind in SIMULATED and now.part.simulation is None
    page = _part_page(row, now, form=form, problem=problem, needs_simulation=needs)
    there = [] if now.fields is None else leaves(now.fields)
    page["fields"] = [(path, shown(value)) for path, value in there]
    status = 409 if problem else 400 if form.errors else 200
    return render(request, "exchange/adoption_sign_off.html", page, status=status)


@parties
@form_page
def simulation(request: HttpRequest, pk: UUID, kind: str, name: str) -> HttpResponse:
    """Show the simulations that there are of a part as it is now, and attach the one that is chosen."""
    row, found, now = _part_or_404(request, pk, kind, name)
    if not access.may_adopt(request) and not (now.signs and access.may_sign(request, now.signs)):
        raise PermissionDenied
    results = adoptions.simulations_of(now.part) if now.fields is not None else []
    choices = [(each.uri, each.title(language())) for each in results or ()]
    form, problem = SimulationForm(typed(request), results=choices), ""
    if form.is_valid():
        chosen = next(each for each in results or () if each.uri == form.cleaned_data["result"])
        try:
            adoption_steps.attach_simulation(
                found.id, now.part.key, chosen, person=person_of(request), now=timezone.now()
            )
        except TandemError as error:
            problem = said(error)
        else:
            messages.success(request, gettext("The simulation is attached to the part."))
            return redirect(page_of(row))
    page = _part_page(
        row,
        now,
        form=form,
        problem=problem,
        results=[(each.title(language()), page_address(each)) for each in results or ()],
    )
    status = 409 if problem else 400 if form.errors else 200
    return render(request, "exchange/adoption_simulation.html", page, status=status)


# --- the whole ----------------------------------------------------------------------------------
@adopters
@form_page
def go_live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what will be put to use and what is still missing, and put it to use as one."""
    row, found = found_or_404(request, pk)
    acting = acting_here.acting(person_of(request), now=timezone.now())
    waiting = [each for each in adoptions.parts_now(acting, found) if each.part.state in OPEN]
    gone = [(each.part.key, title_of_part(each.part)) for each in waiting if each.is_missing]
    form = PartsForm(
        typed(request), parts=gone, wording=_("Somebody deleted these parts. They may stay away:")
    )
    problem = ""
    if form.is_valid():
        try:
            adoption_steps.go_live(
                found.id, without=form.chosen(), person=person_of(request), now=timezone.now()
            )
        except TandemError as error:
            problem = said(error)
        else:
            messages.success(request, gettext("The measure is in use."))
            return redirect(page_of(row))
    parts = [
        {
            "title": title_of_part(each.part),
            "kind": kind_of(each.part.key),
            "now": each,
            "is_ready": each.part.state is PartState.SIGNED_OFF and not each.is_stale and not each.is_missing,
        }
        for each in waiting
    ]
    page = frame(row, parts=parts, form=form, problem=problem)
    page["is_possible"] = Action.GO_LIVE in STEPS[found.state] and bool(parts)
    return render(request, "exchange/adoption_go_live.html", page, status=409 if problem else 200)


Ends = Callable[..., Outcome]
_EXPLAINED = {
    Action.DIVERGE: _(
        "What is in use stays as it is. From now on this city takes no more updates of the measure; what you change "
        "is yours alone. The partner is told that you go your own way."
    ),
    Action.RETIRE: _(
        "The measure ends here as one: what is public is withdrawn, what is still a draft is deleted. The partner is "
        "told that it is no longer in use, and no reasons."
    ),
    Action.UNDO: _(
        "The adoption is taken back as one, the last part first: drafts are deleted, what was public is withdrawn. "
        "The partner is told that it was undone, and no reasons."
    ),
}
_HARVESTED = _(
    "A dataset of the partner's own stays public where a harvest of the partner brings it here as well: the next "
    "harvest goes on with it."
)
_DONE = {
    Action.DIVERGE: _("The measure goes its own way here."),
    Action.RETIRE: _("The measure is retired."),
    Action.UNDO: _("The adoption is undone."),
}


@adopters
@form_page
def diverge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what going our own way means, and do it."""
    return _end(request, pk, Action.DIVERGE)


@adopters
@form_page
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what retiring will do, part by part, and do it."""
    return _end(request, pk, Action.RETIRE)


@adopters
@form_page
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what undoing will do, part by part, and do it."""
    return _end(request, pk, Action.UNDO)


def _end(request: HttpRequest, pk: UUID, action: Action) -> HttpResponse:
    row, found = found_or_404(request, pk)
    takes_away = action is not Action.DIVERGE
    acting = acting_here.acting(person_of(request), now=timezone.now())
    parts = adoptions.parts_now(acting, found) if takes_away else []
    changed = [(each.part.key, title_of_part(each.part)) for each in parts if each.changes]
    wording = _("People here changed these parts. Their work goes, too:")
    form = EndForm(typed(request), parts=changed, wording=wording, needs_reason=action is not Action.UNDO)
    problem = ""
    if form.is_valid():
        try:
            _ended(action, found.id, form, request)
        except TandemError as error:
            problem = said(error)
        else:
            messages.success(request, str(_DONE[action]))
            return redirect(page_of(row))
    page = frame(
        row,
        heading=adoption_labels.STEPS[action],
        explanation=_EXPLAINED[action],
        harvested=_HARVESTED
        if any(each.part.kind == "catalogue" and not each.is_gone for each in parts)
        else "",
        is_possible=action in STEPS[found.state],
        form=form,
        problem=problem,
        parts=[
            {
                "title": title_of_part(each.part),
                "kind": kind_of(each.part.key),
                "becomes": _becomes(found, each),
            }
            for each in reversed(parts)
            if not each.is_gone
        ],
    )
    status = 409 if problem else 400 if form.errors else 200
    return render(request, "exchange/adoption_end.html", page, status=status)


def _ended(action: Action, adoption_id: str, form: EndForm, request: HttpRequest) -> None:
    reason, person, now = form.cleaned_data["reason"], person_of(request), timezone.now()
    if action is Action.DIVERGE:
        adoption_steps.diverge(adoption_id, reason=reason, person=person, now=now)
        return
    end: Ends = adoption_steps.retire if action is Action.RETIRE else adoption_steps.undo
    end(adoption_id, reason=reason, confirmed=form.chosen(), person=person, now=now)


def _becomes(found: Adoption, now: PartNow) -> str:
    """Return what ending an adoption does with a part, in a few words."""
    if now.is_missing:
        return gettext("Somebody deleted it already.")
    if now.part.state is PartState.LIVE:
        return gettext("It is public, and is withdrawn.")
    if found.state is State.DRAFTS:
        return gettext("It is a draft, and is deleted.")
    return gettext("It is withdrawn where it is public, and deleted where it is a draft.")
