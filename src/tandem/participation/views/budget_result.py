"""The result of a budget vote: what the money is spent on, who paid for what, and why the others lost."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.kit.charts import Chart
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.phase import Action, PhaseKind
from tandem.participation.forms.budget import METHODS
from tandem.participation.models import Allocation, Contribution, Phase
from tandem.participation.services import allocating
from tandem.participation.views import budget_words as words
from tandem.participation.views import frame
from tandem.participation.views.guards import deciders


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show the result in the phase of results."""
    known = phase.siblings if phase.siblings is not None else list(phase.process.phases.all())
    votes = [
        each for each in known if each.phase_kind is PhaseKind.BUDGET_VOTE and each.number < phase.number
    ]
    if not votes:
        raise Http404
    vote = votes[-1]
    vote.process, vote.siblings = phase.process, known
    return result_page(request, phase, vote)


def result_page(request: HttpRequest, phase: Phase, vote: Phase) -> HttpResponse:
    """Show the result of a vote on the page of a phase; staff see it before it is published."""
    kept = Allocation.objects.filter(phase=vote).first()
    page: dict[str, Any] = {
        **frame.phase_page(request, phase),
        "vote": vote,
        "is_public": vote.results_published_at is not None,
        "office_may": access.standing(request, vote, timezone.now()).may["publish_results"],
        "kept": kept,
    }
    if kept and _may_see(request, phase, vote):
        page |= _result(kept, vote)
    return render(request, "participation/budget/result.html", page)


def _may_see(request: HttpRequest, phase: Phase, vote: Phase) -> bool:
    """Return whether the asker may see the result of a vote on a page of a phase."""
    here = access.standing(request, phase, timezone.now())
    if here.refusal(Action.SEE_RESULTS):
        return False
    return vote.results_published_at is not None or access.may_see_drafts(request)


def _titles(vote: Phase) -> words.Titles:
    rows = Contribution.objects.filter(process=vote.process_id, kind="proposal").select_related("phase")
    return {each.number: each for each in rows.defer("text", "geometry", "check_note")}


def _is_small(told: Mapping[str, Any]) -> bool:
    """Return whether so few voted that counts would tell how somebody did."""
    return bool(told["voters"] < words.LEAST_SHOWN)


def _result(kept: Allocation, vote: Phase) -> dict[str, Any]:
    told, is_small, titles = kept.explanation, _is_small(kept.explanation), _titles(vote)
    by_shares, by_points = kept.rule["method"] == "equal-shares", kept.rule["utility"] == "points"
    won = [_won(each, titles, by_shares=by_shares, by_points=by_points) for each in told["won"]]
    satisfaction = told["satisfaction"]
    theirs = satisfaction["greedy_winners"]
    page = {
        **words.rule_page(vote),
        "told": told,
        "is_small": is_small,
        "won": won,
        "lost": [_lost(each, titles, by_points=by_points) for each in told["lost"]],
        "left": told["budget_cents"] - told["spent_cents"],
        "shares": words.how_shares_went(told) if by_shares and not is_small else [],
        "chart": _costs(won, told["budget_cents"] - told["spent_cents"]),
    }
    if is_small:
        return page
    same = set(theirs) == {each["proposal_id"] for each in told["won"]}
    return page | {
        "satisfaction": _satisfaction(satisfaction["by_number"]),
        "satisfaction_rows": _satisfaction_rows(satisfaction),
        "compared": "" if same else words.compared(satisfaction),
        "theirs": [words.title_of(each, titles) for each in theirs],
        "same": same,
    }


def _named(entry: Mapping[str, Any], titles: words.Titles, *, by_points: bool) -> dict[str, Any]:
    return {
        **entry,
        "number": int(entry["proposal_id"]),
        "row": titles.get(int(entry["proposal_id"])),
        "title": words.title_of(entry["proposal_id"], titles),
        "votes_text": words.votes(entry, by_points=by_points),
    }


def _won(
    entry: Mapping[str, Any], titles: words.Titles, *, by_shares: bool, by_points: bool
) -> dict[str, Any]:
    payment = entry.get("payment")
    return {
        **_named(entry, titles, by_points=by_points),
        "stage_label": words.STAGES[entry["stage"]] if by_shares else words.BY_VOTES,
        "paid": words.who_paid(payment, by_points=by_points) if payment else [],
    }


def _lost(entry: Mapping[str, Any], titles: words.Titles, *, by_points: bool) -> dict[str, Any]:
    return {**_named(entry, titles, by_points=by_points), "why": words.why_lost(entry, titles)}


# --- charts -------------------------------------------------------------------------------------
def _costs(won: list[dict[str, Any]], left_cents: int) -> Chart:
    points = [(each["title"], each["cost_cents"] / 100) for each in won]
    return Chart(
        title=gettext("What the winners cost, and what is left"),
        points=[*points, (gettext("not spent"), left_cents / 100)] if points else [],
        unit="€",
        label_heading=gettext("Proposal"),
        value_heading=gettext("Cost"),
    )


def _shown_count(count: int) -> int | None:
    """Return a count of people, None where they are so few that they might be recognised."""
    return count if count == 0 or count >= words.LEAST_SHOWN else None


def _satisfaction(counts: list[int]) -> Chart:
    return Chart(
        title=gettext("How many of the proposals they voted for people got"),
        points=[(str(number), _shown_count(count)) for number, count in enumerate(counts)],
        kind="column",
        label_heading=gettext("Winners that they voted for"),
        value_heading=gettext("People"),
        note=gettext("Fewer than five people are not counted out."),
    )


def _satisfaction_rows(told: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    """Return for each number of winners how many people got so many: by the rule, and by the most votes."""
    ours, theirs = told["by_number"], told["by_number_greedy"]
    length = max(len(ours), len(theirs))
    both = (each + [0] * (length - len(each)) for each in (ours, theirs))
    return [
        (number, words.people(here), words.people(there))
        for number, (here, there) in enumerate(zip(*both, strict=True))
    ]


# --- one proposal -------------------------------------------------------------------------------
@require_safe
def explained(request: HttpRequest, slug: str, number: int, key: int) -> HttpResponse:
    """Show why one proposal won or lost."""
    vote = access.visible_phase(request, slug, number)
    kept = Allocation.objects.filter(phase=vote).first()
    if kept is None or not _may_see(request, vote, vote):
        raise Http404
    told, titles = kept.explanation, _titles(vote)
    entry = next((each for each in [*told["won"], *told["lost"]] if int(each["proposal_id"]) == key), None)
    if entry is None:
        raise Http404
    by_shares, by_points = kept.rule["method"] == "equal-shares", kept.rule["utility"] == "points"
    has_won = "stage" in entry
    one = (
        _won(entry, titles, by_shares=by_shares, by_points=by_points)
        if has_won
        else _lost(entry, titles, by_points=by_points)
    )
    is_small = _is_small(told)
    page = {
        **frame.phase_page(request, vote),
        "one": one,
        "has_won": has_won,
        "is_small": is_small,
        "is_public": vote.results_published_at is not None,
        "method": METHODS[kept.rule["method"]],
        "chart": None if is_small else _chart_of(entry),
        "spent_on": [
            (
                int(each["proposal_id"]),
                words.title_of(each["proposal_id"], titles),
                words.amount(each["cents"]),
            )
            for each in ([] if is_small else entry.get("spent_on", []))
        ],
    }
    return render(request, "participation/budget/explained.html", page)


def _chart_of(entry: Mapping[str, Any]) -> Chart | None:
    """Return who paid for a winner, or what a loser was short of; None where shares played no part."""
    payment = entry.get("payment")
    if payment:
        groups = [
            (gettext("paid in full"), payment["in_full"]),
            (gettext("gave all they had left"), payment["all_they_had"]),
            (gettext("had nothing left"), payment["nothing"]),
        ]
        return Chart(
            title=gettext("Who paid for it"),
            points=[(label, _shown_count(count)) for label, count in groups],
            label_heading=gettext("Its supporters"),
            value_heading=gettext("People"),
            note=gettext("Fewer than five people are not counted out."),
        )
    if entry.get("reason") != "backers-short":
        return None
    return Chart(
        title=gettext("What its supporters were short of"),
        points=[
            (gettext("It costs"), entry["cost_cents"] / 100),
            (gettext("Its supporters had left"), round(entry["money_cents"] / 100, 2)),
            (gettext("Missing"), round(entry["missing_cents"] / 100, 2)),
        ],
        unit="€",
        label_heading=gettext("Money"),
        value_heading=gettext("Amount"),
    )


@require_safe
def pabulib_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Hand over the whole election as a Pabulib file, for everybody who wants to reckon it again.

    Where hardly anybody voted, only staff get it: ballots of so few are no secret any more.
    """
    vote = access.visible_phase(request, slug, number)
    kept = Allocation.objects.filter(phase=vote).first()
    if kept is None or not _may_see(request, vote, vote):
        raise Http404
    if _is_small(kept.explanation) and not access.may_see_drafts(request):
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{slug}.pb"'}
    return HttpResponse(kept.election, content_type="text/plain; charset=utf-8", headers=headers)


# --- the office ---------------------------------------------------------------------------------
@deciders
@require_POST
def reckon(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Begin to reckon the result, publish it or take it back, as the button says."""
    vote, now, person = access.visible_phase(request, slug, number), timezone.now(), person_of(request)
    access.standing(request, vote, now).check(Action.PUBLISH_RESULTS)
    try:
        match request.POST.get("step"):
            case "publish":
                allocating.publish(vote, person=person, now=now)
                messages.success(request, gettext("The result is public."))
            case "take-back":
                allocating.take_back(vote, person=person)
                messages.success(request, gettext("The result is not public any more."))
            case _:
                return redirect("jobs:job", allocating.start(vote, person=person, now=now).pk)
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    return redirect("participation:phase", slug, number)
