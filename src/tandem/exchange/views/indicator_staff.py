"""The officers' pages of adopted indicators: describe one, enter, correct and remove values, upload them, open data."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tandem.accounts.access import person_of, staff
from tandem.core.errors import TandemError
from tandem.exchange.domain.indicator_values import LARGEST_BYTES
from tandem.exchange.domain.permissions import ALLOWED, ROOM, Duty
from tandem.exchange.forms.indicators import IndicatorForm, TableForm, ValueForm
from tandem.exchange.models import AdoptedIndicator
from tandem.exchange.services import indicator_data, indicators
from tandem.exchange.services.indicators import title_of
from tandem.exchange.views.asking import form_page, typed
from tandem.kit.spoken import language, spoken

officers = staff(ROOM, *ALLOWED[Duty.ADOPT])


def _form_page(
    request: HttpRequest, row: AdoptedIndicator, form: Any, heading: str, **more: Any
) -> HttpResponse:
    page = {
        "indicator": row,
        "indicator_title": title_of(row, language()),
        "form": form,
        "heading": heading,
        **more,
    }
    return render(request, "exchange/indicator_form.html", page, status=400 if form.errors else 200)


@officers
@form_page
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change how an indicator is measured here."""
    row = get_object_or_404(AdoptedIndicator, slug=slug)
    form = IndicatorForm(row, typed(request))
    if form.is_valid():
        indicators.describe(row, form.values(), person=person_of(request), now=timezone.now())
        messages.success(request, gettext("It is saved."))
        return redirect("exchange:indicator", slug)
    return _form_page(request, row, form, gettext("Describe the indicator"))


@officers
@form_page
def value(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Enter a value, or correct or remove one."""
    row = get_object_or_404(AdoptedIndicator, slug=slug)
    entered = get_object_or_404(row.values, pk=pk) if pk is not None else None
    if entered is not None and request.POST.get("step") == "remove":
        indicators.remove(entered, person=person_of(request))
        messages.success(request, gettext("The value is removed."))
        return redirect("exchange:indicator", slug)
    form = ValueForm(row.fields["unit"], entered, typed(request))
    if form.is_valid() and _entered(request, row, entered, form):
        if request.POST.get("then") == "again":
            return redirect("exchange:indicator_value_new", slug)
        return redirect("exchange:indicator", slug)
    heading = gettext("Correct a value") if entered else gettext("Enter a value")
    return _form_page(request, row, form, heading, may_remove=entered is not None, is_new=entered is None)


def _entered(request: HttpRequest, row: AdoptedIndicator, entered: Any, form: ValueForm) -> bool:
    """Enter or correct a value; put what is in the way into the form."""
    person, now = person_of(request), timezone.now()
    try:
        if entered is None:
            indicators.enter(row, person=person, now=now, **form.cleaned_data)
        else:
            indicators.correct(entered, person=person, now=now, **form.cleaned_data)
    except TandemError as error:
        form.add_error("on", spoken(error.sentence))
        return False
    messages.success(request, gettext("It is saved."))
    return True


@officers
@form_page
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in a file with values, and say what is wrong with each of its lines."""
    row = get_object_or_404(AdoptedIndicator, slug=slug)
    form = TableForm(typed(request), request.FILES or None)
    found: list[Any] = []
    if form.is_valid():
        try:
            changes, found = indicators.take_table(
                row,
                form.cleaned_data["file"].read(LARGEST_BYTES + 1),
                replace=form.cleaned_data["replace"],
                person=person_of(request),
                now=timezone.now(),
            )
        except indicators.BadTable as error:
            form.add_error("file", spoken(error.sentence))
            found = list(error.findings)
        else:
            _tell(request, changes, found)
            return redirect("exchange:indicator", slug)
    heading = gettext("Upload values")
    return _form_page(request, row, form, heading, found=found, files=True)


def _tell(request: HttpRequest, changes: Any, found: list[Any]) -> None:
    said = {
        "added": len(changes.added),
        "corrected": len(changes.corrected),
        "same": changes.same,
    }
    messages.success(
        request, gettext("Values added: %(added)s, corrected: %(corrected)s, known already: %(same)s.") % said
    )
    for each in found:
        messages.warning(request, spoken(each.message))


@officers
@require_POST
def offer(request: HttpRequest) -> HttpResponse:
    """Offer the values of all live indicators to the catalogue."""
    try:
        indicator_data.offer(person=person_of(request), now=timezone.now())
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
    else:
        messages.success(
            request, gettext("The catalogue has it. It is brought up to date every day from now on.")
        )
    return redirect(reverse("exchange:indicators"))
