"""The opinion map: vote on one statement after another, write one, see the groups."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.core.findings import Finding
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.adapters import polis
from tandem.participation.domain.permissions import ALLOWED, ROOM, Duty
from tandem.participation.domain.phase import Action
from tandem.participation.forms.opinions import OpinionSettingsForm, PolisForm, PollStatementForm
from tandem.participation.models import Phase, PollStatement
from tandem.participation.services import opinions, processes
from tandem.participation.views import frame

planners = staff(ROOM, *ALLOWED[Duty.PLAN])
exporters = staff(ROOM, *ALLOWED[Duty.EXPORT])
_FORM = require_http_methods(["GET", "HEAD", "POST"])
LETTERS = "ABCDEFGH"


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Ask about the next statement; below it what is known so far."""
    return _page(request, phase, PollStatementForm(longest=opinions.settings_of(phase).longest_text))


def _page(request: HttpRequest, phase: Phase, form: PollStatementForm) -> HttpResponse:
    now = timezone.now()
    asked, answered, total = opinions.next_statement(phase, access.participant(request))
    page = {
        **frame.phase_page(request, phase, now=now),
        "asked": asked,
        "answered": answered,
        "total": total,
        "form": form,
        "next": request.path,
        "may_plan": access.may_plan(request),
        "may_export": access.may_export(request),
    }
    if page["may"]["see_results"]:
        kept = opinions.result_of(phase, now=now)
        page |= _told(phase, kept.result) if kept else {}
    return render(request, "participation/opinions/map.html", page, status=400 if form.errors else 200)


def _told(phase: Phase, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results as the page shows them."""
    rows = {str(each.number): each for each in phase.poll_statements.all()}
    groups = [
        {
            "letter": LETTERS[each["number"]],
            "number": each["number"],
            "size": each["size"],
            "telling": [
                {
                    "row": rows[one["statement"]],
                    "agrees": one["way"] == 1,
                    "inside": _percent(one["inside"]),
                    "outside": _percent(one["outside"]),
                }
                for one in each["telling"]
                if one["statement"] in rows
            ],
        }
        for each in result["groups"]
    ]
    return {
        "told": result,
        "groups": groups,
        "uniting": [
            {"row": rows[each["statement"]], "agrees": each["way"] == 1, "all": _percent(each["all"])}
            for each in result["uniting"]
            if each["statement"] in rows
        ],
        "dividing": [
            {"row": rows[key], "all": _percent_of(result["tallies"][key])}
            for key in result["dividing"]
            if key in rows
        ],
        "dots": [(f"{x:.1f}", f"{100 - y:.1f}", group) for x, y, group in result["dots"]],
    }


def _percent(tally: Mapping[str, int]) -> dict[str, int]:
    return _percent_of([tally["agree"], tally["disagree"], tally["seen"]])


def _percent_of(tally: list[int]) -> dict[str, int]:
    agree, disagree, seen = tally
    whole = max(1, seen)
    return {
        "agree": round(100 * agree / whole),
        "disagree": round(100 * disagree / whole),
        "pass": round(100 * (seen - agree - disagree) / whole),
        "seen": seen,
    }


# --- taking part --------------------------------------------------------------------------------
@require_POST
def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Keep a vote, and go on to the next statement."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.VOTE)
    values = {"agree": 1, "pass": 0, "disagree": -1}
    given, key = request.POST.get("vote", ""), request.POST.get("statement", "")
    if given in values and key.isdecimal():
        opinions.vote(phase, int(key), values[given], participant=access.someone(request), now=now)
    return redirect("participation:phase", slug, number)


@_FORM
def mine(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one's own votes; each can be changed until the map closes."""
    phase, known = access.visible_phase(request, slug, number), access.participant(request)
    rows = phase.poll_votes.filter(participant=known).select_related("statement") if known else []
    names = {1: gettext("agree"), 0: gettext("pass"), -1: gettext("disagree")}
    page = {
        **frame.phase_page(request, phase),
        "rows": [(each.statement, names[each.value]) for each in rows],
    }
    return render(request, "participation/opinions/mine.html", page)


@require_POST
def write(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take a statement in."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.CONTRIBUTE)
    form = PollStatementForm(request.POST, longest=opinions.settings_of(phase).longest_text)
    if form.is_valid():
        author = access.someone(request)
        try:
            made = opinions.add_statement(
                phase, form.cleaned_data["text"], language=get_language() or "en", now=now, participant=author
            )
        except TandemError as error:
            form.add_error("text", spoken(error.sentence))
        else:
            messages.success(request, _thanks(made))
            return redirect("participation:phase", slug, number)
    return _page(request, phase, form)


def _thanks(made: PollStatement) -> str:
    if made.state == "waiting":
        return gettext("Thank you. Others can vote on it once somebody has looked at it.")
    return gettext("Thank you. Others can vote on it now.")


# --- the office ---------------------------------------------------------------------------------
@planners
@_FORM
def settings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Set an opinion map, write statements to begin with, bring files in."""
    phase, now, step = (
        access.visible_phase(request, slug, number),
        timezone.now(),
        request.POST.get("step", ""),
    )
    kept = opinions.settings_of(phase)
    forms = {
        "settings": OpinionSettingsForm(request.POST if step == "settings" else None, initial=kept.as_json()),
        "seed": PollStatementForm(request.POST if step == "seed" else None, longest=kept.longest_text),
        "files": PolisForm(*((request.POST, request.FILES) if step == "files" else ())),
    }
    found: list[Finding] = []
    form = forms.get(step)
    if form is not None and form.is_valid():
        try:
            found = _set(request, phase, step, form, now)
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            if not found:
                messages.success(request, gettext("It is saved."))
                return redirect("participation:opinion_settings", slug, number)
    page = {
        **frame.phase_page(request, phase),
        **{f"{name}_form": each for name, each in forms.items()},
        "rows": phase.poll_statements.all(),
        "found": found,
    }
    return render(request, "participation/opinions/settings.html", page)


def _set(request: HttpRequest, phase: Phase, step: str, form: Any, now: Any) -> list[Finding]:
    person = person_of(request)
    if step == "settings":
        processes.change_phase(phase, person=person, now=now, settings=form.settings())
        return []
    if step == "seed":
        opinions.add_statement(
            phase, form.cleaned_data["text"], language=get_language() or "en", now=now, person=person
        )
        return []
    given = form.cleaned_data
    comments = polis.read_comments(given["comments"].read())
    votes = polis.read_votes(given["votes"].read()) if given["votes"] else polis.PolisRows()
    opinions.bring_in(
        phase, comments.rows, votes.rows, language=get_language() or "en", person=person, now=now
    )
    return [*comments.findings, *votes.findings]


@exporters
@require_safe
def export(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Hand over the opinion map as Polis exports it."""
    phase = access.visible_phase(request, slug, number)
    headers = {"Content-Disposition": f'attachment; filename="{slug}-polis.zip"'}
    return HttpResponse(opinions.export(phase), content_type="application/zip", headers=headers)
