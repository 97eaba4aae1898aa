"""The office's pages that prepare a plan procedure: its period, and the documents that are laid out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.phase import PhaseState
from tandem.participation.forms.statements import DocumentForm, PeriodForm, period_initial
from tandem.participation.services import plan
from tandem.participation.views import frame
from tandem.participation.views.guards import form_page, planners


@planners
@form_page
def settings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Set the rule and the days of the period; show how it is reckoned."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    is_frozen = bool(phase.period) and phase.state(now) is not PhaseState.PLANNED
    kept = plan.with_region(plan.settings_of(phase))
    form = PeriodForm(request.POST or None, initial=period_initial(kept))
    if form.is_valid() and not is_frozen:
        try:
            plan.set_period(phase, form.settings(), person=person_of(request), now=now)
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("The period is set."))
            return redirect("participation:phase", slug, number)
    page = {**frame.phase_page(request, phase), "form": form, "is_frozen": is_frozen}
    return render(request, "participation/statements/settings.html", page)


@planners
@form_page
def documents(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Lay documents out."""
    phase, language = access.visible_phase(request, slug, number), get_language() or "en"
    rows = plan.current_documents(phase)
    known = [(each.key, pick(each.titles, language, default=each.filename)) for each in rows]
    form = DocumentForm(request.POST or None, request.FILES or None, known=known)
    if form.is_valid():
        given = form.cleaned_data
        plan.add_document(
            phase,
            content=given["file"].read(),
            filename=given["file"].name,
            media_type=given["file"].content_type or "application/octet-stream",
            person=person_of(request),
            now=timezone.now(),
            **{name: given[name] for name in ("kind", "titles", "key")},
        )
        messages.success(request, gettext("The document is laid out."))
        return redirect("participation:plan_documents", slug, number)
    page = {**frame.phase_page(request, phase), "form": form, "documents": phase.documents.all()}
    return render(request, "participation/statements/documents.html", page)
