"""The vote on a budget: enter, choose, look, cast; and the office's pages beside it."""

import csv
import io
import random
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.core.text import pick, say
from tandem.kit import throttle
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.budget.election import VoteType
from tandem.participation.domain.permissions import ALLOWED, ROOM, Duty
from tandem.participation.domain.phase import Action, PhaseKind, PhaseState, Who, check_action
from tandem.participation.forms.budget import (
    METHODS,
    VOTE_TYPES,
    CodeForm,
    CodesForm,
    PaperBallotForm,
    VoteSettingsForm,
    vote_initial,
)
from tandem.participation.models import CastBallot, Contribution, Phase
from tandem.participation.services import processes, voting
from tandem.participation.services.voting import Choice
from tandem.participation.views import budget_result, frame

deciders = staff(ROOM, *ALLOWED[Duty.DECIDE])
planners = staff(ROOM, *ALLOWED[Duty.PLAN])
recorders = staff(ROOM, *ALLOWED[Duty.RECORD])
_FORM = require_http_methods(["GET", "HEAD", "POST"])
HOUR = 3_600


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show what is voted on and by which rule, and the way in; once it has closed, the result."""
    if phase.state(timezone.now()) is PhaseState.CLOSED:
        return budget_result.result_page(request, phase, phase)
    page = {**_vote_page(request, phase), "form": CodeForm(), "rows": voting.proposals(phase.process)}
    return render(request, "participation/budget/vote.html", page)


def _vote_page(request: HttpRequest, phase: Phase) -> dict[str, Any]:
    chosen = voting.settings_of(phase)
    return {
        **frame.phase_page(request, phase),
        "settings": chosen,
        "vote_type": VOTE_TYPES[VoteType(chosen.vote_type)],
        "method": METHODS.get(chosen.method, chosen.method),  # type: ignore[call-overload]
        "by_points": chosen.vote_type == VoteType.CUMULATIVE,
        "choose_one": chosen.vote_type == VoteType.CHOOSE_ONE,
        "admits_codes": Who.CODE in phase.who_is_admitted,
        "next": request.get_full_path(),
        "may_decide": access.may_decide(request),
        "may_plan": access.may_plan(request),
    }


# --- voting -------------------------------------------------------------------------------------
@never_cache
@sensitive_post_parameters("voting_code")
@require_POST
def ballot(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Open the ballot to somebody with a code or an account; look at it; cast it, as the button says."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    code = request.POST.get("voting_code", "").strip()
    form = CodeForm(request.POST) if "voting_code" in request.POST else None
    if form is not None and not form.is_valid():
        return _back_to_the_door(request, phase, form)
    try:
        _let_in(request, phase, code, now)
    except TandemError as error:
        if form is None:
            raise
        form.add_error("voting_code", spoken(error.sentence))
        return _back_to_the_door(request, phase, form)
    rows = voting.proposals(phase.process)
    choice, step = _choice(request, rows), request.POST.get("step", "")
    problem = ""
    if step in {"look", "cast"}:
        try:
            voting.check_choice(phase, choice, rows)
            if step == "cast":
                return _cast(request, phase, choice, code, now)
        except voting.BadBallot as error:
            problem, step = spoken(error.sentence), ""
    page = {
        **_vote_page(request, phase),
        "rows": _shuffled(request, phase, rows, choice),
        "chosen": [(each, points) for each, points in _named(rows, choice)],
        "code": code,
        "problem": problem,
    }
    template = "look" if step == "look" else "ballot"
    return render(request, f"participation/budget/{template}.html", page, status=400 if problem else 200)


def _let_in(request: HttpRequest, phase: Phase, code: str, now: Any) -> None:
    """Do nothing for somebody who may vote.

    Raises:
        TandemError: They may not, or not now; or the code is wrong, used, or tried too often.
    """
    if not code:
        access.standing(request, phase, now).check(Action.VOTE)
        access.someone(request)
        return
    check_action(
        Action.VOTE,
        kind=PhaseKind(phase.kind),
        state=phase.state(now),
        who=Who.CODE,
        admitted=phase.who_is_admitted,
    )
    most = voting.settings_of(phase).codes_per_hour
    try:
        voting.check_code(phase, code)
    except TandemError:
        throttle.count(
            f"participation.code.{phase.pk}", throttle.client_key(request), most=most, seconds=HOUR
        )
        raise


def _back_to_the_door(request: HttpRequest, phase: Phase, form: CodeForm) -> HttpResponse:
    page = {**_vote_page(request, phase), "form": form, "rows": voting.proposals(phase.process)}
    return render(request, "participation/budget/vote.html", page, status=400)


def _choice(request: HttpRequest, rows: list[Contribution]) -> Choice:
    """Return what a ballot says: ticked proposals, or those that were given points."""
    ticked = tuple(dict.fromkeys(request.POST.getlist("choice")))
    if ticked:
        return Choice(ticked)
    given = {str(each.number): request.POST.get(f"points-{each.number}", "").strip() for each in rows}
    points = {key: int(text) for key, text in given.items() if text.isdecimal() and int(text) > 0}
    return Choice(tuple(points), tuple(points.values()))


def _named(rows: list[Contribution], choice: Choice) -> list[tuple[Contribution, int | None]]:
    points: dict[str, int | None] = dict.fromkeys(choice.choices)
    points.update(zip(choice.choices, choice.points, strict=False))
    return [(each, points[str(each.number)]) for each in rows if str(each.number) in points]


def _shuffled(
    request: HttpRequest, phase: Phase, rows: list[Contribution], choice: Choice
) -> list[tuple[Contribution, bool, int | str]]:
    """Return the proposals in an order of this browser's own, so that none is favoured by its place."""
    if not request.session.session_key:
        request.session.save()
    order = random.Random(f"{request.session.session_key}{phase.pk}")  # noqa: S311 - no secret
    points = dict(zip(choice.choices, choice.points, strict=False))
    shown = [(each, str(each.number) in choice.choices, points.get(str(each.number), "")) for each in rows]
    order.shuffle(shown)
    return shown


def _cast(request: HttpRequest, phase: Phase, choice: Choice, code: str, now: Any) -> HttpResponse:
    who = None if code else access.someone(request)
    voting.cast(phase, choice, now=now, code=code, participant=who)
    return redirect("participation:vote_thanks", phase.process.slug, phase.number)


@never_cache
def thanks(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that a vote has been counted."""
    phase = access.visible_phase(request, slug, number)
    return render(request, "participation/budget/thanks.html", _vote_page(request, phase))


# --- the office ---------------------------------------------------------------------------------
@planners
@_FORM
def settings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Set the rule of a vote, until it begins."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    is_frozen = phase.state(now) is not PhaseState.PLANNED
    form = VoteSettingsForm(request.POST or None, initial=vote_initial(voting.settings_of(phase)))
    if form.is_valid() and not is_frozen:
        processes.change_phase(phase, person=person_of(request), now=now, settings=form.settings())
        messages.success(request, gettext("It is saved."))
        return redirect("participation:phase", slug, number)
    page = {**_vote_page(request, phase), "form": form, "is_frozen": is_frozen}
    return render(
        request,
        "participation/budget/settings.html",
        page,
        status=409 if form.is_bound and is_frozen else 200,
    )


@never_cache
@deciders
@_FORM
def codes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make codes for letters; the file with them is in this one answer only."""
    phase = access.visible_phase(request, slug, number)
    form = CodesForm(request.POST if request.POST.get("step") == "make" else None)
    if form.is_valid():
        made = voting.make_codes(phase, **form.cleaned_data, person=person_of(request))
        return _codes_file(phase, made, form.cleaned_data["batch"])
    if request.POST.get("step") == "revoke":
        gone = voting.revoke_codes(
            phase, request.POST.get("batch", ""), person=person_of(request), now=timezone.now()
        )
        messages.success(request, gettext("%(count)s codes cannot be used any more.") % {"count": gone})
        return redirect("participation:vote_codes", slug, number)
    page = {**_vote_page(request, phase), "form": form, "counts": voting.counts_of_codes(phase)}
    return render(request, "participation/budget/codes.html", page)


def _codes_file(phase: Phase, made: Any, batch: str) -> HttpResponse:
    target = io.StringIO()
    rows = csv.writer(target)
    rows.writerow(["code"])
    rows.writerows([each] for each in made)
    name = f"codes-{pick(phase.process.titles, 'en', default='vote')[:40]}-{batch}.csv".replace('"', "")
    return HttpResponse(
        target.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode()}"'},
    )


@recorders
@_FORM
def paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Enter a ballot that came on paper."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.RECORD_PAPER)
    form = PaperBallotForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            voting.record_paper(
                phase,
                _typed(given["choices"]),
                sheet=given["sheet"],
                code=given["voting_code"],
                person=person_of(request),
                now=now,
            )
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("Ballot %(sheet)s is entered.") % {"sheet": given["sheet"]})
            return redirect("participation:vote_paper", slug, number)
    count = CastBallot.objects.filter(phase=phase, channel="paper").count()
    page = {**_vote_page(request, phase), "form": form, "count": count}
    return render(request, "participation/budget/paper.html", page, status=400 if form.errors else 200)


def _typed(text: str) -> Choice:
    """Return a choice as it is typed: ``3 8 12``, or with points ``3:5 8:5``.

    Raises:
        BadBallot: A number is none.
    """
    pairs = [each.partition(":") for each in text.replace(",", " ").replace(";", " ").split()]
    points = [rest for _number, colon, rest in pairs if colon]
    if any(not each.isdecimal() for each in points) or 0 < len(points) < len(pairs):
        raise voting.BadBallot(say("The points cannot be read. Write each as number:points."))
    return Choice(tuple(number for number, _colon, _rest in pairs), tuple(map(int, points)))
