"""Visits of partners' feeds in the background: when they are due, and when somebody asks."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from tandem.accounts.models import Person
from tandem.exchange.services import partner_feeds, visiting
from tandem.kit import jobs
from tandem.kit.models import Job

VISIT = "exchange.visit"
KEPT = timedelta(days=1)  # visits that nobody asked for and that went well
MOST_ROUNDS = 40  # of fifty pages each


def register_jobs() -> None:
    """Tell the worker what a visit does."""
    jobs.register(VISIT, gettext_lazy("Visit a partner's feed"), _run)


def start_visit(city: str, *, person: Person | None) -> Job:
    """Begin to visit a partner's feed; a visit that waits or runs already is returned.

    Raises:
        NoPartner: The configuration names none of that id.
    """
    address = partner_feeds.address_of(city)
    going_on = job_of(city)
    if going_on is not None:
        return going_on
    return jobs.start(VISIT, arguments={"city": city}, subject=_subject(city), title=address, person=person)


def job_of(city: str) -> Job | None:
    """Return the visit of a city that waits or runs; None where there is none."""
    return Job.objects.filter(
        kind=VISIT, subject=_subject(city), state__in=[Job.WAITING, Job.RUNNING]
    ).first()


def start_due(now: datetime) -> int:
    """Begin the visits that are due; return how many. Old ones that nobody asked for are forgotten."""
    old = Job.objects.filter(kind=VISIT, person=None, state=Job.SUCCEEDED, finished_at__lt=now - KEPT)
    old.delete()
    cities = visiting.due(now)
    for city in cities:
        start_visit(city, person=None)
    return len(cities)


def _run(context: jobs.JobContext) -> dict[str, Any]:
    """Visit until all is known that the feed's head speaks of."""
    city, taken, findings = context.arguments["city"], 0, 0
    for _round in range(MOST_ROUNDS):
        outcome = visiting.visit(city, now=timezone.now())
        taken += outcome.taken
        findings += len(outcome.findings)
        if outcome.complete or not outcome.taken or context.cancelled():
            break
    return {"events": taken, "findings": findings}


def _subject(city: str) -> str:
    return f"feed:{city}"
