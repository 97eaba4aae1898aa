"""Reading a file as a job: at once where it is small, in the background where it is large."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tandem.accounts.models import Person
from tandem.catalogue.adapters.originals import Original
from tandem.catalogue.models import Dataset, Distribution, FollowedAddress, TableVersion
from tandem.catalogue.services import distributions, following, harvest, harvest_sources, keeping, tables
from tandem.catalogue.services.tables import PLAIN, Provenance, Upload
from tandem.kit import jobs
from tandem.kit.models import Job

IMPORT, HARVEST, FOLLOW = "catalogue.import", "catalogue.harvest", "catalogue.follow"
AT_ONCE_BYTES = 3_000_000
_CHOICE_CODES = frozenset({"catalogue.table.several-tables", "catalogue.table.no-such-part"})


def register_jobs() -> None:
    """Tell the worker what this room's jobs do."""
    jobs.register(IMPORT, gettext_lazy("Read a file"), _run_import)
    jobs.register(HARVEST, gettext_lazy("Harvest a catalogue"), _run_harvest)
    jobs.register(FOLLOW, gettext_lazy("Fetch a file"), _run_check)


# --- files --------------------------------------------------------------------------------------
def start_import(
    distribution: Distribution,
    upload: Upload,
    *,
    person: Person | None,
    at_once: bool | None = None,
    provenance: Provenance = PLAIN,
) -> Job:
    """Begin to read a kept file into a distribution.

    Args:
        provenance: Which part of the file is wanted, and what is written down with it.
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
            "provenance": asdict(provenance),
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
        provenance=Provenance(**values.get("provenance", {})),
        progress=context.progress,
        cancelled=context.cancelled,
    )
    return {"rows": version.rows, "version": str(version.pk)}


def _upload(values: Mapping[str, Any]) -> Upload:
    return Upload(Original(values["sha256"], values["byte_size"]), values["filename"], values["media_type"])


def latest_import(distribution: Distribution) -> Job | None:
    """Return the newest job that read, or reads, a file into a distribution."""
    return (
        Job.objects.filter(kind__in=(IMPORT, FOLLOW), subject=_subject(distribution))
        .order_by("-created_at")
        .first()
    )


def keep_failed(job: Job, *, person: Person | None, now: datetime) -> TableVersion:
    """Keep the file of a failed import as it is."""
    distribution = Distribution.objects.select_related("dataset").get(pk=UUID(job.arguments["distribution"]))
    return keeping.keep_plain(distribution, _upload(job.arguments), person=person, now=now)


def latest_imports(distributions: Sequence[Distribution]) -> dict[UUID, Job]:
    """Return the newest job of each distribution that read, or reads, a file; in one query."""
    if not distributions:
        return {}
    by_subject = {_subject(each): each.pk for each in distributions}
    rows = Job.objects.filter(kind__in=(IMPORT, FOLLOW), subject__in=list(by_subject)).order_by("created_at")
    return {by_subject[row.subject]: row for row in rows}


def upload_of(job: Job) -> Upload | None:
    """Return the kept file that a job reads; None where the job fetches one."""
    return _upload(job.arguments) if job.kind == IMPORT else None


def read_part(distribution: Distribution, part: str, *, person: Person | None) -> Job:
    """Begin to read another sheet, layer or file inside of a distribution's current file, as a new version.

    Raises:
        NoTable: There is no file yet.
    """
    version = distribution.current
    if version is None:
        raise tables.NoTable(distribution.id)
    provenance = Provenance(part=part, source_url=version.source_url)
    return start_import(distribution, tables.upload_of(version), person=person, provenance=provenance)


def parts_to_choose(job: Job) -> list[str]:
    """Return the parts of a file that could not be read because nobody said which; empty for other failures."""
    upload = upload_of(job)
    if upload is None or job.error_code not in _CHOICE_CODES:
        return []
    return [part.name for part in tables.parts_of(upload)]


def retry_with_part(distribution: Distribution, part: str, *, person: Person | None) -> Job:
    """Begin to read a part of the file that the last import could not read.

    Raises:
        NoTable: There is no such import.
    """
    job = latest_import(distribution)
    upload = upload_of(job) if job else None
    if upload is None:
        raise tables.NoTable(distribution.id)
    return start_import(distribution, upload, person=person, provenance=Provenance(part=part))


@transaction.atomic
def bring_in(
    distribution: Distribution,
    upload: Upload,
    *,
    person: Person | None,
    now: datetime,
    at_once: bool | None = None,
    provenance: Provenance = PLAIN,
) -> Job | None:
    """Bring a kept file in as a distribution's next version.

    Returns:
        The job that reads it; None where the file is of a kind that holds no table.
    """
    if keeping.is_never_a_table(upload):
        keeping.keep_plain(distribution, upload, person=person, now=now, provenance=provenance)
        return None
    return start_import(distribution, upload, person=person, at_once=at_once, provenance=provenance)


def add_file(
    dataset: Dataset,
    upload: Upload,
    *,
    titles: dict[str, str],
    person: Person | None,
    now: datetime,
    at_once: bool | None = None,
    provenance: Provenance = PLAIN,
) -> tuple[Distribution, Job | None]:
    """Add a distribution with a file to a dataset of ours.

    Returns:
        The distribution, and the job that reads it; None where the file is of a kind that holds no table.
    """
    distribution = distributions.add_distribution(dataset, titles=titles)
    job = bring_in(distribution, upload, person=person, now=now, at_once=at_once, provenance=provenance)
    return distribution, job


# --- addresses ----------------------------------------------------------------------------------
def start_check(address: FollowedAddress, *, person: Person | None) -> Job:
    """Begin to fetch an address in the background."""
    return jobs.start(
        FOLLOW,
        arguments={"address": address.pk},
        subject=_subject(address.distribution),
        title=address.url,
        person=person,
    )


def _run_check(context: jobs.JobContext) -> dict[str, Any]:
    address = FollowedAddress.objects.select_related("distribution__dataset", "distribution__current").get(
        pk=context.arguments["address"]
    )
    version = following.check(
        address,
        person=context.job.person,
        now=timezone.now(),
        progress=context.progress,
        cancelled=context.cancelled,
    )
    return {"rows": version.rows, "version": str(version.pk)} if version else {"unchanged": True}


def start_due_checks(now: datetime) -> int:
    """Begin to fetch the addresses that are due; return how many. One that is being fetched is left alone."""
    waiting = set(
        Job.objects.filter(kind=FOLLOW, state__in=(Job.WAITING, Job.RUNNING)).values_list(
            "subject", flat=True
        )
    )
    found = [each for each in following.due(now) if _subject(each.distribution) not in waiting]
    for each in found:
        start_check(each, person=None)
    return len(found)


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
