"""A dataset for other programs: Data Package, schema.org, its tables as plain CSV. Addresses without a language."""

from uuid import UUID

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.domain.exploration import Exploration
from tandem.catalogue.domain.lifecycle import UNSEEN, Status
from tandem.catalogue.models import Dataset, TableVersion
from tandem.catalogue.services import datasets, explore, packages
from tandem.catalogue.services.explore import Table
from tandem.kit.installation import city
from tandem.kit.open_to_all import open_to_all


def _visible(request: HttpRequest, pk: UUID) -> Dataset:
    """Return a published dataset of ours, or a draft for those who may see it."""
    found: Dataset = get_object_or_404(Dataset, pk=pk, source=None)
    if Status(found.status) in UNSEEN and not access.may_see_drafts(request):
        raise Http404
    return found


def _gone(dataset: Dataset) -> HttpResponse | None:
    if dataset.status != Status.WITHDRAWN:
        return None
    return HttpResponse(dataset.withdrawal_reason, status=410, content_type="text/plain; charset=utf-8")


@open_to_all
@require_safe
def data_package(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return a dataset as a Data Package."""
    found = _visible(request, pk)
    return _gone(found) or JsonResponse(
        packages.data_package_of(found), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )


@open_to_all
@require_safe
def schema_org(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return a dataset in the words of schema.org."""
    found = _visible(request, pk)
    said = packages.schema_org_of(found, datasets.description_of(found), language=city().languages[0])
    return _gone(found) or JsonResponse(
        said, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False}
    )


@open_to_all
@require_safe
def table(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """Return a version of a table as CSV: UTF-8, commas, decimal points, ISO dates. A version never changes."""
    version: TableVersion = get_object_or_404(
        TableVersion.objects.select_related("distribution__dataset"), distribution=pk, number=number
    )
    dataset = version.distribution.dataset
    if Status(dataset.status) in UNSEEN and not access.may_see_drafts(request):
        raise Http404
    if gone := _gone(dataset):
        return gone
    if not version.report:
        raise Http404
    rows = explore.export_rows(Table.of(version), Exploration(), "csv")
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = f"{dataset.slug}-{version.distribution.position + 1}-{number}.csv"
    response["Content-Disposition"] = content_disposition_header(False, name) or ""
    response["ETag"] = f'"{version.sha256}-csv"'
    return response
