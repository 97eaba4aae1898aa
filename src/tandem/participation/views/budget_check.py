"""The phase in which the office checks proposals: what they cost, whether they can be done."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.findings import Finding
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.adapters import sheets
from tandem.participation.domain.check_table import read_checked
from tandem.participation.domain.phase import Action
from tandem.participation.forms.budget import CheckForm, CheckTableForm, check_initial
from tandem.participation.models import Contribution, Phase
from tandem.participation.services import checking
from tandem.participation.views import frame
from tandem.participation.views.guards import deciders, form_page

PER_PAGE = 50
STATES = {
    "open": gettext_lazy("not checked"),
    "yes": gettext_lazy("can be done"),
    "no": gettext_lazy("cannot be done"),
}
_FEASIBLE = {"open": None, "yes": True, "no": False}
_TONES = {None: ("open", "neutral"), True: ("yes", "success"), False: ("no", "warning")}


def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show the proposals with what the office found."""
    rows, wanted = checking.to_check(phase), request.GET.get("state", "")
    if wanted in _FEASIBLE:
        rows = rows.filter(feasible=_FEASIBLE[wanted])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        **frame.phase_page(request, phase),
        "page": page,
        "rows": [(each, *state_of(each)) for each in page.object_list],
        "states": [(key, label, key == wanted) for key, label in STATES.items()],
    }
    return render(request, "participation/budget/check.html", shown)


def state_of(row: Contribution) -> tuple[str, str]:
    """Return the tone and the words of what the office found."""
    key, tone = _TONES[row.feasible]
    return tone, str(STATES[key])


@deciders
@form_page
def check(request: HttpRequest, slug: str, number: int, key: int) -> HttpResponse:
    """Say what a proposal costs and whether it can be done."""
    phase, now = _checkable(request, slug, number), timezone.now()
    row = checking.to_check(phase).filter(number=key).first()
    if row is None:
        raise Http404
    initial = check_initial(row.feasible, row.cost_cents, row.check_note)
    form = CheckForm(request.POST or None, initial=initial)
    if form.is_valid():
        checking.check(row, **form.values(), phase=phase, person=person_of(request), now=now)
        messages.success(request, gettext("It is saved."))
        return redirect("participation:phase", slug, number)
    page = {**frame.phase_page(request, phase), "row": row, "form": form}
    return render(request, "participation/budget/check_one.html", page, status=400 if form.errors else 200)


def _checkable(request: HttpRequest, slug: str, number: int) -> Phase:
    """Return a phase in which the asker may check proposals now.

    Raises:
        TandemError: They may not, or not now.
    """
    phase = access.visible_phase(request, slug, number)
    access.standing(request, phase, timezone.now()).check(Action.CHECK)
    return phase


@deciders
@form_page
def table(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take in a table with what the office found about many proposals."""
    phase = _checkable(request, slug, number)
    form = CheckTableForm(request.POST or None, request.FILES or None)
    findings: list[Finding] = []
    if form.is_valid():
        findings = _taken_in(request, phase, form)
        if not (findings or form.errors):
            return redirect("participation:phase", slug, number)
    page = {**frame.phase_page(request, phase), "form": form, "findings": findings}
    is_wrong = bool(findings or form.errors)
    return render(request, "participation/budget/check_table.html", page, status=400 if is_wrong else 200)


def _taken_in(request: HttpRequest, phase: Phase, form: CheckTableForm) -> list[Finding]:
    """Keep what a table says; return the rows that cannot be used."""
    try:
        read = read_checked(
            (each.line, each.cells) for each in sheets.read_sheet(form.cleaned_data["file"].read())
        )
        changed, refused = checking.check_many(
            phase, read.rows, person=person_of(request), now=timezone.now()
        )
    except TandemError as error:
        form.add_error("file", spoken(error.sentence))
        return []
    text = ngettext("%(count)s proposal was changed.", "%(count)s proposals were changed.", changed)
    messages.success(request, text % {"count": changed})
    return [*read.findings, *refused]


@deciders
@require_safe
def table_file(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponseBase:
    """Hand the proposals over as a table to fill in."""
    phase = _checkable(request, slug, number)
    if kind not in {"xlsx", "csv"}:
        raise Http404
    heads = [gettext("Number"), gettext("Title"), gettext("Feasible"), gettext("Cost"), gettext("Note")]
    words = {None: "", True: gettext("yes"), False: gettext("no")}
    rows = (
        (
            each.number,
            each.title,
            words[each.feasible],
            None if each.cost_cents is None else each.cost_cents / 100,
            each.check_note,
        )
        for each in checking.to_check(phase).iterator()
    )
    return StreamingHttpResponse(
        sheets.export(kind, heads, rows, title=gettext("Proposals")),
        content_type=sheets.MEDIA_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{slug}-proposals.{kind}"'},
    )
