"""Reading a file as a job: at once where it is small, in the background where it is large."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.adapters.originals import Original
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import datasets, harvest, harvest_sources, tables
from tandem.catalogue.services.tables import Upload
from tandem.kit import jobs
from tandem.kit.models import Job

IMPORT, HARVEST = "catalogue.import", "catalogue.harvest"
AT_ONCE_BYTES = 3_000_000
_NEVER_TABLES = frozenset(
    {"PDF", "DOCX", "PNG", "JPEG", "TIFF", "HTML", "RDF_XML", "RDF_TURTLE", "KML", "KMZ", "GML"}
)


def register_jobs() -> None:
    """Tell the worker what this room's jobs do."""
    jobs.register(IMPORT, gettext_lazy("Read a file"), _run_import)
    jobs.register(HARVEST, gettext_lazy("Harvest a catalogue"), _run_harvest)


# --- files --------------------------------------------------------------------------------------
def start_import(
    distribution: Distribution, upload: Upload, *, person: Person | None, at_once: bool | None = None
) -> Job:
    """Begin to read a kept file into a distribution.

    Args:
        at_once: True reads it before returning; None does so for files under 3 MB.

    Returns:
        The job; where the file was read at once it is done already.
    """
    job = jobs.start(
        IMPORT,
        arguments={
            "distribution": str(distribution.pk),
            "sha256": upload.original.sha256,
            "byte_size": upload.original.byte_size,
            "filename": upload.filename,
            "media_type": upload.media_type,
        },
        subject=_subject(distribution),
        title=upload.filename,
        person=person,
        enqueue=not _at_once(upload, at_once),
    )
    if _at_once(upload, at_once):
        jobs.run_here(job)
        job.refresh_from_db()
    return job


def _at_once(upload: Upload, at_once: bool | None) -> bool:
    return upload.original.byte_size <= AT_ONCE_BYTES if at_once is None else at_once


def _subject(distribution: Distribution) -> str:
    return f"distribution:{distribution.pk}"


def _run_import(context: jobs.JobContext) -> dict[str, Any]:
    values = context.arguments
    distribution = Distribution.objects.select_related("dataset").get(pk=values["distribution"])
    version = tables.import_table(
        distribution=distribution,
        upload=_upload(values),
        person=context.job.person,
        now=timezone.now(),
        progress=context.progress,
        cancelled=context.cancelled,
    )
    return {"rows": version.rows, "version": str(version.pk)}


def _upload(values: Mapping[str, Any]) -> Upload:
    return Upload(Original(values["sha256"], values["byte_size"]), values["filename"], values["media_type"])


def latest_import(distribution: Distribution) -> Job | None:
    """Return the newest job that read, or reads, a file into a distribution."""
    return Job.objects.filter(kind=IMPORT, subject=_subject(distribution)).order_by("-created_at").first()


def is_never_a_table(upload: Upload) -> bool:
    """Return whether a file is of a kind that holds no table, so that it is kept as it is."""
    file_type = vocabulary.file_type_of(upload.filename, upload.media_type)
    return file_type is not None and file_type.code in _NEVER_TABLES


@transaction.atomic
def keep_plain(
    distribution: Distribution, upload: Upload, *, person: Person | None, now: datetime
) -> TableVersion:
    """Make a kept file the distribution's current one without reading it as a table."""
    newest = distribution.versions.order_by("-number").first()
    version = TableVersion.objects.create(
        distribution=distribution,
        number=newest.number + 1 if newest else 1,
        filename=upload.filename,
        sha256=upload.original.sha256,
        byte_size=upload.original.byte_size,
        media_type=upload.media_type,
        created_by=person,
        created_at=now,
    )
    distribution.current = version
    distribution.save(update_fields=["current"])
    datasets.take_over_file(distribution, version)
    audit.record(person, "catalogue.file.keep", distribution.dataset.iri, {"file": upload.filename})
    return version


def keep_failed(job: Job, *, person: Person | None, now: datetime) -> TableVersion:
    """Keep the file of a failed import as it is."""
    distribution = Distribution.objects.select_related("dataset").get(pk=UUID(job.arguments["distribution"]))
    return keep_plain(distribution, _upload(job.arguments), person=person, now=now)


def add_file(
    dataset: Dataset,
    upload: Upload,
    *,
    titles: dict[str, str],
    person: Person | None,
    now: datetime,
    at_once: bool | None = None,
) -> tuple[Distribution, Job | None]:
    """Add a distribution with a file to a dataset of ours.

    Returns:
        The distribution, and the job that reads it; None where the file is of a kind that holds no table.
    """
    distribution = datasets.add_distribution(dataset, titles=titles)
    if is_never_a_table(upload):
        keep_plain(distribution, upload, person=person, now=now)
        return distribution, None
    return distribution, start_import(distribution, upload, person=person, at_once=at_once)


# --- harvests -----------------------------------------------------------------------------------
def start_harvest(
    key: str,
    *,
    dry_run: bool,
    person: Person | None,
    everything: bool = False,
    accept_removals: bool = False,
) -> Job:
    """Begin to harvest a source in the background; one that waits or runs already is returned.

    Raises:
        SourceNotFound: There is none of that name.
    """
    found = harvest.source(key)
    arguments = {
        "source": found.key,
        "dry_run": dry_run,
        "everything": everything,
        "accept_removals": accept_removals,
    }
    waiting = Job.objects.filter(
        kind=HARVEST, subject=found.url, state=Job.WAITING, arguments=arguments
    ).first()
    return waiting or jobs.start(
        HARVEST, arguments=arguments, subject=found.url, title=found.key, person=person
    )


def _run_harvest(context: jobs.JobContext) -> dict[str, Any]:
    asked = context.arguments
    run = harvest.run_harvest(
        harvest.source(asked["source"]),
        person=context.job.person,
        now=timezone.now(),
        dry_run=asked.get("dry_run", False),
        everything=asked.get("everything", False),
        accept_removals=asked.get("accept_removals", False),
        job=context.job.pk,
        progress=context.progress,
        cancelled=context.cancelled,
    )
    return {"run": run.pk, "state": run.state, "created": run.created, "updated": run.updated}


def harvest_jobs() -> dict[str, Job]:
    """Return the harvests that wait or run, by the keys of their sources."""
    found = Job.objects.filter(kind=HARVEST, state__in=[Job.WAITING, Job.RUNNING]).order_by("-created_at")
    return {job.arguments["source"]: job for job in found}


def start_due_harvests(now: datetime) -> int:
    """Begin the harvests that are due by their schedules; return how many."""
    busy = harvest_jobs()
    due = [each for each in harvest_sources.due(now) if each.key not in busy]
    for each in due:
        start_harvest(each.key, dry_run=False, person=None)
    return len(due)
