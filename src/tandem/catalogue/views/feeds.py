"""Addresses for machines: the DCAT feed, persistent identifiers, files. They have no language."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any
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
from tandem.catalogue.domain.description import DatasetDescription, SeriesDescription, ServiceDescription
from tandem.catalogue.domain.lifecycle import UNSEEN, Status
from tandem.catalogue.models import Agent, Dataset, Distribution, HarvestRecord, TableVersion
from tandem.catalogue.services import agents, datasets, own_catalogue, records
from tandem.catalogue.services.records import Row
from tandem.kit.installation import config
from tandem.kit.numbers import typed_number
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
    published = [own_catalogue.own_published(), *(records.published(kind) for kind in records.KINDS.values())]
    known = [list(rows.aggregate(Count("pk"), Max("changed_at")).values()) for rows in published]
    state = f"{__version__} {config().catalogue.profile} {suffix} {request.GET.get('page', '1')} {known}"
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'


@open_to_all
@require_safe
@etag(_state)
def catalogue(request: HttpRequest, suffix: str) -> HttpResponse:
    """Return a page of our catalogue as RDF, with hydra paging."""
    rows = datasets.with_parts(own_catalogue.own_published())
    pages = Paginator(rows, PER_PAGE)
    number = request.GET.get("page", "1")
    try:
        page = pages.page(typed_number(number, otherwise=0))
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
        own_catalogue.our_catalogue(),
        described,
        profile=config().catalogue.profile,
        page=where,
        besides=_besides(described, everything=page.number == 1),
    )
    return _answer(statements, suffix)


def _besides(described: Sequence[DatasetDescription], *, everything: bool = False) -> dcat_write.Besides:
    """Return the services and series that datasets name, so that a document can be read by itself.

    Args:
        described: The datasets.
        everything: True for all of ours, as the first page of the catalogue has them.
    """
    iris = {iri for each in described for iri in each.in_series}
    iris |= {iri for each in described for part in each.distributions for iri in part.services}
    rows = records.named(iris)
    if everything:
        rows = [row for kind in records.KINDS.values() for row in records.published(kind)]
    found = [records.description_of(row) for row in rows]
    return dcat_write.Besides(
        tuple(each for each in found if isinstance(each, ServiceDescription)),
        tuple(each for each in found if isinstance(each, SeriesDescription)),
    )


@open_to_all
@require_safe
def dataset_rdf(request: HttpRequest, pk: UUID, suffix: str) -> HttpResponse:
    """Return the description of one dataset as RDF; of a harvested one also where it came from."""
    dataset = _public_or_404(request, pk)
    if dataset.status == Status.WITHDRAWN:
        return _gone(dataset, "dcat:Dataset", suffix)
    described = datasets.description_of(dataset)
    statements = dcat_write.dataset_triples(
        described, profile=config().catalogue.profile, besides=_besides([described])
    )
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


def _gone(row: Dataset | Row, kind: str, suffix: str) -> HttpResponse:
    """Return what is still said of something that was withdrawn, with status 410."""
    titles = row.description.get("titles", {})
    statements = dcat_write.withdrawn_triples(
        row.iri, kind=kind, titles=titles, reason=row.withdrawal_reason, when=row.changed_at.isoformat()
    )
    response = _answer(statements, suffix)
    response.status_code = 410
    return response


def _answer(statements: list[ox.Triple], suffix: str) -> HttpResponse:
    content = rdf.serialise(statements, suffix)
    return HttpResponse(content, content_type=f"{rdf.FORMATS[suffix][1]}; charset=utf-8")


def _wanted(request: HttpRequest) -> str:
    """Return the suffix of the RDF that is asked for; empty for a page."""
    wanted = request.get_preferred_type(["text/html", *BY_MEDIA_TYPE]) or "text/html"
    return BY_MEDIA_TYPE.get(wanted, "")


def _see_other(*where: Any, anchor: str = "") -> HttpResponse:
    response = redirect(*where)
    response.status_code = 303
    response["Location"] += anchor
    return response


@open_to_all
@require_safe
@vary_on_headers("Accept")
def identifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a dataset's persistent address: people get its page, machines its description."""
    dataset = get_object_or_404(Dataset, pk=pk)
    suffix = _wanted(request)
    if suffix and dataset.source_id is None and Status(dataset.status) not in UNSEEN:
        return _see_other(reverse("dataset-rdf", args=[pk, suffix]))
    return _see_other("catalogue:dataset", dataset.slug)


@open_to_all
@require_safe
@vary_on_headers("Accept")
def distribution_id(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a distribution's persistent address: its place on the dataset's page, or in its description."""
    row = get_object_or_404(Distribution.objects.select_related("dataset"), pk=pk)
    suffix = _wanted(request)
    if suffix and row.dataset.source_id is None and Status(row.dataset.status) not in UNSEEN:
        return _see_other(reverse("dataset-rdf", args=[row.dataset_id, suffix]))
    return _see_other("catalogue:dataset", row.dataset.slug, anchor=f"#distribution-{row.position}")


@open_to_all
@require_safe
@vary_on_headers("Accept")
def record_id(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """Answer the persistent address of a service or a series."""
    row = get_object_or_404(records.KINDS[kind].model, pk=pk, source=None)
    suffix = _wanted(request)
    if suffix and Status(row.status) not in UNSEEN:
        return _see_other(reverse("record-rdf", args=[kind, pk, suffix]))
    return _see_other("catalogue:record", kind, row.slug)


@open_to_all
@require_safe
def record_rdf(request: HttpRequest, kind: str, pk: str, suffix: str) -> HttpResponse:
    """Return the description of a service or a series of ours as RDF."""
    which = records.KINDS[kind]
    row = get_object_or_404(which.model, pk=pk, source=None)
    if Status(row.status) in UNSEEN and not access.may_see_drafts(request):
        raise Http404
    if row.status == Status.WITHDRAWN:
        return _gone(row, which.rdf_class, suffix)
    described, profile = records.description_of(row), config().catalogue.profile
    if isinstance(described, ServiceDescription):
        return _answer(dcat_write.service_triples(described, profile=profile), suffix)
    return _answer(dcat_write.series_triples(described, profile=profile), suffix)


@open_to_all
@require_safe
@vary_on_headers("Accept")
def agent_id(request: HttpRequest, key: str) -> HttpResponse:
    """Answer an agent's persistent address; the city's own leads people to the home page."""
    suffix = _wanted(request)
    ours = own_catalogue.our_agent()
    if ours.iri.endswith(f"/id/agent/{key}"):
        described, page = ours, reverse("home")
    else:
        row = get_object_or_404(Agent, iri=f"{config().server.url}/id/agent/{key}")
        described, page = agents.description_of(row), reverse("catalogue:agent", args=[row.pk])
    if suffix:
        return _answer(dcat_write.agent_triples(described, profile=config().catalogue.profile), suffix)
    return _see_other(page)


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
    if Status(dataset.status) in UNSEEN and not access.may_see_drafts(request):
        raise Http404
    return dataset
