"""What is taken away of a table: the original, rows, groups, a chart."""

from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tandem.catalogue.adapters import originals
from tandem.catalogue.models import Dataset, TableVersion
from tandem.catalogue.services import explore
from tandem.catalogue.services.tables import NoTable
from tandem.catalogue.views import shown, table_charts
from tandem.catalogue.views.table_found import distribution_or_404, table_or_404, title_of
from tandem.kit import drawing, installation

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


@require_safe
def chart(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Return a chart as an SVG file."""
    dataset, distribution = distribution_or_404(request, slug, position)
    found = table_or_404(distribution)
    asked = table_charts.with_defaults(found, found.ask(dict(request.GET.lists())))
    drawn = table_charts.chart(found, asked, title_of(distribution))
    if drawn is None:
        raise Http404
    source = (
        f"{shown.texts(dataset.description['titles'])} · {installation.city().name(request.LANGUAGE_CODE)}"
    )
    response = HttpResponse(drawing.svg(drawn, source=source), content_type="image/svg+xml")
    response["Content-Disposition"] = content_disposition_header(True, f"{dataset.slug}.svg") or ""
    return response


@require_safe
def groups(request: HttpRequest, slug: str, position: int, wanted: str) -> StreamingHttpResponse:
    """Return the groups with what was worked out for each, in a format."""
    dataset, distribution = distribution_or_404(request, slug, position)
    found = table_or_404(distribution)
    asked = table_charts.with_defaults(found, found.ask(dict(request.GET.lists())))
    names = table_charts.group_names(found, asked)
    stream = explore.export_groups(found, asked, wanted, names)
    return attached(stream, f"{dataset.slug}-groups", wanted)


def attached(stream: Iterator[bytes], name: str, wanted: str) -> StreamingHttpResponse:
    """Return a stream to be kept as ``name.wanted``, of the media type of that format."""
    response = StreamingHttpResponse(stream, content_type=MEDIA_TYPES[wanted])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{wanted}") or ""
    return response


def original(version: TableVersion) -> FileResponse:
    """Return the file of a version as it was received."""
    content = originals.open_original(version.sha256)
    return FileResponse(
        content, as_attachment=True, filename=version.filename, content_type=version.media_type
    )


@require_safe
def download(
    request: HttpRequest, slug: str, position: int, wanted: str
) -> HttpResponse | StreamingHttpResponse:
    """Return the original, or the rows that fit in a format."""
    dataset, distribution = distribution_or_404(request, slug, position)
    version = distribution.current
    if version is None:
        raise NoTable(distribution.id)
    if wanted == "original":
        return original(version)
    found = table_or_404(distribution)
    stream = explore.export_rows(found, found.ask(dict(request.GET.lists())), wanted)
    return attached(stream, file_stem(dataset, position), wanted)


def file_stem(dataset: Dataset, position: int) -> str:
    """Return the name, without its end, under which a distribution's rows are kept."""
    return f"{dataset.slug}-{position}" if position else dataset.slug
