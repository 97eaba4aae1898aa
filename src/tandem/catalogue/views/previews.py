"""Why a file is not shown as a table on its dataset's page: said plainly, for everybody."""

from django.utils.translation import get_language, gettext, gettext_lazy

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DistributionDescription
from tandem.catalogue.models import Distribution, TableVersion
from tandem.core.text import pick
from tandem.kit.models import Job
from tandem.kit.spoken import spoken

_FOR_READERS = gettext_lazy(
    "There is no preview: %(format)s is a document for people to read, not a table. It can be downloaded."
)
_PICTURE = gettext_lazy("There is no preview: %(format)s is a picture, not a table. It can be downloaded.")
_MAP = gettext_lazy(
    "There is no preview: %(format)s is a map format that is not read here. It can be downloaded and opened in a "
    "geographic information system."
)
_GRAPH = gettext_lazy(
    "There is no preview: %(format)s holds linked statements, not rows and columns. It can be downloaded."
)
_SERVICE = gettext_lazy(
    "There is no preview: %(format)s is a service that programs ask, not a file. Its address is below."
)
_OTHER = gettext_lazy("There is no preview: %(format)s is kept as it is and was not read as a table.")
_BY_CODE = {
    **dict.fromkeys(
        ("PDF", "DOCX", "DOC", "ODT", "RTF", "PPT", "PPTX", "EPUB", "HTML", "XHTML"), _FOR_READERS
    ),
    **dict.fromkeys(("PDFA1A", "PDFA1B", "ODP"), _FOR_READERS),
    **dict.fromkeys(("PNG", "JPEG", "TIFF", "GIF", "BMP", "SVG", "ECW", "JPEG2000"), _PICTURE),
    **dict.fromkeys(("KML", "KMZ", "GML", "GPX", "DXF", "LAS", "LAZ", "GDB", "GRID_ASCII"), _MAP),
    **dict.fromkeys(("RDF", "RDF_XML", "RDF_TURTLE", "RDF_N_TRIPLES", "JSON_LD", "N3", "RDF_TRIG"), _GRAPH),
    **dict.fromkeys(
        ("WMS_SRVC", "WFS_SRVC", "WMTS_SRVC", "WCS_SRVC", "MAP_SRVC", "REST", "SPARQLQ"), _SERVICE
    ),
}


def why_no_table(version: TableVersion) -> str:
    """Return why a kept file has no preview."""
    file_type = vocabulary.file_type_of(version.filename, version.media_type)
    name = pick(file_type.names, get_language() or "en") if file_type else version.filename
    return _BY_CODE.get(file_type.code if file_type else "", _OTHER) % {"format": name}


def why_no_file(row: Distribution, part: DistributionDescription, job: Job | None) -> str:
    """Return why a distribution without a file of ours has no preview: being read, failed, or elsewhere."""
    if job is not None and not job.done:
        return gettext("There is no preview yet: the file is being read.")
    if job is not None and job.state == Job.CANCELLED:
        return gettext("There is no preview: the reading of the file was stopped.")
    if job is not None and job.state != Job.SUCCEEDED:
        problem = spoken(job.error_sentence)
        return gettext("There is no preview: %(problem)s") % {"problem": problem}
    file_type = vocabulary.FILE_TYPES.by_iri(part.format)
    if file_type and _BY_CODE.get(file_type.code) is _SERVICE:
        return _SERVICE % {"format": pick(file_type.names, get_language() or "en")}
    if part.download_url or part.access_url:
        return gettext("There is no preview: the file lies at its publisher and is not read here.")
    return ""


def only_shapes(version: TableVersion) -> bool:
    """Return whether a table has nothing but shapes on the map."""
    return all(column["kind"] == "geometry" for column in version.report.get("columns", []))
