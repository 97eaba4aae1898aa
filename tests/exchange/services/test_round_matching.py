"""Matching as a job: all of a result is stored or nothing, the same again from the same inputs, stopped when asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tandem.core.errors import TandemError
from tandem.exchange.models import ResultCity, ResultPair, RoundResult
from tandem.exchange.services import round_cities, round_matching
from tandem.kit import jobs
from tandem.kit.models import Job
from tests.exchange.matching_making import BY, a_round, made_up, matched, proposed

pytestmark = pytest.mark.django_db


class Context(jobs.JobContext):
    """A job's context in which something happens as soon as it says a certain thing."""

    def __init__(self, job: Job, at: str, act: Callable[[], object]) -> None:
        super().__init__(job)
        self.at, self.act = at, act

    def progress(self, share: float, message: str) -> None:
        """Let happen what is to happen."""
        if self.at in message:
            self.act()


def stored() -> list[int]:
    return [model.objects.count() for model in (RoundResult, ResultPair, ResultCity)]


def begun(row: Any) -> Job:
    return jobs.start(
        round_matching.JOB, arguments={"round": str(row.pk), "kind": "match", "pinned": []}, enqueue=False
    )


def crash() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("at", ["compared", "chosen", "written", "stored"])
def test_a_job_that_is_interrupted_leaves_nothing(at: str):
    row = a_round()
    with pytest.raises(KeyboardInterrupt):
        round_matching.run(Context(begun(row), at, crash))
    assert stored() == [0, 0, 0]
    assert matched(row).number == 1


@pytest.mark.parametrize("model", [ResultPair, ResultCity])
@pytest.mark.django_db(transaction=True)
def test_a_job_that_dies_while_it_stores_leaves_nothing(model: Any):
    row = a_round()
    context = Context(begun(row), "nothing", crash)

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(f'INSERT INTO "{model._meta.db_table}"'):
            raise KeyboardInterrupt
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse), pytest.raises(KeyboardInterrupt):
        round_matching.run(context)
    assert stored() == [0, 0, 0]


def test_a_job_whose_worker_died_is_begun_again_and_gives_one_result():
    row = a_round()
    job = begun(row)
    Job.objects.filter(pk=job.pk).update(
        state=Job.RUNNING, heartbeat_at=timezone.now() - timedelta(hours=1), attempts=1
    )
    assert jobs.recover(timezone.now()) == 1
    job.refresh_from_db()
    jobs.run_here(job)
    assert stored()[0] == 1


def test_a_job_is_stopped_when_asked_and_leaves_nothing():
    row = a_round()
    job = begun(row)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    jobs.run_here(job)
    job.refresh_from_db()
    assert (job.state, str(job.error_sentence), stored()) == (
        "cancelled",
        "The matching was stopped. Nothing of it was kept.",
        [0, 0, 0],
    )


def test_a_large_round_is_left_to_the_worker_and_not_matched_twice_at_a_time():
    row = a_round(made_up(round_matching.AT_ONCE + 1))
    job = round_matching.start(row, person=None)
    assert (job.state, round_matching.going_on(row)) == (Job.WAITING, job)
    with pytest.raises(round_matching.AlreadyMatching):
        round_matching.start(row, person=None)
    jobs.run_here(job)
    job.refresh_from_db()
    assert (job.state, job.result, round_matching.going_on(row)) == (Job.SUCCEEDED, {"number": 1}, None)


def test_the_same_inputs_give_the_same_result_and_others_another_hash():
    row = a_round(made_up(40, capacity=2))
    first, second = matched(row), matched(row)
    assert (first.digest, first.summary) == (second.digest, second.summary)
    assert [row_of(each) for each in first.pairs.all()] == [row_of(each) for each in second.pairs.all()]
    assert list(first.cities.values_list("city", "partners", "why", "missed")) == list(
        second.cities.values_list("city", "partners", "why", "missed")
    )
    assert round_matching.repeat(first)
    round_cities.set_profile(row, made_up(41)[40], is_new=True, **BY)
    assert matched(row).digest != first.digest


def row_of(pair: ResultPair) -> tuple[Any, ...]:
    return pair.kind, pair.one, pair.other, pair.rank, pair.points, pair.terms


def test_a_result_that_was_changed_is_not_the_one_that_comes_out_again():
    result = matched(a_round())
    result.summary = {**result.summary, "points": result.summary["points"] + 1}
    assert not round_matching.repeat(result)


def test_a_result_that_was_proposed_is_not_thrown_away():
    result = proposed(a_round())
    with pytest.raises(TandemError, match="were proposed to cities"):
        round_matching.discard(result, **BY)
