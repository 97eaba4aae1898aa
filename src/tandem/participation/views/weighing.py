"""The office's page of one statement: cut into segments, weighed, decided; and what is done with many at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.kit.numbers import typed_number
from tandem.kit.spoken import spoken
from tandem.participation import access, labels
from tandem.participation.domain.phase import Action
from tandem.participation.domain.segments import by_sentence
from tandem.participation.domain.statement import Outcome, State, Step, check, state_of
from tandem.participation.forms.statements import OUTCOMES, DecisionForm, WeighForm
from tandem.participation.models import PlanStatement
from tandem.participation.services import statements, weighing
from tandem.participation.views import frame
from tandem.participation.views.guards import deciders, form_page, readers

NOWHERE = -1  # no segment, and no place to cut


@readers
@form_page
def statement(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Show a statement with its segments; take a step with it, as the button says."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    row, wrong = statements.by_number(phase, key), None
    if request.method == "POST":
        access.standing(request, phase, now).check(Action.WEIGH)
        try:
            wrong = _step(request, row, now)
        except TandemError as error:
            messages.error(request, spoken(error.sentence))
        if wrong is None:
            return redirect("participation:statement", slug, number, key)
    value = weighing.value_of(row)
    tone, label = labels.STATEMENT_STATE[state_of(value)]
    page = {
        **frame.phase_page(request, phase),
        "row": row,
        "tone": tone,
        "label": label,
        "channel": labels.CHANNEL[row.channel],
        "segments": [_segment(row, each, position, wrong) for position, each in enumerate(value.segments)],
        "attachments": row.attachments.all(),
        "model_url": row.model if row.model and row.model != row.number else "",
        "is_model": bool(row.model) and row.model == row.number,
        "may_reply": state_of(value) is State.DECIDED,
        "decision_form": DecisionForm(),
    }
    return render(request, "participation/statements/statement.html", page, status=400 if wrong else 200)


def _segment(
    row: PlanStatement, each: Any, position: int, wrong: tuple[int, WeighForm] | None
) -> dict[str, Any]:
    initial = {"outcome": each.weighing.outcome, "reasons": each.weighing.reasons} if each.weighing else {}
    form = wrong[1] if wrong and wrong[0] == position else WeighForm(initial=initial, prefix=f"s{position}")
    return {
        "position": position,
        "start": each.span.start,
        "text": row.text[each.span.start : each.span.end],
        "places": [
            (
                each.span.start + span.start,
                row.text[each.span.start + span.start : each.span.start + span.end],
            )
            for span in by_sentence(row.text[each.span.start : each.span.end]).spans[1:]
        ],
        "weighing": each.weighing,
        "outcome": OUTCOMES[each.weighing.outcome] if each.weighing else "",
        "decision": each.decision,
        "decided": OUTCOMES[each.decision.outcome] if each.decision else "",
        "form": form,
    }


def _step(request: HttpRequest, row: PlanStatement, now: Any) -> tuple[int, WeighForm] | None:
    """Take the step that a button names; return the form of a segment where it is filled in wrongly."""
    step, person = request.POST.get("step", ""), person_of(request)
    at = typed_number(request.POST.get("at", ""), otherwise=NOWHERE)
    match step:
        case "begin":
            weighing.begin(row)
        case "cut" | "join":
            weighing.cut(row, at, together=step == "join")
        case "weigh":
            check(weighing.value_of(row), Step.WEIGH, at)
            form = WeighForm(request.POST, prefix=f"s{at}")
            if not form.is_valid():
                return at, form
            given = form.cleaned_data
            outcome = Outcome(given["outcome"])
            weighing.weigh(row, at, outcome=outcome, reasons=given["reasons"], person=person, now=now)
        case "like-model":
            weighing.weigh_like_model(row.phase, row.number, person=person)
        case "reopen":
            weighing.reopen(row, at, person=person)
    return None


@deciders
@require_POST
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Decide what is weighed as it was proposed: of one statement, or of all."""
    phase = access.visible_phase(request, slug, number)
    access.standing(request, phase, timezone.now()).check(Action.WEIGH)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Say who decided, and when. Nothing was changed."))
        return redirect("participation:statements", slug, number)
    only = statements.by_number(phase, request.POST["only"]).number if request.POST.get("only") else ""
    count = weighing.decide_as_proposed(phase, **form.cleaned_data, person=person_of(request), only=only)
    messages.success(request, gettext("%(count)s points are decided.") % {"count": count})
    if only:
        return redirect("participation:statement", slug, number, only)
    return redirect("participation:statements", slug, number)


@deciders
@require_POST
def group(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Find the letters that many have sent."""
    phase = access.visible_phase(request, slug, number)
    count = weighing.group(phase, person=person_of(request))
    messages.success(request, gettext("%(count)s groups of equal letters were found.") % {"count": count})
    return redirect("participation:statements", slug, number)
