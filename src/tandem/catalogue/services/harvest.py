"""Take in partners' catalogues: fetch, read, compare, take over record by record."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urljoin
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.adapters.dcat_read import read_catalogue
from tandem.catalogue.domain.description import (
    DatasetDescription,
    SeriesDescription,
    ServiceDescription,
    to_json,
)
from tandem.catalogue.domain.harvest import Change, HarvestPlan, plan_harvest
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution, HarvestRun, HarvestSource
from tandem.catalogue.services import datasets, indexing, records
from tandem.core.errors import InvalidInput, NotFound, TandemError
from tandem.core.findings import Finding, Severity
from tandem.core.text import pick, say
from tandem.kit import installation, search
from tandem.kit.fetch import Fetcher, host_and_port

log = logging.getLogger(__name__)
ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, */*;q=0.1"
BATCH = 200
MOST_PAGES = 2_000
MOST_FINDINGS_KEPT = 1_000
Progress = Callable[[float, str], None]


class SourceNotFound(NotFound):
    """There is no harvest source of that name."""

    code = "catalogue.source-not-found"

    def __init__(self, key: str) -> None:
        known = ", ".join(HarvestSource.objects.values_list("key", flat=True)) or "none"
        super().__init__(say("There is no harvest source {key}. Known: {known}.", key=repr(key), known=known))


class EndlessPaging(InvalidInput):
    """The catalogue's pages lead in a circle, or there are too many."""

    code = "catalogue.endless-paging"

    def __init__(self, url: str) -> None:
        super().__init__(
            say("The pages of the catalogue lead back to {url}; what was read until there was kept.", url=url)
        )


@dataclass(frozen=True, slots=True)
class Read:
    """Everything that a source says."""

    datasets: list[DatasetDescription]
    findings: list[Finding]
    pages: int
    complete: bool
    doubtful: frozenset[str]
    services: Sequence[ServiceDescription] = ()
    series: Sequence[SeriesDescription] = ()


def ensure_sources() -> None:
    """Make a source of each partner city that the configuration names; follow changed addresses."""
    for partner in installation.config().partners:
        HarvestSource.objects.update_or_create(
            key=partner.id,
            defaults={
                "titles": dict(partner.names),
                "url": partner.catalogue_url,
                "homepage": partner.url,
                "city": partner.id,
            },
        )


def source(key: str) -> HarvestSource:
    """Return the source of that key.

    Raises:
        SourceNotFound: There is none.
    """
    ensure_sources()
    found = HarvestSource.objects.filter(key=key).first()
    if found is None:
        raise SourceNotFound(key)
    return found


def run_harvest(
    from_source: HarvestSource,
    *,
    person: Person | None,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda _share, _message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> HarvestRun:
    """Harvest a source. A page that cannot be fetched ends the reading; what was taken over before stays.

    Returns:
        The run, with its counts and findings; its state is ``succeeded``, ``failed`` or ``cancelled``.
    """
    run = HarvestRun.objects.create(source=from_source, started_at=now, dry_run=dry_run)
    try:
        read = _read(from_source, progress, cancelled)
        stored = dict(from_source.datasets.values_list("iri", "content_hash"))
        ours = f"{installation.config().server.url}/id/"
        plan = plan_harvest(
            read.datasets, stored=stored, ours=ours, complete=read.complete and not cancelled()
        )
        if not dry_run:
            _carry_out(from_source, plan, now, progress, cancelled)
            whole = read.complete and not cancelled()
            records.take_over(from_source, read.services, read.series, now=now, complete=whole)
        _finish(run, "cancelled" if cancelled() else "succeeded", read, plan)
    except TandemError as error:
        run.state, run.message, run.finished_at = "failed", str(error), timezone.now()
        run.findings = [Finding(Severity.ERROR, error.code, from_source.url, error.sentence).as_dict()]
        run.save()
    audit.record(person, "catalogue.harvest.run", from_source.url, {"state": run.state, "run": run.pk})
    log.info("catalogue.harvest.run", extra={"source": from_source.key, "state": run.state})
    return run


def _finish(run: HarvestRun, state: str, read: Read, plan: HarvestPlan) -> None:
    run.state, run.finished_at, run.pages = state, timezone.now(), read.pages
    run.created, run.updated = len(plan.create), len(plan.update)
    run.unchanged, run.removed = len(plan.unchanged), len(plan.gone)
    run.findings = [each.as_dict() for each in (*read.findings, *plan.findings)][:MOST_FINDINGS_KEPT]
    if not read.complete:
        run.state = "failed" if not read.datasets else state
        run.message = read.findings[-1].message if read.findings else ""
    run.save()


# --- read ---------------------------------------------------------------------------------------
def _fetcher() -> Fetcher:
    config = installation.config()
    local = (host_and_port(partner.catalogue_url) for partner in config.partners if partner.may_be_local)
    return Fetcher(
        allowed=frozenset(local),
        max_bytes=config.catalogue.harvest_mb * 1_000_000,
        seconds=config.catalogue.harvest_minutes * 60,
    )


def _read(from_source: HarvestSource, progress: Progress, cancelled: Callable[[], bool]) -> Read:
    fetcher, url = _fetcher(), from_source.url
    seen: set[str] = set()
    doubtful: set[str] = set()
    found: list[DatasetDescription] = []
    findings: list[Finding] = []
    services: list[ServiceDescription] = []
    series: list[SeriesDescription] = []
    while url and not cancelled():
        progress(min(0.5, 0.05 * len(seen)), f"Page {len(seen) + 1}, {len(found)} datasets")
        try:
            if url in seen or len(seen) >= MOST_PAGES:
                raise EndlessPaging(url)
            seen.add(url)
            answer = fetcher.fetch(url, accept=ACCEPT)
            page = read_catalogue(answer.content, media_type=answer.media_type, base_iri=answer.url)
        except TandemError as error:
            if not found:
                raise
            findings.append(Finding(Severity.ERROR, error.code, url, error.sentence))
            unread = frozenset(doubtful)
            return Read(found, findings, len(seen), False, unread, services, series)
        found.extend(page.datasets)
        findings.extend(page.findings)
        services.extend(page.services)
        series.extend(page.series)
        doubtful.update(page.doubtful)
        url = urljoin(answer.url, page.next_page) if page.next_page else ""
    broken = any(each.code == "catalogue.rdf.syntax" for each in findings)
    return Read(found, findings, len(seen), not broken, frozenset(doubtful), services, series)


# --- take over ----------------------------------------------------------------------------------
def _carry_out(
    from_source: HarvestSource,
    plan: HarvestPlan,
    now: datetime,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> None:
    total = max(1, len(plan.create) + len(plan.update))
    done = 0
    for changes, take in ((plan.create, _create), (plan.update, _update)):
        for batch in _batches(changes):
            if cancelled():
                return
            take(from_source, batch, now)
            done += len(batch)
            progress(
                0.5 + 0.5 * done / total, say("{done} of {total} datasets taken over", done=done, total=total)
            )
    if plan.gone:
        _remove(from_source, plan.gone)


def _batches(changes: Sequence[Change]) -> Iterator[list[Change]]:
    waiting = iter(changes)
    while batch := list(islice(waiting, BATCH)):
        yield batch


@transaction.atomic
def _create(from_source: HarvestSource, batch: Iterable[Change], now: datetime) -> None:
    rows, parts = [], []
    slugs: set[str] = set()
    for change in batch:
        row = _row(from_source, change, now, slugs)
        rows.append(row)
        parts.extend(_parts(row, change.description))
    Dataset.objects.bulk_create(rows)
    Distribution.objects.bulk_create(parts)
    _index(from_source, [row.pk for row in rows])


def _row(from_source: HarvestSource, change: Change, now: datetime, slugs: set[str]) -> Dataset:
    title = _title(change.description)
    named = title if title.lower().startswith(from_source.key) else f"{from_source.key} {title}"
    slug = datasets.free_slug(named[:90])
    number = 1
    while slug in slugs:
        number += 1
        slug = f"{slug.rstrip('0123456789').rstrip('-')}-{number}"
        slug = slug if not Dataset.objects.filter(slug=slug).exists() else f"{slug}-{number}"
    slugs.add(slug)
    return Dataset(
        iri=change.description.iri,
        slug=slug,
        status=Status.PUBLISHED,
        description=_own(change.description),
        sort_title=title[:200].lower(),
        source=from_source,
        content_hash=change.content_hash,
        changed_at=now,
        published_at=now,
    )


def _title(description: DatasetDescription) -> str:
    return pick(dict(description.titles), installation.city().languages[0])


def _own(description: DatasetDescription) -> dict[str, object]:
    values: dict[str, object] = to_json(replace(description, distributions=()))
    return values


def _parts(row: Dataset, description: DatasetDescription) -> list[Distribution]:
    return [
        Distribution(dataset=row, position=position, description=to_json(part))
        for position, part in enumerate(description.distributions)
    ]


@transaction.atomic
def _update(from_source: HarvestSource, batch: Sequence[Change], now: datetime) -> None:
    rows = {row.iri: row for row in from_source.datasets.filter(iri__in=[c.description.iri for c in batch])}
    parts = []
    for change in batch:
        row = rows[change.description.iri]
        row.description, row.content_hash, row.changed_at = _own(change.description), change.content_hash, now
        row.sort_title = _title(change.description)[:200].lower()
        parts.extend(_parts(row, change.description))
    Dataset.objects.bulk_update(rows.values(), ["description", "content_hash", "changed_at", "sort_title"])
    Distribution.objects.filter(dataset__in=rows.values()).delete()
    Distribution.objects.bulk_create(parts)
    _index(from_source, [row.pk for row in rows.values()])


def _index(from_source: HarvestSource, keys: list[UUID]) -> None:
    rows = datasets.with_parts(from_source.datasets.filter(pk__in=keys))
    search.put([indexing.search_document(row) for row in rows])


@transaction.atomic
def _remove(from_source: HarvestSource, iris: Sequence[str]) -> None:
    for start in range(0, len(iris), 500):
        some = iris[start : start + 500]
        from_source.datasets.filter(iri__in=some).delete()
        indexing.forget(some)


def due_sources(now: datetime) -> list[HarvestSource]:
    """Return the sources whose last harvest is longer ago than the configuration allows."""
    hours = installation.config().catalogue.harvest_hours
    if not hours:
        return []
    ensure_sources()
    since = now - timedelta(hours=hours)
    recent = HarvestRun.objects.filter(started_at__gte=since, dry_run=False).values("source")
    return list(HarvestSource.objects.filter(active=True).exclude(pk__in=recent))
