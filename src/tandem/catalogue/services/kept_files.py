"""Files that are kept first and read afterwards, for programs that send a file and look no more after it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from tandem.accounts.models import Person
from tandem.catalogue.adapters.originals import Original
from tandem.catalogue.models import Distribution, TableVersion
from tandem.catalogue.services import imports, indexing, keeping, tables
from tandem.catalogue.services.tables import Upload
from tandem.kit import jobs
from tandem.kit.models import Job

READ = "catalogue.read"


def register_jobs() -> None:
    """Tell the worker what this kind of job does."""
    jobs.register(READ, gettext_lazy("Read a file"), _run_reading)


def take_file(
    distribution: Distribution,
    chunks: Iterable[bytes],
    *,
    filename: str,
    media_type: str,
    person: Person | None,
    now: datetime,
) -> TableVersion:
    """Make a file the distribution's newest version, whatever it is, and begin to read it as a table.

    It can be had at once. Where it turns out to be a table, the same version gets that; where not, it stays a file.

    Raises:
        EmptyFile: There are no bytes.
    """
    upload = tables.receive(chunks, filename=filename, media_type=media_type)
    version = keeping.keep_plain(distribution, upload, person=person, now=now)
    if not keeping.is_never_a_table(upload):
        _start_reading(version, person)
    return version


def _start_reading(version: TableVersion, person: Person | None) -> None:
    at_once = version.byte_size <= imports.AT_ONCE_BYTES
    job = jobs.start(
        READ,
        arguments={"version": str(version.pk)},
        subject=f"distribution:{version.distribution_id}",
        title=version.filename,
        person=person,
        enqueue=not at_once,
    )
    if at_once:
        jobs.run_here(job)


def _run_reading(context: jobs.JobContext) -> dict[str, Any]:
    version = TableVersion.objects.select_related("distribution__dataset").get(
        pk=UUID(context.arguments["version"])
    )
    upload = Upload(Original(version.sha256, version.byte_size), version.filename, version.media_type)
    tables.read_kept(version, upload, progress=context.progress, cancelled=context.cancelled)
    indexing.index_dataset(version.distribution.dataset)
    return {"rows": version.rows, "version": str(version.pk)}


def forget_jobs(distribution: Distribution) -> None:
    """Ask the jobs of a distribution that is about to go to stop."""
    running = Job.objects.filter(subject=f"distribution:{distribution.pk}", state__in=["waiting", "running"])
    running.update(cancel_requested=True)
