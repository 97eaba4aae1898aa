"""From pairs to tandems: propose a result, what each city answers, a city that joins or leaves, a tandem of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.core.errors import NotFound, TandemError
from tandem.core.text import pick
from tandem.exchange import access
from tandem.exchange import matching_labels as labels
from tandem.exchange.domain.matching.consent import OPEN, State
from tandem.exchange.domain.naming import PROPOSALS
from tandem.exchange.forms.round_consent import AnswerForm, RoundLeaveForm, moment_of
from tandem.exchange.forms.tandems import TandemForm
from tandem.exchange.models import Round, RoundProposal
from tandem.exchange.services import round_cities, round_consent, round_inputs
from tandem.exchange.views.asking import by, form_page
from tandem.exchange.views.matching import page_number
from tandem.exchange.views.matching_frame import (
    any_round,
    page_of,
    trail_of,
    visible_result,
)
from tandem.exchange.views.matching_staff import count_of, match_now
from tandem.exchange.views.tandem_frame import done, officers, readers, take_form
from tandem.kit import installation
from tandem.kit.spoken import spoken


# --- proposals ------------------------------------------------------------------------------------
@officers
@require_POST
def take(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Propose the pairs of a result to their cities."""
    found = visible_result(request, slug, number)
    try:
        made = round_consent.take(found, **by(request))
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
        return redirect("exchange:result", slug, number)
    messages.success(request, count_of(made))
    return redirect("exchange:round_consent", slug)


@officers
@require_POST
def join(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Propose that a city without a partner joins a pair or a tandem."""
    found = visible_result(request, slug, number)
    cities = request.POST.get("cities", "").split()
    if not cities:
        raise Http404
    return done(
        request,
        lambda: round_consent.propose_joining(found, cities[0], cities[1:], **by(request)),
        gettext("It is proposed to all of these cities."),
        reverse("exchange:round_consent", args=[slug]),
    )


@readers
@require_safe
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff what each city answered to each proposal."""
    row, asked = any_round(slug), request.GET.get("state", "")
    rows = row.proposals.prefetch_related("answers").select_related("tandem")
    page = page_number(request, rows.filter(state=asked) if asked in PROPOSALS else rows)
    known = _known(row, page.object_list)
    shown = {
        **page_of(request, row),
        "page": page,
        "proposals": [
            _proposal_shown(each, known, may_see=access.may_meet(request)) for each in page.object_list
        ],
        "states": [(each, spoken(said), each == asked) for each, said in PROPOSALS.items()],
        "state": asked,
    }
    return render(request, "exchange/matching/consent.html", shown)


@dataclass(frozen=True, slots=True)
class Known:
    """What the cities of some proposals are called, and which of them have left.

    Attributes:
        names: By id.
        gone: Ids.
    """

    names: Mapping[str, str]
    gone: frozenset[str]

    def joined(self, cities: Iterable[str]) -> str:
        """Return the names of cities as those of a pair."""
        return " – ".join(self.names.get(each, each) for each in cities)


def _known(row: Round, proposals: Iterable[RoundProposal]) -> Known:
    ids = {city for each in proposals for city in (*each.cities, *each.replaced_by)}
    rows = list(row.cities.filter(city__in=ids).values_list("city", "name", "is_active"))
    return Known(
        {city: name for city, name, _active in rows},
        frozenset(city for city, _name, active in rows if not active),
    )


def _proposal_shown(row: RoundProposal, known: Known, *, may_see: bool) -> dict[str, Any]:
    answers: dict[str, list[Any]] = {city: [] for city in row.cities}
    for each in row.answers.all():
        answers.setdefault(each.city, []).append(
            {"row": each, "reason": each.reason if may_see else "", "on": timezone.localdate(each.at)}
        )
    return {
        "row": row,
        "title": known.joined(row.cities),
        "state": spoken(PROPOSALS[row.state]),
        "state_tone": labels.STATE_TONES[row.state],
        "answers": [
            {"city": known.names.get(city, city), "has_left": city in known.gone, "given": given}
            for city, given in answers.items()
        ],
        "replaced_by": known.joined(row.replaced_by),
        "is_open": State(row.state) in OPEN,
        "may_become_tandem": _may_become_tandem(row) and known.gone.isdisjoint(row.cities),
    }


def _may_become_tandem(row: RoundProposal) -> bool:
    ours = installation.city().id in row.cities
    return ours and State(row.state) is State.AGREED and row.tandem_id is None


def _proposal_or_404(slug: str, pk: int) -> RoundProposal:
    known = RoundProposal.objects.select_related("round", "tandem").prefetch_related("answers")
    found = known.filter(round__slug=slug, pk=pk).first()
    if found is None:
        raise Http404
    return found


@officers
@form_page
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write down what a city answers to a proposal: who answered, and when."""
    found = _proposal_or_404(slug, pk)
    row = found.round
    known = _known(row, [found])
    choices = [(each, known.names.get(each, each)) for each in found.cities]
    form = AnswerForm(request.POST or None, cities=choices, initial={"on": timezone.localdate()})
    shown = _proposal_shown(found, known, may_see=True)
    return take_form(
        request,
        form,
        lambda: round_consent.answer(found, form.cleaned_data["city"], **form.answer(), **by(request)),
        shown["title"],
        back=reverse("exchange:round_consent", args=[slug]),
        trail=[
            *trail_of(row),
            (gettext("Answers of the cities"), reverse("exchange:round_consent", args=[slug])),
        ],
        template="exchange/matching/answer.html",
        proposal=shown,
        round=row,
        may_change=row.finished_at is None,
    )


# --- a tandem of it -------------------------------------------------------------------------------
@officers
@form_page
def tandem(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make a tandem of cities that have all agreed: the form of tandems, filled with what is known."""
    found = _proposal_or_404(slug, pk)
    if not _may_become_tandem(found) or _known(found.round, [found]).gone.intersection(found.cities):
        raise Http404
    form = TandemForm(request.POST or None, initial=_first_words(found))
    if form.is_valid():
        try:
            made = round_consent.make_tandem(found, **form.cleaned_data, **by(request))
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(
                request, gettext("The tandem is there with its cities, their consent and its topics.")
            )
            return redirect("exchange:tandem", made.slug)
    return take_form(
        request,
        form,
        lambda: None,
        gettext("Make a tandem of it"),
        back=reverse("exchange:round_consent", args=[slug]),
        trail=trail_of(found.round),
        template="exchange/matching/form.html",
        lead=gettext(
            "The tandem begins with these cities, the days on which they agreed, and the topics in which one offers "
            "what another needs. Make it active on its page."
        ),
    )


def _first_words(row: RoundProposal) -> dict[str, Any]:
    """Return title and aims to begin with, in the portal's languages."""
    subjects = round_consent.subjects_of(row)
    aims = {
        each: ", ".join(pick(subject.titles, each) for subject in subjects)
        for each in installation.city().languages
    }
    profiles = [round_cities.profile_of(row.round, each) for each in row.cities]
    titles = {
        each: " – ".join(pick(city.names, each, default=city.name) for city in profiles)
        for each in installation.city().languages
    }
    return {"titles": titles, "aims": aims}


# --- a city leaves --------------------------------------------------------------------------------
@officers
@form_page
def leave(request: HttpRequest, slug: str, city: str) -> HttpResponse:
    """Record that a city leaves a round, and match those anew that are free."""
    row = any_round(slug)
    profile = _active_or_404(row, city)
    form = RoundLeaveForm(
        request.POST or None, tandems=_tandem_choices(row), initial={"on": timezone.localdate()}
    )
    if form.is_valid():
        try:
            return _leave(request, row, city, form)
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
    return take_form(
        request,
        form,
        lambda: None,
        gettext("%(city)s leaves") % {"city": profile.name},
        back=reverse("exchange:round_city", args=[slug, city]),
        trail=[*trail_of(row), (profile.name, reverse("exchange:round_city", args=[slug, city]))],
        template="exchange/matching/leave.html",
    )


def _active_or_404(row: Round, city: str) -> Any:
    try:
        profile = round_cities.profile_of(row, city)
    except NotFound as error:
        raise Http404 from error
    if not profile.active:
        raise Http404
    return profile


def _tandem_choices(row: Round) -> list[tuple[str, Any]]:
    names = dict(row.cities.values_list("city", "name"))
    return [
        (" ".join(each), " – ".join(names.get(one, one) for one in each))
        for each in round_inputs.tandems_of(row)
    ]


def _leave(request: HttpRequest, row: Round, city: str, form: RoundLeaveForm) -> HttpResponse:
    given = form.cleaned_data
    round_consent.leave(
        row,
        city,
        reason=given["reason"],
        let_go=form.let_go_tandems(),
        at=moment_of(given["on"]),
        **by(request),
    )
    return match_now(request, row)
