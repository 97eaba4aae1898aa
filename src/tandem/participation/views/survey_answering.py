"""Answering a survey: one question after another or all at once, a look at everything, and sent once."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.kit import throttle
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.phase import Action, NotAdmitted, PhaseKind, Who, check_action
from tandem.participation.domain.voting_code import UnreadableCode
from tandem.participation.forms.budget import CodeForm
from tandem.participation.forms.surveys import AnswersForm
from tandem.participation.models import Phase
from tandem.participation.services import participants, surveys, voting_codes
from tandem.participation.views import frame
from tandem.participation.views.guards import form_page
from tandem.participation.views.survey_walk import Walk
from tandem.participation.views.surveys import show

WRONG_CODES, HOUR = 10, 3_600


# --- the door -----------------------------------------------------------------------------------
def _enter(request: HttpRequest, slug: str, number: int, *, is_trial: bool) -> Walk | HttpResponse:
    """Return the way of somebody who may answer now, or where the others are sent instead.

    Raises:
        PhaseNotOpen: The survey is not open.
        Blocked: Moderation has shut them out.
    """
    phase = access.visible_phase(request, slug, number)
    walk = Walk(request, phase, is_trial=is_trial)
    try:
        _let_in(walk)
    except (NotAdmitted, surveys.AnsweredAlready) as error:
        messages.info(request, spoken(error.sentence))
        return redirect("participation:phase", slug, number)
    if walk.is_ready:
        return walk
    messages.info(request, gettext("The survey is not ready: its questions are still being prepared."))
    return redirect("participation:survey_edit" if is_trial else "participation:phase", slug, number)


def _let_in(walk: Walk) -> None:
    request, phase, now = walk.request, walk.phase, timezone.now()
    if walk.is_trial:
        if not access.may_see_drafts(request):
            raise PermissionDenied
    elif walk.digest:
        _check_code_admitted(phase, now)
    else:
        access.standing(request, phase, now).check(Action.CONTRIBUTE)
        participants.refuse_blocked(access.participant(request))
        if surveys.has_answered(phase, access.participant(request)):
            raise surveys.AnsweredAlready


def _check_code_admitted(phase: Phase, now: Any) -> None:
    admitted = phase.who_is_admitted
    check_action(
        Action.CONTRIBUTE, kind=PhaseKind.SURVEY, state=phase.state(now), who=Who.CODE, admitted=admitted
    )


@require_POST
@sensitive_post_parameters("voting_code")
def code(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Let somebody in with a code from a letter. Its digest waits with the answers, the code itself nowhere."""
    phase = access.visible_phase(request, slug, number)
    _check_code_admitted(phase, timezone.now())
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            digest = _digest(request, phase, form.cleaned_data["voting_code"])
        except TandemError as error:
            form.add_error("voting_code", spoken(error.sentence))
        else:
            walk = Walk(request, phase)
            walk.keep(digest=digest)
            return redirect(walk.url("answer"))
    return show(request, phase, form)


def _digest(request: HttpRequest, phase: Phase, typed: str) -> str:
    """Return the digest of a code that can be used. Wrong ones are counted, and after too many none is looked at."""
    what, who = f"participation.code.{phase.pk}", throttle.client_key(request)
    throttle.refuse(what, who, most=WRONG_CODES, seconds=HOUR)
    try:
        return voting_codes.check_code(phase, typed)
    except UnreadableCode:  # a slip in typing is noticed without looking: it is no guess
        raise
    except TandemError:
        throttle.count(what, who, most=WRONG_CODES, seconds=HOUR)
        raise


# --- one question after another -----------------------------------------------------------------
@never_cache
@form_page
def answer(request: HttpRequest, slug: str, number: int, *, is_trial: bool = False) -> HttpResponse:
    """Ask one question, and go on to the next; the first without an answer where none is named."""
    walk = _enter(request, slug, number, is_trial=is_trial)
    if isinstance(walk, HttpResponse):
        return walk
    given = request.POST if request.method == "POST" else request.GET
    key = given.get("question", "")
    if key not in walk.path:
        return _go(walk, walk.unanswered())
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, questions=[walk.kept[key]], initial=walk.answers)
    if data is None:
        return _question_page(walk, key, form)
    if form.is_valid():
        walk.keep(answers=form.cleaned_data)
    if request.POST.get("step") == "back":
        return _go(walk, walk.before(key))
    return _go_on(walk, key) if form.is_valid() else _question_page(walk, key, form)


def _go(walk: Walk, key: str | None) -> HttpResponseRedirect:
    return HttpResponseRedirect(walk.url("review") if key is None else walk.url("answer", key))


def _go_on(walk: Walk, key: str) -> HttpResponseRedirect:
    """Lead to the next question; somebody who came from the last look goes back there, past what is answered."""
    came_from_review = walk.request.POST.get("from") == "review"
    return _go(walk, walk.unanswered() if came_from_review else walk.after(key))


def _question_page(walk: Walk, key: str, form: AnswersForm) -> HttpResponse:
    walked = walk.path
    page = {
        **frame.phase_page(walk.request, walk.phase),
        "walk": walk,
        "key": key,
        "form": form,
        "at": walked.index(key) + 1,
        "of": len(walked),
        "action": walk.url("answer"),
        "keep": walk.url("answer", key),
        "from_review": "review" in (walk.request.GET.get("from"), walk.request.POST.get("from")),
    }
    status = 400 if form.errors else 200
    return render(walk.request, "participation/surveys/question.html", page, status=status)


# --- all on one page ----------------------------------------------------------------------------
@never_cache
@form_page
def together(request: HttpRequest, slug: str, number: int, *, is_trial: bool = False) -> HttpResponse:
    """Ask all questions on one page, where no answer leads elsewhere than to the next question."""
    walk = _enter(request, slug, number, is_trial=is_trial)
    if isinstance(walk, HttpResponse):
        return walk
    if not walk.is_straight:
        return _go(walk, walk.unanswered())
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, questions=walk.kept.values(), initial=walk.answers)
    if form.is_valid():
        walk.keep(answers=form.cleaned_data)
        return _go(walk, None)
    page = {**frame.phase_page(request, walk.phase), "walk": walk, "form": form, "keep": walk.url("together")}
    status = 400 if form.errors else 200
    return render(request, "participation/surveys/together.html", page, status=status)


# --- a last look, and sent ----------------------------------------------------------------------
@never_cache
@form_page
def review(request: HttpRequest, slug: str, number: int, *, is_trial: bool = False) -> HttpResponse:
    """Show all answers once more, and take them in."""
    now = timezone.now()
    walk = _enter(request, slug, number, is_trial=is_trial)
    if isinstance(walk, HttpResponse):
        sent_twice = request.method == "POST" and not is_trial
        return redirect("participation:survey_thanks", slug, number) if sent_twice else walk
    if request.method == "POST":
        return _end_trial(walk) if is_trial else _send(walk, now)
    problems, language = walk.problems(), get_language() or "en"
    rows = [
        {
            "title": pick(walk.kept[key]["titles"], language),
            "said": _said(walk.kept[key], walk.answers.get(key), language),
            "problem": spoken(problems[key].message) if key in problems else "",
            "url": f"{walk.url('answer', key)}&from=review",
        }
        for key in walk.path
    ]
    page = {**frame.phase_page(request, walk.phase), "walk": walk, "rows": rows, "is_complete": not problems}
    return render(request, "participation/surveys/review.html", page)


def _said(kept: Mapping[str, Any], given: Any, language: str) -> str:
    """Return an answer as its giver reads it; empty where there is none."""
    if given is None:
        return ""
    names = surveys.names_of(kept, language)
    if isinstance(given, tuple):
        return ", ".join(names.get(str(each), str(each)) for each in given)
    if isinstance(given, float):
        return str(number_format(int(given) if given == int(given) else given, force_grouping=True))
    return names.get(str(given), str(given))


def _send(walk: Walk, now: Any) -> HttpResponse:
    request, slug, number = walk.request, walk.phase.process.slug, walk.phase.number
    try:
        surveys.submit(
            walk.phase,
            walk.answers,
            now=now,
            language=get_language() or "en",
            participant=None if walk.digest else access.someone(request),
            digest=walk.digest,
        )
    except surveys.Unanswered as error:
        messages.warning(request, spoken(error.sentence))
        return redirect(walk.url("review"))
    except (
        surveys.AnsweredAlready,
        voting_codes.AlreadyVoted,
    ) as error:  # the same button twice, another tab
        messages.warning(request, spoken(error.sentence))
    walk.forget()
    return redirect("participation:survey_thanks", slug, number)


def _end_trial(walk: Walk) -> HttpResponse:
    walk.forget()
    messages.success(walk.request, gettext("That was the whole survey. Nothing of it was kept."))
    return redirect("participation:survey_edit", walk.phase.process.slug, walk.phase.number)


@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that the answers count."""
    phase = access.visible_phase(request, slug, number)
    return render(request, "participation/surveys/thanks.html", frame.phase_page(request, phase))
