"""Take in a partner's bundle that somebody brings, and look after those that wait for their key."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.text import pick
from tandem.exchange.domain.bundle import BundleRefused
from tandem.exchange.forms.adoptions import BundleForm
from tandem.exchange.models import MeasureVersion, WaitingBundle
from tandem.exchange.services import partner_bundles
from tandem.exchange.services.browsing import city_name
from tandem.exchange.services.partner_bundles import KeyNotCompared
from tandem.exchange.views.adoption_frame import adopters, said
from tandem.exchange.views.asking import form_page
from tandem.exchange.views.fingerprints import begin_of
from tandem.kit.numbers import typed_number
from tandem.kit.spoken import language

MOST_WAITING = 100


@adopters
@form_page
def take_in(request: HttpRequest) -> HttpResponse:
    """Take in a bundle, or say what is wrong with it; show the bundles that wait."""
    is_sent = request.method == "POST"
    if is_sent and (chosen := request.POST.get("again") or request.POST.get("discard")):
        return _waiting(request, chosen)
    form = BundleForm(request.POST, request.FILES) if is_sent else BundleForm()
    findings: Any = ()
    problem, status = "", 400 if form.errors else 200
    if form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            version = partner_bundles.take_in(data, person=person_of(request), now=timezone.now())
        except BundleRefused as refused:
            findings, status = refused.findings, 400
        except KeyNotCompared as waits:
            messages.warning(request, said(waits))
            return redirect("exchange:take_in")
        except TandemError as error:
            problem, status = said(error), error.http_status
        else:
            return _taken(request, version)
    rows = WaitingBundle.objects.select_related("brought_by")[:MOST_WAITING]
    page = {"form": form, "findings": findings, "problem": problem, "waiting": [_row(row) for row in rows]}
    return render(request, "exchange/take_in.html", page, status=status)


def _taken(request: HttpRequest, version: MeasureVersion) -> HttpResponse:
    messages.success(request, gettext("The bundle is genuine, and is taken in."))
    return redirect("exchange:measure", version.measure.slug)


def _waiting(request: HttpRequest, chosen: str) -> HttpResponse:
    row = get_object_or_404(WaitingBundle, pk=typed_number(chosen, otherwise=0))
    person = person_of(request)
    if "discard" in request.POST:
        partner_bundles.discard(row, person=person)
        messages.success(request, gettext("The bundle is thrown away."))
        return redirect("exchange:take_in")
    try:
        return _taken(request, partner_bundles.try_again(row, person=person, now=timezone.now()))
    except TandemError as error:
        messages.error(request, said(error))
    return redirect("exchange:take_in")


def _row(row: WaitingBundle) -> dict[str, Any]:
    return {
        "row": row,
        "title": pick(row.titles, language(), default=row.measure),
        "city": city_name(row.city, language()),
        "groups": begin_of(row.fingerprint),
        "by": str(row.brought_by) if row.brought_by else "",
    }
