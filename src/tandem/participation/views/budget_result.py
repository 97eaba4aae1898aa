"""The result of a budget vote: what the money is spent on, who paid for what, and why the others lost."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.kit.charts import Chart
from tandem.kit.numbers import euros, figure
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.permissions import ALLOWED, ROOM, Duty
from tandem.participation.domain.phase import Action, PhaseKind
from tandem.participation.models import Allocation, Contribution, Phase
from tandem.participation.services import allocating
from tandem.participation.views import frame

deciders = staff(ROOM, *ALLOWED[Duty.DECIDE])
STAGES: Mapping[str, str | Promise] = {
    "free": gettext_lazy("costs nothing"),
    "equal-shares": gettext_lazy("paid for by its supporters"),
    "greedy": gettext_lazy("from the money that was left"),
}
LEAST_SHOWN = 5


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show the result in the phase of results."""
    vote = phase.process.phases.filter(kind=PhaseKind.BUDGET_VOTE, number__lt=phase.number).last()
    if vote is None:
        raise Http404
    vote.process = phase.process
    return result_page(request, phase, vote)


def result_page(request: HttpRequest, phase: Phase, vote: Phase) -> HttpResponse:
    """Show the result of a vote on the page of a phase; staff see it before it is published."""
    kept = Allocation.objects.filter(phase=vote).first()
    is_public = vote.results_published_at is not None
    staff_sees = access.may_see_drafts(request)
    page: dict[str, Any] = {
        **frame.phase_page(request, phase),
        "vote": vote,
        "is_public": is_public,
        "may_decide": access.may_decide(request),
        "kept": kept,
    }
    if kept and (is_public or staff_sees):
        page |= _result(kept, vote)
    return render(request, "participation/budget/result.html", page)


def _result(kept: Allocation, vote: Phase) -> dict[str, Any]:
    told = kept.explanation
    titles = {
        str(each.number): each
        for each in Contribution.objects.filter(process=vote.process_id, kind="proposal").select_related(
            "phase"
        )
    }
    won = [_won(each, titles) for each in told["won"]]
    return {
        "told": told,
        "won": won,
        "lost": [_lost(each, titles) for each in told["lost"]],
        "share": euros(round(float(told["final_share_cents"]))),
        "first_share": euros(round(float(told["share_cents"]))),
        "left": told["budget_cents"] - told["spent_cents"],
        "chart": Chart(
            title=gettext("What the winners cost"),
            points=[(each["title"], each["cost_cents"] / 100) for each in won],
            unit="€",
            label_heading=gettext("Proposal"),
            value_heading=gettext("Cost"),
        ),
        "satisfaction": _satisfaction(told["satisfaction"]),
        "comparison": told["satisfaction"],
        "equal_shares": kept.rule["method"] == "equal-shares",
    }


def _named(entry: Mapping[str, Any], titles: Mapping[str, Contribution]) -> dict[str, Any]:
    row = titles.get(entry["proposal_id"])
    return {**entry, "row": row, "title": row.title if row else entry["proposal_id"]}


def _won(entry: Mapping[str, Any], titles: Mapping[str, Contribution]) -> dict[str, Any]:
    payment = entry.get("payment")
    return {
        **_named(entry, titles),
        "stage_label": STAGES[entry["stage"]],
        "paid": _paid(payment) if payment else "",
        "votes_text": figure(float(entry["votes"])),
    }


def _paid(payment: Mapping[str, Any]) -> str:
    """Return in a sentence who paid for a winner. Small groups are not counted out."""
    full = euros(round(float(payment["full_cents"])))
    said = [
        gettext("%(count)s supporters paid %(amount)s each.")
        % {"count": figure(payment["in_full"]), "amount": full}
    ]
    if payment["all_they_had"] >= LEAST_SHOWN:
        text = gettext("%(count)s had less left and gave all of it.")
        said.append(text % {"count": figure(payment["all_they_had"])})
    if payment["nothing"] >= LEAST_SHOWN:
        text = gettext("%(count)s had nothing left: their money had gone to other winners of theirs.")
        said.append(text % {"count": figure(payment["nothing"])})
    return " ".join(said)


def _lost(entry: Mapping[str, Any], titles: Mapping[str, Contribution]) -> dict[str, Any]:
    return {**_named(entry, titles), "why": _why(entry, titles), "votes_text": figure(float(entry["votes"]))}


def _why(entry: Mapping[str, Any], titles: Mapping[str, Contribution]) -> str:
    """Return in a sentence or two why a proposal lost."""
    match entry["reason"]:
        case "no-votes":
            return gettext("Nobody voted for it.")
        case "too-few-votes":
            return gettext("It had fewer votes than the rule asks for.")
        case "does-not-fit":
            return gettext("It costs more than was left of the budget: %(left)s.") % {
                "left": euros(entry["budget_left_cents"])
            }
    spent = ", ".join(
        titles[each["proposal_id"]].title for each in entry["spent_on"] if each["proposal_id"] in titles
    )
    missing = euros(round(entry["missing_cents"]))
    text = gettext("Its supporters were %(missing)s short of its cost.") % {"missing": missing}
    return (
        f"{text} {gettext('Most of their money had gone to: %(spent)s.') % {'spent': spent}}"
        if spent
        else text
    )


def _satisfaction(told: Mapping[str, Any]) -> Chart | None:
    counts = told["by_number"]
    if not counts:
        return None
    return Chart(
        title=gettext("How many of the proposals they voted for people got"),
        points=[(str(number), count) for number, count in enumerate(counts)],
        kind="column",
        label_heading=gettext("Winners that they voted for"),
        value_heading=gettext("People"),
    )


@require_safe
def pabulib_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Hand over the whole election as a Pabulib file, for everybody who wants to reckon it again."""
    vote = access.visible_phase(request, slug, number)
    kept = Allocation.objects.filter(phase=vote).first()
    if kept is None or not (vote.results_published_at or access.may_see_drafts(request)):
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{slug}.pb"'}
    return HttpResponse(kept.election, content_type="text/plain; charset=utf-8", headers=headers)


@deciders
@require_POST
def reckon(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Begin to reckon the result, or publish it, as the button says."""
    vote, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, vote, now).check(Action.PUBLISH_RESULTS)
    if request.POST.get("step") == "publish":
        try:
            allocating.publish(vote, person=person_of(request), now=now)
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
        else:
            messages.success(request, gettext("The result is public."))
        return redirect("participation:phase", slug, number)
    job = allocating.start(vote, person=person_of(request))
    return redirect("jobs:job", job.pk)
