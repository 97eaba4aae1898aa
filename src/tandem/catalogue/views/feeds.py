"""Addresses for machines: the DCAT feed, persistent identifiers, files. They have no language."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

import pyoxigraph as ox
from django.core.paginator import EmptyPage, Paginator
from django.db.models import Count, Max
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import etag, require_safe
from django.views.decorators.vary import vary_on_headers

from tandem import __version__
from tandem.catalogue import access
from tandem.catalogue.adapters import dcat_write, originals, rdf
from tandem.catalogue.adapters.dcat_provenance import Provenance, provenance_triples
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, HarvestRecord, TableVersion
from tandem.catalogue.services import datasets
from tandem.kit.installation import config
from tandem.kit.open_to_all import open_to_all

PER_PAGE = 100
BY_MEDIA_TYPE = {media_type: suffix for suffix, (_kind, media_type) in rdf.FORMATS.items()}


@open_to_all
@require_safe
@vary_on_headers("Accept")
def negotiated(request: HttpRequest) -> HttpResponse:
    """Answer the catalogue's own address: people get the list, machines the feed in the form that they accept."""
    wanted = request.get_preferred_type(["text/html", *BY_MEDIA_TYPE]) or "text/html"
    where = (
        reverse("catalogue:list")
        if wanted == "text/html"
        else reverse("catalogue-rdf", args=[BY_MEDIA_TYPE[wanted]])
    )
    response = redirect(where)
    response.status_code = 303
    return response


def _state(request: HttpRequest, suffix: str) -> str:
    """Return an entity tag that changes with what is published: no page of the feed is made to find out."""
    rows = datasets.own_published().aggregate(count=Count("pk"), newest=Max("changed_at"))
    page = request.GET.get("page", "1")
    state = f"{__version__} {config().catalogue.profile} {suffix} {page} {rows['count']} {rows['newest']}"
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'


@open_to_all
@require_safe
@etag(_state)
def catalogue(request: HttpRequest, suffix: str) -> HttpResponse:
    """Return a page of our catalogue as RDF, with hydra paging."""
    rows = datasets.with_parts(datasets.own_published())
    pages = Paginator(rows, PER_PAGE)
    number = request.GET.get("page", "1")
    try:
        page = pages.page(int(number) if number.isdecimal() else 0)
    except EmptyPage as error:
        raise Http404 from error
    where = dcat_write.PageOfCatalogue(
        url=f"{config().server.url}/catalogue.{suffix}",
        number=page.number,
        pages=pages.num_pages,
        total=pages.count,
        per_page=PER_PAGE,
    )
    described = [datasets.description_of(row) for row in page.object_list]
    statements = dcat_write.catalogue_triples(
        datasets.our_catalogue(), described, profile=config().catalogue.profile, page=where
    )
    return _answer(statements, suffix)


@open_to_all
@require_safe
def dataset_rdf(request: HttpRequest, pk: UUID, suffix: str) -> HttpResponse:
    """Return the description of one dataset as RDF; of a harvested one also where it came from."""
    dataset = _public_or_404(request, pk)
    described = datasets.description_of(dataset)
    statements = dcat_write.dataset_triples(described, profile=config().catalogue.profile)
    return _answer([*statements, *_provenance(dataset)], suffix)


def _provenance(dataset: Dataset) -> Iterator[ox.Triple]:
    record: HarvestRecord | None = getattr(dataset, "harvest_record", None)
    if dataset.source is None or record is None:
        return
    found = Provenance(
        record=f"{config().server.url}/id/dataset/{dataset.pk}#record",
        dataset=dataset.iri,
        original=record.original_url,
        catalogue=dataset.source.url,
        first_seen_at=record.first_seen_at,
        changed_at=dataset.changed_at,
    )
    yield from provenance_triples(found)


def _answer(statements: list[ox.Triple], suffix: str) -> HttpResponse:
    content = rdf.serialise(statements, suffix)
    return HttpResponse(content, content_type=f"{rdf.FORMATS[suffix][1]}; charset=utf-8")


@open_to_all
@require_safe
@vary_on_headers("Accept")
def identifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a dataset's persistent address: people get its page, machines its description."""
    dataset = get_object_or_404(Dataset, pk=pk)
    wanted = request.get_preferred_type(["text/html", *BY_MEDIA_TYPE]) or "text/html"
    if wanted != "text/html" and dataset.status == Status.PUBLISHED:
        return redirect(reverse("dataset-rdf", args=[pk, BY_MEDIA_TYPE[wanted]]))
    response = redirect("catalogue:dataset", dataset.slug)
    response.status_code = 303
    return response


@open_to_all
@require_safe
def file(request: HttpRequest, pk: UUID, number: int, name: str) -> HttpResponse | FileResponse:
    """Return a version of a file, byte for byte. A version never changes."""
    version = get_object_or_404(
        TableVersion.objects.select_related("distribution__dataset"), distribution=pk, number=number
    )
    dataset = version.distribution.dataset
    if dataset.status == Status.WITHDRAWN:
        return HttpResponse(dataset.withdrawal_reason, status=410, content_type="text/plain; charset=utf-8")
    if dataset.status != Status.PUBLISHED and not access.may_see_drafts(request):
        raise Http404
    response = FileResponse(
        originals.open_original(version.sha256),
        as_attachment=True,
        filename=version.filename,
        content_type=version.media_type,
    )
    response["ETag"] = f'"{version.sha256}"'
    response["Last-Modified"] = http_date(version.created_at.timestamp())
    return response


def _public_or_404(request: HttpRequest, pk: UUID) -> Dataset:
    rows = datasets.with_parts(Dataset.objects.filter(pk=pk).select_related("harvest_record"))
    dataset = get_object_or_404(rows)
    if dataset.status != Status.PUBLISHED and not access.may_see_drafts(request):
        raise Http404
    return dataset
