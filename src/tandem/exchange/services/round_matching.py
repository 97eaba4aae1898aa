"""Match the cities of a round as a job: nothing is stored before all of it is there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Person
from tandem.core.errors import Conflict
from tandem.core.text import Sentence, pick, say
from tandem.exchange.domain.matching.profiles import Key, key
from tandem.exchange.domain.matching.stored import Inputs
from tandem.exchange.models import Round, RoundResult
from tandem.exchange.services import round_changes, round_cities, round_inputs, round_results
from tandem.kit import installation, jobs
from tandem.kit.models import Job

JOB = "exchange.matching"
AT_ONCE = 60
"""Up to so many cities are matched while the person waits: about a tenth of a second."""
_STORING = 0.9


class AlreadyMatching(Conflict):
    """A matching of the round is going on."""

    code = "exchange.matching.going-on"


class WasProposed(Conflict):
    """A result is to be thrown away whose pairs were proposed to cities."""

    code = "exchange.matching.was-proposed"


class Stopped(Conflict):
    """Somebody stopped the matching."""

    code = "exchange.matching.stopped"


def start(row: Round, *, person: Person | None, pinned: Iterable[Key] = ()) -> Job:
    """Match a round: at once where it has few cities, else in the background.

    Args:
        pinned: Pairs that are fixed for this one matching, to see what would come out.

    Returns:
        The job; where it was done at once, ``result`` names the number of the result.

    Raises:
        RoundFinished: The round is finished.
        AlreadyMatching: A matching of it is going on.
    """
    pairs = [list(each) for each in pinned]
    with transaction.atomic():
        locked = round_changes.require_open(row)
        if going_on(row) is not None:
            raise AlreadyMatching(say("This round is being matched. Wait for the result."))
        kind = RoundResult.WHAT_IF if pairs else _kind(locked)
        at_once = locked.cities.count() <= AT_ONCE
        job = jobs.start(
            JOB,
            arguments={"round": str(row.pk), "kind": kind, "pinned": pairs},
            subject=round_changes.iri_of(row),
            title=pick(row.titles, installation.city().languages[0]),
            person=person,
            enqueue=not at_once,
        )
        about = round_cities.names_of(row, pairs[-1]) if pairs else ""
        round_changes.note(row, kind, person=person, now=timezone.now(), about=about)
    if at_once:
        jobs.run_here(job)
        job.refresh_from_db()
    return job


def _kind(row: Round) -> str:
    return RoundResult.REMATCH if row.leaving else RoundResult.MATCH


def going_on(row: Round) -> Job | None:
    """Return the job that matches a round just now."""
    waiting = Job.objects.filter(
        subject=round_changes.iri_of(row), kind=JOB, state__in=(Job.WAITING, Job.RUNNING)
    )
    return waiting.first()


def last_job(row: Round) -> Job | None:
    """Return the job that matched a round last, or does so just now."""
    return Job.objects.filter(subject=round_changes.iri_of(row), kind=JOB).first()


def run(context: jobs.JobContext) -> dict[str, Any]:
    """Match a round as the job's arguments say, and store the result.

    Raises:
        Stopped: Somebody asked to stop.
        InvalidProfiles, NoMatchingInTime: As ``services.matching`` has it.
    """

    def tell(share: float, doing: Sentence) -> None:
        if context.cancelled():
            raise Stopped(say("The matching was stopped. Nothing of it was kept."))
        context.progress(share * _STORING, doing)

    row = Round.objects.get(pk=context.arguments["round"])
    read_at = timezone.now()
    inputs = round_inputs.inputs_of(row, pinned=[key(*each) for each in context.arguments["pinned"]])
    found = round_results.carry_out(inputs, tell=tell)
    tell(1.0, say("The result is being stored …"))
    result = round_results.store(
        row,
        inputs,
        found,
        kind=context.arguments["kind"],
        read_at=read_at,
        now=timezone.now(),
        person=context.job.person,
    )
    return {"number": result.number}


def repeat(result: RoundResult) -> bool:
    """Return whether the stored inputs give the stored result once more."""
    inputs = Inputs.from_json(result.inputs)
    again = round_results.carry_out(inputs, tell=lambda _share, _doing: None)
    return inputs.digest() == result.digest and round_results.summary_of(inputs, again) == result.summary


@transaction.atomic
def discard(result: RoundResult, *, person: Person | None, now: datetime) -> None:
    """Throw away a result that was not proposed to any city.

    Raises:
        RoundFinished: The round is finished.
        WasProposed: It was.
    """
    row = round_changes.require_open(result.round)
    if result.taken_at is not None or result.proposals.exists():
        raise WasProposed(say("The pairs of this result were proposed to cities. It stays."))
    round_changes.note(row, "discard", person=person, now=now, about=str(result.number))
    result.delete()


def register_jobs() -> None:
    """Say what the jobs of this module do."""
    jobs.register(JOB, _("Matching the cities of a round"), run)
