"""Files that are brought in, and the tables read from them."""

import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.adapters import originals
from tandem.catalogue.adapters.tables import NotATable, list_parts, load_table
from tandem.catalogue.domain.report import LoadReport, Part
from tandem.catalogue.models import Distribution, TableVersion
from tandem.catalogue.services import distributions
from tandem.core.errors import NotFound
from tandem.core.text import say
from tandem.kit import installation

log = logging.getLogger(__name__)


class NoTable(NotFound):
    """The file was not read as a table, or not yet."""

    code = "catalogue.no-table"

    def __init__(self, distribution_id: UUID) -> None:
        super().__init__(
            say(
                "There is no table for the distribution {distribution_id}; its original can be had.",
                distribution_id=distribution_id,
            )
        )


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is written down with a version.

    Attributes:
        part: The sheet, layer or file inside that is wanted; empty for what was read before, or the first.
        note: What somebody says of it.
        source_url: Where it was fetched; empty for an upload.
    """

    part: str = ""
    note: str = ""
    source_url: str = ""


PLAIN = Provenance()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was received and kept, and not yet read.

    Attributes:
        filename: As the person named it, without folders.
    """

    original: originals.Original
    filename: str
    media_type: str


def receive(chunks: Iterable[bytes], *, filename: str, media_type: str) -> Upload:
    """Keep a file's bytes as they come.

    Raises:
        EmptyFile: There are no bytes.
    """
    name = Path(filename.replace("\\", "/")).name[-200:] or "file"
    kept = originals.keep(chunks, filename=name, work_dir=installation.folder("uploads"))
    return Upload(kept, name, media_type[:100] or "application/octet-stream")


def import_table(
    *,
    distribution: Distribution,
    upload: Upload,
    person: Person | None,
    now: datetime,
    provenance: Provenance = PLAIN,
    progress: Callable[[float, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> TableVersion:
    """Read a kept file as a table and make it the distribution's current version.

    Until the last step nothing that was stored before is touched: a failure, a cancel or a killed process
    leaves the previous version current. The part that is asked for is the one that is read from then on.

    Raises:
        NotATable: The file cannot be read as a table; the error says why.
    """
    version = new_version(distribution, upload, person=person, now=now, provenance=provenance)
    report = _load(version.id, upload, provenance.part or distribution.part, progress, cancelled)
    version.rows, version.report = report.rows, report.as_dict()
    make_current(version, part=provenance.part or distribution.part, action="catalogue.table.import")
    log.info("catalogue.table.import", extra={"version": str(version.id), "rows": version.rows})
    return version


def new_version(
    distribution: Distribution,
    upload: Upload,
    *,
    person: Person | None,
    now: datetime,
    provenance: Provenance,
) -> TableVersion:
    """Return a version of a kept file, which has neither a number nor a table yet and is not saved."""
    return TableVersion(
        distribution=distribution,
        filename=upload.filename,
        sha256=upload.original.sha256,
        byte_size=upload.original.byte_size,
        media_type=upload.media_type,
        created_by=person,
        created_at=now,
        note=provenance.note[:300],
        source_url=provenance.source_url,
    )


def read_kept(
    version: TableVersion,
    upload: Upload,
    *,
    progress: Callable[[float, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Read the table of a version that is kept as a file; its bytes and its address stay as they are.

    Raises:
        NotATable: The file cannot be read as a table; it stays a file.
    """
    report = _load(version.id, upload, version.distribution.part, progress, cancelled)
    version.rows, version.report = report.rows, report.as_dict()
    version.save(update_fields=["rows", "report"])
    log.info("catalogue.table.read", extra={"version": str(version.id), "rows": version.rows})


def _load(
    version_id: UUID,
    upload: Upload,
    part: str,
    progress: Callable[[float, str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> LoadReport:
    with tempfile.TemporaryDirectory(dir=installation.folder("uploads"), prefix="load-") as name:
        source = Path(name) / "original"
        originals.copy_to(upload.original.sha256, source)
        return load_table(
            source,
            filename=upload.filename,
            target=parquet_path(version_id),
            work_dir=Path(name),
            progress=progress,
            cancelled=cancelled,
            part=part,
        )


@transaction.atomic
def make_current(version: TableVersion, *, part: str, action: str) -> None:
    """Give a version its number, and let its distribution be what it is from now on.

    The distribution is read anew: reading a file takes its time, and people go on describing meanwhile.

    Args:
        part: Which part of the file its table is.
        action: What the audit trail calls it.
    """
    distribution = Distribution.objects.select_for_update().get(pk=version.distribution_id)
    newest = distribution.versions.aggregate(newest=Max("number"))["newest"] or 0
    version.distribution, version.number = distribution, newest + 1
    version.save()
    distribution.current, distribution.part = version, part
    distribution.save(update_fields=["current", "part"])
    distributions.take_over_file(distribution, version)
    audit.record(version.created_by, action, distribution.dataset.iri, {"file": version.filename})


def upload_of(version: TableVersion) -> Upload:
    """Return a version's file, to be read again."""
    original = originals.Original(version.sha256, version.byte_size)
    return Upload(original, version.filename, version.media_type)


def parts_of(upload: Upload) -> list[Part]:
    """Return the sheets, layers or tables inside of a kept file; none where it is one table.

    Raises:
        NotATable: It is damaged, or made to do harm.
    """
    with tempfile.TemporaryDirectory(dir=installation.folder("uploads"), prefix="look-") as name:
        source = Path(name) / "original"
        originals.copy_to(upload.original.sha256, source)
        return list_parts(source, filename=upload.filename, work_dir=Path(name))


def parquet_path(version_id: UUID) -> Path:
    """Return where the table of a version is cached; it can always be read again from the original."""
    return installation.folder("cache/tables") / f"{version_id}.parquet"


def table_of(version: TableVersion) -> Path:
    """Return the path of a version's table, read again from the original where the cache has lost it.

    Raises:
        NoTable: The file is none.
    """
    path = parquet_path(version.id)
    if path.exists():
        return path
    try:
        read = (version.report.get("origin") or {}).get("part", "")
        _load(version.id, upload_of(version), read, None, None)
    except NotATable as error:
        raise NoTable(version.distribution_id) from error
    return path


def rebuild_tables(progress: Callable[[float, str], None]) -> int:
    """Read every current table again from its original; return how many."""
    versions = TableVersion.objects.filter(current_of__isnull=False).exclude(report={})
    count = versions.count()
    for done, version in enumerate(versions.iterator()):
        progress(done / count, version.filename)
        parquet_path(version.id).unlink(missing_ok=True)
        table_of(version)
    return count


def report_of(version: TableVersion) -> LoadReport:
    """Return what was recognised in a version's file, and what was not."""
    values: dict[str, Any] = version.report
    return LoadReport.from_dict(values)
