"""A file that came in becomes a version: read as a table, or kept as it is where its kind holds none."""

from collections.abc import Callable
from datetime import datetime

from tandem.accounts.models import Person
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.models import Distribution, TableVersion
from tandem.catalogue.services import tables
from tandem.catalogue.services.tables import PLAIN, Provenance, Upload

_NEVER_TABLES = frozenset(
    {"PDF", "DOCX", "PNG", "JPEG", "TIFF", "HTML", "RDF_XML", "RDF_TURTLE", "KML", "KMZ", "GML"}
)


def is_never_a_table(upload: Upload) -> bool:
    """Return whether a file is of a kind that holds no table, so that it is kept as it is."""
    file_type = vocabulary.file_type_of(upload.filename, upload.media_type)
    return file_type is not None and file_type.code in _NEVER_TABLES


def keep_plain(
    distribution: Distribution,
    upload: Upload,
    *,
    person: Person | None,
    now: datetime,
    provenance: Provenance = PLAIN,
) -> TableVersion:
    """Make a kept file the distribution's current one without reading it as a table."""
    version = tables.new_version(distribution, upload, person=person, now=now, provenance=provenance)
    tables.make_current(version, part=distribution.part, action="catalogue.file.keep")
    return version


def take(
    distribution: Distribution,
    upload: Upload,
    *,
    person: Person | None,
    now: datetime,
    provenance: Provenance,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> TableVersion:
    """Make a file the current version in whatever way its kind asks for.

    Raises:
        NotATable: It should be a table and cannot be read as one; the error says why.
    """
    if is_never_a_table(upload):
        return keep_plain(distribution, upload, person=person, now=now, provenance=provenance)
    return tables.import_table(
        distribution=distribution,
        upload=upload,
        person=person,
        now=now,
        provenance=provenance,
        progress=progress,
        cancelled=cancelled,
    )
