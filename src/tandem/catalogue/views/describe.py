"""The officer's pages that describe a dataset and its files, and lead it through review."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tandem.accounts.access import person_of
from tandem.catalogue import access
from tandem.catalogue.domain import completeness
from tandem.catalogue.domain.completeness import Need
from tandem.catalogue.domain.description import DatasetDescription, DistributionDescription, from_json
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.validation import check_dataset
from tandem.catalogue.forms import FIELD_NAMES, AddressForm, NoteForm, SendBackForm
from tandem.catalogue.forms_describe import DescribeForm, DistributionForm
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import assessing, datasets, derived, distributions, history, publishing
from tandem.catalogue.services.publishing import Incomplete
from tandem.catalogue.views import describing
from tandem.catalogue.views.points import points_of
from tandem.catalogue.views.staff import editors, own_or_404, publishers, steps_of, title_of
from tandem.core.errors import TandemError
from tandem.kit.installation import config
from tandem.kit.spoken import spoken


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what a dataset is, with the worth of each answer beside it."""
    dataset = own_or_404(slug)
    form = _form(request, dataset)
    if form.is_valid():
        person, now = person_of(request), timezone.now()
        datasets.describe(dataset, form.description(), person=person, now=now)
        messages.success(request, gettext("The description is saved."))
        then = request.POST.get("then", "")
        return redirect(_THEN.get(then, "catalogue:edit"), slug)
    page = {
        "dataset": dataset,
        "dataset_title": title_of(dataset),
        "form": form,
        "steps": steps_of(dataset),
        "may_publish": access.may_publish(request),
        "in_review": dataset.status == Status.REVIEW,
        "sent_back": history.latest_note(dataset.iri) if dataset.status == Status.DRAFT else None,
        "check_url": reverse("catalogue:check", args=[slug]),
        **_verdict(form.described),
    }
    return render(request, "catalogue/edit.html", page)


_THEN = {"publish": "catalogue:publish", "submit": "catalogue:submit"}


def _form(request: HttpRequest, dataset: Dataset) -> DescribeForm:
    described = datasets.description_of(dataset)
    return DescribeForm(
        request.POST or None,
        described=described,
        offered=describing.offered(),
        assessment=assessing.assessment_of(described),
        needs=completeness.needs(config().catalogue.profile),
        missing=datasets.missing_of(described),
        derived=derived.derived_of(dataset),
    )


def _verdict(described: DatasetDescription) -> dict[str, Any]:
    """Return what a page says of a description: its points, what is missing, what is wrong."""
    missing = datasets.missing_of(described)
    found = check_dataset(described, profile=config().catalogue.profile)
    return {
        "quality": points_of(described),
        "demanded": [str(FIELD_NAMES[name]) for name, need in missing.items() if need is Need.MANDATORY],
        "findings": describing.with_places(found),
    }


@editors
@require_POST
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what would be found if the form were saved as it is now. Nothing is saved."""
    form = _form(request, own_or_404(slug))
    form.full_clean()
    return render(request, "catalogue/parts/verdict.html", {**_verdict(form.description()), "live": True})


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def edit_file(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Ask what one file or address of a dataset is."""
    dataset = own_or_404(slug)
    row = get_object_or_404(Distribution, dataset=dataset, position=position)
    described = from_json(DistributionDescription, row.description)
    form = DistributionForm(
        request.POST or None,
        described=described,
        offered=describing.offered(),
        is_file=row.current_id is not None,
    )
    if form.is_valid():
        person, now = person_of(request), timezone.now()
        distributions.describe_file(row, form.description(), person=person, now=now)
        messages.success(request, gettext("The description is saved."))
        return redirect("catalogue:dataset", slug)
    page = {
        "form": form,
        "heading": gettext("Describe the file"),
        "parent_title": title_of(dataset),
        "parent_url": reverse("catalogue:dataset", args=[slug]),
        "back_url": reverse("catalogue:dataset", args=[slug]),
        "keep_key": f"distribution-{row.pk}",
    }
    return render(request, "catalogue/describe.html", page)


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def add_address(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an address where the data can be got, instead of a file."""
    dataset = own_or_404(slug)
    form = AddressForm(request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        row = distributions.add_address(
            dataset,
            title=values["title"],
            access_url=values["access_url"],
            person=person_of(request),
            now=timezone.now(),
        )
        return redirect("catalogue:edit_file", slug, row.position)
    return _confirm(request, dataset, form, gettext("Add an address"), gettext("Add it"), "")


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a description to be reviewed, with a note for whoever does."""
    dataset = own_or_404(slug)
    form = NoteForm(request.POST or None)
    missing = datasets.missing_of(datasets.description_of(dataset))
    if form.is_valid():
        try:
            publishing.submit(
                dataset,
                note=form.cleaned_data["note"],
                person=person_of(request),
                now=timezone.now(),
            )
        except TandemError as error:
            messages.error(request, _said(error))
            return redirect("catalogue:dataset", slug)
        messages.success(request, gettext("It is waiting to be reviewed."))
        return redirect("catalogue:dataset", slug)
    explanation = gettext("A colleague reads the description and publishes it, or sends it back with a note.")
    more = {
        "missing": [FIELD_NAMES[name] for name, need in missing.items() if need is Need.MANDATORY],
        "advice": [FIELD_NAMES[name] for name, need in missing.items() if need is Need.RECOMMENDED],
    }
    heading, button = gettext("Give to review"), gettext("Give it to review")
    return _confirm(request, dataset, form, heading, button, explanation, **more)


@publishers
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a description back to its authors, with what is to be changed."""
    dataset = own_or_404(slug)
    form = SendBackForm(request.POST or None)
    if form.is_valid():
        try:
            publishing.send_back(
                dataset,
                note=form.cleaned_data["note"],
                person=person_of(request),
                now=timezone.now(),
            )
        except TandemError as error:
            messages.error(request, _said(error))
        else:
            messages.success(request, gettext("It is back with its authors."))
        return redirect("catalogue:dataset", slug)
    explanation = gettext("The description becomes a draft again, and your note stands beside its form.")
    return _confirm(request, dataset, form, gettext("Send back"), gettext("Send it back"), explanation)


def _said(error: TandemError) -> str:
    if isinstance(error, Incomplete):
        names = ", ".join(str(FIELD_NAMES.get(name, name)) for name in error.missing)
        return gettext("Before it can be published, this is missing: %(missing)s.") % {"missing": names}
    return spoken(error.sentence)


def _confirm(
    request: HttpRequest,
    dataset: Dataset,
    form: Any,
    heading: str,
    button: str,
    explanation: str,
    **more: Any,
) -> HttpResponse:
    page = {
        "dataset": dataset,
        "dataset_title": title_of(dataset),
        "heading": heading,
        "explanation": explanation,
        "button": button,
        "form": form,
        **more,
    }
    return render(request, "catalogue/confirm.html", page)
