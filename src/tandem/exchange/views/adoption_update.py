"""Take a newer version of an adopted measure over: what changes, what both sides changed, and a choice for each."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.findings import Severity
from tandem.core.text import pick
from tandem.exchange.domain import planning
from tandem.exchange.domain.adoption import Adoption
from tandem.exchange.domain.differences import differences
from tandem.exchange.domain.merge import Side
from tandem.exchange.domain.updating import WHOLE, Doing, PartUpdate, UpdatePlan
from tandem.exchange.forms.adopting import ChoicesForm, InputsForm, choice_name
from tandem.exchange.services import acting_here, adoption_steps, partner_bundles, updating
from tandem.exchange.services.acting import Acting
from tandem.exchange.services.stored import FileMissing
from tandem.exchange.views.adopting import fetch, version_or_404
from tandem.exchange.views.adoption_frame import (
    adopters,
    found_or_404,
    frame,
    kind_of,
    page_of,
    said,
    shown,
    title_of_part,
)
from tandem.exchange.views.asking import form_page, typed
from tandem.kit.spoken import language

_SAYS = {
    Doing.NOTHING: _("It stays as it is."),
    Doing.MAKE: _("It is new, and is made as a draft."),
    Doing.CHANGE: _("It is changed, and has to be signed off again."),
    Doing.TAKE_AWAY: _("It is taken away: the partner has it no more."),
    Doing.STAY_AWAY: _("It stays away."),
}


@adopters
@form_page
def update(request: HttpRequest, pk: UUID, number: str) -> HttpResponse:
    """Say what a newer version changes part by part, take the choices, and take the version over."""
    row, found = found_or_404(request, pk)
    version = version_or_404(row.measure, number)
    if not version.stored:
        return fetch(request, version, row.measure.slug)
    acting = acting_here.acting(person_of(request), now=timezone.now())
    page = frame(row, version=version, plan=None)
    try:
        offered = partner_bundles.offered(version)
        shown_plan = _Page(request, acting, found, offered)
    except TandemError as error:
        page["problem"] = said(error)
        status = error.http_status if isinstance(error, FileMissing) else 409
        return render(request, "exchange/adoption_update.html", page, status=status)
    if shown_plan.is_done:
        messages.success(
            request, gettext("The version is taken over. What changed has to be signed off again.")
        )
        return redirect(page_of(row))
    page |= shown_plan.values()
    status = 400 if shown_plan.has_errors else 409 if shown_plan.problem else 200
    return render(request, "exchange/adoption_update.html", page, status=status)


class _Page:
    """An update as it is planned with what was sent, and carried out where that was asked for.

    Raises:
        TandemError: It cannot be planned at all.
    """

    def __init__(
        self, request: HttpRequest, acting: Acting, found: Adoption, offered: planning.MeasureVersion
    ) -> None:
        self.found, self.offered, self.problem, self.is_done = found, offered, "", False
        data = typed(request)
        self.inputs = InputsForm(
            data, inputs=offered.declared, profile=acting.profile, language=language(), known=found.inputs
        )
        self.inputs.is_valid()
        first = updating.plan_update(acting, found.id, offered, self.inputs.given())
        self.choices = ChoicesForm(data, places=list(_places(first)))
        self.choices.is_valid()
        self.plan = first
        if data is not None:
            if request.POST.get("then") == "update" and not self.has_errors:
                self._carry_out(request)
            if not self.is_done:
                self.plan = updating.plan_update(
                    acting, found.id, offered, self.inputs.given(), choices=self.choices.choices()
                )
        self.others = self.inputs.blame(self.plan.findings)

    @property
    def has_errors(self) -> bool:
        """Whether something that was typed will not do."""
        return bool(self.inputs.errors or self.choices.errors)

    def _carry_out(self, request: HttpRequest) -> None:
        try:
            adoption_steps.update(
                self.found.id,
                self.offered,
                self.inputs.given(),
                seen=request.POST.get("seen", ""),
                choices=self.choices.choices(),
                person=person_of(request),
                now=timezone.now(),
            )
        except TandemError as error:
            self.problem = said(error)
        else:
            self.is_done = True

    def values(self) -> dict[str, Any]:
        """Return what the page shows."""
        return {
            "plan": self.plan,
            "inputs": self.inputs,
            "choices": self.choices,
            "problem": self.problem,
            "findings": [each for each in self.others if each.severity is not Severity.INFO],
            "parts": [_part(each, self.choices) for each in self.plan.parts],
            "undecided": sum(len(each.undecided) for each in self.plan.parts),
            "is_ready": self.plan.can_be_carried_out,
        }


def _places(plan: UpdatePlan) -> Iterator[tuple[str, str, str, str]]:
    """Yield where there is something to choose: each conflict, and parts that may come or stay away."""
    for each in plan.parts:
        for conflict in each.conflicts:
            asked = gettext("Which one stays at %(place)s?") % {"place": conflict.path or "/"}
            yield each.key, conflict.path, asked, ""
        if not each.conflicts and _may_stay_away(each):
            begins = Side.THEIRS if each.doing is Doing.MAKE else Side.OURS
            asked = gettext("Does the part %(part)s come to us?") % {"part": each.key}
            yield each.key, WHOLE, asked, begins.value


def _may_stay_away(update: PartUpdate) -> bool:
    return update.part is not None and update.doing in {Doing.MAKE, Doing.STAY_AWAY}


def _part(update: PartUpdate, choices: ChoicesForm) -> dict[str, Any]:
    part, known = update.part, update.known
    title = title_of_part(known) if known else pick(part.titles, language()) if part else ""
    base = known.base if known and known.base is not None else {}
    now = update.theirs if update.theirs is not None else part.fields if part else {}
    theirs = list(differences(base, now)) if part and known else []
    whole = choice_name(update.key, WHOLE)
    return {
        "key": update.key,
        "title": title or update.key,
        "kind": kind_of(update.key),
        "doing": update.doing.value,
        "says": _SAYS[update.doing],
        "changes": [(each.path, shown(each.before), shown(each.after)) for each in theirs],
        "conflicts": [
            {
                "path": each.path,
                "base": shown(each.base),
                "ours": shown(each.ours),
                "theirs": shown(each.theirs),
                "field": choices[choice_name(update.key, each.path)],
            }
            for each in update.conflicts
        ],
        "whole": choices[whole] if not update.conflicts and whole in choices.fields else None,
    }
