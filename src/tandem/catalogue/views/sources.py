"""Where a file comes from: an address that is followed on a schedule; and which part of a file is read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from tandem.accounts.access import person_of
from tandem.catalogue.domain.following import FAILURES_BEFORE_WAITING, Every
from tandem.catalogue.forms import FollowForm, NewFromAddressForm
from tandem.catalogue.models import Dataset, Distribution, FollowedAddress
from tandem.catalogue.services import datasets, distributions, following, imports
from tandem.catalogue.views.staff import editors, own_or_404, title_of
from tandem.kit.spoken import spoken


def _page(form: Any, heading: str, dataset: Dataset | None, **more: Any) -> dict[str, Any]:
    return {
        "form": form,
        "heading": heading,
        "dataset": dataset,
        "dataset_title": title_of(dataset) if dataset else "",
        "address": None,
        **more,
    }


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def new_from_address(request: HttpRequest) -> HttpResponse:
    """Make a dataset whose first file follows an address."""
    form = NewFromAddressForm(request.POST or None)
    if form.is_valid():
        person, now, url = person_of(request), timezone.now(), form.cleaned_data["url"]
        titles = {get_language() or "en": form.cleaned_data["title"] or url.rstrip("/").rpartition("/")[2]}
        dataset = datasets.begin(titles=titles, person=person, now=now)
        return _begin(request, dataset, form)
    return render(request, "catalogue/follow.html", _page(form, gettext("Add data from an address"), None))


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def add_from_address(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a file to a dataset that follows an address."""
    dataset = own_or_404(slug)
    form = FollowForm(request.POST or None)
    if form.is_valid():
        return _begin(request, dataset, form)
    return render(
        request, "catalogue/follow.html", _page(form, gettext("Add a file from an address"), dataset)
    )


def _begin(request: HttpRequest, dataset: Dataset, form: FollowForm) -> HttpResponse:
    distribution = distributions.add_distribution(dataset, titles={})
    _follow(request, distribution, form)
    return redirect("catalogue:importing", dataset.slug, distribution.position)


def _follow(request: HttpRequest, distribution: Distribution, form: FollowForm) -> None:
    address = following.follow(
        distribution,
        url=form.cleaned_data["url"],
        every=Every(form.cleaned_data["every"]),
        person=person_of(request),
        now=timezone.now(),
    )
    imports.start_check(address, person=person_of(request))


@editors
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Show and change which address a file follows, and how that goes."""
    dataset = own_or_404(slug)
    distribution = get_object_or_404(Distribution, dataset=dataset, position=position)
    address = FollowedAddress.objects.filter(distribution=distribution).first()
    initial = {"url": address.url, "every": address.every} if address else {}
    form = FollowForm(request.POST or None, initial=initial)
    if form.is_valid():
        _follow(request, distribution, form)
        return redirect("catalogue:importing", slug, position)
    page = _page(
        form,
        gettext("Follow an address"),
        dataset,
        distribution=distribution,
        address=address,
        problem=spoken(following.problem_of(address)) if address else "",
        backing_off=bool(address and address.failures >= FAILURES_BEFORE_WAITING),
    )
    return render(request, "catalogue/follow.html", page)


@editors
@require_POST
def check_now(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Fetch the address that a file follows, now."""
    distribution = get_object_or_404(Distribution, dataset=own_or_404(slug), position=position)
    imports.start_check(following.address_of(distribution), person=person_of(request))
    return redirect("catalogue:importing", slug, position)


@editors
@require_POST
def stop_following(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Stop following; the versions stay."""
    distribution = get_object_or_404(Distribution, dataset=own_or_404(slug), position=position)
    following.stop(distribution, person=person_of(request))
    messages.success(request, gettext("The address is no longer followed. What was fetched stays."))
    return redirect("catalogue:dataset", slug)


@editors
@require_POST
def part(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Read another sheet, layer or file inside of the current file, or of the one that could not be read."""
    distribution = get_object_or_404(
        Distribution.objects.select_related("current"), dataset=own_or_404(slug), position=position
    )
    wanted, person = request.POST.get("part", "")[:300], person_of(request)
    if request.POST.get("of") == "import":
        job = imports.retry_with_part(distribution, wanted, person=person)
    else:
        job = imports.read_part(distribution, wanted, person=person)
    return redirect("catalogue:report" if job.state == "succeeded" else "catalogue:importing", slug, position)
