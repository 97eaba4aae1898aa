"""Jobs: what they leave behind when they succeed, fail, are stopped, or lose their worker."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tandem.core.errors import Conflict
from tandem.kit import jobs
from tandem.kit.models.jobs import Job
from tests.accounts.people import somebody

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class OutOfChalk(Conflict):
    """A failure that a room foresaw."""

    code = "test.out-of-chalk"


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    """Register kinds of jobs for one test."""

    def fail(_context: jobs.JobContext) -> None:
        raise OutOfChalk("There is no chalk left. Buy some.")

    def stumble(_context: jobs.JobContext) -> None:
        raise KeyError("secret detail")

    def wait_for_cancel(context: jobs.JobContext) -> None:
        jobs.cancel(context.job)
        if context.cancelled():
            raise OutOfChalk("Stopped. Nothing was changed.")

    before, timetable = dict(jobs._registry.kinds), dict(jobs._registry.periodic)
    jobs.register("test.write", "Writing", lambda context: {"lines": context.job.arguments["lines"]})
    jobs.register("test.fail", "Failing", fail)
    jobs.register("test.stumble", "Stumbling", stumble, resume=False)
    jobs.register("test.stop", "Stopping", wait_for_cancel)
    yield
    jobs._registry.kinds, jobs._registry.periodic = before, timetable


def carried_out(kind: str, **arguments: Any) -> Job:
    """Return a job after it was carried out here."""
    job = jobs.start(kind, arguments=arguments, enqueue=False)
    jobs.run_here(job)
    job.refresh_from_db()
    return job


def running(kind: str, *, heard: datetime, attempts: int = 1) -> Job:
    """Return a job as a worker left it that was heard last at a moment."""
    job = jobs.start(kind, arguments={"lines": 1}, enqueue=False)
    Job.objects.filter(pk=job.pk).update(state=Job.RUNNING, heartbeat_at=heard, attempts=attempts)
    return job


def test_keeps_what_a_job_returned():
    job = carried_out("test.write", lines=3)

    assert (job.state, job.share, job.result, job.attempts) == (Job.SUCCEEDED, 1.0, {"lines": 3}, 1)
    assert job.finished_at is not None


def test_foreseen_failure_keeps_its_sentence_and_an_unforeseen_one_shows_no_detail():
    foreseen, unforeseen = carried_out("test.fail"), carried_out("test.stumble")

    assert (foreseen.state, foreseen.error_code) == (Job.FAILED, "test.out-of-chalk")
    assert foreseen.error_message == "There is no chalk left. Buy some."
    assert unforeseen.state == Job.FAILED
    assert "secret detail" not in unforeseen.error_message


def test_stopped_job_is_cancelled_not_failed():
    assert carried_out("test.stop").state == Job.CANCELLED


def test_waiting_job_that_is_stopped_never_begins():
    job = jobs.start("test.write", arguments={"lines": 1}, enqueue=False)
    jobs.cancel(job)
    jobs.run_here(job)
    job.refresh_from_db()

    assert (job.state, job.attempts) == (Job.CANCELLED, 0)


def test_done_job_is_not_carried_out_again():
    job = carried_out("test.write", lines=1)
    jobs.run_here(job)
    job.refresh_from_db()

    assert job.attempts == 1


@pytest.mark.parametrize(
    ("kind", "silent_minutes", "attempts", "state"),
    [
        ("test.write", 60, 1, Job.WAITING),
        ("test.write", 0, 1, Job.RUNNING),
        ("test.write", 60, 99, Job.INTERRUPTED),
        ("test.stumble", 60, 1, Job.INTERRUPTED),
    ],
    ids=["silent: again", "alive: left alone", "too often: given up", "not to be repeated: given up"],
)
def test_job_of_a_silent_worker(kind: str, silent_minutes: int, attempts: int, state: str):
    job = running(kind, heard=NOW - timedelta(minutes=silent_minutes), attempts=attempts)
    jobs.recover(NOW)
    job.refresh_from_db()

    assert job.state == state
    assert bool(job.error_message) == (state == Job.INTERRUPTED)


def test_unknown_kind_is_refused_before_anything_is_stored():
    with pytest.raises(jobs.UnknownJob):
        jobs.start("test.nobody", arguments={})

    assert not Job.objects.exists()


def test_periodic_work_begins_once_per_interval():
    begun: list[datetime] = []
    jobs._registry.periodic = {"test.tick": (timedelta(minutes=10), begun.append)}
    for minutes in (0, 1, 9, 10, 11, 25):
        jobs.begin_periodic(NOW + timedelta(minutes=minutes))

    assert begun == [NOW + timedelta(minutes=minutes) for minutes in (0, 10, 25)]


def test_job_is_in_a_persons_export_and_forgets_them():
    person = somebody("catalogue:editor")
    job = jobs.start("test.write", arguments={"lines": 1}, title="trees.csv", person=person, enqueue=False)

    assert [each["title"] for each in jobs.export(person)["jobs"]] == ["trees.csv"]
    assert jobs.forget(person) == 1
    job.refresh_from_db()
    assert job.person is None
