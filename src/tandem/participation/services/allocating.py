"""From ballots to what the money is spent on, with the reasons."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.text import pick, say
from tandem.kit import installation, jobs
from tandem.kit.models import Job
from tandem.participation.adapters import pabulib
from tandem.participation.domain.budget.allocation import allocate
from tandem.participation.domain.budget.election import Ballot, Election, Proposal, VoteType, merged
from tandem.participation.domain.budget.explanation import explain
from tandem.participation.domain.budget.rule import Method, Rule, Utility
from tandem.participation.domain.phase import PhaseState
from tandem.participation.models import Allocation, CastBallot, Phase
from tandem.participation.services.voting import proposals, settings_of

JOB = "participation.allocate"


class NotYet(Conflict):
    """The vote is not over, or nobody has voted."""

    code = "participation.allocate-not-yet"


class NothingReckoned(Conflict):
    """Results cannot be published before they are reckoned."""

    code = "participation.nothing-reckoned"

    def __init__(self) -> None:
        super().__init__(say("Reckon the result first, then publish it."))


def rule_of(phase: Phase) -> Rule:
    """Return the rule that was published with a vote."""
    chosen = settings_of(phase)
    by_points = chosen.vote_type == VoteType.CUMULATIVE
    return Rule(
        method=Method(chosen.method),
        utility=Utility.POINTS if by_points else Utility.COST,
        add_one=chosen.add_one,
        completion=chosen.completion,
    )


def election_of(phase: Phase) -> Election:
    """Return a vote as an election: its proposals, its ballots with equal ones put together, its money."""
    chosen, kind = settings_of(phase), VoteType(settings_of(phase).vote_type)
    rows = CastBallot.objects.filter(phase=phase).values_list("choices", "points")
    ballots = (Ballot(tuple(choices), tuple(points)) for choices, points in rows.iterator())
    return Election(
        budget_cents=chosen.budget_cents,
        proposals=tuple(
            Proposal(str(each.number), int(each.cost_cents or 0), each.title)
            for each in proposals(phase.process)
        ),
        ballots=merged(ballots, kind),
        vote_type=kind,
    )


@transaction.atomic
def reckon(phase: Phase, *, now: datetime) -> Allocation:
    """Allocate the budget by the published rule, explain it, and keep both with the election.

    Raises:
        NotYet: The vote is still open, or there is no ballot.
    """
    if phase.state(now) is not PhaseState.CLOSED:
        raise NotYet(say("The vote is still open. The result can be reckoned once it has closed."))
    election, rule = election_of(phase), rule_of(phase)
    if not election.ballots:
        raise NotYet(say("Nobody has voted, so there is nothing to reckon."))
    allocation = allocate(election, rule)
    kept, _is_new = Allocation.objects.update_or_create(
        phase=phase,
        defaults={
            "rule": {**asdict(rule), "ties": list(rule.ties)},
            "winners": list(allocation.winners),
            "explanation": explain(election, allocation).as_dict(),
            "election": pabulib.write(
                pabulib.file_of(election, about=_about(phase), winners=allocation.winners)
            ).decode(),
            "computed_at": now,
        },
    )
    return kept


def _about(phase: Phase) -> dict[str, str]:
    city = installation.city()
    return {
        "description": pick(phase.process.titles, "en"),
        "country": city.country,
        "unit": city.name("en"),
        "instance": str(phase.opens_at.year),
        "date_begin": phase.opens_at.date().isoformat(),
        "date_end": phase.closes_at.date().isoformat() if phase.closes_at else "",
        "currency": "EUR",
    }


@transaction.atomic
def start(phase: Phase, *, person: Person) -> Job:
    """Have the result reckoned in the background."""
    audit.record(person, "participation.budget.reckon", phase.process.iri)
    title = pick(phase.process.titles, installation.city().languages[0])
    return jobs.start(
        JOB, arguments={"phase": str(phase.pk)}, subject=phase.process.iri, title=title, person=person
    )


def _run(context: jobs.JobContext) -> dict[str, Any]:
    phase = Phase.objects.select_related("process").get(pk=context.arguments["phase"])
    context.progress(0.1, say("The ballots are being counted …"))
    kept = reckon(phase, now=context.job.started_at or context.job.created_at)
    return {"winners": len(kept.winners)}


def register_jobs() -> None:
    """Say what the jobs of this module do."""
    jobs.register(JOB, _("Reckoning the result of a budget vote"), _run)


@transaction.atomic
def publish(phase: Phase, *, person: Person, now: datetime) -> None:
    """Let everybody see the result.

    Raises:
        NothingReckoned: There is none yet.
    """
    if not Allocation.objects.filter(phase=phase).exists():
        raise NothingReckoned
    phase.results_published_at = now
    phase.save(update_fields=["results_published_at"])
    audit.record(person, "participation.budget.publish", phase.process.iri)
