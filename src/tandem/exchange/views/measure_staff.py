"""The officer's pages of measures: begin, describe in steps, parts, evidence, what is not public, history."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.core.references import Reference
from tandem.core.text import pick
from tandem.exchange import labels
from tandem.exchange.access import own_or_404
from tandem.exchange.domain.lifecycle import Status, Step
from tandem.exchange.domain.permissions import ALLOWED, ROOM, Duty
from tandem.exchange.forms.measure_life import EvidenceForm, FindForm, TitleForm
from tandem.exchange.forms.measure_rows import EDIT_STEPS, Editing
from tandem.exchange.models import Measure
from tandem.exchange.services import measure_parts, measures
from tandem.exchange.services.browsing import city_name, title_of
from tandem.exchange.views import gaps
from tandem.exchange.views.addresses import page_address
from tandem.exchange.views.asking import form_page, typed
from tandem.kit import installation
from tandem.kit.numbers import figure, typed_number
from tandem.kit.spoken import language, spoken

officers = staff(ROOM, *ALLOWED[Duty.DESCRIBE])
readers = staff(ROOM, *ALLOWED[Duty.SEE_DRAFTS])
ORDER = tuple(labels.EDIT_STEPS)


def page_of(measure: Measure, **more: Any) -> dict[str, Any]:
    """Return what every page of the staff about a measure needs."""
    return {"measure": measure, "measure_title": title_of(measure, language()), **more}


def steps_of(measure: Measure) -> list[tuple[Any, str]]:
    """Return the steps of describing a measure, with their addresses."""
    return [(title, _step_url(measure, key)) for key, title in labels.EDIT_STEPS.items()]


def _step_url(measure: Measure, key: str) -> str:
    if key == "parts":
        return reverse("exchange:measure_parts", args=[measure.slug])
    return reverse("exchange:measure_edit", args=[measure.slug, key])


# --- what is not public, history ------------------------------------------------------------------
@readers
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Show the measures of ours that are not public, the newest change first."""
    rows = Measure.objects.filter(city=installation.city().id).exclude(status=Status.PUBLISHED)
    shown = [
        {
            "row": row,
            "title": title_of(row, language()),
            "url": reverse("exchange:measure", args=[row.slug]),
            "status_label": labels.PUBLICATION[row.status],
        }
        for row in rows
    ]
    waiting = sum(each["row"].status == Status.REVIEW for each in shown)
    return render(request, "exchange/measures_work.html", {"rows": shown, "waiting": waiting})


@readers
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who did what to a measure, and when."""
    measure = own_or_404(slug)
    steps = [
        {
            "what": labels.STEPS[Step(each.step)],
            "at": each.at,
            "who": str(each.person) if each.person else gettext("the portal itself"),
            "note": each.note,
        }
        for each in measure.steps.select_related("person")
    ]
    return render(request, "exchange/measure_history.html", page_of(measure, steps=steps))


# --- describe -------------------------------------------------------------------------------------
@officers
@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Begin a measure."""
    form = TitleForm(typed(request))
    if form.is_valid():
        made = measures.begin(title=form.cleaned_data["title"], person=person_of(request), now=timezone.now())
        messages.success(
            request, gettext("The measure is a draft. Nobody outside sees it until you publish it.")
        )
        return redirect("exchange:measure_edit", made.slug, ORDER[0])
    return render(request, "exchange/measure_new.html", {"form": form}, status=400 if form.errors else 200)


def _editing(request: HttpRequest, measure: Measure, key: str) -> Editing:
    if key not in EDIT_STEPS:
        raise Http404
    return Editing(EDIT_STEPS[key], measures.card_of(measure), typed(request))


@officers
@form_page
def edit(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Ask for a part of what a measure says of itself, with what is still missing beside it."""
    measure = own_or_404(slug)
    editing = _editing(request, measure, step)
    if request.method == "POST" and editing.is_valid():
        try:
            measures.describe(measure, editing.applied(), person=person_of(request), now=timezone.now())
        except TandemError as error:
            editing.form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("It is saved."))
            return redirect(_after(request, measure, step))
    is_wrong = request.method == "POST"
    evidence = measure.evidence.all()
    page = page_of(
        measure,
        editing=editing,
        step_title=labels.EDIT_STEPS[step],
        steps=steps_of(measure),
        number=ORDER.index(step) + 1,
        is_last=step == ORDER[-1],
        check_url=reverse("exchange:measure_check", args=[slug, step]),
        gaps=gaps.shown(measure, measures.gaps_of(measures.card_of(measure, evidence))),
    )
    return render(request, "exchange/measure_edit.html", page, status=400 if is_wrong else 200)


def _after(request: HttpRequest, measure: Measure, step: str) -> str:
    """Return where a saved step leads: to the next, to itself for one more row, or to the measure."""
    then, place = request.POST.get("then"), ORDER.index(step)
    if then == "next" and place + 1 < len(ORDER):
        return _step_url(measure, ORDER[place + 1])
    if then == "again":
        return _step_url(measure, step)
    return reverse("exchange:measure", args=[measure.slug])


@officers
@require_POST
def check(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Say what would still be missing if the form were saved as it is now. Nothing is saved."""
    measure = own_or_404(slug)
    editing = _editing(request, measure, step)
    known = measures.card_of(measure, measure.evidence.all()).evidence
    found = gaps.shown(measure, measures.gaps_of(replace(editing.applied(), evidence=known)))
    return render(request, "exchange/parts/measure_gaps.html", {"gaps": found, "live": True})


# --- parts ----------------------------------------------------------------------------------------
@officers
@form_page
def parts(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which things of our rooms go along with a measure, so that others can put them to use."""
    measure = own_or_404(slug)
    form = FindForm(request.GET if "q" in request.GET else None)
    found = measure_parts.offered(form.cleaned_data["q"], language()) if form.is_valid() else []
    if request.method == "POST":
        _change_parts(request, measure, found)
        return redirect(request.get_full_path())
    rows = list(measure.parts.all())
    kept = {each.reference["uri"] for each in rows}
    page = page_of(
        measure,
        form=form,
        found=[_offered(kind, each) for kind, each in found if each.uri not in kept],
        rows=[_kept(row) for row in rows],
        steps=steps_of(measure),
        number=ORDER.index("parts") + 1,
        next_url=_step_url(measure, "contact"),
    )
    return render(request, "exchange/measure_parts.html", page)


def _offered(kind: str, reference: Reference) -> dict[str, Any]:
    return {
        "value": f"{kind} {reference.uri}",
        "title": reference.title(language()),
        "kind": labels.KINDS.get(kind, kind),
    }


def _kept(row: Any) -> dict[str, Any]:
    reference = measure_parts.reference_of(row)
    return {
        "row": row,
        "title": reference.title(language()),
        "kind": labels.KINDS.get(row.kind, row.kind),
        "url": page_address(reference),
    }


def _change_parts(request: HttpRequest, measure: Measure, found: list[tuple[str, Reference]]) -> None:
    """Add what the search found and the button names; remove or move what goes along."""
    person, now = person_of(request), timezone.now()
    try:
        for kind, each in found:
            if request.POST.get("add") == f"{kind} {each.uri}":
                measure_parts.add_part(measure, kind, each, person=person, now=now)
        for name, change in (("remove", measure_parts.remove_part), ("up", measure_parts.move_up)):
            if chosen := request.POST.get(name, ""):
                row = get_object_or_404(measure.parts, pk=typed_number(chosen, otherwise=0))
                change(measure, row, person=person, now=now)
    except TandemError as error:
        messages.error(request, spoken(error.sentence))


# --- evidence -------------------------------------------------------------------------------------
@officers
@form_page
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """Take values of a measure's indicators, and reports about what it brought."""
    measure = own_or_404(slug)
    titles = {
        key: pick(texts, language(), default=key)
        for key, texts in measure_parts.indicator_titles(measure).items()
    }
    person, now = person_of(request), timezone.now()
    if gone := request.POST.get("remove", ""):
        row = get_object_or_404(measure.evidence, pk=typed_number(gone, otherwise=0))
        measure_parts.remove_evidence(measure, row, person=person, now=now)
        return redirect("exchange:measure_evidence", slug)
    form = EvidenceForm(typed(request), indicators=titles)
    if form.is_valid():
        measure_parts.add_evidence(measure, person=person, now=now, **form.cleaned_data)
        messages.success(request, gettext("It is saved."))
        return redirect("exchange:measure_evidence", slug)
    rows = [_evidence(row, titles) for row in measure.evidence.all()]
    page = page_of(measure, form=form, rows=rows, has_indicators=bool(titles))
    return render(request, "exchange/measure_evidence.html", page, status=400 if form.errors else 200)


def _evidence(row: Any, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "of": titles.get(row.indicator, row.indicator) or gettext("Report"),
        "value": "" if row.value is None else figure(row.value),
        "city": city_name(row.city, language()),
    }
