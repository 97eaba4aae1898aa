"""Adoptions for the staff: all of them, one with everything about it, its receipt, before and after."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of, signed_in
from tandem.accounts.labels import action_label
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.exchange import access, adoption_labels, labels
from tandem.exchange.domain.adoption import SIMULATED, STEPS, Action, Adoption, PartState, State
from tandem.exchange.domain.comparison import LEAST_VALUES, Change
from tandem.exchange.forms.adoptions import OriginSinceForm
from tandem.exchange.models import Adoption as Row
from tandem.exchange.models import MeasureVersion
from tandem.exchange.services import acting_here, adoption_steps, adoptions, part_outlines
from tandem.exchange.services.adoptions import PartNow
from tandem.exchange.services.browsing import city_name, title_of
from tandem.exchange.views.addresses import page_address
from tandem.exchange.views.adoption_frame import (
    adopters,
    found_or_404,
    frame,
    kind_of,
    page_of,
    parties,
    readers,
    said,
    shown,
    step_urls,
    title_of_part,
)
from tandem.exchange.views.asking import form_page, typed
from tandem.kit.numbers import figure
from tandem.kit.spoken import language

PER_PAGE = 30


# --- all ----------------------------------------------------------------------------------------
@parties
@require_safe
def adoption_list(request: HttpRequest) -> HttpResponse:
    """Show what this city has adopted, the newest change first."""
    found = Paginator(adoptions.all_rows(), PER_PAGE).get_page(request.GET.get("page"))
    page = {"found": found, "rows": [_row(each) for each in found], "may_adopt": access.may_adopt(request)}
    return render(request, "exchange/adoptions.html", page)


def _row(row: Row) -> dict[str, Any]:
    waiting = sum(each["state"] != PartState.LIVE and each["state"] != PartState.GONE for each in row.parts)
    return {
        "row": row,
        "title": title_of(row.measure, language()),
        "city": city_name(row.measure.city, language()),
        "state": labels.ADOPTION[row.state],
        "tone": adoption_labels.STATE_TONES[row.state],
        "waiting": waiting if row.state in {State.DRAFTS, State.LIVE, State.DIVERGED} else 0,
    }


# --- one ----------------------------------------------------------------------------------------
@parties
@require_safe
def adoption(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an adoption: its state, its parts as their rooms have them, what can be done, what was done."""
    row, found = found_or_404(request, pk)
    acting = acting_here.acting(person_of(request), now=timezone.now())
    names = adoptions.names_of(found)
    parts = adoptions.parts_now(acting, found)
    may_adopt = access.may_adopt(request)
    versions = list(row.measure.versions.all())
    possible = STEPS[found.state]
    newer = adoptions.newer_versions(row, versions) if Action.UPDATE in possible else []
    page = frame(
        row,
        parts=[_part(request, row, found, each, names) for each in parts],
        inputs=_inputs(found, versions),
        begun_by=names.get(found.begun_by, ""),
        left_out=[(key, kind_of(key)) for key in found.left_out],
        newer=newer[0].number if newer else "",
        history=[(action_label(each.action), each) for each in adoptions.history(row)],
        may_adopt=may_adopt,
        can=_can(row, found, may_adopt=may_adopt),
        is_waiting=any(each.part.state in {PartState.MADE, PartState.SIGNED_OFF} for each in parts),
        told=row.told,
        told_text=json.dumps(row.told, ensure_ascii=False, indent=2),
        receipt_url=reverse("exchange:adoption_receipt", args=[row.pk]),
        comparison_url=reverse("exchange:adoption_comparison", args=[row.pk]),
    )
    return render(request, "exchange/adoption.html", page)


def _can(row: Row, found: Adoption, *, may_adopt: bool) -> list[tuple[str, Any, str]]:
    """Return the steps that are possible for the whole: name, label and address of each."""
    names = {
        Action.GO_LIVE: "go_live",
        Action.DIVERGE: "diverge",
        Action.RETIRE: "retire",
        Action.UNDO: "undo",
    }
    possible = [each for each in names if may_adopt and each in STEPS[found.state]]
    if not any(part.state in {PartState.MADE, PartState.SIGNED_OFF} for part in found.parts):
        possible = [each for each in possible if each is not Action.GO_LIVE]
    urls = step_urls(row, *(names[each] for each in possible))
    return [(each.value, adoption_labels.STEPS[each], urls[names[each]]) for each in possible]


def _part(
    request: HttpRequest, row: Row, found: Adoption, now: PartNow, names: dict[str, str]
) -> dict[str, Any]:
    part = now.part
    sign_off, is_open = part.sign_off, part.state in {PartState.MADE, PartState.SIGNED_OFF}
    address = [row.pk, *part.key.split("/", 1)]
    possible = STEPS[found.state]
    may = bool(now.signs) and access.may_sign(request, now.signs)
    needs_sign_off = now.fields is not None and is_open and (sign_off is None or now.is_stale)
    simulates = is_open and Action.SIMULATE in possible and part.kind in SIMULATED
    return {
        "now": now,
        "part": part,
        "title": title_of_part(part),
        "kind": kind_of(part.key),
        "url": "" if now.fields is None else page_address(part.reference),
        "state": adoption_labels.PART_STATES[part.state],
        "tone": adoption_labels.PART_TONES[part.state],
        "role": adoption_labels.role(now.signs) if now.signs else "",
        "made_by": names.get(part.made_by, ""),
        "signed_by": names.get(sign_off.by, "") if sign_off else "",
        "simulation": part.simulation
        and (part.simulation.result.title(language()), page_address(part.simulation.result)),
        "is_open": is_open,
        "sign_url": reverse("exchange:adoption_sign_off", args=address)
        if needs_sign_off and may and Action.SIGN_OFF in possible
        else "",
        "simulate_url": reverse("exchange:adoption_simulation", args=address)
        if simulates and now.fields is not None and (may or access.may_adopt(request))
        else "",
        "changes": [(each.path, shown(each.before), shown(each.after)) for each in now.changes],
    }


def _inputs(found: Adoption, versions: list[MeasureVersion]) -> list[tuple[str, str]]:
    adopted = next((each for each in versions if each.number == found.version), None)
    words = {**part_outlines.input_words(adopted.parts), **adopted.inputs} if adopted else {}
    return [_input(key, value, words.get(key, {})) for key, value in sorted(found.inputs.items())]


def _input(key: str, value: Any, words: Mapping[str, Any]) -> tuple[str, str]:
    choice = words.get("choices", {}).get(value, {}) if isinstance(value, str) else {}
    return pick(words.get("titles", {}), language(), default=key), pick(
        choice, language(), default=shown(value)
    )


@signed_in
@require_safe
def identifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from the name of an adoption to its page."""
    return redirect("exchange:adoption", pk)


# --- the receipt --------------------------------------------------------------------------------
@parties
@require_safe
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the receipt as the partner was told it, as a file."""
    row, _found = found_or_404(request, pk)
    response = JsonResponse(row.told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="receipt-{row.pk}.json"'
    return response


@adopters
@require_POST
def tell(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell the partner the newest values of the indicators."""
    row, _found = found_or_404(request, pk)
    try:
        if adoption_steps.tell_again(str(row.pk), person=person_of(request), now=timezone.now()):
            messages.success(request, gettext("The partner is told the newest values."))
        else:
            messages.info(request, gettext("There is nothing new to tell."))
    except TandemError as error:
        messages.error(request, said(error))
    return redirect(page_of(row))


# --- before and after ---------------------------------------------------------------------------
@readers
@form_page
def comparison(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the measure's indicators in both cities, before and after; note since when the partner has it."""
    row, _found = found_or_404(request, pk)
    may_adopt = access.may_adopt(request)
    form = OriginSinceForm(typed(request) if may_adopt else None, initial={"since": row.origin_since})
    if may_adopt and form.is_valid():
        adoption_steps.note_origin_since(row, form.cleaned_data["since"], person=person_of(request))
        messages.success(request, gettext("It is saved."))
        return redirect("exchange:adoption_comparison", pk)
    page = frame(
        row,
        form=form if may_adopt else None,
        rows=[_compared(each) for each in adoptions.compared(row)],
        least=LEAST_VALUES,
        ours=city_name(acting_here.profile()["city"], language()),
        began_on=adoptions.began_on(row.live_since),
    )
    return render(request, "exchange/adoption_comparison.html", page, status=400 if form.errors else 200)


def _compared(each: Any) -> dict[str, Any]:
    indicator = each.indicator
    return {
        "title": pick(indicator.titles, language(), default=indicator.key),
        "unit": indicator.unit,
        "better": labels.BETTER[indicator.better],
        "changes": [_change(each.origin), _change(each.ours)],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": figure(change.before.mean) if change.before.mean is not None else "",
        "before_count": change.before.count,
        "after": figure(change.after.mean) if change.after.mean is not None else "",
        "after_count": change.after.count,
        "difference": figure(change.difference) if change.difference is not None else "",
        "share": f"{figure(change.share * 100, decimals=0)} %" if change.share is not None else "",
        "says": adoption_labels.VERDICTS[change.verdict],
    }
