"""The phase in which the office checks proposals: what they cost, whether they can be done."""

from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from tandem.accounts.access import person_of, staff
from tandem.participation import access
from tandem.participation.domain.permissions import ALLOWED, ROOM, Duty
from tandem.participation.domain.phase import Action
from tandem.participation.forms.budget import CheckForm
from tandem.participation.models import Contribution, Phase
from tandem.participation.services import checking
from tandem.participation.views import frame

checkers = staff(ROOM, *ALLOWED[Duty.DECIDE])
PER_PAGE = 50
STATES = {
    "open": gettext_lazy("not checked"),
    "yes": gettext_lazy("can be done"),
    "no": gettext_lazy("cannot be done"),
}
_FEASIBLE = {"open": None, "yes": True, "no": False}


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show the proposals with what the office found."""
    rows = Contribution.objects.filter(
        process=phase.process_id, kind="proposal", hidden_at=None, withdrawn_at=None
    ).select_related("phase")
    wanted = request.GET.get("state", "")
    if wanted in _FEASIBLE:
        rows = rows.filter(feasible=_FEASIBLE[wanted])
    page = Paginator(rows.order_by("number"), PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        **frame.phase_page(request, phase),
        "page": page,
        "rows": [(each, *_state_of(each)) for each in page.object_list],
        "states": [(key, label, key == wanted) for key, label in STATES.items()],
    }
    return render(request, "participation/budget/check.html", shown)


def _state_of(row: Contribution) -> tuple[str, str]:
    key, tone = {None: ("open", "neutral"), True: ("yes", "success"), False: ("no", "warning")}[row.feasible]
    return tone, str(STATES[key])


@checkers
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str, number: int, key: int) -> HttpResponse:
    """Say what a proposal costs and whether it can be done."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.CHECK)
    row = Contribution.objects.filter(process=phase.process_id, kind="proposal", number=key).first()
    if row is None:
        raise Http404
    known = {None: "", True: "yes", False: "no"}[row.feasible]
    cost = Decimal(row.cost_cents) / 100 if row.cost_cents is not None else None
    form = CheckForm(request.POST or None, initial={"feasible": known, "cost": cost, "note": row.check_note})
    if form.is_valid():
        given = form.cleaned_data
        checking.check(
            row,
            feasible=given["feasible"],
            cost_cents=int(given["cost"] * 100) if given["cost"] is not None else None,
            note=given["note"],
            phase=phase,
            person=person_of(request),
            now=now,
        )
        messages.success(request, gettext("It is saved."))
        return redirect("participation:phase", slug, number)
    return render(
        request,
        "participation/budget/check_one.html",
        {**frame.phase_page(request, phase), "row": row, "form": form},
    )
