"""The vote on a budget: enter, choose, look, cast."""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.kit import throttle
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.phase import Action, PhaseKind, PhaseState, Who, check_action
from tandem.participation.domain.phase_settings import IdeaSettings
from tandem.participation.forms.budget import CodeForm
from tandem.participation.models import Contribution, Phase
from tandem.participation.services import participants, voting, voting_codes
from tandem.participation.services.voting import Choice
from tandem.participation.services.voting_codes import AlreadyVoted, CodeUnknown
from tandem.participation.views import budget_result, frame
from tandem.participation.views.budget_words import rule_page
from tandem.participation.views.guards import form_page

HOUR = 3_600
ORDER_KEY = "participation_ballot_order"


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show what is voted on and by which rule, and the way in; once it has closed, the result."""
    if phase.state(timezone.now()) is PhaseState.CLOSED:
        return budget_result.result_page(request, phase, phase)
    return _door(request, phase, CodeForm())


def _door(request: HttpRequest, phase: Phase, form: CodeForm) -> HttpResponse:
    rows, narrowed = voting.proposals(phase.process), Narrowed.of(request.GET)
    page = {
        **vote_page(request, phase),
        **_way_in(request, phase),
        "form": form,
        "rows": [each for each in rows if narrowed.fits(each)],
        "count": len(rows),
        "narrowed": narrowed,
        "categories": _categories(phase),
    }
    return render(request, "participation/budget/vote.html", page, status=400 if form.errors else 200)


def vote_page(request: HttpRequest, phase: Phase) -> dict[str, Any]:
    """Return what every page of a vote shows: the phase and its rule."""
    return {
        **frame.phase_page(request, phase),
        **rule_page(phase),
        "may_decide": access.may_decide(request),
        "may_plan": access.may_plan(request),
        "admits_both": {Who.CODE, Who.ACCOUNT} <= phase.who_is_admitted,
    }


def _way_in(request: HttpRequest, phase: Phase) -> dict[str, Any]:
    """Return by which ways somebody can vote, and whether they have done so."""
    admitted = phase.who_is_admitted
    return {
        "admits_codes": Who.CODE in admitted,
        "admits_accounts": Who.ACCOUNT in admitted,
        "admits_addresses": Who.EMAIL in admitted,
        "has_voted": voting.has_voted(phase, access.participant(request)),
        "next": request.get_full_path(),
    }


# --- narrowing the list down --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which proposals somebody wants to see.

    Attributes:
        q: Words that all have to be in a proposal; or its number.
        category: A key; empty for all.
    """

    q: str
    category: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Narrowed":
        """Return what a form asks for."""
        return cls(given.get("q", "").strip()[:200], given.get("category", "")[:40])

    def __bool__(self) -> bool:
        return bool(self.q or self.category)

    def fits(self, row: Contribution) -> bool:
        """Return whether a proposal is to be shown."""
        if self.category and row.category != self.category:
            return False
        text = f"{row.title} {row.text} {row.place}".casefold()
        return self.q == str(row.number) or all(word in text for word in self.q.casefold().split())


def _categories(phase: Phase) -> list[tuple[str, str]]:
    """Return what proposals can be about, as it was set where they were written."""
    submit = next((each for each in phase.siblings or [] if each.phase_kind is PhaseKind.BUDGET_SUBMIT), None)
    known = IdeaSettings.from_json(submit.settings).categories if submit else ()
    return [(each.key, pick(each.titles, get_language() or "en", default=each.key)) for each in known]


# --- voting -------------------------------------------------------------------------------------
@never_cache
@sensitive_post_parameters("voting_code", "choice")
@form_page
def ballot(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Open the ballot to somebody with a code or an account; narrow it; look at it; cast it, as the button says.

    What is chosen travels with the form: nothing of it is kept before it is cast, and nothing of who cast it after.
    """
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    if request.method != "POST":  # an address that was copied, or Back after signing in
        return redirect("participation:phase", slug, number)
    code, step = request.POST.get("voting_code", "").strip(), request.POST.get("step", "")
    try:
        refused = _at_the_door(request, phase, code, now)
        if refused is not None:
            return refused
        return _with_ballot(request, phase, code, step, now)
    except AlreadyVoted as error:  # the same button twice, or another tab
        messages.warning(request, spoken(error.sentence))
        return redirect(
            "participation:vote_thanks" if step == "cast" else "participation:phase", slug, number
        )


def _at_the_door(request: HttpRequest, phase: Phase, code: str, now: datetime) -> HttpResponse | None:
    """Return None for somebody who may vote, and the page with what is wrong for a code that opens nothing.

    Raises:
        TandemError: They may not vote, or not now; or they have.
    """
    if "voting_code" not in request.POST:
        access.standing(request, phase, now).check(Action.VOTE)
        known = access.participant(request)
        participants.refuse_blocked(known)
        if voting.has_voted(phase, known):
            raise AlreadyVoted
        return None
    state, admitted = phase.state(now), phase.who_is_admitted
    check_action(Action.VOTE, kind=phase.phase_kind, state=state, who=Who.CODE, admitted=admitted)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            _check_code(request, phase, code)
        except AlreadyVoted:
            if request.POST.get("step") == "cast":
                raise
            form.add_error("voting_code", spoken(AlreadyVoted().sentence))
        except TandemError as error:
            form.add_error("voting_code", spoken(error.sentence))
    return _door(request, phase, form) if form.errors else None


def _check_code(request: HttpRequest, phase: Phase, code: str) -> None:
    """Do nothing where a code can be used. Wrong ones are counted, and after too many none is looked at any more.

    Raises:
        TandemError: It cannot be used; or too many were tried.
    """
    what, who = f"participation.code.{phase.pk}", throttle.client_key(request)
    most = voting.settings_of(phase).codes_per_hour
    throttle.refuse(what, who, most=most, seconds=HOUR)
    try:
        voting_codes.check_code(phase, code)
    except (CodeUnknown, AlreadyVoted):  # a slip in typing is noticed without looking: it is no guess
        throttle.count(what, who, most=most, seconds=HOUR)
        raise


def _with_ballot(request: HttpRequest, phase: Phase, code: str, step: str, now: datetime) -> HttpResponse:
    """Answer somebody who may vote, as the button says."""
    rows, problem = voting.proposals(phase.process), ""
    choice = _choice(request.POST, rows)
    if step in {"look", "cast"}:
        try:
            voting.check_choice(phase, choice, rows)
            if step == "cast":
                who = None if code else access.someone(request)
                voting.cast(phase, choice, now=now, code=code, participant=who)
                return redirect("participation:vote_thanks", phase.process.slug, phase.number)
        except voting.BadBallot as error:
            problem, step = spoken(error.sentence), ""
    named, narrowed = _named(rows, choice), Narrowed.of(request.POST)
    page = {
        **vote_page(request, phase),
        "rows": _shuffled(request, phase, rows, choice, narrowed),
        "count": len(rows),
        "narrowed": narrowed,
        "categories": _categories(phase),
        "named": named,
        "cost_cents": sum(each.cost_cents or 0 for each, _points in named),
        "given": sum(choice.points),
        "most": voting.most_choices(voting.settings_of(phase), len(rows)),
        "code": code,
        "problem": problem,
    }
    template = "look" if step == "look" else "ballot"
    return render(request, f"participation/budget/{template}.html", page, status=400 if problem else 200)


def _choice(given: Any, rows: Sequence[Contribution]) -> Choice:
    """Return what a ballot says: ticked proposals, or those that were given points."""
    ticked = tuple(dict.fromkeys(given.getlist("choice")))
    if ticked:
        return Choice(ticked)
    typed = {str(each.number): given.get(f"points-{each.number}", "").strip()[:6] for each in rows}
    points = {key: int(text) for key, text in typed.items() if text.isdecimal() and int(text) > 0}
    return Choice(tuple(points), tuple(points.values()))


def _named(rows: Sequence[Contribution], choice: Choice) -> list[tuple[Contribution, int | None]]:
    points: dict[str, int | None] = dict.fromkeys(choice.choices)
    points.update(zip(choice.choices, choice.points, strict=False))
    return [(each, points[str(each.number)]) for each in rows if str(each.number) in points]


def _shuffled(
    request: HttpRequest, phase: Phase, rows: Sequence[Contribution], choice: Choice, narrowed: Narrowed
) -> list[tuple[Contribution, bool, int | str]]:
    """Return the proposals in an order of this browser's own, so that none is favoured by its place.

    What is chosen stays in sight, whatever else is asked for.
    """
    seed = request.session.setdefault(ORDER_KEY, secrets.token_hex(8))
    points = dict(zip(choice.choices, choice.points, strict=False))
    shown = [(each, str(each.number) in choice.choices, points.get(str(each.number), "")) for each in rows]
    random.Random(f"{seed}{phase.pk}").shuffle(shown)  # noqa: S311 - no secret
    return [each for each in shown if each[1] or narrowed.fits(each[0])]


@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that a vote has been counted."""
    phase = access.visible_phase(request, slug, number)
    return render(request, "participation/budget/thanks.html", vote_page(request, phase))
