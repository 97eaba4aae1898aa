"""The opinion map: vote on one statement after another, change one's votes, write a statement, read them all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tandem.core.errors import TandemError
from tandem.kit import throttle
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.opinion.votes import AGREE, DISAGREE, PASS
from tandem.participation.domain.phase import Action, PhaseState
from tandem.participation.forms.opinions import PollStatementForm
from tandem.participation.models import Phase, PollStatement
from tandem.participation.services import opinion_results, opinions
from tandem.participation.views import opinion_results_page
from tandem.participation.views.guards import form_page
from tandem.participation.views.opinion_frame import home, map_page, opinion_map

PER_PAGE = 30
MOST_STATEMENTS, HOUR = 20, 3_600
WAYS = {"agree": AGREE, "disagree": DISAGREE, "pass": PASS}
SAID: dict[int, str | Promise] = {
    AGREE: gettext_lazy("you agreed"),
    DISAGREE: gettext_lazy("you disagreed"),
    PASS: gettext_lazy("you passed"),
}


# --- the map's own page -------------------------------------------------------------------------
def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Ask about the next statement; once the map has closed, show what came out."""
    if phase.state(timezone.now()) is PhaseState.CLOSED:
        return opinion_results_page.result_page(request, phase, map_page(request, phase))
    return _page(request, phase, PollStatementForm(longest=opinions.settings_of(phase).longest_text))


def _page(
    request: HttpRequest, phase: Phase, form: PollStatementForm, similar: Sequence[PollStatement] = ()
) -> HttpResponse:
    asked = opinions.ask(phase, access.participant(request))
    page = {
        **map_page(request, phase),
        "asked": asked,
        "last_said": SAID[asked.last[1]] if asked.last else "",
        "form": form,
        "similar": similar,
    }
    return render(request, "participation/opinions/map.html", page, status=400 if form.errors else 200)


# --- voting -------------------------------------------------------------------------------------
@require_POST
def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Keep a vote, and go on to the next statement, or back to the list of one's votes."""
    phase, now = opinion_map(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.VOTE)
    way, key = request.POST.get("vote", ""), request.POST.get("statement", "")
    if way in WAYS and key.isdecimal():
        opinions.vote(phase, int(key[:9]), WAYS[way], participant=access.someone(request), now=now)
    if request.POST.get("from") == "mine":
        page = request.POST.get("page", "1")
        place = f"?page={page}" if page.isdecimal() else ""
        return redirect(
            f"{reverse('participation:opinion_mine', args=[slug, number])}{place}#statement-{key}"
        )
    return redirect(f"{home(phase)}#vote")


@never_cache
@require_safe
def mine(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one's own votes, the last first; each can be changed until the map closes."""
    phase, known = opinion_map(request, slug, number), access.participant(request)
    rows = phase.poll_votes.filter(participant=known, statement__state="admitted") if known else None
    page: Any = ()
    if rows is not None:
        ordered = rows.select_related("statement").order_by("statement__number")
        page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        **map_page(request, phase),
        "page": page,
        "rows": [(each.statement, each.value, SAID[each.value]) for each in page],
    }
    return render(request, "participation/opinions/mine.html", shown)


# --- writing ------------------------------------------------------------------------------------
@form_page
def write(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take a statement in; one that is like others is taken after its author has seen those."""
    phase, now = opinion_map(request, slug, number), timezone.now()
    if request.method != "POST":  # an address that was copied, or Back after signing in
        return redirect(f"{home(phase)}#write")
    access.standing(request, phase, now).check(Action.CONTRIBUTE)
    form = PollStatementForm(request.POST, longest=opinions.settings_of(phase).longest_text)
    similar: Sequence[PollStatement] = ()
    if form.is_valid():
        similar = () if "anyway" in request.POST else opinions.similar_to(phase, form.cleaned_data["text"])
        if not similar and _add(request, phase, form, now):
            return redirect(f"{home(phase)}#vote")
    return _page(request, phase, form, similar)


def _add(request: HttpRequest, phase: Phase, form: PollStatementForm, now: datetime) -> bool:
    """Take a statement in and say so; return whether that was possible."""
    author = access.someone(request)
    throttle.count("participation.poll", str(author.pk), most=MOST_STATEMENTS, seconds=HOUR)
    try:
        made = opinions.add_statement(
            phase, form.cleaned_data["text"], language=get_language() or "en", now=now, participant=author
        )
    except TandemError as error:
        form.add_error("text", spoken(error.sentence))
        return False
    if made.state == "waiting":
        messages.success(request, gettext("Thank you. Others can vote on it once somebody has looked at it."))
    else:
        messages.success(request, gettext("Thank you. Others can vote on it now."))
    return True


# --- reading ------------------------------------------------------------------------------------
@require_safe
def statements(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show all statements that are voted on, and how people have voted on each."""
    phase, now = opinion_map(request, slug, number), timezone.now()
    rows = phase.poll_statements.filter(state="admitted")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = map_page(request, phase)
    may_see = shown["may"]["see_results"]
    kept = opinion_results.latest(phase, now=now) if may_see else None
    tallies = kept.result.get("tallies", {}) if kept else {}
    shown |= {
        "page": page,
        "rows": [(each, opinion_results_page.shares_of(tallies.get(str(each.number)))) for each in page],
        "has_result": bool(tallies),
    }
    return render(request, "participation/opinions/statements.html", shown)
