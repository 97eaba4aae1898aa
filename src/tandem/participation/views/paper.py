"""Staff enter ideas and proposals that came on paper, by telephone or at the counter."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.adapters.sheets import read_sheet
from tandem.participation.domain.paper import PaperContribution, PaperImport, read_paper
from tandem.participation.domain.phase import Action
from tandem.participation.forms.ideas import PaperForm, SheetForm
from tandem.participation.models import Phase
from tandem.participation.services import ideas
from tandem.participation.views import frame
from tandem.participation.views.guards import form_page, recorders
from tandem.participation.views.ideas import settings_of, words


@recorders
@form_page
def record(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Enter one contribution, or a table of them."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.RECORD_PAPER)
    is_table = "file" in request.FILES or request.POST.get("what") == "table"
    form = PaperForm(None if is_table else request.POST or None, settings=settings_of(phase))
    sheet = SheetForm(request.POST if is_table else None, request.FILES if is_table else None)
    read = PaperImport()
    if form.is_valid():
        given = form.cleaned_data
        rows = [PaperContribution(line=1, **given)]
        return _taken(request, phase, rows, now)
    if sheet.is_valid():
        try:
            lines = ((each.line, each.cells) for each in read_sheet(sheet.cleaned_data["file"].read()))
            read = read_paper(lines, today=timezone.localdate())
        except TandemError as error:
            sheet.add_error("file", spoken(error.sentence))
        else:
            if read.contributions and not (read.findings and "despite" not in request.POST):
                return _taken(request, phase, read.contributions, now)
    page = {
        **frame.phase_page(request, phase),
        "words": words(phase),
        "form": form,
        "sheet": sheet,
        "read": read,
    }
    return render(request, "participation/ideas/paper.html", page)


def _taken(request: HttpRequest, phase: Phase, rows: list[PaperContribution], now: Any) -> HttpResponse:
    made = ideas.record(phase, rows, person=person_of(request), language=get_language() or "en", now=now)
    text = ngettext("%(number)s contribution is entered.", "%(number)s contributions are entered.", len(made))
    messages.success(request, text % {"number": len(made)})
    return redirect("participation:phase", phase.process.slug, phase.number)
