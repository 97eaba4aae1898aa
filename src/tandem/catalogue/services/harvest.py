"""Take in a source: read, compare, take over, batch by batch; what went wrong is told, not raised."""

import gc
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.domain.description import to_json
from tandem.catalogue.domain.harvest import Comparison, Found, HarvestPlan
from tandem.catalogue.models import HarvestFinding, HarvestRun, HarvestSource
from tandem.catalogue.services import harvest_sources, harvest_writing, records
from tandem.catalogue.services.harvest_reading import Portion, Reader, Record, open_source
from tandem.catalogue.services.harvest_sources import SourceNotFound, ensure_sources, source
from tandem.catalogue.services.harvest_writing import Writer
from tandem.core.errors import Conflict, TandemError
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.kit import installation

__all__ = ["AlreadyRunning", "SourceNotFound", "ensure_sources", "run_harvest", "source"]

log = logging.getLogger(__name__)
BATCH = 200
MOST_FINDINGS_KEPT = 20_000
MOST_VANISHING_TOLD = 1_000
SAMPLES = 10
RUNS_WITH_FINDINGS = 20
SILENT = timedelta(seconds=60)
Progress = Callable[[float, str], None]


class AlreadyRunning(Conflict):
    """The source is being harvested already."""

    code = "catalogue.harvest-running"

    def __init__(self, key: str) -> None:
        super().__init__(say("{key} is being harvested right now. Wait until that is done.", key=repr(key)))


def run_harvest(
    from_source: HarvestSource,
    *,
    person: Person | None,
    now: datetime,
    dry_run: bool = False,
    everything: bool = False,
    accept_removals: bool = False,
    job: UUID | None = None,
    progress: Progress = lambda _share, _message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> HarvestRun:
    """Harvest a source. What was taken over before stays where something cannot be read.

    Args:
        dry_run: Say what would be done, and change nothing.
        everything: Read also what is known to be unchanged.
        accept_removals: Remove what has vanished, however much it is.
        job: The job that does it, so that it can be followed and begun again.

    Returns:
        The run, with its counts; its state is ``succeeded``, ``incomplete`` (a page could
        not be read, what came before it was taken over), ``unconfirmed`` (much has vanished, and waits for
        a person's word), ``failed`` or ``cancelled``.

    Raises:
        AlreadyRunning: The source is being harvested by somebody else.
    """
    run = _begin(from_source, now, dry_run=dry_run, job=job)
    work = _Work(run, now, accept_removals=accept_removals, progress=progress, cancelled=cancelled)
    try:
        with (
            _rare_collections(),
            open_source(from_source, everything=everything or dry_run, now=now) as reader,
        ):
            work.take_in(reader)
    except TandemError as error:
        work.findings.add(Finding(Severity.ERROR, error.code, from_source.url, error.sentence))
        work.end("failed", error.sentence)
    except BaseException as error:
        work.end(
            "failed", say("Something went wrong that nobody foresaw ({kind}).", kind=type(error).__name__)
        )
        raise
    audit.record(person, "catalogue.harvest.run", from_source.url, {"state": run.state, "run": run.pk})
    log.info("catalogue.harvest.run", extra={"source": from_source.key, "state": run.state})
    return run


def _begin(from_source: HarvestSource, now: datetime, *, dry_run: bool, job: UUID | None) -> HarvestRun:
    silent = HarvestRun.objects.filter(source=from_source, state="running")
    for each in silent:
        if (job and each.job == job) or (each.heartbeat_at or each.started_at) < timezone.now() - SILENT:
            message = say("It was interrupted. What it had taken over stays; the next harvest goes on.")
            each.state, each.message, each.said = "failed", str(message), message.as_json()
            each.finished_at = each.heartbeat_at or now
            each.save()
    try:
        with transaction.atomic():
            return HarvestRun.objects.create(
                source=from_source, started_at=now, heartbeat_at=timezone.now(), dry_run=dry_run, job=job
            )
    except IntegrityError as error:
        raise AlreadyRunning(from_source.key) from error


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let Python look for circles of unused objects less often: a quarter of a harvest's time went into that."""
    former = gc.get_threshold()
    gc.set_threshold(50_000, 5, 5)
    try:
        yield
    finally:
        gc.set_threshold(*former)


class _Findings:
    """Keeps what was noticed in the database; counts what is too much to keep."""

    def __init__(self, run: HarvestRun) -> None:
        self._run, self._waiting, self._kept = run, list[Finding](), 0
        self.counts: Counter[str] = Counter()
        self.last: Finding | None = None

    def add(self, *found: Finding) -> None:
        """Take note."""
        self.counts.update(each.code for each in found)
        self.last = found[-1] if found else self.last
        self._waiting.extend(found)
        if len(self._waiting) >= BATCH:
            self.write()

    def write(self) -> None:
        """Write down what waits."""
        some = self._waiting[: MOST_FINDINGS_KEPT - self._kept]
        self._waiting, self._kept = [], self._kept + len(some)
        HarvestFinding.objects.bulk_create(
            HarvestFinding(
                run=self._run,
                severity=each.severity.value,
                code=each.code,
                path=each.path[:2_000],
                values=each.as_dict(),
            )
            for each in some
        )


class _Work:
    """One harvest on its way."""

    def __init__(
        self,
        run: HarvestRun,
        now: datetime,
        *,
        accept_removals: bool,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self.run, self.source, self.findings = run, run.source, _Findings(run)
        self._accept, self._progress, self._cancelled = accept_removals, progress, cancelled
        self._writer = Writer(self.source, now)
        self._now, self._stopped, self._met = now, False, 0
        self._total: int | None = None
        self._compare = Comparison(
            stored=dict(self.source.datasets.values_list("iri", "content_hash")),
            ours=f"{installation.config().server.url}/id/",
            rules=harvest_sources.rules_of(self.source),
        )
        self._urls: list[str] = []

    def take_in(self, reader: Reader) -> None:
        """Take over what a source says, and remove what it no longer says."""
        for portion in reader.portions():
            self.run.pages += 1
            self._total = portion.total if portion.total is not None else self._total
            self._portion(portion)
            if self._stopped or self._cancelled():
                self._stopped = True
                break
        self.findings.add(*reader.findings)
        if self._stopped:
            self.end("cancelled", say("It was stopped. What had been taken over stays."))
            return
        if not reader.complete and not self._met and self.findings.last and not self.run.pages_unchanged:
            self.end("failed", self.findings.last.message)
            return
        self._conclude(reader)

    # --- portions -------------------------------------------------------------------------------
    def _portion(self, portion: Portion) -> None:
        self.findings.add(*portion.findings)
        if portion.page:
            self._urls.append(portion.page.url)
        if portion.unchanged and portion.page:
            iris = self._writer.pass_over(portion.page)
            self._compare.pass_over(iris)
            self._met += len(iris)
            self.run.pages_unchanged += 1
            self.run.unchanged += len(iris)
            self._tell()
            return
        writes = portion.page and not self.run.dry_run
        row = self._writer.begin_page(portion.page) if portion.page and writes else None
        self._compare.begin_page()
        whole = True
        for batch in _batches(portion.records):
            whole = self._batch(batch, row) and whole
            if self._cancelled():
                self._stopped = True
                return
        if row and portion.page:
            self._writer.end_page(row, portion.page, clean=self._compare.clean and whole)

    def _batch(self, batch: list[Record], row: Any) -> bool:
        """Take a batch over; return whether all of it could be read."""
        found = [
            Found(each.read.description, each.read.doubtful, each.name, each.url)
            for each in batch
            if each.read.description is not None
        ]
        for each in batch:
            self.findings.add(*each.read.findings)
        others = harvest_writing.elsewhere(self.source, [each.description.iri for each in found])
        lost = [each.read.iri for each in batch if each.read.description is None]
        plan = self._compare.plan(found, elsewhere=others)
        plan.kept.extend(self._compare.keep(lost))
        self.findings.add(*plan.findings)
        self._met += len(batch)
        self._count(plan)
        if self.run.dry_run:
            self._sample(plan)
        else:
            self._writer.take(plan, row)
        self._tell()
        return len(found) == len(batch)

    def _count(self, plan: HarvestPlan) -> None:
        self.run.created += len(plan.create)
        self.run.updated += len(plan.update)
        self.run.unchanged += len(plan.unchanged) + len(plan.kept)
        self.run.left_out += len(plan.left_out)

    def _sample(self, plan: HarvestPlan) -> None:
        for change in (*plan.create, *plan.update, *plan.unchanged):
            if len(self.run.samples) >= SAMPLES:
                return
            described = change.found.description
            sample = {"iri": change.iri, "titles": to_json(dict(described.titles)), "url": change.found.url}
            self.run.samples.append({**sample, "files": len(described.distributions)})

    def _tell(self) -> None:
        expected = max(self._total or 0, self._compare.stored_count, self._met + BATCH)
        self._progress(
            min(0.95, self._met / expected),
            say("{done} datasets, page {page}", done=self._met, page=self.run.pages),
        )
        if timezone.now() - (self.run.heartbeat_at or self._now) > timedelta(seconds=2):
            self.run.heartbeat_at = timezone.now()
            counted = [
                "heartbeat_at",
                "pages",
                "pages_unchanged",
                "created",
                "updated",
                "unchanged",
                "left_out",
            ]
            self.run.save(update_fields=counted)

    # --- the end --------------------------------------------------------------------------------
    def _conclude(self, reader: Reader) -> None:
        if reader.incremental and reader.complete:
            self._compare.pass_over(self._writer.still_there(reader.still_there()))
        gone = self._compare.gone(complete=self._is_complete(reader))
        too_many = None if self._accept else self._compare.too_many(gone)
        if too_many:
            self.findings.add(too_many, *(_would_vanish(iri) for iri in gone[:MOST_VANISHING_TOLD]))
            self.run.withheld = len(gone)
        else:
            self.run.removed = len(gone)
            if gone and not self.run.dry_run:
                self._writer.remove(gone)
        if not self.run.dry_run:
            whole = reader.complete and not self.run.pages_unchanged and not reader.incremental
            records.take_over(self.source, reader.services, reader.series, now=self._now, complete=whole)
        if reader.complete and not self.run.dry_run:
            self._remember(reader)
        if too_many:
            self.end("unconfirmed", too_many.message)
        elif reader.findings:
            self.end("incomplete", reader.findings[-1].message)
        else:
            self.end("succeeded", "")

    def _is_complete(self, reader: Reader) -> bool:
        """Return whether what was not met is gone: not where anything may have been passed over."""
        if not reader.complete:
            return False
        if self._compare.twice and self.run.pages > 1 and not self._accept:
            message = say(
                "Datasets stood on several pages; others may have been missed. Nothing was taken as gone."
            )
            self.findings.add(
                Finding(Severity.WARNING, "catalogue.harvest.shifted", self.source.url, message)
            )
            return False
        if not reader.incremental and self._total and self._met < self._total and not self._accept:
            message = say(
                "The source says that it has {total} datasets; {met} were found. Nothing was taken as gone.",
                total=self._total,
                met=self._met,
            )
            self.findings.add(Finding(Severity.WARNING, "catalogue.harvest.fewer", self.source.url, message))
            return False
        return True

    def _remember(self, reader: Reader) -> None:
        self._writer.forget_pages(self._urls)
        values: dict[str, Any] = {"cursor": reader.cursor()}
        if not reader.incremental and not self.run.pages_unchanged:
            values |= {"full_read_at": self._now, "fingerprint": harvest_sources.fingerprint(self.source)}
        HarvestSource.objects.filter(pk=self.source.pk).update(**values)

    def end(self, state: str, message: str) -> None:
        """Write down how it ended."""
        self.findings.write()
        run = self.run
        run.state, run.finished_at, run.message = state, timezone.now(), str(message)
        run.said = message.as_json() if isinstance(message, Sentence) else {}
        run.finding_counts = dict(self.findings.counts)
        run.save()
        old = self.source.runs.order_by("-started_at").values_list("pk", flat=True)[RUNS_WITH_FINDINGS:500]
        HarvestFinding.objects.filter(run__in=list(old)).delete()


def _would_vanish(iri: str) -> Finding:
    message = say("It is no longer in the catalogue.")
    return Finding(Severity.WARNING, "catalogue.harvest.would-vanish", iri, message)


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    waiting = iter(records)
    while batch := list(islice(waiting, BATCH)):
        yield batch
