"""An opinion map, for the office: statements to begin with, settings, votes from paper, Polis' files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.findings import Finding
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.adapters import polis
from tandem.participation.domain.phase import Action
from tandem.participation.forms.opinions import OpinionSettingsForm, PaperVotesForm, PolisForm, SeedForm
from tandem.participation.models import Phase
from tandem.participation.services import opinion_files, opinions, processes
from tandem.participation.views.guards import exporters, form_page, planners, recorders
from tandem.participation.views.opinion_frame import map_page, opinion_map

STATES = {
    "waiting": ("neutral", gettext_lazy("waits to be admitted")),
    "admitted": ("success", gettext_lazy("is voted on")),
    "refused": ("warning", gettext_lazy("refused")),
}


# --- statements and settings --------------------------------------------------------------------
@planners
@form_page
def settings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write statements to begin with, set the map, bring files in, as the button says."""
    phase, now, step = opinion_map(request, slug, number), timezone.now(), request.POST.get("step", "")
    if step == "remove":
        _remove(request, phase)
        return redirect("participation:opinion_settings", slug, number)
    bound, found = _forms(request, phase, step), list[Finding]()
    form = bound.get(step)
    if form is not None and form.is_valid():
        try:
            found = _carry_out(request, phase, step, form, now)
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            if not found:
                return redirect("participation:opinion_settings", slug, number)
    page = {
        **map_page(request, phase),
        **{f"{name}_form": each for name, each in bound.items()},
        "rows": [(each, *STATES[each.state]) for each in phase.poll_statements.all()],
        "found": found,
        "has_votes": phase.poll_votes.exists(),
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "participation/opinions/settings.html", page, status=status)


def _forms(request: HttpRequest, phase: Phase, step: str) -> Mapping[str, forms.Form]:
    kept = opinions.settings_of(phase)

    def given(name: str) -> Any:
        return request.POST if step == name else None

    return {
        "seed": SeedForm(given("seed"), longest=kept.longest_text),
        "settings": OpinionSettingsForm(given("settings"), initial=kept.as_json()),
        "files": PolisForm(given("files"), request.FILES if step == "files" else None),
    }


def _carry_out(request: HttpRequest, phase: Phase, step: str, form: Any, now: datetime) -> list[Finding]:
    """Do what a form asks for and say so; return what in its files could not be used."""
    person, values = person_of(request), form.cleaned_data
    if step == "settings":
        processes.change_phase(phase, person=person, now=now, settings=form.settings())
        messages.success(request, gettext("It is saved."))
        return []
    if step == "seed":
        for text in values["texts"]:
            opinions.add_statement(
                phase, text, language=values["language"], now=now, person=person, channel=values["channel"]
            )
        count = len(values["texts"])
        said = ngettext("%(count)s statement is added.", "%(count)s statements are added.", count)
        messages.success(request, said % {"count": count})
        return []
    return _bring_in(request, phase, values, now)


def _bring_in(request: HttpRequest, phase: Phase, files: Any, now: datetime) -> list[Finding]:
    statements = polis.read_comments(files["comments"].read())
    votes = polis.read_votes(files["votes"].read()) if files["votes"] else polis.PolisRows()
    language, person = get_language() or "en", person_of(request)
    count = opinion_files.bring_in(
        phase, statements.rows, votes.rows, language=language, person=person, now=now
    )
    said = ngettext("%(count)s vote has come in.", "%(count)s votes have come in.", count)
    messages.success(request, said % {"count": count})
    return [*statements.findings, *votes.findings]


def _remove(request: HttpRequest, phase: Phase) -> None:
    key = request.POST.get("statement", "")
    try:
        opinions.remove_statement(phase, int(key[:9]) if key.isdecimal() else 0, person=person_of(request))
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        messages.success(request, gettext("The statement is removed."))


# --- paper --------------------------------------------------------------------------------------
@recorders
@form_page
def paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Enter a form with votes that came on paper."""
    phase, now = opinion_map(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.RECORD_PAPER)
    rows = list(phase.poll_statements.filter(state="admitted"))
    form = PaperVotesForm(request.POST or None, known=[each.number for each in rows])
    if form.is_valid() and _record(request, phase, form, now):
        messages.success(request, gettext("The form is entered."))
        return redirect("participation:opinion_paper", slug, number)
    page = {**map_page(request, phase), "form": form, "rows": rows, "count": phase.poll_sheets.count()}
    return render(request, "participation/opinions/paper.html", page, status=400 if form.errors else 200)


def _record(request: HttpRequest, phase: Phase, form: PaperVotesForm, now: datetime) -> bool:
    try:
        opinions.record_paper(
            phase,
            form.cleaned_data["votes"],
            sheet=form.cleaned_data["sheet"],
            person=person_of(request),
            now=now,
            language=get_language() or "en",
        )
    except TandemError as error:
        form.add_error("sheet", spoken(error.sentence))
        return False
    return True


# --- files --------------------------------------------------------------------------------------
@exporters
@require_safe
def export(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Hand over the opinion map as Polis exports it."""
    phase = opinion_map(request, slug, number)
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{number}-polis.zip"'}
    return HttpResponse(opinion_files.export(phase), content_type="application/zip", headers=headers)
