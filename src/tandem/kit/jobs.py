"""Background jobs: rooms say what a kind of job does, anybody starts one, a worker carries it out.

On Django's Tasks framework; this module adds what a person wants to see: progress, cancelling, what came of it,
and what happens when a worker dies in the middle.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django_tasks import task

from tandem.core.errors import TandemError, Unavailable
from tandem.core.text import Sentence, say
from tandem.kit.models import Job, Periodic, WorkerBeat

log = logging.getLogger(__name__)
SILENT_SECONDS = 60
PROGRESS_SECONDS = 0.3
MOST_ATTEMPTS = 3


class UnknownJob(Unavailable):
    """No room has said what this kind of job does."""

    code = "kit.jobs.unknown-kind"

    def __init__(self, kind: str) -> None:
        super().__init__(
            say("There is no kind of job {kind}. Is the room that does it installed?", kind=repr(kind))
        )


class JobContext:
    """What a running job has: its arguments, and ways to say how far it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.arguments: Mapping[str, Any] = job.arguments
        self._said_at, self._asked_at, self._cancelled = 0.0, 0.0, False

    def progress(self, share: float, message: str) -> None:
        """Say how far the job is (0 to 1) and what it is doing; more than three times a second is left out."""
        now = time.monotonic()
        if now - self._said_at < PROGRESS_SECONDS and share < 1:
            return
        self._said_at = now
        doing = {"doing": message.as_json()} if isinstance(message, Sentence) else {}
        values = {"share": share, "message": message[:300], "result": doing, "heartbeat_at": timezone.now()}
        Job.objects.filter(pk=self.job.pk).update(**values)

    def cancelled(self) -> bool:
        """Return whether somebody asked to stop."""
        now = time.monotonic()
        if not self._cancelled and now - self._asked_at > PROGRESS_SECONDS:
            self._asked_at = now
            self._cancelled = Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists()
        return self._cancelled


Run = Callable[[JobContext], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    Attributes:
        resume: Whether it may begin again after its worker died.
    """

    title: str | Promise
    run: Run
    resume: bool = True


@dataclass(slots=True)
class _Registry:
    kinds: dict[str, Kind] = field(default_factory=dict)
    periodic: dict[str, tuple[timedelta, Callable[[datetime], object]]] = field(default_factory=dict)
    mine: set[Any] = field(default_factory=set)


_registry = _Registry()


def register(kind: str, title: str | Promise, run: Run, *, resume: bool = True) -> None:
    """Say what a kind of job does. Rooms do so once, at start-up."""
    _registry.kinds[kind] = Kind(title, run, resume)


def register_periodic(name: str, every: timedelta, begin: Callable[[datetime], object]) -> None:
    """Have the worker call ``begin(now)`` again and again; with several workers one of them does."""
    _registry.periodic[name] = (every, begin)


def kind_title(kind: str) -> str | Promise:
    """Return what a kind of job is called."""
    known = _registry.kinds.get(kind)
    return known.title if known else kind


def _kind(kind: str) -> Kind:
    if kind not in _registry.kinds:
        raise UnknownJob(kind)
    return _registry.kinds[kind]


# --- begin --------------------------------------------------------------------------------------
def start(
    kind: str,
    *,
    arguments: Mapping[str, Any],
    subject: str = "",
    title: str = "",
    person: Any = None,
    enqueue: bool = True,
) -> Job:
    """Begin a job; a worker takes it up once the caller's transaction is done.

    Args:
        arguments: Plain JSON values.
        subject: What it is about, to find it again.
        enqueue: False leaves it to ``run_here``.

    Raises:
        UnknownJob: No room has registered the kind.
    """
    _kind(kind)
    job = Job.objects.create(
        kind=kind, arguments=dict(arguments), subject=subject, title=title[:200], person=person
    )
    if enqueue:
        transaction.on_commit(lambda: carry_out.enqueue(str(job.pk)))
    return job


def is_going_on(kind: str) -> bool:
    """Return whether a job of this kind waits or runs."""
    return Job.objects.filter(kind=kind, state__in=[Job.WAITING, Job.RUNNING]).exists()


@task()
def carry_out(job_id: str) -> None:
    """Carry a job out in the worker."""
    job = Job.objects.filter(pk=job_id).first()
    if job is not None and job.state == Job.WAITING:
        run_here(job)


def run_here(job: Job) -> None:
    """Carry a job out in this process; what goes wrong is written down with it, not raised."""
    now = timezone.now()
    taken = Job.objects.filter(pk=job.pk, state=Job.WAITING).update(
        state=Job.RUNNING, started_at=now, heartbeat_at=now, attempts=job.attempts + 1
    )
    if not taken:
        return
    job.refresh_from_db()
    _registry.mine.add(job.pk)
    context = JobContext(job)
    outcome: dict[str, Any]
    try:
        result = _kind(job.kind).run(context) or {}
        outcome = {"state": Job.SUCCEEDED, "share": 1.0, "result": result}
    except TandemError as error:
        state = Job.CANCELLED if context.cancelled() else Job.FAILED
        outcome = {"state": state, "error_code": error.code, **_said(error.sentence)}
    except Exception as error:
        log.exception("kit.job.crash", extra={"job": str(job.pk), "kind": job.kind})
        outcome = {
            "state": Job.FAILED,
            "error_code": "error",
            **_said(
                say(
                    "Something went wrong that nobody foresaw ({kind}). It is in the log.",
                    kind=type(error).__name__,
                )
            ),
        }
    _registry.mine.discard(job.pk)
    Job.objects.filter(pk=job.pk).update(**outcome, finished_at=timezone.now())
    log.info("kit.job.end", extra={"job": str(job.pk), "kind": job.kind, "state": outcome["state"]})


def cancel(job: Job) -> None:
    """Ask a job to stop; one that still waits is stopped at once."""
    now = timezone.now()
    Job.objects.filter(pk=job.pk, state=Job.WAITING).update(state=Job.CANCELLED, finished_at=now)
    Job.objects.filter(pk=job.pk, state=Job.RUNNING).update(cancel_requested=True)


# --- when a worker dies -------------------------------------------------------------------------
def recover(now: datetime, *, everything: bool = False) -> int:
    """Take up jobs whose worker has gone silent: again where they may, else as interrupted.

    Args:
        everything: True where no other worker can be at work, so that silence need not be waited for.

    Returns:
        How many jobs there were.
    """
    silent = Job.objects.filter(state=Job.RUNNING)
    if not everything:
        silent = silent.filter(heartbeat_at__lt=now - timedelta(seconds=SILENT_SECONDS))
    count = 0
    for job in silent:
        count += 1
        kind = _registry.kinds.get(job.kind)
        if kind and kind.resume and job.attempts < MOST_ATTEMPTS:
            Job.objects.filter(pk=job.pk, state=Job.RUNNING).update(state=Job.WAITING, message="", share=0)
            carry_out.enqueue(str(job.pk))
        else:
            _interrupt(job, now)
    return count


def _interrupt(job: Job, now: datetime) -> None:
    Job.objects.filter(pk=job.pk, state=Job.RUNNING).update(
        state=Job.INTERRUPTED,
        finished_at=now,
        error_code="kit.jobs.interrupted",
        **_said(
            say(
                "The worker stopped in the middle of this job, and it was not begun again. "
                "What was stored before is unchanged. Start it once more."
            )
        ),
    )


def _said(sentence: str) -> dict[str, Any]:
    result = {"said": sentence.as_json()} if isinstance(sentence, Sentence) else {}
    return {"error_message": str(sentence), "result": result}


def begin_periodic(now: datetime) -> list[str]:
    """Begin what is due; return its names. Safe with several workers."""
    begun = []
    for name, (every, begin) in _registry.periodic.items():
        if _is_due(name, every, now):
            begin(now)
            begun.append(name)
    return begun


@transaction.atomic
def _is_due(name: str, every: timedelta, now: datetime) -> bool:
    Periodic.objects.get_or_create(name=name, defaults={"begun_at": now - every})
    return bool(Periodic.objects.filter(name=name, begun_at__lte=now - every).update(begun_at=now))


def beat(worker: str, now: datetime) -> None:
    """Say that a worker, and each job that this process carries out, is alive."""
    WorkerBeat.objects.update_or_create(name=worker, defaults={"at": now})
    if _registry.mine:
        Job.objects.filter(pk__in=list(_registry.mine), state=Job.RUNNING).update(heartbeat_at=now)


# --- data protection ----------------------------------------------------------------------------
def export(person: Any) -> dict[str, Any]:
    """Return the jobs that a person began."""
    rows = Job.objects.filter(person=person)
    return {"jobs": list(rows.values("kind", "title", "state", "created_at", "finished_at"))}


def forget(person: Any) -> int:
    """Take a person from the jobs that they began; return how many there were."""
    return Job.objects.filter(person=person).update(person=None)
