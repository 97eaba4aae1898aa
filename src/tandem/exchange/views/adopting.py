"""Adopt a measure: what would be made, what is missing, what is in the way, and then to make it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.core.findings import Finding, Severity
from tandem.core.part_values import errors
from tandem.core.text import pick
from tandem.exchange import access
from tandem.exchange.domain import planning
from tandem.exchange.domain.lifecycle import Status
from tandem.exchange.domain.planning import AdoptionPlan, Course
from tandem.exchange.forms.adopting import InputsForm
from tandem.exchange.models import Measure, MeasureVersion
from tandem.exchange.services import acting_here, adopting, adoption_steps, adoptions, partner_bundles
from tandem.exchange.services.acting import Acting
from tandem.exchange.services.browsing import city_name, title_of
from tandem.exchange.services.ledger import standing_row
from tandem.exchange.services.stored import FileMissing
from tandem.exchange.views.adoption_frame import adopters, kind_of, said
from tandem.exchange.views.asking import form_page, typed
from tandem.kit.spoken import language

_TOLD_BY_THE_FORM = "core.part.missing-input"


@adopters
@require_safe
def adopt(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead on to the plan of a measure's newest version, or to its adoption."""
    measure = _partners_or_404(slug)
    row = standing_row(measure.iri)
    newest = partner_bundles.newest(list(measure.versions.all()))
    if newest is None:
        messages.error(request, gettext("There is no version of this measure to adopt yet."))
        return redirect("exchange:measure", slug)
    if row is None:
        return redirect("exchange:adopt_version", slug, newest.number)
    if adoptions.newer_versions(row, [newest]):
        return redirect("exchange:adoption_update", row.pk, newest.number)
    return redirect("exchange:adoption", row.pk)


def _partners_or_404(slug: str) -> Measure:
    measure = Measure.objects.filter(slug=slug).first()
    if measure is None or access.is_ours(measure):
        raise Http404
    return measure


def version_or_404(measure: Measure, number: str) -> MeasureVersion:
    """Return a version of a partner's measure that may be taken over.

    Raises:
        Http404: There is none, or the partner has withdrawn its measure.
    """
    version = measure.versions.filter(number=number).select_related("measure").first()
    if version is None or measure.status != Status.PUBLISHED:
        raise Http404
    return version


def _page(measure: Measure, version: MeasureVersion) -> dict[str, Any]:
    return {
        "measure": measure,
        "measure_title": title_of(measure, language()),
        "version": version,
        "city": city_name(measure.city, language()),
    }


# --- the bundle comes first -----------------------------------------------------------------------
def fetch(request: HttpRequest, version: MeasureVersion, back: Any) -> HttpResponse:
    """Show that a version's bundle is not here yet, and fetch it when asked to."""
    problem, status = "", 200
    if request.method == "POST":
        try:
            partner_bundles.fetched(version, person=person_of(request), now=timezone.now())
        except TandemError as error:
            problem, status = said(error), error.http_status
        else:
            messages.success(request, gettext("The bundle is here, and it is genuine."))
            return redirect(request.get_full_path())
    page = {**_page(version.measure, version), "problem": problem, "back": back}
    return render(request, "exchange/adopt_fetch.html", page, status=status)


# --- plan and adopt -------------------------------------------------------------------------------
@adopters
@form_page
def plan(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Say what adopting a version would do, take what is to be filled in, and adopt it."""
    measure = _partners_or_404(slug)
    version = version_or_404(measure, number)
    if not version.stored:
        return fetch(request, version, measure.slug)
    acting = acting_here.acting(person_of(request), now=timezone.now())
    page = _page(measure, version)
    try:
        offered = partner_bundles.offered(version)
    except TandemError as error:
        status = error.http_status if isinstance(error, FileMissing) else 409
        return render(request, "exchange/adopt.html", {**page, "problem": said(error)}, status=status)
    form = InputsForm(typed(request), inputs=offered.declared, profile=acting.profile, language=language())
    left_out = request.POST.getlist("left_out")
    form.is_valid()
    problem = _adopted(request, offered, form, left_out) if request.POST.get("then") == "adopt" else None
    if isinstance(problem, HttpResponse):
        return problem
    page |= _planned(acting, offered, form, left_out)
    page["problem"] = "" if form.errors else problem or page["problem"]
    if page["course"] in {Course.SAME, Course.UPDATE}:
        return redirect("exchange:adopt", slug)
    status = 400 if form.errors else 409 if problem else 200
    return render(request, "exchange/adopt.html", page, status=status)


def _adopted(
    request: HttpRequest, offered: planning.MeasureVersion, form: InputsForm, left_out: Sequence[str]
) -> HttpResponse | str | None:
    """Adopt a version and lead to its adoption; return what is in the way where it cannot be."""
    if form.errors:
        return None
    try:
        outcome = adoption_steps.adopt(
            offered, form.given(), left_out=left_out, person=person_of(request), now=timezone.now()
        )
    except planning.NotReady:
        return gettext("It was not adopted: something is in the way. What you typed is still here.")
    except TandemError as error:
        return said(error)
    if outcome.changed:
        text = gettext("It is adopted: the drafts are made. Have each part signed off, then put it to use.")
        messages.success(request, text)
    else:
        messages.info(request, gettext("It was adopted already."))
    return redirect("exchange:adoption", outcome.adoption.id)


def _planned(
    acting: Acting, offered: planning.MeasureVersion, form: InputsForm, left_out: Sequence[str]
) -> dict[str, Any]:
    """Return what the page says of the plan; with a form that was only looked at, nothing is wrong yet."""
    try:
        planned = adopting.plan_adoption(acting, offered, form.given(), left_out=left_out)
    except TandemError as error:
        return {"form": form, "problem": said(error), "course": Course.NEW, "parts": [], "findings": []}
    others = form.blame(planned.findings)
    others = [each for each in others if each.code != _TOLD_BY_THE_FORM]
    keys = {part.key for part in offered.parts}
    return {
        "form": form,
        "problem": "",
        "course": planned.course,
        "missing": _missing(planned),
        "parts": [_part(offered, each, others) for each in planned.parts],
        "findings": [each for each in others if each.path.partition("#")[0] not in keys],
        "is_ready": not errors(others) and not form.errors,
        "was_planned": form.is_bound,
    }


def _missing(planned: AdoptionPlan) -> int:
    return sum(each.code == "exchange.inputs.missing" for each in planned.findings)


def _part(
    offered: planning.MeasureVersion, planned: planning.PlannedPart, findings: Sequence[Finding]
) -> dict[str, Any]:
    part = next(each for each in offered.parts if each.key == planned.key)
    own = [each for each in findings if each.path.partition("#")[0] == planned.key]
    return {
        "key": planned.key,
        "title": pick(part.titles, language(), default=part.key),
        "kind": kind_of(planned.key),
        "steps": [each.says for each in planned.steps],
        "left_out": planned.left_out,
        "findings": [
            {"path": each.path.partition("#")[2], "message": each.message, "severity": each.severity.value}
            for each in sorted(own, key=lambda each: list(Severity).index(each.severity))
        ],
    }
