"""Whether the addresses elsewhere that datasets name still answer: asked now and then, and no host ever hard."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.links import host_of, in_turns, next_check
from tandem.catalogue.models import Dataset, Distribution, LinkCheck
from tandem.catalogue.services import datasets, indexing
from tandem.core.errors import TandemError
from tandem.core.text import say
from tandem.kit import installation, jobs
from tandem.kit.fetch import Fetcher, host_and_port

log = logging.getLogger(__name__)
CHECK = "catalogue.links"
PER_RUN, PER_HOST = 300, 30
PAUSE_S = 1.0  # between two requests to one host
BATCH = 500
Ask = Callable[[str], int]


def register_jobs() -> None:
    """Tell the worker how links are checked."""
    jobs.register(CHECK, gettext_lazy("Check links"), _run)


def start_due(now: datetime) -> None:
    """Begin to check the addresses that are due, unless that is going on already."""
    note_addresses(now)
    waiting = jobs.is_going_on(CHECK)
    if not waiting and LinkCheck.objects.filter(next_at__lte=now).exists():
        jobs.start(CHECK, arguments={}, title=str(gettext_lazy("Check links")))


def _run(context: jobs.JobContext) -> dict[str, Any]:
    done, failed = check_due(
        timezone.now(), ask=_fetcher().answers, progress=context.progress, cancelled=context.cancelled
    )
    return {"checked": done, "failed": failed}


def _fetcher() -> Fetcher:
    partners = installation.config().partners
    local = frozenset(host_and_port(each.catalogue_url) for each in partners if each.may_be_local)
    return Fetcher(allowed=local, seconds=20, pause_seconds=10)


@transaction.atomic
def note_addresses(now: datetime) -> int:
    """Take up the addresses of our published datasets that are not known yet, drop those no longer named.

    Returns:
        How many are new.
    """
    named = set(_named())
    known = set(LinkCheck.objects.values_list("url", flat=True))
    new = [LinkCheck(url=url, next_at=now) for url in sorted(named - known)]
    LinkCheck.objects.bulk_create(new, BATCH, ignore_conflicts=True)
    for some in _batches(sorted(known - named)):
        LinkCheck.objects.filter(url__in=some).delete()
    return len(new)


def _named() -> Iterator[str]:
    """Yield the addresses elsewhere that published datasets of ours name; a partner checks its own."""
    ours = f"{installation.config().server.url}/"
    rows = Distribution.objects.filter(dataset__status=Status.PUBLISHED, dataset__source=None)
    for description in rows.values_list("description", flat=True).iterator(2_000):
        for name in ("access_url", "download_url"):
            url = description.get(name, "")
            if url and not url.startswith(ours) and len(url) <= 2_000 and host_of(url):
                yield url


def check_due(
    now: datetime,
    *,
    ask: Ask,
    progress: Callable[[float, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[int, int]:
    """Ask the addresses that are due, host by host in turns, and note what came of it.

    Args:
        ask: Returns an address's status, or raises what went wrong.
        pause: Waits so many seconds; between two requests to one host there is at least one.

    Returns:
        How many were asked, and how many of them did not answer.
    """
    due = LinkCheck.objects.filter(next_at__lte=now).order_by("next_at").values_list("url", flat=True)
    urls = list(in_turns(due[: 10 * PER_RUN], per_host=PER_HOST))[:PER_RUN]
    last: dict[str, float] = {}
    changed, failed = [], 0
    for done, url in enumerate(urls):
        if cancelled and cancelled():
            break
        if progress:
            progress(done / len(urls), say("{done} of {total} addresses asked", done=done, total=len(urls)))
        wait = last.get(host_of(url), 0.0) + PAUSE_S - time.monotonic()
        if wait > 0:
            pause(wait)
        problem = _problem(url, ask)
        last[host_of(url)] = time.monotonic()
        failed += bool(problem)
        if _note(url, problem, now):
            changed.append(url)
    _assess_again(changed)
    log.info("catalogue.links.check", extra={"asked": len(urls), "failed": failed})
    return len(urls), failed


def _problem(url: str, ask: Ask) -> str:
    try:
        ask(url)
    except TandemError as error:
        return str(error)
    return ""


def _note(url: str, problem: str, now: datetime) -> bool:
    """Write down what came of asking an address; return whether that differs from the last time."""
    row = LinkCheck.objects.filter(url=url).first()
    if row is None:
        return False
    former, row.answers, row.problem = row.answers, not problem, problem[:300]
    row.failures = row.failures + 1 if problem else 0
    row.checked_at, row.next_at = now, next_check(failures=row.failures, now=now)
    row.save()
    return former != row.answers


def _assess_again(urls: list[str]) -> None:
    """Reckon the points of the datasets anew that name these addresses."""
    wanted = set(urls)
    rows = Distribution.objects.filter(dataset__status=Status.PUBLISHED, dataset__source=None)
    named = rows.values_list("dataset", "description").iterator(2_000) if wanted else ()
    keys = {key for key, said in named if {said.get("access_url"), said.get("download_url")} & wanted}
    for some in _batches(sorted(keys)):
        indexing.index_many(list(datasets.with_parts(Dataset.objects.filter(pk__in=some))))


def _batches(items: list[Any]) -> Iterator[list[Any]]:
    waiting = iter(items)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def broken_of(dataset: Dataset) -> dict[str, str]:
    """Return the addresses of a dataset that did not answer when they were last asked, with what was wrong."""
    urls = {
        url
        for each in dataset.distributions.all()
        for url in (each.description.get("access_url"), each.description.get("download_url"))
        if url
    }
    return dict(LinkCheck.objects.filter(url__in=urls, answers=False).values_list("url", "problem"))
