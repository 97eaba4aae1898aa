"""From ballots to what the money is spent on, with the reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
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
from tandem.participation.services.voting import mix, proposals, settings_of

JOB = "participation.allocate"


class NotYet(Conflict):
    """The vote is not over, or nobody has voted."""

    code = "participation.allocate-not-yet"


class NothingReckoned(Conflict):
    """Results cannot be published before they are reckoned."""

    code = "participation.nothing-reckoned"

    def __init__(self) -> None:
        super().__init__(say("Reckon the result first, then publish it."))


class IsPublic(Conflict):
    """A result that everybody has seen is not reckoned anew behind their backs."""

    code = "participation.result-is-public"

    def __init__(self) -> None:
        super().__init__(say("This result is public. Take it back first, then reckon it again."))


def rule_of(phase: Phase) -> Rule:
    """Return the rule that was published with a vote.

    The greedy method goes by votes for the money, so there each winner counts the same, whatever it costs.
    """
    chosen = settings_of(phase)
    method = Method(chosen.method)
    utility = Utility.CARDINALITY if method is Method.GREEDY else Utility.COST
    return Rule(
        method=method,
        utility=Utility.POINTS if chosen.vote_type == VoteType.CUMULATIVE else utility,
        add_one=chosen.add_one,
        completion=chosen.completion,
    )


def election_of(phase: Phase) -> Election:
    """Return a vote as an election: its proposals, its ballots with equal ones put together, its money.

    What was withdrawn or hidden since the vote began cannot win; the ballots that name it count with the rest of
    what they say. Ids are numbers of one length, so that the last tie-break goes by number.
    """
    chosen, kind, possible = (
        settings_of(phase),
        VoteType(settings_of(phase).vote_type),
        proposals(phase.process),
    )
    width = len(str(max((each.number for each in possible), default=0)))
    ids = {str(each.number): f"{each.number:0{width}}" for each in possible}
    rows = CastBallot.objects.filter(phase=phase).values_list("choices", "points")
    return Election(
        budget_cents=chosen.budget_cents,
        proposals=tuple(
            Proposal(ids[str(each.number)], int(each.cost_cents or 0), each.title) for each in possible
        ),
        ballots=merged((_ballot(*row, ids) for row in rows.iterator()), kind),
        vote_type=kind,
    )


def _ballot(choices: Sequence[str], points: Sequence[int], ids: Mapping[str, str]) -> Ballot:
    kept = [place for place, each in enumerate(choices) if each in ids]
    return Ballot(
        tuple(ids[choices[place]] for place in kept), tuple(points[place] for place in kept if points)
    )


@transaction.atomic
def reckon(phase: Phase, *, now: datetime) -> Allocation:
    """Reckon what the money is spent on and keep it with its reasons and the whole election.

    Raises:
        NotYet: The vote is still open, or there is no ballot.
        IsPublic: The result is public already.
    """
    if phase.state(now) is not PhaseState.CLOSED:
        raise NotYet(say("The vote is still open. The result can be reckoned once it has closed."))
    if phase.results_published_at is not None:
        raise IsPublic
    mix(phase)
    election, rule = election_of(phase), rule_of(phase)
    if not election.ballots:
        raise NotYet(say("Nobody has voted, so there is nothing to reckon."))
    allocation = allocate(election, rule)
    file = pabulib.file_of(election, about=_about(phase, rule), winners=allocation.winners)
    kept, _is_new = Allocation.objects.update_or_create(
        phase=phase,
        defaults={
            "rule": {**asdict(rule), "ties": list(rule.ties)},
            "winners": list(allocation.winners),
            "explanation": explain(election, allocation).as_dict(),
            "election": pabulib.write(file).decode(),
            "computed_at": now,
        },
    )
    return kept


def _about(phase: Phase, rule: Rule) -> dict[str, str]:
    city, chosen = installation.city(), settings_of(phase)
    by_points = chosen.vote_type == VoteType.CUMULATIVE
    limits = {"max_sum_points": str(chosen.points)} if by_points else {}
    if chosen.vote_type == VoteType.APPROVAL and chosen.most_choices:
        limits["max_length"] = str(chosen.most_choices)
    return limits | {
        "description": pick(phase.process.titles, "en"),
        "country": city.country,
        "unit": city.name("en"),
        "instance": str(phase.opens_at.year),
        "date_begin": phase.opens_at.date().isoformat(),
        "date_end": phase.closes_at.date().isoformat() if phase.closes_at else "",
        "currency": "EUR",
        "rule": _RULES[rule.method]
        + ("/add1" if rule.method is Method.EQUAL_SHARES and rule.add_one else ""),
    }


_RULES = {Method.EQUAL_SHARES: "equalshares", Method.GREEDY: "greedy-per-cost", Method.MOST_VOTES: "greedy"}


@transaction.atomic
def start(phase: Phase, *, person: Person, now: datetime) -> Job:
    """Have the result reckoned in the background.

    Raises:
        NotYet: The vote is still open.
        IsPublic: The result is public already.
    """
    if phase.state(now) is not PhaseState.CLOSED:
        raise NotYet(say("The vote is still open. The result can be reckoned once it has closed."))
    if phase.results_published_at is not None:
        raise IsPublic
    audit.record(person, "participation.budget.reckon", phase.process.iri)
    title = pick(phase.process.titles, installation.city().languages[0])
    return jobs.start(
        JOB, arguments={"phase": str(phase.pk)}, subject=phase.process.iri, title=title, person=person
    )


def _run(context: jobs.JobContext) -> dict[str, Any]:
    phase = Phase.objects.select_related("process").get(pk=context.arguments["phase"])
    context.progress(0.1, say("The ballots are being counted …"))
    kept = reckon(phase, now=timezone.now())
    return {"winners": len(kept.winners)}


def register_jobs() -> None:
    """Say what the jobs of this module do."""
    jobs.register(JOB, _("Reckoning the result of a budget vote"), _run)


@transaction.atomic
def publish(phase: Phase, *, person: Person | None, now: datetime) -> None:
    """Let everybody see the result.

    Raises:
        NothingReckoned: There is none yet.
    """
    if not Allocation.objects.filter(phase=phase).exists():
        raise NothingReckoned
    phase.results_published_at = now
    phase.save(update_fields=["results_published_at"])
    audit.record(person, "participation.budget.publish", phase.process.iri)


@transaction.atomic
def take_back(phase: Phase, *, person: Person) -> None:
    """Take a published result back, to correct it: ballots from paper can be added, and it is reckoned again."""
    phase.results_published_at = None
    phase.save(update_fields=["results_published_at"])
    audit.record(person, "participation.budget.take-back", phase.process.iri)
